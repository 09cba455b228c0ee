"""The polynomial: any polynomial in d variables with rational coefficients, on any box, in W^{1,inf}.

This is the theorem of Berner, Elbraechter, Grohs and Jentzen on multivariate polynomials, with constants.
The circuits are in `polynomial_circuits`; they are read as target, network and bound.
"""

from __future__ import annotations

import json
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any, NamedTuple

import flint

from relu_constructions.box import Box, to_box
from relu_constructions.choice import smallest
from relu_constructions.circuit import Circuit, Form, Wiring
from relu_constructions.circuit_bound import circuit_bound
from relu_constructions.circuit_target import computes
from relu_constructions.construction import CONSTRUCTIONS, Bound, Construction, Derivation, Parameter
from relu_constructions.constructions.polynomial_theorem import symbols_of, theorem_of
from relu_constructions.exact import shown, to_fraction, to_integer, to_tolerance
from relu_constructions.folding import DerivationRefused
from relu_constructions.multivariate import MultivariatePolynomial, read_polynomial
from relu_constructions.parametrization import Parametrization
from relu_constructions.polynomial_circuits import STRATEGIES
from relu_constructions.schedule import network

CENTERS = ("origin", "unit", "symmetric")
LEAST_MAGNITUDE = 4
BLOCKED = ("squares", "chebyshev", "estrin")
"""The strategies with blocks of length k; the first two are for one variable."""


class Plan(NamedTuple):
    """How a polynomial is computed: the strategy, its block length k, and the variable it is expanded in.

    The centre ``"origin"`` leaves the variables as they are; for one variable on [lo, hi], ``"unit"`` means
    (x - lo)/(hi - lo) and ``"symmetric"`` means (2x - lo - hi)/(hi - lo).
    """

    strategy: str
    k: int = 0
    center: str = "origin"


def polynomial(
    p: Any,
    eps: Any = None,
    *,
    m: Any = None,
    domain: Any = None,
    variables: Any = None,
    strategy: str = "auto",
    k: Any = None,
    magnitude: Any = None,
    norm: str = "W1inf",
) -> Parametrization:
    """Build a network for a polynomial on a box, to a given accuracy in the function and in its gradient.

    Parameters
    ----------
    p : str, sympy expression, mapping from exponents to coefficients, or sequence of coefficients
        Coefficients are rational and exact: ``"x**3 - 2*x*y + 1/7"``, ``{(3, 0): 1, (1, 1): -2}``.
    eps : number, optional
        The accuracy; a string such as ``"1e-6"`` is read exactly.
    m : int, optional
        The number of levels of every square, instead of `eps`.
    domain : pair (lo, hi), sequence of such pairs, or str, optional
        A box with rational corners; [0, 1]^d, if it is left out.
    variables : sequence of str, optional
        The names of the inputs in their order; the natural order of the names in p, if they are left out.
    strategy : {"auto", "tree", "horner", "sparse", "squares", "estrin", "chebyshev"}
        ``"tree"``: balanced products of balanced powers, as in the theorem, with weights at most 4.
        ``"horner"``: every monomial from the one before, as EPGB do; narrow and deep.
        ``"sparse"``: every monomial from few squares and products.
        ``"squares"``: completing squares, p = c q^2 + r, for one variable.
        ``"estrin"``: splitting in a + x^n b, with about 2 sqrt(n) products for one variable.
        ``"chebyshev"``: the same in Chebyshev polynomials, for one variable.
        ``"auto"``: the smallest connectivity among these, as predicted from small networks.
    k : int, optional
        The block length of ``"squares"``, ``"estrin"`` and ``"chebyshev"``; the best of several, if it is
        left out.
    magnitude : number, optional
        The largest weight allowed, at least 4; 4 for ``"tree"``, and no limit else, if it is left out.
    norm : {"W1inf", "Linf"}
        What `eps` bounds: function and gradient, or the function alone.

    Returns
    -------
    Parametrization
        With d inputs and one output.  Constant and linear polynomials are exact.

    Raises
    ------
    ValueError
        For anything that is no polynomial in these variables, a domain of another dimension, an accuracy
        or a size out of range (with the number of nonzeros).
    TypeError
        For floats where exactness matters, and if not exactly one of `eps` and `m` is given.

    Examples
    --------
    >>> phi = polynomial("x**3 - 2*x*y + 1/7", "1e-4")
    >>> phi.architecture[0], phi.architecture[-1]
    (2, 1)
    >>> from relu_constructions import certify
    >>> certify(phi).status
    <Status.PROVED: 'PROVED'>
    """
    target = _read(p, variables, domain)
    box = to_box([(0, 1)] * target.dimension if domain is None else domain, target.dimension)
    aimed, m = _accuracy(eps, m, norm)
    plans = _plans(target, box, strategy, k)
    M = _magnitude(magnitude, strategy)
    writes = [partial(_circuit, target, box, plan, M=M) for plan in plans]
    chosen = smallest(writes, aimed, norm, m)
    plan = plans[chosen.which]
    parameters = {
        "p": _encoded(target),
        "box": " x ".join(f"[{lo}, {hi}]" for lo, hi in box),
        **plan._asdict(),
        "M": M,
        "m": chosen.m,
        "late": int(chosen.late),
    }
    record = Derivation("polynomial", tuple(sorted(parameters.items())), eps=aimed, norm=norm)
    return chosen.phi.with_derivation(record)


