"""The network calculus: what each operation realizes, and what it costs, for all parameters.

Statement.  Let Phi and Psi be networks, R(Phi) with d values, R(Psi) with d arguments.

(1) Merging the two maps that meet gives R(Psi) after R(Phi) in L(Phi) + L(Psi) - 1 layers with
    M(Phi) - M_L(Phi) + M(Psi) - M_1(Psi) + a(A_1(Psi) A_L(Phi)) + a(A_1(Psi) b_L(Phi) + b_1(Psi)) nonzeros.
(2) Passing y = rho(y) - rho(-y) between them gives it in L(Phi) + L(Psi) layers with exactly
    M(Phi) + M(Psi) + M_L(Phi) + a(A_1(Psi)) nonzeros, which is at most 2 M(Phi) + 2 M(Psi), with equality
    only if Phi has no nonzeros below its last pair and Psi none but in its first matrix.
(3) Listing the layers gives it with M(Phi) + M(Psi) nonzeros wherever R(Phi) >= 0, and only there.
(4) The identity, the elongation, networks side by side and linear combinations cost what the package says.

Notation.  rho(t) = max(t, 0); a(X) is the number of nonzeros of a matrix X; M, M_1, M_L are the nonzeros of a
network, of its first and of its last pair; L the depth, B the largest absolute value.  (A, b) is the last
pair of Phi, of shape d x n, (C, c) the first of Psi, of shape k x d.  A network is a list of segments
(layers, nonzeros, rows): `BELOW` is Phi without its last pair, `ABOVE` is Psi without its first.

Overview.  `lemma_relu_*` are the two cases of rho(t).  `theorem_*_realizes` multiply block matrices of
symbolic shape.  `nonzeros` counts the very same block matrices: it is additive over blocks and blind to
signs, and `theorem_*_sizes` compare it with the formulas of `THEOREMS`.  `lemma_elongation_*` are base and
step of the induction over the depth.  When R(Phi) >= 0 is known is the subject of proofs/nonnegativity.py.

Prose: the induction over the depth itself; the step from two networks side by side to many; the triangle
inequality behind the bounds on B; that a layer acts on each component of a vector by the two cases of rho.
The tests compare the matrices that the package builds with the block matrices used here.

References.  (1) is the composition of Berner, Elbrächter, Grohs and Jentzen.  (2) is due to Elbrächter,
Perekrestenko, Grohs and Bölcskei (2021), Lemma 2.3, whose transcription has M = 2 M(Phi) + 2 M(Psi); see
`theorem_sparse_concatenation_within_twice`.
"""

import sympy
from block_matrices import (
    ABOVE,
    BELOW,
    BIAS,
    MERGED,
    PHI,
    PRODUCT,
    PSI,
    A,
    C,
    L_phi,
    L_psi,
    above,
    assert_sizes,
    b,
    below,
    bound,
    c,
    d,
    hidden_phi,
    hidden_psi,
    joined,
    k,
    magnitude,
    middle,
    n,
    nonzeros,
    outputs,
    pair,
    sizes,
    split,
    t,
    y,
    zero,
)
from sympy import BlockMatrix, Identity, MatrixSymbol, Max, OneMatrix, S, Symbol, ZeroMatrix, block_collapse

from relu_constructions.calculus import THEOREMS


def relu(value):
    """Return rho of a value of known sign."""
    assert value.is_nonnegative or value.is_nonpositive, value
    return value if value.is_nonnegative else S(0)


def lemma_relu_difference_is_the_identity():
    """rho(t) - rho(-t) = t in both cases, while rho(t) + rho(-t) is |t|, which is not t below 0."""
    for value in (t, S(0), -t):
        assert relu(value) - relu(-value) == value
        assert relu(value) + relu(-value) == abs(value)
    assert abs(-t) != -t


def lemma_relu_keeps_what_is_nonnegative():
    """rho(t) = t for t >= 0 only, and rho(rho(t)) = rho(t) always: positive parts pass through any depth."""
    assert relu(t) == t
    assert relu(-t) != -t
    assert all(relu(relu(value)) == relu(value) for value in (t, S(0), -t))


def lemma_sizes_of_the_parts():
    """The segments add up to Phi and to Psi, of depth 1 as well, where nothing is left of them."""
    phi = sizes(BELOW, pair(A, b), last=d)
    assert phi == {"depth": L_phi, "neurons": hidden_phi, "connectivity": PHI["M_phi"]}
    psi = sizes(pair(C, c), ABOVE, last=outputs)
    assert psi == {"depth": L_psi, "neurons": hidden_psi, "connectivity": PSI["M_psi"]}
    assert [part.subs({L_psi: 1, above: 0, hidden_psi: 0, outputs: k}) for part in ABOVE] == [0, 0, 0]


