"""Polynomials on a box with all constants: errors of trees and chains of products, and their sizes.

Statement. Let eta = 2^-m, delta = 4^-(m+1), k(n) = ceil(log2 n), and q_1 = x on [-1, 1], q_{a+b} = P(q_a,
q_b) with the product P of `proofs/product.py`, or the square of q_a if a = b. Almost everywhere

    |q_n - x^n| <= (n - 1) delta,     |q_n' - n x^(n-1)| <= S_n eta + (n (n - 1) - W_n) delta,

with S_{a+b} = S_a + S_b + max(a, b), W_{a+b} = W_a + W_b + a + b, S_1 = W_1 = 0. For balanced splits W_n =
n k(n) + n - 2^k(n) and S_n <= (11/21) n k(n), attained at n = 7; for chains S_n = n (n - 1)/2 and n (n - 1)
- W_n = (n - 1)(n - 2)/2; no tree has a larger S_n. A balanced tree over the powers x_j^a_j adds a_j times
k(#supp) to S. Sums with coefficients on boxes |x_j| <= D_j give, with c1 = sum |c_a| prod D_j^a_j and D =
min D_j,

    value c1 (n - 1) delta,
    gradient  (c1/D) n ((11/21 k(n) + k(min(d, n))) eta + (n - 1) delta)    for trees,
              (c1/D) (n - 1)/2 (n eta + (n - 2) delta)                      for chains,
              (c1/D) n (n - 1) (eta/2 + delta)                              for any other trees,

and at most G gates give a width of at most 5 G + d + 1 and a connectivity of at most

    (12 m + 36) G + (G + d + 2) depth + a d + 6 N + 8.

Notation. The letters are those of `relu_constructions.constructions.polynomial_theorem`; s, t stand for k(n),
k(min(d, n)). A number that is proved here must be at most the claim of the package.

Overview. `lemma_value_recursion`, `lemma_slope_recursion`, `lemma_any_split`; for balanced splits
`lemma_halves`, `lemma_sum_of_sizes`, `theorem_balanced_powers`; for chains `theorem_chains`, and all trees
`lemma_chains_are_the_worst`; `lemma_tree_over_variables`, `lemma_box`, `lemma_normalized_gates`; together
`theorem_value_errors`, `theorem_gradient_errors`. Sizes: `theorem_depth`, `theorem_width`,
`lemma_entries_of_a_gate`, `theorem_connectivity`, `theorem_magnitude`.

Prose: the inductions over trees, whose steps are proved. The schedule (`relu_constructions.schedule`) carries
each wire in at most one neuron a layer: its own channel ends where its last user takes it over. Of the inputs
that are being scaled, with two neurons, all but one a variable are charged to the gates that wait for them.

References. Berner, Elbraechter, Grohs, Jentzen (2019), the theorem on multivariate polynomials, which
states the bounds up to constants; Elbraechter, Perekrestenko, Grohs, Boelcskei, IEEE Trans. Inf. Theory 67
(2021), Proposition III.5, for chains. The sums S_n and W_n are those of merge sort.
"""

from functools import cache
from itertools import product

import sympy
from chain_rule import bound, total
from sympy import Max, Min, Rational, S, ceiling, log

from relu_constructions.constructions.polynomial_theorem import THEOREMS

C = Rational(11, 21)
d, n, N, m, k = sympy.symbols("d n N m k", integer=True, positive=True)
K, r, a, s, t, q = sympy.symbols("K r a s t q", integer=True, nonnegative=True)
c1, D, eta = sympy.symbols("c1 D eta", positive=True)
delta = eta**2 / 4
g, h, x, y = sympy.symbols("g h x y", integer=True, nonnegative=True)
GATES = {"tree": K, "horner": (n - 1) * N}


def claimed(strategy, quantity):
    """Return a formula of the package in s, t and eta."""
    letters = {"d": d, "n": n, "N": N, "m": m, "c1": c1, "D": D, "K": K, "r": r, "a": a}
    stages = {ceiling(log(n, 2)): s, ceiling(log(Min(d, n), 2)): t}
    formula = sympy.expand(THEOREMS[strategy].formula(quantity, **letters).subs(stages))
    return formula.subs(2**-m, eta)


def at_least(claim, proved):
    """Whether claim - proved is a polynomial with nonnegative coefficients, for n, d, N, m, ... >= 1."""
    shifts = {n: x + 1, N: y + 1, d: g + 1, m: h + 1}
    return sympy.expand(sympy.expand(claim - proved).subs(shifts)).is_nonnegative


