"""The Weierstrass function sum_k p^k cos(a^k pi x): cosines of growing frequency with shrinking accuracy.

Every term is folded to half a period, exactly, because a^k is rational; behind the folds it is 1 minus a
versine (`versine`).  Where a is a power of two, the folds are one chain.  The k-th term is multiplied by p^k,
so its versine needs fewer levels than the one before.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint

from relu_constructions.ball_function import BallFunction
from relu_constructions.box import Box, to_interval
from relu_constructions.circuit import combination
from relu_constructions.circuit_bound import demand_agreement, largest_slope, largest_value, worst_points
from relu_constructions.construction import CONSTRUCTIONS, Bound, Construction, Derivation, Line
from relu_constructions.cosine_series import Series, Term, part_errors, series
from relu_constructions.elementary import Elementary
from relu_constructions.exact import shown, to_fraction, to_tolerance
from relu_constructions.folding import DerivationRefused
from relu_constructions.parametrization import Parametrization
from relu_constructions.rounding import above
from relu_constructions.schedule import network
from relu_constructions.theorem import Theorem
from relu_constructions.versine import PI_ABOVE, Shape, demand_shape, demand_versine
from relu_constructions.versine_shapes import shapes
from relu_constructions.wave import turn_of

SHARE = Fraction(1, 8)
"""The share of eps for the terms that are left out, and as much for Taylor's polynomials."""
MOST_TERMS = 500
MOST_DIGITS = 256
THEOREM = Theorem(
    name="Weierstrass function",
    statement="sum of p^k cos(a^k pi x), of which n terms are kept; their versines have M levels in all, in "
    "T squares and products",
    reference="relu_constructions; the function is treated in EPGB 2021 (from memory) for |p| < 1/2",
    parameters=("n", "T", "M", "F"),
    requires="n >= 1",
    at_most={"connectivity": "16*M + 40*T + 5*F + 4*n + (n + 3)*(F + 2) + 10"},
    asymptotic={"depth": "log^3(1/eps) + log^2(1/eps) log(a) + log(1/eps) log(D)", "width": "13"},
)


def weierstrass(p: Any, a: Any, eps: Any, *, domain: Any = (0, 1), norm: str = "W1inf") -> Parametrization:
    """Build a network for the Weierstrass function, the sum of p^k cos(a^k pi x) over k = 0, 1, 2, ...

    Parameters
    ----------
    p : number
        Rational with 0 < |p| < 1.
    a : number
        Positive and rational.
    eps : number
        The accuracy; a string such as ``"1e-6"`` is read exactly.
    domain : pair (lo, hi)
    norm : {"W1inf", "Linf"}
        What `eps` bounds.  In W^{1,inf} |a p| < 1 is needed; otherwise the series of the derivatives
        diverges, and certificates compare the network with the partial sum that it computes.

    Returns
    -------
    Parametrization
        With one input and one output.

    Raises
    ------
    ValueError
        For p = 0, |p| >= 1, a <= 0, |a p| >= 1 in W^{1,inf}, and an accuracy out of range.
    TypeError
        For floats where exactness matters.

    Examples
    --------
    >>> from relu_constructions import certify
    >>> phi = weierstrass("1/4", 2, "1e-3")
    >>> certify(phi, method="derivation").status
    <Status.PROVED: 'PROVED'>
    """
    ratio, base = to_fraction(p, "p"), to_fraction(a, "a")
    aimed, (lo, hi) = to_tolerance(eps), to_interval(domain)
    _demand(ratio, base, norm)
    terms = _terms(ratio, base, aimed, norm, max(abs(lo), abs(hi)))
    while (error := _errors(series(ratio, base, lo, hi, terms), ratio, base, terms, norm)) > aimed:
        more = (int(error / aimed).bit_length() + 1) // (1 if norm == "W1inf" else 2)
        terms = [Term(term.shape, term.m + max(1, more - 1)) for term in terms]
    made = series(ratio, base, lo, hi, terms).circuit
    phi, late = min(
        ((network(made, bool(late)), late) for late in (0, 1)), key=lambda pair: pair[0].connectivity
    )
    text = ";".join(map(str, terms))
    parameters = (("a", base), ("hi", hi), ("late", late), ("lo", lo), ("p", ratio), ("terms", text))
    return phi.with_derivation(Derivation("weierstrass", parameters, eps=aimed, norm=norm))


