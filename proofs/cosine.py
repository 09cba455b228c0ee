"""Cosines of any frequency: folding to half a period, and what rounding the frequency costs.

Statement. Let h_s be the sawtooth of s folds, |y| <= 1 and y = (a x + phase)/(2^s pi). Then

1. cos(a x + phase) = cos(2^s pi y) = cos(pi h_s(|y|)); for the sine this is false, sin(t) = cos(t - pi/2).
2. If C is within e of cos(pi z) on [0, 1] and its slope within d, then C(h_s(|y|)) is within e of the wave,
   and its slope within |q| 2^s d, almost everywhere, for y = q x + p.
3. For rational q, p next to a/(2^s pi), phase/(2^s pi), off by at most e_q, e_p, the value changes by at most
   E = 2^s pi (e_q |x| + e_p), the slope by at most 2^s pi e_q + |a| E.
4. |d_j e| <= sum_k L_kj |d_k e| almost everywhere, if the variables z_k behind the folds have |d_j z_k| <=
   L_kj.

Notation. hat(t) = 2t on [0, 1/2], 2 - 2t on [1/2, 1]; h_0(t) = t, h_{s+1} = h_s after hat.

Overview. 1: `lemma_one_fold`, `theorem_folding`, `lemma_sines_are_shifted_cosines`. 2:
`lemma_slope_of_the_folds`. 3: `lemma_rounded_frequency`, `theorem_line_of_the_package`. 4:
`lemma_chain_rule_behind_folds`. Sizes: `lemma_nonzeros_of_folds`.

Prose: the induction over s, whose step is `lemma_one_fold` with t = pi h_s(|y|); the null-set lemma of
`proofs/chain_rule.py`, by which 2 and 4 hold almost everywhere although h_s(|y|) may lie in kinks of C or of
the error on a set of positive measure, where the factor behind them is 0. The doubling of the angle is in
`proofs/versine.py`, the errors of the squares in `proofs/derivation.py`, the weights of the form "taylor" in
`proofs/magnitude.py`.

References. Elbraechter, Perekrestenko, Grohs, Boelcskei, IEEE Trans. Inf. Theory 67 (2021), Theorem III.8;
Perekrestenko, Grohs, Elbraechter, Boelcskei (2018), for the folding.
"""

from fractions import Fraction

import sympy
from chain_rule import bound, total
from sympy import Rational, cos, pi, sin

from relu_constructions.circuit import Wiring
from relu_constructions.schedule import network
from relu_constructions.versine import PI_ABOVE
from relu_constructions.wave import folding, wave_of

t, x, y = sympy.symbols("t x y", real=True)
HALVES = (2 * t, 2 - 2 * t)
"""The hat on [0, 1/2] and on [1/2, 1]."""


def lemma_one_fold():
    """cos(pi hat(t)) = cos(2 pi t) on both halves, because the cosine is even and has the period 2 pi."""
    for half in HALVES:
        difference = sympy.expand_trig(sympy.expand(cos(sympy.expand(pi * half))) - cos(2 * pi * t))
        assert sympy.simplify(difference) == 0
    assert [half.subs(t, Rational(1, 2)) for half in HALVES] == [1, 1]


def theorem_folding():
    """cos(2^s pi |y|) = cos(pi h_s(|y|)) on every tooth: there h_s is 2^s y - 2k or 2k + 2 - 2^s y, and both
    have the cosine of 2^s pi y; the modulus changes nothing."""
    s, k = sympy.symbols("s k", integer=True, nonnegative=True)
    for z in (2**s * y - 2 * k, 2 * k + 2 - 2**s * y):
        turned = sympy.expand_trig(cos(sympy.expand(pi * z)))
        assert sympy.simplify(turned - cos(pi * 2**s * y)) == 0
        for half, argument in zip(HALVES, (z, z), strict=True):
            assert (
                sympy.simplify(cos(sympy.expand(pi * half.subs(t, argument))) - cos(pi * 2 ** (s + 1) * y))
                == 0
            )
    assert cos(-t) == cos(t)


def lemma_sines_are_shifted_cosines():
    """sin(t) = cos(t - pi/2), the shift of the package; folding a sine itself is false, as at t = 7/10."""
    assert sympy.simplify(sin(t) - cos(t - pi / 2)) == 0
    assert sin(2 * pi * Rational(7, 10)) != sin(pi * (2 - 2 * Rational(7, 10)))
    wave = wave_of("sin", "3", "1 + pi", Fraction(0), Fraction(1))
    assert (wave.shift.rational, wave.shift.of_pi) == (1, Fraction(1, 2))


