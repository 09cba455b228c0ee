"""How many neurons a failure of D(Phi) needs: with at most three hidden ones, c = 0 or c = 1/2 is right.

Statement.  Let Phi have one input and one output.

(a) If at most one hidden layer has more than one neuron, then at every x, D(Phi)(x) lies in the Clarke
    subdifferential of R(Phi) for c = 0 or for c = 1/2.  So it does for every network with at most three
    hidden neurons, but not for all with four: the clipped identity, with two neurons in two layers, is wrong
    for every c.
(b) If Phi has at most three hidden neurons, one of c = 0 and c = 1/2 is right at all x at once.  With four
    there need not be any such c: `no_common_convention`.

Notation.  rho(t) = max(t, 0); t > 0.  The Clarke subdifferential in one dimension is the interval between the
one-sided derivatives; c is right where D(Phi)(x) lies in it.  A neuron is positive, zero or negative at x as
its preactivation is.  Widths such as 12 are the numbers of neurons of the hidden layers.

Overview.  (a) `lemma_the_mean_of_both_sides`, `lemma_an_active_layer_merges`,
`lemma_a_neuron_at_zero_has_a_minimum`, `theorem_one_wide_layer`, `theorem_four_neurons`.  (b)
`lemma_one_kink_alone`, `theorem_one_convention_*`, `theorem_no_common_convention_with_four_neurons`.

Prose.  In (a): the induction over the layers of one neuron, each of which is positive, and merged into its
neighbours, or not, which ends the proof; and the step from three neurons to more in
`lemma_the_mean_of_both_sides`, whose terms just add up.  A neuron that is negative at x, or has no input
weight, adds a constant near x and nothing to D.  In (b): where the two neurons of the wide layer can be zero,
in the docstring of `theorem_one_convention_for_two_and_one`.
"""

import itertools

import sympy
from gates import at_point, c, chain, exact_layers, right_conventions, symbols
from sympy import Rational, S

from relu_constructions import counterexamples

t = sympy.Symbol("t", positive=True)


def neuron_at(state, index):
    """Return the left derivative, D and the right derivative of a term w rho(u x + e) at x, by the state
    of the neuron: positive, negative, or zero with u > 0, u < 0 or u = 0."""
    w, u = sympy.Symbol(f"w{index}", real=True), sympy.Symbol(f"u{index}", positive=True)
    return {
        "positive": (w * u, w * u, w * u),
        "negative": (S(0), S(0), S(0)),
        "zero, rising": (S(0), w * c * u, w * u),
        "zero, falling": (-w * u, -w * c * u, S(0)),
        "zero, flat": (S(0), w * c * 0, S(0)),
    }[state]


STATES = ("positive", "negative", "zero, rising", "zero, falling", "zero, flat")


def lemma_the_states_of_a_neuron():
    """The table of `neuron_at` is what the definitions give for w rho(u x + e) at x = 0, for u of each
    sign."""
    u, w = sympy.Symbol("u0", positive=True), sympy.Symbol("w0", real=True)
    given = {"positive": (u, t), "negative": (u, -t), "zero, rising": (u, 0), "zero, falling": (-u, 0)}
    for state, (slope, bias) in {**given, "zero, flat": (0, 0)}.items():
        assert at_point([([[slope]], [bias]), ([[w]], [0])], S(0)) == neuron_at(state, 0)


def lemma_the_mean_of_both_sides():
    """With one hidden layer D is the mean of the one-sided derivatives for c = 1/2, so right: all states
    of three neurons, with symbolic weights. For another c it is not the mean of a neuron that is zero."""
    half = {c: Rational(1, 2)}
    for states in itertools.product(STATES, repeat=3):
        left, derivative, right = (
            sum(parts) for parts in zip(*map(neuron_at, states, range(3)), strict=True)
        )
        assert sympy.expand(derivative.subs(half) - (left + right) / 2) == 0
    left, derivative, right = neuron_at("zero, rising", 0)
    assert sympy.expand(derivative.subs(c, Rational(1, 3)) - (left + right) / 2) != 0


