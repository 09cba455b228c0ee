"""The absolute value, |x| = rho(x) + rho(-x)."""

from __future__ import annotations

from fractions import Fraction

from relu_constructions.construction import CONSTRUCTIONS, Construction, Derivation
from relu_constructions.fold_bound import fold_bound
from relu_constructions.folding import Fold
from relu_constructions.layer import Layer, integer_row
from relu_constructions.parametrization import Parametrization
from relu_constructions.piecewise_linear import PiecewiseLinear
from relu_constructions.theorem import Theorem

THEOREM = Theorem(
    name="absolute value",
    statement="rho(x) + rho(-x) = |x| for every real x",
    reference="folklore",
    parameters=(),
    equals={
        "depth": "2",
        "width": "2",
        "neurons": "2",
        "connectivity": "4",
        "magnitude": "1",
        "value_error": "0",
        "derivative_error": "0",
    },
    samples=({},),
)


def absolute_value() -> Parametrization:
    """Build the network rho(x) + rho(-x) = |x|.

    Returns
    -------
    Parametrization
        Architecture (1, 2, 1), 4 nonzeros, weights 1; exact on all of R.

    Examples
    --------
    >>> absolute_value()("-3/2")
    Fraction(3, 2)
    """
    return _build().with_derivation(Derivation("absolute_value", ()))


def _build() -> Parametrization:
    hidden = Layer.from_rows([integer_row({0: 1}), integer_row({0: -1})], 1)
    return Parametrization([hidden, Layer.from_rows([integer_row({0: 1, 1: 1})], 2)])


_INTERVAL = (Fraction(-1), Fraction(1))

CONSTRUCTIONS["absolute_value"] = Construction(
    build=_build,
    theorem=lambda: THEOREM,
    symbols=dict,
    target=lambda: PiecewiseLinear(
        ((Fraction(-1), Fraction(1)), (Fraction(0), Fraction(0)), (Fraction(1), Fraction(1)))
    ),
    domain=lambda: (_INTERVAL,),
    pieces=lambda: 2,
    prove=lambda phi: fold_bound(phi, (Fold(Fraction(-1), Fraction(1), 2, rising=False),), 0, Fraction(1)),
)
