"""The rules of the error calculus: every bound that the package propagates, and the adjoint form.

Statement. Let u~ be the network value of the signal u, with |u| <= a, |u'| <= r for a partial derivative
', |u~ - u| <= E everywhere and |u~' - u'| <= G almost everywhere; likewise b, q, F, H for v. Let U, V bound
|u~'| and |v~'|, for instance r + G and q + H. Then the functions of `relu_constructions.derivation` return

    affine       sum |a_i| E_i and sum |a_i| G_i, as they do for |u| and |u'|
    square       B^2 delta + 2 a E + E^2    and   (B eta + 2 E) U + 2 a G
    product      B^2 delta + b E + a F + E F   and   B eta max(U, V) + F U + E V + b G + a H
    slope law    min(B, b + F + B eta) U + min(B, a + E + B eta) V for the slope of the network of a product

and these are bounds. The error of an output is the sum of S_g e_g over all gates g (adjoint form): for the
value, e_g is the error that the gate adds and S_g the derivative of the output with respect to the gate,
taken halfway between ideal and network values; for a partial derivative, S_g is the ideal derivative, and
e_g consists of what `sensitivity_rule` bounds.

Notation. u_, v_ are the network values, du, dv, du_, dv_ the derivatives. `total` and `bound` are those of
`proofs/chain_rule.py`: the sum of products of factors, and what the bounds of the factors make of it.

Overview. Each rule is an identity, `total(terms)`, and a bound of the same terms, which must be the answer
of the package: `theorem_affine_rule`, `theorem_square_*`, `theorem_product_*`, `theorem_slope_law`. What
the two squares of a product share is in `lemma_weighted_slopes`; what `travel` does in `lemma_travel`. The
adjoint form is `theorem_values_telescope`, `theorem_gradients_telescope`, for chains of two and three gates
whose arguments are any affine combinations of earlier gates; `theorem_sensitivity_rule` bounds one summand,
`theorem_one_sided_errors` uses the sign of the errors of squares.

Prose: the induction over the gates of a circuit, whose steps these are; that the identities of derivatives
hold almost everywhere, by the null-set lemma of `proofs/chain_rule.py`.

References. Guehring, Kutyniok, Petersen, Anal. Appl. 18 (2020), for products in W^{1,inf}; the adjoint
form is that of reverse differentiation.
"""

from itertools import product

import sympy
from chain_rule import bound, total
from sympy import Max, Rational, S

from relu_constructions.derivation import (
    Known,
    affine_rule,
    input_rule,
    product_rule,
    sensitivity_rule,
    slope_law,
    square_rule,
)

u, v, u_, v_, du, dv, du_, dv_ = sympy.symbols("u v u_ v_ du dv du_ dv_", real=True)
a, b, r, q, E, F, G, H = sympy.symbols("a b r q E F G H", nonnegative=True)
B, eta, delta = sympy.symbols("B eta delta", positive=True)
e, e_x, e_y = sympy.symbols("e e_x e_y", real=True)
MORE = sympy.Symbol("more", positive=True)
FIRST, SECOND = Known(a, {0: r}, E, {0: G}), Known(b, {0: q}, F, {0: H})
U, V = r + G, q + H
NORMS = {
    S(2): 2,
    u: a,
    v: b,
    u_ - u: E,
    v_ - v: F,
    du_: U,
    dv_: V,
    du_ - du: G,
    dv_ - dv: H,
}
"""What is known of the factors."""


def same(one, other):
    """Whether two expressions are identical."""
    return sympy.expand(one - other) == 0


def theorem_affine_rule():
    """The error of c + a1 u + a2 v is a1 (u~ - u) + a2 (v~ - v), for signed a1, a2, and so for
    derivatives."""
    c, a1, a2 = sympy.symbols("c a1 a2", real=True)
    known = affine_rule(c, [(a1, FIRST), (a2, SECOND)])
    norms = NORMS | {a1: abs(a1), a2: abs(a2), c: abs(c)}
    parts = {
        known.value: ([(a1, u_ - u), (a2, v_ - v)], (c + a1 * u_ + a2 * v_) - (c + a1 * u + a2 * v)),
        known.slopes[0]: ([(a1, du_ - du), (a2, dv_ - dv)], (a1 * du_ + a2 * dv_) - (a1 * du + a2 * dv)),
        known.size: ([(c,), (a1, u), (a2, v)], c + a1 * u + a2 * v),
    }
    for answer, (terms, error) in parts.items():
        assert same(total(terms), error)
        assert same(answer, bound(terms, norms))
    assert same(known.reach[0], abs(a1) * r + abs(a2) * q)


def theorem_square_value():
    """F(u~) - u^2 = e + 2 u (u~ - u) + (u~ - u)^2 with |e| <= B^2 delta; without the last term it is
    false."""
    terms = [(e,), (S(2), u, u_ - u), (u_ - u, u_ - u)]
    assert same(total(terms), (u_**2 + e) - u**2)
    assert not same(total(terms[:2]), (u_**2 + e) - u**2)
    known = square_rule(FIRST, B, eta, delta)
    assert same(known.value, bound(terms, NORMS | {e: B**2 * delta}))
    assert (known.size, known.reach) == (a**2, {0: 2 * a * r})


