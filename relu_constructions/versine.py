"""Versine: cos(pi z) = 1 - v_r for 0 <= z <= 1, by Taylor's polynomial and doubling of the angle.

With theta = pi z/2^r and v = 1 - cos, v(2 theta) = 4 v(theta) - 2 v(theta)^2.  So v_0 is a polynomial
sum c_k z^(2k), k = 1, ..., K, and v_{j+1} = 4 v_j - 2 v_j^2.  The numbers are small where the factor 4 is
still to act on their errors many times; that is why r and K need only grow like sqrt(log(1/eps)).

The c_k are multiples of 2^-bits next to (-1)^(k+1) (pi/2^r)^(2k)/(2k)!.  What is lost by Taylor's polynomial
and by rounding is bounded by `truncation_lines`, in rationals; see `proofs/versine.py`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import flint

from relu_constructions.balls import ends, working
from relu_constructions.circuit import Circuit, Form, Wiring
from relu_constructions.circuit_target import computes
from relu_constructions.construction import Line
from relu_constructions.exact import shown
from relu_constructions.folding import DerivationRefused
from relu_constructions.gate import Gate
from relu_constructions.multivariate import MultivariatePolynomial
from relu_constructions.polynomial_circuits import STRATEGIES
from relu_constructions.rounding import above

PI_ABOVE = Fraction(22, 7)


class Shape(NamedTuple):
    """How cos(pi z) is computed.

    Attributes
    ----------
    r : int
        The number of doublings.
    K : int
        The number of terms of Taylor's polynomial.
    bits : int
        The binary digits of its coefficients behind the point.
    strategy : str
        How it is computed from z^2, see `polynomial_circuits`.
    k : int
        The block length of the strategy.
    """

    r: int
    K: int
    bits: int
    strategy: str = "squares"
    k: int = 1


class Coefficients(NamedTuple):
    """The rational c_1, ..., c_K and bounds for their distance from the true ones."""

    values: tuple[Fraction, ...]
    errors: tuple[Fraction, ...]


def demand_shape(shape: Shape, m: int) -> None:
    """Refuse a shape and levels that make no sense, or too much work.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> demand_shape(Shape(3, 3, 40, "magic"), 5)
    Traceback (most recent call last):
        ...
    ValueError: a versine needs one of the strategies tree, horner, sparse, squares, estrin, chebyshev, \
