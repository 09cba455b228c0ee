"""Choice: among circuits for one function, the one whose network has the fewest nonzeros."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from relu_constructions.circuit import Circuit
from relu_constructions.levels import fewest_levels
from relu_constructions.parametrization import Parametrization
from relu_constructions.schedule import network
from relu_constructions.worst_case import worst_case

Write = Callable[[int], Circuit]
FEW_CELLS = 8
SMALL = 6
FINALISTS = 3
HOPELESS = 2


class Choice(NamedTuple):
    """Which circuit was chosen, its levels, whether its gates start late, and its network."""

    which: int
    m: int
    late: bool
    phi: Parametrization


def smallest(writes: Sequence[Write], eps: Fraction | None, norm: str, m: int | None = None) -> Choice:
    """Choose the circuit and the schedule with the least connectivity among those that are proved within eps.

    The connectivity is affine in the number of levels, so two small networks of a circuit predict it; the
    best predictions are built.

    Parameters
    ----------
    writes : sequence of callable
        Each makes a circuit with m levels.
    eps : Fraction or None
    norm : {"W1inf", "Linf"}
    m : int, optional
        The levels, where no accuracy is asked.

    Examples
    --------
    >>> from relu_constructions.circuit import Wiring
    >>> def write(m):
    ...     wiring = Wiring(((Fraction(0), Fraction(1)),), m)
    ...     return wiring.circuit([wiring.square(wiring.inputs[0])])
    >>> smallest([write], Fraction(1, 1000), "W1inf")[:3]
    (0, 10, False)
    """
    order = list(range(len(writes)))
    if len(writes) > 1:
        gates = [_cost(write(1)) for write in writes]
        order = [i for i in order if gates[i] <= HOPELESS * min(gates)]
        predicted = {i: _predicted(writes[i], eps, norm, m) for i in order}
        order = sorted(order, key=predicted.__getitem__)[:FINALISTS]
    found = []
    for i in order:
        levels = m if eps is None else fewest_levels(writes[i], eps, norm, start=_start(eps))
        assert levels is not None
        found.append(_built(writes[i](levels), i, levels))
    return min(found, key=lambda choice: choice.phi.connectivity)


def _start(eps: Fraction) -> int:
    return max(6, (1 / eps).numerator.bit_length() - (1 / eps).denominator.bit_length() + 4)


def _cost(circuit: Circuit) -> int:
    """The nonzeros that the gates need in one level."""
    return sum({"square": 7, "product": 13, "scaling": 2}[gate.kind] for gate in circuit.gates) + 1


def _predicted(write: Write, eps: Fraction | None, norm: str, m: int | None) -> Fraction:
    """The connectivity for the levels that a rough bound asks for."""
    low, high = (min(_sizes(write(levels))) for levels in (SMALL, 2 * SMALL))
    if eps is None:
        assert m is not None
        levels = m
    else:
        start = _start(eps)
        bound = worst_case(write(start), FEW_CELLS)
        levels = start + _missing(bound.derivative_error / eps, 1) if norm == "W1inf" else 1
        levels = max(levels, start + _missing(bound.value_error / eps, 2))
    return low + Fraction(high - low, SMALL) * (levels - SMALL)


def _missing(ratio: Fraction, rate: int) -> int:
    """About log2(ratio)/rate."""
    if ratio == 0:
        return -(2**20)
    return -((ratio.denominator.bit_length() - ratio.numerator.bit_length()) // rate)


def _sizes(circuit: Circuit) -> list[int]:
    return [network(circuit, late).connectivity for late in (False, True)]


def _built(circuit: Circuit, index: int, m: int) -> Choice:
    """Schedule early and late, small first, and build the smaller one."""
    gates = (gate if gate.kind == "scaling" else gate._replace(m=min(m, SMALL)) for gate in circuit.gates)
    small = circuit._replace(gates=tuple(gates))
    late = _sizes(small)[1] < _sizes(small)[0]
    return Choice(index, m, late, network(circuit, late))
