"""The square: B^2 f_m(|x|/B), where f_m interpolates x^2 at the points k/2^m (k/K^m for K-fold folding).

Every form realises the same function S_m + h_m y_m, where y_0 = x, y_1, ..., y_m are the folded variables,
h_m = B k^-m bounds y_m and S_m = x^2 - y_m^2.  Hence the error h_m y_m - y_m^2 on [0, h_m], in all forms.
The layers themselves are in `square_networks`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from relu_constructions.construction import CONSTRUCTIONS, Bound, Box, Construction, Derivation, Parameter
from relu_constructions.constructions.square_networks import build
from relu_constructions.exact import shown, to_fraction, to_integer, to_tolerance
from relu_constructions.fold_bound import fold_bound
from relu_constructions.folding import Fold, chain
from relu_constructions.parametrization import Parametrization, refuse_excess
from relu_constructions.targets import Polynomial
from relu_constructions.theorem import Theorem, evaluate_formula

LEVELS = {
    "W1inf": "Max(1, ceiling(log(B/eps, k)), ceiling(log(B**2/(4*(1 + c)*eps), k**2)))",
    "Linf": "Max(1, ceiling(log(B**2/(4*(1 + c)*eps), k**2)))",
}
"""The least number of levels for an accuracy eps, by norm."""

_SAMPLES = tuple(
    {"m": m, "B": B, "s": s, "c": c}
    for m in (1, 2, 3, 5, 8)
    for B, s, c in (("1", 0, 0), ("1", 0, 1), ("1", 1, 0), ("3/2", 1, 1), ("8", 1, 0))
)

_YAROTSKY = "15*m - 5 + 6*s + c"
_EPGB = "8*m - 1 + 5*s + c"
_PUBLISHED = {"Yarotsky 2017, hats of three neurons": _YAROTSKY, "EPGB 2021": _EPGB}


def _theorem_of(reference: str, base: int = 2, **sizes: str) -> Theorem:
    """The statement that all forms share, with the sizes of one form; `base` 0 leaves k a parameter."""
    k = str(base) if base else "k"
    shift = f"c*B**2*{k}**(-2*m)/8"
    errors = {"value_error": f"B**2*{k}**(-2*m)/(4*(1 + c))", "derivative_error": f"B*{k}**(-m)"}
    return Theorem(
        name="square",
        statement="on [0, B] (s = 0) or [-B, B] (s = 1, |x| in front) the network interpolates x^2 at the "
        f"points B j {k}^-m, less half of the sup error if c = 1",
        reference=reference,
        parameters=("m", "B", "s", "c") if base else ("m", "B", "s", "c", "k"),
        requires="m >= 1" if base else "m >= 1, k >= 2",
        equals={"depth": "m + 1 + s", **sizes, "magnitude": f"Max({sizes['magnitude']}, {shift})", **errors},
        published=_PUBLISHED if base else {},
        samples=_SAMPLES if base else tuple({**sample, "k": k} for sample in _SAMPLES for k in (2, 3, 4, 5)),
    )


THEOREMS = {
    "sparse": _theorem_of(
        "relu_constructions; the recursion is folklore, the sizes were not found in the literature",
        width="3 if m >= 3 else 2",
        neurons="(3*m - 2 if m >= 2 else 2) + 2*s",
        connectivity="(7*m - 4 if m >= 2 else 5) + 4*s + c",
        magnitude="2 if m >= 2 else 1, B",
    ),
    "unit_weights": _theorem_of(
        "relu_constructions; the sparse form rescaled",
        width="3 if m >= 2 else 2",
        neurons="3*m - 1 + 2*s",
        connectivity="(7*m - 1 if m >= 2 else 5) + 4*s + c",
        magnitude="1, B",
    ),
    "yarotsky": _theorem_of(
        "Yarotsky 2017, Proposition 2 (network as in the slides of Berner et al.)",
        width="4",
        neurons="4*m + 2*s",
        connectivity=_YAROTSKY,
        magnitude="4 if m >= 2 else 1, B",
    ),
    "epgb": _theorem_of(
        "Elbraechter, Perekrestenko, Grohs, Boelcskei 2021, Proposition III.2 (from a transcription)",
        width="3",
        neurons="3*m + 2*s",
        connectivity=_EPGB,
        magnitude="1, B",
    ),
    "folded": _theorem_of(
        "relu_constructions; k-fold folding",
        base=0,
        width="Max(k + 1 if m >= 2 else k, 1 + s)",
        neurons="(k + 1)*m - 1 + 2*s",
        connectivity="(m - 1)*(k**2 + k + floor(k/2)) + 3*k - 1 + (2 + k)*s + c",
        magnitude="2 if m >= 2 else 2*B/k, B if m >= 2 else B*(k - 1)/k, 1",
    ),
}


def square(
    eps: Any = None,
    *,
    m: Any = None,
    bound: Any = None,
    form: str = "sparse",
    norm: str = "W1inf",
    shifted: bool = False,
    k: Any = None,
) -> Parametrization:
    """Build a network for x^2 on [0, 1], or on [-B, B], to a given accuracy or with a given number of levels.

    Parameters
    ----------
    eps : number, optional
        The accuracy, 0 < eps < max(1, B); a string such as ``"1e-6"`` is read exactly.
    m : int, optional
        The number of levels, instead of `eps`.
    bound : number, optional
        B: the domain is [-B, B] instead of [0, 1], with |x| in front.
    form : {"sparse", "unit_weights", "yarotsky", "epgb", "folded"}
        ``"sparse"``: 7m - 4 nonzeros, 3m - 2 neurons, weights at most 2.
        ``"unit_weights"``: 7m - 1 nonzeros, weights at most 1.
        ``"yarotsky"``: hats of three neurons and an accumulator, 15m - 5 nonzeros, weights at most 4.
        ``"epgb"``: three neurons a level, 8m - 1 nonzeros, weights at most 1.
        ``"folded"``: k-fold folding, k^m pieces, (k + 1)m - 1 neurons.
    norm : {"W1inf", "Linf"}
        What `eps` bounds: the errors of function and derivative, or that of the function alone.
    shifted : bool
        Whether half of the error is subtracted, which halves the error of the function.
    k : int, optional
        The number of parts of a fold, for ``form="folded"``; 4 if it is left out.

    Returns
    -------
    Parametrization
        With sup error B^2 k^(-2m)/4 (half of that if shifted) and derivative error B k^-m, both exact,
        where k = 2 except for ``form="folded"``.

    Raises
    ------
    ValueError
        For an accuracy or a number of levels out of range, and for a size beyond the limits (with that size).
    TypeError
        For a float `bound`, and if not exactly one of `eps` and `m` is given.

    Examples
    --------
    >>> phi = square("1e-6")
    >>> phi
    Parametrization(architecture=(1, 2, 3, 3, ..., 3, 3, 2, 1), connectivity=136, magnitude=2)
    >>> phi("1/3") - Fraction(1, 9) <= Fraction(1, 4**21)
    True
    """
    parameters = _parameters(form, bound, shifted, k)
    aimed = None
    if (eps is None) == (m is None):
        raise TypeError("give either the accuracy eps or the number of levels m")
    if eps is not None:
        aimed = to_tolerance(eps)
        m = _levels(aimed, parameters, norm)
    parameters["m"] = to_integer(m, "m", 1)
    _refuse_excess(parameters)
    return build(**parameters).with_derivation(
        Derivation("square", tuple(sorted(parameters.items())), eps=aimed, norm=norm)
    )


def _parameters(form: str, bound: Any, shifted: bool, k: Any) -> dict[str, Any]:
    if form not in THEOREMS:
        raise ValueError(f"form must be one of {', '.join(THEOREMS)}, got {form!r}")
    if k is not None and form != "folded":
        raise ValueError(f"k is for form='folded', got k = {k} with form={form!r}")
    B = Fraction(1) if bound is None else to_fraction(bound, "bound")
    if B <= 0:
        raise ValueError(f"bound must be positive, got {shown(B)}")
    parts = to_integer(4 if k is None else k, "k", 2) if form == "folded" else 2
    return {"form": form, "B": B, "s": int(bound is not None), "c": int(bool(shifted)), "k": parts}


def _levels(eps: Fraction, parameters: dict[str, Any], norm: str) -> int:
    if norm not in LEVELS:
        raise ValueError(f"norm must be one of {', '.join(LEVELS)}, got {norm!r}")
    largest = max(Fraction(1), parameters["B"])
    if eps >= largest:
        raise ValueError(f"eps must be less than {shown(largest)}, got {shown(eps)}")
    symbols = {name: value for name, value in parameters.items() if name in ("B", "c", "k")}
    return int(evaluate_formula(LEVELS[norm], {**symbols, "eps": eps}))


def _refuse_excess(parameters: dict[str, Any]) -> None:
    m, B, k = parameters["m"], parameters["B"], parameters["k"]
    named = ("m", "s", "c", "k", "B")
    sizes = {name: parameters[name] for name in named}
    nonzeros = int(THEOREMS[parameters["form"]].claim("connectivity", **sizes))
    bits = B.numerator.bit_length() + B.denominator.bit_length() + m * k.bit_length()
    refuse_excess(f"square with m = {shown(m)}", nonzeros, nonzeros * bits // 2)


def _theorem(form: str, **parameters: Parameter) -> Theorem:
    if form not in THEOREMS:
        raise ValueError(f"form must be one of {', '.join(THEOREMS)}, got {form!r}")
    return THEOREMS[form]


def _domain(B: Fraction, s: int, **parameters: Parameter) -> Box:
    return ((-B if s else Fraction(0), B),)


def _prove(phi: Parametrization, m: int, B: Fraction, s: int, k: int, **parameters: Parameter) -> Bound:
    front = (Fold(-B, B, 2, rising=False),) if s else ()
    return fold_bound(phi, front + chain(Fraction(0), B, k, m), 1, Fraction(0))


CONSTRUCTIONS["square"] = Construction(
    build=build,
    theorem=_theorem,
    symbols=lambda form, **numbers: numbers,
    target=lambda **parameters: Polynomial.of([0, 0, 1]),
    domain=_domain,
    pieces=lambda m, k, s, **parameters: k**m * 2**s,
    prove=_prove,
)
