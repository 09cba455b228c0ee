"""Every claim of every counterexample, with equality: function, polynomial in c, right conventions, kinks."""

import itertools
from fractions import Fraction

import pytest
import sympy

from relu_constructions import (
    Parametrization,
    affine,
    concatenation,
    derivative,
    pieces,
    sparse_concatenation,
)
from relu_constructions.counterexample import ALWAYS, NEVER
from relu_constructions.counterexamples import (
    COUNTEREXAMPLES,
    clipped_identity,
    deep_split_identity,
    identity_plus_zero,
    merged_relu,
    no_common_convention,
    relu_of_zero,
    sparse_relu,
    split_identity,
    two_slopes,
    vanishing,
)
from relu_constructions.directional_derivative import one_sided_derivative
from relu_constructions.kinks import kinks
from relu_constructions.right_conventions import right_conventions

C, X = sympy.Symbol("c", real=True), sympy.Symbol("x", real=True)
T = sympy.Symbol("t", positive=True)
FAMILIES = [
    *[identity_plus_zero(K) for K in (-7, "-1/2", 0, 1, "7/4", "9/4", 3, 1002)],
    *[clipped_identity(B) for B in ("1/3", 1, 12)],
    *[two_slopes(a, b) for a, b in itertools.product((-2, -1, 0, "1/3", 2), repeat=2)],
]
EVERY = {example.name: example for example in (*COUNTEREXAMPLES, *FAMILIES)}
each = pytest.mark.parametrize("example", EVERY.values(), ids=EVERY)


def rational(number):
    return sympy.Rational(number.numerator, number.denominator)


def on_every_piece(phi):
    """Yield a parametrization of the interior of each piece by t > 0, and the affine function there."""
    found = pieces(phi)
    x, y, slopes = found.breakpoints, found.values, found.slopes
    yield rational(x[0]) - T, rational(y[0]) - rational(slopes[0]) * T
    yield rational(x[-1]) + T, rational(y[-1]) + rational(slopes[-1]) * T
    for (lo, at_lo), (hi, at_hi) in itertools.pairwise(zip(x, y, strict=True)):
        weights = 1 / (1 + T), T / (1 + T)
        yield tuple(
            sum(w * rational(end) for w, end in zip(weights, ends, strict=True))
            for ends in ((lo, hi), (at_lo, at_hi))
        )


@each
def test_the_network_realizes_the_function_on_the_whole_line(example):
    for x, value in on_every_piece(example.network):
        assert sympy.simplify(example.formula(example.realizes, x=x) - value) == 0
    for x in pieces(example.network).breakpoints:
        assert example.formula(example.realizes, x=rational(x)) == rational(example.network(x))


def zeros_of_preactivations(phi):
    """All points where a hidden preactivation vanishes, but not in a whole neighbourhood."""
    found = set()
    for index, layer in enumerate(phi.layers[:-1]):
        for a, b in zip(layer.A, layer.b, strict=True):
            neuron = pieces(Parametrization([*phi.layers[:index], ([a], [b])]))
            ends = [None, *neuron.breakpoints, None]
            for piece, slope in enumerate(neuron.slopes):
                if slope:
                    corner, (lower, upper) = max(piece - 1, 0), ends[piece : piece + 2]
                    zero = neuron.breakpoints[corner] - neuron.values[corner] / slope
                    if (lower is None or lower <= zero) and (upper is None or zero <= upper):
                        found.add(zero)
    return found


@each
def test_there_are_claims_at_zero_and_at_all_kinks(example):
    assert example.claims[0].x == 0
    assert {claim.x for claim in example.claims} == zeros_of_preactivations(example.network) | {0}
    assert len({claim.x for claim in example.claims}) == len(example.claims)


