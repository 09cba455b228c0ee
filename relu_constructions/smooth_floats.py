"""Smooth floats: upper bounds for the errors on many pieces at once, in float64, with the rounding proved.

Pieces come in groups.  Around the centre of a group, the target f has Taylor coefficients a_0, ..., a_{K-1},
and a_K stands for all numbers f^(K)(xi)/K! with xi in the group.  `errors` bound what `coefficients` are off
by; the last one bounds |a_K|.  With offsets d of the breakpoints and w of the values there from those at the
centre, |d| <= R, and with a_0 the error at the centre, the error at a breakpoint is

    e = a_0 + (a_1 d + ... + a_K d^K - w).

On a piece with half width h, at its midpoint plus t h, t in [-1, 1], let c_2 = f''/2, c_3 = f'''/6 at the
midpoint, A and D half the sum and half the difference of the errors at the ends, and C_4 >= |f''''|/24.  Then
(proofs/smooth_supremum.py has the algebra)

    value  A + D t - (1 - t^2)(b_2 + b_3 t) + r,    b_2 = c_2 h^2,  b_3 = c_3 h^3,   |r| <= 2 C_4 h^4
    slope  p + 2 c_2 h t + 3 c_3 h^2 t^2 + r',      p = f' - s at the midpoint,      |r'| <= 4 C_4 h^3.

**Slope.**  The largest |slope| is at most max(|p + 3 c_3 h^2| + 2 |c_2| h, |p| + |c_2| h) + |r'|.

**Value.**  Let q be the value without r, of the sign for which it is E + F t + (1 - t^2)(b + c t) with
b = |b_2|.  Then -q is at most its value at an end, plus max(0, |c| - b), and |q| is never more than the
larger error at an end plus b + |c|, which is enough for pieces that need no better.  For any tau in [-1, 1],
with g = q'(tau) and b' = b - |c| (1 + 4 |tau|), q(t) <= q(tau) + g (t - tau) - b' (t - tau)^2.  So q exceeds
q(tau) by at most |g| - g tau + 4 max(0, -b'), and by g^2 / (4 b') if b' > 0.  As any tau will do, its
rounding is none of our business.

**Rounding.**  u = 2^-53; an operation on floats is off by at most u, relatively, and if it underflows by
2^-1075, absolutely.  C_j = sum_{k >= j} binomial(k, j) |a_k| R^(k - j) bounds |f^(j)|/j! on the group, and
[j] = sum_{k >= j} binomial(k, j) errors_k R^(k - j).

1. Horner's rule for sum_{k >= j} binomial(k, j) a_k d^(k - j): a_k passes through at most 2 (k - j) + 2
   operations, the binomial's included, and 2 k in e.  Hence for exact offsets the errors of e, f' and c_j are
   at most  2 u R C_1 + [0],  u (2 C_1 + 4 R C_2) + [1]  and  2 K u C_j + [j].  Terms that are left out of c_2
   and c_3 count with all of |a_k| instead of errors_k.  An underflow in the step of a_k is a change of a_k by
   2^-1075, which `errors` include.
2. Offsets off by d' change these by at most C_1 d', 2 C_2 d', 3 C_3 d', 4 C_4 d'.  Midpoints of offsets round
   once more, by u R.
3. The last two sums for e round by u (|e| + |a_0|) and u |e|, of which 2 u |e| is left to 4.
4. Everything else is computed for each piece from numbers whose absolute values add up to m = |e_left| +
   |e_right| + |b_2| + |b_3|; |tau| <= 1.  A, D, b_2, b_3 are off by at most 4 u m, q(tau) by 24 u m, g and b'
   by 40 u m.  With v = 2^-46 m = 128 u m, |g| + v and b' - v stand on the safe side; the excess is at most
   12 m, so that its rounding is at most 40 u m, and |g| - g tau is off by at most 80 u m.  All of this is at
   most 4 v together.  Likewise for the slope with m = |p| + 2 |c_2 h| + 3 |c_3| h^2, and fewer operations.
5. Sums of nonnegative numbers for a whole group are taken a factor 1 + 2^-40 too large; they have fewer than
   2^10 operations.  `TINY` covers underflow in 4: fewer than 2^6 operations, factors of at most 2^60, since
   groups with R or h > 2^60 are given up; powers of R and h that might underflow in 5 are replaced by
   larger ones.  Overflow leads to inf or nan, and nan is read as inf.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
UNIT = 2.0**-53
UP = 1 + 2.0**-40
TINY = 2.0**-1000
HUGE = 2.0**60
LEAST_WIDTH = 2.0**-250
CURVATURE_TERMS = 10
TWIST_TERMS = 7
"""Of how many Taylor coefficients of f, a_0 included, the series for c_2 and for c_3 are made."""


class Local(NamedTuple):
    """Groups of M pieces each, seen from their centres, and bounds for what each number is off by.

    Attributes
    ----------
    d, w : array, shape (G, M + 1)
        Breakpoints and values there, minus those at the centre.
    h, s : array, shape (G, M)
        Half widths and slopes.
    d_error, w_error, h_error, s_error : array, shape (G, 1)
    """

    d: Floats
    w: Floats
    h: Floats
    s: Floats
    d_error: Floats
    w_error: Floats
    h_error: Floats
    s_error: Floats


class Expansions(NamedTuple):
    """Taylor expansions at the centres of G groups, a_0 being the error there.

    Attributes
    ----------
    coefficients : array, shape (K, G, 1)
    errors : array, shape (K + 1, G, 1)
        What the coefficients are off by at most; the last row bounds |f^(K)|/K! on the whole group.
    """

    coefficients: Floats
    errors: Floats


class Bounds(NamedTuple):
    """Upper bounds for both errors on every piece, and the part of them that smaller groups would remove.

    Attributes
    ----------
    value, slope : array, shape (G, M)
    value_slack, slope_slack : array, shape (G, 1)
    """

    value: Floats
    slope: Floats
    value_slack: Floats
    slope_slack: Floats


def piece_bounds(local: Local, expansions: Expansions) -> Bounds:
    """Bound |f - g| and |f' - g'| from above on every piece of every group.

    Examples
    --------
    x^2 on [0, 1/2] and [1/2, 1] against its chords, seen from 1/2: the errors are 1/16 and 1/2.

    >>> d, w = np.array([[-0.5, 0, 0.5]]), np.array([[-0.25, 0, 0.75]])
    >>> none = np.zeros((1, 1))
    >>> local = Local(d, w, np.array([[0.25, 0.25]]), np.array([[0.5, 1.5]]), none, none, none, none)
    >>> a = np.array([0.0, 1, 1, 0]).reshape(4, 1, 1)
    >>> found = piece_bounds(local, Expansions(a, np.zeros((5, 1, 1))))
    >>> bool((found.value >= 1 / 16).all()), bool((found.value <= 1 / 16 + 2**-40).all())
    (True, True)
    >>> bool((found.slope >= 1 / 2).all()), bool((found.slope <= 1 / 2 + 2**-40).all())
    (True, True)
    """
    with np.errstate(all="ignore"):
        value_slack, slope_slack, fixed = _slacks(local, expansions)
        e, p, c2, c3 = _evaluated(local, expansions.coefficients)
        c2 *= local.h
        c3 *= local.h
        c3 *= local.h
        slope = _slope_bound(p, c2, c3) + slope_slack
        c2 *= local.h
        c3 *= local.h
        value = _value_bound(e, c2, c3, value_slack)
        removable = _finite(value_slack - fixed[0]), _finite(slope_slack - fixed[1])
    return Bounds(_finite(value), _finite(slope), *removable)


def _evaluated(local: Local, a: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """The errors at the breakpoints; f' - s, c_2 and c_3 at the midpoints."""
    d = local.d
    e = _horner(a[1:], d)
    e *= d
    e -= local.w
    e += a[0]
    middle = d[:, :-1] + d[:, 1:]
    middle *= 0.5
    p = _horner(a[1:] * _binomials(len(a), 1), middle)
    p -= local.s
    c2 = _horner((a[2:] * _binomials(len(a), 2))[: CURVATURE_TERMS - 2], middle)
    c3 = _horner((a[3:] * _binomials(len(a), 3))[: TWIST_TERMS - 3], middle)
    return e, p, c2, c3


