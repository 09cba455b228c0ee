"""Filtered pieces: breakpoints, values and slopes in float64, with error bounds that are proved.

The pieces are found as in the exact kernels, layer by layer; but signs are read off float64 numbers where
these exceed their error bounds (`filtered_layers`, `filtered_refine`), and decided in exact arithmetic where
they do not (`filtered_history`).  So the number and the order of the pieces are those of the network, not of
its rounding.  The exact pieces cost what the long rationals of a general network cost, and are computed one
by one, when they are asked for.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from relu_constructions.box import to_interval
from relu_constructions.filtered_history import Births, History
from relu_constructions.filtered_layers import (
    LARGEST,
    TINY,
    UNIT,
    Ball,
    FilterFailed,
    FloatLayer,
    Floats,
    Indices,
    affine,
    float_layer,
    linear,
)
from relu_constructions.filtered_refine import SLACK, find_zeros, inserted, interpolated
from relu_constructions.filtered_signs import exact_signs, straight
from relu_constructions.grid import OffGrid, TooManyPieces
from relu_constructions.hinges import is_wide
from relu_constructions.layer import Layer
from relu_constructions.parametrization import Parametrization
from relu_constructions.pieces import Piece, Pieces, pieces
from relu_constructions.relu_form import relu_form

MAX_PIECES = 2**18
"""How many pieces are listed if the caller sets no limit."""
MAX_ENTRIES = 2**24
DEEP, BROAD = 8, 16
"""The neurons of a layer times the breakpoints may be so many; the exact kernel needs less memory."""


@dataclass(frozen=True, eq=False)
class FilteredPieces:
    """The maximal affine pieces of a network on an interval, each known up to a small error.

    With the true breakpoints X_0 < ... < X_n, the true values V_i there and the true slopes S_i on
    [X_i, X_(i+1)], all of them rational numbers,
    |x[i] - X_i| <= x_error[i], |v[i] - V_i| <= v_error[i] and |s[i] - S_i| <= s_error[i].

    Attributes
    ----------
    x, x_error, v, v_error : arrays of n + 1 float64
    s, s_error : arrays of n float64
    ends : (Fraction, Fraction)
        The interval, exactly.

    Examples
    --------
    >>> from relu_constructions import hat
    >>> found = filtered_pieces(hat().layers, (Fraction(0), Fraction(1)))
    >>> found.x, found.v, found.s
    (array([0. , 0.5, 1. ]), array([0., 1., 0.]), array([ 2., -2.]))
    >>> print(*found.exact(1))
    1/2 1 -2 2
    """

    x: Floats
    x_error: Floats
    v: Floats
    v_error: Floats
    s: Floats
    s_error: Floats
    ends: tuple[Fraction, Fraction]
    _history: History = field(repr=False)
    _intervals: Indices = field(repr=False)

    kernel = "filtered"

    def exact(self, index: int) -> Piece:
        """Return a piece exactly; its ends are where it meets its neighbours.

        Raises
        ------
        IndexError
            If there is no such piece.

        Examples
        --------
        >>> from relu_constructions import hat
        >>> filtered_pieces(hat().layers, (Fraction(-1), Fraction(1, 3))).exact(-1).lower
        Fraction(0, 1)
        """
        count = len(self)
        if not -count <= index < count:
            raise IndexError(f"the index must be between {-count} and {count - 1}, got {index}")
        index %= count
        slope, intercept = self._function(index)
        ends = list(self.ends)
        for side, neighbour in enumerate((index - 1, index + 1)):
            if 0 <= neighbour < count:
                other_slope, other_intercept = self._function(neighbour)
                ends[side] = (intercept - other_intercept) / (other_slope - slope)
        return Piece(ends[0], ends[1], slope, intercept)

    def _function(self, index: int) -> tuple[Fraction, Fraction]:
        layer = len(self._history.layers)
        slope, intercept, scale = self._history.function(layer, 0, int(self._intervals[index]))
        return Fraction(slope, scale), Fraction(intercept, scale)

    def end_slopes(self) -> tuple[Fraction, Fraction]:
        """Return the slopes of the first and the last piece, exactly."""
        return self._function(0)[0], self._function(len(self) - 1)[0]

    def __len__(self) -> int:
        return len(self.s)

    def __iter__(self) -> Iterator[Piece]:
        return (self.exact(index) for index in range(len(self)))

    def __repr__(self) -> str:
        return f"FilteredPieces({len(self)} on [{float(self.x[0])}, {float(self.x[-1])}])"


def enclosed_pieces(
    phi: Parametrization,
    domain: Any,
    *,
    max_pieces: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Pieces | FilteredPieces:
    """Return the pieces exactly, if they are found in int64 or by sorting, and else enclosed, if possible.

    Parameters
    ----------
    phi : Parametrization
        With one input and one output.
    domain : (lo, hi)
        Exact numbers.
    max_pieces : int, optional
        Enumeration stops beyond this number; that of the kernel, if it is left out.
    progress : callable, optional
        Called as ``progress(layers done, layers in all)``.

    Examples
    --------
    >>> third = Parametrization([([[1], [1]], [0, "-1/3"]), ([["2/7", "-4/5"]], [0])])
    >>> enclosed_pieces(third, (0, 1)).kernel
    'int64'
    >>> enclosed_pieces(Parametrization.from_floats([([[0.1]], [-0.07]), ([[0.3]], [0.2])]), (0, 1))
    FilteredPieces(2 on [0.0, 1.0])
    """
    try:
        return pieces(phi, domain, kernel="int64", max_pieces=max_pieces, progress=progress)
    except OffGrid:
        form = relu_form(phi)
        if not (is_wide(form.layers) and form.depth == 2) and not _is_narrow(form):
            limit = MAX_PIECES if max_pieces is None else max_pieces
            report = None if progress is None else lambda index, _: progress(index, phi.depth)
            with contextlib.suppress(FilterFailed):
                return filtered_pieces(form.layers, to_interval(domain), limit, report)
    return pieces(phi, domain, kernel="integers", max_pieces=max_pieces, progress=progress)


def _is_narrow(phi: Parametrization) -> bool:
    """Whether exact integers are likely to be faster: errors grow with depth, and few neurons are cheap."""
    return phi.depth > DEEP and phi.width < BROAD


class Columns(NamedTuple):
    """What is known after a hidden layer: at the breakpoints x and the values of all neurons, with the
    places where they are positive; between them the slopes."""

    x: Ball
    births: Births
    values: Ball
    positive: npt.NDArray[np.bool_]
    slopes: Ball


def filtered_pieces(
    layers: tuple[Layer, ...],
    ends: tuple[Fraction, Fraction],
    max_pieces: int = MAX_PIECES,
    report: Callable[[int, int], None] | None = None,
) -> FilteredPieces:
    """Enclose the maximal affine pieces of a network with one input and one output.

    Parameters
    ----------
    layers : tuple of Layer
    ends : (Fraction, Fraction)
    max_pieces : int
    report : callable, optional
        Called with the number of the layer and the number of breakpoints.

    Raises
    ------
    FilterFailed
        If entries, ends or values are out of the range of float64, or it leaves too many signs undecided;
        the exact kernel serves those networks.
    TooManyPieces
        Before more than `max_pieces` pieces are stored.

    Examples
    --------
    >>> tent = (Layer([[1], [1]], [0, "-1/3"]), Layer([[2, -4]], [0]))
    >>> found = filtered_pieces(tent, (Fraction(0), Fraction(1)))
    >>> found, bool(found.x_error.max() < 1e-14)
    (FilteredPieces(2 on [0.0, 1.0]), True)
    """
    rounded = [float_layer(layer) for layer in layers]
    history = History(layers, ends)
    columns = _start(ends)
    for level, layer in enumerate(rounded[:-1], start=1):
        columns = _hidden(layer, level, columns, history, max_pieces)
        if report is not None:
            report(level, len(columns.x.middle))
    values, slopes = (Ball(*(array[0] for array in ball)) for ball in _outputs(rounded[-1], columns))
    bent = ~straight(rounded, slopes, history)
    if report is not None:
        report(len(layers), len(columns.x.middle))
    kept = np.flatnonzero(np.concatenate(([True], bent, [True])))
    x, values = (Ball(*(array[kept] for array in ball)) for ball in (columns.x, values))
    slopes = Ball(*(array[kept[:-1]] for array in slopes))
    return FilteredPieces(*x, *values, *slopes, ends, history, kept[:-1])


def _start(ends: tuple[Fraction, Fraction]) -> Columns:
    if max(map(abs, ends)) > LARGEST:
        raise FilterFailed("the ends of the interval must be at most 2^900 in absolute value")
    middle = np.array([end.numerator / end.denominator for end in ends])
    x = Ball(middle, (np.abs(middle) * UNIT + TINY) * SLACK)
    births = Births(np.array([0, 0]), np.array([0, 1]), np.array([0, 0]))
    nonzero = np.array([[end != 0 for end in ends]])
    return Columns(
        x, births, Ball(*(array[None] for array in x)), nonzero, Ball(np.ones((1, 1)), np.zeros((1, 1)))
    )


def _outputs(layer: FloatLayer, columns: Columns) -> tuple[Ball, Ball]:
    return affine(layer, columns.values), linear(layer, columns.slopes)


def _hidden(layer: FloatLayer, level: int, columns: Columns, history: History, max_pieces: int) -> Columns:
    """Refine by the zeros of the neurons of a layer, and apply the ReLU."""
    values, slopes = _outputs(layer, columns)
    signs = exact_signs(layer, level, values, columns.positive, columns.births, history)
    zeros, new_signs = find_zeros(layer, level, values, signs, columns.births, history)
    where = zeros.interval
    count = len(where)
    if signs.shape[1] + count - 1 > max_pieces:
        raise TooManyPieces(f"the network has more than {max_pieces} pieces")
    if signs.shape[0] * (signs.shape[1] + count) > MAX_ENTRIES:
        raise FilterFailed(
            f"{signs.shape[0]} neurons at {signs.shape[1] + count} breakpoints need much memory"
        )
    parents = np.repeat(np.arange(signs.shape[1] - 1), 1 + np.bincount(where, minlength=signs.shape[1] - 1))
    signs = inserted(signs, new_signs, where)
    x, values = (
        Ball(*(inserted(a, b, where) for a, b in zip(old, interpolated(old, zeros), strict=True)))
        for old in (columns.x, values)
    )
    born = Births(np.full(count, level), zeros.neuron, where)
    births = Births(*(inserted(a, b, where) for a, b in zip(columns.births, born, strict=True)))
    positive = signs > 0
    active = positive[:, :-1] | positive[:, 1:]
    history.active.append(active)
    history.parents.append(parents)
    return Columns(
        x,
        births,
        Ball(np.maximum(values.middle, 0) * positive, values.radius * positive),
        positive,
        Ball(*(array[:, parents] * active for array in slopes)),
    )
