"""Smooth groups: pieces in groups around a breakpoint, their offsets in floats, and expansions of the target.

Differences of breakpoints and of values are exact before they become floats, so what a float is off by
shrinks with the group; `smooth_floats` says what follows from that.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

import numpy as np

from relu_constructions.balls import working
from relu_constructions.pieces import Piece, Pieces
from relu_constructions.smooth_floats import TINY, UNIT, UP, Expansions, Floats, Local
from relu_constructions.smooth_target import SmoothTarget, ball

LARGEST = 2**62 - 1
"""Differences of two integers of this size fit in int64."""
BITS = 128


class Frame(NamedTuple):
    """The exact interval of a group, its centre, and the value of the network there."""

    lower: Fraction
    upper: Fraction
    at: Fraction
    value: Fraction


class Grouped(Protocol):
    """Pieces that can be looked at in groups, and one by one."""

    def __len__(self) -> int:
        """The number of pieces."""

    def local(self, starts: Any, size: int) -> Local:
        """Return groups of `size` pieces each in floats."""

    def frames(self, starts: Any, size: int) -> Iterator[Frame]:
        """Return the exact intervals and centres of the same groups."""

    def exact(self, index: int) -> Piece:
        """Return a piece exactly."""


class ExactPieces:
    """Exact pieces of a bounded interval, as `Grouped`.

    Examples
    --------
    >>> from relu_constructions import pieces, square
    >>> given = ExactPieces(pieces(square(m=2), (0, 1)))
    >>> given.local(np.array([0]), 4).d.tolist(), given.exact(3).slope
    ([[-0.5, -0.25, 0.0, 0.25, 0.5]], Fraction(7, 4))
    """

    def __init__(self, given: Pieces) -> None:
        if given.outer is not None:
            raise ValueError("the suprema against a smooth target need pieces on a bounded interval")
        self._x, self._y = _Coordinates(given.X, given.Q), _Coordinates(given.V, given.S)

    def __len__(self) -> int:
        return len(self._x.numerators) - 1

    def local(self, starts: Any, size: int) -> Local:
        """Return groups of `size` pieces each in floats.

        A difference of integers, the denominator and their quotient round once each, a slope seven times;
        underflow of a difference of values is divided by the width, which must be no tiny number itself.
        """
        index = starts[:, None] + np.arange(size + 1)
        (d, h), (w, v) = self._x.differences(index, size // 2), self._y.differences(index, size // 2)
        with np.errstate(all="ignore"):
            s = v / h
            h *= 0.5
            least = h.min(axis=1, keepdims=True)
            lost = np.where(least > TINY, TINY / least, np.inf)
        d_error, w_error, h_error = (4 * UNIT * UP * largest(a) + TINY for a in (d, w, h))
        return Local(d, w, h, s, d_error, w_error, h_error, 8 * UNIT * UP * largest(s) + lost)

    def frames(self, starts: Any, size: int) -> Iterator[Frame]:
        """Return the exact intervals and centres of the same groups."""
        for start in starts.tolist():
            ends, centre = (self._x.exact(start), self._x.exact(start + size)), start + size // 2
            yield Frame(*ends, self._x.exact(centre), self._y.exact(centre))

    def exact(self, index: int) -> Piece:
        """Return a piece exactly."""
        a, b = self._x.exact(index), self._x.exact(index + 1)
        u, v = self._y.exact(index), self._y.exact(index + 1)
        slope = (v - u) / (b - a)
        return Piece(a, b, slope, u - slope * a)


class _Coordinates:
    """Rationals, whose differences become floats: in int64 where that cannot wrap, else as integers."""

    def __init__(self, numerators: Any, denominators: Any) -> None:
        self._common = isinstance(denominators, int)
        small = self._common and denominators <= LARGEST and numerators.dtype != object
        self.fits = small and max(-int(numerators.min()), int(numerators.max())) <= LARGEST
        self.numerators = numerators if self.fits else numerators.astype(object)
        self._denominators = denominators
        if not self._common:
            self._denominators = np.asarray(denominators).astype(object)

    def exact(self, index: int) -> Fraction:
        denominator = self._denominators if self._common else self._denominators[index]
        return Fraction(int(self.numerators[index]), int(denominator))

    def differences(self, index: Any, centre: int) -> tuple[Floats, Floats]:
        """Return the differences to the one with the index `centre` in its row, and between neighbours."""
        p = self.numerators[index]
        r = p[:, centre : centre + 1]
        if self.fits:
            scale = float(self._denominators)
            return (p - r) / scale, (p[:, 1:] - p[:, :-1]) / scale
        q = self._denominators[index] if not self._common else np.full_like(p, self._denominators)
        t = q[:, centre : centre + 1]
        steps = _quotients(p[:, 1:] * q[:, :-1] - p[:, :-1] * q[:, 1:], q[:, 1:] * q[:, :-1])
        return _quotients(p * t - r * q, q * t), steps


def largest(numbers: Floats) -> Floats:
    """Return the largest absolute value in every row.

    Examples
    --------
    >>> largest(np.array([[1.0, -2.0], [0.0, 1.0]])).tolist()
    [[2.0], [1.0]]
    """
    found: Floats = np.maximum(numbers.max(axis=1, keepdims=True), -numbers.min(axis=1, keepdims=True))
    return found


def _quotients(p: Any, q: Any) -> Floats:
    """Divide arrays of Python integers, each correctly rounded; too large a quotient becomes infinite."""
    try:
        return np.asarray(p / q, dtype=np.float64)
    except OverflowError:
        pairs = zip(p.ravel().tolist(), q.ravel().tolist(), strict=True)
        return np.array([_quotient(*pair) for pair in pairs]).reshape(p.shape)


def _quotient(p: int, q: int) -> float:
    try:
        return p / q
    except OverflowError:
        return np.inf


def expansions(target: SmoothTarget, frames: Iterator[Frame], order: int) -> Expansions:
    """Expand a target at the centres of groups, to floats and bounds of what they are off by.

    The conversion of a ball's midpoint to a float is off by at most one unit in its last place, or 2^-1074;
    what is added for underflow serves `smooth_floats`, too.  Coefficients that are unbounded become nan.

    Examples
    --------
    >>> from relu_constructions.smooth_target import SmoothPolynomial
    >>> from relu_constructions.targets import Polynomial
    >>> cube, unit = SmoothPolynomial(Polynomial.of([0, 0, 0, 1])), Frame(*map(Fraction, (0, 2, 1, 0)))
    >>> found = expansions(cube, iter([unit]), 4)
    >>> found.coefficients.ravel().tolist(), bool((found.errors < 2**-50).all())
    ([1.0, 3.0, 3.0, 1.0], True)
    """
    numbers = []
    for frame in frames:
        with working(BITS):
            balls = target.taylor(frame.lower, frame.upper, frame.at, order, BITS)
            balls[0] = balls[0] - ball(frame.value)
        numbers.append([(float(b), float(b.rad())) for b in balls])
    middles, radii = np.moveaxis(np.array(numbers), 2, 0).transpose(0, 2, 1)[..., None]
    errors = radii * UP + np.abs(middles) * 2.0**-52 + 2.0**-1070
    errors[-1] += np.abs(middles[-1])
    unbounded = ~np.isfinite(errors).all(axis=0)
    errors[:, unbounded[:, 0]] = np.nan
    return Expansions(middles[:-1], errors)