def lemma_an_active_layer_merges():
    """Where all neurons of a layer are positive, C rho(A z + b) + d = (C A) z + (C b + d) nearby, and the
    gates 1 give C 1 A = C A in D: the network without the layer has the same R and the same D there."""
    A, shift, z, C, d = sympy.symbols("A b z C d", commutative=False)
    assert sympy.expand(C * (1 * (A * z + shift)) + d - (C * A * z + C * shift + d)) == 0
    first, last = symbols("u", 2, 1), symbols("w", 1, 2)
    assert chain([first, last], [(1, 1)]) == (last * first).expand()


def lemma_a_neuron_at_zero_has_a_minimum():
    """Let a layer have one neuron rho(b), g(x) = 0. Its one-sided derivatives are min(g'-, 0) <= 0 <=
    max(g'+, 0), and, for the slope f of the rest of the network at 0 from the right, f times these: 0 is
    between them. For c = 0 the gate 0 makes D = 0."""
    p, q, f = sympy.symbols("p q f", positive=True)
    for before, after in itertools.product((q, S(0), -q), (p, S(0), -p)):
        left, right = sympy.Min(before, 0), sympy.Max(after, 0)
        assert left.is_nonpositive
        assert right.is_nonnegative
        for slope in (f, S(0), -f):
            assert (slope * left * slope * right).is_nonpositive
    assert chain([symbols("u", 1, 2), symbols("w", 2, 1)], [[S(0)]]) == sympy.zeros(2, 2)


def lemma_the_one_sided_derivatives_of_a_neuron_at_zero():
    """rho(g(x + s)) for small s > 0 and s < 0, with g(x + s) = g'+ s and g'- s: the slopes are max(g'+, 0)
    and min(g'-, 0)."""
    p = sympy.Symbol("p", positive=True)
    for slope, right, left in ((p, p, 0), (S(0), 0, 0), (-p, 0, -p)):
        values = [sympy.Max(slope * s, 0) for s in (t, -t)]
        assert [sympy.simplify(values[0] / t), sympy.simplify(values[1] / -t)] == [right, left]
        assert [right, left] == [sympy.Max(slope, 0), sympy.Min(slope, 0)]


def compositions(n):
    """Yield all lists of hidden widths with n neurons."""
    for cuts in itertools.product((False, True), repeat=n - 1):
        ends = [0, *(i for i, cut in enumerate(cuts, start=1) if cut), n]
        yield tuple(high - low for low, high in itertools.pairwise(ends))


def right_convention(widths, states):
    """Return a c that is right, by the states of the layers of one neuron; None means that every c is.

    The first layer of one neuron that is not positive decides: negative, R is constant nearby and D = 0;
    zero, `lemma_a_neuron_at_zero_has_a_minimum`. If all are positive they merge, and one hidden layer is
    left, or none.
    """
    for width, state in zip(widths, states, strict=True):
        if width == 1 and state != "positive":
            return None if state == "negative" else S(0)
    assert sum(width > 1 for width in widths) <= 1, widths
    return Rational(1, 2)


def theorem_one_wide_layer():
    """(a): the hidden widths of at most three neurons are 1, 2, 3, 11, 12, 21, 111, each with at most one
    wide layer, and in all states of the layers one of 0 and 1/2 is right."""
    found = [widths for n in (1, 2, 3) for widths in compositions(n)]
    assert sorted(found) == [(1,), (1, 1), (1, 1, 1), (1, 2), (2,), (2, 1), (3,)]
    for widths in found:
        for states in itertools.product(("positive", "zero", "negative"), repeat=len(widths)):
            assert right_convention(widths, states) in (None, 0, Rational(1, 2))


def theorem_four_neurons():
    """(a) is sharp: with four neurons there are two wide layers for the widths 2, 2 only, and the clipped
    identity, of this architecture, is wrong at 0 for every c."""
    wide = [widths for widths in compositions(4) if sum(width > 1 for width in widths) > 1]
    assert wide == [(2, 2)]
    example = counterexamples.clipped_identity()
    assert example.network.architecture[1:-1] == (2, 2)
    assert right_conventions(*at_point(exact_layers(example.network), S(0))) == S.EmptySet


