"""The cosine cos(a x + phase) of any frequency: folding to half a period, then doubling of the angle."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from relu_constructions.angle import to_angle
from relu_constructions.box import Box, to_interval
from relu_constructions.circuit_bound import circuit_bound
from relu_constructions.construction import CONSTRUCTIONS, Bound, Construction, Derivation, Parameter
from relu_constructions.entrance import preimage
from relu_constructions.exact import shown, to_fraction, to_integer, to_tolerance
from relu_constructions.magnitude import unit_magnitude
from relu_constructions.parametrization import Parametrization, refuse_excess
from relu_constructions.schedule import network
from relu_constructions.theorem import Theorem, evaluate_formula
from relu_constructions.versine import Shape, demand_shape
from relu_constructions.wave import (
    Wave,
    WaveCircuit,
    demand_wave,
    folding,
    wave_circuit,
    wave_lines,
    wave_of,
)
from relu_constructions.wave_choice import choose_wave

FORMS = ("versine", "taylor")
MOST_BITS = 13_000
_PARAMETERS = ("r", "K", "m", "s", "f", "e")
_STATEMENT = (
    "cos(a x + phase) on an interval, by s folds to half a period (f = 1 if |.| is needed), "
    "Taylor's polynomial of cos(pi z/2^r) with K terms, r doublings, and squares of m levels"
)
THEOREMS = {
    "versine": Theorem(
        name="cosine",
        statement=_STATEMENT,
        reference="relu_constructions; folding as in EPGB 2021 and Perekrestenko et al. 2018 (from memory), "
        "doubling of the versine",
        parameters=_PARAMETERS,
        requires="r >= 0, K >= 1, m >= 1, s >= 0",
        at_most={
            "depth": "f + s + (r + 1 + 2*floor(log(K, 2)))*(m + 1) + 1",
            "width": "K + 4",
            "connectivity": "4*f + 5*s + 8*(r + K + 1)*(m + 1)",
        },
        asymptotic={"depth": "log^2(1/eps) + log(a D)", "width": "9"},
    ),
    "taylor": Theorem(
        name="cosine, by Taylor's polynomial",
        statement=f"{_STATEMENT}, r = 0, in a chain, with weights at most 1; 2^e bounds those of the input",
        reference="the form of EPGB 2021 (from memory; their constants are not explicit), "
        "with the constants of relu_constructions",
        parameters=_PARAMETERS,
        requires="K >= 1, m >= 1, s >= 0",
        at_most={
            "depth": "f + s + K*(m + 1) + e + 2",
            "width": "9",
            "connectivity": "40*(s + f + e) + 30*K*(m + 1)",
            "magnitude": "1",
        },
        asymptotic={"depth": "log^2(1/eps) + log(a D)", "width": "9", "magnitude": "1"},
    ),
}


def cosine(
    a: Any,
    eps: Any = None,
    *,
    m: Any = None,
    bound: Any = None,
    domain: Any = None,
    phase: Any = 0,
    form: str = "versine",
    norm: str = "W1inf",
) -> Parametrization:
    """Build a network for cos(a x + phase) on [-D, D], to a given accuracy in value and derivative.

    Parameters
    ----------
    a : number or str
        The frequency, u + v pi with rational u and v: ``3``, ``"1/7"``, ``"2*pi"``.
    eps : number, optional
        The accuracy; a string such as ``"1e-6"`` is read exactly.
    m : int, optional
        The number of levels of every square, instead of `eps`; cos(pi z) on [0, 1], to which the wave is
        folded, is then approximated to about 2^-m, whatever the frequency.
    bound : number, optional
        D > 0; 1, if neither it nor a domain is given.
    domain : pair (lo, hi), optional
        An interval, instead of `bound`.
    phase : number or str, optional
        u + v pi as well.
    form : {"versine", "taylor"}
        ``"versine"``: doubling of the angle; connectivity O(log^(3/2)(1/eps) + log(a D)).
        ``"taylor"``: Taylor's polynomial by a chain of products, with width at most 9 and weights at most 1
        as in EPGB; connectivity O(log^2(1/eps) + log(a D)).
    norm : {"W1inf", "Linf"}
        What `eps` bounds: value and derivative, or the value alone.

    Returns
    -------
    Parametrization
        With one input and one output.

    Raises
    ------
    ValueError
        For a = 0, D <= 0, an accuracy out of range, and a frequency for which the network would be too large
        (with its size).
    TypeError
        For floats where exactness matters, and if not exactly one of `eps` and `m` is given.

    Examples
    --------
    >>> from relu_constructions import certify
    >>> phi = cosine("2*pi", "1e-4")
    >>> certify(phi, method="derivation").status
    <Status.PROVED: 'PROVED'>
    >>> abs(phi("1/2") + 1) < Fraction(1, 10**4)
    True
    """
    return built("cosine", wave("cos", a, phase, bound, domain), eps, m, form, norm)


def wave(function: str, a: Any, phase: Any, bound: Any, domain: Any) -> Wave:
    """Read the arguments of `cosine` and of `sine`."""
    frequency, shift = to_angle(a, "the frequency a"), to_angle(phase, "the phase")
    if frequency.is_zero:
        raise ValueError("the frequency a must not be 0; cos(0*x) is a constant")
    if max(part.numerator.bit_length() for angle in (frequency, shift) for part in angle) > MOST_BITS:
        raise ValueError(f"the frequency a and the phase must have at most {MOST_BITS} binary digits")
    if bound is not None and domain is not None:
        raise TypeError("give either bound=D for [-D, D] or a domain, not both")
    if domain is not None:
        return Wave(function, frequency, shift, *to_interval(domain))
    D = to_fraction(1 if bound is None else bound, "bound")
    if D <= 0:
        raise ValueError(f"bound must be positive, got {shown(D)}")
    return Wave(function, frequency, shift, -D, D)


def built(construction: str, given: Wave, eps: Any, m: Any, form: str, norm: str) -> Parametrization:
    """Build the network of a wave, with its record."""
    if form not in FORMS:
        raise ValueError(f"form must be one of {', '.join(FORMS)}, got {form!r}")
    if norm not in ("W1inf", "Linf"):
        raise ValueError(f"norm must be one of W1inf, Linf, got {norm!r}")
    if (eps is None) == (m is None):
        raise TypeError("give either the accuracy eps or the number of levels m")
    aimed = None if eps is None else to_tolerance(eps)
    if m is not None:
        refuse_excess(f"a cosine with {shown(to_integer(m, 'm', 1))} levels", 20 * int(m), 3 * int(m) ** 2)
    levels = None if m is None else to_integer(m, "m", 1)
    digits, shape, chosen = choose_wave(given, aimed, levels, form == "taylor", norm)
    parameters: dict[str, Parameter] = {
        "function": given.function,
        "a": str(given.a),
        "phase": str(given.phase),
        "lo": given.lo,
        "hi": given.hi,
        "digits": digits,
        **shape._asdict(),
        "m": chosen.m,
        "late": int(chosen.late),
        "unit": int(form == "taylor"),
    }
    phi = unit_magnitude(chosen.phi) if form == "taylor" else chosen.phi
    record = Derivation(construction, tuple(sorted(parameters.items())), eps=aimed, norm=norm)
    return phi.with_derivation(record)


@lru_cache(maxsize=4)
def recorded(
    function: str,
    a: str,
    phase: str,
    lo: Fraction,
    hi: Fraction,
    digits: int,
    r: int,
    K: int,
    bits: int,
    strategy: str,
    k: int,
    m: int,
) -> tuple[Wave, Shape, WaveCircuit]:
    """Write the circuit that a record describes."""
    given, shape = wave_of(function, a, phase, lo, hi), Shape(r, K, bits, strategy, k)
    demand_shape(shape, m)
    return given, shape, wave_circuit(given, shape, digits, m)


def build(
    function: str,
    a: str,
    phase: str,
    lo: Fraction,
    hi: Fraction,
    digits: int,
    r: int,
    K: int,
    bits: int,
    strategy: str,
    k: int,
    m: int,
    late: int,
    unit: int,
) -> Parametrization:
    """Build the network that a record describes."""
    _, _, made = recorded(function, a, phase, lo, hi, digits, r, K, bits, strategy, k, m)
    phi = network(made.circuit, bool(late))
    return unit_magnitude(phi) if unit else phi


def prove(phi: Parametrization, digits: int, late: int, unit: int, **parameters: Any) -> Bound:
    """Bound the errors: those of the squares, and what exact gates would be off."""
    given, shape, made = recorded(digits=digits, **parameters)
    demand_wave(made, given, shape, digits)
    bound = circuit_bound(phi, made.circuit)
    bound = bound._replace(value_points=(*_turned(made, given, digits), *bound.value_points))
    return bound.plus(f"squares with m = {parameters['m']} levels", wave_lines(given, shape, digits))


def _turned(made: WaveCircuit, given: Wave, digits: int) -> tuple[tuple[Fraction], ...]:
    """A point with the largest z, where Taylor's polynomial is worst, if there is a fold."""
    if made.circuit.gates[0].kind != "fold":
        return ()
    x = preimage(made.circuit, 1, folding(given, digits).largest(given))
    return () if x is None else ((x,),)


