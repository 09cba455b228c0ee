"""Functions from balls to balls: called with care, tight on wide balls, tested, rounded to floats."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, ctx

from relu_constructions.balls import ball, ball_of, working
from relu_constructions.exact import shown, to_fraction

BallMap = Callable[[arb], arb]
"""A function from balls to balls: every value on the argument is in the result."""

GUARD = 16
"""So many bits more are carried inside, so that what is lost inside is little."""

FLOAT_BITS = (64, 128, 256, 512, 1024, 2048)
"""The precisions at which a value is tried before it is rounded to a float."""

STEP = Fraction(1, 2**20)
"""The length of the intervals on which slopes are compared with difference quotients."""


@dataclass(frozen=True)
class PiecewiseMonotone:
    """A function that is monotone between its turning points, as a tight function of wide balls.

    On a ball its values are those between its values at the two ends and at the turning points inside; it is
    evaluated at exact ends and at thin balls around turning points only.  That it is monotone between them is
    on the trust of the one who passes it.

    Parameters
    ----------
    at : callable
        From `flint.arb` to `flint.arb`, at the precision of `flint.ctx`: must contain the value at an exact
        point, for the points inf and -inf the limit (or be NaN), and the values on a ball around a turning
        point.
    turns : sequence
        Contains the turning points: exact numbers, or functions without arguments that return balls around
        them at the precision of `flint.ctx`.  More of them do no harm.

    Raises
    ------
    TypeError
        If `at` is not callable, or a turning point is no exact number.

    Examples
    --------
    >>> square = PiecewiseMonotone(lambda x: x * x, [0])
    >>> square(arb(1, 2)).contains(9), square(arb(1, 2)).contains(-0.001), (arb(1, 2) ** 2).contains(-0.001)
    (True, False, True)
    """

    at: BallMap
    turns: tuple[Fraction | Callable[[], arb], ...] = ()

    def __post_init__(self) -> None:
        demand_callable(self.at, "at")
        turns = tuple(turn if callable(turn) else to_fraction(turn, "turn") for turn in self.turns)
        object.__setattr__(self, "turns", turns)

    def __reduce__(self) -> tuple[Any, ...]:
        demand_importable((self.at, *self.turns), "a PiecewiseMonotone")
        return PiecewiseMonotone, (self.at, self.turns)

    def __call__(self, z: arb) -> arb:
        """Enclose the values on a ball."""
        with working(ctx.prec + GUARD):
            if z.is_exact():
                return self.at(z)
            inside = [turn for turn in map(_ball_around, self.turns) if not (z < turn or z > turn)]
            return functools.reduce(arb.union, map(self.at, [z.lower(), z.upper(), *inside]))


def _ball_around(turn: Fraction | Callable[[], arb]) -> arb:
    return ball(turn) if isinstance(turn, Fraction) else turn()


def demand_callable(given: Any, name: str) -> None:
    """Refuse what is not a function.

    Examples
    --------
    >>> demand_callable(1, "slope")
    Traceback (most recent call last):
        ...
    TypeError: slope must be a function, got int
    """
    if not callable(given):
        raise TypeError(f"{name} must be a function, got {type(given).__name__}")


def demand_importable(functions: Iterable[Any], name: str) -> None:
    """Refuse to pickle functions that another process could not import.

    Examples
    --------
    >>> demand_importable([abs, lambda z: z], "f")
    Traceback (most recent call last):
        ...
    TypeError: f cannot be sent to another process: its functions must be defined by def at the top of a \
module, got <lambda>
    """
    for function in functions:
        if "<" in (written := getattr(function, "__qualname__", "")):
            raise TypeError(
                f"{name} cannot be sent to another process: its functions must be defined by def at the top "
                f"of a module, got {written}"
            )


def called(function: BallMap, z: arb, name: str) -> arb:
    """Call a function that somebody else has written.

    Raises
    ------
    TypeError
        If it does not return a ball.
    ValueError
        If it fails.

    Examples
    --------
    >>> called(lambda z: 1, arb(0), "the slope of f")
    Traceback (most recent call last):
        ...
    TypeError: the slope of f must be a ball (flint.arb), got int
    """
    try:
        found = function(z)
    except Exception as error:
        raise ValueError(
            f"{name} must be defined on every ball, but raised {type(error).__name__}: {error!s:.100}"
        ) from error
    if not isinstance(found, arb):
        raise TypeError(f"{name} must be a ball (flint.arb), got {type(found).__name__}")
    return found


def nearest(function: BallMap, x: float | Fraction) -> float:
    """Return the value at a point as a float within one unit in the last place; NaN if no ball is finite.

    If the value is not known so well at the greatest of `FLOAT_BITS`, the middle of the last ball is taken.

    Examples
    --------
    >>> nearest(lambda z: z.exp() - 1, 1e-30), nearest(lambda z: z.log(), -1.0)
    (1e-30, nan)
    """
    for bits in FLOAT_BITS:
        with working(bits):
            found = function(ball(x) if isinstance(x, Fraction) else arb(x))
        if 2**56 * found.rad() <= found.abs_lower():
            break
    return float(found.mid()) if found.is_finite() or found.is_exact() else math.nan


def demand_derivative(
    value: BallMap, slope: BallMap, ends: tuple[Fraction | None, Fraction | None], name: str
) -> None:
    """Refuse a slope that is proved wrong, by the mean value theorem on some short intervals of a piece.

    The difference quotient of a function on [a, b] is its derivative somewhere inside; if the ball of the one
    and the ball of the other are disjoint, then one of them is wrong.  The converse is not proved.

    Raises
    ------
    ValueError
        Naming the interval.

    Examples
    --------
    >>> demand_derivative(arb.sin, arb.cos, (None, None), "sine")
    >>> demand_derivative(arb.sin, arb.sin, (Fraction(0), None), "sine")
    Traceback (most recent call last):
        ...
    ValueError: slope must enclose the derivative of ball; of sine the difference quotient on \
[0, 1/1048576] is in [1.00000000000 +/- 1.52e-13], the slope in [+/- 9.55e-7]
    """
    with working(128):
        for a, b in _short_intervals(*ends):
            first, last = (called(value, ball(x), f"the value of {name}") for x in (a, b))
            quotient = (last - first) / ball(b - a)
            found = called(slope, ball_of(a, b), f"the slope of {name}")
            if not quotient.overlaps(found):
                raise ValueError(
                    f"slope must enclose the derivative of ball; of {name} the difference quotient on "
                    f"[{shown(a)}, {shown(b)}] is in {quotient.str(12)}, the slope in {found.str(12)}"
                )


def _short_intervals(lo: Fraction | None, hi: Fraction | None) -> list[tuple[Fraction, Fraction]]:
    """Intervals of the length STEP, in a bounded piece relative to its length, and at its ends."""
    places: Sequence[Fraction] = [Fraction(k, 2) for k in (0, 1, 2, 4, 16)]
    if lo is not None and hi is not None:
        starts = [lo + (hi - lo) * share for share in (0, Fraction(1, 3), Fraction(2, 3), 1 - STEP)]
        return [(a, a + (hi - lo) * STEP) for a in starts]
    right = [(lo or 0) + place for place in places] if hi is None else []
    left = [(hi or 0) - place - STEP for place in places] if lo is None else []
    return [(a, a + STEP) for a in (*left, *right)]
