"""The product of two numbers by two squares: its errors, and what it shares with the product exactly.

Statement. Let h = 2^-m, N = 2^m, f = f_m the interpolant of t^2 on [0, 1] of `proofs/square.py`, and

    P(x, y) = f(|x + y|/2) - f(|x - y|/2)    on [-1, 1]^2.

1. |P - xy| <= h^2/4, attained at x = y = h/2, though two errors are subtracted.
2. ess sup (|P_x - y| + |P_y - x|) = h, and h is the essential supremum of either term.
3. P(0, y) = P(x, 0) = 0 for all real x, y (zero law).
4. P(1, y) = y, P(x, 1) = x, P(-1, y) = -y, P(x, -1) = -x (unit law).
5. |P| <= min(|x|, |y|), and P >= 0 where x, y >= 0.
6. |P_x| <= 1, |P_y| <= 1, |P_x| + |P_y| <= 2 - h a.e., all attained.
7. D1 D2 P(x/D1, y/D2) has the value error D1 D2 h^2/4 and the errors D2 h, D1 h of the partial derivatives.
8. Between the levels, after j >= 1 of them, the network holds a(|x + y|/2) - a(|x - y|/2), where the partial
   sum a = f_j - (2^-j - h) x_j has in place of f what 5 needs. So the difference is at most min(|x|, |y|) in
   absolute value, and >= 0 where x, y >= 0: with the offset 1, respectively none, no ReLU cuts it.

Notation. By lemma_symmetries, P need only be considered for 0 <= y <= x <= 1, where s = (x + y)/2 >= t =
(x - y)/2 >= 0 and s + t = x. A piece of f has its number, `i` for that of s and `k` for that of t. A partial
sum has 2n pieces of length h_j, `h` in the formulas, and `fine` is 2^-m <= h.

Overview. 1: `theorem_value_error`. 2: `theorem_gradient_error`. 3, 4: `theorem_zero_law`,
`theorem_unit_law`. 8: `lemma_partial_sums`, `lemma_partial_sums_are_convex`, `lemma_partial_sums_mirror`.
5, 8: `lemma_below_the_chord`, `theorem_range`. 6: `theorem_slopes`. 7: `theorem_bounds`,
`theorem_least_levels`. The layers, their sizes, and the offset that a published form lacks are in
`proofs/product_networks.py`; three squares are in `proofs/three_squares.py`.

Prose: that a convex function lies below its chords; that s > i h, t > k h and s + t <= 1 give i + k < N.

References. Yarotsky, Neural Networks 94 (2017), Proposition 3; Elbraechter, Perekrestenko,
Grohs, Boelcskei, IEEE Trans. Inf. Theory 67 (2021), Proposition III.3 (two squares, with the error bound
h^2/2). Laws 4 to 6 and the sum in 2 were not found in the literature.
"""

from itertools import product as pairs

import sympy
from square import chord, h, vanishes, zigzag
from square import x as u
from square_accuracy import exponent
from sympy import Abs, Function, Max, Rational, S

from relu_constructions.constructions.product import LAWS, LEVELS, THEOREMS
from relu_constructions.theorem import sympy_formula

x, y = sympy.symbols("x y", real=True)
D1, D2, eps = sympy.symbols("D1 D2 epsilon", positive=True)
m, n = sympy.symbols("m n", integer=True, positive=True)
i, k, spare = sympy.symbols("i k d", integer=True, nonnegative=True)
p = sympy.Symbol("p", integer=True, nonnegative=True)
fine, rest = sympy.symbols("fine r", positive=True)
HALF = Rational(1, 2)
SIGNS = tuple(pairs((1, -1), repeat=2))
H = S(2) ** -m


def claimed(form, quantity):
    """Return a formula of the package for D1 = D2 = 1."""
    return THEOREMS[form].formula(quantity, m=m, D1=S(1), D2=S(1), q=S(0))


def law(name, quantity):
    """Return a formula of a law of the package for D1 = D2 = 1."""
    return LAWS[name].formula(quantity, m=m, D1=S(1), D2=S(1))


