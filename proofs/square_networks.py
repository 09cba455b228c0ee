"""The networks of the square: what their neurons hold at every level, and how many there are.

Statement. On [0, B] the forms `sparse`, `unit_weights`, `epgb`, `yarotsky` (two parts a fold) and `folded`
(k parts) realise f_m = x^2 + h_m y_m - y_m^2 of `proofs/square.py`, with the sizes that the package claims
for all m, k, for the domain [-B, B] (s = 1) and with the shift (c = 1); among them 7m - 4, 7m - 1, 8m - 1
and 15m - 5 nonzero parameters and 3m - 2, 3m - 1, 3m, 4m and (k + 1)m - 1 neurons.

Notation. y in [0, h] is the folded variable of a level of height h = B 2^-j, phi = y - 2t its fold, with
the kink neuron t = rho(y - h/2); q = 2^(m-j) >= 2 counts the pieces that this level will be cut into, so
h_m = h/q. A state lists the preactivations of a hidden layer as functions of y:

    sparse        y,        y - h/2,               (x^2 - y^2 + h_m y)/B
    unit_weights  hy/B,     hy/B - h^2/2B,         (x^2 - y^2 + h_m y)/2B
    epgb          hy/B,     hy/B - h^2/2B,         (x^2 - y^2 + h y)/B
    yarotsky      By/h,     By/h - B/2, By/h - B,  (x^2 - y^2 + h y)/B

Overview. `lemma_*_keeps_its_state` show that one inner layer maps the state of a level to the state of the
next one, with h/2, q/2 and phi for h, q and y, and that the output layer turns the state of level m - 1
into f_m; `lemma_first_layers` is the base. `lemma_accumulators_are_nonnegative` justifies that the ReLU
leaves the last entry alone. `theorem_sizes` and `theorem_magnitudes` read the entries of these very
matrices, and `theorem_the_package_builds_these_networks` compares them with the package for small m. Prose:
the induction over the levels. The form `folded` keeps (y, y - l h/k, (x^2 - y^2)/B), for symbolic k, by
`lemma_fold_is_the_zigzag`, `lemma_fold_identity` and `lemma_folded_output` of `proofs/square.py`, where its
sizes are counted too.

References. Yarotsky (2017), Proposition 2; Elbraechter et al. (2021), Proposition III.2, for `epgb`.
"""

from itertools import product

import sympy
from sympy import Matrix, Rational, S

from relu_constructions.constructions.square import THEOREMS, square

x, y = sympy.symbols("x y", real=True)
h, B = sympy.symbols("h B", positive=True)
d, e = sympy.symbols("d e", integer=True, nonnegative=True)
q = 2 + e
HALF = Rational(1, 2)
HALVES = {(S(0), h / 2): y, (h / 2, h): h - y}
"""The two halves of [0, h] and the fold phi there."""


def sparse_state(y, h, pieces):
    """Return the state of `sparse`: y, y - h/2 and the accumulator."""
    return Matrix([y, y - h / 2, (x**2 - y**2 + h / pieces * y) / B])


def sparse_inner(h, pieces):
    """Return the layer of `sparse` that follows a level of height h."""
    gain = 2 * (h - h / pieces) / B
    return Matrix([[1, -2, 0], [1, -2, 0], [0, gain, 1]]), Matrix([0, -h / 4, 0])


def unit_state(y, h, pieces):
    """Return the state of `unit_weights`: hy/B, its kink and half of the accumulator."""
    return Matrix([h * y / B, h * y / B - h**2 / (2 * B), (x**2 - y**2 + h / pieces * y) / (2 * B)])


def unit_inner(h, pieces):
    """Return the layer of `unit_weights` that follows a level of height h."""
    A = Matrix([[HALF, -1, 0], [HALF, -1, 0], [0, 1 - 1 / pieces, 1]])
    return A, Matrix([0, -(h**2) / (8 * B), 0])


def epgb_state(y, h, pieces):
    """Return the state of `epgb`: hy/B, its kink and the interpolant of this level."""
    return Matrix([h * y / B, h * y / B - h**2 / (2 * B), (x**2 - y**2 + h * y) / B])


