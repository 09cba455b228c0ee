"""Pieces: the exact affine pieces of a network with one input and one output.

Two kernels find the breakpoints: `grid` in int64, where it can prove beforehand that nothing overflows, and
`projective` in integers of any size.  They share no arithmetic and agree piece by piece.  A wide first layer
is not refined neuron by neuron, but by sorted kinks and running sums: `shallow`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from relu_constructions.box import to_interval as to_interval
from relu_constructions.exact import shown
from relu_constructions.grid import LIMIT, OffGrid, Values, grid_pieces
from relu_constructions.hinges import is_wide
from relu_constructions.parametrization import Parametrization
from relu_constructions.projective import Coordinates, projective_pieces
from relu_constructions.relu_form import relu_form
from relu_constructions.shallow import shallow_grid, shallow_state

MAX_PIECES = {"int64": 2**23, "integers": 2**22}
"""How many pieces a kernel lists if the caller sets no limit; the general one needs far more memory."""

KERNELS = ("auto", "int64", "integers")


class Piece(NamedTuple):
    """x -> slope * x + intercept on [lower, upper]."""

    lower: Fraction
    upper: Fraction
    slope: Fraction
    intercept: Fraction


@dataclass(frozen=True, eq=False)
class Pieces:
    """A continuous piecewise linear function on an interval, by its breakpoints and its values there.

    Attributes
    ----------
    X, Q : integer array; int or integer array
        The breakpoints X/Q, both ends of the interval included.
    V, S : integer array; int or integer array
        The values V/S there.
    kernel : str
        ``"int64"`` or ``"integers"``: the arithmetic that found them.
    outer : (Fraction, Fraction) or None
        On the whole line: the slopes before the first and after the last breakpoint.
    """

    X: Any
    Q: Any
    V: Any
    S: Any
    kernel: str
    outer: tuple[Fraction, Fraction] | None = None

    @cached_property
    def breakpoints(self) -> list[Fraction]:
        """The breakpoints in increasing order."""
        return _fractions(self.X, self.Q)

    @cached_property
    def values(self) -> list[Fraction]:
        """The values at the breakpoints."""
        return _fractions(self.V, self.S)

    @cached_property
    def slopes(self) -> list[Fraction]:
        """The slopes of all pieces, from left to right."""
        x, y = self.breakpoints, self.values
        inner = [(y[i + 1] - y[i]) / (x[i + 1] - x[i]) for i in range(len(x) - 1)]
        return inner if self.outer is None else [self.outer[0], *inner, self.outer[1]]

    def end_slopes(self) -> tuple[Fraction, Fraction]:
        """The slopes of the first and the last piece, without listing the others."""
        if self.outer is not None:
            return self.outer
        x, y = (_fractions(*_ends(n, d)) for n, d in ((self.X, self.Q), (self.V, self.S)))
        return (y[1] - y[0]) / (x[1] - x[0]), (y[3] - y[2]) / (x[3] - x[2])

    def __len__(self) -> int:
        if self.outer is None:
            return len(self.X) - 1
        return 1 if len(self.X) == 1 and self.outer[0] == self.outer[1] else len(self.X) + 1

    def __iter__(self) -> Iterator[Piece]:
        x, y, s = self.breakpoints, self.values, self.slopes
        first = 0 if self.outer is None else 1
        for i in range(len(x) - 1):
            slope = s[first + i]
            yield Piece(x[i], x[i + 1], slope, y[i] - slope * x[i])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pieces):
            return NotImplemented
        mine, others = (
            (self.breakpoints, self.values, self.outer),
            (other.breakpoints, other.values, other.outer),
        )
        return mine == others

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        ends = "(-oo, oo)" if self.outer else f"[{shown(_end(self, 0))}, {shown(_end(self, -1))}]"
        return f"Pieces({len(self)} on {ends}, kernel={self.kernel!r})"


def pieces(
    phi: Parametrization,
    domain: Any = None,
    *,
    kernel: str = "auto",
    max_pieces: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Pieces:
    """Return the maximal affine pieces of R(phi), exactly.

    Parameters
    ----------
    phi : Parametrization
        With one input and one output, and a piecewise affine activation.
    domain : (lo, hi), optional
        Exact numbers; the whole line if it is left out.
    kernel : {"auto", "int64", "integers"}
        ``"int64"`` works on a common grid and refuses networks that need more than 61 bits;
        ``"integers"`` takes every network; ``"auto"`` tries the first and then the second.
    max_pieces : int, optional
        Enumeration stops beyond this number; `MAX_PIECES` of the kernel, if it is left out.
    progress : callable, optional
        Called as ``progress(layers done, layers in all)``.

    Returns
    -------
    Pieces

    Raises
    ------
    TypeError
        If the activation is not piecewise affine.
    ValueError
        If the network has several inputs or outputs, the domain is empty, the pieces are too many
        (`TooManyPieces`), or the int64 kernel was asked for and cannot serve (`OffGrid`).

    Examples
    --------
    >>> from relu_constructions import hat
    >>> for piece in pieces(hat("three_neurons"), (-1, 1)):
    ...     print(*piece)
    -1 0 0 0
    0 1/2 2 0
    1/2 1 -2 2
    >>> pieces(hat("three_neurons")).slopes
    [Fraction(0, 1), Fraction(2, 1), Fraction(-2, 1), Fraction(0, 1)]
    """
    if phi.architecture[0] != 1 or phi.architecture[-1] != 1:
        raise ValueError(f"pieces need a network with one input and one output, got {phi.architecture}")
    if kernel not in KERNELS:
        raise ValueError(f"kernel must be one of {', '.join(KERNELS)}, got {kernel!r}")
    ends = None if domain is None else to_interval(domain)

    def report(index: int, _: int) -> None:
        if progress is not None:
            progress(index, phi.depth)

    limits = {name: limit if max_pieces is None else max_pieces for name, limit in MAX_PIECES.items()}
    layers = relu_form(phi).layers
    wide = is_wide(layers)
    if ends is not None and kernel != "integers":
        try:
            begun = shallow_grid(layers, ends, limits["int64"]) if wide else None
            return _from_grid(*grid_pieces(layers, ends, limits["int64"], report, begun))
        except OffGrid:
            if kernel == "int64":
                raise
    state = shallow_state(layers, ends, limits["integers"]) if wide else None
    return _from_coordinates(projective_pieces(layers, ends, limits["integers"], report, state), ends is None)


def _from_grid(x: Values, y: Values) -> Pieces:
    """Drop the breakpoints with equal slopes; no number is beyond 2^62, so differences fit in int64."""
    dx, dy = np.diff(x.numerators), np.diff(y.numerators)
    even = dx.min() == dx.max()
    if not even and int(np.abs(dy).max()) * int(dx.max()) > LIMIT:
        dx, dy = dx.astype(object), dy.astype(object)
    bent = dy[1:] != dy[:-1] if even else dy[1:] * dx[:-1] != dy[:-1] * dx[1:]
    if not bent.all():
        kept = np.concatenate(([True], bent.astype(bool), [True]))
        x, y = x._replace(numerators=x.numerators[kept]), y._replace(numerators=y.numerators[kept])
    return Pieces(x.numerators, x.denominator, y.numerators, y.denominator, "int64")


def _from_coordinates(given: Coordinates, whole_line: bool) -> Pieces:
    Q, X, V, S = given
    rise = V[1:] * Q[:-1] - V[:-1] * Q[1:]
    run = X[1:] * Q[:-1] - X[:-1] * Q[1:]
    bent = rise[1:] * run[:-1] != rise[:-1] * run[1:]
    kept = np.concatenate(([not whole_line], bent.astype(bool), [not whole_line]))
    if not kept.any():
        kept[1] = True
    outer = (Fraction(-V[0], S), Fraction(V[-1], S)) if whole_line else None
    return Pieces(X[kept], Q[kept], V[kept], S * Q[kept], "integers", outer)


def _fractions(numerators: Any, denominators: Any) -> list[Fraction]:
    if isinstance(denominators, int):
        return [Fraction(n, denominators) for n in numerators.tolist()]
    return [Fraction(n, d) for n, d in zip(numerators.tolist(), denominators.tolist(), strict=True)]


def _ends(numerators: Any, denominators: Any) -> tuple[Any, Any]:
    """The first two and the last two entries."""
    picked = np.array([0, 1, -2, -1])
    return numerators[picked], denominators if isinstance(denominators, int) else denominators[picked]


def _end(given: Pieces, index: int) -> Fraction:
    Q = given.Q if isinstance(given.Q, int) else given.Q[index]
    return Fraction(int(given.X[index]), int(Q))
