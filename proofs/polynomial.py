"""The theorem of Berner, Elbraechter, Grohs and Jentzen on polynomials, with its constants.

Statement. Let p = sum c_a x^a have degree at most n >= 2 in d >= 2 variables, N terms that are not
constant, c1 = sum |c_a|, s = ceil(log2 n), t = ceil(log2 min(d, n)), and eps > 0 with c1 >= eps/4. The tree
of products on [0, 1]^d with weights of at most 4 and

    m = ceil(log2(c1 n (s + t + 1)/eps))

levels has an error of at most eps in W^{1,inf}. With l = log2(d n) and L = log2 c1 + log2(1/eps), for c1 >=
1 and eps <= 1/2,

    depth        <= 9 l^2 L, hence <= 5 l^3 L; the published order has l^3,
    width        <= 5 d (N + n),
    connectivity <= 4 w L0 and <= 12 d (N + n) L0, with the bounds w and L0 of width and depth,
    magnitude    <= 4.

Notation. `claimed` gives the formulas of the package, with a = 0 and D = 1 on [0, 1]^d; eta = 2^-m.

Overview. `theorem_levels_suffice`, with `lemma_fewer_levels_are_too_few`; `lemma_stages`,
`lemma_levels_are_logarithmic`, `lemma_layers_of_the_output`, `theorem_depth`; `lemma_gates`, `theorem_width`;
`theorem_connectivity`; `theorem_magnitude`; `theorem_one_level_for_every_bit`.

Prose. A slack is shown to be nonnegative after its variables are replaced by their least values plus
nonnegative ones. Of the logarithms only these facts are used: ceil(z) < z + 1, log2 is increasing, and
z + 1 <= 2^z for integers z >= 0 (`lemma_powers_of_two`).

References. Berner, Elbraechter, Grohs, Jentzen (2019): for eps in (0, 1) there is a network with magnitude at
most 4, depth of the order log^3(d n) (log ||c||_1 + log(1/eps)), width of the order d (||c||_0 + n), and
connectivity of the order depth times width; the constants are not stated there.
"""

import sympy
from polynomial_theorem import D, K, N, a, c1, claimed, d, eta, m, n, r, s, t
from sympy import S

eps, z = sympy.symbols("eps z", positive=True)
ell, L = sympy.symbols("l L", positive=True)
x = sympy.Symbol("x", nonnegative=True)
UNIT_BOX = {a: 0, D: 1}
LEVELS = L + 3 * ell
"""A bound for m."""
LAYERS = L / 2 + 1
"""A bound for r."""
GATES = d * n - d + N * d - N
"""A bound for K."""


def on_unit_box(quantity):
    """Return the claim of the package for trees on [0, 1]^d."""
    return sympy.expand(claimed("tree", quantity).subs(UNIT_BOX))


def nonnegative(slack, least):
    """Whether a slack is nonnegative where each symbol is at least the given number."""
    moved = {symbol: value + sympy.Symbol(f"{symbol}+", nonnegative=True) for symbol, value in least.items()}
    return sympy.expand(sympy.expand(slack).subs(moved, simultaneous=True)).is_nonnegative


def theorem_levels_suffice():
    """2^m = z c1 n (s + t + 1)/eps with z >= 1 leaves, for c1 >= eps/4, at most eps of the slope error and
    of the value error: the part eps (s + t)/(s + t + 1) for eta, the rest for delta, as (n - 1) eta <=
    4."""
    fine = eps / (z * c1 * n * (s + t + 1))
    positive = 16 * c1 * n**2 * z**2 * (s + t + 1) ** 2
    for quantity in ("value_error", "derivative_error"):
        slack = sympy.cancel((eps - on_unit_box(quantity).subs(eta, fine)) * positive / eps)
        assert nonnegative(slack.subs(c1, eps / 4 + x), {z: 1, n: 1, s: 0, t: 0}), quantity


def lemma_fewer_levels_are_too_few():
    """For c1 = eps/2048, n = 2^20, s = 20, t = 11, the formula gives m = 14, and the claim is above eps: so
    some condition such as c1 >= eps/4 is needed; and half of the levels are too few for c1 = 1."""
    small = {c1: eps / 2048, n: 2**20, s: 20, t: 11, eta: S(2) ** -14}
    assert (c1 * n * (s + t + 1) / eps).subs(small) == 2**14
    assert (on_unit_box("derivative_error").subs(small) / eps).simplify() > 1
    half = {c1: 1, n: 2, s: 1, t: 1, eta: S(2) ** -11}
    assert on_unit_box("derivative_error").subs(half) > S(2) ** -20


def lemma_powers_of_two():
    """z + 1 <= 2^z for integers z >= 0: true for 0, and 2^(z + 1) - (z + 2) = 2 (2^z - z - 1) + z."""
    k, excess = sympy.symbols("k e", integer=True, nonnegative=True)
    step = (2 * (excess + k + 1) - (k + 2)).expand()
    assert step.is_nonnegative
    assert S(2) ** 0 - 1 == 0


