"""Magnitude: the same function with weights of modulus at most 1."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from relu_constructions.compatibility import require_relu
from relu_constructions.layer import Layer, Row, exact_row
from relu_constructions.parametrization import Parametrization, refuse_excess

Entries = dict[int, Fraction]


def unit_magnitude(phi: Parametrization) -> Parametrization:
    """Return a network with the same realization whose weights and biases are at most 1 in modulus.

    A hidden neuron whose largest outgoing weight is w is replaced by ceil(|w|) copies of itself.  Where a
    bias or a weight of the inputs exceeds 1, the layer is divided by a power of two, and the output is
    doubled as often by layers of its own.

    Parameters
    ----------
    phi : Parametrization

    Returns
    -------
    Parametrization
        Depth L + E, if the layers are divided by 2^E in all.

    Raises
    ------
    ValueError
        If there would be more nonzeros than the limit.

    Examples
    --------
    >>> from relu_constructions import hat
    >>> phi = unit_magnitude(hat())
    >>> phi.architecture, phi.magnitude, phi("1/4") == hat()("1/4")
    ((1, 6, 1), Fraction(1, 1), True)
    """
    require_relu("unit_magnitude", phi)
    layers, exponent = _divided(phi)
    copies = [_copies(layer, len(below)) for below, layer in itertools.pairwise(layers)]
    copies.append([1] * len(layers[-1]))
    refuse_excess("the network", _duplicated_size(layers, copies), 0)
    inputs = phi.architecture[0]
    below: list[tuple[int, ...]] = [(j,) for j in range(inputs)]
    made = []
    for layer, counts in zip(layers, copies, strict=True):
        rows = [_spread(row, below) for row, count in zip(layer, counts, strict=True) for _ in range(count)]
        made.append(Layer.from_rows(rows, sum(map(len, below))))
        below, start = [], 0
        for count in counts:
            below.append(tuple(range(start, start + count)))
            start += count
    return Parametrization([*made[:-1], *_doubling(made[-1], exponent)])


def _divided(phi: Parametrization) -> tuple[list[list[tuple[Entries, Fraction]]], int]:
    """Divide layers by powers of two until biases and the weights of the inputs are at most 1."""
    exponent, layers = 0, []
    for index, layer in enumerate(phi.layers):
        rows = [_entries(row) for row in layer.rows]
        step = 0
        largest = max((abs(bias) for _, bias in rows), default=Fraction(0)) / 2**exponent
        if index == 0:
            largest = max(largest, *(abs(w) for terms, _ in rows for w in terms.values()), Fraction(0))
        while largest > 2**step:
            step += 1
        exponent += step
        scale = Fraction(1, 2**step)
        layers.append(
            [({j: w * scale for j, w in terms.items()}, bias / 2**exponent) for terms, bias in rows]
        )
    return layers, exponent


def _entries(row: Row) -> tuple[Entries, Fraction]:
    weights = (Fraction(n, row.denominator) for n in row.numerators)
    return dict(zip(row.columns, weights, strict=True)), Fraction(row.bias, row.denominator)


def _copies(layer: Sequence[tuple[Entries, Fraction]], neurons: int) -> list[int]:
    """How many copies of each neuron below a layer are needed."""
    counts: dict[int, int] = {}
    for terms, _ in layer:
        for j, w in terms.items():
            counts[j] = max(counts.get(j, 1), -int(-abs(w) // 1))
    return [counts.get(j, 1) for j in range(neurons)]


def _spread(row: tuple[Entries, Fraction], below: Sequence[tuple[int, ...]]) -> Row:
    """A row over the copies of the neurons below."""
    terms, bias = row
    spread = {k: w / len(below[j]) for j, w in terms.items() for k in below[j]}
    return exact_row(spread, bias)


def _duplicated_size(
    layers: Sequence[Sequence[tuple[Entries, Fraction]]], copies: Sequence[list[int]]
) -> int:
    return sum(
        count * (len(terms) + (bias != 0))
        for layer, counts in zip(layers, copies, strict=True)
        for (terms, bias), count in zip(layer, counts, strict=True)
    )


def _doubling(last: Layer, exponent: int) -> list[Layer]:
    """The last layer, and as many doublings of its output: y = rho(y) - rho(-y), each of them twice."""
    if exponent == 0:
        return [last]
    outputs = len(last.rows)
    first, kept = [], []
    for row in last.rows:
        terms, bias = _entries(row)
        turned = {j: -w for j, w in terms.items()}, -bias
        first += [exact_row(terms, bias)] * 2 + [exact_row(*turned)] * 2
    for i in range(outputs):
        kept += [exact_row({4 * i + j: Fraction(1) for j in pair}, Fraction(0)) for pair in PAIRS]
    end = [
        exact_row({4 * i + j: Fraction(1 if j < 2 else -1) for j in range(4)}, Fraction(0))
        for i in range(outputs)
    ]
    middle = [Layer.from_rows(kept, 4 * outputs)] * (exponent - 1)
    return [Layer.from_rows(first, last.inputs), *middle, Layer.from_rows(end, 4 * outputs)]


PAIRS = ((0, 1), (0, 1), (2, 3), (2, 3))
