"""Likelihoods of trials that vary by a normal effect, and their highest maximum.

A trial's log-likelihood is a sum over its arms of ``x eta - K(eta)``, where K is
the cumulant function of the events: n log(1 + e**eta) for binomial ones. Its
linear predictors are ``offset + own + coefficient * shared + load * tau * u``: an
intercept of its own if trials have one, an effect shared by all, and a standard
normal deviate u that is integrated out by adaptive Gauss-Hermite quadrature about
its mode (Pinheiro & Bates 1995, J Comput Graph Stat 4:12-35, equation 9).

Given tau, such a likelihood is log-concave in all its other parameters, because
the integrand is so in them and u together (Prekopa 1973, Acta Sci Math 34:335-43,
theorem 6): it has one maximum. What can have several is the profile over tau
alone, which is scanned from 0 to a variance that no odds ratio reaches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from analysis.meta.results import Array, Certificate
from analysis.meta.search.optimum import newton_step

MOST = 5.0  # log tau: logits that differ by hundreds, as of 0% and 100%
NODES = 7
_STEP = 0.3  # of log tau
_FAR = 40.0  # standard deviations that leave nothing beyond
_EXACT_NODES = 181
_AT_ONCE = 3_000_000

Complex = NDArray[Any]


class Cumulants(Protocol):
    """What the events of the arms of ``(rows, k, arms)`` add to a likelihood."""

    def at(self, eta: Complex) -> Complex:
        """Cumulant function at ``(rows, k, arms)`` or ``(..., nodes)`` points."""

    def derivatives(self, eta: Complex) -> tuple[Complex, Complex]:
        """Its first and second derivative: mean and variance of the events."""

    def rows(self, row: NDArray[np.intp]) -> Cumulants:
        """Take other rows of data sets."""


@dataclass(frozen=True)
class Binomial:
    """Independent patients, ``(rows, k, arms)`` of them."""

    n: Array

    def at(self, eta: Complex) -> Complex:
        """See :class:`Cumulants`."""
        up = eta.real > 0
        soft = np.where(up, eta, 0) + np.log1p(np.exp(np.where(up, -eta, eta)))
        return np.asarray(self._n(eta) * soft)

    def derivatives(self, eta: Complex) -> tuple[Complex, Complex]:
        """See :class:`Cumulants`."""
        up = eta.real >= 0
        small = np.exp(np.where(up, -eta, eta))
        share = np.where(up, 1.0, small) / (1 + small)
        n = self._n(eta)
        return n * share, n * small / (1 + small) ** 2

    def rows(self, row: NDArray[np.intp]) -> Binomial:
        """See :class:`Cumulants`."""
        return Binomial(self.n[row])

    def _n(self, eta: Complex) -> Array:
        return self.n if eta.ndim == self.n.ndim else self.n[..., np.newaxis]


@dataclass(frozen=True)
class Trials:
    """Data sets whose likelihood is sought.

    Attributes
    ----------
    x, offset : (sets, k, arms) array
        Events and what is known of their logits.
    cumulants : Cumulants
    coefficient, load : (arms,) array
        Of the shared effect, and of the deviate.
    own : bool
        Whether each trial has an intercept of its own.
    nodes : int or None
        Of the quadrature; None integrates to rounding.
    """

    x: Array
    offset: Array
    cumulants: Cumulants
    coefficient: Array
    load: Array
    own: bool
    nodes: int | None = NODES

    def rows(self, row: NDArray[np.intp]) -> Trials:
        """Return some data sets, in any order and number."""
        return replace(
            self,
            x=self.x[row],
            offset=self.offset[row],
            cumulants=self.cumulants.rows(row),
        )

    def predictor(self, own: Complex, shared: Complex) -> Complex:
        """Linear predictors without the deviate, ``(sets, k, arms)``."""
        effect = self.coefficient * shared[:, np.newaxis, np.newaxis]
        return np.asarray(self.offset + effect + own[..., np.newaxis])

    def modes(self, eta: Array, tau: Array, near: Array | None = None) -> Array:
        """Return the most probable deviate of each trial, ``(sets, k)``."""
        lift = self.load * tau[:, np.newaxis, np.newaxis]
        u = np.zeros(eta.shape[:2]) if near is None else near
        low, high = np.full(u.shape, -np.inf), np.full(u.shape, np.inf)
        for _ in range(100):
            mean, variance = self.cumulants.derivatives(eta + lift * u[..., np.newaxis])
            value = u - np.sum(lift * (self.x - mean), axis=-1)
            slope = 1 + np.sum(lift**2 * variance, axis=-1)
            low = np.where(value <= 0, u, low)
            high = np.where(value >= 0, u, high)
            # The root lies between u and u - value, for the slope is at least 1.
            low, high = (
                np.fmax(low, u - np.maximum(value, 0)),
                np.fmin(high, u - np.minimum(value, 0)),
            )
            step = -value / slope
            inside = (u + step > low) & (u + step < high)
            small = np.abs(step) <= 1e-10 * np.maximum(np.abs(u), 1.0)
            u = np.where(inside | small, u + step, (low + high) / 2)
            if np.all(small):
                break
        return u

    def integrals(self, eta: Complex, tau: Complex, modes: Array) -> Complex:
        """Log-likelihoods of the trials, ``(sets, k)``.

        ``eta`` and ``tau`` may be complex, the modes being those of their real
        parts: a Newton step, which is nil at real points, carries the derivatives
        of the modes.
        """
        lift = self.load * tau[:, np.newaxis, np.newaxis]
        u: Complex = modes
        for _ in range(2):
            at = eta + lift * u[..., np.newaxis]
            mean, variance = self.cumulants.derivatives(at)
            curvature = 1 + np.sum(lift**2 * variance, axis=-1)
            u = u + (np.sum(lift * (self.x - mean), axis=-1) - u) / curvature
            if not np.iscomplexobj(at):
                break
        scale = 1 / np.sqrt(curvature)
        deviates, log_weights = _rule(self.nodes, u, scale)
        at = eta[..., np.newaxis] + lift[..., np.newaxis] * deviates[:, :, np.newaxis]
        terms = self.x[..., np.newaxis] * at - self.cumulants.at(at)
        terms = np.sum(terms, axis=2) - deviates**2 / 2 + log_weights
        highest = terms.real.max(axis=-1, keepdims=True)
        total = np.log(np.sum(np.exp(terms - highest), axis=-1)) + highest[..., 0]
        return np.asarray(total)

    def moments(self, eta: Array, tau: Array, modes: Array) -> tuple[Array, ...]:
        """Log-likelihoods with derivatives in own and shared effects.

        Returns
        -------
        value, own, shared, own_own, own_shared, shared_shared : (sets, k) array
            By the identities of Fisher and of Louis (1982, J R Stat Soc B
            44:226-33), as if the nodes stood still.
        """
        lift = self.load * tau[:, np.newaxis, np.newaxis]
        variance = self.cumulants.derivatives(eta + lift * modes[..., np.newaxis])[1]
        scale = 1 / np.sqrt(1 + np.sum(lift**2 * variance, axis=-1))
        deviates, log_weights = _rule(NODES, modes, scale)
        at = eta[..., np.newaxis] + lift[..., np.newaxis] * deviates[:, :, np.newaxis]
        terms = np.sum(self.x[..., np.newaxis] * at - self.cumulants.at(at), axis=2)
        terms = terms - deviates**2 / 2 + log_weights
        highest = terms.max(axis=-1, keepdims=True)
        weight = np.exp(terms - highest)
        total = weight.sum(axis=-1)
        weight = weight / total[..., np.newaxis]
        mean, variance = self.cumulants.derivatives(at)
        residual = self.x[..., np.newaxis] - mean
        coefficient = self.coefficient[:, np.newaxis]
        first = [residual.sum(axis=2), (coefficient * residual).sum(axis=2)]
        second = [(coefficient**power * variance).sum(axis=2) for power in (0, 1, 2)]

        def expected(numbers: Array) -> Array:
            return np.asarray(np.sum(weight * numbers, axis=-1))

        own, shared = (expected(f) for f in first)
        return (
            np.log(total) + highest[..., 0],
            own,
            shared,
            expected(first[0] ** 2 - second[0]) - own**2,
            expected(first[0] * first[1] - second[1]) - own * shared,
            expected(first[1] ** 2 - second[2]) - shared**2,
        )


@dataclass(frozen=True)
class Found:
    """The highest maximum of each data set, NaN where there is none."""

    shared: Array
    se: Array
    tau2: Array
    certificate: Certificate


def highest(trials: Trials, start: Array, own: Array | None = None) -> Found:
    """Maximise the likelihoods of data sets over all parameters.

    Parameters
    ----------
    trials : Trials
    start : (sets,) array
        Shared effect at which the search begins.
    own : (sets, k) array, optional
        Own intercepts there.

    Returns
    -------
    Found
    """
    sets, k = trials.x.shape[:2]
    if sets == 0:
        nothing: Array = np.zeros((0,))
        return Found(nothing, nothing, nothing, Certificate(*(nothing,) * 7))
    own = np.zeros((sets, k)) if own is None else own
    eta = trials.predictor(own, start)
    variance = trials.cumulants.derivatives(eta)[1]
    information = np.sum(trials.load**2 * variance, axis=-1).max(axis=-1)
    least = np.log(0.1) - np.log(np.maximum(information, 1e-4)) / 2
    points = int(np.ceil((MOST - least.min()) / _STEP)) + 1
    share = np.linspace(0, 1, points)
    tau = np.exp(least[:, np.newaxis] + (MOST - least)[:, np.newaxis] * share)
    tau = np.concatenate([np.zeros((sets, 1)), tau], axis=1)
    row = np.repeat(np.arange(sets), points + 1)
    profile: Array = np.empty(row.size)
    shared, intercepts = np.empty(row.size), np.empty((row.size, k))
    width = k * trials.x.shape[2] * NODES
    for part in _portions(row.size, width):
        at = row[part]
        shared[part], intercepts[part], profile[part], _ = _inner(
            trials.rows(at), start[at], own[at], tau.ravel()[part]
        )
    zero = np.arange(sets) * (points + 1)
    shared[zero], intercepts[zero], profile[zero], information = _inner(
        trials, shared[zero], intercepts[zero], np.zeros(sets), 1e-12
    )
    profile = np.reshape(profile, tau.shape)
    before = np.pad(profile[:, :-1], ((0, 0), (1, 0)), constant_values=-np.inf)
    after = np.pad(profile[:, 1:], ((0, 0), (0, 1)), constant_values=-np.inf)
    peaks = (profile >= before) & (profile >= after)
    # A rise from 0 that ends before the first point above 0 begins there.
    peaks[:, 1] |= (profile[:, 1] >= profile[:, 2]) & (profile[:, 0] <= profile[:, 1])
    peaks[:, 1] |= (profile[:, 1] < profile[:, 0]) & (
        profile[:, 0] - profile[:, 1] < 1e-7
    )
    peaks[:, [0, -1]] = False
    of, place = np.nonzero(peaks)
    flat = of * (points + 1) + place
    climbed = _climb(
        trials.rows(of), intercepts[flat], shared[flat], np.log(tau[of, place])
    )
    climbed = climbed.kept(least[of] - 12)
    return _best(trials, climbed, of, profile, shared[zero], information)


def _portions(size: int, width: int) -> list[slice]:
    portion = max(_AT_ONCE // max(width, 1), 1)
    return [slice(i, i + portion) for i in range(0, size, portion)]


def _inner(
    trials: Trials, shared: Array, own: Array, tau: Array, tolerance: float = 1e-5
) -> tuple[Array, Array, Array, Array]:
    """Maximise over own and shared effects at given tau by damped Newton steps.

    As the derivatives are not quite those of the quadrature unless tau is 0, the
    points are near the maxima of the profile, from which climbs begin.

    Returns shared effects, intercepts, log-likelihoods and information on the
    shared effects.
    """
    size = np.ones(shared.shape)
    best, modes = None, None
    step_shared, step_own = np.zeros_like(shared), np.zeros_like(own)
    found = np.copy(shared), np.copy(own), np.empty_like(shared), np.empty_like(shared)
    at = np.arange(shared.size)
    for _ in range(40):
        eta = trials.predictor(own + step_own, shared + step_shared)
        modes = trials.modes(eta, tau, modes)
        value, *rest = trials.moments(eta, tau, modes)
        height = value.sum(axis=-1)
        if best is None:
            best, kept = height, rest
        rose = height >= best - 1e-10 * np.abs(best)
        shared = np.where(rose, shared + step_shared, shared)
        own = np.where(rose[:, np.newaxis], own + step_own, own)
        best = np.where(rose, height, best)
        kept = [
            np.where(rose[:, np.newaxis], new, old)
            for new, old in zip(rest, kept, strict=True)
        ]
        size = np.where(rose, np.minimum(2 * size, 1.0), size / 4)
        slope, information, along, whole = _newton(trials.own, *kept)
        step = slope / information
        limit = size / np.maximum(np.abs(step), 1.0)
        step_shared = step * limit
        step_own = np.zeros_like(own)
        if trials.own:
            step_own = whole + along * step_shared[:, np.newaxis]
            step_own = np.clip(step_own, -1.0, 1.0) * np.where(rose, 1.0, size)[:, None]
        for all_of, part in zip(found, (shared, own, best, information), strict=True):
            all_of[at] = part
        moves = np.abs(step_shared) + np.abs(step_own).max(axis=-1, initial=0.0)
        if np.all((moves < tolerance) | (size < 0.01)):
            break
        # Far from the maximum some never settle; those that have are not taken along.
        moved = (own + step_own != own).any(axis=-1) | (shared + step_shared != shared)
        live = np.flatnonzero(moved)
        if live.size < at.size:
            at, trials = at[live], trials.rows(live)
            shared, own, tau, modes = shared[live], own[live], tau[live], modes[live]
            size, best, kept = size[live], best[live], [part[live] for part in kept]
            step_shared, step_own = step_shared[live], step_own[live]
    return found


def _newton(
    has_own: bool,
    own: Array,
    shared: Array,
    own_own: Array,
    own_shared: Array,
    shared_shared: Array,
) -> tuple[Array, Array, Array, Array]:
    """Eliminate own effects; return slope, information, and how they follow."""
    if not has_own:
        information = np.maximum(-shared_shared.sum(axis=-1), 1e-10)
        return shared.sum(axis=-1), information, own, own
    depth = np.maximum(-own_own, 1e-10)
    slope = np.sum(shared + own_shared * own / depth, axis=-1)
    information = np.sum(-shared_shared - own_shared**2 / depth, axis=-1)
    return slope, np.maximum(information, 1e-10), own_shared / depth, own / depth


@dataclass(frozen=True)
class _Climbed:
    """Where climbs ended: a row each."""

    own: Array
    shared: Array
    log_tau: Array
    height: Array
    gradient: Array  # (rows, 2), of shared effect and log tau
    hessian: Array  # (rows, 2, 2), own effects eliminated
    ended: NDArray[np.bool_]

    def kept(self, least: Array) -> _Climbed:
        """Mark climbs as not ended that ran to either end or saw no maximum."""
        curved = np.linalg.eigvalsh(self.hessian).max(axis=-1) < 0
        inside = (self.log_tau > least) & (self.log_tau < MOST)
        return replace(self, ended=self.ended & curved & inside)


def _climb(trials: Trials, own: Array, shared: Array, log_tau: Array) -> _Climbed:
    """Climb to maxima over all parameters by Newton steps, halved until they rise."""
    rows = shared.size
    height = _value(trials, own, shared, log_tau) if rows else np.zeros(0)
    ended = np.zeros(rows, dtype=bool)
    gradient, hessian = np.zeros((rows, 2)), np.zeros((rows, 2, 2))
    for _ in range(60):
        if rows == 0:
            break
        local, curve = _derivatives(trials, own, shared, log_tau, rough=True)
        gradient, hessian, along, whole = _eliminated(trials.own, local, curve)
        step = newton_step(gradient, hessian)
        step = step / np.maximum(np.abs(step).max(axis=-1, keepdims=True), 1.0)
        step_own = np.zeros_like(own)
        if trials.own:
            step_own = whole + np.einsum("rkp,rp->rk", along, step)
        length = np.ones(rows)
        for _ in range(30):
            new = _value(
                trials,
                own + length[:, np.newaxis] * step_own,
                shared + length * step[:, 0],
                log_tau + length * step[:, 1],
            )
            fell = ~(new >= height - 1e-12 * np.abs(height))
            if not fell.any():
                break
            length = np.where(fell, length / 2, length)
        length = np.where(fell, 0.0, length)
        own = own + length[:, np.newaxis] * step_own
        shared = shared + length * step[:, 0]
        log_tau = np.clip(log_tau + length * step[:, 1], -60.0, MOST + 1)
        height = np.where(fell, height, new)
        ended = np.abs(step).max(axis=-1) < 1e-7
        out = (log_tau > MOST) | (log_tau < -50)
        if np.all((np.abs(step).max(axis=-1) < 1e-11) | out | (length == 0)):
            break
    if rows:
        local, curve = _derivatives(trials, own, shared, log_tau, rough=False)
        gradient, hessian, _, _ = _eliminated(trials.own, local, curve)
    return _Climbed(own, shared, log_tau, height, gradient, hessian, ended)


def _value(trials: Trials, own: Array, shared: Array, log_tau: Array) -> Array:
    eta, tau = trials.predictor(own, shared), np.exp(log_tau)
    return np.asarray(trials.integrals(eta, tau, trials.modes(eta, tau)).sum(axis=-1))


def _derivatives(
    trials: Trials, own: Array, shared: Array, log_tau: Array, *, rough: bool
) -> tuple[Array, Array]:
    """Gradients and Hessians of trials in own and shared effect and log tau.

    Gradients ``(rows, k, 3)`` are by complex steps, exact to rounding; Hessians by
    differences of the gradients, of fourth order unless they may be rough.
    """
    directions = range(0 if trials.own else 1, 3)
    about = trials.modes(trials.predictor(own, shared), np.exp(log_tau))

    def gradient(own: Array, shared: Array, log_tau: Array) -> Array:
        eta, tau = trials.predictor(own, shared), np.exp(log_tau)
        modes = trials.modes(eta, tau, about)
        found = np.zeros((*own.shape, 3))
        for j in directions:
            step = [1e-30j if i == j else 0.0 for i in range(3)]
            at = trials.predictor(own + step[0], shared + step[1])
            whole = trials.integrals(at + 0j, np.exp(log_tau + step[2]) + 0j, modes)
            found[..., j] = whole.imag / 1e-30
        return found

    def shifted(j: int, by: float) -> Array:
        step = [by if i == j else 0.0 for i in range(3)]
        return gradient(own + step[0], shared + step[1], log_tau + step[2])

    hessian = np.zeros((*own.shape, 3, 3))
    for j in directions:
        near = (shifted(j, 1e-3) - shifted(j, -1e-3)) / 2e-3
        hessian[..., j, :] = near
        if not rough:
            far = (shifted(j, 2e-3) - shifted(j, -2e-3)) / 4e-3
            hessian[..., j, :] = (4 * near - far) / 3
    return gradient(own, shared, log_tau), (hessian + np.swapaxes(hessian, -1, -2)) / 2


def _eliminated(
    has_own: bool, local: Array, curve: Array
) -> tuple[Array, Array, Array, Array]:
    """Take own effects out of sums over trials; return also how they follow."""
    gradient, hessian = local[..., 1:], curve[..., 1:, 1:]
    along = np.zeros(gradient.shape)
    whole = np.zeros(gradient.shape[:2])
    if has_own:
        depth = np.maximum(-curve[..., 0, 0], 1e-10)[..., np.newaxis]
        along, whole = curve[..., 0, 1:] / depth, local[..., 0] / depth[..., 0]
        gradient = gradient + along * local[..., :1]
        hessian = hessian + along[..., np.newaxis] * curve[..., :1, 1:]
    return gradient.sum(axis=1), hessian.sum(axis=1), along, whole


def _best(
    trials: Trials,
    climbed: _Climbed,
    of: NDArray[np.intp],
    profile: Array,
    shared: Array,
    information: Array,
) -> Found:
    """Choose among the climbs of each set and its ends.

    ``shared`` and ``information`` are those at a variance of 0.
    """
    sets = profile.shape[0]
    at_zero, at_most = profile[:, 0], profile[:, -1]
    nan = np.full(sets, np.nan)
    estimate, se, tau2, slope, curvature = (nan.copy() for _ in range(5))
    height, error, number = nan.copy(), np.zeros(sets), np.zeros(sets)
    eigenvalues = np.linalg.eigvalsh(climbed.hessian) if of.size else np.zeros((0, 2))
    for i in range(sets):
        own = np.flatnonzero((of == i) & climbed.ended)
        best = own[np.argmax(climbed.height[own])] if own.size else -1
        inside = climbed.height[best] if own.size else -np.inf
        heights = climbed.height[own]
        number[i] = len({round(float(h), 7) for h in heights}) + bool(
            profile[i, 0] > profile[i, 1]
        )
        if at_most[i] > max(inside, at_zero[i]):
            continue  # the likelihood rises with tau for ever
        if inside > at_zero[i]:
            covariance = np.linalg.inv(-climbed.hessian[best])
            gradient = climbed.gradient[best]
            estimate[i], se[i] = climbed.shared[best], np.sqrt(covariance[0, 0])
            tau2[i], height[i] = np.exp(2 * climbed.log_tau[best]), inside
            slope[i] = np.sqrt(max(float(gradient @ covariance @ gradient), 0.0))
            curvature[i] = eigenvalues[best].max()
            one = replace(trials.rows(np.array([i])), nodes=None)
            exact = _value(
                one,
                climbed.own[[best]],
                climbed.shared[[best]],
                climbed.log_tau[[best]],
            )
            error[i] = abs(float(exact[0]) - inside)
        else:
            estimate[i], se[i] = shared[i], 1 / np.sqrt(information[i])
            tau2[i], height[i], slope[i] = 0.0, at_zero[i], 0.0
            curvature[i] = -information[i]
    return Found(
        estimate,
        se,
        tau2,
        Certificate(height, slope, curvature, at_zero, at_most, number, error),
    )


def _rule(nodes: int | None, modes: Complex, scale: Complex) -> tuple[Complex, Complex]:
    """Return deviates and log weights, ``(rows, k, nodes)``.

    To rounding, the rule is the trapezoid in t of u = mode + scale sinh t, which
    converges exponentially, whatever the skewness that slows Gauss and Hermite's.
    """
    if nodes is not None:
        at, log_weight = _quadrature(nodes)
        deviates = modes[..., np.newaxis] + scale[..., np.newaxis] * at
        return deviates, log_weight + np.log(scale)[..., np.newaxis]
    width, middle = scale.real[..., np.newaxis], modes.real[..., np.newaxis]
    reach = np.arcsinh((_FAR + np.abs(middle)) / width)
    t = reach * np.linspace(-1, 1, _EXACT_NODES)
    step = 2 * reach / (_EXACT_NODES - 1)
    log_weight = np.log(width * step * np.cosh(t)) - np.log(2 * np.pi) / 2
    return middle + width * np.sinh(t), log_weight


@cache
def _quadrature(nodes: int) -> tuple[Array, Array]:
    """Nodes, and log weights with the normal density's, of the integral over u."""
    at, weights = np.polynomial.hermite.hermgauss(nodes)
    return at * np.sqrt(2), np.log(weights) + at**2 - np.log(np.pi) / 2
