"""The error bounds by which float64 decides signs: affine maps, zeros of neurons, interpolation.

Statement. Let u = 2^-53.

1. Let z = sum_j w_j y_j + b with true numbers, and let w', y', b' be float64 numbers with |w' - w| <= u |w'|,
   |y' - y| <= E, |b' - b| <= u |b'|. What float64 computes for sum w' y' + b', in whatever order, is within
   sum_j |w'_j| (g |y'_j| + (1 + u) E_j) + g |b'| of z, where g = (n + 3) u (1 + 2^-20) and n + 1 <= 2^21, if
   nothing underflows; and the bound as float64 computes it, times 1 + 2^-20, is not below that.
2. Let an affine function have the values -z_l < 0 < z_r, or the opposite ones, at the ends of an interval,
   and let a, b with a + b > e_l + e_r be within e_l of |z_l| and within e_r of |z_r|. Its zero is at the part
   |z_l|/(|z_l| + |z_r|), which is within (e_l b + e_r a)/((a + b)(a + b - e_l - e_r)) of a/(a + b).
3. If numbers v_l, v_r are within E_l, E_r of the values of an affine function at the ends, and t' in [0, 1]
   is within D of the part t, then v_l + t' (v_r - v_l) is within
   max(E_l, E_r) + D (|v_r - v_l| + E_l + E_r) of its value at t.
4. An affine function on an interval that vanishes at both ends vanishes in between; one that is not negative
   at both ends, and positive at one, is positive inside.

Notation. gamma_k = k u/(1 - k u). A computed sum of k products has the error gamma_k sum |w' y'| at most, in
any order and with fused multiplication, too: every product passes at most k roundings (Higham 2002, 3.1).

Overview. `lemma_gamma_is_below_g`, `lemma_three_sources_of_error` and `lemma_the_bound_is_rounded_up` give 1;
`lemma_error_of_a_part`, `lemma_interpolation` and `lemma_signs_on_an_interval` give 2, 3 and 4.
`theorem_constants_of_the_package` compares with the constants in the code, and
`theorem_underflow` with what can be lost below the normal numbers.

Prose. That the library behind numpy's matrix product forms every entry as a sum of the n products, and not by
a fast algorithm with fewer multiplications, is an assumption on that library; OpenBLAS, MKL and numpy's own
loops do.

References. Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition (2002), chapters 2 and 3.
"""

import sympy
from sympy import Rational

from relu_constructions import filtered_layers, filtered_refine

u = Rational(1, 2**53)
k = sympy.Symbol("k", positive=True)
MOST = 2**20 + 1
"""The most terms of a sum: inputs of a neuron, and its bias."""


def gamma(terms):
    """Return the relative error of so many roundings."""
    return terms * u / (1 - terms * u)


def lemma_gamma_is_below_g():
    """gamma_{n+1} + u <= (n + 3) u (1 + 2^-20) for all n + 1 <= 2^20 + 1; the left side is convex in n."""
    terms = sympy.Symbol("N", positive=True)
    g = (terms + 2) * u * (1 + Rational(1, 2**20))
    assert sympy.simplify(sympy.diff(gamma(terms), terms, 2) * (1 - terms * u) ** 3 / u**2) == 2
    for end in (1, MOST):
        assert (gamma(terms) + u - g).subs(terms, end) <= 0


def lemma_roundings_multiply_to_gamma():
    """(1 + u)(1 + gamma_k) <= 1 + gamma_{k+1}, the step of the induction over the roundings of a product, and
    (1 - u)(1 - gamma_k) >= 1 - gamma_{k+1}."""
    room = sympy.Symbol("r", positive=True)
    terms = 1 / u - 1 - room
    upper = 1 + gamma(terms + 1) - (1 + u) * (1 + gamma(terms))
    lower = (1 - u) * (1 - gamma(terms)) - 1 + gamma(terms + 1)
    for difference in (upper, lower):
        numerator, denominator = sympy.fraction(sympy.together(difference))
        small = [
            (numerator / denominator).subs(room, 1 / u - 1 - terms_tried) for terms_tried in (1, 2, 10, MOST)
        ]
        assert all(value >= 0 for value in small)


