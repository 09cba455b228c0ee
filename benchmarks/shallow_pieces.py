"""Shallow pieces: interpolants given as shallow networks, by sorted kinks and running sums.

The interpolants of exp and of a polynomial at N equally spaced points have vertices of 60 binary digits.  The
time is that of `pieces`, for a network that is built already, at the first call, which reads the rows of the
first layer into arrays, and the least of further calls; N log N means that the last column, seconds
over N log N, stays about the same.  The reference are the kernels that interpolate every neuron at every
kink, on a smaller network and in the same run; their time grows like N^2.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import itertools
import math
from fractions import Fraction

from measure import best, machine, verdict

from relu_constructions import PiecewiseLinear, pieces
from relu_constructions.grid import grid_pieces
from relu_constructions.pieces import _from_coordinates, _from_grid
from relu_constructions.projective import projective_pieces

UNIT = (Fraction(0), Fraction(1))
TARGET = {14: 0.015}
"""The seconds that the pieces may take, by the binary logarithm of N."""


def interpolant(f, count, bits=60):
    """Return a shallow network that interpolates f at so many points."""
    return PiecewiseLinear.interpolant(f, count, domain=(0, 1), bits=bits).network()


def quadratic(phi, kernel):
    """Return the pieces by a kernel that does not sort."""
    if kernel == "int64":
        return _from_grid(*grid_pieces(phi.layers, UNIT, 2**20))
    return _from_coordinates(projective_pieces(phi.layers, UNIT, 2**20), whole_line=False)


def against_interpolation(f, exponent, kernel, bits):
    """Print the seconds of both routes on the same network."""
    phi = interpolant(f, 2**exponent, bits)
    slow, expected = best(lambda: quadratic(phi, kernel), 1)
    fast, found = best(lambda: pieces(phi, UNIT, kernel=kernel), 5)
    assert found == expected
    ratio = f"ratio {slow / fast:.0f}"
    print(f"  2^{exponent:<2}  {bits:4}  {kernel:<8}  {fast:9.5f}  {slow:9.4f} by interpolation, {ratio}")


def growth(f, exponents, bits=60, kernel="auto", repetitions=7):
    """Print the seconds for growing N, and return the largest quotient of neighbouring last columns."""
    print(f"\n{f}, {bits} binary digits, kernel={kernel}")
    print("     N  kernel    first call    seconds   pieces/s   ns/(N log N)")
    columns = []
    for k in exponents:
        phi = interpolant(f, 2**k, bits)
        first, _ = best(lambda phi=phi: pieces(phi, UNIT, kernel=kernel), 1)
        seconds, found = best(lambda phi=phi: pieces(phi, UNIT, kernel=kernel), repetitions)
        columns.append(seconds / (2**k * math.log(2**k)) * 1e9)
        goal = verdict(seconds, TARGET[k]) if k in TARGET and bits == 60 and kernel == "auto" else ""
        rate = len(found) / seconds
        sizes = f"  2^{k:<2}  {found.kernel:<8}  {first:10.5f}  {seconds:9.5f}"
        print(f"{sizes}  {rate:9,.0f}  {columns[-1]:13.1f}  {goal}".rstrip())
    return max(after / before for before, after in itertools.pairwise(columns))


if __name__ == "__main__":
    print(machine())
    print("\nsorting against interpolating\n     N  bits  kernel      seconds")
    against_interpolation("exp(x)", 10, "int64", 40)
    against_interpolation("exp(x)", 8, "integers", 60)
    growth("exp(x)", (10, 12, 14, 16))
    growth([0, 1, "-1/3", "1/7"], (10, 12, 14, 16, 18, 20), repetitions=3)
    growth("exp(x)", (10, 12, 14, 16), bits=200, repetitions=3)
