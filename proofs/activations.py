"""Where softplus, tanh, ELU and GELU and their slopes increase and decrease.

Statement. Softplus, tanh and the slope of softplus increase. The slope of tanh increases up to 0 and
decreases from there. ELU with the parameter a has the slopes 1 for x > 0 and a exp(x) for x < 0, which tends
to a at 0; for a = 1 it is differentiable, and neither it nor its slope exp(min(x, 0)) decreases. GELU, that
is g(x) = x Phi(x), has the slope Phi(x) + x phi(x), which increases between -sqrt(2) and sqrt(2) and
decreases elsewhere; g decreases up to one point between -0.76 and -0.74 and increases from there.

Notation. phi and Phi are density and distribution function of the normal distribution.

Overview. `lemma_softplus`, `lemma_tanh`, `lemma_elu`, `lemma_stable_forms`, `lemma_gelu_slope`,
`lemma_gelu_limits`, `lemma_gelu_signs`.

Prose. The slope of GELU tends to 0 at -inf and decreases up to -sqrt(2), so it is negative there; it tends to
1 at inf and decreases from sqrt(2), so it is greater than 1 there; between the two it increases, so it has
exactly one zero, which is between two points where its signs differ. The interval Newton method keeps that
zero by the mean value theorem, because g'' is positive from -0.76 to -0.74.

References. None.
"""

from fractions import Fraction

import sympy
from flint import arb

from relu_constructions.balls import ball
from relu_constructions.smooth_activations import LEAST_BETWEEN

x = sympy.Symbol("x", real=True)
u = sympy.Symbol("u", positive=True)
E = sympy.exp
density = E(-(x**2) / 2) / sympy.sqrt(2 * sympy.pi)
distribution = (1 + sympy.erf(x / sympy.sqrt(2))) / 2


def lemma_softplus():
    """The slope is 1/(1 + exp(-x)) > 0, whose slope is exp(x)/(1 + exp(x))^2 > 0."""
    slope = sympy.diff(sympy.log(1 + E(x)), x)
    assert sympy.simplify(slope - 1 / (1 + E(-x))) == 0
    second = E(x) / (1 + E(x)) ** 2
    assert sympy.simplify(sympy.diff(slope, x) - second) == 0
    assert slope.is_positive
    assert second.is_positive


def lemma_tanh():
    """The slope is 1 - tanh^2 = 4 exp(-2x)/(1 + exp(-2x))^2 > 0, whose slope is -2 tanh times it."""
    slope, written = sympy.diff(sympy.tanh(x), x), 4 * E(-2 * x) / (1 + E(-2 * x)) ** 2
    assert slope == 1 - sympy.tanh(x) ** 2
    assert sympy.simplify((slope - written).rewrite(E)) == 0
    assert sympy.expand(sympy.diff(slope, x) + 2 * sympy.tanh(x) * slope) == 0
    assert written.is_positive
    assert sympy.simplify(written.subs(x, -x) - written) == 0
    assert sympy.tanh(u).is_positive
    assert sympy.tanh(-u).is_negative


def lemma_elu():
    """The slope of a (exp(x) - 1) is a exp(x); at 0 the value is 0 and the slope a."""
    a = sympy.Symbol("a", real=True)
    left = a * (E(x) - 1)
    assert sympy.diff(left, x) == a * E(x)
    assert left.subs(x, 0) == 0
    assert sympy.diff(left, x).subs(x, 0) == a


def lemma_stable_forms():
    """max(x, 0) + log(1 + exp(-|x|)) is log(1 + exp(x)), erfc(-x/sqrt(2))/2 is Phi, with the density phi."""
    assert sympy.expand(E(u) * (1 + E(-u))) == 1 + E(u)
    assert sympy.simplify(sympy.erfc(-x / sympy.sqrt(2)) / 2 - distribution).rewrite(sympy.erf) == 0
    assert sympy.simplify(sympy.diff(distribution, x) - density) == 0


def lemma_gelu_slope():
    """g' = Phi + x phi and g'' = (2 - x^2) phi, where phi > 0."""
    first = sympy.diff(x * distribution, x)
    assert sympy.simplify(first - distribution - x * density) == 0
    assert sympy.simplify(sympy.diff(first, x) - (2 - x**2) * density) == 0
    assert density.is_positive
    assert all(end**2 < 2 for end in LEAST_BETWEEN)


def lemma_gelu_limits():
    """Phi + x phi tends to 0 at -inf and to 1 at inf; x Phi(x) tends to 0 at -inf."""
    assert sympy.limit(distribution, x, -sympy.oo) == 0
    assert sympy.limit(distribution, x, sympy.oo) == 1
    for end in (-sympy.oo, sympy.oo):
        assert sympy.limit(x * density, x, end) == 0
    assert sympy.limit(u * sympy.erfc(u), u, sympy.oo) == 0


def lemma_gelu_signs():
    """The slope of GELU is negative at -0.76 and positive at -0.74; both are enclosed by balls."""
    assert (Fraction("-0.76"), Fraction("-0.74")) == LEAST_BETWEEN
    signs = []
    for point in LEAST_BETWEEN:
        at = ball(point)
        slope = (-at / arb(2).sqrt()).erfc() / 2 + at * (-at * at / 2).exp() / (2 * arb.pi()).sqrt()
        signs.append((bool(slope < 0), bool(slope > 0)))
    assert signs == [(True, False), (False, True)]