def _demand(p: Fraction, a: Fraction, norm: str) -> None:
    if norm not in ("W1inf", "Linf"):
        raise ValueError(f"norm must be one of W1inf, Linf, got {norm!r}")
    if not 0 < abs(p) < 1:
        raise ValueError(f"p must satisfy 0 < |p| < 1, or the series does not converge, got p = {shown(p)}")
    if a <= 0:
        raise ValueError(f"a must be positive, got {shown(a)}")
    if max(t.numerator.bit_length() + t.denominator.bit_length() for t in (p, a)) > MOST_DIGITS:
        raise ValueError(f"p and a must have at most {MOST_DIGITS} binary digits")
    if norm == "W1inf" and abs(a * p) >= 1:
        raise ValueError(
            f"in W^{{1,inf}} |a p| must be less than 1, or the derivative does not exist, got a p = "
            f"{shown(a * p)}; pass norm='Linf' for the accuracy of the value alone"
        )


def _tails(p: Fraction, a: Fraction, n: int) -> tuple[Fraction, Fraction]:
    """Bound the sum of the terms from k = n on, and that of their derivatives (0 where it diverges)."""
    ap = abs(a * p)
    slope = PI_ABOVE * ap**n / (1 - ap) if ap < 1 else Fraction(0)
    return above(abs(p) ** n / (1 - abs(p))), above(slope)


