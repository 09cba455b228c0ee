"""The hypothesis R(Phi) >= 0, decided in exact arithmetic: proved, refuted by a point, or left open.

An output is nonnegative everywhere if a hidden layer feeds it and its weights and bias are nonnegative.
With one input the exact affine pieces decide every other case, if they are not too many.  With several inputs
rational intervals are sent through the layers over a box; they prove, but their failure refutes nothing until
a point is found.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from relu_constructions.blocks import composed
from relu_constructions.box import Box, Interval
from relu_constructions.box import to_box as box_of
from relu_constructions.exact import shown
from relu_constructions.grid import TooManyPieces
from relu_constructions.layer import Layer, Row
from relu_constructions.parametrization import Parametrization
from relu_constructions.pieces import pieces
from relu_constructions.relu_form import relu_form

MAX_PIECES = 2**18
"""A network with one input and more affine pieces is left open."""


def require_nonnegative(phi: Parametrization, domain: Any = None) -> None:
    """Make sure that every output of a network is nonnegative on a domain.

    Parameters
    ----------
    phi : Parametrization
    domain : pair (lo, hi) or sequence of such pairs, optional
        Exact numbers; without it all of R^d is meant.

    Raises
    ------
    ValueError
        If an output is negative somewhere, with the point, or if nothing could be proved.

    Examples
    --------
    >>> phi = Parametrization([([[1], [1]], [0, -1]), ([[1, -2]], [0])])
    >>> require_nonnegative(phi, (0, 2))
    >>> require_nonnegative(phi, (0, 3))
    Traceback (most recent call last):
        ...
    ValueError: R(phi) must be nonnegative, got the value -1 at x = 3 in output 0; use sparse_concatenation
    """
    phi = relu_form(phi)
    box = None if domain is None else box_of(domain, phi.layers[0].inputs)
    for index, row in enumerate(phi.layers[-1].rows):
        if not _has_nonnegative_weights(row, phi.depth):
            last = Layer.from_rows([row], phi.layers[-1].inputs)
            _require_output(Parametrization([*phi.layers[:-1], last]), index, box)


def box_image(layers: Sequence[Layer], box: Iterable[Interval]) -> list[Interval]:
    """Enclose the outputs of a network over a box by rational interval arithmetic.

    Examples
    --------
    >>> lo, hi = box_image([Layer([[1], [-1]], [0, 0]), Layer([[1, 1]], [0])], [(-1, 2)])[0]
    >>> print(lo, hi)
    0 3
    """
    for layer in layers[:-1]:
        box = [(max(lo, Fraction(0)), max(hi, Fraction(0))) for lo, hi in _affine_image(layer, box)]
    return _affine_image(layers[-1], box)


def _affine_image(layer: Layer, box: Iterable[Interval]) -> list[Interval]:
    sides = list(box)
    image = []
    for row in layer.rows:
        lo = hi = Fraction(row.bias)
        for j, weight in zip(row.columns, row.numerators, strict=True):
            ends = sorted((weight * sides[j][0], weight * sides[j][1]))
            lo, hi = lo + ends[0], hi + ends[1]
        image.append((lo / row.denominator, hi / row.denominator))
    return image


def _has_nonnegative_weights(row: Row, depth: int) -> bool:
    """Whether the output is nonnegative on all of R^d, seen from its weights alone."""
    return row.bias >= 0 and (not row.columns or (depth >= 2 and min(row.numerators) >= 0))


def _require_output(phi: Parametrization, index: int, box: Box | None) -> None:
    if box is not None and _lower_bound(phi, box) >= 0:
        return
    point, decisive = _low_point(phi, box)
    value = _lower_bound(phi, [(x, x) for x in point]) if point else Fraction(0)
    if value < 0:
        raise ValueError(
            f"R(phi) must be nonnegative, got the value {shown(value)} at x = {_written(point)} "
            f"in output {index}; use sparse_concatenation"
        )
    if not decisive:
        raise ValueError(
            f"R(phi) must be nonnegative, which could not be proved for output {index}; "
            f"use sparse_concatenation or pass a {'' if box is None else 'smaller '}domain"
        )


def _lower_bound(phi: Parametrization, box: Sequence[Interval]) -> Fraction:
    """A lower bound of the output over a box; at a point it is the value itself."""
    return box_image(phi.layers, box)[0][0]


def _written(point: list[Fraction]) -> str:
    numbers = ", ".join(map(shown, point))
    return numbers if len(point) == 1 else f"({numbers})"


def _low_point(phi: Parametrization, box: Box | None) -> tuple[list[Fraction], bool]:
    """A point where the output is low, or none; and whether it is negative somewhere only if it is there."""
    if phi.layers[0].inputs > 1:
        return ([] if box is None else _low_corner(phi, box)), False
    try:
        return [_lowest_knot(phi, None if box is None else box[0])], True
    except TooManyPieces:
        return [], False


def _lowest_knot(phi: Parametrization, domain: Interval | None) -> Fraction:
    """A point where the value is negative, if there is any; otherwise the lowest knot."""
    found = pieces(phi, domain, max_pieces=MAX_PIECES)
    knots, values = list(found.breakpoints), list(found.values)
    if domain is None and found.slopes[0] > 0:
        return Fraction(knots[0] - (abs(values[0]) + 1) / found.slopes[0])
    if domain is None and found.slopes[-1] < 0:
        return Fraction(knots[-1] - (abs(values[-1]) + 1) / found.slopes[-1])
    return Fraction(min(zip(values, knots, strict=True))[1])


def _low_corner(phi: Parametrization, box: Sequence[Interval]) -> list[Fraction]:
    """The corner of the box that is lowest if every neuron is active; exact for depth 1."""
    (slope,) = functools.reduce(composed, reversed(phi.layers)).rows
    weights = dict(zip(slope.columns, slope.numerators, strict=True))
    return [hi if weights.get(j, 0) < 0 else lo for j, (lo, hi) in enumerate(box)]
