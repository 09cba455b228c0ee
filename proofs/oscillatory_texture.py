"""Oscillatory textures cos(a g) h: the errors of the composition and of the product with a network for h.

Statement. Let networks approximate g, cos(a .) on an interval that contains all values of g and of its
network, and h, with the errors E_g, E_c, E_h of the values and G_g, G_c, G_h of the slopes; T = |g'| + G_g
bounds the slope of the network of g. Then u = cos(a g) is off by

    E_u = E_c + |a| E_g,    G_u = G_c T + a^2 E_g T + |a| G_g

almost everywhere, the instance Lip(cos(a .)) = |a|, Lip(cos(a .)') = a^2 of the rule for compositions in
`proofs/chain_rule.py`. For the product, with the errors e of the value and s of either partial derivative,

    E = e + |h| E_u + E_h + E_u E_h,
    G = s (U + V) + E_h U + E_u V + |h| G_u + G_h,    U >= |u~'|, V >= |h~'|.

The arguments stay where the networks are accurate: |g~| <= |g| + 1, |u~| <= 1 + E_c <= 2, |h~| <= |h| + 1.

Notation. Names with an underscore are network values; `total`, `bound` as in `proofs/chain_rule.py`.

Overview. `lemma_lipschitz_constants`, `theorem_composed_value`, `theorem_composed_slope`, `theorem_product`,
`lemma_the_product_takes_its_arguments`, `theorem_lines_of_the_package`.

Prose: that all this holds almost everywhere, by the null-set lemma of `proofs/chain_rule.py`.

References. Elbraechter, Perekrestenko, Grohs, Boelcskei, IEEE Trans. Inf. Theory 67 (2021), for the class of
functions (from memory); Guehring, Kutyniok, Petersen, Anal. Appl. 18 (2020), for compositions and products in
W^{1,inf}.
"""

from fractions import Fraction

import sympy
from chain_rule import E_Phi, E_Psi, G_Phi, G_Psi, Lip_Dg, Lip_g, Lip_Phi, bound, total
from sympy import S

from relu_constructions.constructions.oscillatory_texture import (
    _bound,
    _recorded,
    _rules,
    oscillatory_texture,
    parts,
    sizes,
)
from relu_constructions.derivation import Known, product_rule

t, c_, wave, wave_, u, u_, h, h_ = sympy.symbols("t c_ wave wave_ u u_ h h_", real=True)
dc_, dw_, dw, dg_, dg, du, du_, dh, dh_ = sympy.symbols("dc_ dw_ dw dg_ dg du du_ dh dh_", real=True)
e, s, e_x, e_y = sympy.symbols("e s e_x e_y", real=True)
a, E_c, G_c, E_g, G_g, E_u, G_u, E_h, G_h = sympy.symbols(
    "a E_c G_c E_g G_g E_u G_u E_h G_h", nonnegative=True
)
T, U, V, H, own, steep = sympy.symbols("T U V H own steep", nonnegative=True)


def lemma_lipschitz_constants():
    """|cos(a .)'| <= |a| and |cos(a .)''| <= a^2, by the squares of sine and cosine, attained."""
    first, second = (sympy.diff(sympy.cos(a * t), t, order) for order in (1, 2))
    assert sympy.simplify(a**2 - first**2 - (a * sympy.cos(a * t)) ** 2) == 0
    assert sympy.simplify(a**4 - second**2 - (a**2 * sympy.sin(a * t)) ** 2) == 0
    assert second.subs(t, 0) == -(a**2)


def theorem_composed_value():
    """c~(g~) - cos(a g) passes through cos(a g~)."""
    terms = [(c_ - wave_,), (wave_ - wave,)]
    assert total(terms) == c_ - wave
    assert bound(terms, {c_ - wave_: E_c, wave_ - wave: a * E_g}) == E_c + a * E_g
    assert (E_Psi + Lip_g * E_Phi).subs({E_Psi: E_c, Lip_g: a, E_Phi: E_g}) == E_c + a * E_g