def lemma_value_recursion():
    """P - u v = e + u~ (v~ - v) + v (u~ - u), |e| <= delta, |u~|, |v| <= 1: E_{a+b} = E_a + E_b + delta, so
    E_n = (n - 1) delta; with u instead of u~ it is false."""
    u, v, u_, v_, e = sympy.symbols("u v u_ v_ e", real=True)
    E, F = g * delta, h * delta
    terms = [(e,), (u_, v_ - v), (v, u_ - u)]
    assert sympy.expand(total(terms) - (u_ * v_ + e - u * v)) == 0
    assert sympy.expand(total([(e,), (u, v_ - v), (v, u_ - u)]) - (u_ * v_ + e - u * v)) != 0
    found = bound(terms, {e: delta, u_: 1, v: 1, u_ - u: E, v_ - v: F})
    assert sympy.expand(found - ((g + 1) + (h + 1) - 1) * delta) == 0


def lemma_slope_recursion():
    """The slope error of P(u~, v~) is at most eta max(U, V) + F U + E V + G + H if |u|, |v| <= 1; for
    powers U = a, V = b, since |P_x|, |P_y| <= 1 give |q_n'| <= n, so G_{a+b} = G_a + G_b + eta max(a, b) +
    (2ab - a - b) delta."""
    from derivation import FIRST, SECOND, U, V, product_rule

    rule = product_rule(FIRST._replace(size=1), SECOND._replace(size=1), S(1), eta, delta, Max).slopes[0]
    E, F, G, H = FIRST.value, SECOND.value, FIRST.slopes[0], SECOND.slopes[0]
    assert sympy.expand(rule - (eta * Max(U, V) + F * U + E * V + G + H)) == 0
    carried = (F * g + E * h).subs({E: (g - 1) * delta, F: (h - 1) * delta})
    assert sympy.expand(carried - (2 * g * h - g - h) * delta) == 0


def lemma_any_split():
    """T_n = n (n - 1) - W_n satisfies T_{a+b} = T_a + T_b + 2ab - a - b if W_{a+b} = W_a + W_b + a + b."""
    U, V = sympy.symbols("W_a W_b")
    size = g + h
    split = (g * (g - 1) - U) + (h * (h - 1) - V) + 2 * g * h - g - h
    assert sympy.expand(size * (size - 1) - (U + V + size) - split) == 0


