"""All powers up to n: numbers of squares and products, errors, sizes, and where the network is exact.

Statement. The network of `relu_constructions.powers` on [lo, hi] inside [-D, D], D >= 1 a power of two, has
floor(n/2) squares and ceil(n/2) - 1 products of m levels. With eta = 2^-m, delta = 4^-(m+1), k = ceil(log2
n), every output i <= n satisfies

    |q_i - x^i| <= D^n (n - 1) delta,
    |q_i' - i x^(i-1)| <= D^(n-1) n (11/21 k eta + (n - 1) delta)    almost everywhere,
    depth <= k (m + 1) + 1,    width <= max(n, 5 n - 4) = 5 n - 4,
    connectivity <= (12 m + 36)(n - 1) + n depth + 2 n + 2.

It is exact at 0 and at D, 0 and D^i, and the first output is x. On [0, 1] it has q_i(1) = 1.

Notation. `S`, `W` in `sums` are those of `proofs/polynomial_theorem.py`. A number that is proved here must
be at most the claim of the package.

Overview. `theorem_numbers_of_gates`; `theorem_errors` from `proofs/polynomial_theorem.py` for one power, by
`lemma_scaling`; `theorem_sizes` by the count of that file, with `lemma_outputs`; `theorem_exact_values` by
the unit law and the zero law.

Prose: the induction from a power to the sum and the product of its halves; that a wire is carried in one
neuron a layer, which is handed on to the output when the last gate has read it.

References. Berner, Elbraechter, Grohs, Jentzen (2019) build the powers of each variable like this.
"""

from fractions import Fraction

import sympy
from polynomial_theorem import C, at_least, delta, eta, level, m, n, s, sums
from square import chord, h, vanishes
from square import x as u
from sympy import Symbol, ceiling, floor, log

from relu_constructions import powers
from relu_constructions.circuit import Wiring
from relu_constructions.constructions.powers import THEOREM
from relu_constructions.polynomial_circuits import power

D = Symbol("D", positive=True)
q = Symbol("q", integer=True, nonnegative=True)
MORE = Symbol("more", nonnegative=True)
DEPTH = s * (m + 1) + 1


def claimed(quantity):
    """Return a formula of the package in s = ceil(log2 n) and eta = 2^-m."""
    formula = THEOREM.formula(quantity, n=n, m=m, D=D).subs(ceiling(log(n, 2)), s)
    return sympy.expand(sympy.expand(formula, power_exp=False).subs(2**-m, eta))


def theorem_numbers_of_gates():
    """The even powers 2, 4, ... are squares, the odd powers 3, 5, ... products: floor(n/2) and ceil(n/2) -
    1, n - 1 in all; for every power its two halves are among the powers before it."""
    for degree in (2 * q, 2 * q + 1):
        assert sympy.expand(floor(degree / 2) + ceiling(degree / 2) - 1 - (degree - 1)) == 0
    for highest in range(1, 40):
        wiring, known = Wiring(((Fraction(0), Fraction(1)),), 1), {}
        made = wiring.circuit([power(wiring, wiring.inputs[0], i, known) for i in range(1, highest + 1)])
        kinds = [gate.kind for gate in made.gates]
        assert kinds.count("square") == highest // 2
        assert kinds.count("product") == -(-highest // 2) - 1


def lemma_scaling():
    """x = D y: the errors of y^i are multiplied by D^i and D^(i-1), which are largest for i = n since D >=
    1; for D < 1 they would be largest for i = 1."""
    i, gap = sympy.symbols("i g", integer=True, positive=True)
    y = Symbol("y", positive=True)
    assert sympy.simplify((D * y) ** i - D**i * y**i) == 0
    assert (D ** (i + gap) / D**i).simplify() == D**gap
    assert ((1 + D) ** gap - 1).subs(gap, 3).expand().is_positive
    assert (D**gap - 1).subs({D: sympy.Rational(1, 2), gap: 3}) < 0


def theorem_errors():
    """The claims are at least D^n (n - 1) delta and D^(n-1) (S eta + (n (n - 1) - W) delta), S <= (11/21) n
    k, W >= 0."""
    value, slope = claimed("value_error") / D**n, claimed("derivative_error") / (D**n / D)
    assert vanishes(value - (n - 1) * delta)
    proved = n * (C * s * eta + (n - 1) * delta)
    assert at_least(sympy.expand(sympy.simplify(slope)), proved)
    for degree in range(1, 200):
        S_n, W_n = sums(degree)
        assert S_n <= C * degree * level(degree)
        assert 0 <= W_n <= degree * (degree - 1) + (degree == 1)


def lemma_outputs():
    """Of n wires and the n outputs, a wire is at any time in one neuron; each output reads it and a bias.
    Width: 5 neurons for each of n - 1 gates and one for x, 5 (n - 1) + 1 = 5 n - 4 >= n."""
    assert sympy.expand(5 * (n - 1) + 1 - (5 * n - 4)) == 0
    assert at_least(5 * n - 4, n)


def theorem_sizes():
    """The claims are at least the numbers of the statement."""
    assert at_least(claimed("depth"), DEPTH)
    assert at_least(claimed("width"), 5 * n - 4)
    gates = (12 * m + 36) * (n - 1)
    assert at_least(claimed("connectivity"), gates + n * DEPTH + 2 * n + 2)


def theorem_sizes_of_the_package():
    """The networks of the package have no more than these numbers, for n <= 12 on boxes of all signs."""
    for highest in range(1, 13):
        for levels, side in ((1, (-1, 1)), (2, ("-1/3", "5/2")), (3, (0, 1)), (2, (1000, 1001))):
            phi = powers(highest, m=levels, domain=side)
            depth = level(highest) * (levels + 1) + 1
            assert phi.depth <= depth
            assert phi.width <= 5 * highest - 4
            most = (12 * levels + 36) * (highest - 1) + highest * depth + 2 * highest + 2
            assert phi.connectivity <= most, (highest, levels, side)


def theorem_exact_values():
    """f(0) = 0 and f(1) = 1, the last chord at N h = 1, and P(1, 1) = f(1) - f(0) = 1; so every power of 1
    is 1, and P(0, .) = 0. In between there are errors: at 1/2^(m+1) the square has the error delta."""
    N = Symbol("N", integer=True, positive=True)
    assert chord(sympy.S(0)).subs(u, 0) == 0
    assert vanishes(chord(N - 1).subs({u: 1, h: 1 / N}, simultaneous=True) - 1)
    for levels in (1, 2, 5):
        phi = powers(7, m=levels)
        assert list(phi([1])) == [1] * 7
        assert list(phi([0])) == [0] * 7
        assert phi([Fraction(1, 2 ** (levels + 1))])[1] == Fraction(2, 4 ** (levels + 1))
        wide = powers(5, m=levels, domain=(-4, 4))
        assert list(wide([4])) == [4**i for i in range(1, 6)]
