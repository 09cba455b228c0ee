"""The networks of the product: what their neurons hold at every level, and how many there are.

Statement. On [-D1, D1] x [-D2, D2], or on the positive quadrant of it (q = 1), the forms `two_squares` and
`epgb` realise D1 D2 P(x/D1, y/D2) of `proofs/product.py`, and `yarotsky` realises D1 D2 T(x/D1, y/D2) of
`proofs/three_squares.py`, with the sizes that the package claims for all m, among them 13m + 7, 13m + 1 (q =
1), 15m + 14 and 19m + 6 nonzero parameters.

Notation. B = D1; h = B 2^-j and q = 2^(m-j) are those of a level j as in `proofs/square_networks.py`. The
squares are x_i^2, where x_i in [0, B] is |x + (B/D2) y|/2 and so on; y_i in [0, h] is the folded variable.
A state lists, for every square, the entries of the state in `proofs/square_networks.py` but the accumulator,
and last the sum of all accumulators with the signs of the squares, plus the offset.

Overview. `lemma_layers_keep_their_states` is the step of the induction over the levels, `lemma_first_layers`
its base. `theorem_sizes` and `theorem_magnitudes` read the entries of these very matrices, and
`theorem_the_package_builds_these_networks` compares them with the package for small m.
`lemma_zero_law_everywhere` is the zero law of the networks on all of R (for q = 1, where x, y >= 0). That
the ReLU leaves the accumulator alone is `theorem_range` in `proofs/product.py`, and `theorem_offset` in
`proofs/three_squares.py`. `theorem_epgb_needs_an_offset`: as the matrices of that form are transcribed,
without the offset, the network is 0 at (1, -1) for all m.

Prose: the induction over the levels; that the accumulator of `epgb` holds the product of j <= m levels, plus
the offset, and is not cut for the same reason as that of `two_squares`.

References. As in `proofs/product.py`.
"""

from itertools import product as pairs

import sympy
from square import vanishes
from square_networks import HALVES, B, d, e, epgb_inner, h, q, relu, sizes, sparse_inner, y
from sympy import Matrix, Rational, S

from relu_constructions.constructions.product import THEOREMS
from relu_constructions.constructions.product_networks import build
from relu_constructions.exact import to_fraction

D2 = sympy.Symbol("D2", positive=True)
HALF = Rational(1, 2)
SUM, DIFFERENCE = [(1, 1), (-1, -1)], [(1, -1), (-1, 1)]
AXES = [(1, 0), (-1, 0), (0, 1), (0, -1)]
FORMS = {
    ("two_squares", 0): ([SUM, DIFFERENCE], [1, -1], S(1), 1),
    ("two_squares", 1): ([SUM[:1], DIFFERENCE], [1, -1], S(0), 1),
    ("epgb", 0): ([SUM, DIFFERENCE], [1, -1], S(1), 1),
    ("yarotsky", 0): ([SUM, AXES[:2], AXES[2:]], [1, -1, -1], HALF, 2),
}
"""The directions of the squares, their signs, the offset of the accumulator over B, and the output weight."""


def inner(case, height, pieces):
    """Return an inner layer: the blocks of the squares, and the accumulator of all, with signs."""
    form, _ = case
    A, b = (epgb_inner if form == "epgb" else sparse_inner)(height, pieces)
    signs = FORMS[case][1]
    blocks = sympy.diag(*[A[:2, :2]] * len(signs)).row_join(sympy.zeros(2 * len(signs), 1))
    sums = Matrix([[sign * weight for sign in signs for weight in A[2, :2]] + [A[2, 2]]])
    return blocks.col_join(sums), Matrix([*list(b[:2]) * len(signs), b[2]])


def state(case, folded, height, pieces):
    """Return the state of a level; x_i^2 - y_i^2 is called S_i."""
    form, _ = case
    _, signs, offset, _ = FORMS[case]
    scale = height / B if form == "epgb" else 1
    last = height if form == "epgb" else height / pieces
    total = sum(s * (S_ + last * t) for s, S_, t in zip(signs, sums(folded, height), folded, strict=True))
    entries = [w for t in folded for w in (scale * t, scale * (t - height / 2))]
    return Matrix([*entries, total / B + offset * B])


def sums(folded, height):
    """Return S_i = x_i^2 - y_i^2 as x_i^2 less the square of what stands for y_i."""
    return [sympy.Symbol(f"x{index}") ** 2 - t**2 for index, t in enumerate(folded)]


def on_halves(case):
    """Return the states after the ReLU, and the folded variables, for every choice of halves."""
    count = len(FORMS[case][1])
    names = [sympy.Symbol(f"y{index}", real=True) for index in range(count)]
    full = state(case, names, h, q)
    for choice in pairs(HALVES.items(), repeat=count):
        kept, folds = [], []
        for index, (ends, phi) in enumerate(choice):
            entries = [entry.subs(names[index], y) for entry in full[2 * index : 2 * index + 2]]
            kept += [relu(entry, ends).subs(y, names[index]) for entry in entries]
            folds.append(phi.subs(y, names[index]))
        yield Matrix([*kept, full[-1]]), folds


