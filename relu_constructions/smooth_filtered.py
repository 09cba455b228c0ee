"""Smooth filtered: pieces that are known in floats, with bounds of what these are off by, as groups.

Only the pieces that can hold the supremum are asked for exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from relu_constructions.pieces import Piece
from relu_constructions.smooth_floats import TINY, UNIT, UP, Floats, Local
from relu_constructions.smooth_groups import Frame, largest


class Filtered(Protocol):
    """Breakpoints, values there and slopes, each with a bound of its error; exact pieces on demand."""

    @property
    def x(self) -> Floats:
        """The breakpoints."""

    @property
    def x_error(self) -> Floats:
        """What these are off by at most."""

    @property
    def v(self) -> Floats:
        """The values at the breakpoints."""

    @property
    def v_error(self) -> Floats:
        """What these are off by at most."""

    @property
    def s(self) -> Floats:
        """The slopes."""

    @property
    def s_error(self) -> Floats:
        """What these are off by at most."""

    def exact(self, index: int, /) -> Piece:
        """Return a piece exactly."""


class FloatPieces:
    """Pieces known in floats, as `Grouped`.

    Raises
    ------
    ValueError
        If breakpoints, what they are off by, or values are not finite.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> x, none = np.array([0.0, 0.5, 1]), np.zeros(3)
    >>> given = SimpleNamespace(x=x, x_error=none, v=x, v_error=none, s=np.ones(2), s_error=none[:2])
    >>> FloatPieces(given).local(np.array([0]), 2).d.tolist()
    [[-0.5, 0.0, 0.5]]
    """

    def __init__(self, given: Filtered) -> None:
        for name in ("x", "x_error", "v"):
            if not np.isfinite(getattr(given, name)).all():
                raise ValueError(f"the floats {name} of filtered pieces must be finite")
        self._given = given

    def __len__(self) -> int:
        return len(self._given.s)

    def local(self, starts: Any, size: int) -> Local:
        """Return groups of `size` pieces each in floats; a difference of two of them rounds once."""
        given = self._given
        index = starts[:, None] + np.arange(size + 1)
        centre, pieces = starts[:, None] + size // 2, index[:, :-1]
        with np.errstate(all="ignore"):
            d, w = given.x[index] - given.x[centre], given.v[index] - given.v[centre]
            h = (given.x[index[:, 1:]] - given.x[pieces]) * 0.5
            x_error, v_error, s_error = (
                error.max(axis=1, keepdims=True) * UP + TINY
                for error in (given.x_error[index], given.v_error[index], given.s_error[pieces])
            )
            rounding = [2 * UNIT * UP * largest(a) for a in (d, w, h)]
        d_error, w_error, h_error = (
            a + b for a, b in zip((x_error, v_error, x_error), rounding, strict=True)
        )
        return Local(d, w, h, given.s[pieces], d_error, w_error, h_error, s_error)

    def frames(self, starts: Any, size: int) -> Iterator[Frame]:
        """Return intervals that contain the groups, and floats in the middle as centres."""
        x, error = self._given.x, self._given.x_error
        for start in starts.tolist():
            end, centre = start + size, start + size // 2
            at, value = Fraction(x[centre].item()), Fraction(self._given.v[centre].item())
            lower = Fraction(x[start].item()) - Fraction(error[start].item())
            upper = Fraction(x[end].item()) + Fraction(error[end].item())
            yield Frame(min(lower, at), max(upper, at), at, value)

    def exact(self, index: int) -> Piece:
        """Return a piece exactly."""
        return self._given.exact(index)
