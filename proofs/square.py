"""The folded square: every form of the network realises the interpolant of x^2, with two exact errors.

Statement. Let k >= 2, B > 0, h_j = B k^-j, y_0 = x on [0, B], and let y_{j+1} be the k-fold zigzag of y_j:
on [i h_j/k, (i+1) h_j/k] it is y_j - i h_j/k for even i and (i+1) h_j/k - y_j for odd i. Then f_m = x^2 +
h_m y_m - y_m^2 is the continuous, piecewise linear interpolant of x^2 at the points i h_m, and

    0 <= f_m - x^2 <= B^2 k^-2m / 4,  attained,      ess sup |f_m' - 2x| = B k^-m,
    f_m(0) = 0,                                      B k^-m <= f_m' <= 2B - B k^-m, both attained.

Subtracting half of the value error halves it. For k = 2 and B = 1, f_m - x^2 = 4^-m (v_m - v_m^2) with the
sawtooth v_m = h o ... o h of `proofs/sawtooth.py`, and f_m = x - sum_{s <= m} 4^-s v_s, Yarotsky's sum.

Notation. rho(t) = max(t, 0). `h` is any positive height, so every identity holds for every level and every
B. The parity of an index 2p + odd is `odd`; p is symbolic.

Overview. The fold: `lemma_active_kinks`, `lemma_fold_is_the_zigzag`, `lemma_fold_identity`,
`lemma_slope_jumps`, and for k = 2 `lemma_fold_in_halves`, where the signs of the ReLUs are decided piece by
piece. The levels: `lemma_zigzag_composes`. The errors: `theorem_interpolant`, `theorem_value_error`,
`theorem_derivative_error`, `theorem_slopes`. The k-fold network: `lemma_folded_output`,
`theorem_folded_sizes`, `theorem_folded_magnitude`, for the layers that
`theorem_the_package_builds_the_folded_networks` compares with the package. The classical form:
`lemma_sawtooth_form`, `lemma_yarotsky_sum`. The networks with k = 2 are in `proofs/square_networks.py`, the
accuracies in `proofs/square_accuracy.py`.

Prose: the induction over the levels. Its base is y_0 = x, the zigzag with one piece; its step is
`lemma_zigzag_composes` for the folded variable, and for the sum S_j = x^2 - y_j^2, which grows by y_j^2 -
y_{j+1}^2, it is `lemma_fold_identity`. On [-B, B] everything is composed with |x|: the values are the same,
and the derivatives are multiplied by 1 or -1 off the point 0.

References. Yarotsky, Neural Networks 94 (2017), Proposition 2; Elbraechter, Perekrestenko, Grohs,
Boelcskei, IEEE Trans. Inf. Theory 67 (2021), Proposition III.2.
"""

from itertools import product

import sympy
from sympy import Matrix, Rational, S

from relu_constructions.constructions.square import THEOREMS, square

x, y = sympy.symbols("x y", real=True)
h, k, B = sympy.symbols("h k B", positive=True)
p, q, d = sympy.symbols("p q d", integer=True, nonnegative=True)
m = sympy.Symbol("m", integer=True, positive=True)
HALVES = ((S(0), h / 2), (h / 2, h))


def vanishes(expression):
    """Whether an expression is identically zero."""
    return sympy.simplify(sympy.expand(expression)) == 0


def zigzag(v, half, odd, height):
    """Return the zigzag of slopes 1, -1 and the given height on its piece number 2 half + odd."""
    return (2 * half + 2) * height - v if odd else v - 2 * half * height


def hinges(odd):
    """Return the sums of y - l h/k over the odd and over the even kinks l <= i, for i = 2p + odd."""
    odd_kinks = sympy.summation(y - (2 * q + 1) * h / k, (q, 0, p - 1 + odd))
    even_kinks = sympy.summation(y - 2 * q * h / k, (q, 1, p))
    return odd_kinks, even_kinks


def lemma_active_kinks():
    """On [i h/k, (i+1) h/k] the neuron rho(y - l h/k) is y - l h/k for l <= i and 0 for l > i."""
    i = p
    for end in (i * h / k, (i + 1) * h / k):
        assert sympy.expand(end - (i - d) * h / k).is_nonnegative
        assert sympy.expand(end - (i + 1 + d) * h / k).is_nonpositive


