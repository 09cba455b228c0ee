"""Ellipses: where a function is analytic around an interval, and how large it is there.

The ellipse of parameter rho > 1 around [lo, hi] has the foci lo, hi and the half axes (rho + 1/rho)/2 and
(rho - 1/rho)/2 times r = (hi - lo)/2.  With c = (lo + hi)/2 its points are c + r cosh(s + i t), 0 <= s <=
log(rho), and t in [0, pi] gives the upper half.  A function that is real on [lo, hi] is known by its values
on the upper half (Schwarz), so only this half is covered by rectangles, on each of which f is evaluated in
balls.  The proofs are in proofs/chebyshev_truncation.py.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

import flint

from relu_constructions.balls import working
from relu_constructions.exact import shown

MAX_BOXES = 4000
"""So many rectangles are evaluated before an ellipse is given up."""
MAX_DEPTH = 48
"""So often a rectangle is halved before an ellipse is given up."""
MAX_ARCS = 256
MAX_EXPONENT = 2**20
"""A maximum beyond 2^MAX_EXPONENT is of no use."""
CLOSEST = Fraction(1, 2**20)
"""The least rho - 1 that is tried."""
FARTHEST = Fraction(2**40)
PRECISION = 64
PI = (13176795, -22)
"""An integer and an exponent: 13176795/2^22 is a little more than pi."""

Domain = tuple[Fraction, Fraction]


class Analytic(Protocol):
    """A function that is real on the interval, in balls.

    `ball` encloses its values at all points of a real ball.  `complex_ball` does so for a complex ball, and
    is not finite unless the function is analytic on a neighbourhood of the whole ball.
    """

    def ball(self, x: Any) -> Any:
        """Enclose the values on a ball (flint arb)."""

    def complex_ball(self, z: Any) -> Any:
        """Enclose the values on a complex ball (flint acb); not finite where f may not be analytic."""


class Ellipse(NamedTuple):
    """The parameter rho of an ellipse and a number M with |f| <= M on it."""

    rho: Fraction
    M: Fraction


class Uncovered(ValueError):  # noqa: N818
    """An ellipse on which the function could not be bounded; `near` is a point of it where that failed."""

    def __init__(self, near: str) -> None:
        super().__init__(f"no bound of an analytic function was found near {near}")
        self.near = near


def ellipse(f: Analytic, domain: Domain, rho: Fraction) -> Ellipse:
    """Show that a function is analytic on a closed filled ellipse, and bound it there.

    Parameters
    ----------
    f : Analytic
    domain : (Fraction, Fraction)
        The foci.
    rho : Fraction
        Greater than 1.

    Returns
    -------
    Ellipse

    Raises
    ------
    Uncovered
        If some rectangle could not be decided, or if the bound is too large to be of use.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> f = SimpleNamespace(ball=lambda x: 1 / x, complex_ball=lambda z: 1 / z)
    >>> bound = ellipse(f, (Fraction(1), Fraction(3)), Fraction(3)).M
    >>> 3 <= bound <= 6
    True
    >>> ellipse(f, (Fraction(1), Fraction(3)), Fraction(4))
    Traceback (most recent call last):
        ...
    relu_constructions.ellipse.Uncovered: no bound of an analytic function was found near 0
    """
    lo, hi = domain
    if not (lo < hi and rho > 1):
        raise ValueError(f"an ellipse needs lo < hi and rho > 1, got {shown(lo)}, {shown(hi)}, {shown(rho)}")
    with working(PRECISION + _lost_bits(domain)):
        place = _Place.of(domain, rho)
        over_boxes = _cover(f, place)
        over_arcs = _boundary(f, place)
        least = over_boxes if over_arcs is None or over_boxes < over_arcs else over_arcs
        return Ellipse(rho, _rounded_up(least, place))


def best_ellipse(f: Analytic, domain: Domain, cost: Callable[[Ellipse], Any]) -> Ellipse:
    """Search the ellipse of least cost: rho - 1 is doubled or halved, then refined.

    Raises
    ------
    ValueError
        If no ellipse was covered, with a point near which that failed.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> f = SimpleNamespace(ball=lambda x: x.exp(), complex_ball=lambda z: z.exp())
    >>> print(best_ellipse(f, (Fraction(-1), Fraction(1)), lambda made: made.M / made.rho**20).rho)
    33
    """
    return _Search(f, domain, cost).best()


class _Search:
    """The ellipses that were covered, by rho - 1, with their costs."""

    def __init__(self, f: Analytic, domain: Domain, cost: Callable[[Ellipse], Any]) -> None:
        self.f, self.domain, self.cost = f, domain, cost
        self.near = ""
        self.found: dict[Fraction, tuple[Any, Ellipse]] = {}

    def best(self) -> Ellipse:
        for end in self.domain:
            with working(PRECISION + _lost_bits(self.domain)):
                if not self.f.complex_ball(flint.acb(_ball(end))).is_finite():
                    self.near = shown(end)
                    raise ValueError(self._refusal())
        t = Fraction(1)
        if self._try(t):
            while t < FARTHEST and self._try(2 * t) and self._at(2 * t) <= self._at(t):
                t *= 2
        else:
            while not self._try(t := t / 2):
                if t <= CLOSEST:
                    raise ValueError(self._refusal())
        good, bad = t, 2 * t
        if bad in self.found:
            for other in (3 * t / 4, 3 * t / 2):
                self._try(other)
        else:
            for _ in range(4):
                middle = (good + bad) / 2
                good, bad = (middle, bad) if self._try(middle) else (good, middle)
        return min(self.found.values(), key=lambda pair: pair[0])[1]

    def _try(self, t: Fraction) -> bool:
        try:
            made = ellipse(self.f, self.domain, 1 + t)
        except Uncovered as refusal:
            self.near = refusal.near
            return False
        self.found[t] = self.cost(made), made
        return True

    def _at(self, t: Fraction) -> Any:
        return self.found[t][0]

    def _refusal(self) -> str:
        lo, hi = self.domain
        return (
            f"the target must be analytic, and bounded by 2^{MAX_EXPONENT}, on an ellipse around "
            f"[{shown(lo)}, {shown(hi)}] with rho >= 1 + 2^-20; this could not be shown near {self.near}"
        )


class _Box(NamedTuple):
    """s in S [i, i + 1]/2^k and t in PI [j, j + 1]/2^l."""

    i: int
    k: int
    j: int
    l: int  # noqa: E741


class _Place(NamedTuple):
    """The ellipse in balls: centre, half length, log(rho), and an integer over 2^24 above log(rho)."""

    c: Any
    r: Any
    s: Any
    S: int

    @classmethod
    def of(cls, domain: Domain, rho: Fraction) -> _Place:
        lo, hi = domain
        s = _ball(rho).log()
        above = (s * 2**24).upper().ceil().unique_fmpz()
        return cls(_ball((lo + hi) / 2), _ball((hi - lo) / 2), s, int(above))

    def box(self, box: _Box) -> Any:
        """Enclose the points of the ellipse that a rectangle in s and t stands for."""
        s = _interval(self.S, -24, box.i, box.k)
        return self.c + self.r * flint.acb(s, _interval(*PI, box.j, box.l)).cosh()

    def arc(self, j: int, l: int) -> Any:  # noqa: E741
        """Enclose an arc of the boundary."""
        return self.c + self.r * flint.acb(self.s, _interval(*PI, j, l)).cosh()

    def roughly(self, z: Any) -> str:
        """Write a point near a ball, for messages only."""
        x, y = ((part / self.r * 1000 + 0.5).mid().floor() / 1000 * self.r for part in (z.real, z.imag))
        real, imaginary = (part.mid().str(4, radius=False) for part in (x, y))
        return real if y.mid() <= 0 else f"{real} + {imaginary}i"

    def parts(self, box: _Box) -> tuple[_Box, _Box]:
        """Halve the longer side."""
        i, k, j, l = box  # noqa: E741
        if self.S << l >= PI[0] << (k + 24 + PI[1]):
            return _Box(2 * i, k + 1, j, l), _Box(2 * i + 1, k + 1, j, l)
        return _Box(i, k, 2 * j, l + 1), _Box(i, k, 2 * j + 1, l + 1)


def _interval(man: int, exponent: int, i: int, k: int) -> Any:
    """The ball man 2^exponent [i, i + 1]/2^k: middle and radius are dyadic."""
    return flint.arb((man * (2 * i + 1), exponent - k - 1), (man, exponent - k - 1))


def _cover(f: Analytic, place: _Place) -> Any:
    """Cover the upper half by rectangles with finite values; return the largest |f| over all of them."""
    largest = flint.arb(0)
    stack = [_Box(0, 0, 0, 0)]
    for count in itertools.count(1):
        box = stack.pop()
        z = place.box(box)
        value = f.complex_ball(z)
        if value.is_finite():
            largest = _larger(largest, value.abs_upper())
        elif count + len(stack) < MAX_BOXES and box.k + box.l < MAX_DEPTH:
            stack.extend(reversed(place.parts(box)))
        else:
            raise Uncovered(place.roughly(z))
        if not stack:
            return largest


def _boundary(f: Analytic, place: _Place) -> Any | None:
    """Bound |f| on the boundary: halve the arc with the largest bound until it is at most twice attained."""
    order = itertools.count()
    arcs: list[tuple[Any, int, int, int]] = []
    attained = flint.arb(0)
    todo = [(j, 3) for j in range(8)]
    while True:
        for j, l in todo:  # noqa: E741
            value = f.complex_ball(place.arc(j, l))
            finite = value.is_finite()
            upper = value.abs_upper() if finite else flint.arb.pos_inf()
            attained = _larger(attained, value.abs_lower()) if finite else attained
            heapq.heappush(arcs, (-upper, next(order), j, l))
        upper, _, j, l = arcs[0]  # noqa: E741
        if -upper <= 2 * attained or len(arcs) >= MAX_ARCS:
            return -upper if upper.is_finite() else None
        heapq.heappop(arcs)
        todo = [(2 * j, l + 1), (2 * j + 1, l + 1)]


def _larger(a: Any, b: Any) -> Any:
    """The larger one of two exact numbers."""
    return b if a < b else a


def _rounded_up(bound: Any, place: _Place) -> Fraction:
    """Round an exact nonnegative ball up to 16 binary digits."""
    man, exponent = (int(part) for part in bound.man_exp())
    more = max(man.bit_length() - 16, 0)
    if exponent + man.bit_length() > MAX_EXPONENT:
        raise Uncovered(place.roughly(flint.acb(place.c + place.r * place.s.cosh())))
    exponent = max(exponent + more, -MAX_EXPONENT)
    return (-(-man >> more)) * Fraction(2) ** exponent


def _ball(number: Fraction) -> Any:
    return flint.arb(flint.fmpq(number.numerator, number.denominator))


def _lost_bits(domain: Domain) -> int:
    """The digits that c has before those of r."""
    lo, hi = domain
    return int(max(abs(lo), abs(hi)) / (hi - lo)).bit_length()
