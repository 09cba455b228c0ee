"""High frequencies: cos(2 pi 2^n x) = cos(pi h_{n+1}(x)), and how errors grow with n.

Statement. If C is within e0 of cos(pi z) on [0, 1], and its slope within e1, then C after the sawtooth
h_{n+1} is within e0 of cos(2 pi 2^n x) on [0, 1], and its slope within 2^(n+1) e1 almost everywhere. Both are
sharp: h_{n+1} takes every value of [0, 1], with slopes of modulus 2^(n+1).

Overview. `theorem_one_base_network`, `lemma_relative_error`, `lemma_nonzeros`.

Prose: the induction of `proofs/cosine.py` with y = x and s = n + 1.

References. Perekrestenko, Grohs, Elbraechter, Boelcskei, The universal approximation power of finite-width
deep ReLU networks (2018).
"""

from fractions import Fraction

import sympy
from sympy import cos, pi

from relu_constructions import high_frequency_cosine
from relu_constructions.construction import check
from relu_constructions.wave import folding, wave_of

x = sympy.Symbol("x", real=True)
n, k = sympy.symbols("n k", integer=True, nonnegative=True)


def theorem_one_base_network():
    """On the k-th pair of teeth h_{n+1} is 2^(n+1) x - 2k, then 2k + 2 - 2^(n+1) x: its cosine is the wave,
    its slope 2^(n+1). The package folds the input itself n + 1 times, without rounding."""
    for z in (2 ** (n + 1) * x - 2 * k, 2 * k + 2 - 2 ** (n + 1) * x):
        turned = sympy.expand_trig(cos(sympy.expand(pi * z)))
        assert sympy.simplify(turned - cos(2 * pi * 2**n * x)) == 0
        assert sympy.simplify(abs(sympy.diff(z, x)) - 2 ** (n + 1)) == 0
    for doublings in (0, 1, 9):
        made = folding(wave_of("cos", f"{2 ** (doublings + 1)}*pi", "0", Fraction(0), Fraction(1)), 0)
        assert made[:3] == (1, 0, doublings + 1)
        assert made.line[1:] == (0, 0)


def lemma_relative_error():
    """2^(n+1) e1 over the largest slope 2 pi 2^n of the wave is e1/pi for all n."""
    e1 = sympy.Symbol("e1", positive=True)
    steepest = sympy.diff(cos(2 * pi * 2**n * x), x).subs(x, 1 / (4 * 2**n))
    assert sympy.simplify(2 ** (n + 1) * e1 / abs(steepest) - e1 / pi) == 0


def lemma_nonzeros():
    """Every doubling costs one layer of 5 nonzeros, and the proved errors are e0 and 2^(n+1) e1."""
    low = high_frequency_cosine(0, m=5)
    first = check(low)
    for doublings in (1, 4):
        high = high_frequency_cosine(doublings, m=5)
        found = check(high)
        assert high.connectivity == low.connectivity + 5 * doublings
        assert high.depth == low.depth + doublings
        assert found.value_error == first.value_error
        assert found.derivative_error == 2**doublings * first.derivative_error
