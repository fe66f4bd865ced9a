# Answers of metafor and stats for the tables that benchmarks/_statistics_parity.py
# writes: Rscript _statistics_parity.R TABLES.csv ANSWERS.csv SLOW
suppressMessages(library(metafor))
options(warn = -1)
args <- commandArgs(trailingOnly = TRUE)
rows <- read.csv(args[1])
slow <- as.integer(args[3])
out <- file(args[2], "w")
cat("table,method,estimate,se,tau2,q,loglik,low,high\n", file = out)
say <- function(id, method, r, tau2 = NA, q = NA, ll = NA) cat(
  id, method, sprintf("%.15g", as.numeric(r$beta)[1]), sprintf("%.15g", r$se[1]),
  sprintf("%.15g", tau2), sprintf("%.15g", q), sprintf("%.15g", ll),
  sprintf("%.15g", r$ci.lb[1]), sprintf("%.15g", r$ci.ub[1]),
  sep = ",", file = out, fill = FALSE, append = TRUE)
one <- function(id, method, fit) {
  r <- tryCatch(fit(), error = function(e) NULL)
  if (is.null(r)) {
    cat(id, ",", method, ",NA,NA,NA,NA,NA,NA,NA\n", sep = "", file = out)
    return(invisible())
  }
  q <- if (!is.null(r$QE.LRT)) r$QE.LRT else r$QE
  ll <- tryCatch(as.numeric(logLik(r)), error = function(e) NA)
  tau2 <- if (is.null(r$tau2)) NA else r$tau2
  say(id, method, r, tau2, if (is.null(q)) NA else q, ll)
  cat("\n", file = out)
}
# As close to the maximum as lme4 can be made to go.
closer <- list(glmerCtrl = list(tolPwrss = 1e-13, optimizer = "bobyqa",
                                optCtrl = list(rhoend = 1e-11, maxfun = 1e5)))
tight <- list(threshold = 1e-13, maxiter = 100000, tol = 1e-13)
for (id in unique(rows$table)) {
  t <- rows[rows$table == id, ]
  a <- t$a; n1 <- t$n1; c <- t$c; n2 <- t$n2
  pool <- function(measure, method, ...) function() rma(
    measure = measure, ai = a, n1i = n1, ci = c, n2i = n2, method = method,
    control = tight, ...)
  one(id, "peto", function() rma.peto(ai = a, n1i = n1, ci = c, n2i = n2))
  one(id, "mh", function() rma.mh(ai = a, n1i = n1, ci = c, n2i = n2, correct = FALSE))
  one(id, "rr", function() rma.mh(measure = "RR", ai = a, n1i = n1, ci = c, n2i = n2))
  one(id, "iv", pool("OR", "EE", drop00 = TRUE))
  one(id, "asd", pool("AS", "EE"))
  for (m in c("DL", "PM", "REML", "ML", "EB", "SJ", "HS", "HE"))
    one(id, tolower(m), pool("OR", m, drop00 = TRUE))
  one(id, "reml-kh", pool("OR", "REML", drop00 = TRUE, test = "knha"))
  one(id, "reml-kh-safe", pool("OR", "REML", drop00 = TRUE, test = "adhoc"))
  one(id, "rr-iv", pool("RR", "EE", drop00 = TRUE))
  one(id, "rr-reml", pool("RR", "REML", drop00 = TRUE))
  single <- function(measure, method) function() rma(
    measure = measure, xi = a, ni = n1, method = method, control = tight)
  one(id, "plogit", single("PLO", "EE"))
  one(id, "plogit-reml", single("PLO", "REML"))
  one(id, "arcsine", single("PAS", "EE"))
  one(id, "arcsine-reml", single("PAS", "REML"))
  one(id, "freeman-tukey", single("PFT", "EE"))
  one(id, "q-profile", function() {
    r <- pool("OR", "DL", drop00 = TRUE)()
    ends <- confint(r, control = list(
      tol = 1e-13, maxiter = 10000, tau2.max = 1e9))$random[1, ]
    list(beta = ends[2], se = ends[3], ci.lb = NA, ci.ub = NA)
  })
  one(id, "regression", function() {
    r <- pool("OR", "REML", drop00 = TRUE, mods = t$x)()
    list(beta = r$beta[2], se = r$se[2], tau2 = r$tau2, QE = r$QE,
         ci.lb = r$ci.lb[2], ci.ub = r$ci.ub[2])
  })
  one(id, "exact", function() {
    r <- mantelhaen.test(array(rbind(a, c, n1 - a, n2 - c), c(2, 2, length(a))),
                         exact = TRUE)
    list(beta = log(r$estimate), se = NA, ci.lb = log(r$conf.int[1]),
         ci.ub = log(r$conf.int[2]), QE = r$p.value)
  })
  if (id < slow) {
    one(id, "glmm", function() rma.glmm(measure = "OR", ai = a, n1i = n1, ci = c,
      n2i = n2, model = "UM.FS", method = "EE"))
    one(id, "glmm-1", function() rma.glmm(measure = "PLO", xi = a, ni = n1,
      control = closer))
    one(id, "cm-al", function() rma.glmm(measure = "OR", ai = a, n1i = n1, ci = c,
      n2i = n2, model = "CM.AL", control = closer))
  }
  if (id < slow / 4)
    one(id, "glmm-random", function() rma.glmm(measure = "OR", ai = a, n1i = n1,
      ci = c, n2i = n2, model = "UM.FS", control = closer))
  flush(out)
}
close(out)
