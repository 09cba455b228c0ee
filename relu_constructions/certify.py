"""certify: rigorous two-sided enclosures of the errors of a network, in function and derivative."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from relu_constructions.ball_function import BallFunction
from relu_constructions.box import Box, shown_box, to_box, to_interval
from relu_constructions.certificate import Certificate, Fact, Status
from relu_constructions.construction import piece_bound
from relu_constructions.derived import derived
from relu_constructions.elementary import Elementary
from relu_constructions.enclosure import Enclosure, largest
from relu_constructions.exact import to_tolerance
from relu_constructions.folding import DerivationRefused
from relu_constructions.lower_bounds import lower_bounds
from relu_constructions.parametrization import Parametrization
from relu_constructions.supremum import Suprema
from relu_constructions.sweep import sweep_outputs
from relu_constructions.targets import Polynomial, Targets, same_function, shown_targets, to_targets

if TYPE_CHECKING:
    from concurrent.futures import Executor

AFFORDABLE_PIECES = 2**21
AFFORDABLE_CORNERS = 2**12
"""Up to so many pieces ``method="auto"`` enumerates; fewer where the target is compared corner by corner."""
METHODS = ("auto", "pieces", "derivation")
NORMS = ("W1inf", "Linf")
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
    """Enclose ||f - R(phi)||_inf and ess sup |Df - D(phi)|, entry by entry, and decide an accuracy.

    Parameters
    ----------
    phi : Parametrization
        With one input: ours or anybody's, with a piecewise affine activation.  With several inputs: one that
        carries its derivation.
    target : str, sympy expression, sequence of coefficients or Target, optional
        f; what the construction aims at, if it is left out.  For several outputs, a tuple of such.
    domain : (lo, hi), sequence of such pairs, or str, optional
        Exact numbers; where the construction aims, if it is left out.  ``"[0, 1] x [-1, 1]"`` is read, too.
    eps : number, optional
        The accuracy to be proved or refuted; what the construction was asked for, if it is left out.
    tolerance : number, optional
        The relative width of enclosures that cannot be exact, from 1e-3 (the default) down to 1e-12: for
        elementary functions and polynomials of degree 3 and more, by pieces.
    variables : sequence of str, optional
        The names of the inputs in their order; the natural order of the names, if they are left out.
    norm : {"W1inf", "Linf"}, optional
        What `eps` bounds: both errors, or that of the function alone.  W^{1,inf} is the default.
    method : {"auto", "pieces", "derivation"}
        ``"pieces"`` enumerates the affine pieces of this very network, whoever built it.
        ``"derivation"`` checks the record of how the network was built, and needs no enumeration.
        ``"auto"`` enumerates when there is one input and that is affordable.
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
    f, where = _targets(phi, target, variables), _domain(phi, domain)
    accuracy, norm = _accuracy(phi, target, domain, eps, norm)
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, got {method!r}")
    width = to_tolerance("1e-3" if tolerance is None else tolerance, "tolerance")
    derivation, f = _by_derivation(phi, f, where, method), _smooth(f, where)
    if derivation:
        found, bound = derived(phi, f, where)
        used, pieces, arithmetic, lines = "derivation", bound.pieces, "rationals", bound.lines
    else:
        lines = ()
        found, pieces, arithmetic = sweep_outputs(phi, f, where[0], width, executor, progress)
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
        lines=tuple((line.name, line.value_error, line.derivative_error) for line in lines),
        seconds=time.perf_counter() - started,
    )


def _targets(phi: Parametrization, target: Any, variables: Any) -> Targets:
    inputs, outputs = phi.architecture[0], phi.architecture[-1]
    if target is not None:
        return to_targets(target, variables=variables, inputs=inputs, outputs=outputs)
    if phi.derivation is None:
        raise ValueError("a target must be given for a network that carries no derivation, e.g. 'x**2'")
    f = phi.derivation.target
    return f if isinstance(f, tuple) else (f,)


def _smooth(f: Targets, where: Box) -> Targets:
    """The targets on the domain, where they must have no poles, kinks or cuts; moduli are resolved there."""
    return tuple(g.on(where) if isinstance(g, Elementary) else g for g in f)


def _domain(phi: Parametrization, domain: Any) -> Box:
    inputs = phi.architecture[0]
    if domain is not None:
        return (to_interval(domain),) if inputs == 1 else to_box(domain, inputs)
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


def _speaks_of(phi: Parametrization, f: Targets, where: Box) -> bool:
    """Whether the derivation of a network speaks of this target on a box that contains this one."""
    record = phi.derivation
    if record is None:
        return False
    known = record.target if isinstance(record.target, tuple) else (record.target,)
    same = len(f) == len(known) and all(same_function(g, h) for g, h in zip(f, known, strict=True))
    sides = zip(record.domain, where, strict=True)
    return same and all(outer[0] <= inner[0] and inner[1] <= outer[1] for outer, inner in sides)


def _by_derivation(phi: Parametrization, f: Targets, where: Box, method: str) -> bool:
    if method == "derivation" or (method == "auto" and phi.architecture[0] > 1):
        if phi.derivation is None:
            raise DerivationRefused(
                "the network carries no derivation; "
                "certify it with method='pieces', which needs a network with one input"
            )
        if not _speaks_of(phi, f, where):
            known = phi.derivation.target
            raise DerivationRefused(
                f"the derivation speaks of {shown_targets(known if isinstance(known, tuple) else (known,))} "
                f"on {shown_box(phi.derivation.domain)}; use method='pieces' for other targets and domains, "
                "with one input"
            )
        return True
    if method == "pieces" or phi.derivation is None or not _speaks_of(phi, f, where):
        return False
    affordable = AFFORDABLE_PIECES if all(isinstance(g, Polynomial) for g in f) else AFFORDABLE_CORNERS
    expected = piece_bound(phi.derivation)
    return expected == 0 or expected > affordable


def _certificate(
    phi: Parametrization,
    f: Targets,
    where: Box,
    eps: Fraction | None,
    norm: str,
    found: Suprema,
    **details: Any,
) -> Certificate:
    value, derivative = found.value.enclosure, found.derivative.enclosure
    error = largest(value, derivative) if norm == "W1inf" else value
    facts = _facts(phi, f, where, value, derivative)
    status, reason = _verdict(error, eps, norm, facts)
    if any(isinstance(g, BallFunction) for g in f):
        reason += "; that the balls of the target contain its values is taken on trust"
    accuracy = eps if eps is not None else error.upper
    return Certificate(
        target=shown_targets(f),
        domain=where[0] if len(where) == 1 else where,
        value_error=value,
        derivative_error=derivative,
        value_error_at=found.value.at,
        derivative_error_at=found.derivative.at,
        eps=eps,
        norm=norm,
        status=status,
        reason=reason,
        activation=str(phi.activation),
        facts=facts,
        parameters="" if phi.derivation is None else phi.derivation.symbols_text(),
        published=() if phi.derivation is None else phi.derivation.published(),
        reference=None if phi.theorem is None else phi.theorem.reference,
        asymptotic={} if phi.theorem is None else phi.theorem.asymptotic,
        lower_bounds=lower_bounds(f[0], where[0], accuracy, norm) if len(f) == len(where) == 1 else None,
        accuracy=accuracy,
        **details,
    )


def _facts(
    phi: Parametrization, f: Targets, where: Box, value: Enclosure, derivative: Enclosure
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