def theorem_affine_sizes():
    """One pair and no neurons."""
    counts = {"a_A": nonzeros(A), "a_b": nonzeros(b)}
    assert_sizes("affine", sizes(pair(A, b), last=d), **counts)
    bounds = {"B_A": magnitude(A), "B_b": magnitude(b)}
    assert THEOREMS["affine"].formula("magnitude", **bounds) == magnitude(A, b)


def theorem_concatenation_realizes():
    """(C A) y + (C b + c) = C (A y + b) + c; without C b it is wrong."""
    after = sympy.expand(C * (A * y + b) + c)
    assert sympy.expand(C * A * y + (C * b + c)) == after
    assert sympy.expand(C * A * y + c) != after


def theorem_concatenation_sizes():
    """One pair (P, q) = (C A, C b + c) takes the place of two."""
    facts = sizes(BELOW, pair(PRODUCT, BIAS), ABOVE, last=outputs)
    assert_sizes("concatenation", facts, **PHI, **PSI, **MERGED)


def theorem_concatenation_magnitude():
    """A merged entry is at most d B(Phi) B(Psi), a merged bias B(Psi) more, and equal entries attain both."""
    B_phi, B_psi = sympy.symbols("B_phi B_psi", positive=True)
    term = Symbol("term", integer=True)
    product = sympy.Sum(B_psi * B_phi, (term, 1, d)).doit()
    claimed = bound("concatenation", "magnitude", B_phi=B_phi, B_psi=B_psi, d=d)
    assert product.is_nonnegative
    assert claimed == Max(B_phi, product + B_psi)
    ones = (OneMatrix(1, d) * OneMatrix(d, 1)).doit()
    assert sympy.expand(B_psi * B_phi * ones[0, 0] + B_psi) in claimed.args


def theorem_sparse_concatenation_realizes():
    """[A; -A] y + [b; -b] = (z, -z) for z = A y + b, and [C, -C] (u, v) = C (u - v), here with u - v = z."""
    z = A * y + b
    layer = block_collapse(split(A) * y + split(b))
    assert [sympy.expand(block) for block in layer.blocks] == [z, sympy.expand(-z)]
    positive, negative = MatrixSymbol("u", d, 1), MatrixSymbol("v", d, 1)
    parts = BlockMatrix([[positive], [negative]])
    result = sympy.expand(block_collapse(joined(C) * parts))
    assert result == sympy.expand(C * (positive - negative))
    assert result != sympy.expand(C * (positive + negative))


def theorem_sparse_concatenation_sizes():
    """The last pair of Phi is doubled, and the first matrix of Psi, but not its bias."""
    facts = sizes(BELOW, pair(split(A), split(b)), pair(joined(C), c), ABOVE, last=outputs)
    assert_sizes("sparse_concatenation", facts, **PHI, **PSI)


def theorem_sparse_concatenation_within_twice():
    """2 M(Phi) + 2 M(Psi) exceeds the exact count by (M - M_L)(Phi) + (M - a_1)(Psi), a sum of counts."""
    exact = THEOREMS["sparse_concatenation"].formula("connectivity", **PHI, **PSI)
    slack = sympy.expand(bound("sparse_concatenation", "connectivity", **PHI, **PSI) - exact)
    assert slack == below + nonzeros(c) + above
    counts = sympy.symbols("below above", integer=True, nonnegative=True)
    assert slack.subs(dict(zip((below, above), counts, strict=True))).is_nonnegative


def theorem_merging_may_cost_more():
    """A column of k ones after a row of n ones: k n merged, 2 k + 2 n sparse, less for k, n > 4."""
    row, column = OneMatrix(1, n), OneMatrix(k, 1)
    merged = nonzeros((column * row).doit())
    sparse = nonzeros(split(row), joined(column))
    assert (merged, sparse) == (k * n, 2 * k + 2 * n)
    assert sympy.expand((merged - sparse).subs({k: k + 4, n: n + 4}, simultaneous=True)).is_positive


def theorem_nonnegative_concatenation_sizes():
    """Both pairs stay as they are, and the d values between them become neurons."""
    facts = sizes(BELOW, pair(A, b), pair(C, c), ABOVE, last=outputs)
    assert_sizes("nonnegative_concatenation", facts, **PHI, **PSI)


