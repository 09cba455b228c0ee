"""Oscillatory textures cos(a g(x)) h(x): smooth functions g and h, and a cosine of high frequency a.

The network is the product of a cosine after a network for g and of a network for h, made by the calculus.
Its errors follow from those of the four parts by the chain rule and the product rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from relu_constructions.angle import Angle, to_angle
from relu_constructions.box import to_interval
from relu_constructions.calculus import concatenation, elongation, parallelization
from relu_constructions.construction import CONSTRUCTIONS, Bound, Construction, Derivation, Line, Point
from relu_constructions.constructions.chebyshev import chebyshev
from relu_constructions.constructions.cosine import cosine
from relu_constructions.constructions.product import product
from relu_constructions.derivation import Known, product_rule
from relu_constructions.elementary import Elementary
from relu_constructions.exact import to_tolerance
from relu_constructions.folding import DerivationRefused
from relu_constructions.newton import power_above
from relu_constructions.parametrization import Parametrization
from relu_constructions.rounding import above
from relu_constructions.theorem import Theorem

PROBES = 5
MOST_DIGITS = 4096
THEOREM = Theorem(
    name="oscillatory texture",
    statement="cos(a g(x)) h(x) from networks for g, the cosine, h and the product, of depths Lg, Lc, Lh, Lp",
    reference="relu_constructions; the class of functions is that of EPGB 2021 (from memory)",
    parameters=("Lg", "Lc", "Lh", "Lp"),
    equals={"depth": "Max(Lg + Lc - 1, Lh) + Lp - 1"},
    asymptotic={"depth": "log^2(1/eps) + log(a D)"},
)


class Texture(NamedTuple):
    """cos(a g) h on [lo, hi], and the accuracies of the networks for g, for the cosine and for h."""

    a: Angle
    g: str
    h: str
    lo: Fraction
    hi: Fraction
    eps_g: Fraction
    eps_c: Fraction
    eps_h: Fraction
    m: int


class Sizes(NamedTuple):
    """Bounds of |a|, |g|, |g'|, |h| and |h'| on the interval."""

    a: Fraction
    g: Fraction
    g_slope: Fraction
    h: Fraction
    h_slope: Fraction

    @property
    def reach(self) -> Fraction:
        """A bound for the network of g, which is off by at most 1."""
        return power_above(self.g + 1)

    @property
    def factor(self) -> Fraction:
        """A bound for the network of h, which is off by at most 1."""
        return power_above(self.h + 1)


class Parts(NamedTuple):
    """The networks for g, the cosine, h and the product."""

    g: Parametrization
    cosine: Parametrization
    h: Parametrization
    product: Parametrization


def oscillatory_texture(
    a: Any, g: Any, h: Any, eps: Any, *, domain: Any = (-1, 1), norm: str = "W1inf"
) -> Parametrization:
    """Build a network for cos(a g(x)) h(x) on an interval, to a given accuracy.

    Parameters
    ----------
    a : number or str
        The frequency, u + v pi with rational u and v.
    g, h : str, sympy expression or Elementary
        Functions of one variable, analytic near the interval.
    eps : number
        The accuracy; a string such as ``"1e-6"`` is read exactly.
    domain : pair (lo, hi)
    norm : {"W1inf", "Linf"}
        What `eps` bounds: value and derivative, or the value alone.

    Returns
    -------
    Parametrization
        With one input and one output.

    Raises
    ------
    ValueError
        For a = 0, functions that are singular on the domain, and an accuracy out of range.
    TypeError
        For floats where exactness matters.

    Examples
    --------
    >>> from relu_constructions import certify
    >>> phi = oscillatory_texture(10, "x**2", "exp(x)", "1e-1")
    >>> certify(phi, method="derivation").status
    <Status.PROVED: 'PROVED'>
    """
    if norm not in ("W1inf", "Linf"):
        raise ValueError(f"norm must be one of W1inf, Linf, got {norm!r}")
    angle, aimed, (lo, hi) = to_angle(a, "the frequency a"), to_tolerance(eps), to_interval(domain)
    if angle.is_zero:
        raise ValueError("the frequency a must not be 0; cos(0*g) is a constant")
    texts = [str(Elementary.of(f, dimension=1)) for f in (g, h)]
    Elementary.of(f"({texts[0]})*({texts[1]})", dimension=1).demand_smooth((lo, hi))
    given = _first(angle, texts[0], texts[1], lo, hi, aimed)
    while (error := _error(given, norm)) > aimed:
        given = _finer(given, error / aimed)
    parameters = (
        ("a", str(angle)),
        *((name, getattr(given, name)) for name in ("eps_c", "eps_g", "eps_h", "g", "h", "hi", "lo", "m")),
    )
    return _network(parts(given)).with_derivation(
        Derivation("oscillatory_texture", parameters, eps=aimed, norm=norm)
    )


def _first(a: Angle, g: str, h: str, lo: Fraction, hi: Fraction, eps: Fraction) -> Texture:
    """Accuracies of the parts that would do, if the errors of the slopes were all."""
    size = sizes(a, g, h, lo, hi)
    travel = size.a * size.g_slope + size.h_slope + 1
    most = Fraction(1, 2)
    eps_c = min(most, eps / (4 * (size.h + size.h_slope) * (size.g_slope + 1) + 1))
    eps_g = min(most, eps / (4 * size.a * (size.h + size.h_slope) * (size.a * size.g_slope + 1) + 1))
    eps_h = min(most, eps / (4 * travel))
    ratio = 4 * travel * size.factor / eps
    m = max(1, ratio.numerator.bit_length() - ratio.denominator.bit_length() + 1)
    for_g, for_c, for_h = (Fraction(1, 2 ** int(1 / e).bit_length()) for e in (eps_g, eps_c, eps_h))
    return Texture(a, g, h, lo, hi, for_g, for_c, for_h, m)


def _finer(given: Texture, ratio: Fraction) -> Texture:
    shift = max(1, int(ratio).bit_length())
    smaller = {name: getattr(given, name) / 2**shift for name in ("eps_g", "eps_c", "eps_h")}
    return given._replace(m=given.m + shift, **smaller)


@lru_cache(maxsize=8)
def sizes(a: Angle, g: str, h: str, lo: Fraction, hi: Fraction) -> Sizes:
    """Bound frequency, functions and slopes.

    Examples
    --------
    >>> found = sizes(to_angle(2), "x", "x**2", Fraction(0), Fraction(1))
    >>> [float(size) < bound for size, bound in zip(found, (2.1, 1.1, 1.1, 1.1, 2.1))]
    [True, True, True, True, True]
    """
    interval = ((lo, hi),)
    ends = []
    for text in (g, h):
        f = Elementary.of(text, dimension=1).on(interval)
        for order in (0, 1):
            found = f.enclosure(interval, order, Fraction(1, 100))
            ends.append(above(max(-found.lower, found.upper, Fraction(0))))
    g_value, g_slope, h_value, h_slope = ends
    return Sizes(max(map(abs, a.enclosure(64))), g_value, g_slope, h_value, h_slope)


@lru_cache(maxsize=4)
def parts(given: Texture) -> Parts:
    """Build the four networks."""
    least = min(given.eps_g, given.eps_c, given.eps_h)
    if least * 2**MOST_DIGITS < 1 or given.m > MOST_DIGITS:
        raise ValueError(f"the parts of a texture must be asked for at least 2^-{MOST_DIGITS}")
    size, interval = sizes(*given[:5]), (given.lo, given.hi)
    return Parts(
        chebyshev(given.g, given.eps_g, domain=interval),
        cosine(given.a, given.eps_c, bound=size.reach),
        chebyshev(given.h, given.eps_h, domain=interval),
        product(m=given.m, bound=(2, size.factor)),
    )


def _network(given: Parts) -> Parametrization:
    wave, h = concatenation(given.cosine, given.g), given.h
    depth = max(wave.depth, h.depth)
    both = parallelization(
        *(phi if phi.depth == depth else elongation(phi, depth) for phi in (wave, h)), shared_input=True
    )
    return concatenation(given.product, both)


def _rules(given: Texture) -> tuple[tuple[Line, ...], Known]:
    """The bounds of the parts, and what they amount to for the product.

    With |cos(a .)'| <= |a| and |cos(a .)''| <= a^2 the chain rule says that u = cos(a g) is off by
    E_c + |a| E_g, and its slope by G_c T + a^2 E_g T + |a| G_g almost everywhere, T >= |g~'|.
    """
    size, made = sizes(*given[:5]), parts(given)
    g, c, h, p = (_bound(phi) for phi in made)
    if g.value_error > 1 or h.value_error > 1 or c.value_error > 1:
        raise DerivationRefused("a part of the texture is off by more than 1")
    T = size.g_slope + g.derivative_error
    value = c.value_error + size.a * g.value_error
    slope = c.derivative_error * T + size.a**2 * g.value_error * T + size.a * g.derivative_error
    u = Known(Fraction(1), {0: size.a * size.g_slope}, value, {0: slope})
    v = Known(size.h, {0: size.h_slope}, h.value_error, {0: h.derivative_error})
    carried = product_rule(u, v, 1, 0, 0)
    own = Line("the product", p.value_error, p.derivative_error * (u.travel(0) + v.travel(0)))
    rest = Line("the networks for g, h and the cosine", carried.value, carried.slopes[0])
    lines = tuple(Line(name, above(e), above(d)) for name, e, d in (own, rest))
    return lines, carried


def _bound(phi: Parametrization) -> Bound:
    assert phi.derivation is not None
    return phi.derivation.prove(phi)


def _error(given: Texture, norm: str) -> Fraction:
    lines, _ = _rules(given)
    value = sum((line.value_error for line in lines), Fraction(0))
    slope = sum((line.derivative_error for line in lines), Fraction(0))
    return max(value, slope) if norm == "W1inf" else value


def _recorded(a: str, **parameters: Any) -> Texture:
    return Texture(a=to_angle(a), **parameters)


def _build(
    a: str,
    g: str,
    h: str,
    lo: Fraction,
    hi: Fraction,
    eps_g: Fraction,
    eps_c: Fraction,
    eps_h: Fraction,
    m: int,
) -> Parametrization:
    return _network(parts(Texture(to_angle(a), g, h, lo, hi, eps_g, eps_c, eps_h, m)))


def _prove(phi: Parametrization, **parameters: Any) -> Bound:
    """The network is that of the parts, entry by entry; their bounds are proved one by one."""
    given = _recorded(**parameters)
    if phi != _network(parts(given)):
        raise DerivationRefused("the network is not made of the parts of its record")
    first, rest = _rules(given)[0]
    points = tuple(_probes(given.lo, given.hi))
    bound = Bound(
        first.value_error,
        first.derivative_error,
        points,
        tuple((point, (Fraction(1),)) for point in points),
        0,
    )
    return bound.plus(first.name, (rest,))


def _probes(lo: Fraction, hi: Fraction) -> list[Point]:
    """Points all over the interval, at which nothing special happens."""
    return [(lo + (hi - lo) * Fraction(2 * i + 1, 2 * PROBES + 1),) for i in range(PROBES)]


def _symbols(**parameters: Any) -> Mapping[str, Fraction | int]:
    made = parts(_recorded(**parameters))
    return {name: phi.depth for name, phi in zip(("Lg", "Lc", "Lh", "Lp"), made, strict=True)}


def _target(a: str, g: str, h: str, **parameters: Any) -> Any:
    f = Elementary.of(g, dimension=1)
    name = f.variables[0]
    factor = Elementary.of(h, dimension=1)
    return Elementary.of(f"cos(({a})*({f}))*({factor})", variables=(name,))


CONSTRUCTIONS["oscillatory_texture"] = Construction(
    build=_build,
    theorem=lambda **parameters: THEOREM,
    symbols=_symbols,
    target=_target,
    domain=lambda lo, hi, **parameters: ((lo, hi),),
    pieces=lambda **parameters: 0,
    prove=_prove,
)
