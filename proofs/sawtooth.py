"""The sawtooth h_n = h o ... o h has 2^(n-1) teeth, and two networks realise it.

Statement. For n >= 1 and j = 0, ..., 2^n - 1, on the interval [j 2^-n, (j + 1) 2^-n],

    h_n(x) = 2^n x - j  for even j,      h_n(x) = j + 1 - 2^n x  for odd j,

so |h_n'| = 2^n almost everywhere on [0, 1], and h_n vanishes outside [0, 1]. The chain of n three-neuron
hats realises h_n on R with 3n neurons and 11n - 3 nonzero parameters; the chain of two-neuron hats has 2n
and 5n, and realises h_n for x <= 1, and on all of R once n >= 2. The fold variable y_n = 2^-n h_n obeys
y_{n+1} = y_n - 2 rho(y_n - 2^-(n+1)) on [0, 1], and lies in [0, 2^-n].

Notation. rho(t) = max(t, 0); h is the hat, h_0(x) = x on [0, 1]; j = 2i + odd has its parity in `odd`.

Overview. `lemma_the_identity_has_one_piece` and `lemma_composition_doubles_the_pieces` are the base and the
step of the induction for the closed form, for symbolic n and i. `theorem_teeth` and `theorem_slope` read
the closed form. `lemma_two_neuron_chain_*` treat x outside [0, 1], `lemma_fold_variable` the folded
variable, `theorem_sizes` the counts for symbolic n. Prose: the induction over n itself.

References. Telgarsky, COLT 2016; Yarotsky, Neural Networks 94 (2017).
"""

import sympy
from sympy import Rational, S

from relu_constructions.constructions.sawtooth import THEOREMS

x = sympy.Symbol("x", real=True)
n, i = sympy.symbols("n i", integer=True, nonnegative=True)
u = sympy.Symbol("u", positive=True)
HALF = Rational(1, 2)
TWO, THREE = (2, -4), (2, -4, 2)


def relu(t, ends):
    """Return the ReLU of t, affine in x, on the interval with the given ends."""
    values = [sympy.simplify(t.subs(x, end)) for end in ends]
    if all(value.is_nonnegative for value in values):
        return t
    assert all(value.is_nonpositive for value in values), (t, ends)
    return S(0)


def combine(weights, v, ends):
    """Return the sum of w_k rho(v - k/2): the hat network applied to v, affine in x on the interval."""
    return sum(w * relu(v - k * HALF, ends) for k, w in enumerate(weights))


def closed(level, index, odd):
    """Return the closed form of h_level on the interval number 2 index + odd."""
    return 2 * index + 2 - S(2) ** level * x if odd else S(2) ** level * x - 2 * index


def interval(level, j):
    """Return the ends of the interval number j of h_level."""
    return j * S(2) ** -level, (j + 1) * S(2) ** -level


def composed(weights, odd, half):
    """Return (hat o h_n) - h_{n+1} on the given half of the interval number 2i + odd of h_n."""
    ends = interval(n + 1, 2 * (2 * i + odd) + half)
    return sympy.simplify(combine(weights, closed(n, i, odd), ends) - closed(n + 1, 2 * i + odd, half))


def lemma_the_identity_has_one_piece():
    """Base: the closed form for n = 0, j = 0 is x on [0, 1]; for n = 1 it is the hat."""
    assert (closed(0, 0, 0), interval(0, 0)) == (x, (0, 1))
    assert (closed(1, 0, 0), interval(1, 0)) == (2 * x, (0, HALF))
    assert (closed(1, 0, 1), interval(1, 1)) == (2 - 2 * x, (HALF, 1))


def lemma_composition_doubles_the_pieces():
    """Step: the hat of the closed form for n is the closed form for n + 1, on both halves of every interval.

    Either network of the hat may be taken, because h_n has its values in [0, 1] there.
    """
    for weights in (TWO, THREE):
        assert all(composed(weights, odd, half) == 0 for odd in (0, 1) for half in (0, 1))


def lemma_a_wrong_weight_breaks_the_step():
    """With the weights 2, -3 the step fails on two of the four kinds of half intervals, for every n and i."""
    differences = [composed((2, -3), odd, half) for odd in (0, 1) for half in (0, 1)]
    assert [difference == 0 for difference in differences] == [True, False, False, True]
    assert sympy.expand(differences[1].subs({n: 0, i: 0, x: 1})) == HALF


