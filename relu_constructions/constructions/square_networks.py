"""The layers of the squaring networks: Yarotsky's, EPGB's, and three of our own.

They are written for [0, 1]; by positive homogeneity the same weights serve on [0, B] once the hidden biases
are multiplied by B, the output weights by B and the output bias by B^2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from relu_constructions.layer import Layer, Row, integer_row
from relu_constructions.parametrization import Parametrization

Rows = list[Row]


def build(form: str, m: int, B: Fraction, s: int, c: int, k: int) -> Parametrization:
    """Build m levels on [0, B], with |x| in front if s = 1 and half of the sup error subtracted if c = 1.

    Examples
    --------
    >>> build("sparse", 2, Fraction(1), 0, 0, 2).architecture
    (1, 2, 2, 1)
    """
    *hidden, output = _FORMS[form](m, k)
    layers = [[_scaled(row, 1, B) for row in rows] for rows in hidden]
    shift = Fraction(-c, 8 * k ** (2 * m)) * B * B
    layers.append([_shifted(_scaled(output[0], B, Fraction(1)), shift)])
    if s:
        layers[0] = [row._replace(columns=(0, 1), numerators=row.numerators * 2) for row in layers[0]]
        layers.insert(0, [integer_row({0: 1}), integer_row({0: -1})])
    sizes = [1, *map(len, layers)]
    return Parametrization([Layer.from_rows(r, n) for r, n in zip(layers, sizes, strict=False)])


def _scaled(row: Row, weight: Fraction | int, bias: Fraction) -> Row:
    if weight == 1 and (bias == 1 or row.bias == 0):
        return row
    w, b = Fraction(weight), bias
    columns = {j: n * w.numerator * b.denominator for j, n in zip(row.columns, row.numerators, strict=True)}
    shared = row.denominator * w.denominator * b.denominator
    return integer_row(columns, row.bias * b.numerator * w.denominator, shared)


def _shifted(row: Row, shift: Fraction) -> Row:
    if shift == 0:
        return row
    columns = {j: n * shift.denominator for j, n in zip(row.columns, row.numerators, strict=True)}
    return integer_row(columns, shift.numerator * row.denominator, row.denominator * shift.denominator)


def _sparse(m: int, k: int) -> Iterator[Rows]:
    """f_m = 2^-m x + sum_j (2^(1-j) - 2^(1-m)) t_j, t_j = rho(x_j - 2^(-j-1)), x_{j+1} = x_j - 2 t_j."""
    unit = 2**m
    yield [integer_row({0: 1}), integer_row({0: 2}, -1, 2)]
    for j in range(1, m):
        gain = {1: 2 * (2 ** (m - j + 1) - 1), **({0: 1} if j == 1 else {2: unit})}
        carry = [integer_row({0: 1, 1: -2})] if j < m - 1 else []
        hinge = integer_row({0: 2 << j, 1: -4 << j}, -1, 2 << j)
        yield [*carry, hinge, integer_row(gain, 0, unit)]
    yield [integer_row({0: 2, 1: unit}, 0, unit) if m > 1 else integer_row({0: 1, 1: 2}, 0, 2)]


def _unit_weights(m: int, k: int) -> Iterator[Rows]:
    """The sparse form for X_j = 2^-j x_j, T_j = 2^-j t_j and half of the sum, counted twice at the end."""
    unit = 2 ** (m + 1)
    yield [integer_row({0: 1}), integer_row({0: 2}, -1, 2)]
    for j in range(1, m):
        gain = {1: 2 * (2**m - 2 ** (j - 1)), **({0: 1} if j == 1 else {2: unit})}
        scale = 2 ** (2 * j + 1)
        last = j == m - 1
        carry = [] if last else [integer_row({0: 1, 1: -2}, 0, 2)]
        hinge = integer_row({0: scale // 2, 1: -scale}, -1, scale)
        yield [*carry, hinge, *[integer_row(gain, 0, unit)] * (2 if last else 1)]
    yield [integer_row({0: 1, 1: 1, 2: 1}) if m > 1 else integer_row({0: 1, 1: 2}, 0, 2)]


def _yarotsky(m: int, k: int) -> Iterator[Rows]:
    """The hats h_s of three neurons, and x - sum_s 4^-s h_s in a fourth."""
    yield [integer_row({0: 2}, -i, 2) for i in range(3)] + [integer_row({0: 1})]
    for i in range(1, m):
        hats = [integer_row({0: 4, 1: -8, 2: 4}, -b, 2) for b in range(3)]
        yield [*hats, integer_row({0: -2, 1: 4, 2: -2, 3: 4**i}, 0, 4**i)]
    yield [integer_row({0: -2, 1: 4, 2: -2, 3: 4**m}, 0, 4**m)]


def _epgb(m: int, k: int) -> Iterator[Rows]:
    """Two neurons for 4^-l h_l, and the sum in a third."""
    yield [integer_row({0: 1}), integer_row({0: 2}, -1, 2), integer_row({0: 1})]
    for level in range(2, m + 1):
        scale = 2 ** (2 * level - 1)
        hinge = integer_row({0: scale // 2, 1: -scale}, -1, scale)
        yield [integer_row({0: 1, 1: -2}, 0, 2), hinge, integer_row({0: -1, 1: 2, 2: 2}, 0, 2)]
    yield [integer_row({0: -1, 1: 2, 2: 2}, 0, 2)]


def _folded(m: int, k: int) -> Iterator[Rows]:
    """y' = y + sum_i 2 (-1)^i rho(y - i h/k), h = k^-j; y^2 - y'^2 has slope jumps 4h/k at the odd kinks."""
    fold = {i: 1 if i == 0 else 2 * (-1) ** i for i in range(k)}
    odd = range(1, k, 2)
    yield [integer_row({0: k}, -i, k) for i in range(k)]
    for j in range(1, m):
        scale = k ** (j + 1)
        hinges = [integer_row({i: a * scale for i, a in fold.items()}, -i, scale) for i in range(k)]
        gain = {**dict.fromkeys(odd, 4), **({k: k**j} if j > 1 else {})}
        yield [*hinges, integer_row(gain, 0, k**j)]
    total = {i: a + (4 if i % 2 else 0) for i, a in fold.items()}
    yield [integer_row({**total, **({k: k**m} if m > 1 else {})}, 0, k**m)]


_FORMS: dict[str, Callable[[int, int], Iterator[Rows]]] = {
    "sparse": _sparse,
    "unit_weights": _unit_weights,
    "yarotsky": _yarotsky,
    "epgb": _epgb,
    "folded": _folded,
}
