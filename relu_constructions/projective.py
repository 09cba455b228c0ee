"""Exact pieces in homogeneous coordinates, in integers of any size: the general kernel.

A breakpoint x = X/Q and the values v_i = V_i/(Q S_i) of the neurons there form an integer vector
(Q, X, V_1, ..., V_N) with one scale S_i a neuron.  In these coordinates an affine map is linear, and the zero
of a neuron between two breakpoints is an integer combination of them, so no fraction is ever formed.  Vectors
with Q = 0 are the two ends of the line: there V_i/S_i is the slope of the neuron, and the same rules hold.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from relu_constructions.grid import TooManyPieces
from relu_constructions.layer import ExactArray, Layer, Row


class Coordinates(NamedTuple):
    """Breakpoints X/Q and the values V/(Q S) of one function there; Q = 0 at the ends of the line."""

    Q: ExactArray
    X: ExactArray
    V: ExactArray
    S: int


class State(NamedTuple):
    """The rows Q, X, V_1, ..., V_N and the scales S_1, ..., S_N."""

    rows: list[ExactArray]
    scales: list[int]


def projective_pieces(
    layers: tuple[Layer, ...],
    domain: tuple[Fraction, Fraction] | None,
    max_pieces: int,
    progress: Callable[[int, int], None] | None = None,
    begun: State | None = None,
) -> Coordinates:
    """Return the breakpoints and the values there of a network with one input and one output.

    Parameters
    ----------
    layers : tuple of Layer
    domain : (Fraction, Fraction) or None
        None is the whole line; the first and the last vector are then its ends, with Q = 0.
    max_pieces : int
    progress : callable, optional
        Called with the number of the layer and the number of breakpoints.
    begun : State, optional
        The breakpoints of the first hidden layer and the values of the second affine map there, if they are
        known already.

    Raises
    ------
    TooManyPieces
        Before more than `max_pieces` pieces are stored.

    Examples
    --------
    >>> tent = (Layer([[1], [1]], [0, "-1/2"]), Layer([[2, -4]], [0]))
    >>> Q, X, V, S = projective_pieces(tent, None, 100)
    >>> Q, X, V, S
    (array([0, 1, 2, 0], dtype=object), array([-1, 0, 1, 1], dtype=object), \
array([0, 0, 2, -2], dtype=object), 1)
    """
    Q, X = (_array(row) for row in _start(domain))
    state = begun or State([Q, X, X], [1])
    for index, layer in enumerate(layers, start=1):
        if begun is None or index > 2:
            state = _affine(layer, state)
        if index < len(layers) and (begun is None or index > 1):
            state = _refine(state, max_pieces)
            state = State(state.rows[:2] + [np.maximum(row, 0) for row in state.rows[2:]], state.scales)
        if progress is not None:
            progress(index, len(state.rows[0]))
    Q, X, V = state.rows
    return Coordinates(Q, X, V, state.scales[0])


def _start(domain: tuple[Fraction, Fraction] | None) -> tuple[list[int], list[int]]:
    if domain is None:
        return [0, 1, 0], [-1, 0, 1]
    return [end.denominator for end in domain], [end.numerator for end in domain]


def _array(integers: list[int]) -> ExactArray:
    return np.array(integers, dtype=object)


def _affine(layer: Layer, state: State) -> State:
    rows, scales = [], []
    for row in layer.rows:
        values, scale = _neuron(row, state)
        rows.append(values)
        scales.append(scale)
    return State(state.rows[:2] + rows, scales)


def _neuron(row: Row, state: State) -> tuple[ExactArray, int]:
    """One neuron before the ReLU: a sum of integer multiples of the rows below and of Q."""
    shared = math.lcm(*(state.scales[j] for j in row.columns))
    factors = [n * (shared // state.scales[j]) for n, j in zip(row.numerators, row.columns, strict=True)]
    bias, scale = row.bias * shared, row.denominator * shared
    common = math.gcd(scale, bias, *factors)
    total = state.rows[0] * (bias // common)
    for factor, j in zip(factors, row.columns, strict=True):
        total = total + state.rows[2 + j] * (factor // common)
    return total, scale // common


class Zeros(NamedTuple):
    """Zeros of neurons inside intervals: left * high + right * low, with the ends of interval `after`."""

    after: npt.NDArray[np.intp]
    low: ExactArray
    high: ExactArray


def _refine(state: State, max_pieces: int) -> State:
    """Insert every sign change of every neuron as a breakpoint."""
    found = [zeros for v in state.rows[2:] if (zeros := _sign_changes(v)) is not None]
    if not found:
        return state
    zeros = found[0] if len(found) == 1 else _merged(state, found)
    if len(state.rows[0]) + len(zeros.after) - 1 > max_pieces:
        raise TooManyPieces(f"the network has more than {max_pieces} pieces")
    new = [_at(row, zeros) for row in state.rows]
    common = np.gcd(new[0], new[1])
    inserted = (
        np.insert(row, zeros.after + 1, fresh // common) for row, fresh in zip(state.rows, new, strict=True)
    )
    return State(list(inserted), state.scales)


def _sign_changes(v: ExactArray) -> Zeros | None:
    left, right = v[:-1], v[1:]
    signs = ((left < 0) & (right > 0)) | ((left > 0) & (right < 0))
    after = np.flatnonzero(signs.astype(bool))
    return Zeros(after, np.abs(v[after]), np.abs(v[after + 1])) if len(after) else None


def _at(row: ExactArray, zeros: Zeros) -> ExactArray:
    values: ExactArray = row[zeros.after] * zeros.high + row[zeros.after + 1] * zeros.low
    return values


def _merged(state: State, found: list[Zeros]) -> Zeros:
    """Sort the zeros of several neurons by their place on the line, and drop repetitions."""
    joined = Zeros(*(np.concatenate(parts) for parts in zip(*found, strict=True)))
    Q, X = (_at(row, joined) for row in state.rows[:2])
    places = [Fraction(x, q) for x, q in zip(X.tolist(), Q.tolist(), strict=True)]
    first = {place: index for index, place in reversed(list(enumerate(places)))}
    order = np.array([first[place] for place in sorted(first)], dtype=np.intp)
    return Zeros(joined.after[order], joined.low[order], joined.high[order])
