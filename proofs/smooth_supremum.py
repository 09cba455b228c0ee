"""Suprema against smooth targets: the local forms of both errors, and the bounds that floats and balls use.

Statement. On [m - h, m + h] let f have four derivatives, |f''''| <= 24 C, and let g be linear with slope s.
Write c_2 = f''(m)/2, c_3 = f'''(m)/6, p = f'(m) - s, b_2 = c_2 h^2, b_3 = c_3 h^3, and A, D for half the
sum and half the difference of the errors f - g at the right and at the left end. Then for t in [-1, 1]

    f - g   at m + t h  is  A + D t - (1 - t^2)(b_2 + b_3 t) + r,    |r| <= 2 C h^4
    f' - s  at m + t h  is  p + 2 c_2 h t + 3 c_3 h^2 t^2 + r',      |r'| <= 4 C h^3

    sup |f' - s| <= max(|p + 3 c_3 h^2| + 2 |c_2| h, |p| + |c_2| h) + 4 C h^3
    sup q <= q(tau) + max over [-1, 1] of g (t - tau) - b' (t - tau)^2,  for every tau in [-1, 1],

where q = E + F t + (1 - t^2)(b + c t), g = q'(tau), b' = b - |c| (1 + 4 |tau|); and that maximum is at most
|g| - g tau + 4 max(0, -b'), and at most g^2/(4 b') if b' > 0.

Overview. The cubic part of Taylor's formula is checked in `lemma_value` and `lemma_slope`, the remainders in
`lemma_remainders`; the bound for slopes in `lemma_slope_at_the_ends` and `lemma_slope_inside`; that for
values in `lemma_value_around_tau`, `lemma_rise_by_the_vertex`, `lemma_rise_to_an_end` and
`lemma_value_of_the_other_sign`. `lemma_taylor_of_derivatives` gives the series that the floats sum for f' and
f''; `lemma_offsets` the derivatives that say what wrong offsets cost; `lemma_roundings` counts the
operations of Horner's rule. What one step of Newton's method gains is `theorem_excess_of_a_parabola`.

Prose. A product of n factors 1 + d with |d| <= u is off from 1 by at most n u (1 + 2^-40) for n < 2^10 and
u = 2^-53, by induction over n. Taylor's formula with Lagrange's remainder is taken for granted, as is the
standard model of floats. The counts of roundings in items 3 and 4 of `smooth_floats` are prose; they are
rounded up generously, and tests compare the bounds with rational arithmetic. That a concave function lies
below its tangents and a convex one below its chord, which `smooth_refinement` uses, is taken for granted.

References. None: the bounds were made for this package.
"""

import sympy
from sympy import S

A, D, E, F, b, c, t, tau, m, x = sympy.symbols("A D E F b c t tau m x", real=True)
p, s, f0, c2, c3 = sympy.symbols("p s f_0 c_2 c_3", real=True)
h, C = sympy.symbols("h C", positive=True)
near, far, size = sympy.symbols("alpha beta kappa", nonnegative=True)
SIGNS = (1, -1)


def vanishes(expression):
    """Return whether an expression is 0 after expansion."""
    return sympy.expand(expression) == 0


def cubic(y):
    """Return the Taylor polynomial of f of degree 3 at m + y."""
    return f0 + (p + s) * y + c2 * y**2 + c3 * y**3


def q(t):
    """Return the value without remainder, of the sign for which the bump is added."""
    return E + F * t + (1 - t**2) * (b + c * t)


def lemma_value():
    """For a cubic, f - g = A + D t - (1 - t^2)(c_2 h^2 + c_3 h^3 t) at m + t h."""
    g0 = sympy.Symbol("g_0", real=True)

    def error(t):
        return cubic(t * h) - g0 - s * t * h

    half_sum, half_difference = (error(1) + error(-1)) / 2, (error(1) - error(-1)) / 2
    bump = (1 - t**2) * (c2 * h**2 + c3 * h**3 * t)
    assert vanishes(error(t) - half_sum - half_difference * t + bump)


def lemma_slope():
    """For a cubic, f' - s = p + 2 c_2 h t + 3 c_3 h^2 t^2 at m + t h."""
    slope = sympy.diff(cubic(x), x).subs(x, t * h) - s
    assert vanishes(slope - p - 2 * c2 * h * t - 3 * c3 * h**2 * t**2)


def lemma_remainders():
    """The remainder R of the cubic is at most C y^4 in absolute value, so at the ends at most C h^4. In the
    statement A and D belong to f, not to the cubic, and A + D t contains the chord of R, at most C h^4 as
    well; so |r| <= 2 C h^4. The remainder of f' is f''''(xi) y^3/6, of absolute value at most 4 C h^3."""
    left, right = sympy.symbols("R_- R_+", real=True)
    chord = (left + right) / 2 + (right - left) / 2 * t
    assert chord.subs(t, 1).expand() == right
    assert chord.subs(t, -1).expand() == left
    assert sympy.diff(chord, t, 2) == 0
    assert vanishes(24 * C * h**3 / 6 - 4 * C * h**3)


def lemma_slope_at_the_ends():
    """Of |u + v| and |u - v| one is |u| + |v|, and the other one is not larger; here u = p + 3 c_3 h^2 and
    v = 2 c_2 h."""
    for sign in SIGNS:
        for other in SIGNS:
            u, v = sign * near, other * far
            squares = {sympy.expand((u + v) ** 2), sympy.expand((u - v) ** 2)}
            assert squares == {sympy.expand((near + far) ** 2), sympy.expand((near - far) ** 2)}
    assert sympy.expand((near + far) ** 2 - (near - far) ** 2).is_nonnegative


