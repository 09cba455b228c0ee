"""Newton's iteration for 1/x: the recursion of the residual, its slope, and what the products add.

Statement. Let 0 < lo <= x <= hi, y~ an approximation of 1/x with |1 - x y~| <= rho < 1 and |(1 - x y~)'| <=
gamma almost everywhere. Then |y~ - 1/x| <= rho/lo and |y~' + 1/x^2| <= gamma/lo + rho/lo^2. One step computes
r~ = 1 - P_1(x, y~) and y~+ = y~ + P_2(y~, r~). Let |P_1 - x y~| <= e_1, |P_2 - y~ r~| <= e_2, and likewise
s_1, s_2 for the slopes; Y and T bound |y~| and |y~'|. Then |r~| <= R = rho + e_1, and after the step

    rho+   = rho^2 + hi (Y e_1 + e_2)
    gamma+ = 2 rho gamma + (Y e_1 + e_2) + hi (T e_1 + Y s_1 + s_2),

which is what `step` returns, rounded upwards, with the errors of the two products from
`proofs/derivation.py`: for arguments u/S_u, v/S_v in [-B, B], B <= 1, and the result S_u S_v P

    e = S_u S_v delta,    s = eta max(S_v |u'|, S_u |v'|),    delta = 4^-(m+1), eta = 2^-m.

They grow with S_u, S_v and B, so a bound for S and 1 for B may stand in their place. In the first step y_0 =
a - b x, and x y_0 = a x - b x^2 takes one square: e_1 = b S_x^2 delta, s_1 = b S_x eta.

Notation. q = 1 - x y~ and q' its slope; y, dy are y~ and its slope; d1, d2 are the errors of the products and
dd1, dd2 their slopes. `total` and `bound` are those of `proofs/chain_rule.py`.

Overview. `theorem_errors_of_the_value`, `theorem_errors_of_the_slope`; `theorem_exact_step` (q+ = q^2),
`theorem_residual`, `theorem_slope_of_the_residual`, `theorem_middle`; `theorem_products`,
`theorem_the_bounds_grow_with_the_scales`, `theorem_first_product`; `theorem_start`. That the package
computes these very numbers: `theorem_the_package_takes_these_steps`. That the errors of the start die out:
`theorem_self_correction`.

Prose: the induction over the steps; that the identities of slopes hold almost everywhere, by the null-set
lemma of `proofs/chain_rule.py`; that a parabola is largest in
modulus at an end or at its vertex.

References. Newton's iteration is classical; theory of products in W^{1,inf}: `proofs/derivation.py`.
"""

from fractions import Fraction

import sympy
from chain_rule import bound, total
from sympy import Max, S

from relu_constructions.derivation import Known, product_rule, square_rule
from relu_constructions.newton import first_residual, power_above, start, step

x, lo, hi, eta, delta = sympy.symbols("x lo hi eta delta", positive=True)
y, dy, q, dq, d1, d2, dd1, dd2 = sympy.symbols("y dy q dq d1 d2 dd1 dd2", real=True)
rho, gamma, Y, T, e1, e2, s1, s2, R = sympy.symbols("rho gamma Y T e1 e2 s1 s2 R", nonnegative=True)
Su, Sv, B = sympy.symbols("S_u S_v B", positive=True)
NORMS = {
    S(-1): 1,
    S(2): 2,
    x: hi,
    1 / x: 1 / lo,
    x**-2: lo**-2,
    y: Y,
    dy: T,
    q: rho,
    dq: gamma,
    d1: e1,
    d2: e2,
    dd1: s1,
    dd2: s2,
}
"""Upper bounds for the moduli of the factors."""


def same(one, other):
    """Whether two expressions are identical."""
    return sympy.simplify(one - other) == 0


def theorem_errors_of_the_value():
    """y~ - 1/x = -q/x; and y~ = (1 - q)/x lies between (1 - rho)/hi and (1 + rho)/lo,
    by sums of products of 1 - q, rho - q, rho + q, hi - x, x - lo and x, none of which is negative."""
    terms = [(S(-1), q, 1 / x)]
    assert same(total(terms), (1 - q) / x - 1 / x)
    assert bound(terms, NORMS) == rho / lo
    assert same((1 - q) * hi - (1 - rho) * x, (hi - x) * (1 - q) + x * (rho - q))
    assert same((1 + rho) * x - (1 - q) * lo, (x - lo) * (1 + rho) + lo * (rho + q))


def theorem_errors_of_the_slope():
    """With q' = -y~ - x y~', the slope is off by y~' + 1/x^2 = q/x^2 - q'/x."""
    slope = sympy.solve(sympy.Eq(dq, -y - x * dy), dy)[0].subs(y, (1 - q) / x)
    terms = [(q, x**-2), (S(-1), dq, 1 / x)]
    assert same(total(terms), slope + x**-2)
    assert bound(terms, NORMS) == rho / lo**2 + gamma / lo
    value, rise = step_errors()
    assert same(value, rho / lo)
    assert same(rise, rho / lo**2 + gamma / lo)