def lemma_halves():
    """If 2^(k-1) < n <= 2^k =: 2p, the larger half is in (p/2, p], so k(ceil(n/2)) = k(n) - 1: for n = 2q +
    1 <= 2p the integer p - q is at least 1/2, hence at least 1; and k(floor(n/2)) is less only if
    floor(n/2) = p/2."""
    p = sympy.Symbol("p", positive=True)
    assert sympy.solve(2 * q - 2 * p, q) == [p]
    assert sympy.expand(2 * p - (2 * q + 1) - 2 * (p - q - Rational(1, 2))) == 0
    assert ceiling(Rational(1, 2)) == 1
    for size in range(2, 600):
        assert level(size) == level(-(-size // 2)) + 1
        assert level(size // 2) == level(size) - 1 - (2 * (size // 2) == 2 ** (level(size) - 1) and size % 2)


def level(size):
    """Return k(n)."""
    return (size - 1).bit_length()


@cache
def sums(size):
    """Return S_n and W_n for balanced splits."""
    if size == 1:
        return 0, 0
    (S_a, W_a), (S_b, W_b) = sums(-(-size // 2)), sums(size // 2)
    return S_a + S_b + -(-size // 2), W_a + W_b + size


def lemma_sum_of_sizes():
    """W_n = n k + n - 2^k for balanced splits: for n = 2q; for n = 2q + 1 with k(q) = k(q + 1) = k - 1; and
    for n = 2q + 1 with q = 2^(k-2), where k(q) = k - 2. The base is W_1 = 0."""

    def W(size, stages):
        return size * stages + size - 2**stages

    even = W(2 * q, k) - 2 * W(q, k - 1) - 2 * q
    odd = W(2 * q + 1, k) - W(q + 1, k - 1) - W(q, k - 1) - (2 * q + 1)
    edge = (W(2 * q + 1, k) - W(q + 1, k - 1) - W(q, k - 2) - (2 * q + 1)).subs(q, 2 ** (k - 2))
    assert [sympy.expand(expression) for expression in (even, odd, edge, W(1, 0))] == [0, 0, 0, 0]
    assert all(sums(size)[1] == W(size, level(size)) for size in range(1, 600))


def theorem_balanced_powers():
    """S_n <= (11/21) n k: the step from halves for n = 2q, and for n = 2q + 1 with q >= 10; all n <= 20 one
    by one. Equality at n = 7, and with 1/2 instead of 11/21 it is false there; for n = 2^k it is n k/2."""
    half = C * (k - 1)
    assert sympy.expand(C * 2 * q * k - (2 * half * q + q)).is_nonnegative
    odd = C * (2 * q + 1) * k - (half * (q + 1) + half * q + q + 1)
    assert sympy.expand(odd.subs(q, x + 10)).is_nonnegative
    assert all(sums(size)[0] <= C * size * level(size) for size in range(1, 21))
    assert sums(7)[0] == C * 7 * 3 > Rational(1, 2) * 7 * 3
    doubled = 2 * (2 ** (k - 1) * (k - 1) / 2) + 2 ** (k - 1)
    assert sympy.simplify(doubled - 2**k * k / 2) == 0


def theorem_chains():
    """For q_n = P(x, q_{n-1}): S_n = n (n - 1)/2, W_n = n (n + 1)/2 - 1, so T_n = (n - 1)(n - 2)/2."""
    S_n, W_n = n * (n - 1) / 2, n * (n + 1) / 2 - 1
    assert sympy.expand(S_n.subs(n, n + 1) - S_n - n) == 0 == S_n.subs(n, 1)
    assert sympy.expand(W_n.subs(n, n + 1) - W_n - (n + 1)) == 0 == W_n.subs(n, 1)
    assert sympy.expand(n * (n - 1) - W_n - (n - 1) * (n - 2) / 2) == 0


def lemma_chains_are_the_worst():
    """Every tree has S_n <= n (n - 1)/2: a (a - 1)/2 + b (b - 1)/2 + max(a, b) is at most (a + b)(a + b -
    1)/2, the difference being a b - max(a, b) >= 0; and W_n >= 0."""
    small, large = x + 1, x + y + 1
    size = small + large
    bounds = [number * (number - 1) / 2 for number in (small, large, size)]
    slack = sympy.expand(bounds[2] - bounds[0] - bounds[1] - large)
    assert sympy.expand(slack - (small * large - large)) == 0
    assert slack.is_nonnegative


def lemma_tree_over_variables():
    """Along the path of x_j each factor adds eta a_j + E_v a_j, for V_j = 0 and E_v = (|b| - 1) delta; over
    t levels with siblings of degrees b_1 + ... + b_t = |a| - a_j and G = a_j (g eta + (a_j - 1) delta) in
    the power, the sum is at most a_j ((g + t) eta + (|a| - 1) delta)."""
    degree, siblings, depth = sympy.symbols("a_j b t", nonnegative=True)
    power = degree * (g * eta + (degree - 1) * delta)
    path = depth * eta * degree + (siblings - depth) * delta * degree
    wanted = degree * ((g + depth) * eta + (degree + siblings - 1) * delta)
    assert sympy.expand(wanted - (power + path)) == sympy.expand(depth * delta * degree)


def lemma_box():
    """With x_j = D_j y_j, c_a x^a is c_a D^a y^a, and a slope error in y_j is divided by D_j >= D."""
    c, D_1, D_2, y_1 = sympy.symbols("c D1 D2 y1", positive=True)
    more = sympy.Symbol("more", nonnegative=True)
    f = sympy.Function("f")
    assert sympy.expand(c * (D_1 * y_1) ** 3 * D_2**2 - c * D_1**3 * D_2**2 * y_1**3) == 0
    assert sympy.diff(f(x / D_1), x).doit() == (sympy.diff(f(y), y).subs(y, x / D_1) / D_1).doit()
    assert sympy.simplify(1 / D - 1 / (D + more)).factor().is_nonnegative


def lemma_normalized_gates():
    """A gate computes 2^-(i+j) P(2^i u, 2^j v), i, j >= 0: its error is at most delta and its slope errors
    add up to at most eta max(U, V), as for i = j = 0, since P has them in 2^i u and 2^j v, whose slopes are
    2^i U and 2^j V."""
    i, j = sympy.symbols("i j", integer=True, nonnegative=True)
    scale = 2 ** (-i - j)
    assert (1 - scale).subs({i: 0, j: 0}) == 0
    assert sympy.simplify(scale * 2**i - 2**-j) == 0
    for exponents in product(range(4), repeat=2):
        weights = [S(2) ** -exponents[1], S(2) ** -exponents[0]]
        assert scale.subs(dict(zip((i, j), exponents, strict=True))) <= min(weights) <= max(weights) <= 1


def theorem_value_errors():
    """sum |c_a| D^a (|a| - 1) delta <= c1 (n - 1) delta, the claim of all three strategies."""
    for strategy in ("tree", "horner", "sparse"):
        assert sympy.expand(claimed(strategy, "value_error") - c1 * (n - 1) * delta) == 0


def theorem_gradient_errors():
    """What was proved for a monomial of degree at most n grows with n, s, t; so the claims hold for the
    sum."""
    proved = {
        "tree": n * ((C * s + t) * eta + (n - 1) * delta),
        "horner": (n - 1) * (n * eta + (n - 2) * delta) / 2,
        "sparse": n * (n - 1) * (eta / 2 + delta),
    }
    for strategy, error in proved.items():
        assert at_least(claimed(strategy, "derivative_error"), error * c1 / D), strategy


def theorem_depth():
    """A gate takes m + 1 layers at most, s + t gates follow each other in trees and n - 1 in chains, after
    a layers for the inputs and before r for the output, and one affine map more."""
    for strategy, stages in (("tree", s + t), ("horner", n - 1), ("sparse", n - 1)):
        assert at_least(claimed(strategy, "depth"), stages * (m + 1) + r + a + 1), strategy


def theorem_width():
    """In a layer, of G gates p are active, with 4 neurons and a sum each, f finished, with a channel each,
    and w waiting; of d inputs v <= min(d, 2 w) are being scaled, in 2 neurons; one neuron more holds the
    output."""
    active, finished, waiting, scaled, rest = sympy.symbols("p f w v o", nonnegative=True)
    neurons = 5 * active + finished + rest + 2 * scaled + 1
    slack = 5 * (active + finished + waiting) + (rest + scaled) + 1 - neurons
    assert sympy.expand(slack - (4 * finished + 5 * waiting - scaled)) == 0
    assert sympy.expand(slack.subs(waiting, scaled / 2 + waiting)).is_nonnegative
    for strategy, gates in GATES.items():
        assert at_least(claimed(strategy, "width"), 5 * gates + d + 1), strategy


def entries(first, second, single):
    """Return the nonzeros that a product gate accounts for: with arguments of the given kinds, for one
    level or m >= 2.

    A kind is the entries of an argument that was just computed, those with an offset, and the biases of
    channels of its own: of a gate, of a scaled input, of an input. The rows are 4 in front, then x: 2 and
    t: 3 in each of two squares, without x in the last level; contributions to the sum: x and t once, then
    t; and 2 biases.
    """
    row = max(u + v + (i or j) for i, u in enumerate(first[:2]) for j, v in enumerate(second[:2]))
    levels = S(1) if single else m
    folds = 2 * 5 * levels - (0 if single else 4)
    return 4 * row + folds + 2 * (2 + levels - 1) + 2 + first[2] + second[2]


def lemma_entries_of_a_gate():
    """12 m + 36 covers every pair of arguments; 48 = 12 + 36 is reached for one level, and 35 would not
    do."""
    for single, gate in ((True, (4, 1, 0)), (False, (2, 3, 0))):
        kinds = (gate, (2, 1, 6), (1, 1, 2))
        slacks = [12 * m + 36 - entries(*pair, single) for pair in product(kinds, repeat=2)]
        assert all((slack.subs(m, 1) if single else slack) >= 0 for slack in slacks)
        assert (entries(gate, gate, single).subs(m, 1) == 12 + 36) is single


def theorem_connectivity():
    """To the entries of the gates come, in each layer, one for each wire carried, G + d, and 2 for the
    output; one more for each input that is being scaled, in a layers; for each term 4 that are read a
    second time when the output is scaled, and 2 biases of an input that is only linear; and 8 for the last
    two layers."""
    for strategy, gates in GATES.items():
        depth = claimed(strategy, "depth")
        proved = (12 * m + 36) * gates + (gates + d + 2) * depth + a * d + 6 * N + 8
        assert at_least(claimed(strategy, "connectivity"), proved), strategy


def theorem_magnitude():
    """If 2 w and (33/16) z are at most M for the weights w and the size z of a form, its rows have weights
    of at most 2 w, since a gate is read with gains B (2^(1-j) - 2 eta) < 2, and biases of at most z in the
    row and z in its arguments, both rounded up to 8 digits, that is, by less than z/64, for ranges of size
    z (1 + 2^-15); folds have the entries 1, 2, B/2, a scaling has 4. An offset o > 2 is carried as 2^-i o
    in (1, 2], and read with the weight 2^i < o."""
    size, B = sympy.symbols("z B", positive=True)
    gain = 2 * B - 2 * B * eta
    assert (2 - gain.subs(B, 1)).is_positive
    rounded = size * (1 + Rational(1, 64)) * (1 + Rational(1, 2**15))
    assert (Rational(33, 16) * size - 2 * rounded).is_positive
    assert (2 * size - 2 * rounded).is_negative
    assert all(THEOREMS[strategy].formula("magnitude") == 4 for strategy in ("tree", "horner", "sparse"))