got 'magic'
    """
    if shape.strategy not in STRATEGIES:
        known = ", ".join(STRATEGIES)
        raise ValueError(f"a versine needs one of the strategies {known}, got {shape.strategy!r}")
    limits = {"r": (0, 1000), "K": (1, 2000), "bits": (1, 10**6), "k": (0, 2000)}
    for name, (low, high) in limits.items():
        if not low <= getattr(shape, name) <= high:
            raise ValueError(
                f"{name} must be from {low} to {high} in a versine, got {shown(getattr(shape, name))}"
            )
    if m < 1:
        raise ValueError(f"m must be at least 1 in a versine, got {m}")


@lru_cache(maxsize=64)
def coefficients(r: int, K: int, bits: int) -> Coefficients:
    """Return the coefficients of z^2, ..., z^(2K) in 1 - cos(pi z/2^r), as multiples of 2^-bits.

    Examples
    --------
    >>> values, errors = coefficients(0, 2, 20)
    >>> float(values[0]), max(errors) < Fraction(1, 2**20)
    (4.934802055358887, True)
    """
    values, errors = [], []
    with working(bits + 64):
        square = (flint.arb.pi() / 2**r) ** 2
        term = flint.arb(-1)
        for k in range(1, K + 1):
            term *= -square / ((2 * k - 1) * (2 * k))
            lower, upper = ends(term)
            near = Fraction(round((lower + upper) / 2 * 2**bits), 2**bits)
            values.append(near)
            errors.append(max(abs(near - lower), abs(near - upper)))
    return Coefficients(tuple(values), tuple(errors))


def versine(wiring: Wiring, z: Form, shape: Shape, m: int | None = None) -> list[Form]:
    """Write v_0, ..., v_r behind a form z with values in [0, 1]; with m levels, or those of the wiring.

    Examples
    --------
    >>> wiring = Wiring(((Fraction(0), Fraction(1)),), 8)
    >>> stages = versine(wiring, wiring.inputs[0], Shape(3, 2, 30))
    >>> [gate.kind for gate in wiring.circuit([1 - stages[-1]]).gates].count("square")
    5
    """
    if m is not None:
        with wiring.levels(m):
            return versine(wiring, z, shape)
    c = coefficients(shape.r, shape.K, shape.bits).values
    terms = tuple(((k,), c[k - 1]) for k in range(1, shape.K + 1))
    v = wiring.named(STRATEGIES[shape.strategy](wiring, [wiring.square(z)], terms, shape.k))
    stages = [v]
    for _ in range(shape.r):
        v = wiring.named(v * 4 - wiring.square(v) * 2)
        stages.append(v)
    return stages


def demand_versine(circuit: Circuit, z: Form, stages: Sequence[Form], shape: Shape) -> None:
    """Refuse stages that the ideal gates of a circuit do not double, or whose first is another polynomial.

    Parameters
    ----------
    circuit : Circuit
        Without folds, or with z a fold and a wire of its own.
    z : Form
    stages : sequence of Form
        What is claimed to be v_0, ..., v_r.

    Raises
    ------
    DerivationRefused
    """
    for before, after in itertools.pairwise(stages):
        if not _is_doubled(circuit, before, after):
            raise DerivationRefused("the circuit does not double an angle where its record says so")
    if len(stages) != shape.r + 1 or not _starts_with(circuit, z, stages[0], shape):
        raise DerivationRefused("the circuit does not start with Taylor's polynomial of the versine")


def _is_doubled(circuit: Circuit, before: Form, after: Form) -> bool:
    """Whether after = 4 before + c g with a square g of s times before, and c s^2 = -2."""
    rest = _definition(circuit, after) - before * 4
    if rest.constant or len(rest.terms) != 1:
        return False
    ((wire, c),) = rest.terms
    gate = circuit.gates[wire - len(circuit.domain)] if wire >= len(circuit.domain) else None
    if gate is None or gate.kind != "square" or not before.terms:
        return False
    argument = gate.arguments[0]
    s = argument.terms[0][1] / before.terms[0][1]
    return argument == before * s and c * s * s == -2


def _definition(circuit: Circuit, form: Form) -> Form:
    """What a named form is a name of."""
    if len(form.terms) != 1 or form.constant:
        return form
    ((wire, c),) = form.terms
    gate = circuit.gates[wire - len(circuit.domain)] if wire >= len(circuit.domain) else None
    return gate.arguments[0] * c if gate is not None and gate.is_name else form


def _starts_with(circuit: Circuit, z: Form, first: Form, shape: Shape) -> bool:
    """Whether the ideal gates compute sum c_k z^(2k), from a wire that z is affine in."""
    if len(z.terms) != 1:
        return False
    ((wire, q),) = z.terms
    rest = behind(circuit, wire, first)
    if rest is None:
        return False
    z_squared = MultivariatePolynomial.of({(1,): q, (0,): z.constant})
    c = coefficients(shape.r, shape.K, shape.bits).values
    return computes(rest, _composed(c, z_squared))


def _composed(c: Sequence[Fraction], z: MultivariatePolynomial) -> MultivariatePolynomial:
    """The polynomial sum c_k z^(2k) for an affine z."""
    a, b = (dict(z.terms).get(alpha, Fraction(0)) for alpha in ((1,), (0,)))
    inner = flint.fmpq_poly([flint.fmpq(t.numerator, t.denominator) for t in (b, a)])
    powers, total = inner * inner, flint.fmpq_poly([0])
    for value in reversed(c):
        total = (total + flint.fmpq(value.numerator, value.denominator)) * powers
    found = {(i,): Fraction(int(t.p), int(t.q)) for i, t in enumerate(total.coeffs()) if t}
    return MultivariatePolynomial.of(found or {(0,): 0})


def behind(circuit: Circuit, wire: int, output: Form) -> Circuit | None:
    """Return the gates between a wire and an output as a circuit; None if the output needs others."""
    d = len(circuit.domain)
    needed, new = {w for w, _ in output.terms}, {wire: 0}
    gates: list[Gate] = []
    for i in range(len(circuit.gates) - 1, -1, -1):
        if d + i in needed and d + i != wire:
            needed |= {w for form in circuit.gates[i].arguments for w, _ in form.terms}
    for i, gate in enumerate(circuit.gates):
        if d + i in needed and d + i != wire:
            new[d + i] = 1 + len(gates)
            gates.append(gate)
    if not needed <= set(new):
        return None

    def moved(form: Form) -> Form:
        return Form(form.constant, tuple((new[w], c) for w, c in form.terms))

    kept = tuple(gate._replace(arguments=tuple(map(moved, gate.arguments))) for gate in gates)
    side = circuit.domain[wire] if wire < d else circuit.gates[wire - d].range
    return Circuit((side,), kept, (moved(output),))


def truncation_lines(shape: Shape, z: Fraction, travel: Fraction) -> tuple[Line, Line]:
    """Bound |1 - v_r - cos(pi z)| and the slopes for exact gates, where |z| <= 1 has slopes up to `travel`.

    If v_0 is off by e and its slope by d, then v_r is off by 4^r e and its slope by 4^r (d + pi e).

    Raises
    ------
    ValueError
        If v_0 may leave [0, 2], so that the doubling does not act as assumed.

    Examples
    --------
    >>> taylor, rounding = truncation_lines(Shape(3, 3, 40), Fraction(1), Fraction(1))
    >>> taylor.value_error < Fraction(1, 10**6), rounding.value_error < Fraction(1, 10**9)
    (True, True)
    """
    r, K = shape.r, shape.K
    values, errors = coefficients(r, K, shape.bits)
    if r:
        _demand_small(values, z)
    theta = PI_ABOVE * z / 2**r
    taylor = (
        theta ** (2 * K + 2) / math.factorial(2 * K + 2),
        PI_ABOVE / 2**r * theta ** (2 * K + 1) / math.factorial(2 * K + 1),
    )
    pairs = list(enumerate(errors, start=1))
    rounding = (
        sum((e * z ** (2 * k) for k, e in pairs), Fraction(0)),
        sum((2 * k * e * z ** (2 * k - 1) for k, e in pairs), Fraction(0)),
    )
    names = (
        f"Taylor's polynomial with K = {K} terms, doubled r = {r} times",
        f"its coefficients, rounded to {shape.bits} binary digits behind the point",
    )
    return (
        _doubled(names[0], *taylor, r, travel),
        _doubled(names[1], *rounding, r, travel),
    )


def _doubled(name: str, e: Fraction, d: Fraction, r: int, travel: Fraction) -> Line:
    return Line(name, above(4**r * e), above(4**r * (d + PI_ABOVE * e) * travel))


def _demand_small(c: Sequence[Fraction], z: Fraction) -> None:
    """0 <= sum c_k z^(2k) <= 2: c_1 outweighs the negative ones, and all of them stay below 2."""
    sizes = [abs(value) * z ** (2 * k) for k, value in enumerate(c, start=1)]
    negative = sum(size for size, value in zip(sizes, c, strict=True) if value < 0)
    if c[0] < 0 or negative > sizes[0] or sum(sizes) > 2:
        raise ValueError("Taylor's polynomial of the versine leaves [0, 2]; take more doublings")
