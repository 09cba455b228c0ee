"""Three squares for one product: errors, slopes and the offset of the accumulator.

Statement. Let h = 2^-m, N = 2^m, f = f_m the interpolant of t^2 on [0, 1] of `proofs/square.py`, and

    T(x, y) = 2 (f(|x + y|/2) - f(|x|/2) - f(|y|/2))    on [-1, 1]^2.

1. -h^2 <= T - xy <= 0, both attained: four times the value error of two squares.
2. The essential suprema of |T_x - y|, of |T_y - x| and of their sum are 2h: twice those of two squares.
3. T(x, 0) = T(0, y) = 0 for all real x, y; T = xy on the boundary of the square; |T| <= min(|x|, |y|);
   |T_x|, |T_y| <= 1, |T_x| + |T_y| <= 2 a.e., all attained.
4. After j >= 1 levels the accumulator, a(|x + y|/2) - a(|x|/2) - a(|y|/2) with the partial sum a of
   `proofs/product.py`, is at least -1/2, its offset.

Notation. b, c in [0, 1/2] are |x|/2 and |y|/2, a = b + c or, for xy < 0, a = b - c with b >= c say; g, i, k
are the pieces of f that contain a, b, c. A difference a = b - c in [0, 1/2] behaves like a sum, with the
mirror image of c in its piece for c, since the error of f is even in a piece.

Overview. `theorem_errors` is 1 and 2, `theorem_slopes` is the last line of 3, `theorem_offset` is 4.

Prose: in 3, the zero law by inspection; on x = 1, the error of f is the same at (1 + y)/2 and |y|/2, and 0
at 1/2, for it has the period h, is even, and h divides 1/2; |T| <= |x| follows from |T_x| <= 1 and T(0, y) =
0. That i + k <= g <= i + k + 1 for a = b + c, and g + k <= i <= g + k + 1 for a = b - c.

References. Yarotsky, Neural Networks 94 (2017), Proposition 3.
"""

import sympy
from square import chord, h, p, vanishes
from square import x as u
from sympy import Rational, S

from relu_constructions.constructions.product import THEOREMS

x = sympy.Symbol("x", real=True)
m, n = sympy.symbols("m n", integer=True, positive=True)
i, k, spare = sympy.symbols("i k d", integer=True, nonnegative=True)
fine, rest = sympy.symbols("fine r", positive=True)


def theorem_errors():
    """With b = (i + v)h, c = (k + w)h, 0 <= v, w <= 1 and a = b + c the error is -4h^2 v w if v + w <= 1 and
    -4h^2 (1 - v)(1 - w) if not, hence in [-h^2, 0], and -h^2 at v = w = 1/2. The errors of the partial
    derivatives are -2hw and -2hv, respectively 2h(1 - w) and 2h(1 - v); their absolute sum is at most 2h."""
    v, w = sympy.symbols("v w", nonnegative=True)

    def error(t):
        return h**2 * t * (1 - t)

    def slope(t):
        return sympy.diff(error(x), x).subs(x, t) / h

    assert vanishes(chord(p).subs(u, (p + x) * h) - ((p + x) * h) ** 2 - error(x))
    assert vanishes(error(1 - w) - error(w))
    for carried, (V, W) in {0: (v, w), 1: (1 - v, 1 - w)}.items():
        a, sign = v + w - carried, 1 - 2 * carried
        assert vanishes(2 * (error(a) - error(v) - error(w)) + 4 * h**2 * V * W)
        assert vanishes(slope(a) - slope(v) + sign * 2 * h * W)
        assert vanishes(slope(a) - slope(w) + sign * 2 * h * V)
        assert vanishes(1 - V - W - sign * (1 - v - w))
        assert vanishes(1 - 4 * V * W - ((V - W) ** 2 + (1 - V - W) * (1 + V + W)))
    for quantity, fact in {"value_error": S(2) ** (-2 * m), "derivative_error": 2 * S(2) ** -m}.items():
        claimed = THEOREMS["yarotsky"].formula(quantity, m=m, D1=S(1), D2=S(1), q=S(0))
        assert vanishes(claimed - fact)


def theorem_slopes():
    """For a = b + c the partial derivatives f'(a) - f'(b) and f'(a) - f'(c) are in [0, 1], as i, k < N/2, and
    both tend to 1 at b = c = 1/2. For a = b - c >= 0 they are f'(a) - f'(b) = -2(i - g)h in [-1, 0] and f'(a)
    + f'(c) = 2(g + k + 1)h, where g + k <= i < N/2, and the absolute sum is 2(i + k + 1)h < 2."""

    def slope(number):
        return sympy.diff(chord(number), u).subs(h, 1 / (2 * n))

    for carried in (0, 1):
        g = i + k + carried
        assert vanishes(slope(g) - slope(i) - (k + carried) / n)
        assert vanishes(slope(g) - slope(k) - (i + carried) / n)
    assert ((k + 1) / n).subs(k, n - 1).simplify() == 1
    g, i_ = n - 1 - k - spare, sympy.Symbol("i", integer=True)
    assert vanishes(slope(g) + slope(k) - (1 - spare / n))
    assert vanishes(slope(i_) - slope(g) - (i_ - g) / n)
    assert vanishes((i_ - g) / n + (g + k + 1) / n - (i_ + k + 1) / n)
    largest = ((i_ + k + 1) / n).subs({i_: n - 1, k: n - 1})
    assert vanishes(2 - largest - 1 / n)
    assert (1 / n).is_positive


def theorem_offset():
    """For a = b + c a convex sum that is 0 at 0 has a(b) + a(c) <= a(b + c), by the chord from 0; if not, the
    accumulator is at least -2a(1/2) >= -2f_j(1/2) = -1/2, as the partial sum is f_j less a nonnegative
    term."""
    b, c, value = sympy.symbols("b c v", positive=True)
    assert vanishes(b / (b + c) * value + c / (b + c) * value - value)
    assert vanishes(chord(n).subs({u: Rational(1, 2), h: 1 / (2 * n)}) - Rational(1, 4))
    z = sympy.Symbol("z", nonnegative=True)
    assert ((h - fine) * z).subs(h, fine + rest).expand().is_nonnegative
