"""The bound of a network that is proved by folding: one parabola on the last folded interval.

With `folding.replay` the output is gamma + alpha y + beta S, S = x^2 - y^2, where y runs over all of [0, h]
and has slopes +1 and -1 almost everywhere (the kinks form a finite set, hence a null set).  With the target
q x^2 + lam y and beta = q the error is the parabola gamma + (alpha - lam) y - q y^2 on [0, h].
"""

from __future__ import annotations

from fractions import Fraction

from relu_constructions.construction import Bound
from relu_constructions.folding import DerivationRefused, Fold, replay
from relu_constructions.parametrization import Parametrization


def fold_bound(phi: Parametrization, folds: tuple[Fold, ...], q: int, lam: Fraction) -> Bound:
    """Prove the errors of a network for q x^2 + lam y, where y is the variable after all folds.

    Raises
    ------
    DerivationRefused
        If a neuron is not of the form that the induction needs, or the network contains another square.

    Examples
    --------
    >>> from relu_constructions import square
    >>> from relu_constructions.folding import chain
    >>> fold_bound(square(m=3), chain(Fraction(0), Fraction(1), 2, 3), 1, Fraction(0)).derivative_error
    Fraction(1, 8)
    """
    outcome = replay(phi, folds)
    if outcome.beta != q:
        raise DerivationRefused(f"the network contains {outcome.beta} x^2, the target {q} x^2")
    return _parabola_bound(outcome.gamma, outcome.alpha - lam, Fraction(q), outcome.length, folds)


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
    side = Fraction(1 if z == 0 else -1)
    return Bound(value, slope, ((_origin(y, folds),),), (((_origin(z, folds),), (side,)),), pieces)


def _origin(y: Fraction, folds: tuple[Fold, ...]) -> Fraction:
    """A point x whose last folded variable is y."""
    for fold in reversed(folds):
        y = fold.preimage(y)
    return y