def lemma_stages():
    """s < log n + 1 and t < log d + 1, so s + t <= l + 2 <= 2 l, as l = log(d n) >= 2 for d, n >= 2; and s
    + t >= 2."""
    log_n, log_d = sympy.symbols("log_n log_d", positive=True)
    assert sympy.expand((log_n + 1) + (log_d + 1) - (log_n + log_d + 2)) == 0
    assert nonnegative(2 * ell - (ell + 2), {ell: 2})
    assert sympy.log(2 * 2, 2) == 2
    assert sympy.ceiling(sympy.log(2, 2)) == 1


def lemma_levels_are_logarithmic():
    """m < L + log n + log(s + t + 1) + 1 with log n <= l - 1, since d >= 2, and log(s + t + 1) <= s + t <=
    2 l."""
    log_n = sympy.Symbol("log_n", positive=True)
    c, e, k = sympy.symbols("c e k", positive=True)
    levels = sympy.expand_log(sympy.log(c * 2**log_n * k / e, 2), force=True)
    assert sympy.simplify(levels - (sympy.log(c, 2) - sympy.log(e, 2) + log_n + sympy.log(k, 2))) == 0
    assert sympy.expand(LEVELS - (L + (ell - 1) + 2 * ell + 1)) == 0


def lemma_layers_of_the_output():
    """r = ceil(log4(2 c1)) < (1 + log2 c1)/2 + 1 <= L/2 + 1, since log2(1/eps) >= 1."""
    log_c = sympy.Symbol("log_c", nonnegative=True)
    assert sympy.simplify(sympy.log(2 * 2**log_c, 4) - (1 + log_c) / 2) == 0
    assert nonnegative(LAYERS - ((1 + log_c) / 2 + 1).subs(log_c, L - 1 - x), {L: 1})


def theorem_depth():
    """depth <= 9 l^2 L and 5 l^3 L for l >= 2, L >= 1; with 4 l^3 L the bound for l = 2, L = 1 is not
    covered."""
    both = sympy.Symbol("both", positive=True)
    depth = on_unit_box("depth").subs(s, both - t).expand().subs({both: 2 * ell, m: LEVELS, r: LAYERS})
    assert nonnegative(9 * ell**2 * L - depth, {ell: 2, L: 1})
    assert nonnegative(5 * ell**3 * L - depth, {ell: 2, L: 1})
    assert (4 * ell**3 * L - depth).subs({ell: 2, L: 1}) < 0


def lemma_gates():
    """K <= d (n - 1) + N (d - 1), as deg_j <= n and #supp <= d; and N <= K + d: of the terms at most d are
    linear, a power x_j^i with i >= 2 has its own number among the deg_j - 1, and a product adds at least
    1."""
    degree, support = sympy.symbols("deg supp", integer=True, positive=True)
    assert sympy.expand(d * (n - 1) + N * (d - 1) - GATES) == 0
    assert nonnegative((d * (n - degree)).subs(n, degree + x), {d: 1})
    assert nonnegative((d - support).subs(d, support + x), {})


def theorem_width():
    """width <= 5 d (N + n); with 4 instead of 5 the bound for d = n = N = 10 is not covered."""
    width = on_unit_box("width").subs(K, GATES - x)
    assert nonnegative(5 * d * (N + n) - width, {d: 2, n: 2, N: 1})
    assert (4 * d * (N + n) - width).subs({d: 10, n: 10, N: 10, x: 0}) < 0


def theorem_connectivity():
    """connectivity <= 4 w L0 by N <= K + d, and <= 12 d (N + n) L0 by the bound of K; a network of full
    layers has a number of the order w^2 L0 instead."""
    bound, depth, width = map(on_unit_box, ("connectivity", "depth", "width"))
    least = {s: 1, t: 1, m: 1, d: 2, r: 0}
    assert nonnegative((4 * width * depth - bound).subs(N, K + d - x), {**least, K: 0})
    by_gates = (12 * d * (N + n) * depth - bound).subs(K, GATES - x)
    assert nonnegative(by_gates, {**least, n: 2, N: 1})
    assert (width * depth - bound).subs({K: 1, s: 1, t: 1, m: 1, d: 2, r: 0, N: 1}) < 0


def theorem_magnitude():
    """magnitude <= 4; the published theorem has the same number."""
    assert on_unit_box("magnitude") == 4


def theorem_one_level_for_every_bit():
    """Half the accuracy needs exactly one level more, and s + t layers."""
    c, e = sympy.symbols("c e", positive=True)
    halved = sympy.expand_log(sympy.log(2 * c / e, 2) - sympy.log(c / e, 2), force=True)
    assert sympy.simplify(halved) == 1
    assert sympy.ceiling(z + 1) == sympy.ceiling(z) + 1
    depth = on_unit_box("depth")
    assert sympy.expand(depth.subs(m, m + 1) - depth - (s + t)) == 0