def theorem_magnitudes_of_the_concatenations():
    """Signs and copies do not change the largest absolute value."""
    rest_phi, rest_psi = sympy.symbols("rest_phi rest_psi", nonnegative=True)
    given = {"B_phi": Max(rest_phi, magnitude(A, b)), "B_psi": Max(rest_psi, magnitude(C, c))}
    doubled = Max(rest_phi, magnitude(split(A), split(b), joined(C), c), rest_psi)
    listed = Max(rest_phi, magnitude(A, b, C, c), rest_psi)
    for name, fact in {"sparse_concatenation": doubled, "nonnegative_concatenation": listed}.items():
        assert THEOREMS[name].formula("magnitude", **given) == fact


def theorem_identity_realizes():
    """[I, -I] (u, v) = u - v, which is t for u = rho(t), v = rho(-t); I (u, v) = (u, v)."""
    u, v = MatrixSymbol("u", d, 1), MatrixSymbol("v", d, 1)
    assert block_collapse(joined(Identity(d)) * BlockMatrix([[u], [v]])) == u - v
    assert list(block_collapse(split(Identity(d)) * u).blocks) == [u, -u]


def theorem_identity_sizes():
    """One pair (I, 0) for L = 1; a split, L - 2 middle pairs and a joint for L >= 2."""
    more = Symbol("more", integer=True, nonnegative=True)
    eye = Identity(d)
    assert_sizes("identity", sizes(pair(eye, zero(d)), last=d), d=d, L=S(1))
    ends = pair(split(eye), zero(2 * d)), pair(joined(eye), zero(d))
    assert_sizes("identity", sizes(ends[0], middle(more), ends[1], last=d), d=d, L=more + 2)
    assert magnitude(split(eye), joined(eye), eye, zero(d)) == THEOREMS["identity"].formula("magnitude")


def theorem_nonnegative_identity_sizes():
    """L equal pairs (I, 0)."""
    depth = Symbol("L", integer=True, positive=True)
    facts = sizes(pair(Identity(d), zero(d), depth), last=d)
    assert_sizes("nonnegative_identity", facts, d=d, L=depth)
    assert magnitude(Identity(d), zero(d)) == THEOREMS["nonnegative_identity"].formula("magnitude")


def lemma_elongation_base():
    """K = L: nothing is added.  K = L + 1: the last pair is doubled and a joint follows."""
    assert_sizes("elongation", sizes(BELOW, pair(A, b), last=d), K=L_phi, **PHI)
    joint = pair(joined(Identity(d)), zero(d))
    facts = sizes(BELOW, pair(split(A), split(b)), joint, last=d)
    assert_sizes("elongation", facts, K=L_phi + 1, **PHI)


def lemma_elongation_step():
    """From K to K + 1, for every K > L: one more middle pair."""
    K = L_phi + Symbol("more", integer=True, positive=True)
    formula = THEOREMS["elongation"].formula
    layers, entries, rows = middle(1)
    for quantity, added in {"depth": layers, "neurons": rows, "connectivity": entries}.items():
        step = formula(quantity, K=K + 1, **PHI) - formula(quantity, K=K, **PHI)
        assert sympy.expand(step) == added


def theorem_elongation_sizes():
    """The network as it is built, with K - L - 1 middle pairs, has the claimed sizes for every K > L."""
    more = Symbol("more", integer=True, nonnegative=True)
    joint = pair(joined(Identity(d)), zero(d))
    facts = sizes(BELOW, pair(split(A), split(b)), middle(more), joint, last=d)
    assert_sizes("elongation", facts, K=L_phi + more + 1, **PHI)


def theorem_nonnegative_elongation_sizes():
    """K - L pairs (I, 0) follow, for every K >= L."""
    more = Symbol("more", integer=True, nonnegative=True)
    facts = sizes(BELOW, pair(A, b), pair(Identity(d), zero(d), more), last=d)
    assert_sizes("nonnegative_elongation", facts, K=L_phi + more, **PHI)


def theorem_magnitudes_of_the_elongations():
    """The identity adds entries 1 and -1 for K > L, and nothing for K = L."""
    B_rest, more = Symbol("B_rest", nonnegative=True), Symbol("more", integer=True, positive=True)
    given = {"B_phi": Max(B_rest, magnitude(A, b)), "L_phi": L_phi}
    doubled = Max(B_rest, magnitude(split(A), split(b), joined(Identity(d))))
    listed = Max(B_rest, magnitude(A, b, Identity(d)))
    for name, fact in {"elongation": doubled, "nonnegative_elongation": listed}.items():
        assert THEOREMS[name].formula("magnitude", K=L_phi + more, **given) == fact
        assert THEOREMS[name].formula("magnitude", K=L_phi, **given) == given["B_phi"]