def epgb_inner(h, pieces):
    """Return the layer of `epgb` that follows a level of height h."""
    A = Matrix([[HALF, -1, 0], [HALF, -1, 0], [-HALF, 1, 1]])
    return A, Matrix([0, -(h**2) / (8 * B), 0])


def yarotsky_state(y, h, pieces):
    """Return the state of `yarotsky`: the three hinges of the hat and the interpolant of this level."""
    return Matrix([B * y / h, B * y / h - B / 2, B * y / h - B, (x**2 - y**2 + h * y) / B])


def yarotsky_inner(h, pieces):
    """Return the layer of `yarotsky` that follows a level of height h."""
    r = (h / (2 * B)) ** 2
    hat = [2, -4, 2, 0]
    return Matrix([hat, hat, hat, [-2 * r, 4 * r, -2 * r, 1]]), Matrix([0, -B / 2, -B, 0])


def relu(t, ends):
    """Return the ReLU of t, affine in y, on the interval with the given ends."""
    values = [sympy.expand(t.subs(y, end)) for end in ends]
    if all(value.is_nonnegative for value in values):
        return t
    assert all(value.is_nonpositive for value in values), (t, ends)
    return S(0)


def outputs(state, ends):
    """Return what the hidden neurons put out; the accumulator is nonnegative and stays."""
    return Matrix([*(relu(entry, ends) for entry in state[:-1]), state[-1]])


def keeps(state, inner):
    """Whether the inner layer maps the state of a level to that of the next one, on both halves."""
    A, b = inner(h, q)
    return all(
        sympy.simplify(A * outputs(state(y, h, q), ends) + b - state(phi, h / 2, q / 2)).is_zero_matrix
        for ends, phi in HALVES.items()
    )


def finishes(state, row):
    """Whether the output row turns the state of level m - 1, where q = 2, into x^2 + h_m phi - phi^2."""
    return all(
        sympy.expand((row * outputs(state(y, h, 2), ends))[0] - (x**2 + h / 2 * phi - phi**2)) == 0
        for ends, phi in HALVES.items()
    )


def lemma_sparse_keeps_its_state():
    """The form `sparse` keeps its state, and ends with 2 h_m t + B a; the gain 2h/B in place of 2(h - h_m)/B
    would not do."""
    assert keeps(sparse_state, sparse_inner)
    assert finishes(sparse_state, Matrix([[0, h, B]]))
    assert not keeps(sparse_state, lambda h, pieces: sparse_inner(h, sympy.oo))


def lemma_unit_weights_keeps_its_state():
    """The form `unit_weights` keeps its state, and ends with B (t + a + a), the accumulator taken twice."""
    assert keeps(unit_state, unit_inner)
    assert finishes(unit_state, B * Matrix([[0, 1, 2]]))
    assert not finishes(unit_state, B * Matrix([[0, 1, 1]]))


def lemma_epgb_keeps_its_state():
    """The form `epgb` keeps its state, and ends with B (-1/2, 1, 1); a last row (-2, 1, 1) would not do."""
    assert keeps(epgb_state, epgb_inner)
    assert finishes(epgb_state, B * Matrix([[-HALF, 1, 1]]))
    A, b = epgb_inner(h, q)
    A[2, 0] = -2
    assert not keeps(epgb_state, lambda h, pieces: (A, b))


def lemma_yarotsky_keeps_its_state():
    """The form `yarotsky` keeps its state, and ends with the accumulator row times B, where h = 2 h_m."""
    assert keeps(yarotsky_state, yarotsky_inner)
    assert finishes(yarotsky_state, B * yarotsky_inner(h, 2)[0][3, :])
    assert not finishes(yarotsky_state, B * yarotsky_inner(2 * h, 2)[0][3, :])


def first_layer(state):
    """Return the first layer: the state at level 0, where y = x, h = B, as an affine map of x."""
    entries = state(x, B, q)
    return entries.diff(x), entries.subs(x, 0)


