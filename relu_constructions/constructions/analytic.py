"""Analytic functions: networks for truncated Chebyshev series, with their records, choices and bounds.

The truncation f = sum b_i T_i + error is proved in `chebyshev_truncation`, the sum is computed by a circuit
of `chebyshev_circuits`, and the errors of both add up.  A record holds the function as text, the degree and
the digits of the coefficients, so that the same series is computed again whenever the record is checked.
`chebyshev` and the constructions for single functions differ in what their records call the function.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any, NamedTuple

from relu_constructions.box import to_interval
from relu_constructions.chebyshev_truncation import Truncation, truncation, truncation_of_degree
from relu_constructions.choice import Choice, smallest
from relu_constructions.circuit import Circuit
from relu_constructions.circuit_bound import circuit_bound
from relu_constructions.construction import Bound, Construction, Derivation, Line, Parameter
from relu_constructions.constructions.analytic_theorem import theorem_of
from relu_constructions.constructions.chebyshev_circuits import (
    STRATEGIES,
    Interval,
    Plan,
    computes_series,
    plans,
    series_circuit,
)
from relu_constructions.elementary import Elementary
from relu_constructions.exact import shown, to_integer, to_tolerance
from relu_constructions.folding import DerivationRefused
from relu_constructions.parametrization import Parametrization
from relu_constructions.rounding import above
from relu_constructions.schedule import network
from relu_constructions.targets import to_target

SHARE = Fraction(1, 16)
"""The share of eps for the truncation of the series and the rounding of its coefficients."""
CANDIDATES = 3
MOST_REPEATS = 64


class Series(NamedTuple):
    """A truncated series: f by its text, of degree n around an interval, used on a part of that.

    Attributes
    ----------
    f, variable : str
    around, domain : (Fraction, Fraction)
        The interval of the series, and the inputs.
    n, bits : int
        The degree, and the digits of the coefficients after the point.
    """

    f: str
    variable: str
    around: Interval
    domain: Interval
    n: int
    bits: int


class Request(NamedTuple):
    """What a user asks for: eps or m, a strategy with or without its block length, and a norm."""

    eps: Fraction | None
    m: int | None
    strategy: str
    k: int | None
    norm: str


def request(eps: Any, m: Any, strategy: str, k: Any, norm: str) -> Request:
    """Read the arguments that all analytic functions have.

    Examples
    --------
    >>> request("1e-2", None, "auto", None, "W1inf").eps
    Fraction(1, 100)
    """
    if strategy not in ("auto", *STRATEGIES):
        raise ValueError(f"strategy must be one of auto, {', '.join(STRATEGIES)}, got {strategy!r}")
    if norm not in ("W1inf", "Linf"):
        raise ValueError(f"norm must be one of W1inf, Linf, got {norm!r}")
    if (eps is None) == (m is None):
        raise TypeError("give either the accuracy eps or the number of levels m")
    if k is not None and strategy == "auto":
        raise ValueError(f"k is the block length of a strategy; name one of {', '.join(STRATEGIES)}")
    return Request(
        None if eps is None else to_tolerance(eps),
        None if m is None else to_integer(m, "m", 1),
        strategy,
        None if k is None else to_integer(k, "k", 1),
        norm,
    )


class Fitted(NamedTuple):
    """A series, its plan, and the network that was chosen for it."""

    series: Series
    plan: Plan
    chosen: Choice

    def recorded(self, construction: str, asked: Request, **own: Parameter) -> Parametrization:
        """Attach the record, with the parameters that are the construction's own."""
        parameters: dict[str, Parameter] = {
            **own,
            "n": self.series.n,
            "bits": self.series.bits,
            **self.plan._asdict(),
            "m": self.chosen.m,
            "late": int(self.chosen.late),
        }
        record = Derivation(construction, tuple(sorted(parameters.items())), eps=asked.eps, norm=asked.norm)
        return self.chosen.phi.with_derivation(record)


def fitted(given: Series, asked: Request) -> Fitted:
    """Choose the degree, the digits and the circuit of a series, whose own degree and digits are ignored.

    Examples
    --------
    >>> side = (Fraction(0), Fraction(1))
    >>> found = fitted(Series("exp(x)", "x", side, side, 0, 0), request("1e-2", None, "auto", None, "Linf"))
    >>> found.series.n, found.plan.strategy
    (3, 'estrin')
    """
    accuracy = asked.eps or Fraction(1, 2 ** (asked.m or 1))
    found = truncation(_function(given), given.around, SHARE * accuracy, asked.norm)
    series = _accurate(given._replace(n=max(found.degree, 0), bits=found.bits), accuracy, asked.norm)
    coefficients = truncated(series).coefficients
    tried = plans(coefficients, asked.strategy, asked.k)
    writes = [partial(series_circuit, coefficients, series.around, series.domain, plan) for plan in tried]
    left = None if asked.eps is None else asked.eps - _spent(truncated(series), asked.norm)
    chosen = smallest(writes, left, asked.norm, asked.m, candidates=CANDIDATES, finalists=1)
    return Fitted(series, tried[chosen.which], chosen)