def theorem_square_slopes():
    """F'(u~) u~' - 2 u u' = e u~' + 2 (u~ - u) u~' + 2 u (u~' - u'), |e| <= B eta; with E = 0 and a line as
    argument only the first term remains, and it is attained (`proofs/square.py`)."""
    terms = [(e, du_), (S(2), u_ - u, du_), (S(2), u, du_ - du)]
    assert same(total(terms), (2 * u_ + e) * du_ - 2 * u * du)
    known = square_rule(FIRST, B, eta, delta)
    assert same(known.slopes[0], bound(terms, NORMS | {e: B * eta}))
    assert square_rule(input_rule(0, a), B, eta, delta).slopes[0] == B * eta


def theorem_product_value():
    """P - u v = e + v (u~ - u) + u (v~ - v) + (u~ - u)(v~ - v), |e| <= B^2 delta."""
    terms = [(e,), (v, u_ - u), (u, v_ - v), (u_ - u, v_ - v)]
    assert same(total(terms), (u_ * v_ + e) - u * v)
    assert not same(total(terms[:3]), (u_ * v_ + e) - u * v)
    known = product_rule(FIRST, SECOND, B, eta, delta, Max)
    assert same(known.value, bound(terms, NORMS | {e: B**2 * delta}))
    assert (known.size, sympy.expand(known.reach[0])) == (a * b, b * r + a * q)


def lemma_weighted_slopes():
    """If |e_x| + |e_y| <= w then |e_x| U + |e_y| V <= w max(U, V), attained when the larger slope has it
    all."""
    x, y, spare, small, d = sympy.symbols("x y s V d", nonnegative=True)
    w, large = x + y + spare, small + d
    for first, second in ((large, small), (small, large)):
        assert sympy.expand(w * large - x * first - y * second).is_nonnegative
    assert same((w * large - x * large - y * small).subs({y: 0, spare: 0}), 0)


def theorem_product_slopes():
    """P_x u~' + P_y v~' - v u' - u v' is e_x u~' + e_y v~' and four more terms; the first two are at most B
    eta max(U, V), by `lemma_weighted_slopes`, for e_x = P_x - v~, e_y = P_y - u~."""
    own = [(e_x, du_), (e_y, dv_)]
    carried = [(v_ - v, du_), (u_ - u, dv_), (v, du_ - du), (u, dv_ - dv)]
    error = (v_ + e_x) * du_ + (u_ + e_y) * dv_ - v * du - u * dv
    assert same(total(own + carried), error)
    assert not same(total(own + carried[2:]), error)
    known = product_rule(FIRST, SECOND, B, eta, delta, Max)
    assert sympy.expand(known.slopes[0] - B * eta * Max(U, V) - bound(carried, NORMS)) == 0


def theorem_square_is_a_product():
    """For v = u the slopes of the two rules agree, and the values too."""
    twice, once = product_rule(FIRST, FIRST, B, eta, delta, Max), square_rule(FIRST, B, eta, delta)
    assert same(twice.slopes[0], once.slopes[0])
    assert same(twice.value, once.value)


def lemma_travel():
    """|u~'| = |u' + (u~' - u')| <= r + G, and where the slope law gives a bound the lesser of both counts;
    where it gives none, no minimum is taken, so that the rules are polynomials in the symbols."""
    assert same(total([(du,), (du_ - du,)]), du_)
    assert FIRST.travel(0) == bound([(du,), (du_ - du,)], NORMS | {du: r})
    assert FIRST.travel(1) == 0
    for law, least in ((U + MORE, U), (U, U)):
        assert FIRST._replace(lipschitz={0: law}).travel(0) == least
    assert FIRST._replace(reach={0: r + MORE}, lipschitz={0: U}).travel(0) == U


def theorem_slope_law():
    """P_x = v~ + e_x with |v~| <= b + F, |e_x| <= B eta, and |P_x| <= B (`proofs/product.py`), whichever is
    less; a square has F' = 2u~ + e, |F'| <= 2B, and |e| <= B eta: half of it is P_x with v = u."""
    assert same(total([(v,), (v_ - v,), (e_x,)]), v_ + e_x)
    reached = bound([(v,), (v_ - v,), (e_x,)], NORMS | {e_x: B * eta})
    x, y = FIRST._replace(lipschitz={0: U}), SECOND._replace(lipschitz={0: V})
    for small, large in product((B + MORE, B - MORE), repeat=2):
        known = x._replace(size=large - E - B * eta), y._replace(size=small - F - B * eta)
        law = slope_law(*known, B, eta)
        assert same(reached.subs(b, known[1].size), small)
        least = [B - MORE if size == B - MORE else B for size in (small, large)]
        assert same(law[0], least[0] * U + least[1] * V)
    twice = slope_law(x._replace(size=B), x._replace(size=B), B, eta)
    assert same(twice[0], 2 * B * U)


