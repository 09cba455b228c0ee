"""Smooth refinement: the error of the value or of the slope on a part of one piece, enclosed by balls.

Let y be that error, y = f - g or y = f' - g', with the Taylor coefficients y_0, y_1, ... at a point of the
part, the last one for all points.  If y' has one sign, |y| is largest at an end.  If y'' has one sign, then
on one side of 0 the largest |y| is at an end; on the other side it exceeds |y_0| by at most
y_1^2/(4 min |y''/2|), and by at most |y_1| times the distance from the end to which y rises; the next point
is Newton's.  Otherwise |y| <= sum |y_k| r^k, and the part is bisected.  Lower ends are values at points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import flint

from relu_constructions.balls import ends, working
from relu_constructions.pieces import Piece
from relu_constructions.smooth_target import SmoothTarget, ball, greatest_order

ORDER = 6
BITS = 128
MAX_BITS = 2**14
"""Up to so many bits the precision is doubled while it is what limits an enclosure."""
NEWTON_STEPS = 6
Number = Fraction | float
"""A bound; infinity is the only float."""
GRID_BITS = 40
"""Points are chosen on a grid about so many bits finer than the part."""


class Part(NamedTuple):
    """A part of a piece, the point at which it is expanded, and how."""

    piece: Piece
    lower: Fraction
    upper: Fraction
    at: Fraction
    bits: int
    newton: int = 0

    @classmethod
    def whole(cls, piece: Piece, bits: int = BITS) -> Part:
        """Return a whole piece, to be expanded at its midpoint."""
        return cls(piece, piece.lower, piece.upper, between(piece.lower, piece.upper, Fraction(1, 2)), bits)

    def halves(self) -> tuple[Part, ...]:
        """Bisect."""
        middle = between(self.lower, self.upper, Fraction(1, 2))
        ends = (self.lower, middle), (middle, self.upper)
        return tuple(Part(self.piece, a, b, between(a, b, Fraction(1, 2)), self.bits) for a, b in ends)


class Step(NamedTuple):
    """What one look at a part gives.

    Attributes
    ----------
    lower, at : Fraction
        |y| is at least that, at this point of the part.
    upper : Fraction or float
        |y| is at most that on the part; infinity where nothing is known.
    rest : tuple of Part
        What to look at to know more; empty if nothing more is needed, or to be had.
    """

    lower: Fraction
    at: Fraction
    upper: Number
    rest: tuple[Part, ...]


def between(lower: Fraction, upper: Fraction, share: Fraction) -> Fraction:
    """Return about lower + share (upper - lower), in the interval and with few digits beyond its width.

    Examples
    --------
    >>> between(Fraction(1), Fraction(2), Fraction(1, 4)), between(Fraction(1, 3), Fraction(1), Fraction(1))
    (Fraction(5, 4), Fraction(1, 1))
    """
    width = upper - lower
    scale = Fraction(2) ** (GRID_BITS + width.denominator.bit_length() - width.numerator.bit_length())
    return min(max(Fraction(round((lower + share * width) * scale)) / scale, lower), upper)


def refine(target: SmoothTarget, order: int, part: Part, known: Fraction, goal: Fraction) -> Step:
    """Enclose |f^(order) - g^(order)| on a part of a piece of g.

    Parameters
    ----------
    target : SmoothTarget
    order : {0, 1}
    part : Part
    known : Fraction
        A lower bound for the supremum in question, from elsewhere.
    goal : Fraction
        The relative width that is wanted.

    Examples
    --------
    The error of x^3 against x on [0, 1] is largest at 1/sqrt(3); as y'' = 6 x vanishes at 0, we bisect.

    >>> from relu_constructions.smooth_target import SmoothPolynomial
    >>> from relu_constructions.targets import Polynomial
    >>> cube, line = SmoothPolynomial(Polynomial.of([0, 0, 0, 1])), Piece(*map(Fraction, (0, 1, 1, 0)))
    >>> step = refine(cube, 0, Part.whole(line), Fraction(0), Fraction(1, 100))
    >>> step.lower, [str(part.at) for part in step.rest]
    (Fraction(3, 8), ['1/4', '3/4'])
    """
    with working(part.bits):
        y = _jet(target, order, part)
        if y is None:
            return Step(*_least(target, order, part), math.inf, part.halves())
        (lower, at), noise = _least(target, order, part, y), _noise(target, order, part, y)
        offset = flint.arb(0, ball(max(part.at - part.lower, part.upper - part.at)).upper())
        bend = _series([math.comb(k, 2) * c for k, c in enumerate(y)][2:], offset)
        upper: Number
        if _has_sign(_series([k * c for k, c in enumerate(y)][1:], offset)):
            ends = [_magnitude(target, order, part, x) for x in (part.lower, part.upper)]
            (lower, at), upper = _larger(ends, part), max(above for _, above in ends)
            noise = upper - lower
        elif _has_sign(bend):
            peak = _above(y[0] * -bend.sgn()) + _excess(part, y[1], bend)
            (lower, at), upper = _beside_ends(target, order, part, y, bend, peak, (lower, at))
        else:
            upper = _above(abs(_series(y, offset)))
        rest = _rest(part, y, lower, upper, noise, bool(_has_sign(bend)))
    if upper <= max(known, lower) * (1 + goal):
        rest = ()
    return Step(lower, at, upper, rest)


def _rest(
    part: Part, y: Sequence[Any], lower: Fraction, upper: Number, noise: Number, bent: bool
) -> tuple[Part, ...]:
    """Raise the precision if that is what limits, else take Newton's point, else bisect."""
    if 8 * noise >= upper - lower:
        return (part._replace(bits=2 * part.bits),) if 2 * part.bits <= MAX_BITS else ()
    if bent and part.newton < NEWTON_STEPS:
        at = _newton(part, y)
        if at not in (None, part.at):
            return (part._replace(at=at, newton=part.newton + 1),)
    return part.halves()