def _terms(p: Fraction, a: Fraction, eps: Fraction, norm: str, reach: Fraction) -> list[Term]:
    """Choose how many terms are kept, and their shapes and levels, a little too few."""
    n = 1
    while max(_tails(p, a, n)[: 2 if norm == "W1inf" else 1]) > SHARE * eps:
        n += 1
        if n > MOST_TERMS:
            raise ValueError(f"eps = {shown(eps)} would need more than {MOST_TERMS} terms of the series")
    terms = []
    for k in range(n):
        value = min(SHARE * eps / (2 * n * abs(p) ** k), Fraction(1, 2))
        travel = max(a**k, Fraction(1, 2**20))
        slope = min(value / travel, Fraction(1, 2)) if norm == "W1inf" else None
        shape = shapes(value, slope, min(Fraction(1), a**k * reach))[0]
        ratio = (value if slope is None else slope) / SHARE
        bits = ratio.denominator.bit_length() - ratio.numerator.bit_length()
        terms.append(Term(shape, max(1, bits // (1 if norm == "W1inf" else 2))))
    return terms


def _lines(made: Series, p: Fraction, a: Fraction, terms: list[Term]) -> tuple[Line, ...]:
    """The parts of the errors of the sum."""
    parts = [(abs(p) ** k, part_errors(made, k, term)) for k, term in enumerate(terms)]
    taylor = [[w * e.lines[i].value_error for w, e in parts] for i in (0, 1)]
    slopes = [[w * e.lines[i].derivative_error for w, e in parts] for i in (0, 1)]
    tails = _tails(p, a, len(terms))
    return (
        Line(
            "squares and products",
            above(_sum(w * e.value for w, e in parts)),
            above(_sum(w * e.slope for w, e in parts)),
        ),
        Line("Taylor's polynomials of the versines", above(_sum(taylor[0])), above(_sum(slopes[0]))),
        Line("their coefficients, rounded", above(_sum(taylor[1])), above(_sum(slopes[1]))),
        Line(f"the terms of the series from k = {len(terms)} on", *tails),
    )


def _sum(numbers: Any) -> Fraction:
    return sum(numbers, Fraction(0))


def _errors(made: Series, p: Fraction, a: Fraction, terms: list[Term], norm: str) -> Fraction:
    lines = _lines(made, p, a, terms)
    value = _sum(line.value_error for line in lines)
    slope = _sum(line.derivative_error for line in lines)
    return max(value, slope) if norm == "W1inf" else value


def _read(terms: str) -> list[Term]:
    found = []
    for text in terms.split(";"):
        parts = text.split(":")
        if len(parts) != 6 or not all(part.isdecimal() for part in (*parts[:3], *parts[4:])):
            raise ValueError(f"a term must be five numbers and a strategy, got {text!r:.60}")
        r, K, bits, k, m = (int(part) for part in (*parts[:3], *parts[4:]))
        found.append(Term(Shape(r, K, bits, parts[3], k), m))
        demand_shape(found[-1].shape, m)
    return found


@lru_cache(maxsize=4)
def _recorded(p: Fraction, a: Fraction, lo: Fraction, hi: Fraction, terms: str) -> Series:
    _demand(p, a, "Linf")
    return series(p, a, lo, hi, _read(terms))


def _build(p: Fraction, a: Fraction, lo: Fraction, hi: Fraction, terms: str, late: int) -> Parametrization:
    return network(_recorded(p, a, lo, hi, terms).circuit, bool(late))


def _prove(
    phi: Parametrization, p: Fraction, a: Fraction, lo: Fraction, hi: Fraction, terms: str, late: int
) -> Bound:
    """Check every term: its frequency, its versine and its weight; then add up."""
    made, read = _recorded(p, a, lo, hi, terms), _read(terms)
    for k, ((z, stages), term) in enumerate(zip(made.parts, read, strict=True)):
        turn = turn_of(made.circuit, z)
        if turn is None or turn.p != 0 or turn.frequency != a**k:
            raise DerivationRefused(f"term {k} of the circuit has another frequency than a^{k}")
        demand_versine(made.circuit, z, stages, term.shape)
    ends = combination((p**k, 1 - stages[-1]) for k, (_, stages) in enumerate(made.parts))
    if made.circuit.outputs != (ends,):
        raise DerivationRefused("the output of the circuit is not the sum of its terms")
    return _bound(phi, made, _lines(made, p, a, read))


def _bound(phi: Parametrization, made: Series, lines: tuple[Line, ...]) -> Bound:
    circuit, (lo, hi) = made.circuit, made.circuit.domain[0]
    middle = ((lo + hi) / 2,)
    values = worst_points(circuit, (circuit.domain,), middle, largest_value)
    slopes = worst_points(circuit, (circuit.domain,), middle, largest_slope)
    for point in ((lo,), (hi,), middle, *values, *slopes):
        demand_agreement(phi, circuit, point)
    first, *others = lines
    directions = tuple((point, (Fraction(1),)) for point in slopes)
    bound = Bound(first.value_error, first.derivative_error, values, directions, 0)
    return bound.plus(first.name, others)


@lru_cache(maxsize=8)
def _function(p: Fraction, a: Fraction) -> BallFunction:
    """The whole series, for |a p| < 1."""
    ratio, base = (flint.fmpq(t.numerator, t.denominator) for t in (p, a))

    def total(x: Any, slope: bool) -> Any:
        n = 1
        while _tails(p, a, n)[slope] * 2 ** (flint.ctx.prec + 8) > 1:
            n += 8
        size = _tails(p, a, n)[slope]
        tail = flint.arb(flint.fmpq(size.numerator, size.denominator))
        found = flint.arb(0, tail.upper())
        for k in range(n):
            angle = x * base**k
            weight = flint.arb(ratio**k)
            if slope:
                found -= weight * base**k * flint.arb.pi() * angle.sin_pi()
            else:
                found += weight * angle.cos_pi()
        return found

    name = f"sum of ({p})^k cos(({a})^k pi x) over k >= 0"
    return BallFunction(lambda x: total(x, False), lambda x: total(x, True), name=name)


def _target(p: Fraction, a: Fraction, terms: str, **parameters: Any) -> Any:
    if abs(a * p) < 1:
        return _function(p, a)
    kept = range(len(_read(terms)))
    return Elementary.of(" + ".join(f"({p**k})*cos(({a**k})*pi*x)" for k in kept), variables=("x",))


def _symbols(
    p: Fraction, a: Fraction, lo: Fraction, hi: Fraction, terms: str, late: int
) -> Mapping[str, Fraction | int]:
    gates = _recorded(p, a, lo, hi, terms).circuit.gates
    worked = [gate for gate in gates if not gate.is_exact]
    folds = sum(gate.m for gate in gates if gate.kind == "fold")
    return {"n": len(_read(terms)), "T": len(worked), "M": sum(gate.m for gate in worked), "F": folds}


def _domain(lo: Fraction, hi: Fraction, **parameters: Any) -> Box:
    return ((lo, hi),)


CONSTRUCTIONS["weierstrass"] = Construction(
    build=_build,
    theorem=lambda **parameters: THEOREM,
    symbols=_symbols,
    target=_target,
    domain=_domain,
    pieces=lambda **parameters: 0,
    prove=_prove,
)