def step_errors():
    """What the package says of the errors behind a residual."""
    from relu_constructions.newton import Residual

    return Residual(rho, gamma).errors(lo)


def after(y, d1, d2):
    """The value after a step: y + y (1 - (x y + d1)) + d2."""
    return y + y * (1 - (x * y + d1)) + d2


def theorem_exact_step():
    """Exact products give q+ = q^2, and the slope 2 q q': errors of slopes are multiplied by 2 q."""
    assert same(1 - x * after(y, 0, 0), (1 - x * y) ** 2)
    f = sympy.Function("f")(x)
    residual = 1 - x * f
    assert same(sympy.diff(residual**2, x), 2 * residual * sympy.diff(residual, x))


def theorem_residual():
    """q+ = q^2 + x (y d1 - d2), where y r~ = y (1 - x y - d1): hence rho+ <= rho^2 + hi (Y e1 + e2)."""
    terms = [(q, q), (x, y, d1), (S(-1), x, d2)]
    assert same(total(terms).subs(q, 1 - x * y), 1 - x * after(y, d1, d2))
    assert not same(total(terms[:2]).subs(q, 1 - x * y), 1 - x * after(y, d1, d2))
    assert same(bound(terms, NORMS), rho**2 + hi * (Y * e1 + e2))


def theorem_slope_of_the_residual():
    """The slope of q+ is 2 q q' + (y d1 - d2) + x (y' d1 + y d1' - d2')."""
    terms = [
        *((S(2), q, dq), (y, d1), (S(-1), d2)),
        *((x, dy, d1), (x, y, dd1), (S(-1), x, dd2)),
    ]
    f, g1, g2 = (sympy.Function(name)(x) for name in ("f", "g1", "g2"))
    slope = sympy.diff(1 - x * after(f, g1, g2), x)
    names = {q: 1 - x * f, dq: sympy.diff(1 - x * f, x), y: f, dy: sympy.diff(f, x)}
    names |= {d1: g1, d2: g2, dd1: sympy.diff(g1, x), dd2: sympy.diff(g2, x)}
    assert same(total(terms).subs(names, simultaneous=True), slope)
    off = Y * e1 + e2
    assert same(bound(terms, NORMS), 2 * rho * gamma + off + hi * (T * e1 + Y * s1 + s2))


def theorem_middle():
    """r~ = q - d1, so |r~| <= rho + e1 and |r~'| <= gamma + s1."""
    assert same(1 - (x * y + d1), (q - d1).subs(q, 1 - x * y))
    assert bound([(q,), (S(-1), d1)], NORMS) == rho + e1
    assert bound([(dq,), (S(-1), dd1)], NORMS) == gamma + s1


def product_errors(first, second):
    """What S_u S_v P(u/S_u, v/S_v) is off, for exact u, v of given slopes, with |u|/S_u and |v|/S_v <= B."""
    pair = [Known(B, {0: slope / scale}) for scale, slope in (first, second)]
    known, scale = product_rule(*pair, B, eta, delta, Max), first[0] * second[0]
    return scale * known.value, scale * known.slopes[0]


def theorem_products():
    """e = S_u S_v B^2 delta and s = B eta max(S_v |u'|, S_u |v'|), whichever of the two is larger."""
    t, d = sympy.symbols("t d", nonnegative=True)
    value, slope = product_errors((Su, s1), (Sv, s2))
    assert same(value, Su * Sv * B**2 * delta)
    assert same(slope, Su * Sv * B * eta * Max(s1 / Su, s2 / Sv))
    for u, v in ((Su * (t + d), Sv * t), (Su * t, Sv * (t + d))):
        at = product_errors((Su, u), (Sv, v))[1]
        assert same(at, B * eta * Su * Sv * (t + d))
        assert Su * Sv * (t + d) in (sympy.expand(Sv * u), sympy.expand(Su * v), Sv * u, Su * v)
        assert sympy.expand(Su * Sv * (t + d) - Sv * u).is_nonnegative
        assert sympy.expand(Su * Sv * (t + d) - Su * v).is_nonnegative


def theorem_the_bounds_grow_with_the_scales():
    """Larger S_u, S_v, B give larger e and s; larger e, s, Y, T give larger R, rho+ and gamma+."""
    more, off = sympy.symbols("more", nonnegative=True), Y * e1 + e2
    parts = (Su * Sv * B**2 * delta, B * eta * Sv * s1, B * eta * Su * s2, Su * B * eta)
    results = (rho**2 + hi * off, 2 * rho * gamma + off + hi * (T * e1 + Y * s1 + s2), rho + e1, gamma + s1)
    for expression in (*parts, *results):
        for symbol in expression.free_symbols:
            grown = expression.subs(symbol, symbol + more)
            assert sympy.expand(grown - expression).is_nonnegative


