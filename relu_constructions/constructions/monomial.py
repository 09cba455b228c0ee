"""The monomial x^alpha = x_1^alpha_1 ... x_d^alpha_d: a balanced tree of products over balanced powers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

from relu_constructions import polynomial_circuits
from relu_constructions.box import Box, to_box
from relu_constructions.choice import smallest
from relu_constructions.circuit import Circuit, Wiring
from relu_constructions.circuit_bound import circuit_bound
from relu_constructions.circuit_target import computes
from relu_constructions.construction import CONSTRUCTIONS, Bound, Construction, Derivation, Parameter
from relu_constructions.constructions.polynomial_theorem import symbols_of
from relu_constructions.exact import to_integer, to_tolerance
from relu_constructions.folding import DerivationRefused
from relu_constructions.multivariate import MultivariatePolynomial
from relu_constructions.parametrization import Parametrization
from relu_constructions.schedule import network
from relu_constructions.targets import Target
from relu_constructions.theorem import Theorem

STAGES = "(ceiling(log(h, 2)) + ceiling(log(s, 2)))"
DEPTH = f"{STAGES}*(m + 1) + 1"
THEOREM = Theorem(
    name="monomial",
    statement="x^alpha with s variables that occur, highest exponent h and n = |alpha|, on a box; D_j is the "
    "least power of two with |x_j| <= D_j, D the least of those that occur, c1 = prod D_j^alpha_j",
    reference="relu_constructions; a tree of products, each with its zero and unit laws",
    parameters=("d", "n", "s", "h", "m", "c1", "D"),
    requires="n >= 1, m >= 1",
    at_most={
        "depth": DEPTH,
        "width": "5*(n - 1) + d + 1",
        "connectivity": f"(12*m + 36)*(n - 1) + (n + d)*({DEPTH}) + 8",
        "value_error": "c1*(n - 1)*4**(-m - 1)",
        "derivative_error": "c1*h*((11*ceiling(log(h, 2))/21 + ceiling(log(s, 2)))*2**-m"
        " + (n - 1)*4**(-m - 1))/D",
    },
)


def monomial(alpha: Any, eps: Any = None, *, m: Any = None, domain: Any = None) -> Parametrization:
    """Build a network for the monomial x^alpha.

    Parameters
    ----------
    alpha : int or sequence of int
        The exponents, one for each input; nonnegative.
    eps : number, optional
        The accuracy in function and gradient; a string such as ``"1e-6"`` is read exactly.
    m : int, optional
        The number of levels of every square, instead of `eps`.
    domain : pair (lo, hi), sequence of such pairs, or str, optional
        A box with rational corners; [0, 1]^d, if it is left out.

    Returns
    -------
    Parametrization
        With d inputs and one output; 0 exactly where an x_j with alpha_j > 0 is 0.

    Raises
    ------
    ValueError
        For exponents or numbers out of range, and a domain of another dimension.
    TypeError
        For floats where exactness matters, and if not exactly one of `eps` and `m` is given.

    Examples
    --------
    >>> phi = monomial((2, 1), "1e-3")
    >>> phi(["1/2", 0])[0], phi([1, 1])[0]
    (Fraction(0, 1), Fraction(1, 1))
    """
    exponents = _exponents(alpha)
    box = to_box([(0, 1)] * len(exponents) if domain is None else domain, len(exponents))
    if (eps is None) == (m is None):
        raise TypeError("give either the accuracy eps or the number of levels m")
    aimed = None if eps is None else to_tolerance(eps)
    levels = None if m is None else to_integer(m, "m", 1)
    chosen = smallest([partial(_circuit, exponents, box)], aimed, "W1inf", levels)
    parameters: dict[str, Parameter] = {
        "alpha": ",".join(map(str, exponents)),
        "box": " x ".join(f"[{lo}, {hi}]" for lo, hi in box),
        "m": chosen.m,
        "late": int(chosen.late),
    }
    return chosen.phi.with_derivation(Derivation("monomial", tuple(sorted(parameters.items())), eps=aimed))


def _exponents(alpha: Any) -> tuple[int, ...]:
    listed = list(alpha) if hasattr(alpha, "__len__") and not isinstance(alpha, str) else [alpha]
    exponents = tuple(to_integer(a, "an exponent", 0) for a in listed)
    if not exponents:
        raise ValueError("alpha must have at least one exponent, got none")
    MultivariatePolynomial.of({exponents: 1})
    return exponents


def _read(alpha: str, box: str) -> tuple[tuple[int, ...], Box]:
    exponents = _exponents(alpha.split(","))
    return exponents, to_box(box, len(exponents))


@lru_cache(maxsize=4)
def _circuit(alpha: tuple[int, ...], box: Box, m: int) -> Circuit:
    wiring = Wiring(box, m)
    return wiring.circuit([polynomial_circuits.monomial(wiring, wiring.inputs, alpha, {})])


def _build(alpha: str, box: str, m: int, late: int) -> Parametrization:
    return network(_circuit(*_read(alpha, box), m), bool(late))


def _prove(phi: Parametrization, alpha: str, box: str, m: int, late: int) -> Bound:
    exponents, sides = _read(alpha, box)
    circuit = _circuit(exponents, sides, m)
    if not computes(circuit, MultivariatePolynomial.of({exponents: 1})):
        raise DerivationRefused("the circuit does not compute the monomial")
    return circuit_bound(phi, circuit)


def _symbols(alpha: str, box: str, m: int, late: int) -> Mapping[str, Fraction | int]:
    exponents, sides = _read(alpha, box)
    known = symbols_of(MultivariatePolynomial.of({exponents: 1}), sides, m, Fraction(0), 0)
    support = sum(1 for a in exponents if a)
    return {**known, "s": max(support, 1), "h": max(*exponents, 1)}


def _target(alpha: str, **parameters: Any) -> Target:
    target = MultivariatePolynomial.of({_exponents(alpha.split(",")): 1})
    return target.univariate() if target.dimension == 1 else target


CONSTRUCTIONS["monomial"] = Construction(
    build=_build,
    theorem=lambda **parameters: THEOREM,
    symbols=_symbols,
    target=_target,
    domain=lambda alpha, box, **parameters: _read(alpha, box)[1],
    pieces=lambda **parameters: 0,
    prove=_prove,
)