def two_squares(f, x, y):
    """Return f(|x + y|/2) - f(|x - y|/2)."""
    return f(Abs(x + y) / 2) - f(Abs(x - y) / 2)


def lemma_symmetries():
    """P(y, x) = P(x, y) and P(x, -y) = -P(x, y), for every f; so it is enough to take 0 <= y <= x. For f(t) =
    t^2 it is the product."""
    f = Function("f")
    assert two_squares(f, y, x) == two_squares(f, x, y)
    assert two_squares(f, x, -y) == -two_squares(f, x, y)
    assert two_squares(f, -x, -y) == two_squares(f, x, y)
    assert vanishes(two_squares(lambda t: t**2, x, y) - x * y)


def theorem_value_error():
    """With errors a, b in [0, d], d = h^2/4, of the two squares, d - (a - b) = (d - a) + b >= 0, and likewise
    below; at x = y = h/2 the first error is d and the second one 0. So sup |P - xy| = 4^-(m+1)."""
    b, lack, d = sympy.symbols("b l d", nonnegative=True)
    a = d - lack
    assert (sympy.expand(d - (a - b))).is_nonnegative
    assert sympy.expand((d - a) - lack) == 0
    assert vanishes((chord(S(0)) - u**2).subs(u, h / 2) - h**2 / 4)
    assert (chord(S(0)) - u**2).subs(u, 0) == 0
    for form in ("two_squares", "epgb"):
        assert vanishes(claimed(form, "value_error") - H**2 / 4)
    assert vanishes(law("value", "value_error") - H**2 / 4)


def theorem_gradient_error():
    """With the slope errors A, B of the two squares, in [-h, h], the gradient error is ((A - B)/2, (A + B)/2)
    up to signs, so its l1 norm is max(|A|, |B|) <= h; A = -B = h and A = B = h are limits at corners of
    pieces."""
    e = Function("e")
    A, B = sympy.symbols("A B", real=True)
    for sign, other in SIGNS:
        error = e(sign * (x + y) / 2) - e(other * (x - y) / 2)
        by_x, by_y = (sympy.diff(error, variable).doit() for variable in (x, y))
        first = sympy.diff(e(sign * (x + y) / 2), x)
        second = sympy.diff(e(other * (x - y) / 2), x)
        assert sympy.simplify(by_x - (first - second)).doit() == 0
        assert sympy.simplify(by_y - (first + second)).doit() == 0
    norm = {sympy.expand(sign * (A - B) / 2 + other * (A + B) / 2) for sign, other in SIGNS}
    assert norm == {A, -A, B, -B}
    slope_error = sympy.diff(chord(p) - u**2, u)
    assert [sympy.expand(slope_error.subs(u, end)) for end in (p * h, (p + 1) * h)] == [h, -h]
    for form in ("two_squares", "epgb"):
        assert vanishes(claimed(form, "derivative_error") - H)
    assert vanishes(law("gradient", "gradient_error") - H)


def theorem_zero_law():
    """P(x, 0) = P(0, y) = 0 for all real x and y, whatever f is; with |x - 2y| it would not be so."""
    f = Function("f")
    assert two_squares(f, x, S(0)) == two_squares(f, S(0), y) == 0
    assert f(Abs(y) / 2) - f(Abs(2 * y) / 2) != 0


def theorem_unit_law():
    """f(1 - u) - f(u) = 1 - 2u on every piece i, that is, mirrored slopes add up to 2; hence P(1, y) = f(1 -
    t) - f(t) = 1 - 2t = y for t = (1 - y)/2, and by symmetry the other three edges."""
    N = n
    mirrored = chord(N - 1 - i).subs(u, 1 - u)
    assert vanishes((mirrored - chord(i) - (1 - 2 * u)).subs(h, 1 / N))
    assert vanishes((sympy.diff(chord(i) + chord(N - 1 - i), u)).subs(h, 1 / N) - 2)
    assert vanishes((1 - 2 * u).subs(u, (1 - y) / 2) - y)
    assert vanishes(1 - (1 - y) / 2 - (1 + y) / 2)