def lemma_fold_is_the_zigzag():
    """y + 2 sum_l (-1)^l rho(y - l h/k) is the k-fold zigzag, on every piece i; not so with factor 1."""
    for odd in (0, 1):
        odd_kinks, even_kinks = hinges(odd)
        folded = zigzag(y, p, odd, h / k)
        assert vanishes(y - 2 * odd_kinks + 2 * even_kinks - folded)
        assert (y - odd_kinks + even_kinks - folded).subs({p: 1, h: k, y: 4}) != 0


def lemma_fold_identity():
    """y^2 = phi(y)^2 + (4h/k) sum over odd l of rho(y - l h/k), on every piece i; not so with 2h/k."""
    for odd in (0, 1):
        odd_kinks, _ = hinges(odd)
        increment = y**2 - zigzag(y, p, odd, h / k) ** 2
        assert vanishes(increment - 4 * h / k * odd_kinks)
        assert (increment - 2 * h / k * odd_kinks).subs({p: 1, h: k, y: 4}) != 0


def lemma_slope_jumps():
    """The slope of y^2 - phi(y)^2 jumps by exactly 4h/k at every odd kink and by 0 at every even one."""

    def slope(half, odd):
        return sympy.diff(sympy.expand(y**2 - zigzag(y, half, odd, h / k) ** 2), y)

    assert slope(0, 0) == 0
    assert vanishes(slope(p, 1) - slope(p, 0) - 4 * h / k)
    assert vanishes(slope(p + 1, 0) - slope(p, 1))


def relu(t, ends):
    """Return the ReLU of t, affine in y, on the interval with the given ends."""
    values = [sympy.expand(t.subs(y, end)) for end in ends]
    if all(value.is_nonnegative for value in values):
        return t
    assert all(value.is_nonpositive for value in values), (t, ends)
    return S(0)


def lemma_fold_in_halves():
    """For k = 2, y^2 = (y - 2t)^2 + 2h t with t = rho(y - h/2) on [0, h]; a kink at h/3 would not do."""
    for ends in HALVES:
        t = relu(y - h / 2, ends)
        assert vanishes((y - 2 * t) ** 2 + 2 * h * t - y**2)
        assert all(0 <= (y - 2 * t).subs(y, end) / h <= Rational(1, 2) for end in ends)
    t = y - h / 3
    assert ((y - 2 * t) ** 2 + 2 * h * t - y**2).subs(y, h).is_nonzero


def lemma_zigzag_composes():
    """The k-fold zigzag of the zigzag of height h is the zigzag of height h/k: for each piece 2p + odd of
    the outer variable and each piece 2q + bent of the fold, with the index counted back if odd = 1."""
    for odd in (0, 1):
        outer = zigzag(x, p, odd, h)
        for bent in (0, 1):
            index = k * (2 * p + 2) - 1 - (2 * q + bent) if odd else 2 * k * p + 2 * q + bent
            parity = (bent + odd) % 2
            fine = zigzag(x, (index - parity) / 2, parity, h / k)
            assert vanishes(zigzag(outer, q, bent, h / k) - fine)
            assert not vanishes(zigzag(outer, q, bent, h / k) - zigzag(x, (index - parity) / 2, parity, h))


def chord(i):
    """Return the line through (i h, (i h)^2) and ((i+1) h, ((i+1) h)^2)."""
    return (2 * i + 1) * h * x - i * (i + 1) * h**2


def theorem_interpolant():
    """x^2 + h z - z^2 with the zigzag z is the chord of x^2 on every piece; 2h z - z^2 is not."""
    for odd in (0, 1):
        i = 2 * p + odd
        z = zigzag(x, p, odd, h)
        assert vanishes(x**2 + h * z - z**2 - chord(i))
        assert all(vanishes((chord(i) - x**2).subs(x, end)) for end in (i * h, (i + 1) * h))
        assert sympy.Poly(sympy.expand(x**2 + 2 * h * z - z**2 - chord(i)), x).degree() == 1


