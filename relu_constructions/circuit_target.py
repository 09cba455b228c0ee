"""The target of a circuit: the polynomials that its ideal gates compute."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint

from relu_constructions.circuit import Circuit, ideal
from relu_constructions.multivariate import MultivariatePolynomial


def computes(circuit: Circuit, *targets: MultivariatePolynomial) -> bool:
    """Decide whether the ideal gates of a circuit compute these polynomials, coefficient by coefficient.

    Examples
    --------
    >>> from relu_constructions.circuit import Wiring
    >>> wiring = Wiring(((Fraction(0), Fraction(1)),), 5)
    >>> circuit = wiring.circuit([wiring.square(wiring.inputs[0])])
    >>> [computes(circuit, MultivariatePolynomial.of({k: 1})) for k in (1, 2, 3)]
    [False, True, False]
    """
    names = [f"x{j}" for j in range(len(circuit.domain))]
    context = flint.fmpq_mpoly_ctx.get(names, "deglex")

    def number(c: Fraction) -> Any:
        return context.constant(flint.fmpq(c.numerator, c.denominator))

    made = ideal(circuit, [context.gen(j) for j in range(len(names))], number)
    wanted = [
        context.from_dict({alpha: flint.fmpq(c.numerator, c.denominator) for alpha, c in target.terms})
        for target in targets
    ]
    return len(made) == len(wanted) and all(a == b for a, b in zip(made, wanted, strict=True))