def theorem_parallelization():
    """Block-diagonal or shared, a layer of two networks has the values, nonzeros and rows of both."""
    D, e, w = MatrixSymbol("D", k, d), MatrixSymbol("e", k, 1), MatrixSymbol("w", d, 1)
    apart = BlockMatrix([[A, ZeroMatrix(d, d)], [ZeroMatrix(k, n), D]])
    biases = BlockMatrix([[b], [e]])
    values = block_collapse(apart * BlockMatrix([[y], [w]]) + biases)
    assert list(values.blocks) == [A * y + b, D * w + e]
    E = MatrixSymbol("E", k, n)
    shared = BlockMatrix([[A], [E]])
    assert list(block_collapse(shared * y + biases).blocks) == [A * y + b, E * y + e]
    for matrix, other in ((apart, D), (shared, E)):
        both = pair(A, b), pair(other, e)
        assert pair(matrix, biases) == (1, both[0][1] + both[1][1], both[0][2] + both[1][2])
        largest = Max(magnitude(A, b), magnitude(other, e))
        formula = THEOREMS["parallelization"].formula("magnitude", max_B=largest)
        assert magnitude(matrix, biases) == formula


def theorem_parallelization_sizes():
    """Sums over the layers of layerwise sums are the sums over the networks."""
    level, L = sympy.symbols("l L", integer=True, positive=True)
    f, g = sympy.Function("f")(level), sympy.Function("g")(level)
    for quantity, top in (("neurons", L - 1), ("connectivity", L)):
        each = [sympy.Sum(part, (level, 1, top)) for part in (f, g)]
        name = "sum_neurons" if quantity == "neurons" else "sum_M"
        claimed = THEOREMS["parallelization"].formula(quantity, **{name: sum(each)})
        assert sympy.expand(sympy.Sum(f + g, (level, 1, top))) == claimed
    assert THEOREMS["parallelization"].formula("depth", L=L) == L


def theorem_linear_combination_depth_and_neurons():
    """Only the last pair differs from the networks side by side: depth and neurons are the same."""
    for quantity in ("depth", "neurons"):
        beside, combined = (
            THEOREMS[name].formula(quantity) for name in ("parallelization", "linear_combination")
        )
        assert combined == beside


def lemma_nonzeros_of_a_sum():
    """[x + y != 0] <= [x != 0] + [y != 0] for all x, y, and both strictness and equality occur."""
    x = Symbol("x", nonzero=True)
    other = Symbol("other", nonzero=True)

    def indicator(value):
        return 0 if value.is_zero else 1

    assert indicator(S(0) + S(0)) == 0
    assert indicator(x + 0) == indicator(0 + x) == 1 == indicator(x) + indicator(S(0))
    assert max(indicator(x - x), indicator(x + other)) == 1 < indicator(x) + indicator(other)


def theorem_linear_combination_realizes():
    """[f A, g D] (u, v) + (f b + g e) = f (A u + b) + g (D v + e) for two networks with the same outputs."""
    f, g = sympy.symbols("f g", nonzero=True)
    D, e = MatrixSymbol("D", d, k), MatrixSymbol("e", d, 1)
    u, v = MatrixSymbol("u", n, 1), MatrixSymbol("v", k, 1)
    last = BlockMatrix([[f * A, g * D]])
    value = sympy.expand(block_collapse(last * BlockMatrix([[u], [v]])) + f * b + g * e)
    assert value == sympy.expand(f * (A * u + b) + g * (D * v + e))
    assert nonzeros(last) == nonzeros(A) + nonzeros(D)


def theorem_linear_combination_sizes():
    """The last pairs are replaced by one, whose entries are no more than theirs; so M is at most the sum."""
    a_new, new_bias, lost, cancelled, rest = sympy.symbols(
        "a_new new_bias lost cancelled rest", nonnegative=True
    )
    last = a_new + lost + new_bias + cancelled
    given = {"sum_M": rest + last, "sum_M_L": last, "a_new": a_new, "new_bias": new_bias}
    exact = THEOREMS["linear_combination"].formula("connectivity", **given)
    assert sympy.expand(exact) == rest + a_new + new_bias
    slack = sympy.expand(bound("linear_combination", "connectivity", **given) - exact)
    assert slack == lost + cancelled
    assert slack.is_nonnegative


def theorem_linear_combination_magnitude():
    """Hidden pairs keep their bound; each |f| B(Phi) and the bias sum |f| B(Phi) + |g| B(Psi) are covered."""
    f, g = sympy.symbols("f g", real=True)
    B_phi, B_psi = sympy.symbols("B_phi B_psi", nonnegative=True)
    terms = [abs(f) * B_phi, abs(g) * B_psi]
    claimed = bound("linear_combination", "magnitude", max_B=Max(B_phi, B_psi), sum_aB=sum(terms))
    assert set(claimed.args) == {B_phi, B_psi, sum(terms)}
    assert all((sum(terms) - term).is_nonnegative for term in terms)
