"""Filtered signs: what float64 decides, what the zeros of the network decide, and the exact rest."""

from __future__ import annotations

import numpy as np

from relu_constructions.filtered_history import Births, History, Mask
from relu_constructions.filtered_layers import UNIT, Ball, FloatLayer, Indices
from relu_constructions.filtered_refine import SLACK, Signs


def exact_signs(
    layer: FloatLayer, level: int, values: Ball, inputs: Mask, births: Births, history: History
) -> Signs:
    """Return the true signs of the neurons of a layer, before the ReLU, at all breakpoints.

    A value that exceeds its error bound has its sign.  A neuron without a bias is 0 where every neuron below
    to which it gives a weight is 0.  The rest is computed exactly.

    Parameters
    ----------
    layer : FloatLayer
    level : int
        The number of the layer, from 1 on.
    values : Ball
        Enclosures of the values.
    inputs : array of bool
        Whether the neurons below differ from 0.
    births : Births
        Of the breakpoints.
    history : History
        Up to the layer before.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from relu_constructions.filtered_layers import float_layer
    >>> from relu_constructions.layer import Layer
    >>> exact = Layer([[3]], [-1])
    >>> history = History((exact,), (Fraction(1, 3), Fraction(1)))
    >>> births = Births(np.array([0, 0]), np.array([0, 1]), np.array([0, 0]))
    >>> values = Ball(np.array([[1e-17, 2.0]]), np.full((1, 2), 1e-16))
    >>> exact_signs(float_layer(exact), 1, values, np.array([[True, True]]), births, history)
    array([[0, 1]], dtype=int8)
    """
    decided = np.abs(values.middle) > values.radius
    signs: Signs = (np.sign(values.middle) * decided).astype(np.int8)
    undecided = ~decided
    undecided[layer.first != np.arange(len(layer.first))] = False
    columns = np.flatnonzero(undecided.any(axis=0))
    if len(columns):
        undecided[:, columns] &= _reached(layer, inputs[:, columns])
        _decide(signs, undecided, level, births, history)
    copies = np.flatnonzero(layer.first != np.arange(len(layer.first)))
    signs[copies] = layer.same[copies, None] * signs[layer.first[copies]]
    return signs


def _reached(layer: FloatLayer, inputs: Mask) -> Mask:
    """Whether a neuron has a bias or an input that is not 0; the numbers counted here are exact."""
    reached: Mask = (layer.magnitudes > 0).astype(float) @ inputs.astype(float) > 0
    reached |= (layer.b != 0)[:, None]
    return reached


def _decide(signs: Signs, undecided: Mask, level: int, births: Births, history: History) -> None:
    neurons, places = np.nonzero(undecided)
    history.count(len(neurons), signs.shape[1])
    for i, place in zip(neurons.tolist(), places.tolist(), strict=True):
        x = history.zero(*births.at(place))
        signs[i, place] = history.sign(level, i, min(place, signs.shape[1] - 2), x)


def straight(layers: list[FloatLayer], slopes: Ball, history: History) -> Mask:
    """Decide at which inner breakpoints the slope of the output does not change.

    Slopes with disjoint enclosures differ.  Where the neurons from which active neurons lead to the output
    are the same on both sides, the slope is the same.  The rest is computed exactly.

    Examples
    --------
    >>> from fractions import Fraction
    >>> history = History((), (Fraction(0), Fraction(1)))
    >>> straight([], Ball(np.array([1.0, 2.0]), np.array([0.1, 0.1])), history)
    array([False])
    """
    size = np.abs(slopes.middle)
    apart = (
        np.abs(np.diff(slopes.middle))
        > (slopes.radius[1:] + slopes.radius[:-1] + 4 * UNIT * (size[1:] + size[:-1])) * SLACK
    )
    same = np.zeros(len(apart), dtype=bool)
    doubtful = np.flatnonzero(~apart)
    same[doubtful] = _same_paths(layers, doubtful, history)
    doubtful = doubtful[~same[doubtful]]
    history.count(len(doubtful), len(slopes.middle))
    for place in doubtful.tolist():
        before, after = (history.function(len(layers), 0, place + k) for k in (0, 1))
        same[place] = before[0] == after[0]
    return same


def _same_paths(layers: list[FloatLayer], places: Indices, history: History) -> Mask:
    """Whether the neurons that matter to the output are the same before and after these breakpoints."""
    sides = []
    depth = len(layers) - 1
    for intervals in (places, places + 1):
        lineage = history.lineage(depth, intervals)
        above, found = np.ones((1, len(places)), dtype=bool), []
        for k in range(depth, 0, -1):
            leads = (layers[k].magnitudes > 0).astype(float).T @ above.astype(float) > 0
            above = leads & history.active[k - 1][:, lineage[k - 1]]
            found.append(above)
        sides.append(found)
    same = np.ones(len(places), dtype=bool)
    for left, right in zip(*sides, strict=True):
        same &= (left == right).all(axis=0)
    return same
