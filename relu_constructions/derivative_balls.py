"""D(Phi) over balls: enclosures of the derivative at all points of a box.

Forward mode in ball arithmetic.  The slope of the activation over a ball of preactivations contains those at
all points of it, and on both sides of the kinks in it.  Since sums and products of balls contain the sums and
products of their points, an entry of the result contains that of D(Phi)(t) for all t; if no preactivation is
a ball that is nothing but a kink, it contains that of every element of the Clarke set at t as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from relu_constructions.layer import Row
from relu_constructions.parametrization import Parametrization
from relu_constructions.points import AnyArray
from relu_constructions.realization import ball_row


def derivative_in_balls(phi: Parametrization, columns: AnyArray, at_kink: Sequence[Fraction]) -> AnyArray:
    """Enclose D(Phi) over columns of balls, at `flint.ctx.prec`, shape (N_L, N_0, n).

    Examples
    --------
    >>> from relu_constructions import hat
    >>> balls = np.array([[flint.arb(0.25, 0.125), flint.arb(0.5, 0.125)]], dtype=object)
    >>> found = derivative_in_balls(hat(), balls, [Fraction(0)])[0, 0]
    >>> found[0] == 2, -2 in found[1], 2 in found[1]
    (True, True, True)
    """
    outputs, inputs = phi.architecture[-1], phi.architecture[0]
    result = np.empty((outputs, inputs, columns.shape[1]), dtype=object)
    for j, point in enumerate(columns.T):
        values = list(point)
        slopes = [[flint.arb(int(i == k)) for i in range(inputs)] for k in range(inputs)]
        for layer in phi.layers[:-1]:
            sums = [ball_row(row, values) for row in layer.rows]
            factors = [phi.activation.ball_slope(z, at_kink) for z in sums]
            values = [phi.activation.ball(z) for z in sums]
            slopes = [_times(_applied(layer.rows, column), factors) for column in slopes]
        for k, column in enumerate(slopes):
            result[:, k, j] = _applied(phi.layers[-1].rows, column)
    return result


def _applied(rows: Sequence[Row], values: list[Any]) -> list[Any]:
    return [ball_row(row, values, homogeneous=True) for row in rows]


def _times(slopes: list[Any], factors: list[Any]) -> list[Any]:
    return [slope * factor for slope, factor in zip(slopes, factors, strict=True)]
