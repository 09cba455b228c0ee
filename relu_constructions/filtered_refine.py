"""Filtered refinement: the zeros of all neurons of a layer inside all intervals, in their true order.

A neuron is affine on an interval.  If its values z_l, z_r at the ends have opposite signs, it has one zero
there, at the part t = |z_l|/(|z_l| + |z_r|) of the way.  With a, b in place of |z_l|, |z_r|, wrong by at most
e_l, e_r, the part a/(a + b) is wrong by at most (e_l b + e_r a)/((a + b)(a + b - e_l - e_r)), because
|z_l| b - |z_r| a = (|z_l| - a) b - (|z_r| - b) a.  Zeros are in the order of their parts where these differ
by more than the errors; elsewhere they are compared as rational numbers, and equal ones are one breakpoint.
What is affine is interpolated: the errors at the ends enter as a mean, that of t times the difference.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from relu_constructions.filtered_history import Births, History
from relu_constructions.filtered_layers import (
    TINY,
    UNIT,
    Ball,
    FloatLayer,
    Indices,
    finite,
)

Signs = npt.NDArray[np.int8]
Array = TypeVar("Array", bound=npt.NDArray[Any])
SLACK = 1 + 2.0**-40
"""More than the relative error of a few operations."""
VAGUE = 2.0**-10
"""A part of an interval with a larger error is computed exactly."""


class Zeros(NamedTuple):
    """New breakpoints: in which interval, at which part of it, and a neuron that vanishes there."""

    interval: Indices
    part: Ball
    neuron: Indices


def find_zeros(
    layer: FloatLayer, level: int, values: Ball, signs: Signs, births: Births, history: History
) -> tuple[Zeros, Signs]:
    """Return the new breakpoints from left to right, and the signs of all neurons there.

    Parameters
    ----------
    layer : FloatLayer
    level : int
        The number of the layer, from 1 on.
    values : Ball
        Of the neurons before the ReLU, at all breakpoints.
    signs : array
        The same, exactly.
    births : Births
        Of the breakpoints.
    history : History
        Up to the layer before.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from relu_constructions.filtered_layers import float_layer
    >>> from relu_constructions.layer import Layer
    >>> exact = Layer([[4]], [-1])
    >>> values = Ball(np.array([[-1.0, 3.0]]), np.full((1, 2), 1e-16))
    >>> signs, history = np.array([[-1, 1]], dtype=np.int8), History((exact,), (Fraction(0), Fraction(1)))
    >>> births = Births(np.array([0, 0]), np.array([0, 1]), np.array([0, 0]))
    >>> zeros, new = find_zeros(float_layer(exact), 1, values, signs, births, history)
    >>> zeros.interval, zeros.part.middle, new
    (array([0]), array([0.25]), array([[0]], dtype=int8))
    """
    distinct = signs[layer.distinct]
    opposite = distinct[:, :-1] * distinct[:, 1:] < 0
    rows, interval = np.nonzero(opposite)
    neuron = layer.distinct[rows]
    part = _parts(*_at_ends(values, neuron, interval))
    _sharpen(part, level, neuron, interval, births, history)
    order = np.lexsort((part.middle, interval))
    order, group = _groups(order, level, neuron, interval, part, history)
    ordered = neuron[order], interval[order], rows[order]
    leaders = order[np.flatnonzero(np.diff(group, prepend=-1))]
    zeros = Zeros(interval[leaders], Ball(part.middle[leaders], part.radius[leaders]), neuron[leaders])
    place = np.zeros(opposite.shape, dtype=np.intp)
    place[ordered[2], ordered[1]] = group
    return zeros, _signs(layer, distinct, opposite, place, zeros.interval)


def _at_ends(values: Ball, neuron: Indices, interval: Indices) -> tuple[Ball, Ball]:
    left, right = (Ball(*(array[neuron, interval + k] for array in values)) for k in (0, 1))
    return left, right


def _parts(left: Ball, right: Ball) -> Ball:
    """The parts of the way at which the zeros lie; no error exceeds 1, for both numbers are in [0, 1]."""
    a, b = np.abs(left.middle), np.abs(right.middle)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        total = a + b
        least = total * (1 - 2.0**-40) - (left.radius + right.radius) * SLACK
        part = a / total
        error = left.radius / least * (b / total) + right.radius / least * part
        error = (error + 8 * UNIT) * SLACK
    bad = ~((least > 0) & (error < 1))
    return Ball(np.where(np.isfinite(part), np.clip(part, 0, 1), 0.5), np.where(bad, 1.0, error))


def _sharpen(
    part: Ball, level: int, neuron: Indices, interval: Indices, births: Births, history: History
) -> None:
    """Replace parts that are hardly known by those computed exactly."""
    vague = np.flatnonzero(part.radius > VAGUE).tolist()
    history.count(len(vague), len(births.layer) + len(interval))
    for k in vague:
        here = int(interval[k])
        left, right = (history.zero(*births.at(here + side)) for side in (0, 1))
        exact = (history.zero(level, int(neuron[k]), here) - left) / (right - left)
        part.middle[k], part.radius[k] = exact.numerator / exact.denominator, 2 * UNIT


def _groups(
    order: Indices, level: int, neuron: Indices, interval: Indices, part: Ball, history: History
) -> tuple[Indices, Indices]:
    """Put the zeros into their true order, and number them; equal ones get the same number.

    If every zero of an interval is apart from the next one, all are in order.  Otherwise those of the
    interval are taken together as far as their enclosures overlap.
    """
    middle, radius, where = part.middle[order], part.radius[order], interval[order]
    apart = middle[1:] - middle[:-1] > (radius[1:] + radius[:-1]) * SLACK + 4 * UNIT
    joined = (where[1:] == where[:-1]) & ~apart
    step = np.ones(len(order), dtype=np.intp)
    if joined.any():
        order = order.copy()
        for here in np.unique(where[1:][joined]).tolist():
            start, stop = np.searchsorted(where, (here, here + 1)).tolist()
            for first, run in _overlapping(order[start:stop], start, part):
                _sort(order, step, first, _exact(run, level, neuron, here, history, len(order)))
    return order, np.cumsum(step) - 1


def _exact(
    run: list[int], level: int, neuron: Indices, here: int, history: History, count: int
) -> dict[int, Fraction]:
    """The zeros as rational numbers; one that is alone need not be known."""
    if len(run) == 1:
        return {run[0]: Fraction(0)}
    history.count(len(run), count)
    return {k: history.zero(level, int(neuron[k]), here) for k in run}


def _overlapping(run: Indices, start: int, part: Ball) -> Iterator[tuple[int, list[int]]]:
    """Split the zeros of an interval where all enclosures before are below all after, with their places."""
    spread = part.radius[run] * SLACK + 4 * UNIT
    low, high = part.middle[run] - spread, part.middle[run] + spread
    by_low = np.argsort(low)
    reach = np.maximum.accumulate(high[by_low])
    cuts = np.flatnonzero(low[by_low][1:] > reach[:-1]) + 1
    for piece in np.split(run[by_low], cuts):
        yield start, piece.tolist()
        start += len(piece)


def _sort(order: Indices, step: Indices, first: int, exact: dict[int, Fraction]) -> None:
    """Put zeros in the order of rational numbers; the step to an equal one is 0."""
    run = sorted(exact, key=exact.__getitem__)
    order[first : first + len(run)] = run
    for place, (before, k) in enumerate(itertools.pairwise(run), first + 1):
        step[place] = exact[before] != exact[k]


def _signs(
    layer: FloatLayer, distinct: Signs, opposite: npt.NDArray[np.bool_], place: Indices, interval: Indices
) -> Signs:
    """The signs at the new breakpoints: before its own zero, number `place`, a neuron has the left one."""
    left, right = distinct[:, interval], distinct[:, interval + 1]
    later = place[:, interval] - np.arange(len(interval))
    inside = np.where(later > 0, left, np.where(later < 0, right, np.int8(0)))
    new = np.where(opposite[:, interval], inside, np.where(left != 0, left, right))
    if len(layer.distinct) == len(layer.first):
        return new
    return layer.same[:, None] * new[np.searchsorted(layer.distinct, layer.first)]


def interpolated(values: Ball, zeros: Zeros) -> Ball:
    """Return what is affine between the breakpoints at the new ones.

    Examples
    --------
    >>> zeros = Zeros(np.array([0]), Ball(np.array([0.25]), np.array([0.0])), np.array([0]))
    >>> interpolated(Ball(np.array([[0.0, 4.0]]), np.zeros((1, 2))), zeros).middle
    array([[1.]])
    """
    part, error = zeros.part
    left, right = (Ball(*(array[..., zeros.interval + k] for array in values)) for k in (0, 1))
    with np.errstate(over="ignore", invalid="ignore"):
        difference = right.middle - left.middle
        size = np.abs(difference)
        moved = error * (size + left.radius + right.radius)
        rounding = 4 * UNIT * (np.abs(left.middle) + size)
        radius = (np.maximum(left.radius, right.radius) + moved + rounding) * SLACK + TINY
        return finite(Ball(left.middle + part * difference, radius))


def inserted(old: Array, new: Array, interval: Indices) -> Array:
    """Insert columns, each after the breakpoint that begins its interval and after earlier new ones.

    Examples
    --------
    >>> inserted(np.array([[0.0, 4.0]]), np.array([[1.0, 2.0]]), np.array([0, 0]))
    array([[0., 1., 2., 4.]])
    """
    count = old.shape[-1] + len(interval)
    result: Any = np.empty((*old.shape[:-1], count), dtype=old.dtype)
    result[..., np.arange(old.shape[-1]) + np.searchsorted(interval, np.arange(old.shape[-1]))] = old
    result[..., interval + 1 + np.arange(len(interval))] = new
    refined: Array = result
    return refined
