"""The ReLU form of a piecewise affine activation: values everywhere, derivatives for every convention.

One kink t with the slopes s on the left and r on the right, symbolic throughout.  That any number of kinks is
a sum of such steps is prose: to the right of the pivot every further kink adds the hinge (r - s) rho(x - t),
which vanishes up to t, and to the left (r - s) rho(t - x), which vanishes from t on, so that the pieces are
right one after the other, seen from the pivot.
"""

import sympy

x, t, s, r, v, c = sympy.symbols("x t s r v c", real=True)
d = sympy.Symbol("d", positive=True)


def rho(z):
    return (z + sympy.Abs(z)) / 2


def graph(z):
    """The function with the value v at the kink."""
    return v + sympy.Piecewise((s * (z - t), z < t), (r * (z - t), True))


def convention(z_slope_left, z_slope_right, at_kink):
    """The slope that a convention stands for between two slopes."""
    return (1 - at_kink) * z_slope_left + at_kink * z_slope_right


def lemma_the_pivot_has_a_hinge_on_either_side():
    hinges = v - s * rho(t - x) + r * rho(x - t)
    for place in (t - d, t, t + d):
        assert sympy.simplify((hinges - graph(x)).subs(x, place)) == 0


def lemma_a_further_kink_on_the_right_adds_the_change_of_slope():
    line = v + s * (x - t)
    for place in (t - d, t, t + d):
        assert sympy.simplify((line + (r - s) * rho(x - t) - graph(x)).subs(x, place)) == 0


def lemma_a_further_kink_on_the_left_adds_the_change_of_slope():
    line = v + r * (x - t)
    for place in (t - d, t, t + d):
        assert sympy.simplify((line + (r - s) * rho(t - x) - graph(x)).subs(x, place)) == 0


def theorem_hinges_that_face_left_take_the_convention_one_minus_c():
    # a hinge a rho(x - t) has the slopes 0, a, and a rho(t - x) the slopes -a, 0; rho takes c at 0
    right, left = lambda a, at: a * at, lambda a, at: -a * at
    wanted = convention(s, r, c)
    assert sympy.expand(right(r, c) + left(-s, 1 - c) - wanted) == 0
    assert sympy.expand(s + right(r - s, c) - wanted) == 0
    assert sympy.expand(r + left(r - s, 1 - c) - wanted) == 0
    # with the same convention on both sides only c = 1/2 would do for every pair of slopes
    wrong = sympy.expand(right(r, c) + left(-s, c) - wanted)
    assert sympy.solve(wrong, c) == [sympy.Rational(1, 2)]


def theorem_without_kinks_any_convention_that_is_the_same_on_both_sides_adds_up():
    # x -> s x + v as hinges at 0, which take 1/2 each
    half = sympy.Rational(1, 2)
    assert s * half + s * half == s


def theorem_relu_takes_its_own_convention():
    assert convention(0, 1, c) == c