def _accurate(series: Series, accuracy: Fraction, norm: str) -> Series:
    """Take more digits until the series, computed again from its record, leaves most of eps to the gates.

    A record holds no more than the digits of the coefficients; where these are few, as for polynomials, they
    say too little of the precision that is needed.
    """
    for more in range(1, MOST_REPEATS):
        if _spent(truncated(series), norm) <= 2 * SHARE * accuracy:
            return series
        series = series._replace(bits=series.bits + 8 * more)
    raise ValueError(f"the series of {series.f:.60} could not be computed to the accuracy {shown(accuracy)}")


def _function(series: Series) -> Elementary:
    """The function of a series without moduli; what is singular on its interval is refused."""
    return Elementary.of(series.f, (series.variable,)).on(series.around)


def lines(found: Truncation) -> tuple[Line, ...]:
    """Return the parts of the error of a truncation, rounded up.

    Examples
    --------
    >>> side = (Fraction(-1), Fraction(1))
    >>> len(lines(truncated(Series("exp(x)", "x", side, side, 4, 20))))
    4
    """
    return tuple(Line(name, above(value), above(slope)) for name, value, slope in found.lines)


def _spent(found: Truncation, norm: str) -> Fraction:
    """What the lines of a truncation take of eps."""
    parts = lines(found)
    value = sum((line.value_error for line in parts), Fraction(0))
    slope = sum((line.derivative_error for line in parts), Fraction(0))
    return max(value, slope) if norm == "W1inf" else value


@lru_cache(maxsize=8)
def truncated(series: Series) -> Truncation:
    """Compute the series that a record describes, with the bounds of its errors."""
    return truncation_of_degree(_function(series), series.around, series.n, series.bits)


@lru_cache(maxsize=8)
def circuit_of(series: Series, plan: Plan, m: int) -> Circuit:
    """Write the circuit that a record describes."""
    return series_circuit(truncated(series).coefficients, series.around, series.domain, plan, m)


def network_of(series: Series, strategy: str, k: int, m: int, late: int) -> Parametrization:
    """Build the network that a record describes."""
    return network(circuit_of(series, Plan(strategy, k), m), bool(late))


def bound_of(phi: Parametrization, series: Series, plan: Plan, m: int) -> Bound:
    """Bound the errors of a network: those of its gates, and those of the series.

    Raises
    ------
    DerivationRefused
        If the ideal gates do not compute the series, or the inputs leave the interval of the series.
    """
    found, circuit = truncated(series), circuit_of(series, plan, m)
    (start, end), (lo, hi) = series.around, series.domain
    if not (start <= lo < hi <= end and circuit.domain == (series.domain,)):
        raise DerivationRefused("the domain of the record is no part of the interval of its series")
    if found.domain != series.around or not computes_series(circuit, found.coefficients, series.around):
        raise DerivationRefused("the circuit does not compute the truncated series of the record")
    return circuit_bound(phi, circuit).plus(f"squares and products with m = {m} levels", lines(found))


def construction_of(
    name: str, statement: str, build: Callable[..., Parametrization], series: Callable[..., Series]
) -> Construction:
    """Return the construction whose records describe a series by the given function of their parameters."""

    def prove(
        phi: Parametrization, strategy: str, k: int, m: int, late: int, **parameters: Parameter
    ) -> Bound:
        return bound_of(phi, series(**parameters), Plan(strategy, k), m)

    return Construction(
        build=build,
        theorem=lambda strategy, **parameters: theorem_of(name, statement, strategy),
        symbols=lambda n, k, m, **parameters: {"n": max(n, 1), "k": k, "m": m},
        target=lambda strategy, k, m, late, **parameters: _target(series(**parameters)),
        domain=lambda strategy, k, m, late, **parameters: (series(**parameters).domain,),
        pieces=lambda **parameters: 0,
        prove=prove,
    )


def on_positive_numbers(name: str, f: str, domain: Any, *asked: Any) -> Parametrization:
    """Build the network of a function of x > 0, with the record of `construction_on_positive_numbers`.

    Parameters
    ----------
    name, f : str
        The name of the construction, and the function in x.
    domain : pair (lo, hi)
        Rationals with 0 < lo < hi.
    *asked
        The arguments of `request`.

    Examples
    --------
    >>> phi = on_positive_numbers("logarithm", "log(x)", (1, 2), "1e-2", None, "auto", None, "Linf")
    >>> str(phi.derivation.target), phi.derivation.domain
    ('log(x)', ((Fraction(1, 1), Fraction(2, 1)),))
    """
    lo, hi = to_interval(domain)
    if lo <= 0:
        raise ValueError(f"the domain of {f} must have lo > 0, got lo = {shown(lo)}")
    read = request(*asked)
    return fitted(Series(f, "x", (lo, hi), (lo, hi), 0, 0), read).recorded(name, read, lo=lo, hi=hi)


def construction_on_positive_numbers(name: str, f: str, statement: str) -> Construction:
    """Return the construction whose records describe a function of x > 0 on [lo, hi] by a series there."""

    def series(lo: Fraction, hi: Fraction, n: int, bits: int) -> Series:
        return Series(f, "x", (lo, hi), (lo, hi), n, bits)

    def build(
        lo: Fraction, hi: Fraction, n: int, bits: int, strategy: str, k: int, m: int, late: int
    ) -> Parametrization:
        return network_of(series(lo, hi, n, bits), strategy, k, m, late)

    return construction_of(name, statement, build, series)


def _target(series: Series) -> Any:
    return to_target(series.f, variables=(series.variable,))