def lemma_slope_inside():
    """The parabola p + 2 x_2 t + x_3 t^2 with x_2 = c_2 h, x_3 = 3 c_3 h^2 has its vertex in [-1, 1] only if
    |x_2| <= |x_3|; its value there is p - x_2^2/x_3, which then is at most |p| + |x_2| in absolute value.
    If |x_2| >= |x_3|, the bound |p| + |x_2| is not larger than that at the ends."""
    x2, x3 = sympy.symbols("x_2 x_3", real=True, nonzero=True)
    parabola = p + 2 * x2 * t + x3 * t**2
    (vertex,) = sympy.solve(sympy.diff(parabola, t), t)
    assert vertex == -x2 / x3
    assert vanishes(parabola.subs(t, vertex) - p + x2**2 / x3)
    small = sympy.Symbol("small", positive=True)
    assert (small - small**2 / (small + near)).simplify().is_nonnegative
    ends, inside = near + 2 * (small + far), near + small + (small + far)
    assert (ends - inside).expand().is_nonnegative


def lemma_value_around_tau():
    """q(t) = q(tau) + g (t - tau) - (b + 3 c tau)(t - tau)^2 - c (t - tau)^3, and for t, tau in [-1, 1] the
    factor b + 3 c tau + c (t - tau) is at least b' = b - |c| (1 + 4 |tau|), as |t - tau| <= 1 + |tau|."""
    g = sympy.diff(q(t), t).subs(t, tau)
    assert vanishes(g - (F - 2 * b * tau + c * (1 - 3 * tau**2)))
    step = t - tau
    assert vanishes(q(t) - q(tau) - g * step + (b + 3 * c * tau) * step**2 + c * step**3)
    assert vanishes(3 * size * near + size * (1 + near) - size * (1 + 4 * near))
    assert vanishes((1 - tau) - (1 + near).subs(near, -tau))


def lemma_rise_by_the_vertex():
    """g y - b' y^2 <= g^2/(4 b') for b' > 0, with equality at y = g/(2 b')."""
    g, y = sympy.symbols("g y", real=True)
    positive = sympy.Symbol("b'", positive=True)
    gap = g**2 / (4 * positive) - g * y + positive * y**2
    assert sympy.simplify(gap - positive * (y - g / (2 * positive)) ** 2) == 0
    assert gap.subs(y, g / (2 * positive)).simplify() == 0


def lemma_rise_to_an_end():
    """g (t - tau) <= |g| - g tau on [-1, 1], as it is linear in t; and -b' (t - tau)^2 <= 4 max(0, -b')."""
    for sign in SIGNS:
        g = sign * size
        for end in SIGNS:
            slack = sympy.expand(size - g * tau - g * (end - tau))
            assert slack.is_nonnegative
    assert max((end - other) ** 2 for end in SIGNS for other in SIGNS) == 4


def lemma_value_of_the_other_sign():
    """-q is its chord minus (1 - t^2)(b + c t) and b + c t >= b - |c|; so -q is at most its larger end plus
    max(0, |c| - b), and |q| at most the larger |end| plus b + |c|."""
    chord = E + F * t
    assert all(vanishes(q(S(end)) - chord.subs(t, end)) for end in SIGNS)
    for sign in SIGNS:
        for end in SIGNS:
            assert sympy.expand(b + sign * size * end - (b - size)).is_nonnegative
            assert sympy.expand(b + size - (b + sign * size * end)).is_nonnegative
    assert sympy.maximum(1 - t**2, t, sympy.Interval(-1, 1)) == 1
    assert sympy.minimum(1 - t**2, t, sympy.Interval(-1, 1)) == 0


def lemma_taylor_of_derivatives():
    """The j-th derivative of sum a_k x^k, divided by j!, is sum binomial(k, j) a_k x^(k - j)."""
    k = sympy.Symbol("k", integer=True, positive=True)
    for j in range(5):
        term = sympy.diff(x**k, x, j) / sympy.factorial(j)
        assert sympy.simplify(term - sympy.expand_func(sympy.binomial(k, j)) * x ** (k - j)) == 0


def lemma_offsets():
    """The derivative of sum binomial(k, j) a_k x^(k - j) is j + 1 times that sum for j + 1."""
    for j in range(4):
        for k in range(j, 14):
            changed = sympy.diff(sympy.binomial(k, j) * x ** (k - j), x)
            assert vanishes(changed - (j + 1) * sympy.binomial(k, j + 1) * x ** max(k - j - 1, 0))


def lemma_roundings():
    """In Horner's rule for sum_{k=0}^n z_k x^k, z_k passes through at most 2 k + 1 operations; with a last
    factor x for the sum from k = 1 through 2 k; with a factor binomial(k, j) before through 2 (k - j) + 2."""

    def passed(n):
        counts = {n: 0}
        for k in range(n - 1, -1, -1):
            counts = {i: operations + 2 for i, operations in counts.items()} | {k: 1}
        return counts

    for n in range(1, 20):
        counts = passed(n)
        assert all(counts[k] <= 2 * k + 1 for k in counts)
        assert all(counts[k - 1] + 1 <= 2 * k for k in range(1, n + 2))
        assert all(counts[i] + 1 <= 2 * i + 2 for i in counts)


def theorem_excess_of_a_parabola():
    """If y'' <= -2 b < 0, then y exceeds y(tau) by at most y'(tau)^2/(4 b) (`lemma_rise_by_the_vertex`). For
    a parabola this is b d^2 at the distance d from its maximum, and what y lacks there: nothing is lost."""
    d, peak = sympy.symbols("d y", real=True)
    curvature = sympy.Symbol("b", positive=True)
    y = peak - curvature * x**2
    rise = sympy.diff(y, x) ** 2 / (4 * curvature)
    assert vanishes(rise - (peak - y))
    assert vanishes(rise.subs(x, d) - curvature * d**2)
