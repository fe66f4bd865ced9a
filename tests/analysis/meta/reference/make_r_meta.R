# Answers of R packages meta, metafor and stats to tables from metadat and to
# invented edge cases. Writes r-meta.json next to this file:
#
#   cd tests/analysis/meta/reference && Rscript make_r_meta.R
suppressMessages({library(meta); library(metafor); library(metadat); library(jsonlite)})
options(warn = -1)

set <- function(a, n1, c, n2) list(a = a, n1 = n1, c = c, n2 = n2)
colditz <- dat.colditz1994
yusuf <- subset(dat.yusuf1985, table == "6" & !is.na(ai))
collins <- dat.collins1985b
stillbirths <- subset(collins, !is.na(stb.xti))
nielweise <- dat.nielweise2007
hine <- dat.hine1989
graves <- dat.graves2010

sets <- list(
  colditz1994 = with(colditz, set(tpos, tpos + tneg, cpos, cpos + cneg)),
  yusuf1985_table6 = with(yusuf, set(ai, n1i, ci, n2i)),
  collins1985_preeclampsia = with(collins, set(pre.xti, pre.nti, pre.xci, pre.nci)),
  collins1985_perinatal_death = with(collins, set(ped.xti, fup.nti, ped.xci, fup.nci)),
  collins1985_stillbirth = with(stillbirths, set(stb.xti, fup.nti, stb.xci, fup.nci)),
  nielweise2007 = with(nielweise, set(ai, n1i, ci, n2i)),
  hine1989 = with(hine, set(ai, n1i, ci, n2i)),
  graves2010 = with(graves, set(ai, n1i, ci, n2i)),
  single_zero = set(c(3, 0, 1), c(100, 80, 50), c(0, 2, 1), c(100, 85, 48)),
  double_zero = set(c(3, 0, 1, 0, 2), c(100, 80, 50, 60, 400), c(0, 0, 1, 1, 1),
                    c(100, 85, 48, 61, 390)),
  all_events = set(c(5, 20, 3), c(5, 20, 30), c(4, 18, 5), c(4, 20, 31)),
  all_events_one_arm = set(c(10, 20, 30), c(10, 20, 30), c(2, 10, 30), c(12, 25, 30)),
  no_control_events = set(c(3, 2, 0), c(79, 150, 30), c(0, 0, 0), c(67, 152, 31)),
  no_treated_events = set(c(0, 0), c(30, 20), c(3, 1), c(30, 25)),
  no_events = set(c(0, 0, 0), c(40, 95, 250), c(0, 0, 0), c(40, 90, 240)),
  only_events = set(c(40, 95), c(40, 95), c(30, 80), c(30, 80)),
  one_trial = set(3, 79, 1, 67),
  one_trial_zero = set(0, 5, 3, 4),
  two_trials = set(c(3, 1), c(30, 20), c(1, 2), c(30, 20)),
  two_trials_apart = set(c(15, 1), c(30, 20), c(1, 12), c(30, 20)),
  identical_trials = set(c(4, 4, 4), c(50, 50, 50), c(2, 2, 2), c(50, 50, 50)),
  smallest_trials = set(c(1, 1, 0), c(1, 1, 1), c(0, 1, 1), c(1, 1, 2)),
  unbalanced = set(c(1, 0, 2), c(5, 2000, 900), c(30, 1, 0), c(4000, 7, 11))
)

common <- function(m) list(
  k = m$k, estimate = m$TE.common, se = m$seTE.common, ci_low = m$lower.common,
  ci_high = m$upper.common, p = m$pval.common, q = m$Q[1], df = m$df.Q[1],
  q_p = m$pval.Q[1], i2 = m$I2, i2_low = m$lower.I2, i2_high = m$upper.I2,
  h = m$H, h_low = m$lower.H, h_high = m$upper.H, trial_estimate = I(m$TE),
  trial_se = I(m$seTE), trial_weight = I(m$w.common))
random <- function(m) list(
  k = m$k, estimate = m$TE.random, se = m$seTE.random, ci_low = m$lower.random,
  ci_high = m$upper.random, p = m$pval.random, tau2 = m$tau2,
  prediction_low = m$lower.predict, prediction_high = m$upper.predict)
