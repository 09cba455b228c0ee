"""Kink points: where a hidden preactivation can have a zero that is no interval of zeros.

Both kernels of `pieces` insert the sign changes of all neurons, layer by layer, before ReLU is applied.  So
between neighbouring breakpoints every preactivation is affine and changes no sign, and a point x strictly
between them is no isolated zero: a preactivation that is zero at x and not constant would change sign there,
and one that is constant is zero on the whole interval.  Hence the breakpoints of the kernels contain every
kink inside the domain; those at which a preactivation only touches zero are breakpoints of the layers below.
A wide first layer begins with the kinks of all its neurons, so the same holds.  `pieces` drops breakpoints at
which the slope of R(Phi) does not change; here they are kept, with the ends of the domain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from relu_constructions.grid import OffGrid, grid_pieces
from relu_constructions.hinges import is_wide
from relu_constructions.layer import Layer
from relu_constructions.projective import projective_pieces
from relu_constructions.shallow import shallow_grid, shallow_state

Interval = tuple[Fraction, Fraction]
Progress = Callable[[int, int], None]


class Places(NamedTuple):
    """Points X/Q with positive Q, increasing: integers in int64 or of any size."""

    X: npt.NDArray[Any]
    Q: npt.NDArray[Any]

    @classmethod
    def of(cls, points: Sequence[Fraction]) -> Places:
        """Make the arrays of increasing rationals."""
        X, Q = ([x.numerator for x in points], [x.denominator for x in points])
        return cls(np.array(X, dtype=object), np.array(Q, dtype=object))


def kink_points(
    layers: tuple[Layer, ...], domain: Interval | None, max_pieces: int, progress: Progress | None = None
) -> Places:
    """Return points among which are all isolated zeros of hidden preactivations in the domain, both ends too.

    Parameters
    ----------
    layers : tuple of Layer
        Of a ReLU network with one input and one output.
    domain : (Fraction, Fraction) or None
        None is the whole line.
    max_pieces : int
    progress : callable, optional
        Called as ``progress(layers done, layers in all)``.

    Raises
    ------
    TooManyPieces
        If there are more than `max_pieces` intervals between the points.

    Examples
    --------
    >>> line = (Layer([[1], [-1]], [0, 0]), Layer([[1, -1]], [0]))
    >>> kink_points(line, (Fraction(-1, 2), Fraction(1)), 100)
    Places(X=array([-1,  0,  2]), Q=array([2, 2, 2]))
    >>> kink_points(line, None, 100)
    Places(X=array([0], dtype=object), Q=array([1], dtype=object))
    """

    def report(index: int, _: int) -> None:
        if progress is not None:
            progress(index, len(layers))

    wide = is_wide(layers)
    if domain is not None:
        try:
            begun = shallow_grid(layers, domain, max_pieces) if wide else None
            x, _ = grid_pieces(layers, domain, max_pieces, report, begun)
            return Places(x.numerators, np.full(len(x.numerators), x.denominator))
        except OffGrid:
            pass
    state = shallow_state(layers, domain, max_pieces) if wide else None
    found = projective_pieces(layers, domain, max_pieces, report, state)
    finite = (found.Q != 0).astype(bool)
    return Places(found.X[finite], found.Q[finite])