def _horner(coefficients: Floats, x: Floats) -> Floats:
    if len(coefficients) == 1:
        return np.broadcast_to(coefficients[0], x.shape).copy()
    y: Floats = x * coefficients[-1]
    for c in coefficients[-2:0:-1]:
        y += c
        y *= x
    y += coefficients[0]
    return y


def _slope_bound(p: Floats, x2: Floats, x3: Floats) -> Floats:
    """The bound for the slope without remainder, where x_2 = c_2 h and x_3 = c_3 h^2."""
    x3 = 3 * x3
    x2 = np.abs(x2)
    ends = np.abs(p + x3)
    middle = np.abs(p)
    rounding = np.abs(x3)
    rounding += x2
    rounding += x2
    rounding += middle
    rounding *= 2.0**-44
    ends += x2
    middle += x2
    ends += x2
    ends = np.maximum(ends, middle)
    ends += rounding
    return ends


def _value_bound(e: Floats, b2: Floats, b3: Floats, slack: Floats) -> Floats:
    """The bound for the value: a crude one everywhere, the sharp one for pieces that may have the largest."""
    left, right = e[:, :-1], e[:, 1:]
    size = np.abs(e)
    m = size[:, :-1] + size[:, 1:]
    bound = np.maximum(size[:, :-1], size[:, 1:])
    bump = np.abs(b2) + np.abs(b3)
    m += bump
    m *= 2.0**-46
    bound += bump
    bound += 4 * m + slack
    middle = np.abs((left + right) * 0.5 - b2) - slack
    index = np.nonzero(bound > np.max(middle, initial=0))
    sharp = _sharp_bound(left[index], right[index], b2[index], b3[index], m[index])
    bound[index] = sharp + np.broadcast_to(slack, bound.shape)[index]
    return bound


