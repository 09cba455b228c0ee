"""The monomial x^alpha: a balanced tree over balanced powers, its errors, sizes and exact values.

Statement. Let s variables occur in x^alpha, h be the highest exponent, n = |alpha|, |x_j| <= D_j powers of
two, D the least of those that occur, c1 = prod D_j^alpha_j, k(n) = ceil(log2 n), eta = 2^-m, delta =
4^-(m+1). The network has at most n - 1 gates, and

    |q - x^alpha| <= c1 (n - 1) delta,
    |d_j (q - x^alpha)| <= (c1/D) h ((11/21 k(h) + k(s)) eta + (n - 1) delta)    almost everywhere,
    depth <= (k(h) + k(s))(m + 1) + 1,    width <= 5 (n - 1) + d + 1,
    connectivity <= (12 m + 36)(n - 1) + (n + d) depth + 8.

It is 0 exactly where an x_j that occurs is 0, and exact where all |x_j| = D_j.

Notation. `s` is k(h) and `t` is k(s), as in `proofs/polynomial_theorem.py`; a number that is proved here
must be at most the claim of the package.

Overview. `theorem_number_of_gates`, `theorem_errors`, `theorem_sizes`, `theorem_sizes_of_the_package`,
`theorem_zero_law`, `theorem_corners`.

Prose: what `proofs/polynomial_theorem.py` says of its inductions and of the schedule.

References. Yarotsky, Neural Networks 94 (2017), and Opschoor, Petersen, Schwab, Anal. Appl. 18 (2020), for
trees of products.
"""

from fractions import Fraction
from itertools import product

import sympy
from polynomial_theorem import C, at_least, c1, d, delta, eta, level, m, n, s, t
from sympy import Symbol, ceiling, log

from relu_constructions import monomial
from relu_constructions.circuit import Wiring
from relu_constructions.constructions.monomial import THEOREM
from relu_constructions.polynomial_circuits import monomial as wire

D = Symbol("D", positive=True)
highest, support = sympy.symbols("h sup", integer=True, positive=True)
DEPTH = (s + t) * (m + 1) + 1
SMALL = [alpha for alpha in product(range(4), repeat=3) if sum(alpha)]


def claimed(quantity):
    """Return a formula of the package in s = k(h), t = k(s) and eta."""
    letters = {"d": d, "n": n, "s": support, "h": highest, "m": m, "c1": c1, "D": D}
    stages = {ceiling(log(highest, 2)): s, ceiling(log(support, 2)): t}
    return sympy.expand(THEOREM.formula(quantity, **letters).subs(stages)).subs(2**-m, eta)


def theorem_number_of_gates():
    """The powers take at most sum (alpha_j - 1), the tree s - 1: together n - 1 at most; attained for
    exponents of at most 3, of which each takes alpha_j - 1, but x^4 takes 2 squares."""
    exponents = sympy.symbols("a1:4", positive=True)
    assert sympy.expand(sum(a - 1 for a in exponents) + (3 - 1) - (sum(exponents) - 1)) == 0
    for alpha in [*SMALL, (4, 0, 0), (7, 5, 2)]:
        wiring = Wiring(((Fraction(0), Fraction(1)),) * 3, 1)
        gates = wiring.circuit([wire(wiring, wiring.inputs, alpha, {})]).gates
        assert len(gates) <= sum(alpha) - 1
        assert (len(gates) == sum(alpha) - 1) == (max(alpha) <= 3)


def theorem_errors():
    """`lemma_tree_over_variables` with (11/21) k(alpha_j) for the power x_j^alpha_j and alpha_j <= h."""
    assert sympy.expand(claimed("value_error") - c1 * (n - 1) * delta) == 0
    proved = c1 / D * highest * ((C * s + t) * eta + (n - 1) * delta)
    assert at_least(claimed("derivative_error"), proved)
    smaller = proved.subs(highest, highest + d) - proved
    assert sympy.expand(smaller.subs(n, n + 1)).is_nonnegative


def theorem_sizes():
    """The count of `proofs/polynomial_theorem.py` for G = n - 1 gates and one output: n - 1 + d wires and
    the output a layer; for a single input 2 biases, and 6 entries more in the last two layers."""
    assert at_least(claimed("depth"), DEPTH)
    assert at_least(claimed("width"), 5 * (n - 1) + d + 1)
    proved = (12 * m + 36) * (n - 1) + (n + d) * DEPTH + 8
    assert at_least(claimed("connectivity"), proved)


def theorem_sizes_of_the_package():
    """The networks of the package have no more, for all exponents up to 3 of three variables."""
    boxes = ([(0, 1)] * 3, [("-1/3", "5/2"), (1000, 1001), (-1, 1)])
    for alpha, box, levels in product(SMALL[::3], boxes, (1, 2)):
        phi, size = monomial(alpha, m=levels, domain=box), sum(alpha)
        stages = level(max(alpha)) + level(sum(map(bool, alpha)))
        depth = stages * (levels + 1) + 1
        assert phi.depth <= depth
        assert phi.width <= 5 * (size - 1) + 3 + 1
        assert phi.connectivity <= (12 * levels + 36) * (size - 1) + (size + 3) * depth + 8


def theorem_zero_law():
    """P(0, v) = 0 for all real v, as |0 + v| = |0 - v|, and the square of 0 is 0; so one zero factor makes
    every gate after it 0, exactly."""
    v, f = Symbol("v", real=True), sympy.Function("f")
    assert f(sympy.Abs(0 + v) / 2) - f(sympy.Abs(0 - v) / 2) == 0
    for alpha, box in product(((2, 1, 3), (1, 1, 1)), ([(0, 1)] * 3, [(-1, 2)] * 3)):
        phi = monomial(alpha, m=1, domain=box)
        for zero in range(3):
            point = [Fraction(1, 3) if j != zero else 0 for j in range(3)]
            assert list(phi(point)) == [0]
        assert phi([Fraction(1, 3)] * 3)[0] != 0


def theorem_corners():
    """P(1, 1) = 1 and P(-1, v) = -v by the unit law (`proofs/product.py`): exact where all |x_j| = D_j."""
    for alpha in ((2, 1, 3), (5, 0, 2), (1, 1, 1)):
        phi = monomial(alpha, m=2, domain=[(-2, 2), (-1, 1), (-4, 4)])
        for point in product((-2, 2), (-1, 1), (-4, 4)):
            wanted = point[0] ** alpha[0] * point[1] ** alpha[1] * point[2] ** alpha[2]
            assert list(phi(list(point))) == [wanted]