def theorem_teeth():
    """Tooth number i of h_{n+1}, over the intervals 2i and 2i + 1, is h(2^n x - i), with the peak 1."""
    scaled = 2**n * x - i
    assert sympy.expand(2 * scaled - closed(n + 1, i, 0)) == 0
    assert sympy.expand(2 - 2 * scaled - closed(n + 1, i, 1)) == 0
    peak = interval(n + 1, 2 * i)[1]
    assert all(sympy.simplify(closed(n + 1, i, odd).subs(x, peak)) == 1 for odd in (0, 1))
    last = interval(n + 1, 2 * (2**n - 1) + 1)[1]
    assert sympy.simplify(last) == 1


def theorem_slope():
    """The slope of h_n is 2^n on even and -2^n on odd intervals, so |h_n'| = 2^n almost everywhere."""
    assert [sympy.diff(closed(n, i, odd), x) for odd in (0, 1)] == [2**n, -(2**n)]


def hat_at(weights, v):
    """Return the hat network at a value v with evident signs."""
    return combine(weights, v, (S(0), S(1)))


def lemma_three_neurons_vanish_outside():
    """The three-neuron hat is 0 at every v <= 0 and every v >= 1; so h_n = h_{n-1}(0) = 0 outside [0, 1]."""
    assert hat_at(THREE, -u) == hat_at(THREE, S(0)) == sympy.expand(hat_at(THREE, 1 + u)) == 0


def lemma_two_neuron_chain_beyond_one():
    """At x > 1 one two-neuron hat is negative, but from the second on the chain is 0 = h_n(x)."""
    first = sympy.expand(hat_at(TWO, 1 + u))
    assert first.is_negative
    assert hat_at(TWO, first) == hat_at(TWO, S(0)) == 0


def lemma_two_neuron_chain_below_zero():
    """At x < 0 the chain of two-neuron hats is 0 = h_n(x) from the first on."""
    assert hat_at(TWO, -u) == hat_at(TWO, S(0)) == 0


def fold_error(factor, ends, hat):
    """Return (y - factor rho(y - 2^-(n+1))) - 2^-(n+1) hat for y = 2^-n x and x in one half of [0, 1]."""
    y = 2**-n * x
    return sympy.simplify(y - factor * relu(y - 2 ** -(n + 1), ends) - 2 ** -(n + 1) * hat)


def lemma_fold_variable():
    """If y = 2^-n v with v in [0, 1], then y - 2 rho(y - 2^-(n+1)) = 2^-(n+1) h(v); not so with factor 1."""
    halves = {(S(0), HALF): 2 * x, (HALF, S(1)): 2 - 2 * x}
    assert all(fold_error(2, ends, hat) == 0 for ends, hat in halves.items())
    assert fold_error(1, (HALF, S(1)), 2 - 2 * x).subs(x, 1).is_positive


def lemma_fold_variable_range():
    """The fold variable 2^-n h_n runs through all of [0, 2^-n] on every interval."""
    for odd in (0, 1):
        ends = interval(n, 2 * i + odd)
        values = {sympy.simplify(2**-n * closed(n, i, odd).subs(x, end)) for end in ends}
        assert values == {S(0), 2**-n}


def nonzeros(*parts):
    """Count the nonzero entries of matrices."""
    return sum(entry != 0 for part in parts for entry in part)


def theorem_sizes():
    """First layer + (n - 1) equal inner layers + output layer gives the sizes that the package claims."""
    levels = sympy.Symbol("n", integer=True, positive=True)
    for key, weights in {"two_neurons": TWO, "three_neurons": THREE}.items():
        width = len(weights)
        bias = -HALF * sympy.Matrix(range(width))
        row = sympy.Matrix([weights])
        inner = nonzeros(sympy.ones(width, 1) * row, bias)
        connectivity = nonzeros(sympy.ones(width, 1), bias) + (levels - 1) * inner + nonzeros(row)
        facts = {"depth": levels + 1, "neurons": width * levels, "connectivity": connectivity, "magnitude": 4}
        facts |= {"width": width, "value_error": 0, "derivative_error": 0}
        for quantity, fact in facts.items():
            assert sympy.expand(THEOREMS[key].formula(quantity, n=levels) - fact) == 0, (key, quantity)
