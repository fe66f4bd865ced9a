# The tasks of benchmarks/statistics.py in metafor: prints each with its median
# seconds a call. Called by it with the path of data/trials.csv.
suppressMessages(library(metafor))
options(warn = -1)
trials <- read.csv(commandArgs(trailingOnly = TRUE)[1])
a <- trials$all_lenalidomide
n1 <- trials$n_lenalidomide
c <- trials$all_control
n2 <- trials$n_control
k <- nrow(trials)

seconds <- function(task, calls, rounds = 5) median(replicate(
  rounds, system.time(for (i in seq_len(calls)) task())[["elapsed"]] / calls))

bootstrap <- function() {
  i <- sample(k, k, TRUE)
  # A sample without events has no answer, and an error in R.
  try(rma.peto(ai = a[i], n1i = n1[i], ci = c[i], n2i = n2[i]), silent = TRUE)
}
leave_one_out <- function() leave1out(rma.peto(ai = a, n1i = n1, ci = c, n2i = n2))
sensitivity <- function() {
  rma.peto(ai = a, n1i = n1, ci = c, n2i = n2)
  rma.mh(ai = a, n1i = n1, ci = c, n2i = n2, correct = FALSE)
  rma.mh(ai = a, n1i = n1, ci = c, n2i = n2, add = 1/2, drop00 = TRUE)
  for (method in c("EE", "DL", "PM", "REML"))
    rma(measure = "OR", ai = a, n1i = n1, ci = c, n2i = n2, method = method,
        drop00 = TRUE)
  rma(measure = "OR", ai = a, n1i = n1, ci = c, n2i = n2, method = "EE")
  rma.mh(measure = "RD", ai = a, n1i = n1, ci = c, n2i = n2)
  for (measure in c("RD", "AS"))
    rma(measure = measure, ai = a, n1i = n1, ci = c, n2i = n2, method = "EE")
  rma.glmm(measure = "OR", ai = a, n1i = n1, ci = c, n2i = n2, model = "UM.FS",
           method = "EE")
  mantelhaen.test(array(rbind(a, c, n1 - a, n2 - c), c(2, 2, k)), exact = TRUE)
  for (method in c("EE", "REML"))
    rma(measure = "PLO", xi = a, ni = n1, method = method,
        control = list(maxiter = 10000))
  rma(measure = "PFT", xi = a, ni = n1, method = "EE")
  rma.glmm(measure = "PLO", xi = a, ni = n1)
}

set.seed(1)
cat("bootstrap", seconds(bootstrap, 100), "\n")
cat("leave_one_out", seconds(leave_one_out, 3), "\n")
cat("sensitivity", seconds(sensitivity, 1), "\n")
cat("peto", seconds(function() rma.peto(ai = a, n1i = n1, ci = c, n2i = n2), 5), "\n")
cat("reml", seconds(function() rma(measure = "OR", ai = a, n1i = n1, ci = c, n2i = n2,
                                   drop00 = TRUE), 5), "\n")
cat("exact", seconds(function() mantelhaen.test(
  array(rbind(a, c, n1 - a, n2 - c), c(2, 2, k)), exact = TRUE), 20), "\n")
cat("glmm", seconds(function() rma.glmm(measure = "OR", ai = a, n1i = n1, ci = c,
  n2i = n2, model = "UM.FS", method = "EE"), 1, 3), "\n")
cat("glmm_proportion", seconds(function() rma.glmm(measure = "PLO", xi = a, ni = n1),
  1, 3), "\n")