def lemma_slope_of_the_folds():
    """|h_s'| = 2^s on every tooth, so |d/dx h_s(|q x + p|)| = 2^s |q|: what the package calls travel."""
    assert [abs(sympy.diff(half, t)) for half in HALVES] == [2, 2]
    s, q, k = sympy.symbols("s q k", positive=True)
    p = sympy.Symbol("p", real=True)
    for z in (2**s * (q * x + p) - 2 * k, 2 * k + 2 - 2**s * (q * x + p)):
        assert sympy.simplify(abs(sympy.diff(z, x)) - 2**s * q) == 0
    for a in ("3", "-2*pi", "1/7 + pi"):
        made = folding(wave_of("cos", a, "1", Fraction(-9), Fraction(7)), 50)
        assert made.travel == abs(made.q) * 2**made.s


def lemma_rounded_frequency():
    """cos(T) - cos(t) is at most |T - t| in modulus, T = 2^s pi (q x + p); and A sin(T) - a sin(t) = (A - a)
    sin(T) + a (sin(T) - sin(t)), at most |A - a| + |a| |T - t|. Without the second term it is false."""
    A, a, sine, other = sympy.symbols("A a sinT sint", real=True)
    size, away, shift = sympy.symbols("size away shift", nonnegative=True)
    terms = [(A - a, sine), (a, sine - other)]
    assert sympy.expand(total(terms) - (A * sine - a * other)) == 0
    assert sympy.expand(total(terms[:1]) - (A * sine - a * other)) != 0
    norms = {A - a: away, sine: 1, a: size, sine - other: shift}
    assert sympy.expand(bound(terms, norms) - (away + size * shift)) == 0
    u = sympy.Symbol("u", real=True)
    assert sympy.simplify(cos(t + 2 * u) - cos(t) + 2 * sin(u) * sin(t + u)) == 0
    assert sympy.simplify(sin(t + 2 * u) - sin(t) - 2 * sin(u) * cos(t + u)) == 0


def theorem_line_of_the_package():
    """The line is at least what the true distances of q and p from a/(2^s pi) and phase/(2^s pi) cost, to 60
    digits, and at most 2^-digits times 22/7 (D + 1) (1 + |a|) in both; nothing for multiples of pi."""
    for text, shift, D in (("3", "1", 2), ("-1/3 + pi", "pi/7", 1), ("1000", "0", 1)):
        wave = wave_of("cos", text, shift, Fraction(-D), Fraction(D))
        made = folding(wave, 40)
        turn = 2**made.s * pi
        errors = []
        for found, angle in ((made.q, wave.a), (made.p, wave.shift)):
            exact = Rational(angle.rational.numerator, angle.rational.denominator) + pi * Rational(
                angle.of_pi.numerator, angle.of_pi.denominator
            )
            errors.append((abs(Rational(found.numerator, found.denominator) - exact / turn), abs(exact)))
        (off_q, size), (off_p, _) = errors
        value = turn * (off_q * D + off_p)
        slope = turn * off_q + size * value
        line = [Rational(end.numerator, end.denominator) for end in made.line[1:]]
        most = PI_ABOVE * Fraction(D + 1, 2**40)
        assert value.evalf(60) <= line[0] <= Rational(most.numerator, most.denominator)
        assert slope.evalf(60) <= line[1]
        assert (line[1] - line[0] * (1 + size) * (1 + Rational(1, 2**60))).evalf(60) <= 0
    exact = folding(wave_of("cos", "2*pi", "pi/3", Fraction(-1), Fraction(1)), 5)
    assert exact.line[1:] == (0, 0)


def lemma_chain_rule_behind_folds():
    """d_j (e after z) = sum_k (d_k e) (d_j z_k), at most sum_k L_kj |d_k e|; attained for teeth that rise."""
    slopes, steps = sympy.symbols("e1 e2", real=True), sympy.symbols("z1 z2", real=True)
    sizes, lengths = sympy.symbols("E1 E2", nonnegative=True), sympy.symbols("L1 L2", nonnegative=True)
    terms = list(zip(slopes, steps, strict=True))
    norms = dict(zip((*slopes, *steps), (*sizes, *lengths), strict=True))
    assert bound(terms, norms) == sum(E * L for E, L in zip(sizes, lengths, strict=True))
    attained = total(terms).subs(dict(zip((*slopes, *steps), (*sizes, *lengths), strict=True)))
    assert attained == bound(terms, norms)


def lemma_nonzeros_of_folds():
    """s folds of a nonnegative input take 5 s nonzeros, and 4 more where |.| is needed: 3 + 5 (s - 1) + 2,
    and 2 + 5 + ... for the modulus; measured on networks."""
    s = sympy.Symbol("s", positive=True)
    assert sympy.expand(3 + 5 * (s - 1) + 2 - 5 * s) == 0
    for lo, more in ((0, 0), (-1, 4)):
        for n in (1, 2, 7):
            wiring = Wiring(((Fraction(lo), Fraction(1)),), 3)
            phi = network(wiring.circuit([wiring.fold(wiring.inputs[0], n)]))
            assert phi.connectivity == 5 * n + more
            assert phi.depth == n + 1 + (more > 0)
