"""Weights of modulus at most 1: copies, division by powers of two, and doubling at the end.

Statement. A network with weights of any size has the same realization as one whose weights and biases are at
most 1 in modulus:

1. a neuron with an outgoing weight w may be replaced by N >= |w| copies, each with the weight w/N;
2. if all biases up to layer l, and the weights of the inputs, are divided by c > 0, every neuron up to there
   is divided by c, because rho(y/c) = rho(y)/c;
3. y = rho(y) - rho(-y), and two copies of either double it with weights 1.

Notation. rho(y) = max(y, 0), split by the sign of y.

Overview. `lemma_copies`, `lemma_division`, `lemma_later_divisions`, `lemma_doubling`,
`theorem_depth_and_weights`.

Prose: the induction over the layers, whose steps these are.

References. The bound B <= 1 is that of Elbraechter, Perekrestenko, Grohs, Boelcskei, IEEE Trans. Inf. Theory
67 (2021).
"""

from fractions import Fraction

import sympy

from relu_constructions import Parametrization
from relu_constructions.magnitude import PAIRS, unit_magnitude

y, w, b = sympy.symbols("y w b", real=True)
c, p = sympy.symbols("c p", positive=True)
N, L = sympy.symbols("N L", integer=True, positive=True)


def relu(value, sign):
    """Return rho(value), where the value has the given sign."""
    return value if sign > 0 else sympy.S(0)


def lemma_copies():
    """N copies of rho(y) with the weight w/N add up to w rho(y), and |w|/N <= 1 for N = |w| + rest."""
    rest = sympy.Symbol("rest", nonnegative=True)
    i = sympy.Symbol("i", integer=True)
    assert sympy.simplify(sympy.Sum(w / N * y, (i, 1, N)).doit() - w * y) == 0
    assert sympy.simplify(1 - p / (p + rest) - rest / (p + rest)) == 0
    assert (rest / (p + rest)).is_nonnegative


def lemma_division():
    """rho(y/c) = rho(y)/c for both signs of y; for c < 0 it is false."""
    for sign in (1, -1):
        assert sympy.simplify(relu(y / c, sign) - relu(y, sign) / c) == 0
    assert relu(sympy.S(1) / -2, -1) != relu(sympy.S(1), 1) / -2


def lemma_later_divisions():
    """If the values below are divided by C already, a layer that is divided by c in addition has the weights
    w/c and the bias b/(C c), and its values are divided by C c."""
    C = sympy.Symbol("C", positive=True)
    assert sympy.simplify((w / c) * (y / C) + b / (C * c) - (w * y + b) / (C * c)) == 0
    assert sympy.simplify((w / c) * (y / C) + b / c - (w * y + b) / (C * c)) != 0


def lemma_doubling():
    """With two copies each of rho(y) and rho(-y), a layer of pairs doubles them, and the last layer, with
    weights 1 and -1, is 2 y; E - 1 layers of pairs and the last one are 2^E y."""
    for sign in (1, -1):
        values = [relu(y, sign)] * 2 + [relu(-y, -sign)] * 2
        doubled = [values[i] + values[j] for i, j in PAIRS]
        assert doubled == [2 * relu(y, sign)] * 2 + [2 * relu(-y, -sign)] * 2
        assert sympy.expand(values[0] + values[1] - values[2] - values[3] - 2 * y) == 0
    E = sympy.Symbol("E", integer=True, positive=True)
    assert sympy.simplify(2 ** (E - 1) * 2 - 2**E) == 0


def theorem_depth_and_weights():
    """Depth L + E, if layers are divided by 2^E in all, and no weight above 1: networks of two layers with
    biases of up to 2^E."""
    for E, large in ((0, 1), (1, 2), (2, 3), (5, 32), (6, 33)):
        phi = Parametrization([([[1], [-2]], [Fraction(1, 2), 0]), ([[3, Fraction(-1, 2)]], [large])])
        made, first = unit_magnitude(phi), 1
        assert made.magnitude <= 1
        assert made.depth == phi.depth + max(first, E)
        for k in range(-5, 6):
            assert made(Fraction(k, 2)) == phi(Fraction(k, 2))