def theorem_value_error():
    """On every piece 0 <= f_m - x^2 <= h^2/4, with equality at the ends and at the midpoint; this is
    B^2 k^-2m / 4, and half of it after the shift, as every form of the package claims."""
    error, middle = chord(p) - x**2, (p + Rational(1, 2)) * h
    assert vanishes(error - (x - p * h) * ((p + 1) * h - x))
    assert vanishes(h**2 / 4 - error - (x - middle) ** 2)
    assert vanishes(error.subs(x, middle) - h**2 / 4)
    low, high = -(h**2) / 8, h**2 / 4 - h**2 / 8
    assert high == -low == h**2 / 8
    assert_claims("value_error", {0: h**2 / 4, 1: high})


def theorem_derivative_error():
    """On every piece f_m' - 2x falls from h to -h, so its essential supremum is exactly h = B k^-m, as every
    form of the package claims, shifted or not."""
    error = sympy.diff(chord(p) - x**2, x)
    assert [sympy.expand(error.subs(x, end)) for end in (p * h, (p + 1) * h)] == [h, -h]
    assert sympy.diff(error, x) == -2
    assert_claims("derivative_error", {0: h, 1: h})


def assert_claims(quantity, facts):
    """Compare the formulas of all forms with facts in h = B k^-m, by c, the number of shifts."""
    for form, theorem in THEOREMS.items():
        parts = sympy.Symbol("k", integer=True, positive=True) if form == "folded" else S(2)
        for c, fact in facts.items():
            for s in (0, 1):
                claimed = theorem.formula(quantity, m=m, B=B, s=S(s), c=S(c), k=parts)
                assert vanishes(claimed - fact.subs(h, B * parts**-m)), (form, c, s)


def theorem_slopes():
    """f_m(0) = 0, and the slopes of f_m grow from h on the first piece to 2B - h on the last one."""
    pieces = B / h
    assert chord(S(0)).subs(x, 0) == 0
    assert sympy.diff(chord(S(0)), x) == h
    assert vanishes(sympy.diff(chord(pieces - 1), x) - (2 * B - h))
    assert vanishes(sympy.diff(chord(p + 1) - chord(p), x) - 2 * h)


def lemma_folded_output():
    """The k-fold form ends with f_m = S + (h/k) (y + 2 sum over all kinks l of rho(y - l h/k)), where
    S = x^2 - y^2 at level m - 1: all kinks have the weight 2; with -2 at the odd ones it would be wrong."""
    for odd in (0, 1):
        odd_kinks, even_kinks = hinges(odd)
        folded = zigzag(y, p, odd, h / k)
        wanted = y**2 - folded**2 + h / k * folded
        assert vanishes(h / k * (y + 2 * odd_kinks + 2 * even_kinks) - wanted)
        assert not vanishes(h / k * (y - 2 * odd_kinks + 2 * even_kinks) - wanted)


def folded_counts(k, m):
    """Return the neurons and nonzeros of the k-fold form for m >= 2, row by row.

    A fold has the rows l = 0, ..., k - 1 with k weights and a bias unless l = 0; the accumulator takes the
    odd kinks and, from layer 3 on, itself; the output takes all k neurons and the accumulator.
    """
    fold = sympy.summation(k, (q, 0, k - 1)) + (k - 1)
    accumulator = sympy.floor(k / 2)
    first, output = k + (k - 1), k + 1
    neurons = k + (m - 1) * (k + 1)
    return neurons, first + (m - 1) * (fold + accumulator) + (m - 2) + output


def theorem_folded_sizes():
    """The k-fold form has (k + 1)m - 1 neurons and (m - 1)(k^2 + k + [k/2]) + 3k - 1 nonzeros, for all k and
    m >= 2, as the package claims; |x| in front adds 2 neurons and 2 + k nonzeros, the shift one nonzero."""
    parts, levels = sympy.Symbol("k", integer=True, positive=True) + 1, 2 + p
    neurons, nonzeros = folded_counts(parts, levels)
    assert vanishes(neurons - ((parts + 1) * levels - 1))
    inner = parts**2 + parts + sympy.floor(parts / 2)
    assert vanishes(nonzeros - ((levels - 1) * inner + 3 * parts - 1))
    for s, c in product((S(0), S(1)), repeat=2):
        facts = {
            "depth": levels + 1 + s,
            "neurons": neurons + 2 * s,
            "width": parts + 1,
            "connectivity": nonzeros + (2 + parts) * s + c,
        }
        values = {"m": levels, "k": parts, "B": B, "s": s, "c": c}
        for quantity, fact in facts.items():
            assert vanishes(THEOREMS["folded"].formula(quantity, **values) - fact), (quantity, s, c)