def lemma_three_sources_of_error():
    """z' - z is (what the sum rounds) + sum w' (y' - y) + sum (w' - w) y + (b' - b); with |y| <= |y'| + E."""
    w, dw, y, dy, b, db = sympy.symbols("w dw y dy b db", real=True)
    exact, rounded = (w - dw) * (y - dy) + b - db, w * y + b
    assert sympy.expand(rounded - exact - (w * dy + dw * (y - dy) + db)) == 0
    W, Y, E, B, G = sympy.symbols("W Y E B G", nonnegative=True)
    bound = G * (W * Y + B) + W * E + u * W * (Y + E) + u * B
    assert sympy.expand(W * ((G + u) * Y + (1 + u) * E) + (G + u) * B - bound) == 0


def lemma_the_bound_is_rounded_up():
    """A sum of n + 1 terms that are not negative, each of at most 5 roundings, is computed with a relative
    error of at most gamma_{n+6}; the factor 1 + 2^-20 outweighs it, (1 + u) of E, and its own rounding."""
    assert (1 + Rational(1, 2**20)) * (1 - gamma(MOST + 5)) * (1 - u) >= 1 + u


def lemma_error_of_a_part():
    """z_l/(z_l + z_r) - a/(a + b) = ((z_l - a) b - a (z_r - b))/((a + b)(z_l + z_r)), and z_l + z_r is at
    least a + b - e_l - e_r."""
    zl, zr, a, b = sympy.symbols("z_l z_r a b", positive=True)
    difference = zl / (zl + zr) - a / (a + b)
    claimed = ((zl - a) * b - a * (zr - b)) / ((a + b) * (zl + zr))
    assert sympy.simplify(difference - claimed) == 0
    dl, dr = zl - a, zr - b
    assert sympy.expand(zl + zr - (a + b + dl + dr)) == 0


def lemma_interpolation():
    """v_l + t' (v_r - v_l) - (V_l + t (V_r - V_l)) is the mean (1 - t')(v_l - V_l) + t' (v_r - V_r) of the
    errors at the ends, and (t' - t)(V_r - V_l)."""
    vl, vr, Vl, Vr, t, s = sympy.symbols("v_l v_r V_l V_r t s", real=True)
    error = vl + s * (vr - vl) - (Vl + t * (Vr - Vl))
    claimed = (1 - s) * (vl - Vl) + s * (vr - Vr) + (s - t) * (Vr - Vl)
    assert sympy.expand(error - claimed) == 0
    El, Er, mean = sympy.symbols("E_l E_r mean", nonnegative=True)
    assert sympy.expand(El + mean * (Er - El) - ((1 - mean) * El + mean * Er)) == 0


def lemma_the_interpolation_is_rounded_up():
    """The three roundings of v_l + t' d with d = v_r - v_l move it by at most 4 u (|v_l| + |d|)."""
    v, d = sympy.symbols("v d", nonnegative=True)
    product = d * (1 + u) * (1 + u)
    moved = sympy.expand(product - d + u * (v + product))
    assert all((4 * u - moved.coeff(size)) > 0 for size in (v, d))


def lemma_signs_on_an_interval():
    """(1 - t) p + t q is 0 for p = q = 0, and positive for 0 < t < 1 if p or q is, and none negative."""
    t, rest, p, q = sympy.symbols("t rest p q", positive=True)
    value = rest * p + t * q
    assert value.subs({p: 0, q: 0}) == 0
    assert all(case.is_positive for case in (value, value.subs(p, 0), value.subs(q, 0)))


def theorem_constants_of_the_package():
    """The constants in the code are those of the statement, and more than the roundings beside them."""
    assert Rational(filtered_layers.UNIT) == u
    assert Rational(filtered_layers.INFLATION) == 1 + Rational(1, 2**20)
    assert filtered_layers.MAX_INPUTS + 1 == MOST
    slack = Rational(filtered_refine.SLACK)
    assert slack * (1 - gamma(12)) >= 1
    assert (1 - Rational(1, 2**40)) * (1 + u) * (1 + u) <= 1 - Rational(1, 2**41)


def theorem_underflow():
    """An operation whose result is below 2^-1022 loses at most that, flushed to zero or not. So 2 n of them
    on products, n inputs and n bounds flushed to 0 and their weights lose less than 2^-980 (1 + sum |w|)."""
    lost = Rational(1, 2**1022)
    tiny = Rational(filtered_layers.TINY)
    assert 4 * MOST * lost <= tiny
    assert Rational(filtered_layers.SMALLEST) * Rational(1, 2**53) > lost
