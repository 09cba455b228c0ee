"""Derivation: how a network was built, and the proof of its error that follows from it.

A derivation is a record, no more: the name of a construction and its parameters.  Nothing is believed of it.
`check` builds the network anew, demands equality entry by entry, and then proves the error by `folding`,
which reads the weights and knows none of the formulas that the construction states.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from relu_constructions.exact import shown
from relu_constructions.folding import DerivationRefused, Fold, replay
from relu_constructions.parametrization import Parametrization
from relu_constructions.targets import Target
from relu_constructions.theorem import Claim, Theorem, evaluate_formula

Parameter = Fraction | int | str
Domain = tuple[Fraction, Fraction]


class Construction(NamedTuple):
    """What the checker has to know of a construction; every entry is a function of the parameters.

    Attributes
    ----------
    build : callable
        Makes the parameter tuple.  Its parameters are annotated with int, Fraction or str: a record that is
        read from a file is held to these types.
    theorem, symbols : callable
        The theorem, and the values of the parameters of its formulas.
    target, domain : callable
        What is approximated, and where.
    folds : callable
        The chain of folds x -> y_1 -> ... -> y_n of the domain.
    pieces : callable
        The number of parts of all folds together; it decides which method is affordable, and no verdict.
    ideal : callable
        (q, lam) such that the target is q x^2 + lam y_n.
    """

    build: Callable[..., Parametrization]
    theorem: Callable[..., Theorem]
    symbols: Callable[..., Mapping[str, Fraction | int]]
    target: Callable[..., Target]
    domain: Callable[..., Domain]
    folds: Callable[..., tuple[Fold, ...]]
    pieces: Callable[..., int]
    ideal: Callable[..., tuple[int, Fraction]]


CONSTRUCTIONS: dict[str, Construction] = {}
"""The constructions by name; each registers itself where it is defined."""


@dataclass(frozen=True)
class Derivation:
    """The record of how a network was built.

    Attributes
    ----------
    construction : str
    parameters : tuple of (str, int, Fraction or str)
    eps : Fraction or None
        The accuracy that the user asked for, if any, in the norm `norm`.
    norm : str
        ``"W1inf"`` (function and gradient) or ``"Linf"`` (function alone).
    """

    construction: str
    parameters: tuple[tuple[str, Parameter], ...]
    eps: Fraction | None = None
    norm: str = "W1inf"

    def __post_init__(self) -> None:
        if self.construction not in CONSTRUCTIONS:
            known = ", ".join(sorted(CONSTRUCTIONS))
            raise ValueError(f"the construction must be one of {known}, got {self.construction!r}")

    def _ask(self, question: str) -> Any:
        return getattr(CONSTRUCTIONS[self.construction], question)(**dict(self.parameters))

    @property
    def theorem(self) -> Theorem:
        """The theorem of the construction."""
        theorem: Theorem = self._ask("theorem")
        return theorem

    @property
    def target(self) -> Target:
        """The function that the network approximates."""
        target: Target = self._ask("target")
        return target

    @property
    def domain(self) -> Domain:
        """The interval on which it does."""
        domain: Domain = self._ask("domain")
        return domain

    def claims(self) -> tuple[Claim, ...]:
        """Evaluate the theorem's formulas at the parameters of this network."""
        return self.theorem.claims(**self._ask("symbols"))

    def published(self) -> tuple[tuple[str, Fraction], ...]:
        """Evaluate the connectivity of published networks for the same function, by source."""
        symbols = self._ask("symbols")
        formulas = self.theorem.published.items()
        return tuple((source, evaluate_formula(formula, symbols)) for source, formula in formulas)

    def symbols_text(self) -> str:
        """Write the values of the letters in the formulas, such as ``m = 20, B = 1``."""
        theorem, symbols = self.theorem, self._ask("symbols")
        return ", ".join(f"{name} = {shown(symbols[name])}" for name in theorem.parameters)

    def build(self) -> Parametrization:
        """Build the network that this record describes."""
        phi: Parametrization = self._ask("build")
        return phi


class Bound(NamedTuple):
    """Upper bounds on the whole domain, and points where they are attained.

    Attributes
    ----------
    value_error, derivative_error : Fraction
        |f - R(Phi)| is at most `value_error` everywhere, |f' - D(Phi)| at most `derivative_error` almost
        everywhere.
    value_at : Fraction
        A point where the value error is attained.
    derivative_at : (Fraction, int)
        A point, and the side (1 right, -1 left) from which the derivative error is attained.
    pieces : int
        An upper bound for the number of affine pieces.
    """

    value_error: Fraction
    derivative_error: Fraction
    value_at: Fraction
    derivative_at: tuple[Fraction, int]
    pieces: int


def check(phi: Parametrization) -> Bound:
    """Verify the derivation of a network and return the error bounds that it proves.

    The network must equal, entry by entry, the one that its derivation builds.  The bounds come from
    `folding.replay`: the output is gamma + alpha y + beta S with S = x^2 - y^2, where y runs over all of
    [0, h] and has slopes +1 and -1 almost everywhere (the kinks form a finite set, hence a null set).  With
    the target q x^2 + lam y and beta = q the error is the parabola gamma + (alpha - lam) y - q y^2 on [0, h].

    Raises
    ------
    DerivationRefused
        If there is no derivation, the network differs from it, or a step does not go through.

    Examples
    --------
    >>> from relu_constructions import square
    >>> check(square(m=3)).value_error
    Fraction(1, 256)
    """
    derivation = phi.derivation
    if derivation is None:
        raise DerivationRefused("the network carries no derivation; certify it by pieces")
    _demand_equality(phi, derivation.build())
    folds: tuple[Fold, ...] = derivation._ask("folds")
    q, lam = derivation._ask("ideal")
    outcome = replay(phi, folds)
    if outcome.beta != q:
        raise DerivationRefused(f"the network contains {outcome.beta} x^2, the target {q} x^2")
    return _parabola_bound(outcome.gamma, outcome.alpha - lam, Fraction(q), outcome.length, folds)


def piece_bound(derivation: Derivation) -> int:
    """Bound the number of affine pieces, for the choice of a method; it decides no verdict."""
    pieces: int = derivation._ask("pieces")
    return pieces


def _demand_equality(phi: Parametrization, built: Parametrization) -> None:
    if phi == built:
        return
    for index, (layer, expected) in enumerate(zip(phi, built, strict=False), start=1):
        if layer != expected:
            raise DerivationRefused(f"layer {index} differs from the layer that the derivation builds")
    raise DerivationRefused(f"the network has {phi.depth} layers, its derivation builds {built.depth}")


def _parabola_bound(
    gamma: Fraction, delta: Fraction, q: Fraction, length: Fraction, folds: tuple[Fold, ...]
) -> Bound:
    """The suprema of |gamma + delta y - q y^2| and of its slope on [0, length], and where they are."""
    points = [Fraction(0), length]
    if q and 0 < delta / (2 * q) < length:
        points.append(delta / (2 * q))
    value, y = max(((abs(gamma + delta * t - q * t * t), t) for t in points), key=lambda pair: pair[0])
    slope, z = max(((abs(delta - 2 * q * t), t) for t in points[:2]), key=lambda pair: pair[0])
    pieces = 1
    for fold in folds:
        pieces *= fold.parts
    return Bound(value, slope, _origin(y, folds), (_origin(z, folds), 1 if z == 0 else -1), pieces)


def _origin(y: Fraction, folds: tuple[Fold, ...]) -> Fraction:
    """A point x whose last folded variable is y."""
    for fold in reversed(folds):
        y = fold.preimage(y)
    return y