def partial_sum(odd):
    """Return a = f_j - (h - fine) x_j on the piece number 2p + odd, where h = 2^-j and x_j is the zigzag."""
    return chord(2 * p + odd) - (h - fine) * zigzag(u, p, odd, h)


def lemma_partial_sums():
    """After j levels the accumulator of the square holds u^2 - x_j^2 + fine x_j, which is this partial sum;
    it is 0 at 0, its slopes are 2i h + fine on even and (2i + 2)h - fine on odd pieces i, and with h = fine
    it is f."""
    for odd in (0, 1):
        z, number = zigzag(u, p, odd, h), 2 * p + odd
        assert vanishes(partial_sum(odd) - (u**2 - z**2 + fine * z))
        slope = (2 * number + 2) * h - fine if odd else 2 * number * h + fine
        assert vanishes(sympy.diff(partial_sum(odd), u) - slope)
        assert vanishes(partial_sum(odd).subs(fine, h) - chord(number))
    assert partial_sum(0).subs({p: 0, u: 0}) == 0


def lemma_partial_sums_are_convex():
    """For h >= fine the slopes of the partial sums are positive and grow, by 4h - 2 fine and by 2 fine."""
    even, odd = (sympy.diff(partial_sum(parity), u) for parity in (0, 1))
    for slack in (even, odd, odd - even, even.subs(p, p + 1) - odd):
        assert sympy.expand(slack).subs(h, fine + rest).expand().is_positive
    assert vanishes(odd - even - (4 * h - 2 * fine))
    assert vanishes(even.subs(p, p + 1) - odd - 2 * fine)


def lemma_partial_sums_mirror():
    """With 2n pieces, a(1 - u) - a(u) = 1 - 2u on every piece, even or odd; with one piece, before the first
    level, it is fine (1 - 2u) instead, but there the network keeps no accumulator."""
    whole = {h: 1 / (2 * n)}
    for odd in (0, 1):
        mirrored = partial_sum(1 - odd).subs({p: n - 1 - p, u: 1 - u}, simultaneous=True)
        assert vanishes((mirrored - partial_sum(odd) - (1 - 2 * u)).subs(whole))
    single = partial_sum(0).subs({p: 0, h: 1})
    assert vanishes(single.subs(u, 1 - u) - single - fine * (1 - 2 * u))


def lemma_below_the_chord():
    """Let 0 <= t <= s <= 1 - t and s = t + w (1 - 2t). The chord of a convex a from t to 1 - t is at s equal
    to (1 - w) a(t) + w a(1 - t) = a(t) + s - t, as a(1 - t) - a(t) = 1 - 2t; so a(s) - a(t) <= s - t."""
    t, w, value = sympy.symbols("t w a", real=True)
    s = t + w * (1 - 2 * t)
    line = (1 - w) * value + w * (value + 1 - 2 * t)
    assert vanishes(line - value - (s - t))
    assert not vanishes((1 - w) * value + w * (value + fine * (1 - 2 * t)) - value - (s - t))


def theorem_range():
    """For 0 <= y <= x <= 1, s - t = y = min(x, y) and s <= 1 - t, so 0 <= a(s) - a(t) <= min(x, y) for f and
    for every partial sum a; at (1, -1) the value is a(0) - a(1) = -1, so no offset below 1 would do."""
    small, more, slack = sympy.symbols("y e c", nonnegative=True)
    large = small + more
    s, t = (large + small) / 2, (large - small) / 2
    assert vanishes(s - t - small)
    assert t.expand().is_nonnegative
    assert vanishes((1 - t - s) - (1 - large))
    assert vanishes((1 - t - s).subs(more, 1 - small - slack) - slack)
    ends = partial_sum(0).subs({p: 0, u: 0}), partial_sum(1).subs({p: n - 1, u: 1}).subs(h, 1 / (2 * n))
    assert [sympy.simplify(end) for end in ends] == [0, 1]
    assert law("range", "range") == 1


