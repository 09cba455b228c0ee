"""BallActivation: an activation by functions of balls, one for every piece between its kinks."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb

from relu_constructions.activation import Activation, FloatArray
from relu_constructions.activation_pieces import (
    float_kinks,
    float_pieces,
    is_kink,
    part_in,
    pieces_met,
    to_kinks,
)
from relu_constructions.ball_function import MAX_NAME
from relu_constructions.ball_maps import (
    BallMap,
    called,
    demand_callable,
    demand_derivative,
    demand_importable,
    nearest,
)
from relu_constructions.balls import ball as ball_around
from relu_constructions.balls import moderate, working
from relu_constructions.exact import shown

FloatMap = Callable[[FloatArray], Any]
"""A function of arrays of floats, entry by entry."""

Maps = tuple[Callable[..., Any], ...]


@dataclass(frozen=True, init=False, repr=False)
class BallActivation(Activation):
    """A continuous function, differentiable between its kinks, by functions that map balls to balls.

    That the balls contain the values and the slopes is on the trust of the one who passes them; a slope that
    is proved wrong on one of a few short intervals is refused, and so is a jump at a kink.

    Parameters
    ----------
    name : str
        What prints it.
    ball, slope : callable, or a sequence of one more than there are kinks
        From `flint.arb` to `flint.arb`, at the precision of `flint.ctx`.  With kinks t_1 < ... < t_k the
        functions of piece j = 0, ..., k must contain all values and derivatives at those points of a ball
        that are from t_j to t_(j+1), at these ends the derivatives from inside (t_0 = -inf, t_(k+1) = inf);
        the ball may have points a little outside.  A ball that is not finite says that
        nothing is known.  For tight results on wide balls see `ball_maps.PiecewiseMonotone`.
    kinks : sequence of exact numbers, increasing
        Where the function has no derivative.
    floats, float_slopes : like `ball` and `slope`, optional
        The same functions of arrays of float64, which never contain NaN.  Without them floats are balls of
        more and more bits, which is slow.

    Raises
    ------
    TypeError
        If they are not callable, do not return balls, or a kink is not exact.
    ValueError
        If there are not as many functions as pieces, the kinks do not increase, the function jumps or a
        slope is wrong.

    Notes
    -----
    Activations are equal if their names, kinks and functions are; functions are mostly equal to nothing but
    themselves, and can be sent to another process if they are defined by ``def`` at the top of a module.

    Examples
    --------
    >>> sine = BallActivation("sine", arb.sin, arb.cos, floats=np.sin, float_slopes=np.cos)
    >>> sine, sine.ball(arb(0)), sine.float_slopes(np.array([0.0, np.nan]), [])
    (sine, 0, array([ 1., nan]))
    >>> bend = BallActivation("bend", [arb.sin, arb.expm1], [lambda z: 2 * z.cos(), arb.exp], kinks=[0])
    Traceback (most recent call last):
        ...
    ValueError: slope must enclose the derivative of ball; of piece 0 of bend the difference quotient on \
