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
SMALL = 4
FINALISTS = 3
HOPELESS = Fraction(8, 5)


class Choice(NamedTuple):
    """Which circuit was chosen, its levels, whether its gates start late, and its network."""

    which: int
    m: int
    late: bool
    phi: Parametrization


def smallest(
    writes: Sequence[Write],
    eps: Fraction | None,
    norm: str,
    m: int | None = None,
    candidates: int | None = None,
    finalists: int = FINALISTS,
    cells: int = 200,
) -> Choice:
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
    candidates : int, optional
        So many circuits, those with the fewest levels in all, are looked at more closely.
    finalists : int
        For so many the levels are determined exactly.
    cells : int
        The effort spent on each bound, see `fewest_levels`.

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
    sizes: dict[int, _Sizes] = {}
    rough: dict[int, int] = {}
    if len(writes) > 1:
        gates = [cost(write(1)) for write in writes]
        order = [i for i in order if gates[i] <= HOPELESS * min(gates)]
        few = FEW_CELLS if len(order) <= FEW_CELLS else 1
        rough = {i: _rough_levels(writes[i], eps, norm, m, few) for i in order}
        order = sorted(order, key=lambda i: gates[i] * rough[i])[:candidates]
        sizes = {i: _Sizes.of(writes[i]) for i in order}
        order.sort(key=lambda i: sizes[i].connectivity(rough[i]))
    found = []
    for i in order[:finalists]:
        if eps is None:
            assert m is not None
            levels = m
        else:
            levels = fewest_levels(writes[i], eps, norm, cells, max(1, rough.get(i, _start(eps))))
        size = sizes.get(i) or _Sizes.of(writes[i])
        found.append((size.connectivity(levels), i, levels, size.late))
    _, best, levels, late = min(found)
    circuit = writes[best](levels)
    return Choice(best, levels, late, network(circuit, late))


class _Sizes(NamedTuple):
    """The connectivity of the networks of a circuit with few and with twice as many levels."""

    low: int
    high: int
    late: bool

    @classmethod
    def of(cls, write: Write) -> _Sizes:
        """Schedule small networks early and late, and keep the smaller one."""
        low, high = write(SMALL), write(2 * SMALL)
        found = [
            cls(network(low, late).connectivity, network(high, late).connectivity, late)
            for late in (False, True)
        ]
        return min(found, key=lambda sizes: sizes.high)

    def connectivity(self, m: int) -> Fraction:
        """The connectivity with m levels, which is affine in m."""
        return self.low + Fraction(self.high - self.low, SMALL) * (m - SMALL)


def _start(eps: Fraction) -> int:
    return max(6, (1 / eps).numerator.bit_length() - (1 / eps).denominator.bit_length() + 4)


def cost(circuit: Circuit) -> int:
    """The nonzeros that the squares and products need in one level."""
    return sum({"square": 7, "product": 13}.get(gate.kind, 0) for gate in circuit.gates) + 1


def _rough_levels(write: Write, eps: Fraction | None, norm: str, m: int | None, cells: int) -> int:
    """The levels that a rough bound asks for."""
    if eps is None:
        assert m is not None
        return m
    start = _start(eps)
    bound = worst_case(write(start), cells)
    levels = start + _missing(bound.derivative_error / eps, 1) if norm == "W1inf" else 1
    return max(levels, start + _missing(bound.value_error / eps, 2))


def _missing(ratio: Fraction, rate: int) -> int:
    """About log2(ratio)/rate."""
    if ratio == 0:
        return -(2**20)
    return -((ratio.denominator.bit_length() - ratio.numerator.bit_length()) // rate)