def _read(p: Any, variables: Any, domain: Any) -> MultivariatePolynomial:
    """Read a polynomial in as many variables as the domain has sides."""
    if domain is None:
        return read_polynomial(p, variables)
    sides = len(to_box(domain))
    try:
        return read_polynomial(p, variables, sides)
    except ValueError:
        alone = read_polynomial(p, variables)
        if alone.dimension == sides:
            raise
    raise ValueError(
        f"the domain must have a side for each variable, got {sides} for {', '.join(alone.variables)}; "
        "pass variables=... with the names of all inputs if some do not occur"
    )


def _accuracy(eps: Any, m: Any, norm: str) -> tuple[Fraction | None, int | None]:
    if norm not in ("W1inf", "Linf"):
        raise ValueError(f"norm must be one of W1inf, Linf, got {norm!r}")
    if (eps is None) == (m is None):
        raise TypeError("give either the accuracy eps or the number of levels m")
    return (None, to_integer(m, "m", 1)) if eps is None else (to_tolerance(eps), None)


def _magnitude(magnitude: Any, strategy: str) -> Fraction:
    """The largest weight allowed; 0 for none."""
    if magnitude is None:
        return Fraction(LEAST_MAGNITUDE if strategy == "tree" else 0)
    M = to_fraction(magnitude, "magnitude")
    if M < LEAST_MAGNITUDE:
        raise ValueError(f"magnitude must be at least {LEAST_MAGNITUDE}, got {shown(M)}")
    return M


def _plans(p: MultivariatePolynomial, box: Box, strategy: str, k: Any) -> list[Plan]:
    if strategy not in ("auto", *STRATEGIES):
        raise ValueError(f"strategy must be one of auto, {', '.join(STRATEGIES)}, got {strategy!r}")
    if k is not None and strategy not in BLOCKED:
        raise ValueError(f"k is for the strategies {', '.join(BLOCKED)}, got k = {k} for {strategy!r}")
    if strategy in BLOCKED[:2] and p.dimension > 1:
        raise ValueError(f"strategy={strategy!r} is for one variable, got {', '.join(p.variables)}")
    lengths = _lengths(p) if k is None else [to_integer(k, "k", 1)]
    found = [Plan(name) for name in ("tree", "horner", "sparse") if strategy in ("auto", name)]
    centers = _centers(p, box)
    if strategy in ("auto", "squares") and p.dimension == 1:
        found += [
            Plan("squares", length, center) for length in lengths if length > 1 or k for center in centers
        ]
    if strategy in ("auto", "estrin"):
        found += [Plan("estrin", length, center) for length in lengths for center in centers]
    if strategy in ("auto", "chebyshev") and p.dimension == 1:
        found += [Plan("chebyshev", length, "symmetric") for length in lengths]
    return found if p.degree > 1 or strategy != "auto" else [Plan("tree")]