def test_the_kinks_of_preactivations_by_hand():
    assert zeros_of_preactivations(Parametrization([([[2], [0]], [-1, 0]), ([[1, 1]], [0])])) == {
        Fraction(1, 2)
    }
    assert zeros_of_preactivations(Parametrization([([[1]], [0]), ([[1]], [-2]), ([[1]], [0])])) == {0, 2}
    assert zeros_of_preactivations(Parametrization([([[1]], [0]), ([[-1]], [0]), ([[1]], [0])])) == {0}
    assert zeros_of_preactivations(
        Parametrization([([[1], [-1]], [0, 0]), ([[1, 1]], [-1]), ([[1]], [0])])
    ) == {-1, 0, 1}
    assert zeros_of_preactivations(affine([[3]], [0])) == set()


@each
def test_the_polynomials_by_the_symbol(example):
    for claim in example.claims:
        claimed = example.formula(claim.derivative)
        found = derivative(example.network, claim.x, at_kink=C)
        assert sympy.expand(found - claimed) == 0


@each
def test_the_polynomials_by_interpolation(example):
    """Every Delta is affine in c, so D is a polynomial of degree < L, and L values determine it."""
    for claim in example.claims:
        claimed = sympy.Poly(example.formula(claim.derivative), C)
        assert max(claimed.degree(), 0) < example.network.depth
        for k in range(example.network.depth + 1):
            c = Fraction(2 * k - 1, 3)
            assert rational(derivative(example.network, claim.x, at_kink=c)) == claimed.eval(rational(c))
            if claim.x == 0:
                assert example.at_convention(c) == derivative(example.network, 0, at_kink=c)


@each
def test_the_right_conventions_both_ways(example):
    """Whether c is right, and whether it is claimed, changes at roots and at ends only; so these, and one
    point in every gap between them, decide for all real c."""
    for claim in example.claims:
        sides = [rational(one_sided_derivative(example.network, claim.x, side)) for side in (-1, 1)]
        polynomial, claimed = sympy.Poly(example.formula(claim.derivative), C), example.conventions(claim)
        ends = {root for side in sides for root in real_roots(polynomial - side)}
        ends |= {example.formula(end) for pair in claim.right_for for end in pair} - {-sympy.oo, sympy.oo}
        marks = sorted(ends) or [sympy.S.Zero]
        between = [(low + high) / 2 for low, high in itertools.pairwise(marks)]
        for c in [*marks, *between, marks[0] - 1, marks[-1] + 1]:
            value = sympy.expand(polynomial.eval(c))
            right = sympy.And(min(sides) <= value, value <= max(sides))
            assert right in (sympy.true, sympy.false)
            assert claimed.contains(c) == right, (example.name, claim.x, c)


def real_roots(polynomial):
    return [] if polynomial.is_ground else sympy.real_roots(polynomial)


@each
def test_elsewhere_the_derivative_is_right_for_every_convention(example):
    marks = sorted({claim.x for claim in example.claims})
    between = [(low + high) / 2 for low, high in itertools.pairwise(marks)]
    for x in [*between, marks[0] - Fraction(1, 7), marks[-1] + Fraction(1, 7)]:
        left, right = (one_sided_derivative(example.network, x, side) for side in (-1, 1))
        assert left == right
        assert derivative(example.network, x, at_kink=C) == rational(right)


@each
@pytest.mark.parametrize("c", [0, "1/2", 1, "-2/3"])
def test_the_listed_kinks_say_the_same(example, c):
    listed = kinks(example.network, at_kink=c)
    claims = {claim.x: claim for claim in example.claims}
    assert [kink.x for kink in listed] == sorted(zeros_of_preactivations(example.network))
    for kink in listed:
        claimed = example.formula(claims[kink.x].derivative, c=rational(Fraction(c)))
        assert rational(kink.derivative) == claimed
        is_right = rational(Fraction(c)) in example.conventions(claims[kink.x])
        assert (kink in listed.wrong) == (kink.distance > 0) == (not is_right)


@each
def test_the_right_conventions_by_isolated_roots(example):
    for claim in example.claims:
        assert right_conventions(example.network, claim.x) == example.conventions(claim)
    together = sympy.Intersection(*(example.conventions(claim) for claim in example.claims))
    assert kinks(example.network).right_conventions() == together


