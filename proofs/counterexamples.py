"""The gallery of counterexamples: what D(Phi) is at the kinks, for all values of the parameters.

Statement.  The claims of `relu_constructions.counterexamples` hold: the polynomials D(Phi) in c at the kinks,
and the sets of those c for which they lie in the Clarke subdifferential of R(Phi).  In particular no c is
right for the identity plus zero with K >= 2 and for the clipped identity.

Notation.  The Clarke subdifferential in one dimension is the interval between the one-sided derivatives; c is
right where D(Phi) lies in it.  t > 0.

Overview.  `theorem_gallery` computes with the networks as they are; the other theorems have symbols for the
parameters, and the functions on the whole line.  `at_point` in proofs/gates.py derives from all signs at a
point both one-sided derivatives and D(Phi).

Prose: none.
"""

import sympy
from gates import at_point, c, exact_layers, forward, right_conventions
from sympy import Matrix, Rational, S

from relu_constructions import counterexamples
from relu_constructions.counterexamples import COUNTEREXAMPLES

t, B = sympy.symbols("t B", positive=True)
K, a, b = sympy.symbols("K a b", real=True)
FAMILIES = {
    "identity_plus_zero": [
        ([[1], [-1]], [0, 0]),
        ([[1, 0], [0, 1], [-1, 0]], [0, 0, 0]),
        ([[1, -1, K]], [0]),
    ],
    "clipped_identity": [([[1], [-1]], [0, 0]), ([[1, -1], [-1, 0]], [B, 0]), ([[1, 2]], [-B])],
    "two_slopes": [([[1], [-1]], [0, 0]), ([[a, -b]], [0])],
}
"""The networks of the gallery that have parameters, for symbols."""
SAMPLES = {
    "identity_plus_zero": [{K: -3}, {K: 2}, {K: 12}],
    "clipped_identity": [{B: 5}, {B: Rational(1, 3)}],
    "two_slopes": [{a: 3, b: 7}, {a: 1, b: -1}, {a: 0, b: -2}],
}


def theorem_gallery():
    """Every member of the gallery at every point of its claims: the polynomial, and the set of right c."""
    for example in COUNTEREXAMPLES:
        layers = exact_layers(example.network)
        for claim in example.claims:
            left, polynomial, right = at_point(layers, Rational(claim.x.numerator, claim.x.denominator))
            assert sympy.expand(polynomial - example.formula(claim.derivative)) == 0
            assert right_conventions(left, polynomial, right) == example.conventions(claim)


def claimed(name, values, index=0):
    """Return the polynomial that the gallery claims at a point for symbols, the formula taken at samples."""
    letters = {letter.name: value for letter, value in values.items()}
    example = getattr(counterexamples, name)(**letters)
    for (A, shift), (given, bias) in zip(FAMILIES[name], exact_layers(example.network), strict=True):
        assert Matrix(A).subs(values) == Matrix(given)
        assert Matrix(shift).subs(values) == Matrix(bias)
    return example.formula(example.claims[index].derivative, K=K, a=a, b=b, B=B)


def theorem_gallery_the_identity_plus_zero():
    """For all K: the identity, D(0) = (2 - K) c^2, right for c^2 = 1/(2 - K) if K < 2, and never if K >=
    2."""
    layers = FAMILIES["identity_plus_zero"]
    for x in (t, S(0), -t):
        assert sympy.expand(forward(layers, x)[0] - x) == 0
    left, polynomial, right = at_point(layers, S(0))
    assert left == right == 1
    for values in SAMPLES["identity_plus_zero"]:
        assert sympy.expand(polynomial - claimed("identity_plus_zero", values)) == 0
    less, more = sympy.Symbol("2-K", positive=True), sympy.Symbol("K-2", nonnegative=True)
    roots = sympy.solve((polynomial - 1).subs(K, 2 - less), c)
    assert set(roots) == {1 / sympy.sqrt(less), -1 / sympy.sqrt(less)}
    assert sympy.expand((polynomial - 1).subs(K, 2 + more)).is_negative


def theorem_gallery_the_clipped_identity():
    """For all B > 0: the identity on [-B, oo), constant on the left of it; D(0) = 1/2 - 2 (c - 1/2)^2,
    less than the derivative 1 for every c; and D(-B) = c between the slopes 0 and 1."""
    layers = FAMILIES["clipped_identity"]
    for x in (t, S(0), -B / (1 + t), -B):
        assert sympy.simplify(forward(layers, x)[0] - x) == 0
    assert forward(layers, -B - t)[0] == -B
    left, polynomial, right = at_point(layers, S(0))
    assert left == right == 1
    assert sympy.expand(polynomial - (Rational(1, 2) - 2 * (c - Rational(1, 2)) ** 2)) == 0
    assert (1 - (Rational(1, 2) - 2 * (c - Rational(1, 2)) ** 2)).is_positive
    assert at_point(layers, -B) == (0, c, 1)
    for values in SAMPLES["clipped_identity"]:
        assert sympy.expand(polynomial - claimed("clipped_identity", values)) == 0
        assert claimed("clipped_identity", values, 1) == c


def theorem_gallery_two_slopes():
    """For all a, b: slopes b and a, D(0) = (a + b) c. If a + b != 0 this is an affine bijection of the c's
    that takes a/(a + b) to a and b/(a + b) to b, so the right c are those in between; else it is 0 = a/2 +
    b/2, always right."""
    layers = FAMILIES["two_slopes"]
    assert [sympy.expand(forward(layers, x)[0]) for x in (-t, S(0), t)] == [-b * t, 0, a * t]
    left, polynomial, right = at_point(layers, S(0))
    assert (left, right) == (b, a)
    for values in SAMPLES["two_slopes"]:
        assert sympy.expand(polynomial - claimed("two_slopes", values)) == 0
    for end in (a, b):
        assert sympy.simplify(polynomial.subs(c, end / (a + b)) - end) == 0
    assert sympy.expand(sympy.diff(polynomial, c) - (a + b)) == 0
    assert polynomial.subs(b, -a) == 0 == (a / 2 + b / 2).subs(b, -a)
