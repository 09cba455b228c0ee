"""The sizes of networks for series: depth, width and connectivity from the numbers of their gates.

Statement. Let a circuit in one variable have P products and S squares with m levels each, at most d of them
one after another. Its network has a depth of at most d (m + 1) + 1, a width of at most 5 P + 3 S + 2, and
for a series of degree n split in blocks a connectivity of at most

    (12 m + 36) P + (6 m + 20) S + (P + S + 3) depth + 6 n + 8.

With n = c log(1/eps), k of the order sqrt(n) and m of the order log(1/eps) this is of the order
log^(3/2)(1/eps) loglog(1/eps).

Notation. The letters of `relu_constructions.constructions.analytic_theorem`.

Overview. `lemma_entries_of_a_square`, `theorem_width`, `theorem_connectivity`, `theorem_stages`,
`theorem_order`.

Prose. As in `proofs/polynomial_theorem.py`: a product has at most 12 m + 36 entries of its own, each wire
is carried in at most one neuron a layer, and two more belong to the output. Each of the at most n + 1 terms
of the blocks is read once by each of 4 rows of a product in front of which it is added up, and 2 are left for
biases. A gate takes m + 1 layers at most.

References. None beyond `proofs/polynomial_theorem.py`.
"""

from fractions import Fraction

import sympy
from sympy import ceiling, floor, log

from relu_constructions.constructions.analytic_theorem import PRODUCTS, SQUARES
from relu_constructions.constructions.analytic_theorem import theorem_of as sizes_of
from relu_constructions.constructions.chebyshev_circuits import STRATEGIES, Plan, series_circuit
from relu_constructions.theorem import sympy_formula

n, k, m = sympy.symbols("n k m", integer=True, positive=True)
SIDE = (Fraction(-1), Fraction(1))


def lemma_entries_of_a_square():
    """2 rows in front with up to 5 entries, then x: 2 and t: 3 in each further level, 2 entries of the sum in
    the first level and 1 in the others, 2 biases: at most 6 m + 20."""
    own = 2 * 5 + 5 * m + 2 + (m - 1) + 2
    slack = sympy.expand(6 * m + 20 - own)
    assert slack.is_nonnegative


def theorem_width():
    """A product has 4 neurons and a sum, a square 2 and a sum; what waits or is finished has 1; the input and
    the output have one each."""
    p, s, rest = sympy.symbols("p s o", nonnegative=True)
    gates = 5 * (p + rest) + 3 * s + 2
    assert sympy.expand(gates - ((4 + 1) * p + (2 + 1) * s + rest + 2)).is_nonnegative
    for strategy in PRODUCTS:
        P, S = formulas(strategy)
        assert sympy.expand(sizes_of("", "", strategy).formula("width") - (5 * P + 3 * S + 2)) == 0


def formulas(strategy):
    """The numbers of gates as the package states them."""
    theorem = sizes_of("", "", strategy)
    return [sympy_formula(text[strategy], theorem.parameters, {}) for text in (PRODUCTS, SQUARES)]


def theorem_connectivity():
    """The claim is the sum of its parts."""
    for strategy in PRODUCTS:
        P, S = formulas(strategy)
        theorem = sizes_of("", "", strategy)
        depth = theorem.formula("depth")
        parts = (12 * m + 36) * P + (6 * m + 20) * S + (P + S + 3) * depth + 6 * n + 8
        assert sympy.expand(theorem.formula("connectivity") - parts) == 0


def stages(circuit):
    """The number of gates on the longest way."""
    levels = [0]
    for gate in circuit.gates:
        wires = [wire for form in gate.arguments for wire, _ in form.terms]
        levels.append(1 + max(levels[wire] for wire in wires))
    return max(levels)


def theorem_stages():
    """B_j with j < 2^i and T_(2^i) have at most i stages, and the part of a series with less than 2^i blocks
    at most kappa + i: one more for the product with T_(k 2^i), of kappa + i stages; compared with the
    circuits of the package. For even series the first stage is the square, and half the
    degree takes one less."""
    for strategy in STRATEGIES:
        theorem = sizes_of("", "", strategy)
        for degree in range(1, 26):
            for block in (1, 2, 3, 4, 5, 8, 16):
                if strategy == "chebyshev" and block & (block - 1):
                    continue
                for step in (1, 2, 3):
                    b = [Fraction(i + 3, 2**i) if i % step == 0 else Fraction(0) for i in range(degree + 1)]
                    found = stages(series_circuit(b, SIDE, SIDE, Plan(strategy, block), 1))
                    assert found * 2 + 1 <= theorem.claim("depth", n=degree, k=block, m=1), (degree, block)


def theorem_order():
    """For n = k^2: P = 2 k - 1 - log2 k and S = 2 log2 k for k a power of two, d = 2 log2 k + 1 at most."""
    P, S = (part.subs(n, k**2) for part in formulas("chebyshev"))
    for exponent in range(1, 12):
        at = {k: sympy.Integer(2**exponent)}
        assert P.subs(at) == 2 * 2**exponent - 1 - exponent
        assert S.subs(at) == 2 * exponent
        blocks = ceiling(log(floor(k**2 / k) + 1, 2)).subs(at)
        assert exponent + blocks == 2 * exponent + 1