def symbols(
    function: str, a: str, phase: str, lo: Fraction, hi: Fraction, digits: int, **parameters: Any
) -> Mapping[str, Fraction | int]:
    """Return the values of the letters in the formulas."""
    given = wave_of(function, a, phase, lo, hi)
    fold = folding(given, digits)
    ends = sorted(fold.q * x + fold.p for x in (lo, hi))
    return {
        "r": parameters["r"],
        "K": parameters["K"],
        "m": parameters["m"],
        "s": fold.s,
        "f": int(ends[0] < 0 < ends[1]),
        "e": _doublings(max(abs(fold.q), abs(fold.p))),
    }


def _doublings(size: Fraction) -> int:
    """The least e >= 0 with size <= 2^e."""
    return max(0, int(evaluate_formula("ceiling(log(t, 2))", {"t": size})))


def domain(lo: Fraction, hi: Fraction, **parameters: Any) -> Box:
    """Return the interval of a record."""
    return ((lo, hi),)


def target(function: str, a: str, phase: str, lo: Fraction, hi: Fraction, **parameters: Any) -> Any:
    """Return the wave of a record."""
    return wave_of(function, a, phase, lo, hi).target


def theorem(unit: int, strategy: str, **parameters: Any) -> Theorem:
    """Return the theorem of a form."""
    return THEOREMS["taylor" if unit else "versine"]


CONSTRUCTIONS["cosine"] = Construction(
    build=build,
    theorem=theorem,
    symbols=symbols,
    target=target,
    domain=domain,
    pieces=lambda **parameters: 0,
    prove=prove,
)