def output(case):
    """Return the weights of the output on the state of level m - 1, where q = 2, and its bias."""
    form, _ = case
    _, signs, offset, factor = FORMS[case]
    row = [-HALF, S(1)] if form == "epgb" else [S(0), h / B]
    weights = [D2 * factor * sign * weight for sign in signs for weight in row]
    return Matrix([[*weights, D2 * factor]]), Matrix([-D2 * factor * offset * B])


def lemma_layers_keep_their_states():
    """An inner layer maps the state of a level to that of the next one, with h/2, q/2 for h, q, on all halves
    of all squares; the output is D2/B times the sum of the x_i^2 + h_m y_m - y_m^2 with signs (and factor
    2)."""
    for case, (_, signs, _, factor) in FORMS.items():
        A, b = inner(case, h, q)
        row, bias = output(case)
        for kept, folds in on_halves(case):
            expected = state(case, folds, h / 2, q / 2)
            assert (A * kept + b - expected).applyfunc(sympy.factor).is_zero_matrix, case
            squares = [s + h / 2 * t for s, t in zip(sums(folds, h), folds, strict=True)]
            wanted = factor * D2 / B * sum(s * t for s, t in zip(signs, squares, strict=True))
            assert vanishes(((row * kept)[0] + bias[0] - wanted).subs(e, 0)), case


def first(case):
    """Return the first layer: the directions, read from x and (B/D2) y."""
    rows = [(HALF * a, HALF * c * B / D2) for part in FORMS[case][0] for a, c in part]
    return Matrix(rows), sympy.zeros(len(rows), 1)


def second(case):
    """Return the second layer: x_i and x_i - B/2, and for `epgb` the accumulator."""
    form, _ = case
    directions, signs, offset, _ = FORMS[case]
    owners = [index for index, part in enumerate(directions) for _ in part]
    rows = [[int(owner == index) for owner in owners] for index in range(len(signs)) for _ in (0, 1)]
    bias = [S(0), -B / 2] * len(signs)
    if form == "epgb":
        rows, bias = [*rows, [signs[owner] for owner in owners]], [*bias, offset * B]
    return Matrix(rows), Matrix(bias)


def start(case):
    """Return the map of the second layer's neurons to the state of level 0, where the sum is not kept yet."""
    _, signs, offset, _ = FORMS[case]
    count = 2 * len(signs)
    sums = Matrix([[weight for sign in signs for weight in (sign / q, 0)]])
    return sympy.eye(count).col_join(sums), Matrix([0] * count + [offset * B])


def lemma_first_layers():
    """At level 0, where y_i = x_i and h = B, the second layer and `start` give the state, for the x_i that
    the first layer makes: the sum of both parts of (x + (B/D2) y)/2 is its absolute value."""
    for case, (_, signs, offset, _) in FORMS.items():
        names = [sympy.Symbol(f"x{index}") for index in range(len(signs))]
        entries = [w for t in names for w in (t, t - B / 2)]
        wanted = state(case, names, B, q)
        if case[0] == "epgb":
            found = Matrix([*entries, sum(s * t for s, t in zip(signs, names, strict=True)) + offset * B])
        else:
            A, b = start(case)
            found = A * Matrix(entries) + b
        assert (found - wanted).applyfunc(sympy.expand).is_zero_matrix, case
        A, _ = first(case)
        opposite = A if case[1] == 0 else A[1:, :]
        assert all(opposite[r, :] == -opposite[r + 1, :] for r in range(0, opposite.rows, 2))


def layers_of(case, levels):
    """Return (multiplicity, A, b) for the layers; `levels` is 1, 2 or 3 + d."""
    (A, b), (row, bias) = inner(case, h, q), output(case)
    begin = [(1, *first(case)), (1, *second(case))]
    if case[0] == "epgb":
        return [*begin, (levels - 1, A, b), (1, row, bias)]
    at_start, shift = start(case)
    if levels == 1:
        weights = (row * at_start).subs({h: B, e: 0})
        return [*begin, (1, weights, sympy.zeros(1, 1))]
    last = [2 * index + 1 for index in range(len(FORMS[case][1]))] + [A.rows - 1]
    third, bias_third = A * at_start, b + A * shift
    inside = [(1, third, bias_third), (levels - 3, A, b), (1, *only(last, A, b))]
    if levels == 2:
        inside = [(1, *only(last, third, bias_third))]
    return [*begin, *inside, (1, row.extract([0], last), bias)]


def only(rows, A, b):
    """Return some rows of a layer."""
    return A.extract(rows, range(A.cols)), b.extract(rows, [0])


