"""certify: rigorous two-sided enclosures of the errors of a network, in function and derivative."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from relu_constructions.certificate import Certificate, Fact, Status
from relu_constructions.derivation import Bound, check, piece_bound
from relu_constructions.derivative import one_sided_derivative
from relu_constructions.enclosure import Enclosure, largest
from relu_constructions.exact import shown, to_tolerance
from relu_constructions.folding import DerivationRefused
from relu_constructions.lower_bounds import lower_bounds
from relu_constructions.parametrization import Parametrization
from relu_constructions.pieces import to_interval
from relu_constructions.supremum import Suprema, Supremum
from relu_constructions.sweep import sweep
from relu_constructions.targets import Polynomial, Target, to_target

if TYPE_CHECKING:
    from concurrent.futures import Executor

AFFORDABLE_PIECES = 2**21
AFFORDABLE_CORNERS = 2**12
"""Up to so many pieces ``method="auto"`` enumerates; fewer where the target is compared corner by corner."""
METHODS = ("auto", "pieces", "derivation")
NORMS = ("W1inf", "Linf")
Domain = tuple[Fraction, Fraction]
Progress = Callable[[int, int], None]


def certify(
    phi: Parametrization,
    target: Any = None,
    domain: Any = None,
    *,
    eps: Any = None,
    tolerance: Any = None,
    variables: Any = None,
    norm: str | None = None,
    method: str = "auto",
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Certificate:
    """Enclose ||f - R(phi)||_inf and ess sup |f' - D(phi)| rigorously, and decide an accuracy.

    Parameters
    ----------
    phi : Parametrization
        With one input and one output; ours or anybody's.
    target : str, sympy expression, sequence of coefficients or Target, optional
        f; what the construction aims at, if it is left out.
    domain : (lo, hi), optional
        Exact numbers; where the construction aims, if it is left out.
    eps : number, optional
        The accuracy to be proved or refuted; what the construction was asked for, if it is left out.
    tolerance : number, optional
        The relative width of enclosures that cannot be exact (targets of degree 3 and more); 1e-6.
    variables : sequence of str, optional
        The name of the input, to be sure which variable of the target is meant.
    norm : {"W1inf", "Linf"}, optional
        What `eps` bounds: both errors, or that of the function alone.  W^{1,inf} is the default.
    method : {"auto", "pieces", "derivation"}
        ``"pieces"`` enumerates the affine pieces of this very network, whoever built it.
        ``"derivation"`` checks the record of how the network was built, and needs no enumeration.
        ``"auto"`` enumerates when that is affordable.
    executor : concurrent.futures.Executor, optional
        Enumerates parts of the domain in parallel.
    progress : callable, optional
        Called as ``progress(done, total)``.

    Returns
    -------
    Certificate

    Raises
    ------
    ValueError
        If target or domain are missing or make no sense, or the pieces are too many (`TooManyPieces`).
        With ``method="derivation"``: if the record does not build this network (`DerivationRefused`), or
        speaks of another target or domain.

    Examples
    --------
    >>> from relu_constructions import square
    >>> certificate = certify(square("1e-6"))
    >>> certificate.status, certificate.value_error, certificate.derivative_error
    (<Status.PROVED: 'PROVED'>, Enclosure(1/4398046511104), Enclosure(1/1048576))
    >>> certify(square(m=3), "x**2", (0, "1/2"), eps="1/10").status
    <Status.REFUTED: 'REFUTED'>
    """
    started = time.perf_counter()
    f, where = _target(phi, target, variables), _domain(phi, domain)
    accuracy, norm = _accuracy(phi, target, domain, eps, norm)
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, got {method!r}")
    if phi.architecture[0] != 1 or phi.architecture[-1] != 1:
        raise ValueError(f"certify needs a network with one input and one output, got {phi.architecture}")
    width = to_tolerance("1e-6" if tolerance is None else tolerance, "tolerance")
    if _by_derivation(phi, f, where, method):
        found, pieces, arithmetic = *_derive(phi, f, where), "rationals"
        used = "derivation"
    else:
        found, pieces, arithmetic = sweep(phi, f, where, width, executor, progress)
        used = "pieces"
    return _certificate(
        phi,
        f,
        where,
        accuracy,
        norm,
        found,
        method=used,
        pieces=pieces,
        arithmetic=arithmetic,
        seconds=time.perf_counter() - started,
    )


def _target(phi: Parametrization, target: Any, variables: Any) -> Target:
    if target is None:
        if phi.derivation is None:
            raise ValueError("a target must be given for a network that carries no derivation, e.g. 'x**2'")
        return phi.derivation.target
    f = to_target(target)
    if variables is not None:
        names = [variables] if isinstance(variables, str) else [str(name) for name in variables]
        if len(names) != 1:
            raise ValueError(f"variables must name the one input of the network, got {names}")
        if isinstance(f, Polynomial) and f.degree > 0 and f.variable != names[0]:
            raise ValueError(f"the target has the variable {f.variable}, variables names {names[0]}")
    return f


def _domain(phi: Parametrization, domain: Any) -> Domain:
    if domain is not None:
        return to_interval(domain)
    if phi.derivation is None:
        raise ValueError("a domain (lo, hi) must be given for a network that carries no derivation")
    return phi.derivation.domain


def _accuracy(
    phi: Parametrization, target: Any, domain: Any, eps: Any, norm: str | None
) -> tuple[Fraction | None, str]:
    record = phi.derivation
    if norm is not None and norm not in NORMS:
        raise ValueError(f"norm must be one of {', '.join(NORMS)}, got {norm!r}")
    if eps is not None:
        return to_tolerance(eps), norm or "W1inf"
    if record is None or target is not None or domain is not None:
        return None, norm or "W1inf"
    return record.eps if norm in (None, record.norm) else None, norm or record.norm


def _speaks_of(phi: Parametrization, f: Target, where: Domain) -> bool:
    """Whether the derivation of a network speaks of this target on a domain that contains this one."""
    record = phi.derivation
    if record is None:
        return False
    same = f == record.target or _same_polynomial(f, record.target)
    return same and record.domain[0] <= where[0] and where[1] <= record.domain[1]


def _same_polynomial(f: Target, g: Target) -> bool:
    if not isinstance(f, Polynomial) or not isinstance(g, Polynomial):
        return False
    return f.coefficients == g.coefficients


def _by_derivation(phi: Parametrization, f: Target, where: Domain, method: str) -> bool:
    if method == "derivation":
        if phi.derivation is None:
            raise DerivationRefused("the network carries no derivation; certify it with method='pieces'")
        if not _speaks_of(phi, f, where):
            lo, hi = phi.derivation.domain
            raise DerivationRefused(
                f"the derivation speaks of {phi.derivation.target} on [{shown(lo)}, {shown(hi)}]; "
                "use method='pieces' for other targets and domains"
            )
        return True
    if method == "pieces" or phi.derivation is None or not _speaks_of(phi, f, where):
        return False
    affordable = AFFORDABLE_PIECES if isinstance(f, Polynomial) else AFFORDABLE_CORNERS
    return piece_bound(phi.derivation) > affordable


def _derive(phi: Parametrization, f: Target, where: Domain) -> tuple[Suprema, int]:
    """Upper ends by the checked derivation, lower ends by exact evaluation of the network itself."""
    bound = check(phi)
    value = _attained(bound.value_error, _value_errors(phi, f, where, bound))
    derivative = _attained(bound.derivative_error, _derivative_errors(phi, f, where, bound))
    return Suprema(value, derivative), bound.pieces


def _attained(upper: Fraction, errors: Iterator[tuple[Fraction, Fraction]]) -> Supremum:
    """Evaluate at the points where the derivation expects the worst, until the upper bound is met."""
    lower, at = next(errors)
    while lower != upper and (found := next(errors, None)) is not None:
        lower, at = max((lower, at), found)
    if lower > upper:
        raise ArithmeticError(f"the error at {shown(at)} exceeds the derived bound: a rule is wrong")
    return Supremum(Enclosure(lower, upper), at)


def _value_errors(
    phi: Parametrization, f: Target, where: Domain, bound: Bound
) -> Iterator[tuple[Fraction, Fraction]]:
    lo, hi = where
    for x in (bound.value_at, lo, (lo + hi) / 2, hi):
        if lo <= x <= hi:
            yield abs(f(x) - phi(x)), x


def _derivative_errors(
    phi: Parametrization, f: Target, where: Domain, bound: Bound
) -> Iterator[tuple[Fraction, Fraction]]:
    lo, hi = where
    for x, side in (bound.derivative_at, (lo, 1), (hi, -1), ((lo + hi) / 2, 1)):
        if lo <= x <= hi and (x, side) not in ((lo, -1), (hi, 1)):
            yield abs(_slope(f, x, side) - one_sided_derivative(phi, x, side)), x


def _slope(f: Target, x: Fraction, side: int) -> Fraction:
    """The one-sided derivative of a target, exactly."""
    if isinstance(f, Polynomial):
        return f.derivative()(x)
    return f.one_sided_derivative(x, side)


def _certificate(
    phi: Parametrization,
    f: Target,
    where: Domain,
    eps: Fraction | None,
    norm: str,
    found: Suprema,
    **details: Any,
) -> Certificate:
    value, derivative = found.value.enclosure, found.derivative.enclosure
    error = largest(value, derivative) if norm == "W1inf" else value
    facts = _facts(phi, f, where, value, derivative)
    status, reason = _verdict(error, eps, norm, facts)
    accuracy = eps if eps is not None else error.upper
    return Certificate(
        target=str(f),
        domain=where,
        value_error=value,
        derivative_error=derivative,
        value_error_at=found.value.at,
        derivative_error_at=found.derivative.at,
        eps=eps,
        norm=norm,
        status=status,
        reason=reason,
        facts=facts,
        parameters="" if phi.derivation is None else phi.derivation.symbols_text(),
        published=() if phi.derivation is None else phi.derivation.published(),
        reference=None if phi.theorem is None else phi.theorem.reference,
        lower_bounds=lower_bounds(f, where, accuracy, norm),
        accuracy=accuracy,
        **details,
    )


def _facts(
    phi: Parametrization, f: Target, where: Domain, value: Enclosure, derivative: Enclosure
) -> tuple[Fact, ...]:
    """The sizes and errors, each beside what the theorem of the construction claims, if it speaks of this."""
    record = phi.derivation
    claims = {} if record is None else {claim.quantity: claim for claim in record.claims()}
    if record is not None and not (_speaks_of(phi, f, where) and record.domain == where):
        claims = {name: claim for name, claim in claims.items() if not name.endswith("_error")}
    sizes = {name: getattr(phi, name) for name in ("depth", "width", "neurons", "connectivity", "magnitude")}
    known = {name: Enclosure(Fraction(size), Fraction(size)) for name, size in sizes.items()}
    known |= {"value_error": value, "derivative_error": derivative}
    return tuple(Fact(name, fact, claims.get(name)) for name, fact in known.items())


def _verdict(
    error: Enclosure, eps: Fraction | None, norm: str, facts: tuple[Fact, ...]
) -> tuple[Status, str]:
    false = [fact.quantity for fact in facts if fact.holds() is False]
    if false:
        return Status.REFUTED, f"the theorem's claim about {', '.join(false)} is false for this network"
    if eps is None:
        return Status.PROVED, "both enclosures hold; no accuracy was asked, pass eps=... for a verdict on one"
    if error.upper <= eps:
        return Status.PROVED, f"the {norm} error is at most eps"
    if error.lower > eps:
        return Status.REFUTED, f"the {norm} error exceeds eps"
    return Status.UNDECIDED, "eps lies inside the enclosure; ask for a smaller tolerance, or method='pieces'"