def lemma_one_kink_alone():
    """Where at most one neuron of one hidden layer is zero, every c in [0, 1] is right: D is the convex
    combination of the one-sided derivatives with weights 1 - c and c, one way or the other. For two
    neurons it need not be."""
    for states in itertools.product(STATES, repeat=2):
        left, derivative, right = (
            sum(parts) for parts in zip(*map(neuron_at, states, range(2)), strict=True)
        )
        combinations = [(1 - c) * left + c * right, (1 - c) * right + c * left]
        alone = any(sympy.expand(derivative - combination) == 0 for combination in combinations)
        assert alone == (set(states) != {"zero, rising", "zero, falling"})


def right_at(zero_neurons, single):
    """Return which of c = 0 and c = 1/2 are right at x, for a layer of two neurons and a layer of one.

    The layer of one is positive, and merges: `lemma_one_kink_alone` for at most one zero neuron of the other,
    `lemma_the_mean_of_both_sides` for two; or zero: `lemma_a_neuron_at_zero_has_a_minimum`, and, if no other
    neuron is zero, it is a kink alone; or negative: R is constant nearby, and D = 0.
    """
    both, half = {S(0), Rational(1, 2)}, {Rational(1, 2)}
    if single == "positive":
        return both if zero_neurons < 2 else half
    return {S(0)} if single == "zero" and zero_neurons else both


def theorem_one_convention_for_two_and_one():
    """(b) for the widths 2, 1 and 1, 2: leave out neurons without input weight; then each of the two neurons
    of the wide layer is zero at one value of its input.

    First case: both are zero at one value, taken where the layer of one is positive.  For the widths 2, 1
    this is one x, and at all others no neuron of the wide layer is zero.  For 1, 2 it is one value z > 0 of
    the first neuron; at all others, such as z = 0, where the first neuron may be zero, neither of the two is.
    So c = 1/2 is right.  Second case: where the layer of one is positive, at most one of the two is zero.
    Then c = 0 is right at all x.
    """
    x, z1, z2 = sympy.symbols("x z_1 z_2", real=True)
    u1, u2 = sympy.symbols("u_1 u_2", nonzero=True)
    assert sympy.solve([u1 * (x - z1), u2 * (x - z2)], [x, z1], dict=True) == [{x: z2, z1: z2}]
    points = list(itertools.product((0, 1, 2), ("positive", "zero", "negative")))
    first = [(2, "positive"), *(point for point in points if point[0] == 0)]
    assert all(Rational(1, 2) in right_at(*point) for point in first)
    assert all(S(0) in right_at(*point) for point in points if point != (2, "positive"))
    assert S(0) not in right_at(2, "positive")


def theorem_one_convention_up_to_three_neurons():
    """(b): widths 1, 2, 3 have one hidden layer and c = 1/2; for 11 and 111 every neuron that is zero is a
    layer, and c = 0; for 12 and 21 the theorem above. There are no others."""
    settled = {(1,), (2,), (3,)} | {(1, 1), (1, 1, 1)} | {(1, 2), (2, 1)}
    assert settled == {widths for n in (1, 2, 3) for widths in compositions(n)}


def theorem_no_common_convention_with_four_neurons():
    """(b) is sharp: at 1 only c = 1/2 is right, and there D(0) = 2 is not between the slopes 0 and 1."""
    example = counterexamples.no_common_convention()
    assert example.network.neurons == 4
    layers = exact_layers(example.network)
    at_one, at_zero = at_point(layers, S(1)), at_point(layers, S(0))
    assert right_conventions(*at_one) == sympy.FiniteSet(Rational(1, 2))
    assert [entry.subs(c, Rational(1, 2)) for entry in at_zero] == [0, 2, 1]
    assert right_conventions(*at_zero) != S.EmptySet
