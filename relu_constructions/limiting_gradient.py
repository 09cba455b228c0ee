"""The gradient of R(Phi) on an open set that touches a point, exactly, for any number of inputs.

Every neuron carries its value at x and its derivatives along a basis d_1, ..., d_n; the sign of the first
of these numbers that is not zero decides whether it is active on the points x + t d_1 + t^2 d_2 + ... with
small t > 0, and these points have an open neighbourhood in common.  If all of them vanish the preactivation
is zero there, and either decision is right (Nesterov's lexicographic derivative; Khan and Barton).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from relu_constructions.derivative_exact import jacobian
from relu_constructions.exact import to_fraction
from relu_constructions.fixed_point import Program, affine, compiled, homogeneous, quotient
from relu_constructions.layer import ExactArray
from relu_constructions.parametrization import Parametrization


def limiting_gradient(phi: Parametrization, x: Any, direction: Any = None) -> ExactArray:
    """Return the gradient of every output on an open set that x touches, seen from x in a direction.

    Parameters
    ----------
    phi : Parametrization
    x : sequence of N_0 exact numbers
    direction : sequence of N_0 exact numbers, optional
        Not zero; the first unit vector, if it is left out.

    Returns
    -------
    array of Fraction of shape (N_L, N_0)

    Raises
    ------
    TypeError
        If a number is not exact.
    ValueError
        If x or the direction have another length than N_0, or the direction is zero.

    Examples
    --------
    >>> phi = Parametrization([([[1, 1], [-1, -1]], [0, 0]), ([[1, 1]], [0])])
    >>> [[str(g) for g in limiting_gradient(phi, [0, 0], d)[0]] for d in ([1, 0], [0, -1], [1, -1])]
    [['1', '1'], ['-1', '-1'], ['1', '1']]
    """
    inputs = phi.architecture[0]
    point = _vector(x, inputs, "x")
    along = [Fraction(int(j == 0)) for j in range(inputs)]
    if direction is not None:
        along = _vector(direction, inputs, "direction")
    program, basis = compiled(phi), _basis(along)
    gates = _gates(program, homogeneous(point), basis)
    rows = jacobian(program, gates, inputs)
    result = np.empty((len(rows), inputs), dtype=object)
    for i, (row, scale) in enumerate(zip(rows, program.scales, strict=True)):
        result[i, :] = [quotient(w, 1, scale) for w in row]
    return result


def _vector(given: Any, inputs: int, name: str) -> list[Fraction]:
    numbers = [to_fraction(entry, name) for entry in given]
    if len(numbers) != inputs:
        raise ValueError(f"{name} must have {inputs} entries, one for each input, got {len(numbers)}")
    return numbers


def _basis(direction: Sequence[Fraction]) -> list[list[int]]:
    """The direction as integers, and unit vectors that complete it; each with a last entry 0."""
    pivot = next((j for j, entry in enumerate(direction) if entry), None)
    if pivot is None:
        raise ValueError("direction must not be zero")
    scaled = homogeneous(list(direction))
    n = len(direction)
    units = [[int(i == j) for i in range(n)] + [0] for j in range(n) if j != pivot]
    return [[*scaled[:-1], 0], *units]


def _gates(program: Program, values: list[int], basis: list[list[int]]) -> list[list[bool]]:
    """Which neurons of every hidden layer are active, with no more vectors of the basis than it takes."""
    for given in ([], basis[:1]):
        if (gates := _decided(program, [values, *given])) is not None:
            return gates
    return _decided(program, [values, *basis], zeros=True) or []


def _decided(program: Program, germs: list[list[int]], zeros: bool = False) -> list[list[bool]] | None:
    """Decide by the first number that is not zero; nothing, if they are all zero and `zeros` is not set."""
    q, gates = germs[0][-1], []
    for neurons in program.layers[:-1]:
        germs = [affine(neurons, germ) for germ in germs]
        columns = list(zip(*germs, strict=True))
        if not zeros and not all(map(any, columns)):
            return None
        active = [next((v > 0 for v in germ if v), False) for germ in columns]
        gates.append(active)
        germs = [[v if on else 0 for v, on in zip(germ, active, strict=True)] for germ in germs]
        germs = [[*germ, q if k == 0 else 0] for k, germ in enumerate(germs)]
    return gates
