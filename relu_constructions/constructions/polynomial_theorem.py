"""The theorem on polynomials, with all constants, for the networks that the strategies build.

Letters: d variables, total degree n, N terms that are not constant, D_j the least power of two that is at
least |x_j| on the box, D the least of them over the variables that occur, c1 = sum |c_a| prod D_j^a_j,
m levels of folding; K = sum_j max(deg_j - 1, 0) + sum_a max(#supp a - 1, 0) bounds the number of gates of
a tree.  With a largest weight M, a = max(0, ceil(log4(2/(D M)))) layers scale the inputs and
r = max(0, ceil(log4(33 max(c1, l)/(16 M)))) the output, l the largest |c_a| with |a| = 1; without, a = r = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from relu_constructions.box import Box
from relu_constructions.multivariate import MultivariatePolynomial
from relu_constructions.theorem import Theorem, evaluate_formula

STAGES = "(ceiling(log(n, 2)) + ceiling(log(Min(d, n), 2)))"
TREE_DEPTH = f"{STAGES}*(m + 1) + r + a + 1"
CHAIN_DEPTH = "(n - 1)*(m + 1) + r + a + 1"

PUBLISHED_FORM = {
    "depth": "log^3(d n) (log ||c||_1 + log(1/eps))",
    "width": "d (||c||_0 + n)",
    "connectivity": "depth x width",
    "magnitude": "4",
}
"""The theorem of Berner, Elbraechter, Grohs and Jentzen, up to constants; the last line is without one."""

_SOURCE = "relu_constructions; the theorem of Berner, Elbraechter, Grohs, Jentzen with constants"
_PARAMETERS = ("d", "n", "N", "m", "c1", "D", "K", "r", "a")


def _sizes(depth: str, gates: str) -> dict[str, str]:
    return {
        "depth": depth,
        "width": f"5*{gates} + d + 1",
        "connectivity": f"(12*m + 36)*{gates} + ({gates} + d + 2)*({depth}) + a*d + 6*N + 8",
    }


THEOREMS = {
    "tree": Theorem(
        name="polynomial",
        statement="the sum of c_a x^a over N terms of degree at most n, on a box, from balanced products of "
        "balanced powers with m levels each",
        reference=_SOURCE,
        parameters=_PARAMETERS,
        requires="n >= 1, m >= 1",
        at_most={
            **_sizes(TREE_DEPTH, "K"),
            "magnitude": "4",
            "value_error": "c1*(n - 1)*4**(-m - 1)",
            "derivative_error": "c1*n*((11*ceiling(log(n, 2))/21 + ceiling(log(Min(d, n), 2)))*2**-m"
            " + (n - 1)*4**(-m - 1))/D",
        },
        asymptotic=PUBLISHED_FORM,
    ),
    "horner": Theorem(
        name="polynomial",
        statement="the sum of c_a x^a over N terms of degree at most n, on a box, from chains of products "
        "x_j x^b with m levels each",
        reference="relu_constructions; the chain is that of EPGB 2021 for one variable",
        parameters=_PARAMETERS,
        requires="n >= 1, m >= 1",
        at_most={
            **_sizes(CHAIN_DEPTH, "(n - 1)*N"),
            "magnitude": "4",
            "value_error": "c1*(n - 1)*4**(-m - 1)",
            "derivative_error": "c1*(n - 1)*(n*2**-m + (n - 2)*4**(-m - 1))/2/D",
        },
    ),
    "estrin": Theorem(
        name="polynomial",
        statement="a polynomial of degree at most n in one variable, split in blocks of length k",
        reference="relu_constructions; the splitting is Estrin's, and Paterson's and Stockmeyer's",
        parameters=("d", "n", "m", "k"),
        requires="n >= 1, m >= 1, k >= 1",
        at_most={"depth": "(ceiling(log(k, 2)) + ceiling(log(floor(n/k) + 1, 2)) + 1)*(m + 1) + 1"},
    ),
}
CHAIN = {"width": "7", "connectivity": _sizes(CHAIN_DEPTH, "(n - 1)")["connectivity"]}
"""What the chain needs for one variable: four neurons and a sum for the product, x, and the output so far."""
THEOREMS["sparse"] = replace(
    THEOREMS["horner"],
    at_most={
        **THEOREMS["horner"].at_most,
        "derivative_error": "c1*n*(n - 1)*(2**-m/2 + 4**(-m - 1))/D",
    },
    statement="the sum of c_a x^a over N terms of degree at most n, on a box, from any trees of products "
    "with m levels each",
    reference="relu_constructions; powers along chains of squares and products",
)
THEOREMS["squares"] = Theorem(
    name="polynomial",
    statement="a polynomial of degree at most n in one variable, by completing squares",
    reference="relu_constructions; p = c q^2 + r with deg r < deg q",
    parameters=("d", "n", "m", "k"),
    requires="n >= 1, m >= 1",
    at_most={"depth": "2*floor(log(n, 2))*(m + 1) + 1"},
)
THEOREMS["chebyshev"] = Theorem(
    name="polynomial",
    statement="a polynomial of degree at most n in one variable, split in blocks of k Chebyshev polynomials",
    reference="relu_constructions; T_(n+i) = 2 T_n T_i - T_(n-i)",
    parameters=("d", "n", "m", "k"),
    requires="n >= 1, m >= 1, k >= 1",
    at_most={"depth": "(ceiling(log(k, 2)) + ceiling(log(floor(n/k) + 1, 2)))*(m + 1) + 1"},
)


def theorem_of(strategy: str, d: int, M: Fraction) -> Theorem:
    """Return the theorem for a strategy; without a largest weight it says nothing of the magnitude."""
    theorem = THEOREMS[strategy]
    if strategy in ("squares", "estrin", "chebyshev") and (M or d > 1):
        return replace(theorem, at_most={})
    if strategy == "horner" and d == 1:
        theorem = replace(theorem, at_most={**theorem.at_most, **CHAIN})
    if not M:
        kept = {name: formula for name, formula in theorem.at_most.items() if name != "magnitude"}
        return replace(theorem, at_most=kept)
    return replace(theorem, at_most={**theorem.at_most, "magnitude": str(M)})


def symbols_of(
    p: MultivariatePolynomial, box: Box, m: int, M: Fraction, k: int
) -> Mapping[str, Fraction | int]:
    """Return the values of the letters for a polynomial on a box."""
    scales = [_power_of_two(max(map(abs, side))) for side in box]
    terms = [(alpha, c) for alpha, c in p.terms if any(alpha)]
    used = [D for D, degree in zip(scales, p.degrees, strict=True) if degree > 0]
    c1 = sum((abs(c) * _monomial(scales, alpha) for alpha, c in p.terms), Fraction(0))
    D = min(used, default=Fraction(1))
    linear = max((abs(c) for alpha, c in terms if sum(alpha) == 1), default=Fraction(0))
    supports = sum(max(sum(1 for a in alpha if a) - 1, 0) for alpha, _ in terms)
    return {
        "d": p.dimension,
        "n": max(p.degree, 1),
        "N": len(terms),
        "m": m,
        "c1": c1,
        "D": D,
        "K": sum(max(degree - 1, 0) for degree in p.degrees) + supports,
        "r": _layers(Fraction(33, 16) * max(c1, linear) / M) if M and c1 else 0,
        "a": _layers(2 / (D * M)) if M else 0,
        "k": max(k, 1),
    }


def _layers(ratio: Fraction) -> int:
    """The least r >= 0 with ratio <= 4^r."""
    return max(0, int(evaluate_formula("ceiling(log(t, 4))", {"t": ratio})))


def _power_of_two(size: Fraction) -> Fraction:
    """The least power of two that is at least a positive number; 1 for 0."""
    return Fraction(2) ** int(evaluate_formula("ceiling(log(t, 2))", {"t": size})) if size else Fraction(1)


def _monomial(scales: list[Fraction], alpha: tuple[int, ...]) -> Fraction:
    value = Fraction(1)
    for D, a in zip(scales, alpha, strict=True):
        value *= D**a
    return value