def theorem_first_product():
    """x y_0 = a x - b x^2, by a square of x/S: only the square is off, by b S^2 B^2 delta and b S B eta."""
    a, b = sympy.symbols("a b", positive=True)
    assert same(x * (a - b * x), a * x - b * Su**2 * (x / Su) ** 2)
    known = square_rule(Known(B, {0: 1 / Su}), B, eta, delta)
    assert same(b * Su**2 * known.value, b * Su**2 * B**2 * delta)
    assert same(b * Su**2 * known.slopes[0], b * Su * B * eta)


def theorem_start():
    """With t = 8/((lo + hi)^2 + 4 lo hi), 1 - t (lo + hi) x + t x^2 is (hi - lo)^2 t/8 at both ends and minus
    that at the vertex: three alternations, so no quadratic polynomial with the value 1 at 0 is smaller."""
    t = 8 / ((lo + hi) ** 2 + 4 * lo * hi)
    first = 1 - t * (lo + hi) * x + t * x**2
    largest = (hi - lo) ** 2 * t / 8
    for place, sign in ((lo, 1), ((lo + hi) / 2, -1), (hi, 1)):
        assert same(first.subs(x, place), sign * largest)
    assert same(sympy.diff(first, x).subs(x, (lo + hi) / 2), 0)
    assert same(1 - largest, 8 * lo * hi / ((lo + hi) ** 2 + 4 * lo * hi))
    for ends in ((Fraction(1, 2), Fraction(1)), (Fraction(1, 3), Fraction(5)), (Fraction(1), Fraction(100))):
        exact = largest.subs({lo: sympy.Rational(*ends[0].as_integer_ratio()), hi: sympy.Rational(ends[1])})
        found = first_residual(*ends)
        assert 0 <= found.rho - Fraction(int(exact.p), int(exact.q)) < Fraction(1, 2**20)
        a, b = start(*ends)
        assert found.gamma == max(abs(2 * b * end - a) for end in ends)


def theorem_self_correction():
    """With exact products rho_k = rho^(2^k) and gamma_k = 2^k rho^(2^k - 1) gamma, by n -> 2 n."""
    n = sympy.Symbol("n", positive=True)
    size, slope = rho**n, n * rho ** (n - 1) * gamma
    assert same(sympy.powsimp(size**2, force=True), rho ** (2 * n))
    assert same(sympy.powsimp(2 * size * slope, force=True), 2 * n * rho ** (2 * n - 1) * gamma)
    assert (size.subs(n, 1), slope.subs(n, 1)) == (rho, gamma)


def taken(before, ends, m1, m2, first):
    """The three formulas of the statement in exact rationals, for a step of given levels."""
    size, slope = before
    value, rise = before.errors(ends[0])
    sizes, rises = 1 / ends[0] + value, 1 / ends[0] ** 2 + rise
    Sx, Sy = power_above(ends[1]), power_above(sizes)
    step1, step2 = (Fraction(1, 4 ** (m + 1)) for m in (m1, m2))
    own1, own2 = Fraction(1, 2**m1), Fraction(1, 2**m2)
    pair = (Sx * Sy * step1, own1 * max(Sy, Sx * rises))
    pair = pair if first is None else (first * Sx**2 * step1, first * Sx * own1)
    Sr = power_above(step(before, *ends, m1, m2, first).middle)
    names = {rho: size, gamma: slope, Y: sizes, T: rises, hi: ends[1], e1: pair[0], s1: pair[1]}
    names |= {e2: Sy * Sr * step2, s2: own2 * max(Sr * rises, Sy * (slope + pair[1]))}
    formulas = (rho + e1, rho**2 + hi * (Y * e1 + e2))
    formulas += (2 * rho * gamma + Y * e1 + e2 + hi * (T * e1 + Y * s1 + s2),)
    exact = {name: sympy.Rational(t.numerator, t.denominator) for name, t in names.items()}
    return [Fraction(int(t.p), int(t.q)) for t in (sympy.S(f).subs(exact) for f in formulas)]


def theorem_the_package_takes_these_steps():
    """`step` returns R, rho+ and gamma+ of the statement, at most a little larger, in all steps."""
    tiny = Fraction(1, 2**50)
    for ends in ((Fraction(1, 2), Fraction(1)), (Fraction(1, 3), Fraction(5)), (Fraction(10), Fraction(11))):
        before = first_residual(*ends)
        for first in (start(*ends)[1], None, None):
            found = step(before, *ends, 12, 9, first)
            for answer, exact in zip(
                (found.middle, *found.after), taken(before, ends, 12, 9, first), strict=True
            ):
                assert exact <= answer <= exact * (1 + tiny)
            before = found.after