def theorem_slopes():
    """With s in piece i and t in piece k, i + k + 1 = N - d, the partial derivatives are (i - k)h and (i + k
    + 1)h <= 1; the larger sum, (2i + 1)h, is 2 - h - 2(k + d)h. At i = N - 1, k = 0 all are attained."""
    N, i = n, n - 1 - k - spare
    first, second = (sympy.diff(chord(number), u).subs(h, 1 / N) for number in (i, k))
    by_x, by_y = (first - second) / 2, (first + second) / 2
    assert vanishes(by_y - (1 - spare / N))
    assert (spare / N).is_nonnegative
    assert (sympy.expand(by_y - by_x)).is_positive
    assert (sympy.expand(by_y + by_x)).subs(n, k + spare + 1 + p).factor().is_positive
    assert vanishes(by_x + by_y - (2 - 1 / N - 2 * (k + spare) / N))
    assert vanishes(law("slopes", "slope_sum") - (2 - H))
    assert law("slopes", "slope_x") == law("slopes", "slope_y") == 1


def theorem_bounds():
    """Q(x, y) = D1 D2 P(x/D1, y/D2) has D1 D2 times the value error, D2 and D1 times the errors and the
    slopes of the partial derivatives; these are the formulas of the package, for all forms, and those of the
    laws."""
    P = Function("P")
    a, b = x / D1, y / D2
    error = D1 * D2 * P(a, b) - x * y
    assert vanishes(error - D1 * D2 * (P(a, b) - a * b))
    v, w = sympy.symbols("v w", real=True)
    first, second = sympy.diff(P(v, w), v), sympy.diff(P(v, w), w)
    by_x, by_y = (sympy.diff(error.subs({x: D1 * v, y: D2 * w}), t) / D for t, D in ((v, D1), (w, D2)))
    assert vanishes(by_x - D2 * (first - w))
    assert vanishes(by_y - D1 * (second - v))
    scales = {"value_error": D1 * D2, "derivative_error": Max(D1, D2)}
    for form, (quantity, scale) in pairs(THEOREMS, scales.items()):
        scaled = THEOREMS[form].formula(quantity, m=m, D1=D1, D2=D2, q=S(0))
        assert vanishes(scaled - scale * claimed(form, quantity)), (form, quantity)
    scales = {"value_error": D1 * D2, "gradient_error": 1, "range": D1 * D2, "slope_x": D2, "slope_y": D1}
    for name, theorem in LAWS.items():
        for quantity in theorem.equals:
            scaled = theorem.formula(quantity, m=m, D1=D1, D2=D2)
            assert vanishes(scaled - scales.get(quantity, 1) * law(name, quantity)), quantity


def theorem_least_levels():
    """The errors of m levels are at most eps if and only if m is at least the logarithms in `LEVELS`; for D1
    = D2 = D and two squares, ceil(log2(D/eps)) levels, since the value error decides only for eps > 4."""
    for form, theorem in THEOREMS.items():
        value, derivative = (
            theorem.formula(quantity, m=m, D1=D1, D2=D2, q=S(0)).subs(Max(D1, D2), rest)
            for quantity in ("value_error", "derivative_error")
        )
        by_value, by_slope = sympy.log(value * 4**m / eps, 4), sympy.log(derivative * 2**m / eps, 2)
        assert vanishes(exponent(value / eps, 4) - (by_value - m).expand(log=True))
        assert vanishes(exponent(derivative / eps, 2) - (by_slope - m).expand(log=True))
        levels = sympy_formula(LEVELS[form], ("D1", "D2", "eps"), {"D1": D1, "D2": D2, "eps": eps})
        least = Max(1, *(sympy.ceiling(t) for t in (by_value.simplify(), by_slope.simplify())))
        assert sympy.simplify(levels.subs(Max(D1, D2), rest) - least) == 0, form
    by_slope = {m: sympy.log(D1 / eps, 2) + spare}
    value = THEOREMS["two_squares"].formula("value_error", m=m, D1=D1, D2=D1, q=S(0))
    assert vanishes(
        sympy.expand_log((value / eps**2).subs(by_slope).simplify(), force=True) - 4 ** (-spare) / 4
    )