def lemma_zero_law_everywhere():
    """If x = 0 or y = 0, also outside of the domain, two squares hold the same v, w at every level and a
    third one zeros, as its biases are negative; then the accumulator stays at its offset, and the output is
    0."""
    v, w = sympy.symbols("v w", nonnegative=True)
    for case, (_, signs, offset, _) in FORMS.items():
        A, b = inner(case, h, q)
        begin, shift = start(case)
        row, bias = output(case)
        assert all(entry.is_zero or entry.is_negative for entry in b)
        for empty in range(1, len(signs)) if len(signs) == 3 else [2]:
            held = Matrix(
                [entry for index in range(len(signs)) for entry in ((v, w), (0, 0))[index == empty]]
            )
            full = held.col_join(Matrix([offset * B]))
            assert vanishes((A * full + b)[-1] - offset * B)
            assert vanishes((row * full + bias)[0])
            assert case[0] == "epgb" or vanishes((begin * held + shift)[-1] - offset * B)


CASES = [(case, levels) for case in FORMS for levels in (S(1), S(2), 3 + d)]


def theorem_sizes():
    """Depth, width, neurons and nonzeros of these matrices are those that the package claims, for all m; one
    level more costs 5 neurons and 13 nonzeros with two squares."""
    for case, levels in CASES:
        form, quadrant = case
        layers = [layer for layer in layers_of(case, levels) if layer[0] != 0]
        for quantity, fact in sizes(layers).items():
            values = {"m": levels, "D1": B, "D2": D2, "q": S(quadrant)}
            assert sympy.expand(THEOREMS[form].formula(quantity, **values) - fact) == 0, (
                case,
                levels,
                quantity,
            )
    large = sizes(layers_of(("two_squares", 0), 3 + d))
    assert [sympy.diff(large[quantity], d) for quantity in ("neurons", "connectivity")] == [5, 13]


def theorem_magnitudes():
    """Every entry is at most one of the terms of the claimed maximum, where B = h + r, r >= 0; and those
    terms that are not below another one are entries."""
    r = sympy.Symbol("r", nonnegative=True)
    for case, levels in CASES:
        form, quadrant = case
        layers = [pair for times, *pair in layers_of(case, levels) if times != 0]
        one_level = {h: B, e: 0} if levels == 1 else {}
        entries = {abs(sympy.factor(t.subs(one_level))) for pair in layers for part in pair for t in part}
        claimed = THEOREMS[form].formula("magnitude", m=levels, D1=B, D2=D2, q=S(quadrant))
        terms = claimed.args
        assert all(term in entries for term in terms), (case, levels)
        for entry in entries:
            slacks = [(term - entry).subs(B, h + r).factor() for term in terms]
            assert any(slack.is_nonnegative for slack in slacks), (case, levels, entry)


def concrete(case, levels, bounds):
    """Return the list of (A, b), with the height and the q = 2^(m - j) of its level put into each layer."""
    repeated = [pair for times, *pair in layers_of(case, S(levels)) for _ in range(times)]
    heights = [bounds[0] * S(2) ** (2 - position) for position in range(len(repeated))]
    made = [
        [part.subs({h: t, e: t * 2**levels / bounds[0] - 2, B: bounds[0], D2: bounds[1]}) for part in pair]
        for pair, t in zip(repeated, heights, strict=True)
    ]
    return arranged(made) if case[0] == "epgb" else made


def arranged(layers):
    """Put the accumulator of `epgb` between both squares."""
    order = [0, 1, 4, 2, 3]
    begin, (A, b), *inside, (row, bias) = layers
    inside = [[M.extract(order, order), c.extract(order, [0])] for M, c in inside]
    return [
        begin,
        [A.extract(order, range(4)), b.extract(order, [0])],
        *inside,
        [row.extract([0], order), bias],
    ]


def theorem_the_package_builds_these_networks():
    """For m = 1, ..., 5, D1 = 3/2 and D2 = 5/4 the package builds these matrices, entry by entry."""
    bounds = Rational(3, 2), Rational(5, 4)
    for case, levels in pairs(FORMS, range(1, 6)):
        form, quadrant = case
        phi = build(form, levels, *map(to_fraction, bounds), quadrant)
        assert [[Matrix(A), Matrix(b)] for A, b in phi] == concrete(case, levels, bounds), (case, levels)


def theorem_epgb_needs_an_offset():
    """Without the offset the second layer at (1, -1) puts out (0, 0, 1, 1/2) and 0 for the accumulator, -1
    being cut; the next layer makes all neurons 0, and so does every layer thereafter; so the output is 0, not
    -1."""
    case = ("epgb", 0)
    (A1, b1), (A2, b2) = (((M.subs({B: 1, D2: 1}), c.subs(B, 1))) for M, c in (first(case), second(case)))

    def cut(values):
        return values.applyfunc(lambda value: sympy.Max(value, 0))

    hidden = cut(A1 * Matrix([1, -1]) + b1)
    shifted, unshifted = cut(A2 * hidden + b2), cut(A2 * hidden + b2 - Matrix([0, 0, 0, 0, 1]))
    assert list(shifted) == list(unshifted) == [0, 0, 1, HALF, 0]
    A, b = inner(case, h, q)
    assert list(cut(A * unshifted + b)) == list(cut(b)) == [0] * 5
    row, bias = (part.subs({B: 1, D2: 1}) for part in output(case))
    assert [(row * vector)[0] for vector in (unshifted, sympy.zeros(5, 1))] == [0, 0]
    assert bias[0] == -1
