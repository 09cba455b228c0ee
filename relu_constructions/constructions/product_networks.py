"""The layers of the product networks: two squares with one accumulator, EPGB's, and Yarotsky's three squares.

They are written for [-1, 1]^2; by positive homogeneity the same weights serve on [-D1, D1] x [-D2, D2] once
the first layer reads x and (D1/D2) y, the hidden biases are multiplied by D1, the output weights by D2 and
the output bias by D1 D2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from relu_constructions.layer import Layer, Row, exact_row, integer_row
from relu_constructions.parametrization import Parametrization

Rows = list[Row]
SUM = ((1, 1), (-1, -1))
DIFFERENCE = ((1, -1), (-1, 1))


def build(form: str, m: int, D1: Fraction, D2: Fraction, q: int) -> Parametrization:
    """Build m levels on [-D1, D1] x [-D2, D2] or, if q = 1, on [0, D1] x [0, D2].

    Examples
    --------
    >>> build("two_squares", 3, Fraction(1), Fraction(1), 0).architecture
    (2, 4, 4, 5, 3, 1)
    >>> build("two_squares", 3, Fraction(1), Fraction(1), 1).architecture
    (2, 3, 4, 5, 3, 1)
    """
    directions, *hidden, output = _FORMS[form](m, q)
    half, other = Fraction(1, 2), D1 / D2 / 2
    layers = [[exact_row({0: half * row.numerators[0], 1: other * row.numerators[1]}) for row in directions]]
    layers += [[_scaled(row, Fraction(1), D1) for row in rows] for rows in hidden]
    layers.append([_scaled(row, D2, D1 * D2) for row in output])
    sizes = [2, *map(len, layers)]
    return Parametrization([Layer.from_rows(r, n) for r, n in zip(layers, sizes, strict=False)])


def _scaled(row: Row, weight: Fraction, bias: Fraction) -> Row:
    if weight == 1 and (bias == 1 or row.bias == 0):
        return row
    w, b = weight, bias
    columns = {j: n * w.numerator * b.denominator for j, n in zip(row.columns, row.numerators, strict=True)}
    shared = row.denominator * w.denominator * b.denominator
    return integer_row(columns, row.bias * b.numerator * w.denominator, shared)


def _directions(pairs: Sequence[tuple[int, int]]) -> Rows:
    """Return the signs and zeros of the first layer; zeros are kept for `build` to scale."""
    return [Row((0, 1), pair, 0, 1) for pair in pairs]


def _two_squares(m: int, q: int) -> Iterator[Rows]:
    """f_m(|x + y|/2) - f_m(|x - y|/2); the accumulator is at least -1, and at least 0 if x, y >= 0."""
    yield _directions((*SUM[: 2 - q], *DIFFERENCE))
    inputs = ((0,), (1, 2)) if q else ((0, 1), (2, 3))
    yield from _squares(m, inputs, (1, -1), 2 * (1 - q), 1)


def _yarotsky(m: int, q: int) -> Iterator[Rows]:
    """2 (f_m(|x + y|/2) - f_m(|x|/2) - f_m(|y|/2)); the accumulator is at least -1/2.

    All squares have m levels, so two neurons, rho(|x|/2 - 1/2) and rho(|y|/2 - 1/2), are 0 on the domain.
    """
    yield _directions((*SUM, (1, 0), (-1, 0), (0, 1), (0, -1)))
    yield from _squares(m, ((0, 1), (2, 3), (4, 5)), (1, -1, -1), 1, 2)


def _squares(
    m: int, inputs: tuple[tuple[int, ...], ...], signs: tuple[int, ...], halves: int, factor: int
) -> Iterator[Rows]:
    """Sum squares with signs in one accumulator, offset by halves/2; sparse form of `square_networks`."""
    unit, n = 2**m, len(signs)
    yield [row for part in inputs for row in _start(part)]
    for j in range(1, m):
        carried = {i: integer_row({2 * i: 1, 2 * i + 1: -2}) for i in range(n)} if j < m - 1 else {}
        hinges = [integer_row({2 * i: 2 << j, 2 * i + 1: -4 << j}, -1, 2 << j) for i in range(n)]
        gain = {2 * i + 1: sign * 2 * (2 ** (m - j + 1) - 1) for i, sign in enumerate(signs)}
        begin = {2 * i: sign for i, sign in enumerate(signs)} if j == 1 else {2 * n: unit}
        sums = integer_row({**gain, **begin}, halves * unit // 2 if j == 1 else 0, unit)
        yield [row for i in range(n) for row in ([carried[i]] if carried else []) + [hinges[i]]] + [sums]
    if m > 1:
        last = {i: 2 * factor * sign for i, sign in enumerate(signs)}
        yield [integer_row({**last, n: factor * unit}, -factor * halves * unit // 2, unit)]
    else:
        pairs = {2 * i + t: (1 + t) * factor * sign for i, sign in enumerate(signs) for t in (0, 1)}
        yield [integer_row(pairs, 0, 2)]


def _start(part: tuple[int, ...]) -> Rows:
    """Return |t| and |t| - 1/2 for a t that is split into its positive and negative part."""
    return [integer_row(dict.fromkeys(part, 1)), integer_row(dict.fromkeys(part, 2), -1, 2)]


def _epgb(m: int, q: int) -> Iterator[Rows]:
    """Two neurons for each sawtooth, and the sum, offset by 1, in a fifth.

    Without the offset, as the matrices are transcribed, the sum is cut where x y < 0: at (1, -1) such a
    network puts out 0 for every m.
    """
    yield _directions((*SUM, *DIFFERENCE))
    (x, x_kink), (y, y_kink) = _start((0, 1)), _start((2, 3))
    yield [x, x_kink, integer_row({0: 1, 1: 1, 2: -1, 3: -1}, 1), y, y_kink]
    accumulator = {0: -1, 1: 2, 2: 2, 3: 1, 4: -2}
    for level in range(2, m + 1):
        scale = 2 ** (2 * level - 1)
        (x, x_kink), (y, y_kink) = (
            (integer_row({i: 1, i + 1: -2}, 0, 2), integer_row({i: scale // 2, i + 1: -scale}, -1, scale))
            for i in (0, 3)
        )
        yield [x, x_kink, integer_row(accumulator, 0, 2), y, y_kink]
    yield [integer_row(accumulator, -2, 2)]


_FORMS: dict[str, Callable[[int, int], Iterator[Rows]]] = {
    "two_squares": _two_squares,
    "epgb": _epgb,
    "yarotsky": _yarotsky,
}
