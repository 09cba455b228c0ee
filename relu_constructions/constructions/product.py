"""The product: D1 D2 P(x/D1, y/D2) with P(x, y) = f_m(|x + y|/2) - f_m(|x - y|/2), f_m that of the square.

Two errors in [0, 4^-(m+1)] are subtracted, so the error of the product is not larger than that of one square,
and the gradients are bounded together: |P_x - y| + |P_y - x| <= 2^-m.  What else P has in common with the
product is stated in `LAWS`.  The layers themselves are in `product_networks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from relu_constructions.box import Box
from relu_constructions.construction import CONSTRUCTIONS, Bound, Construction, Derivation, Point
from relu_constructions.constructions.product_networks import build
from relu_constructions.derivation import Known, affine_rule, input_rule, product_rule, square_rule
from relu_constructions.exact import shown, to_fraction, to_integer, to_tolerance
from relu_constructions.multivariate import MultivariatePolynomial
from relu_constructions.parametrization import Parametrization, refuse_excess
from relu_constructions.theorem import Theorem, evaluate_formula

_TWO = "Max(1, ceiling(log(Max(D1, D2)/eps, 2)), ceiling(log(D1*D2/(4*eps), 4)))"
_THREE = "Max(1, ceiling(log(2*Max(D1, D2)/eps, 2)), ceiling(log(D1*D2/eps, 4)))"
LEVELS = {"two_squares": _TWO, "epgb": _TWO, "yarotsky": _THREE}
"""The least number of levels for an accuracy eps in W^{1,inf}, by form."""

_SAMPLES = tuple(
    {"m": m, "D1": D1, "D2": D2}
    for m in (1, 2, 3, 5)
    for D1, D2 in (("1", "1"), ("3/2", "3/2"), ("8", "1/4"), ("1/3", "5"))
)

_EPGB = "15*m + 14"
_PUBLISHED = {
    "EPGB 2021": _EPGB,
    "three squares (Yarotsky 2017) with one level more, for the same errors": "19*m + 25",
}


def _theorem_of(form: str, function: str, reference: str, **sizes: str) -> Theorem:
    """The statement of one form; three squares have four times the value error and twice the other one."""
    three = form == "yarotsky"
    quadrants = " or [0, D1] x [0, D2] (q = 1)" if form == "two_squares" else ""
    return Theorem(
        name="product",
        statement=f"on [-D1, D1] x [-D2, D2] (q = 0){quadrants} the network is {function}, where u = x/D1, "
        "v = y/D2; the derivative error is that of the worse partial derivative",
        reference=reference,
        parameters=("m", "D1", "D2", "q"),
        requires="m >= 1" if quadrants else "m >= 1, q = 0",
        equals={
            "depth": "m + 2",
            **sizes,
            "value_error": "D1*D2*4**(-m)" if three else "D1*D2*4**(-m)/4",
            "derivative_error": "2*Max(D1, D2)*2**(-m)" if three else "Max(D1, D2)*2**(-m)",
        },
        published={} if three else _PUBLISHED,
        samples=tuple({**sample, "q": q} for q in ((0, 1) if quadrants else (0,)) for sample in _SAMPLES),
    )


_P = "D1 D2 (f_m(|u + v|/2) - f_m(|u - v|/2))"

THEOREMS = {
    "two_squares": _theorem_of(
        "two_squares",
        _P,
        "relu_constructions; the sizes were not found in the literature",
        width="5 if m >= 3 else 4",
        neurons="(5*m + 1 if m >= 2 else 8) - q",
        connectivity="13*m + 7 - 6*q if m >= 2 else 22 - 4*q",
        magnitude="Max(2 if m >= 2 else 1, D1/(2*D2), D1/2, D2, (1 - q)*Max(D1, D1*D2) if m >= 2 else 0)",
    ),
    "epgb": _theorem_of(
        "epgb",
        _P,
        "Elbraechter, Perekrestenko, Grohs, Boelcskei 2021, Proposition III.3 (from a transcription; with "
        "an offset of the accumulator)",
        width="5",
        neurons="5*m + 4",
        connectivity=_EPGB,
        magnitude="Max(1, D1/(2*D2), D1, D2, D1*D2)",
    ),
    "yarotsky": _theorem_of(
        "yarotsky",
        "2 D1 D2 (f_m(|u + v|/2) - f_m(|u|/2) - f_m(|v|/2))",
        "Yarotsky 2017, Proposition 3, with the sparse form of the square; sizes by relu_constructions",
        width="7 if m >= 3 else 6",
        neurons="7*m + 2 if m >= 2 else 12",
        connectivity="19*m + 6 if m >= 2 else 29",
        magnitude="Max(2 if m >= 2 else 1, D1/(2*D2), D1/2, 2*D2, D1*D2 if m >= 2 else 0)",
    ),
}


def _law(name: str, statement: str, **equals: str) -> Theorem:
    return Theorem(
        name=f"product, {name}",
        statement=statement,
        reference="relu_constructions",
        parameters=("m", "D1", "D2"),
        requires="m >= 1",
        equals=equals,
        samples=tuple({"m": m, "D1": D1, "D2": D2} for m in (1, 2, 3) for D1, D2 in ((1, 1), (8, "1/4"))),
    )


LAWS = {
    "value": _law(
        "value error",
        "|P - xy| is at most the value error, with equality at x = D1 2^-(m+1), y = D2 2^-(m+1)",
        value_error="D1*D2*4**(-m)/4",
    ),
    "gradient": _law(
        "gradient error",
        "|P_x - y|/D2 + |P_y - x|/D1 has this essential supremum, and so has either term alone",
        gradient_error="2**(-m)",
    ),
    "zero": _law("zero law", "P(0, y) = P(x, 0) = 0 for all real x and y (x, y >= 0 if q = 1)"),
    "unit": _law(
        "unit law",
        "P(D1, y) = D1 y and P(x, D2) = D2 x on the domain; if q = 0, also P(-D1, y) = -D1 y and "
        "P(x, -D2) = -D2 x",
    ),
    "range": _law(
        "range",
        "|P| <= min(D2 |x|, D1 |y|) on the domain, hence at most the range, which is attained; P >= 0 where "
        "x, y >= 0",
        range="D1*D2",
    ),
    "slopes": _law(
        "slopes",
        "slope_x, slope_y and slope_sum are the essential suprema of |P_x|, |P_y| and |P_x|/D2 + |P_y|/D1",
        slope_x="D2",
        slope_y="D1",
        slope_sum="2 - 2**(-m)",
    ),
}
"""What P of ``two_squares`` and ``epgb`` shares with the product; for ``yarotsky`` the slope_sum is 2 and the
errors are larger, by 4 (value) and 2 (gradient), and the rest holds too."""


def product(
    eps: Any = None, *, m: Any = None, bound: Any = None, form: str = "two_squares", positive: bool = False
) -> Parametrization:
    """Build a network for x y on [-D1, D1] x [-D2, D2] to a given accuracy or with a given number of levels.

    Parameters
    ----------
    eps : number, optional
        The accuracy in W^{1,inf}, of the function and of both partial derivatives, 0 < eps < max(1, D1, D2);
        a string such as ``"1e-6"`` is read exactly.
    m : int, optional
        The number of levels, instead of `eps`.
    bound : number or pair of numbers, optional
        D1 = D2, or (D1, D2); 1 if it is left out.
    form : {"two_squares", "epgb", "yarotsky"}
        ``"two_squares"``: 13m + 7 nonzeros, 5m + 1 neurons, weights at most 2 for D1 = D2 = 1.
        ``"epgb"``: the same function, 15m + 14 nonzeros, 5m + 4 neurons, weights at most 1.
        ``"yarotsky"``: three squares, 19m + 6 nonzeros, and twice the gradient error.
    positive : bool
        Whether the domain is [0, D1] x [0, D2] only, which saves a neuron and 6 nonzeros; for
        ``form="two_squares"``.

    Returns
    -------
    Parametrization
        With sup error D1 D2 4^-(m+1) and errors D2 2^-m and D1 2^-m of the partial derivatives in x and y,
        all exact; with D1 D2 4^-m, D2 2^(1-m) and D1 2^(1-m) for ``form="yarotsky"``.

    Raises
    ------
    ValueError
        For an accuracy or a number of levels out of range, and for a size beyond the limits (with that size).
    TypeError
        For a float `bound`, and if not exactly one of `eps` and `m` is given.

    Examples
    --------
    >>> phi = product("1e-6")
    >>> phi
    Parametrization(architecture=(2, 4, 4, 5, ..., 5, 5, 3, 1), connectivity=267, magnitude=2)
    >>> phi(["1/3", "-1/2"])[0] + Fraction(1, 6) <= Fraction(1, 4**21)
    True
    >>> phi([1, "-1/7"])[0], phi([0, 1000])[0]
    (Fraction(-1, 7), Fraction(0, 1))
    """
    parameters = _parameters(form, bound, positive)
    aimed = None
    if (eps is None) == (m is None):
        raise TypeError("give either the accuracy eps or the number of levels m")
    if eps is not None:
        aimed = to_tolerance(eps)
        m = _levels(aimed, parameters)
    parameters["m"] = to_integer(m, "m", 1)
    _refuse_excess(parameters)
    record = Derivation("product", tuple(sorted(parameters.items())), eps=aimed)
    return build(**parameters).with_derivation(record)


def _parameters(form: str, bound: Any, positive: bool) -> dict[str, Any]:
    _theorem(form)
    if positive and form != "two_squares":
        raise ValueError(f"positive is for form='two_squares', got form={form!r}")
    D1, D2 = _bounds(bound)
    return {"form": form, "D1": D1, "D2": D2, "q": int(bool(positive))}


def _bounds(bound: Any) -> tuple[Fraction, Fraction]:
    given = bound if isinstance(bound, (tuple, list)) else [1 if bound is None else bound] * 2
    if len(given) != 2:
        raise ValueError(f"bound must be one number or a pair (D1, D2), got {len(given)} numbers")
    D1, D2 = (to_fraction(D, "bound") for D in given)
    if min(D1, D2) <= 0:
        raise ValueError(f"bound must be positive, got {shown(min(D1, D2))}")
    return D1, D2


def _levels(eps: Fraction, parameters: dict[str, Any]) -> int:
    D1, D2 = parameters["D1"], parameters["D2"]
    largest = max(Fraction(1), D1, D2)
    if eps >= largest:
        raise ValueError(f"eps must be less than {shown(largest)}, got {shown(eps)}")
    return int(evaluate_formula(LEVELS[parameters["form"]], {"D1": D1, "D2": D2, "eps": eps}))


def _refuse_excess(parameters: dict[str, Any]) -> None:
    m, D1, D2 = parameters["m"], parameters["D1"], parameters["D2"]
    nonzeros = int(_theorem(**parameters).claim("connectivity", **_symbols(**parameters)))
    bits = sum(part.bit_length() for D in (D1, D2) for part in D.as_integer_ratio()) + 2 * m
    refuse_excess(f"product with m = {shown(m)}", nonzeros, nonzeros * bits // 2)


def _theorem(form: str, **parameters: Fraction | int | str) -> Theorem:
    if form not in THEOREMS:
        raise ValueError(f"form must be one of {', '.join(THEOREMS)}, got {form!r}")
    return THEOREMS[form]


def _symbols(form: str, **numbers: Fraction | int) -> Mapping[str, Fraction | int]:
    return numbers


def _domain(D1: Fraction, D2: Fraction, q: int, **parameters: Any) -> Box:
    return ((-D1 if q == 0 else Fraction(0), D1), (-D2 if q == 0 else Fraction(0), D2))


def _prove(phi: Parametrization, form: str, m: int, D1: Fraction, D2: Fraction, q: int) -> Bound:
    """Apply the rules to u v, u = x/D1, v = y/D2, and scale; the points are where the bounds are attained."""
    eta, delta = Fraction(1, 2**m), Fraction(1, 4 ** (m + 1))
    known = (_three_squares if form == "yarotsky" else _two_squares)(eta, delta)
    slope = max(D2 * known.slopes[0], D1 * known.slopes[1])
    value_at, slopes_at = _points(form, eta)
    return Bound(
        D1 * D2 * known.value,
        slope,
        (_scaled(value_at, D1, D2),),
        tuple((_scaled(point, D1, D2), _scaled(way, D1, D2)) for point, way in slopes_at),
        0,
    )


def _scaled(point: Point, D1: Fraction, D2: Fraction) -> Point:
    return point[0] * D1, point[1] * D2


def _two_squares(eta: Fraction, delta: Fraction) -> Known:
    one = Fraction(1)
    return product_rule(input_rule(0, one), input_rule(1, one), one, eta, delta)


def _three_squares(eta: Fraction, delta: Fraction) -> Known:
    """u v = 2 s^2 - 2 (u/2)^2 - 2 (v/2)^2, s = (u + v)/2; errors of squares are not negative."""
    half, one = Fraction(1, 2), Fraction(1)
    u, v = input_rule(0, one), input_rule(1, one)
    s, u, v = (affine_rule(0, parts) for parts in ([(half, u), (half, v)], [(half, u)], [(half, v)]))
    squares = [square_rule(w, one, eta, delta) for w in (s, u, v)]
    summed = affine_rule(0, [(2, squares[0]), (-2, squares[1]), (-2, squares[2])])
    return summed._replace(value=max(2 * squares[0].value, 2 * (squares[1].value + squares[2].value)))


def _points(form: str, eta: Fraction) -> Any:
    """Where the value error is attained, and from where towards which side the two slope errors are."""
    zero, one = Fraction(0), Fraction(1)
    if form == "yarotsky":
        return (eta, eta), (((2 * eta, zero), (-one, 2 * one)), ((zero, 2 * eta), (2 * one, -one)))
    return (eta / 2, eta / 2), (((zero, zero), (one, zero)), ((zero, zero), (zero, one)))


CONSTRUCTIONS["product"] = Construction(
    build=build,
    theorem=_theorem,
    symbols=_symbols,
    target=lambda **parameters: MultivariatePolynomial.of({(1, 1): 1}, ("x", "y")),
    domain=_domain,
    pieces=lambda **parameters: 0,
    prove=_prove,
)
