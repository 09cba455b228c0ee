"""All powers x, x^2, ..., x^n at once, each from the balanced product of two others."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

from relu_constructions.box import Box, to_box
from relu_constructions.choice import smallest
from relu_constructions.circuit import Circuit, Form, Wiring
from relu_constructions.circuit_bound import circuit_bound
from relu_constructions.circuit_target import computes
from relu_constructions.construction import CONSTRUCTIONS, Bound, Construction, Derivation, Parameter
from relu_constructions.exact import to_integer, to_tolerance
from relu_constructions.folding import DerivationRefused
from relu_constructions.multivariate import MultivariatePolynomial
from relu_constructions.parametrization import Parametrization, refuse_excess
from relu_constructions.polynomial import Polynomial
from relu_constructions.polynomial_circuits import power
from relu_constructions.schedule import network
from relu_constructions.theorem import Theorem, evaluate_formula

DEPTH = "ceiling(log(n, 2))*(m + 1) + 1"
THEOREM = Theorem(
    name="powers",
    statement="x, x^2, ..., x^n on [lo, hi] inside [-D, D], D >= 1 a power of two, from floor(n/2) squares "
    "and ceiling(n/2) - 1 products with m levels each",
    reference="relu_constructions; powers as balanced products",
    parameters=("n", "m", "D"),
    requires="n >= 1, m >= 1",
    at_most={
        "depth": DEPTH,
        "width": "5*n - 4",
        "connectivity": f"(12*m + 36)*(n - 1) + n*({DEPTH}) + 2*n + 2",
        "value_error": "D**n*(n - 1)*4**(-m - 1)",
        "derivative_error": "D**(n - 1)*n*(11*ceiling(log(n, 2))/21*2**-m + (n - 1)*4**(-m - 1))",
    },
    samples=tuple({"n": n, "m": m, "D": 1} for n in (1, 2, 3, 5, 8) for m in (1, 2, 4)),
)
MAX_POWER = 1000


def powers(n: Any, eps: Any = None, *, m: Any = None, domain: Any = None) -> Parametrization:
    """Build a network with one input and the outputs x, x^2, ..., x^n.

    Parameters
    ----------
    n : int
        The highest power, at most 1000.
    eps : number, optional
        The accuracy of every output and of every derivative; a string such as ``"1e-6"`` is read exactly.
    m : int, optional
        The number of levels of every square, instead of `eps`.
    domain : pair (lo, hi), optional
        Exact numbers; [0, 1], if it is left out.

    Returns
    -------
    Parametrization
        With floor(n/2) squares and ceiling(n/2) - 1 products; on [0, 1] the error of x^n is at most
        (n - 1) 4^-(m + 1).  The first output is x, exactly.

    Raises
    ------
    ValueError
        For numbers out of range, and for a network beyond the limits (with its size).
    TypeError
        For floats where exactness matters, and if not exactly one of `eps` and `m` is given.

    Examples
    --------
    >>> phi = powers(5, "1e-3")
    >>> phi.architecture[0], phi.architecture[-1]
    (1, 5)
    >>> [str(y) for y in phi(1)]
    ['1', '1', '1', '1', '1']
    """
    highest, box = to_integer(n, "n", 1), to_box((0, 1) if domain is None else domain, 1)
    if highest > MAX_POWER:
        raise ValueError(f"n must be at most {MAX_POWER}, got {highest}")
    if (eps is None) == (m is None):
        raise TypeError("give either the accuracy eps or the number of levels m")
    aimed = None if eps is None else to_tolerance(eps)
    levels = None if m is None else to_integer(m, "m", 1)
    if levels is not None:
        refuse_excess(f"powers with n = {highest}, m = {levels}", 9 * (highest - 1) * levels, 0)
    chosen = smallest([partial(_circuit, highest, *box[0])], aimed, "W1inf", levels)
    lo, hi = box[0]
    parameters: dict[str, Parameter] = {
        "n": highest,
        "lo": lo,
        "hi": hi,
        "m": chosen.m,
        "late": int(chosen.late),
    }
    return chosen.phi.with_derivation(Derivation("powers", tuple(sorted(parameters.items())), eps=aimed))


@lru_cache(maxsize=4)
def _circuit(n: int, lo: Fraction, hi: Fraction, m: int) -> Circuit:
    wiring = Wiring(((lo, hi),), m)
    (x,) = wiring.inputs
    known: dict[int, Form] = {}
    return wiring.circuit([power(wiring, x, k, known) for k in range(1, n + 1)])


def _build(n: int, lo: Fraction, hi: Fraction, m: int, late: int) -> Parametrization:
    return network(_circuit(n, lo, hi, m), bool(late))


def _targets(n: int) -> tuple[Polynomial, ...]:
    return tuple(Polynomial.of([*[0] * k, 1]) for k in range(1, n + 1))


def _prove(phi: Parametrization, n: int, lo: Fraction, hi: Fraction, m: int, late: int) -> Bound:
    circuit = _circuit(n, lo, hi, m)
    if not computes(circuit, *map(MultivariatePolynomial.from_univariate, _targets(n))):
        raise DerivationRefused("the circuit does not compute the powers")
    return circuit_bound(phi, circuit)


def _symbols(n: int, lo: Fraction, hi: Fraction, m: int, late: int) -> Mapping[str, Fraction | int]:
    size = max(Fraction(1), -lo, hi)
    return {"n": n, "m": m, "D": Fraction(2) ** int(evaluate_formula("ceiling(log(t, 2))", {"t": size}))}


def _domain(lo: Fraction, hi: Fraction, **parameters: Any) -> Box:
    return ((lo, hi),)


CONSTRUCTIONS["powers"] = Construction(
    build=_build,
    theorem=lambda **parameters: THEOREM,
    symbols=_symbols,
    target=lambda n, **parameters: _targets(n),
    domain=_domain,
    pieces=lambda **parameters: 0,
    prove=_prove,
)