def chain(gates):
    """Return generic gates: the coefficients of their two arguments, u = c_0 + sum_j c_j w_j over earlier
    ones."""
    return [
        tuple([sympy.Symbol(f"{name}{i}_{j}", real=True) for j in range(i + 1)] for name in "pq")
        for i in range(gates)
    ]


def argument(weights, values):
    """Return c_0 + sum c_j w_j."""
    return weights[0] + sum(c * w for c, w in zip(weights[1:], values, strict=False))


def sensitivities(gates, partials):
    """Return the derivatives of the last gate with respect to every gate, from the last to the first."""
    found = [S(0)] * (len(gates) - 1) + [S(1)]
    for k in range(len(gates) - 1, -1, -1):
        for i in range(k):
            p, s = gates[k]
            found[i] += found[k] * (p[i + 1] * partials[k][0] + s[i + 1] * partials[k][1])
    return found


def theorem_values_telescope():
    """For gates w_i = u_i v_i, in the network u~_i v~_i + e_i, the error of the last is sum S_i e_i, where
    S is taken halfway between ideal and network values; at the ideal values the formula is false."""
    for gates in (chain(2), chain(3)):
        errors = sympy.symbols(f"e:{len(gates)}", real=True)
        ideal, net, halfway, at_ideal = [], [], [], []
        for (p, s), error in zip(gates, errors, strict=True):
            (x, x_), (y, y_) = ([argument(c, w) for w in (ideal, net)] for c in (p, s))
            ideal.append(sympy.expand(x * y))
            net.append(sympy.expand(x_ * y_ + error))
            halfway.append(((y + y_) / 2, (x + x_) / 2))
            at_ideal.append((y, x))
        found, other = (
            sum(s * t for s, t in zip(sensitivities(gates, at), errors, strict=True))
            for at in (halfway, at_ideal)
        )
        assert same(found, net[-1] - ideal[-1])
        assert not same(other, net[-1] - ideal[-1])


def theorem_gradients_telescope():
    """The slope error of the last gate is the sum of S_i (e_x u~' + e_y v~' + (v~ - v) u~' + (u~ - u) v~'),
    with S at the ideal values; the network values are free symbols, as are the slopes of c_0 along the
    input."""
    for gates in (chain(2), chain(3)):
        slopes, slopes_, own, partials = [], [], [], []
        for i, (p, s) in enumerate(gates):
            x, y, x_, y_, ex, ey = sympy.symbols(f"x{i} y{i} x{i}_ y{i}_ ex{i} ey{i}", real=True)
            (dx, dx_), (dy, dy_) = ([argument(c, w) for w in (slopes, slopes_)] for c in (p, s))
            slopes.append(y * dx + x * dy)
            slopes_.append((y_ + ey) * dx_ + (x_ + ex) * dy_)
            own.append(ey * dx_ + ex * dy_ + (y_ - y) * dx_ + (x_ - x) * dy_)
            partials.append((y, x))
        found = sum(s * t for s, t in zip(sensitivities(gates, partials), own, strict=True))
        assert same(found, slopes_[-1] - slopes[-1])
        assert not same(sum(own), slopes_[-1] - slopes[-1])


def theorem_sensitivity_rule():
    """One summand is at most |S| (B eta max(U, V) + F U + E V): no G occurs, as they are summands of their
    own."""
    size = sympy.Symbol("S", nonnegative=True)
    carried = [(v_ - v, du_), (u_ - u, dv_)]
    answer = sensitivity_rule(size, B * eta, FIRST, SECOND, 0, Max)
    assert sympy.expand(answer - size * (B * eta * Max(U, V) + bound(carried, NORMS))) == 0
    own = product_rule(FIRST, SECOND, B, eta, delta, Max).slopes[0]
    assert sympy.expand(size * own - answer - size * (b * G + a * H)) == 0


def theorem_one_sided_errors():
    """If all e_g are in [0, w_g], sum S_g e_g is between -sum S_g^- w_g and sum S_g^+ w_g, both attained;
    if they may have both signs, sum |S_g| w_g is attained, so the sign gains a factor of up to 2."""
    up, down, x, y, s, t = sympy.symbols("S+ S- x y s t", nonnegative=True)
    weights, errors = (x + s, y + t), (x, y)
    value = up * errors[0] - down * errors[1]
    assert sympy.expand(up * weights[0] - value).is_nonnegative
    assert sympy.expand(value + down * weights[1]).is_nonnegative
    assert same(value.subs({s: 0, y: 0}), (up * weights[0]).subs(s, 0))
    assert same(value.subs({t: 0, x: 0}), -down * y)
    both_signs = up * x - down * (-y)
    assert same(both_signs, up * x + down * y)
    assert both_signs.subs({up: 1, down: 1, x: 1, y: 1}) == 2 * Rational(1)
