"""The rules by which the package proves or refutes that a network has nonnegative outputs.

Statement.  Let R be an output of a network.

(1) If a hidden layer feeds it, and its weights and bias are nonnegative, then R >= 0 everywhere.
(2) Rational intervals that are sent through the layers contain all values; so a lower end >= 0 proves R >= 0.
(3) With one input, R >= 0 on an interval if and only if R >= 0 at its knots, the ends included; on the whole
    line if and only if moreover the first slope is <= 0 and the last is >= 0.  Otherwise R is negative at a
    knot, or at the point p - (|v| + 1)/s for the outer knot p, its value v and the slope s beyond it.

Notation.  rho(t) = max(t, 0); t > 0.  The knots are the breakpoints of the piecewise affine R.

Overview.  One lemma for each rule; `lemma_clipped_intervals` and `lemma_weighted_intervals` are the two steps
of (2), `lemma_between_knots` and `lemma_outer_*` the parts of (3).

Prose: the induction over the layers in (2), and that sums of enclosed terms are enclosed by the sums.
"""

import sympy
from sympy import S, Symbol

t = Symbol("t", positive=True)
p = Symbol("p", real=True)
left, right, weight, bias = sympy.symbols("left right weight bias", nonnegative=True)
SIGNS = (t, S(0), -t)


def relu(value):
    """Return rho of a value of known sign."""
    assert value.is_nonnegative or value.is_nonpositive, value
    return value if value.is_nonnegative else S(0)


def lemma_nonnegative_weights():
    """A bias >= 0 plus weights >= 0 times values rho(z) is nonnegative; one negative weight can spoil it."""
    assert all((weight * relu(value) + bias).is_nonnegative for value in SIGNS)
    assert (-t * relu(t)).is_negative


def lemma_weighted_intervals():
    """For lo <= x <= hi, w x is between w lo and w hi if w >= 0, and between w hi and w lo if w <= 0."""
    lo = Symbol("lo", real=True)
    x, hi = lo + left, lo + left + right
    for lower, middle, upper in (
        (weight * lo, weight * x, weight * hi),
        (-weight * hi, -weight * x, -weight * lo),
    ):
        assert sympy.expand(middle - lower).is_nonnegative
        assert sympy.expand(upper - middle).is_nonnegative
    assert not sympy.expand(-weight * x - -weight * lo).is_nonnegative


def lemma_clipped_intervals():
    """rho is monotone: for ends 0 <= x <= y, for x <= 0 <= y, and for x <= y < 0."""
    for x, y in ((left, left + right), (-left, right), (-t - left, -t)):
        assert (y - x).is_nonnegative
        assert (relu(y) - relu(x)).is_nonnegative


def lemma_between_knots():
    """The chord between nonnegative values u and v is nonnegative, as a weighted mean of them."""
    u, v = sympy.symbols("u v", nonnegative=True)
    chord = u + (v - u) * left / (left + t)
    mean = (u * t + v * left) / (left + t)
    assert sympy.simplify(chord - mean) == 0
    assert mean.is_nonnegative


def lemma_outer_slopes_that_do_not_point_down():
    """Beyond an outer knot with a value >= 0 the function stays nonnegative if it does not fall outwards."""
    v, rise = sympy.symbols("v rise", nonnegative=True)
    for slope, x in ((rise, p + left), (-rise, p - left)):
        assert sympy.expand(v + slope * (x - p)).is_nonnegative


def lemma_an_outer_slope_that_points_down():
    """At x = p - (|v| + 1)/s the value is v - |v| - 1 < 0, and x lies beyond p where s points down."""
    for v in SIGNS:
        for slope, outwards in ((t, -1), (-t, 1)):
            x = p - (abs(v) + 1) / slope
            value = sympy.simplify(v + slope * (x - p))
            assert value == v - abs(v) - 1
            assert value.is_negative
            assert (outwards * (x - p)).is_positive