def theorem_composed_slope():
    """c~'(g~) g~' - w' g' is a sum of three products; the bound is that of the rule for compositions."""
    terms = [(dc_ - dw_, dg_), (dw_ - dw, dg_), (dw, dg_ - dg)]
    assert sympy.expand(total(terms) - (dc_ * dg_ - dw * dg)) == 0
    norms = {dc_ - dw_: G_c, dg_: T, dw_ - dw: a**2 * E_g, dw: a, dg_ - dg: G_g}
    found = bound(terms, norms)
    assert found == sympy.expand(G_c * T + a**2 * E_g * T + a * G_g)
    general = G_Psi * Lip_Phi + Lip_Dg * E_Phi * Lip_Phi + Lip_g * G_Phi
    values = {G_Psi: G_c, Lip_Phi: T, Lip_Dg: a**2, E_Phi: E_g, Lip_g: a, G_Phi: G_g}
    assert sympy.expand(general.subs(values) - found) == 0


def theorem_product():
    """P(u~, h~) - u h and its slope; both partial derivatives of P are off by at most s."""
    value = [(e,), (h, u_ - u), (u, h_ - h), (u_ - u, h_ - h)]
    assert sympy.expand(total(value) - (u_ * h_ + e - u * h)) == 0
    norms = {e: own, u: 1, h: H, u_ - u: E_u, h_ - h: E_h, e_x: steep, e_y: steep}
    norms |= {du_: U, dh_: V, du_ - du: G_u, dh_ - dh: G_h}
    assert bound(value, norms) == sympy.expand(own + H * E_u + E_h + E_u * E_h)
    slope = [(e_x, du_), (e_y, dh_), (h_ - h, du_), (u_ - u, dh_), (h, du_ - du), (u, dh_ - dh)]
    error = (h_ + e_x) * du_ + (u_ + e_y) * dh_ - h * du - u * dh
    assert sympy.expand(total(slope) - error) == 0
    found = bound(slope, norms)
    assert sympy.expand(found - (steep * (U + V) + E_h * U + E_u * V + H * G_u + G_h)) == 0
    first, second = Known(S(1), {0: U - G_u}, E_u, {0: G_u}), Known(H, {0: V - G_h}, E_h, {0: G_h})
    carried = product_rule(first, second, 1, 0, 0, sympy.Max)
    assert sympy.expand(carried.value + own - bound(value, norms)) == 0
    assert sympy.expand(carried.slopes[0] + steep * (U + V) - found) == 0


def lemma_the_product_takes_its_arguments():
    """|w~| <= |w~ - w| + |w|: at most size + 1, and 2 for c~(g~), compared with cos(a g~)."""
    size = sympy.Symbol("size", nonnegative=True)
    assert bound([(h_ - h,), (h,)], {h_ - h: 1, h: size}) == size + 1
    assert total([(c_ - wave_,), (wave_,)]) == c_
    assert bound([(c_ - wave_,), (wave_,)], {c_ - wave_: 1, wave_: 1}) == 2


def theorem_lines_of_the_package():
    """The two lines of the package are these bounds, a little larger, for a network as it is built."""
    phi = oscillatory_texture(10, "x**2", "exp(x)", "1e-1")
    given = _recorded(**dict(phi.derivation.parameters))
    size, (g, c, factor, product) = sizes(*given[:5]), (_bound(part) for part in parts(given))
    steepest = size.g_slope + g.derivative_error
    value = c.value_error + size.a * g.value_error
    slope = c.derivative_error * steepest + size.a**2 * g.value_error * steepest + size.a * g.derivative_error
    first, second = size.a * size.g_slope + slope, size.h_slope + factor.derivative_error
    symbols = {H: size.h, E_u: value, E_h: factor.value_error, G_u: slope, G_h: factor.derivative_error}
    symbols |= {U: first, V: second, own: product.value_error, steep: product.derivative_error}
    exact = {name: sympy.Rational(number.numerator, number.denominator) for name, number in symbols.items()}
    formulas = (
        *(own, steep * (U + V)),
        *(H * E_u + E_h + E_u * E_h, E_h * U + E_u * V + H * G_u + G_h),
    )
    lines, _ = _rules(given)
    found = [number for line in lines for number in (line.value_error, line.derivative_error)]
    for formula, number in zip(formulas, found, strict=True):
        wanted = Fraction(str(formula.subs(exact)))
        assert wanted <= number <= wanted * (1 + Fraction(1, 2**30))