def theorem_folded_sizes_of_one_level():
    """One level of the k-fold form has k neurons, 2k - 1 nonzeros in layer 1 and k in the output layer."""
    parts = sympy.Symbol("k", integer=True, positive=True) + 1
    values = {"m": S(1), "k": parts, "B": B, "s": S(0), "c": S(0)}
    assert vanishes(THEOREMS["folded"].formula("neurons", **values) - parts)
    assert vanishes(THEOREMS["folded"].formula("connectivity", **values) - (3 * parts - 1))


def theorem_folded_magnitude():
    """The entries of the k-fold form are 1, 2, biases up to (k - 1)h/k, gains 4h/kB, output weights h/k, 2h/k
    and B; none exceeds max(2, B) for m >= 2, and for one level, where h = B, max(1, 2B/k, (k - 1)B/k)."""
    parts, r = 2 + q, sympy.Symbol("r", nonnegative=True)
    entries = [S(1), S(2), (parts - 1) * h / parts, 4 * h / (parts * B), h / parts, 2 * h / parts, B]
    for entry in entries:
        slacks = [(bound - entry).subs(B, h + r).factor() for bound in (S(2), B)]
        assert any(slack.is_nonnegative for slack in slacks), entry
    one_level = [S(1), (parts - 1) * B / parts, B / parts, 2 * B / parts]
    for levels, largest in ((2 + p, sympy.Max(2, B)), (S(1), sympy.Max(*one_level))):
        claimed = THEOREMS["folded"].formula("magnitude", m=levels, k=parts, B=B, s=S(0), c=S(0))
        assert claimed == largest


def folded_layers(k, m):
    """Return the affine maps of the k-fold form on [0, 1], as they are counted above."""
    fold = [1] + [2 * (-1) ** i for i in range(1, k)]
    layers = [(Matrix([1] * k), Matrix([-Rational(i, k) for i in range(k)]))]
    for j in range(1, m):
        height = Rational(1, k**j)
        A = Matrix([fold] * k + [[4 * height * (i % 2) for i in range(k)]])
        carried = A if j == 1 else A.row_join(Matrix([0] * k + [1]))
        layers.append((carried, Matrix([-i * height / k for i in range(k)] + [0])))
    output = [Rational(min(i + 1, 2), k**m) for i in range(k)] + [1] * (m > 1)
    return [*layers, (Matrix([output]), Matrix([0]))]


def theorem_the_package_builds_the_folded_networks():
    """For k = 2, ..., 6 and m = 1, ..., 4 the package builds these layers, entry by entry."""
    for parts, levels in product(range(2, 7), range(1, 5)):
        phi = square(m=levels, form="folded", k=parts)
        assert [(Matrix(A), Matrix(b)) for A, b in phi] == folded_layers(parts, levels), (parts, levels)


def lemma_sawtooth_form():
    """For k = 2, B = 1 and y_m = 2^-m v, v = v_m(x), the error h_m y_m - y_m^2 is 4^-m (v - v^2)."""
    v = sympy.Symbol("v", real=True)
    z, height = 2**-m * v, S(2) ** -m
    assert vanishes(height * z - z**2 - 4**-m * (v - v**2))


def lemma_yarotsky_sum():
    """f_{m-1} - f_m = 4^-m v_m and f_0 = x, so f_m = x - sum_{s <= m} 4^-s v_s; not so with 2^-s."""
    v = sympy.Symbol("v", real=True)
    for hat in (2 * v, 2 - 2 * v):
        drop = 4 ** -(m - 1) * (v - v**2) - 4**-m * (hat - hat**2)
        assert vanishes(drop - 4**-m * hat)
        assert vanishes(drop - 2**-m * hat) is False
    assert vanishes((x - x**2) + x**2 - x)