def lemma_first_layers():
    """At level 0 (y = x, h = B) every state is affine in x; the accumulator of `sparse` is h_m x / B there,
    of `unit_weights` half of that, and of the other two x, so all are nonnegative."""
    for state in (sparse_state, unit_state, epgb_state, yarotsky_state):
        A, b = first_layer(state)
        assert sympy.expand(A * x + b - state(x, B, q)).is_zero_matrix
        assert not A.has(x)
    accumulators = [first_layer(state)[0][-1] for state in (sparse_state, unit_state, epgb_state)]
    assert sympy.simplify(Matrix(accumulators) - Matrix([1 / q, 1 / (2 * q), 1])).is_zero_matrix


def lemma_accumulators_are_nonnegative():
    """The accumulators of `sparse` and `unit_weights` grow with weights >= 0; those of `epgb` and `yarotsky`
    are x^2 + y (h - y) over B, with 0 <= y <= h."""
    for inner in (sparse_inner, unit_inner):
        A, b = inner(h, q)
        assert all(sympy.factor(weight).is_nonnegative for weight in [*A[-1, :], b[-1]])
    rest = sympy.Symbol("r", nonnegative=True)
    folded = sympy.Symbol("y", nonnegative=True)
    for state in (epgb_state, yarotsky_state):
        value = sympy.factor(state(folded, folded + rest, q)[-1])
        assert value.is_nonnegative


ACCUMULATED = {
    "sparse": (sparse_state, sparse_inner, [1, 2], Matrix([[h, B]])),
    "unit_weights": (unit_state, unit_inner, [1, 2, 2], B * Matrix([[1, 1, 1]])),
}
"""Forms whose accumulator starts in layer 2: state, inner layer, neurons of the last hidden layer, output."""
PLAIN = {
    "epgb": (epgb_state, epgb_inner, B * Matrix([[-HALF, 1, 1]])),
    "yarotsky": (yarotsky_state, yarotsky_inner, B * yarotsky_inner(h, 2)[0][3, :]),
}
"""Forms all of whose hidden layers have the same neurons: state, inner layer, output."""


def accumulated_layers(form, levels):
    """Return (multiplicity, A, b) for the layers of a form in `ACCUMULATED`; `levels` is 1, 2 or 3 + d."""
    state, inner, last, output = ACCUMULATED[form]
    (A1, b1), (A, b), zero = first_layer(state), inner(h, q), sympy.zeros(1, 1)
    start = Matrix([[1, 0], [0, 1], [A1[2], 0]])
    first = (1, A1[:2, :], b1[:2, :])
    if levels == 1:
        row = sympy.zeros(1, 3)
        for place, weight in zip(last, output, strict=True):
            row[place] += weight
        return [first, (1, row * start, zero)]
    if levels == 2:
        return [first, (1, (A * start).extract(last, [0, 1]), b.extract(last, [0])), (1, output, zero)]
    inside = [(1, A * start, b), (levels - 3, A, b), (1, A.extract(last, [0, 1, 2]), b.extract(last, [0]))]
    return [first, *inside, (1, output, zero)]


def plain_layers(form, levels):
    """Return (multiplicity, A, b) for the layers of a form in `PLAIN`."""
    state, inner, output = PLAIN[form]
    return [(1, *first_layer(state)), (levels - 1, *inner(h, q)), (1, output, sympy.zeros(1, 1))]


def extended(layers, s, c):
    """Put |x| in front if s = 1, and the bias -h_m^2/8 = -h^2/32 into the output if c = 1."""
    (_, A, b), *others, (_, row, _) = layers
    if s:
        layers = [(1, Matrix([1, -1]), sympy.zeros(2, 1)), (1, A.row_join(A), b), *others, layers[-1]]
    return [*layers[:-1], (1, row, Matrix([-c * h**2 / 32]))]


def nonzeros(*parts):
    """Count the entries that are nonzero for all values of the symbols; an undecided entry is refused."""
    signs = [sympy.factor(entry).is_zero for part in parts for entry in part]
    assert None not in signs
    return signs.count(False)


