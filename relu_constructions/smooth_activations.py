"""Softplus, tanh, GELU and ELU by balls: tight on wide balls, accurate far away from zero.

Where they and their slopes increase and decrease is proved in `proofs/activations.py`.  They are evaluated at
exact points, and at thin balls around turning points, by formulas that are true of all points of a ball.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, ctx

from relu_constructions.activation import FloatArray
from relu_constructions.ball_activation import BallActivation
from relu_constructions.ball_function import MAX_NAME
from relu_constructions.ball_maps import GUARD, PiecewiseMonotone
from relu_constructions.balls import ball, ball_of, undefined, working
from relu_constructions.exact import shown, to_fraction, written

LEAST_BETWEEN = (Fraction(-76, 100), Fraction(-74, 100))
"""GELU is least between these."""

MAX_EXTRA = 256
"""So many more bits are carried at most, where GELU and its slope are tiny."""


def _softplus(x: arb) -> arb:
    """log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)), in which nothing overflows."""
    return x.max(0) + (-abs(x)).exp().log1p()


def _logistic(x: arb) -> arb:
    """exp(x)/(1 + exp(x)) where x < 0 is proved, and the same number 1/(1 + exp(-x)) elsewhere."""
    return x.exp() / (1 + x.exp()) if x < 0 else 1 / (1 + (-x).exp())


def _tanh_slope(x: arb) -> arb:
    """1 - tanh(x)^2 = 4 exp(-2|x|)/(1 + exp(-2|x|))^2, an even function."""
    e = (-2 * abs(x)).exp()
    return 4 * e / (1 + e) ** 2


def _normal(x: arb) -> arb:
    """The distribution function of the normal distribution, which is erfc(-x/sqrt(2))/2."""
    return (-x / arb(2).sqrt()).erfc() / 2


def _density(x: arb) -> arb:
    """The density of the normal distribution."""
    return (-x * x / 2).exp() / (2 * arb.pi()).sqrt()


def _gelu(x: arb) -> arb:
    """x Phi(x); at inf and -inf the limits inf and 0."""
    if not x.is_finite():
        return x.max(0)
    with working(ctx.prec + _lost_bits(x)):
        return x * _normal(x)


def _gelu_slope(x: arb) -> arb:
    """Phi(x) + x phi(x); at inf and -inf the limits 1 and 0."""
    if not x.is_finite():
        return arb(1) if x > 0 else arb(0) if x < 0 else undefined()
    with working(ctx.prec + _lost_bits(x)):
        return _normal(x) + x * _density(x)


def _lost_bits(x: arb) -> int:
    """About log2(x^2), which exp(-x^2/2) loses in relative accuracy."""
    man, exp = x.mid().man_exp()
    return max(0, min(2 * (int(man).bit_length() + int(exp)), MAX_EXTRA))


def _least_point() -> arb:
    """A ball around the zero of the slope of GELU, where it is least."""
    return _least_point_at(ctx.prec)


@functools.lru_cache(maxsize=64)
def _least_point_at(bits: int) -> arb:
    """The interval Newton method, in which every ball contains the zero.

    If the ball x contains the zero of g' and m is its middle, then the zero is m - g'(m)/g''(t) for some t in
    x, by the mean value theorem, provided that g''(t) = (2 - t^2) phi(t) > 0 in x.
    """
    with working(bits + GUARD):
        x = ball_of(*LEAST_BETWEEN)
        for _ in range(bits.bit_length()):
            middle = x.mid()
            x = middle - _gelu_slope(middle) / ((2 - x * x) * _density(x))
    return x


def _left_inflection() -> arb:
    return -arb(2).sqrt()


def _right_inflection() -> arb:
    return arb(2).sqrt()


def _softplus_floats(z: FloatArray) -> FloatArray:
    return np.logaddexp(0.0, z)


def _logistic_floats(z: FloatArray) -> FloatArray:
    e = np.exp(-np.abs(z))
    return np.where(z < 0, e, 1.0) / (1.0 + e)


def _tanh_slope_floats(z: FloatArray) -> FloatArray:
    e = np.exp(-2.0 * np.abs(z))
    return 4.0 * e / (1.0 + e) ** 2


def _normal_floats(z: FloatArray) -> FloatArray:
    tails = [math.erfc(x) for x in (-math.sqrt(0.5) * z).tolist()]
    return 0.5 * np.array(tails, dtype=np.float64)


def _gelu_floats(z: FloatArray) -> FloatArray:
    return np.where(z == -np.inf, 0.0, z * _normal_floats(z))


def _gelu_slope_floats(z: FloatArray) -> FloatArray:
    density = np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return _normal_floats(z) + np.where(np.isinf(z), 0.0, z * density)


SOFTPLUS = BallActivation(
    "SOFTPLUS",
    PiecewiseMonotone(_softplus),
    PiecewiseMonotone(_logistic),
    (),
    _softplus_floats,
    _logistic_floats,
)
"""log(1 + exp(x))."""

TANH = BallActivation(
    "TANH",
    PiecewiseMonotone(arb.tanh),
    PiecewiseMonotone(_tanh_slope, (Fraction(0),)),
    (),
    np.tanh,
    _tanh_slope_floats,
)
"""The hyperbolic tangent."""

GELU = BallActivation(
    "GELU",
    PiecewiseMonotone(_gelu, (_least_point,)),
    PiecewiseMonotone(_gelu_slope, (_left_inflection, _right_inflection)),
    (),
    _gelu_floats,
    _gelu_slope_floats,
)
"""x Phi(x), where Phi is the distribution function of the normal distribution (not the formula with tanh)."""


@dataclass(frozen=True)
class _Multiple:
    """A function times a rational, of balls or of floats."""

    alpha: Fraction
    function: Any

    def __call__(self, z: Any) -> Any:
        alpha = ball(self.alpha) if isinstance(z, arb) else float(self.alpha)
        return alpha * self.function(z)


def _itself(z: Any) -> Any:
    return z


def _one(z: Any) -> Any:
    return arb(1) if isinstance(z, arb) else np.ones_like(z)


def _elu(x: arb) -> arb:
    return x.max(0) + _bend(x)


def _bend(x: arb) -> arb:
    """exp(x) - 1 for x <= 0, continued by 0."""
    return x.min(0).expm1()


def _bend_slope(x: arb) -> arb:
    """exp(x) for x <= 0, continued by 1."""
    return x.min(0).exp()


def _elu_floats(z: FloatArray) -> FloatArray:
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0.0)))


def _elu_slope_floats(z: FloatArray) -> FloatArray:
    return np.exp(np.minimum(z, 0.0))


def elu(alpha: Any) -> BallActivation:
    """Return the function x for x >= 0 and alpha (exp(x) - 1) for x < 0.

    For alpha = 1 it is differentiable; for others it has a kink at 0, with the slopes alpha and 1.

    Parameters
    ----------
    alpha : exact number

    Raises
    ------
    TypeError
        If alpha is not exact.
    ValueError
        If it has so many digits that it would not fit into the name.

    Examples
    --------
    >>> elu("1/2"), elu("1/2").kinks, elu(1).kinks, elu("0.5") == elu("1/2")
    (elu(1/2), (Fraction(0, 1),), (), True)
    >>> [elu("1/2").ball_slope(arb(0), [Fraction(c)]).str(3) for c in ("0", "1/2", "1")]
    ['0.500', '0.750', '1.00']
    """
    factor = to_fraction(alpha, "alpha")
    name = f"elu({written(factor)})"
    if len(name) > MAX_NAME:
        raise ValueError(f"alpha must be written in at most {MAX_NAME - 5} characters, got {shown(factor)}")
    if factor == 1:
        value, slope = PiecewiseMonotone(_elu), PiecewiseMonotone(_bend_slope)
        return BallActivation(name, value, slope, (), _elu_floats, _elu_slope_floats)
    return BallActivation(
        name,
        [_Multiple(factor, PiecewiseMonotone(_bend)), _itself],
        [_Multiple(factor, PiecewiseMonotone(_bend_slope)), _one],
        [0],
        [_Multiple(factor, np.expm1), _itself],
        [_Multiple(factor, np.exp), _one],
    )
