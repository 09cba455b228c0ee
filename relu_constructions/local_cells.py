"""Local cells: the cones into which the kinks of R(Phi) cut the neighbourhood of a point, exactly.

Near x every hidden preactivation is its value at x plus a positively homogeneous piecewise linear function of
v = x' - x.  Where the value is positive the neuron passes this function on, where it is negative the neuron
is 0, and where it is zero the neuron is ReLU of the function.  So R(Phi)(x + v) - R(Phi)(x) is, for small v,
a homogeneous ReLU network without biases: it is linear on each of finitely many full-dimensional cones, on
whose interior no preactivation that vanishes at x changes its sign, and these cones cover the space.

They are found neuron by neuron, layer by layer: on a cone on which all earlier neurons have a fixed sign the
next preactivation is a linear form, which cuts the cone in two, or does not.  A form that is zero, the
preactivation of a neuron that vanishes in a whole neighbourhood of x inside the cone, cuts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from relu_constructions.cones import Cone, Vector, cut, whole_space
from relu_constructions.exact import to_integer
from relu_constructions.exact_points import read_exact_point
from relu_constructions.fixed_point import Program, affine, compiled, homogeneous, quotient
from relu_constructions.layer import ExactArray
from relu_constructions.parametrization import Parametrization

MAX_CELLS = 4096
"""How many cells are listed if the caller sets no limit."""


class TooManyCells(ValueError):  # noqa: N818 - a refusal, named as one
    """The number of cells exceeds the limit that was set."""


@dataclass(frozen=True, eq=False)
class Cell:
    """A cone of directions on which R(Phi) is affine near the point, with its Jacobian.

    Attributes
    ----------
    lines, rays : tuple of vectors of integers
        The cone consists of all multiples of the lines plus nonnegative multiples of the rays.
    direction : vector of integers
        In the interior of the cone: no hidden preactivation vanishes at x + t direction for small t > 0,
        except those that vanish around that point.
    jacobian : array of Fraction of shape (N_L, N_0)
        R(Phi)(x + v) = R(Phi)(x) + jacobian v for all small v in the cone.
    """

    lines: tuple[Vector, ...]
    rays: tuple[Vector, ...]
    direction: Vector
    jacobian: ExactArray


def local_cells(phi: Parametrization, x: Any, max_cells: int = MAX_CELLS) -> Iterator[Cell]:
    """List the full-dimensional cones on which all hidden preactivations keep their sign near x.

    The cells are found one after the other while they are read; a caller may stop early.  The work for a cell
    grows with the rays of its cone, of which there may be very many if x lies on many kinks in more than
    about six dimensions.  With another activation than ReLU the neurons are those of the ReLU form.

    Parameters
    ----------
    phi : Parametrization
    x : sequence of N_0 exact numbers, or an exact number if N_0 = 1
    max_cells : int

    Returns
    -------
    iterator of Cell

    Raises
    ------
    TypeError
        If a number is not exact.
    ValueError
        If x is not one point or `max_cells` is not positive; `TooManyCells`, after the last cell that is
        allowed, if there are more.

    Examples
    --------
    >>> maximum = Parametrization([([[1, -1], [0, 1], [0, -1]], [0, 0, 0]), ([[1, 1, -1]], [0])])
    >>> for cell in local_cells(maximum, [0, 0]):
    ...     print(cell.rays, cell.direction, [str(g) for g in cell.jacobian[0]])
    ((1, 0), (1, 1)) (2, 1) ['1', '0']
    ((1, 0), (-1, -1)) (0, -1) ['1', '0']
    ((-1, 0), (1, 1)) (0, 1) ['0', '1']
    ((-1, 0), (-1, -1)) (-2, -1) ['0', '1']
    """
    limit, program = to_integer(max_cells, "max_cells", 1), compiled(phi)
    points = read_exact_point(x, phi.architecture[0])
    signs = _signs(program, homogeneous(points.columns[:, 0]))
    return _limited(_cells(program, signs, phi.architecture[0]), limit)


def preactivation_vanishes(phi: Parametrization, x: Any) -> bool:
    """Whether some hidden preactivation is zero at an exact point.

    Examples
    --------
    >>> hat = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
    >>> preactivation_vanishes(hat, "1/2"), preactivation_vanishes(hat, "1/3")
    (True, False)
    """
    points = read_exact_point(x, phi.architecture[0])
    return any(0 in signs for signs in _signs(compiled(phi), homogeneous(points.columns[:, 0])))


def _limited(cells: Iterator[Cell], limit: int) -> Iterator[Cell]:
    for count, cell in enumerate(cells):
        if count == limit:
            raise TooManyCells(f"R(Phi) has more than {limit} cells around x; pass a larger max_cells")
        yield cell


def _signs(program: Program, values: list[int]) -> list[list[int]]:
    """The signs of all hidden preactivations, layer by layer."""
    found, q = [], values[-1]
    for neurons in program.layers[:-1]:
        sums = affine(neurons, values)
        found.append([(v > 0) - (v < 0) for v in sums])
        values = [v if v > 0 else 0 for v in sums] + [q]
    return found


class _Branch(NamedTuple):
    """A cone, the slopes of a layer on it along each unit vector, and the first neurons decided."""

    cone: Cone
    layer: int
    slopes: list[list[int]]
    active: list[bool]


def _cells(program: Program, signs: list[list[int]], inputs: int) -> Iterator[Cell]:
    units = [[int(i == k) for i in range(inputs)] for k in range(inputs)]
    stack = [_Branch(whole_space(inputs), 0, _applied(program, 0, units), [])]
    while stack:
        branch = stack.pop()
        if branch.layer == len(signs):
            yield _cell(program, branch)
            continue
        cone, layer, slopes, active = branch
        forms = list(zip(*slopes, strict=True))
        for i in range(len(active), len(forms)):
            sign = signs[layer][i]
            parts = [(sign, cone)] if sign else cut(cone, forms[i])
            if len(parts) == 2:
                stack.append(_Branch(parts[1][1], layer, slopes, [*active, False]))
            sign, cone = parts[0]
            active.append(sign > 0)
        gated = [[w if on else 0 for w, on in zip(part, active, strict=True)] for part in slopes]
        stack.append(_Branch(cone, layer + 1, _applied(program, layer + 1, gated), []))


def _applied(program: Program, layer: int, slopes: list[list[int]]) -> list[list[int]]:
    return [affine(program.layers[layer], [*part, 0]) for part in slopes]


def _cell(program: Program, branch: _Branch) -> Cell:
    jacobian = np.empty((len(program.scales), len(branch.slopes)), dtype=object)
    for k, part in enumerate(branch.slopes):
        jacobian[:, k] = [quotient(w, 1, scale) for w, scale in zip(part, program.scales, strict=True)]
    cone = branch.cone
    return Cell(cone.lines, tuple(ray.vector for ray in cone.rays), cone.inner(), jacobian)