def _lengths(p: MultivariatePolynomial) -> list[int]:
    """Block lengths near the square root of the degree; blocks pay only for one variable."""
    if p.dimension > 1:
        return [1]
    return [k for k in (1, 2, 3, 4, 6, 8, 12, 16, 24, 32) if k <= 2 or k * k <= 4 * p.degree]


def _centers(p: MultivariatePolynomial, box: Box) -> list[str]:
    """The variables in which a polynomial of one variable may be expanded, without repetitions."""
    if p.dimension > 1:
        return ["origin"]
    known = {(Fraction(0), Fraction(1)): "unit", (Fraction(-1), Fraction(1)): "symmetric"}
    return [center for center in CENTERS if known.get(box[0]) != center]


def _circuit(p: MultivariatePolynomial, box: Box, plan: Plan, m: int, M: Fraction) -> Circuit:
    """Write the circuit of a polynomial."""
    wiring = Wiring(box, m, M or None)
    inputs, terms = wiring.inputs, p.terms
    if plan.center != "origin":
        (lo, hi), (x,) = box[0], inputs
        start = lo if plan.center == "unit" else (lo + hi) / 2
        length = hi - start
        inputs, terms = ((x - Form.of_number(start)) * (1 / length),), _expanded(p, start, length)
    return wiring.circuit([STRATEGIES[plan.strategy](wiring, inputs, terms, plan.k)])


def _expanded(
    p: MultivariatePolynomial, start: Fraction, length: Fraction
) -> tuple[tuple[tuple[int, ...], Fraction], ...]:
    """The terms of p(start + length y)."""
    coefficients = [flint.fmpq(c.numerator, c.denominator) for c in p.univariate().coefficients]
    y = [flint.fmpq(c.numerator, c.denominator) for c in (start, length)]
    q = flint.fmpq_poly(coefficients)(flint.fmpq_poly(y))
    return tuple(((i,), Fraction(int(c.p), int(c.q))) for i, c in enumerate(q.coeffs()) if c)


def _encoded(p: MultivariatePolynomial) -> str:
    """Write a polynomial exactly, with hexadecimal integers."""
    terms = [[list(alpha), f"{c.numerator:x}", f"{c.denominator:x}"] for alpha, c in p.terms]
    return json.dumps([list(p.variables), terms], separators=(",", ":"))


@lru_cache(maxsize=16)
def _decoded(text: str) -> MultivariatePolynomial:
    variables, terms = json.loads(text)
    coefficients = {tuple(alpha): Fraction(int(p, 16), int(q, 16)) for alpha, p, q in terms}
    return MultivariatePolynomial(tuple(coefficients.items()), tuple(variables))


@lru_cache(maxsize=4)
def _recorded(p: str, box: str, strategy: str, k: int, center: str, M: Fraction, m: int) -> Circuit:
    target = _decoded(p)
    if strategy not in STRATEGIES or center not in CENTERS:
        raise ValueError(f"there is no strategy {strategy!r} with the centre {center!r}")
    return _circuit(target, to_box(box, target.dimension), Plan(strategy, k, center), m, M)


def _build(
    p: str, box: str, strategy: str, k: int, center: str, M: Fraction, m: int, late: int
) -> Parametrization:
    return network(_recorded(p, box, strategy, k, center, M, m), bool(late))


def _prove(phi: Parametrization, p: str, late: int, **parameters: Any) -> Bound:
    """The circuit must compute the polynomial, exactly; its bound is that of the network."""
    circuit = _recorded(p, **parameters)
    if not computes(circuit, _decoded(p)):
        raise DerivationRefused("the circuit does not compute the polynomial of the record")
    return circuit_bound(phi, circuit)


CONSTRUCTIONS["polynomial"] = Construction(
    build=_build,
    theorem=lambda p, box, strategy, M, **parameters: theorem_of(strategy, _decoded(p).dimension, M),
    symbols=lambda p, box, m, M, k, **parameters: symbols_of(_decoded(p), to_box(box), m, M, k),
    target=lambda p, **parameters: _target(p),
    domain=lambda box, **parameters: to_box(box),
    pieces=lambda **parameters: 0,
    prove=_prove,
)


def _target(p: str, **parameters: Parameter) -> Any:
    target = _decoded(p)
    return target.univariate() if target.dimension == 1 else target