def test_the_architectures():
    assert {example.name: example.network.architecture for example in COUNTEREXAMPLES} == {
        "the split identity": (1, 2, 1),
        "a zero": (1, 1, 1, 1),
        "the split identity of depth 3": (1, 2, 2, 1),
        "the identity plus zero, K = 2": (1, 2, 3, 1),
        "the identity plus zero, K = 12": (1, 2, 3, 1),
        "the identity on [-5, oo)": (1, 2, 2, 1),
        "the slopes 7 and 3": (1, 2, 1),
        "the slopes -1 and 1": (1, 2, 1),
        "rho after x, merged": (1, 1, 1),
        "rho after x, sparse": (1, 2, 1, 1),
        "rho of zero": (1, 1, 1),
        "two kinks, no common c": (1, 1, 3, 1),
    }
    assert all(example.source for example in COUNTEREXAMPLES)


def test_which_networks_are_wrong_for_every_convention():
    wrong = [example.name for example in COUNTEREXAMPLES if example.right_for == NEVER]
    assert wrong == [
        "the identity plus zero, K = 2",
        "the identity plus zero, K = 12",
        "the identity on [-5, oo)",
    ]
    assert min(example.network.neurons for example in COUNTEREXAMPLES if example.name in wrong) == 4
    always = [example.name for example in COUNTEREXAMPLES if example.right_for == ALWAYS]
    assert always == ["the slopes -1 and 1", "rho of zero"]


def test_two_identities_or_an_identity_and_a_zero_have_no_right_convention_in_common():
    sets = [e.conventions(e.claims[0]) for e in (split_identity(), vanishing(), deep_split_identity())]
    for one, other in itertools.combinations(sets, 2):
        assert sympy.Intersection(one, other) == sympy.EmptySet
    both = no_common_convention()
    first, second = (both.conventions(claim) for claim in both.claims)
    assert sympy.Intersection(first, second) == sympy.EmptySet
    assert sympy.EmptySet not in (first, second)


def test_the_error_of_the_identity_plus_zero_is_as_large_as_you_like():
    for size in (10, 10**6, 10**50):
        assert derivative(identity_plus_zero(2 + size).network, 0, at_kink=1) == -size
        assert identity_plus_zero(2 + size).network("-7/3") == Fraction(-7, 3)


def test_merged_and_sparse_concatenation_of_the_same_networks():
    merged, sparse = merged_relu().network, sparse_relu().network
    assert pieces(merged) == pieces(sparse)
    difference = derivative(sparse, 0, at_kink=C) - derivative(merged, 0, at_kink=C)
    assert sympy.solve(difference, C) == [0, sympy.Rational(1, 2)]
    line = affine([[1]], [0])
    assert sparse_concatenation(line, line) == split_identity().network
    assert derivative(concatenation(line, line), 0, at_kink=C) == 1


def test_the_formal_chain_rule_at_a_kink_that_is_never_left():
    relu, zero = merged_relu().network, affine([[0]], [0])
    assert concatenation(relu, zero) == relu_of_zero().network
    for x in (-1, 0, "1/3"):
        outer, inner = derivative(relu, zero(x), at_kink=C), derivative(zero, x, at_kink=C)
        assert (outer, inner, outer * inner) == (C, 0, 0)
    assert one_sided_derivative(relu, 0, 1) != one_sided_derivative(relu, 0, -1)


@pytest.mark.parametrize(
    "build, given, error, words",
    [
        (clipped_identity, [0], ValueError, "B must be positive, got 0"),
        (clipped_identity, ["-1/2"], ValueError, "B must be positive, got -1/2"),
        (clipped_identity, [0.5], TypeError, "B must be exact"),
        (identity_plus_zero, [0.5], TypeError, "K must be exact"),
        (two_slopes, [1, 0.5], TypeError, "b must be exact"),
        (split_identity().at_convention, [0.5], TypeError, "c must be exact"),
    ],
)
def test_what_is_refused(build, given, error, words):
    with pytest.raises(error, match=words):
        build(*given)