[-1/1048576, 0] is in [1.00000000000 +/- 1.52e-13], the slope in [2.00000000 +/- 1.87e-9]
    """

    name: str
    kinks: tuple[Fraction, ...]
    value_maps: tuple[BallMap, ...]
    slope_maps: tuple[BallMap, ...]
    float_maps: tuple[FloatMap, ...]
    float_slope_maps: tuple[FloatMap, ...]

    def __init__(
        self,
        name: str,
        ball: BallMap | Sequence[BallMap],
        slope: BallMap | Sequence[BallMap],
        kinks: Iterable[Any] = (),
        floats: FloatMap | Sequence[FloatMap] = (),
        float_slopes: FloatMap | Sequence[FloatMap] = (),
    ) -> None:
        if not isinstance(name, str) or not name.isprintable() or not 0 < len(name) <= MAX_NAME:
            raise ValueError(f"name must be a line of 1 to {MAX_NAME} characters, got {name!r:.60}")
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "kinks", to_kinks(kinks))
        object.__setattr__(self, "value_maps", self._one_a_piece(ball, "ball"))
        object.__setattr__(self, "slope_maps", self._one_a_piece(slope, "slope"))
        object.__setattr__(self, "float_maps", self._one_a_piece(floats, "floats", optional=True))
        object.__setattr__(
            self, "float_slope_maps", self._one_a_piece(float_slopes, "float_slopes", optional=True)
        )
        self._demand_continuity()
        ends = [None, *self.kinks, None]
        for j, (lo, hi) in enumerate(itertools.pairwise(ends)):
            demand_derivative(self.value_maps[j], self.slope_maps[j], (lo, hi), self._piece(j))

    def _one_a_piece(self, given: Any, role: str, optional: bool = False) -> Maps:
        listed = tuple(given) if isinstance(given, (list, tuple)) else (given,)
        for function in listed:
            demand_callable(function, role)
        if len(listed) != len(self.kinks) + 1 and not (optional and not listed):
            raise ValueError(
                f"{role} must be {len(self.kinks) + 1} functions for {len(self.kinks)} kinks, one for each "
                f"piece; got {len(listed)}"
            )
        return listed

    def _demand_continuity(self) -> None:
        with working(128):
            for j, t in enumerate(self.kinks):
                left, right = (self._value(i, ball_around(t)) for i in (j, j + 1))
                if not left.overlaps(right):
                    raise ValueError(
                        f"{self} must be continuous, but jumps at {shown(t)} from {left.str(12)} to "
                        f"{right.str(12)}"
                    )

    def __reduce__(self) -> tuple[Any, ...]:
        maps = (self.value_maps, self.slope_maps, self.float_maps, self.float_slope_maps)
        demand_importable(itertools.chain(*maps), self.name)
        return BallActivation, (self.name, *maps[:2], self.kinks, *maps[2:])

    def __copy__(self) -> BallActivation:
        return self

    def __deepcopy__(self, memo: Any) -> BallActivation:
        return self

    def ball(self, z: arb) -> arb:
        """Enclose the values: the union over all pieces that the ball meets, of the part of it there."""
        met = pieces_met(self.kinks, z)
        found = [self._value(j, part_in(self.kinks, z, met, j)) for j in met]
        return functools.reduce(arb.union, found)

    def ball_slope(self, z: arb, at_kink: Sequence[Fraction]) -> arb:
        """Enclose the slopes of all pieces that the ball meets, and those of c at the kinks it meets."""
        met = pieces_met(self.kinks, z)
        at_kinks = [self._slope_at_kink(j, at_kink[j]) for j in met[:-1]]
        if is_kink(self.kinks, z, met):
            return at_kinks[0]
        found = [self._slope(j, part_in(self.kinks, z, met, j)) for j in met]
        return functools.reduce(arb.union, [*found, *at_kinks])

    def _piece(self, j: int) -> str:
        return f"piece {j} of {self}" if self.kinks else self.name

    def _value(self, j: int, z: arb) -> arb:
        return moderate(called(self.value_maps[j], z, f"the value of {self._piece(j)}"))

    def _slope(self, j: int, z: arb) -> arb:
        return moderate(called(self.slope_maps[j], z, f"the slope of {self._piece(j)}"))

    def _slope_at_kink(self, j: int, c: Fraction) -> arb:
        """The slope (1 - c) s + c s' that the convention c stands for."""
        left, right = (self._slope(i, ball_around(self.kinks[j])) for i in (j, j + 1))
        return ball_around(1 - c) * left + ball_around(c) * right

    def floats(self, z: FloatArray) -> FloatArray:
        """Return the values at floats, by the functions of floats or else by balls around each of them."""
        return self._in_pieces(self.float_maps or self._by_balls(self._value), z)

    def float_slopes(self, z: FloatArray, at_kink: Sequence[float]) -> FloatArray:
        """Return the derivatives at floats; at the kinks, rounded to float64, those of the conventions."""
        result = self._in_pieces(self.float_slope_maps or self._by_balls(self._slope), z)
        for j, (t, c) in enumerate(zip(float_kinks(self.kinks), at_kink, strict=True)):
            left, right = (nearest(functools.partial(self._slope, i), self.kinks[j]) for i in (j, j + 1))
            result[z == t] = (1 - c) * left + c * right
        return result

    def _by_balls(self, function: Callable[[int, arb], arb]) -> list[FloatMap]:
        """The pieces of the values or slopes at floats, point by point."""
        pieces = [functools.partial(function, j) for j in range(len(self.kinks) + 1)]
        return [functools.partial(_pointwise, piece) for piece in pieces]

    def _in_pieces(self, maps: Iterable[FloatMap], z: FloatArray) -> FloatArray:
        result = np.full(z.shape, np.nan)
        with np.errstate(all="ignore"):
            for inside, function in zip(float_pieces(self.kinks, z), maps, strict=True):
                result[inside] = function(z[inside])
        return result


def _pointwise(function: BallMap, z: FloatArray) -> list[float]:
    return [nearest(function, x) for x in z.tolist()]
