"""BallFunction: a Python function of balls as a target, together with its derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import Any

from flint import arb

from relu_constructions.balls import ball, ball_of, working
from relu_constructions.box import Box, to_box
from relu_constructions.enclosure import Enclosure
from relu_constructions.exact import shown, to_fraction, to_tolerance
from relu_constructions.ranges import enclosed_range, sharpened
from relu_constructions.scalar_field import Bounds

MAX_NAME = 200

BallMap = Callable[[arb], arb]
"""A function from balls to balls: every value on the argument is in the result."""


@dataclass(frozen=True)
class BallFunction:
    """A function of one variable by Python functions that map balls of flint to balls.

    That the balls contain all values, and that the derivatives are those of the function, is on the trust of
    the one who passes them; nothing here can check it.

    Parameters
    ----------
    f : callable
        From `flint.arb` to `flint.arb`, at the precision of `flint.ctx`; a ball that is not finite says that
        nothing is known there.
    derivative, second : callable
        f' and, if it is known, f''.
    name : str
        What it is called in certificates.

    Raises
    ------
    TypeError
        If they are not callable.

    Examples
    --------
    >>> f = BallFunction(lambda x: x.gamma(), lambda x: x.gamma() * x.digamma(), name="gamma")
    >>> f.orders, f.dimension, str(f)
    (1, 1, 'gamma')
    >>> print(f.value("1/2"))
    in [1.7724, 1.7725]
    """

    f: BallMap
    derivative: BallMap
    second: BallMap | None = None
    name: str = "f"

    def __post_init__(self) -> None:
        if self.second is not None and not callable(self.second):
            raise TypeError(f"second must be a function of balls, got {type(self.second).__name__}")
        for role in ("f", "derivative"):
            if not callable(getattr(self, role)):
                given = type(getattr(self, role)).__name__
                raise TypeError(f"{role} must be a function of balls, got {given}")
        if (
            not isinstance(self.name, str)
            or not self.name.isprintable()
            or not 0 < len(self.name) <= MAX_NAME
        ):
            raise ValueError(f"name must be a line of 1 to {MAX_NAME} characters, got {self.name!r:.60}")

    @property
    def orders(self) -> int:
        """How many derivatives are given; the greatest order that `taylor` may be asked for."""
        return 1 if self.second is None else 2

    @property
    def dimension(self) -> int:
        """The number of variables, which is one."""
        return 1

    def __str__(self) -> str:
        return self.name

    def shown(self) -> str:
        """Return the name."""
        return self.name

    def ball(self, argument: arb) -> arb:
        """Enclose the values on a ball."""
        return self._call(0, argument)

    def taylor(self, lo: Fraction, hi: Fraction, at: Fraction, order: int, bits: int) -> list[arb]:
        """Enclose the Taylor polynomial at a point, and its remainder on an interval.

        As `Elementary.taylor`, with an order of at most `orders`.

        Raises
        ------
        ValueError
            For a greater order, and if a function fails.
        TypeError
            If a function does not return a ball.
        """
        if not 1 <= order <= self.orders:
            raise ValueError(f"the order must be from 1 to {self.orders} for {self.name}, got {order}")
        with working(bits):
            thin, wide = ball(at), ball_of(lo, hi)
            found = [self._call(k, thin) / factorial(k) for k in range(order)]
            return [*found, self._call(order, wide) / factorial(order)]

    def value(self, point: Any, tolerance: Any = "1e-6") -> Enclosure:
        """Enclose the value at a point with a relative width."""
        at = to_fraction(point, "a point")
        where = f"{self.name} at {shown(at)}"
        (found,) = sharpened(lambda _: [self._call(0, ball(at))], to_tolerance(tolerance, "tolerance"), where)
        return found

    def enclosure(self, domain: Any, order: int = 0, tolerance: Any = "1e-6") -> Enclosure:
        """Enclose the range of the function, or of a derivative that is given, from outside.

        Raises
        ------
        ValueError
            If this takes too many cells or bits.
        """
        box = to_box(domain, 1)
        if not 0 <= order <= self.orders:
            raise ValueError(f"the order must be from 0 to {self.orders} for {self.name}, got {order}")
        allowed = to_tolerance(tolerance, "tolerance")
        return enclosed_range(lambda cell, bits: self._bounds(cell, bits, order), box, allowed, self.name)

    def on(self, domain: Any) -> BallFunction:
        """Return the same function; whether it is smooth on the domain, only its balls can tell."""
        to_box(domain, 1)
        return self

    def demand_smooth(self, domain: Any) -> None:
        """Accept every interval; where the balls are not finite, a certificate is not found."""
        to_box(domain, 1)

    def _bounds(self, cell: Box, bits: int, order: int) -> Bounds | None:
        ((lo, hi),) = cell
        middle = (lo + hi) / 2
        with working(bits):
            at, wide = self._call(order, ball(middle)), self._call(order, ball_of(lo, hi))
            if not at.is_finite() or not wide.is_finite():
                return None
            if order == self.orders:
                return Bounds(wide.lower(), wide.upper(), (at,))
            slope = self._call(order + 1, ball_of(lo, hi))
            if slope.is_finite() and (slope >= 0 or slope <= 0):
                first, last = self._call(order, ball(lo)), self._call(order, ball(hi))
                low, high = (first, last) if slope >= 0 else (last, first)
                return Bounds(low.lower(), high.upper(), (first, last))
            hull = at + slope * ball_of((lo - hi) / 2, (hi - lo) / 2)
            use = hull if hull.is_finite() else wide
            return Bounds(use.lower(), use.upper(), (at,))

    def _call(self, order: int, argument: arb) -> arb:
        function = (self.f, self.derivative, self.second)[order]
        assert function is not None
        role = ("the function", "the derivative", "the second derivative")[order]
        try:
            found = function(argument)
        except Exception as error:
            raise ValueError(
                f"{role} {self.name} must map balls to balls, but it raised "
                f"{type(error).__name__}: {error!s:.100}"
            ) from error
        if not isinstance(found, arb):
            raise TypeError(f"{role} {self.name} must return a ball (flint.arb), got {type(found).__name__}")
        return found