def _jet(target: SmoothTarget, order: int, part: Part) -> list[Any] | None:
    """The Taylor coefficients of the error, the last one for the whole part; None if one is unbounded."""
    a = target.taylor(part.lower, part.upper, part.at, greatest_order(target, ORDER), part.bits)
    if not all(c.is_finite() for c in a):
        return None
    slope, at = part.piece.slope, part.at
    if order == 0:
        return [a[0] - ball(slope * at + part.piece.intercept), a[1] - ball(slope), *a[2:]]
    return [a[1] - ball(slope), *(k * c for k, c in enumerate(a[2:], start=2))]


def _magnitude(target: SmoothTarget, order: int, part: Part, x: Fraction) -> tuple[Fraction, Number]:
    """|y| at a point, from both sides; exactly for targets that know themselves exactly."""
    line = part.piece.slope if order else part.piece.slope * x + part.piece.intercept
    if hasattr(target, "exactly"):
        exact = abs(target.exactly(x, order) - line)
        return exact, exact
    y = target.taylor(x, x, x, 1, part.bits)[order] - ball(line)
    return (_below(abs(y)), _above(abs(y))) if y.is_finite() else (Fraction(0), math.inf)


def _least(target: SmoothTarget, order: int, part: Part, y: Sequence[Any] = ()) -> tuple[Fraction, Fraction]:
    """A lower bound of |y|, and the point to which it belongs."""
    if len(y) > 1 and not hasattr(target, "exactly"):
        return _below(abs(y[0])), part.at
    return _magnitude(target, order, part, part.at)[0], part.at


def _noise(target: SmoothTarget, order: int, part: Part, y: Sequence[Any]) -> Number:
    """How uncertain y is at the point, which more precision would cure."""
    if len(y) > 1:
        return _above(flint.arb(y[0].rad()))
    lower, upper = _magnitude(target, order, part, part.at)
    return upper - lower


def _larger(ends: Sequence[tuple[Fraction, Any]], part: Part) -> tuple[Fraction, Fraction]:
    return max((ends[0][0], part.lower), (ends[1][0], part.upper))


def _excess(part: Part, y1: Any, bend: Any) -> Fraction:
    """How much higher than at the point y can rise, if it is concave after a change of sign."""
    rise = y1 * -bend.sgn()
    right, left = _above(rise) * (part.upper - part.at), _above(-rise) * (part.at - part.lower)
    return min(_above(y1 * y1 / (4 * abs(bend))), max(right, left))


def _beside_ends(
    target: SmoothTarget,
    order: int,
    part: Part,
    y: Sequence[Any],
    bend: Any,
    peak: Fraction,
    best: tuple[Fraction, Fraction],
) -> tuple[tuple[Fraction, Fraction], Number]:
    """Bound |y| by the peak on one side of 0 and the ends on the other; look closely if these matter."""
    rough = max(_above(_series(y, ball(x - part.at)) * bend.sgn()) for x in (part.lower, part.upper))
    if rough <= peak:
        return best, peak
    ends = [_magnitude(target, order, part, x) for x in (part.lower, part.upper)]
    return max(best, _larger(ends, part)), max(peak, *(above for _, above in ends))


def _newton(part: Part, y: Sequence[Any]) -> Fraction | None:
    """A zero of y' to first order, on a fine grid of the part; None if there is none."""
    place = (ball(part.at - part.lower) - (y[1] / (2 * y[2])).mid()) / ball(part.upper - part.lower)
    where = float(place)
    if not math.isfinite(where):
        return None
    return between(part.lower, part.upper, Fraction(min(max(where, 0.0), 1.0)))


def _series(coefficients: Sequence[Any], x: Any) -> Any:
    total = flint.arb(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def _has_sign(y: Any) -> bool:
    return bool(y > 0 or y < 0)


def _above(y: Any) -> Fraction:
    return ends(y)[1]


def _below(y: Any) -> Fraction:
    return max(Fraction(0), ends(y)[0])