def _sharp_bound(left: Floats, right: Floats, b2: Floats, b3: Floats, rounding: Floats) -> Floats:
    """The bound for the value without remainder, from the errors at both ends."""
    sign = np.copysign(0.5, -b2)
    E, F = (right + left) * sign, (right - left) * sign
    b, c = np.abs(b2), -2 * b3 * sign
    size = np.abs(c)
    tau = np.clip(F / (2 * b + TINY), -1, 1)
    square = tau * tau
    g = F - 2 * b * tau + c * (1 - 3 * square)
    at_tau = E + F * tau + (1 - square) * (b + c * tau)
    at_tau += _excess(tau, g, b - size * (1 + 4 * np.abs(tau)) - rounding, rounding)
    at_ends = np.maximum(np.abs(left), np.abs(right)) + np.maximum(size - b, 0)
    bound: Floats = np.maximum(at_tau, at_ends) + 4 * rounding
    return bound


def _excess(tau: Floats, g: Floats, b: Floats, rounding: Floats) -> Floats:
    """An upper bound of g (t - tau) - b (t - tau)^2 over t in [-1, 1], if g is off by at most `rounding`."""
    size = np.abs(g)
    steep = size - g * tau
    steep += 4 * np.maximum(-b, 0)
    size += rounding
    flat = np.where(b > 0, size * (size / (4 * b)), np.inf)
    bound: Floats = np.minimum(steep, flat)
    return bound


def _slacks(local: Local, expansions: Expansions) -> tuple[Floats, Floats, tuple[Floats, Floats]]:
    """What remainders, coefficients and offsets may add to a value and to a slope; what f'''' adds."""
    a, errors = expansions
    K, u = len(a), UNIT
    d1 = local.d_error + TINY
    R = np.abs(local.d).max(axis=1, keepdims=True) * UP + d1
    H = np.maximum(np.abs(local.h).max(axis=1, keepdims=True) * UP + local.h_error, LEAST_WIDTH)
    d2 = d1 + u * R
    powers = _powers(R, K)
    size = errors.copy()
    size[:-1] += np.abs(a)
    C = [_weighted(size, powers, j) for j in range(5)]
    left_out = [errors.copy(), errors.copy()]
    left_out[0][CURVATURE_TERMS:] = size[CURVATURE_TERMS:]
    left_out[1][TWIST_TERMS:] = size[TWIST_TERMS:]
    k0 = _weighted(errors, powers, 0) + C[1] * (d1 + 3 * u * R) + local.w_error + 2 * u * np.abs(a[0])
    k1 = _weighted(errors, powers, 1) + 2 * C[2] * (d2 + 2 * u * R) + 2 * u * C[1] + local.s_error
    k2 = _weighted(left_out[0], powers, 2) + 3 * C[3] * d2 + 2 * K * u * C[2]
    k3 = _weighted(left_out[1], powers, 3) + 4 * C[4] * d2 + 2 * K * u * C[3]
    h1 = local.h_error + TINY
    value = k0 + H * (H * k2 + 2 * C[2] * h1) + H * H * (H * k3 + 3 * C[3] * h1)
    slope = k1 + 2 * (k2 * H + C[2] * h1) + 3 * H * (k3 * H + 2 * C[3] * h1)
    fixed = 2 * C[4] * H * H * H * H, 4 * C[4] * H * H * H
    lost = np.where(np.maximum(R, H) <= HUGE, TINY, np.inf)
    return (value + fixed[0]) * UP + lost, (slope + fixed[1]) * UP + lost, fixed


def _powers(R: Floats, K: int) -> Floats:
    """Upper bounds of R^0, ..., R^K."""
    powers = np.ones((K + 1, *R.shape))
    for k in range(K):
        powers[k + 1] = np.maximum(powers[k] * R, TINY)
    return powers * UP


def _weighted(numbers: Floats, powers: Floats, j: int) -> Floats:
    """Sum binomial(k, j) numbers_k R^(k - j) over k >= j."""
    K = len(numbers)
    total: Floats = (numbers[j:] * powers[: K - j] * _binomials(K, j)).sum(axis=0) * UP
    return total


def _binomials(K: int, j: int) -> Floats:
    return np.array([math.comb(k, j) for k in range(j, K)], dtype=np.float64).reshape(-1, 1, 1)


def _finite(numbers: Any) -> Floats:
    """The same with inf for nan."""
    return np.where(numbers < np.inf, numbers, np.inf)
