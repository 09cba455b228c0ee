"""A shallow network is a running sum over its sorted kinks, and every piecewise linear function is one.

Statement. Let f(x) = c_0 + sum_i c_i rho((n_i x + b_i)/d_i) with n_i != 0 < d_i, and let t_i = -b_i/n_i.
Between two neighbouring kinks f is affine, and at t_i its slope grows by J_i = c_i |n_i|/d_i, the intercept
by K_i = c_i sign(n_i) b_i/d_i; further neurons with the same kink add theirs. Conversely, the piecewise
linear function with values y_0, ..., y_n at x_0 < ... < x_n and the slopes s_1, ..., s_n between them is, on
[x_0, x_n],

    y_0 + s_1 rho(x - x_0) + sum_{0 < i < n} (s_{i+1} - s_i) rho(x - x_i).

Notation. rho(t) = max(t, 0). A kink is a point at which a neuron changes between active and inactive.

Overview. `lemma_what_a_kink_adds` treats one neuron, by the sign of its slope; sums over neurons are linear.
`lemma_the_network_of_a_function` evaluates the converse on every piece, and
`lemma_fractions_with_bounded_denominators_are_apart` justifies the integers by which kinks are sorted.
`theorem_partial_sums_modulo_a_power_of_two` is the reason why sums may wrap in int64.

References. Opschoor, Petersen, Schwab, Anal. Appl. 18 (2020), for the converse with its size.
"""

import itertools

import sympy
from sympy import Rational

x = sympy.Symbol("x", real=True)
c, n, b = sympy.symbols("c n b", real=True)
size, d, e = sympy.symbols("size d e", positive=True)


def lemma_what_a_kink_adds():
    """What is active on the right of the kink less what is active on the left is J x + K, and is 0 there."""
    for sign in (1, -1):
        slope = sign * size
        line = c * (slope * x + b) / d
        left, right = (0, line) if sign > 0 else (line, 0)
        added = sympy.expand(right - left)
        J, K = c * size / d, c * sign * b / d
        assert sympy.simplify(added - (J * x + K)) == 0
        assert sympy.simplify(added.subs(x, -b / slope)) == 0


def lemma_the_active_side_is_that_of_the_sign():
    """(n x + b)/d is n (x - t)/d, positive on the right of its kink t if and only if n is positive."""
    for slope in (size, -size):
        kink, step = -b / slope, sympy.Symbol("h", positive=True)
        value = sympy.simplify((slope * (kink + step) + b) / d)
        assert value.is_positive is (slope == size)
        assert sympy.simplify((slope * (kink - step) + b) / d).is_positive is (slope != size)


def lemma_the_network_of_a_function():
    """On the k-th of five pieces, the sum over the kinks on its left has the slope s_k and meets y."""
    points = sympy.symbols("x0:6")
    slopes = sympy.symbols("s1:6")
    values = [sympy.Symbol("y0")]
    for (left, right), slope in zip(itertools.pairwise(points), slopes, strict=True):
        values.append(values[-1] + slope * (right - left))
    jumps = [slopes[0], *(after - before for before, after in itertools.pairwise(slopes))]
    for k in range(1, 6):
        found = values[0] + sum(jumps[i] * (x - points[i]) for i in range(k))
        assert sympy.expand(sympy.diff(found, x) - slopes[k - 1]) == 0
        for end in (k - 1, k):
            assert sympy.expand(found.subs(x, points[end]) - values[end]) == 0


def lemma_the_step_from_piece_to_piece():
    """The induction over the pieces: with the value y and the slope s at a kink, adding (t - s) rho(x - p)
    keeps y and changes the slope to t."""
    y, s, t, p = sympy.symbols("y s t p")
    before = y + s * (x - p)
    after = before + (t - s) * (x - p)
    assert sympy.expand(after.subs(x, p) - y) == 0
    assert sympy.expand(sympy.diff(after, x) - t) == 0


def lemma_fractions_with_bounded_denominators_are_apart():
    """Different fractions with denominators p, q differ by at least 1/(p q); so multiples by 4^k > p q differ
    by more than 1 and have different floors, in the same order."""
    p, q = sympy.symbols("p q", positive=True, integer=True)
    u, v = sympy.symbols("u v", integer=True)
    assert sympy.simplify((u / p - v / q) * p * q - (u * q - v * p)) == 0
    for first, second in itertools.combinations(
        {Rational(i, j) for j in range(1, 8) for i in range(-9, 10)}, 2
    ):
        floors = [sympy.floor(number * 4**3) for number in (first, second)]
        assert (floors[0] < floors[1]) == (first < second)
        assert floors[0] != floors[1]


def theorem_partial_sums_modulo_a_power_of_two():
    """Sums of residues modulo M are residues of the sums, and a number of absolute value below M/2 is known
    from its residue: here for M = 2^5 and all sums of three steps, as an instance of the ring Z/M."""
    M = 2**5
    for steps in itertools.product(range(-M, M, 7), repeat=3):
        exact, residue = 0, 0
        for step in steps:
            exact += step
            residue = (residue + step % M) % M
            assert (exact - residue) % M == 0
            if abs(exact) < M // 2:
                assert exact == (residue + M // 2) % M - M // 2