converged <- list(PM = list(tol = 1e-14, maxiter = 1e4), DL = NULL,
                  REML = list(threshold = 1e-14, maxiter = 1e4))
estimated <- function(expression) tryCatch(expression, error = function(e) NULL)

answers <- function(s) with(s, {
  or <- function(...) metabin(a, n1, c, n2, sm = "OR", method.tau.ci = "", ...)
  rd <- function(...) metabin(a, n1, c, n2, sm = "RD", method.tau.ci = "", ...)
  tau <- function(m) or(method = "Inverse", method.tau = m, control = converged[[m]],
                        prediction = TRUE)
  asymmetry <- function(m, bias) {
    test <- metabias(m, method.bias = bias, k.min = 3)
    list(t = test$statistic, df = test$df, p = test$pval, bias = test$estimate[[1]],
         se = test$estimate[[2]])
  }
  peto <- or(method = "Peto")
  list(
    peto = common(peto),
    mh = common(or(method = "MH", MH.exact = TRUE)),
    `mh-half` = common(or(method = "MH")),
    `mh-tacc` = common(or(method = "MH", incr = "TACC")),
    iv = common(or(method = "Inverse")),
    `iv-tacc` = common(or(method = "Inverse", incr = "TACC")),
    `iv-all` = common(or(method = "Inverse", allstudies = TRUE)),
    dl = random(tau("DL")), pm = random(tau("PM")), reml = random(tau("REML")),
    rd = common(rd(method = "MH", MH.exact = TRUE)),
    `rd-half` = common(rd(method = "MH")),
    `rd-iv` = common(rd(method = "Inverse")),
    asd = common(metabin(a, n1, c, n2, sm = "ASD", method.tau.ci = "")),
    plogit = common(metaprop(a, n1, sm = "PLOGIT", method = "Inverse",
                             method.tau.ci = "")),
    `freeman-tukey` = common(metaprop(a, n1, sm = "PFT", method.tau.ci = "")),
    leave_one_out = if (length(a) > 1) {
      out <- metainf(peto, pooled = "common")
      list(estimate = out$TE[seq_along(a)], se = out$seTE[seq_along(a)])
    },
    cumulative = if (length(a) > 1) {
      out <- metacum(peto, pooled = "common")
      list(estimate = out$TE[seq_along(a)], se = out$seTE[seq_along(a)])
    },
    harbord = estimated(asymmetry(peto, "Harbord")),
    peters = estimated(asymmetry(or(method = "Inverse"), "Peters")),
    egger = estimated(asymmetry(or(method = "Inverse"), "Egger")),
    exact = estimated({
      tables <- array(rbind(a, c, n1 - a, n2 - c), c(2, 2, length(a)))
      test <- if (length(a) == 1) fisher.test(tables[, , 1])
              else mantelhaen.test(tables, exact = TRUE)
      list(estimate = test$estimate[[1]], ci_low = test$conf.int[1],
           ci_high = test$conf.int[2], p = test$p.value)
    }),
    glmm = estimated({
      fit <- rma.glmm(measure = "OR", ai = a, n1i = n1, ci = c, n2i = n2,
                      model = "UM.FS", method = "EE",
                      control = list(glmCtrl = list(epsilon = 1e-15, maxit = 100)))
      list(estimate = fit$b[[1]], se = fit$se, q = fit$QE.LRT, df = fit$QE.df)
    }))
})

source <- list(
  R = R.version.string, meta = as.character(packageVersion("meta")),
  metafor = as.character(packageVersion("metafor")),
  metadat = as.character(packageVersion("metadat")),
  call = "tests/analysis/meta/reference/make_r_meta.R",
  counts = "by name from metadat; the others are invented")
json <- function(x) toJSON(x, digits = NA, na = "null", null = "null", auto_unbox = TRUE)
lines <- sapply(names(sets), function(name) {
  counts <- lapply(sets[[name]], I)
  paste0('"', name, '": ', json(c(list(counts = counts), answers(sets[[name]]))))
})
cat('{"source": ', json(source), ',\n"sets": {\n', paste(lines, collapse = ",\n"),
    '\n}}\n', sep = "", file = "r-meta.json")
