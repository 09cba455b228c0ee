"""Cosine series: the sum of p^k cos(a^k pi x), term by term folded to half a period.

Every term is folded exactly, because a^k is rational; behind the folds it is 1 minus a versine.  Where a is a
power of two, the folds are one chain.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from relu_constructions.circuit import Circuit, Form, Wiring, combination
from relu_constructions.construction import Line
from relu_constructions.folding import DerivationRefused
from relu_constructions.versine import Shape, behind, truncation_lines, versine
from relu_constructions.wave import turn_of
from relu_constructions.worst_case import worst_case


class Term(NamedTuple):
    """How one cosine of the sum is computed."""

    shape: Shape
    m: int

    def __str__(self) -> str:
        return ":".join(map(str, (*self.shape, self.m)))


class Series(NamedTuple):
    """The circuit, and for each term its z and the stages of its versine."""

    circuit: Circuit
    parts: tuple[tuple[Form, tuple[Form, ...]], ...]


def series(p: Fraction, a: Fraction, lo: Fraction, hi: Fraction, terms: list[Term]) -> Series:
    """Write the circuit of a partial sum.

    Examples
    --------
    >>> terms = [Term(Shape(2, 2, 20), 6), Term(Shape(2, 2, 20), 5)]
    >>> made = series(Fraction(1, 4), Fraction(2), Fraction(0), Fraction(1), terms)
    >>> [gate.kind for gate in made.circuit.gates].count("fold")
    1
    """
    wiring = Wiring(((lo, hi),), 1)
    parts: list[tuple[Form, tuple[Form, ...]]] = []
    folds, z = -1, Form.of_number(0)
    for k, term in enumerate(terms):
        s = _folds(a**k, max(abs(lo), abs(hi)))
        doubled = a.denominator == 1 and a.numerator & (a.numerator - 1) == 0 and a > 1
        if k and doubled and s - folds == a.numerator.bit_length() - 1:
            z = wiring.fold(z, s - folds)
        else:
            z = wiring.fold(wiring.inputs[0] * (a**k / 2**s), s)
        folds = s
        parts.append((z, tuple(versine(wiring, z, term.shape, term.m))))
    ends = ((p**k, 1 - stages[-1]) for k, (_, stages) in enumerate(parts))
    return Series(wiring.circuit([combination(ends)]), tuple(parts))


def _folds(frequency: Fraction, reach: Fraction) -> int:
    """The least s >= 0 with frequency |x|/2^s <= 1."""
    size, s = frequency * reach, 0
    while size > 2**s:
        s += 1
    return s


class PartErrors(NamedTuple):
    """The errors of one term, before it is multiplied by p^k: of its gates, and of Taylor's polynomial."""

    value: Fraction
    slope: Fraction
    lines: tuple[Line, Line]


def part_errors(made: Series, k: int, term: Term) -> PartErrors:
    """Bound 1 - v_r against cos(pi z) behind the folds, and bring the slope back to x.

    Raises
    ------
    DerivationRefused
        If the term does not start with a fold of the input.
    """
    z, stages = made.parts[k]
    turn = turn_of(made.circuit, z)
    rest = behind(made.circuit, z.terms[0][0], stages[-1]) if z.terms else None
    if turn is None or rest is None:
        raise DerivationRefused("a term of the circuit does not start with a fold of the input")
    found = worst_case(rest, 12)
    scale = abs(turn.q) * 2**turn.s if turn.s >= 0 else Fraction(1)
    largest = Fraction(1) if turn.s > 0 else max(abs(turn.q * x + turn.p) for x in made.circuit.domain[0])
    lines = truncation_lines(term.shape, largest, turn.frequency)
    return PartErrors(found.value_error, found.derivative_error * scale, lines)
