"""Pooling of effects with known variances: weights, tau², intervals, tests."""
