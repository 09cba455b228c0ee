"""The circuits of Chebyshev series: the identities behind them, the scale of the factors, and their numbers.

Statement. Let B_j be the product of the T_(2^i) over the binary digits 2^i of j, B_0 = 1.

1. T_(2n) = 2 T_n^2 - 1, and T_(a+r) = 2 T_a T_r - T_(a-r), so for a = 2^i > r the expansion of T_(a+r) in
   products is 2 T_a times that of T_r, minus that of T_(a-r); |B_j| <= 1 on [-1, 1].
2. The sum of the moduli of the coefficients of T_j is at most j for j >= 1.
3. With fewer than 2n + 2 terms, sum b_i T_i = a + T_n c with deg a < n and c = b_n + 2 sum b_(n+i) T_i.
4. For blocks of length k = 2^kappa, degree n >= k: floor(n/k) products join the blocks, k - 1 - kappa make
   the B_j, and kappa + floor(log2(n/k)) squares the T_(2^i); with powers floor(n/k) + ceil(k/2) - 1 products
   and at most floor(k/2) + floor(log2(n/k)) + 1 squares, one of them for even series.

Notation. The letters of `relu_constructions.constructions.chebyshev_circuits`.

Overview. 1: `lemma_products`, `lemma_factors`; 2: `lemma_scale`; 3: `lemma_splitting`; 4:
`lemma_number_of_factors`, `theorem_gates`.

Prose. 2 by induction: the sum s_j satisfies s_(a+r) <= 2 s_r + s_(a-r) <= 2r + (a - r) = a + r. The numbers
of joining products are those of `proofs/polynomial_circuits.py`.

References. Paterson and Stockmeyer, SIAM J. Comput. 2 (1973).
"""

from fractions import Fraction

import sympy
from sympy import chebyshevt, cos

from relu_constructions.constructions.analytic_theorem import PRODUCTS, SQUARES
from relu_constructions.constructions.chebyshev_circuits import (
    STRATEGIES,
    Plan,
    expansion,
    halves,
    series_circuit,
    top,
)
from relu_constructions.theorem import evaluate_formula

y, theta = sympy.symbols("y theta", real=True)
SIDE = (Fraction(-1), Fraction(1))


def lemma_products():
    """cos((a + r) t) + cos((a - r) t) = 2 cos(a t) cos(r t), for r = a with cos 0 = 1."""
    a, r = sympy.symbols("a r", real=True)
    both = cos(a * theta + r * theta) + cos(a * theta - r * theta)
    assert sympy.expand(sympy.expand_trig(both) - 2 * cos(a * theta) * cos(r * theta)) == 0
    assert both.subs(r, a).subs(a, 0) == 2


def lemma_factors():
    """The expansions of the package, as polynomials."""

    def product(j):
        digits = [2**i for i in range(j.bit_length()) if j >> i & 1]
        return sympy.prod(chebyshevt(d, y) for d in digits)

    for j in range(33):
        made = sum(c * product(i) for i, c in expansion(j).items())
        assert sympy.expand(made - chebyshevt(j, y)) == 0


def lemma_scale():
    """2 r + (a - r) = a + r; the expansions of the package for all j up to 512."""
    a, r = sympy.symbols("a r", positive=True)
    assert sympy.expand(2 * r + (a - r) - (a + r)) == 0
    assert all(sum(map(abs, expansion(j).values())) <= j for j in range(1, 513))


def lemma_splitting():
    """The two halves of the package for n = 4 and n = 8, with symbols for the coefficients."""
    for n, length in ((4, 5), (4, 8), (4, 9), (8, 11), (8, 17)):
        b = sympy.symbols(f"b:{length}")
        low, high = halves(b, n)
        whole = sum(c * chebyshevt(i, y) for i, c in enumerate(b))
        below = sum(c * chebyshevt(i, y) for i, c in enumerate(low))
        above = sum(c * chebyshevt(i, y) for i, c in enumerate(high))
        assert len(low) == n
        assert sympy.expand(whole - below - chebyshevt(n, y) * above) == 0


def lemma_number_of_factors():
    """Of the numbers 1 to k - 1, k = 2^kappa, kappa are powers of two; the others need one product each."""
    for kappa in range(10):
        k = 2**kappa
        assert sum(j > top(j) for j in range(1, k)) == k - 1 - kappa


def theorem_gates():
    """The circuits of the package have at most the claimed numbers of products and squares."""
    for strategy in STRATEGIES[:2]:
        for n in range(1, 30):
            for k in (1, 2, 3, 4, 5, 6, 8, 12, 16):
                if strategy == "chebyshev" and k & (k - 1):
                    continue
                for step in (1, 2):
                    b = [Fraction(3 + i, 2**i) if i % step == 0 else Fraction(0) for i in range(n + 1)]
                    gates = series_circuit(b, SIDE, SIDE, Plan(strategy, k), 1).gates
                    for kind, claimed in (("product", PRODUCTS), ("square", SQUARES)):
                        found = sum(gate.kind == kind for gate in gates)
                        assert found <= evaluate_formula(claimed[strategy], {"n": n, "k": k})