def sizes(layers):
    """Return the sizes of a network given as (multiplicity, A, b)."""
    return {
        "depth": sum(times for times, _, _ in layers),
        "width": max(A.rows for _, A, _ in layers),
        "neurons": sum(times * A.rows for times, A, _ in layers) - 1,
        "connectivity": sum(times * nonzeros(A, b) for times, A, b in layers),
    }


def layers_of(form, levels):
    """Return (multiplicity, A, b) for the layers of any form."""
    return (accumulated_layers if form in ACCUMULATED else plain_layers)(form, levels)


def theorem_sizes():
    """Depth, width, neurons and nonzeros of the matrices above are those that the package claims, for all m;
    one level more costs 3 neurons and 7 nonzeros in `sparse`, not 6."""
    cases = [(form, levels) for form in ACCUMULATED for levels in (S(1), S(2), 3 + d)]
    cases += [(form, 1 + d) for form in PLAIN]
    for (form, levels), s, c in product(cases, (S(0), S(1)), (S(0), S(1))):
        facts = sizes(extended(layers_of(form, levels), s, c))
        for quantity, fact in facts.items():
            claimed = THEOREMS[form].formula(quantity, m=levels, B=B, s=s, c=c, k=S(2))
            assert sympy.expand(claimed - fact) == 0, (form, levels, s, c, quantity)
    assert sympy.diff(sizes(accumulated_layers("sparse", 3 + d))["connectivity"], d) == 7 != 6


def theorem_magnitudes():
    """The largest entry is B, the shift, or the largest hidden weight, which is 2 in `sparse` and 4 in
    `yarotsky` for m >= 2, else 1. Every entry is compared with both, where B = h + r with r >= 0."""
    r = sympy.Symbol("r", nonnegative=True)
    largest = {"sparse": S(2), "yarotsky": S(4)}
    for form, levels in product([*ACCUMULATED, *PLAIN], (S(1), S(2), 3 + d)):
        weight = largest.get(form, S(1)) if levels != 1 else S(1)
        one_level = {h: B, e: 0} if levels == 1 else {}
        layers = [pair for times, *pair in layers_of(form, levels) if times != 0]
        entries = {
            abs(sympy.factor(entry.subs(one_level))) for pair in layers for part in pair for entry in part
        }
        assert {weight, B} <= entries
        slacks = [[(bound - entry).subs(B, h + r).factor() for bound in (weight, B)] for entry in entries]
        assert all(any(slack.is_nonnegative for slack in pair) for pair in slacks), (form, levels)
        for c in (S(0), S(1)):
            claimed = THEOREMS[form].formula("magnitude", m=levels, B=B, s=S(0), c=c)
            assert claimed == sympy.Max(weight, B, c * B**2 * 2 ** (-2 * levels) / 8), (form, levels)


def concrete(form, levels, bound, s, c):
    """Return the list of (A, b), with its height B 2^-j and its q = 2^(m - j) put into each layer."""
    layers = extended(layers_of(form, S(levels)), s, c)
    repeated = [pair for times, *pair in layers for _ in range(times)]
    heights = [bound * S(2) ** (1 + s - position) for position in range(len(repeated))]
    return [
        [part.subs({h: height, e: height * 2**levels / bound - 2, B: bound}) for part in pair]
        for pair, height in zip(repeated, heights, strict=True)
    ]


def theorem_the_package_builds_these_networks():
    """For m = 1, ..., 5 and B = 3/2, with and without |x| and shift, the package builds these matrices,
    entry by entry."""
    for form, levels, s, c in product(THEOREMS, range(1, 6), (0, 1), (0, 1)):
        if form != "folded":
            phi = square(m=levels, bound="3/2" if s else None, form=form, shifted=bool(c))
            expected = concrete(form, levels, Rational(3, 2) if s else S(1), s, c)
            assert [[Matrix(A), Matrix(b)] for A, b in phi] == expected, (form, levels, s, c)
