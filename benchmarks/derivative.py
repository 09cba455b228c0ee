"""D(Phi) in float64 batches: time a point against the value at the same point, and against a loop in numpy.

The first ratio is derivative over realization, both by the library in the same run; 3 forward passes are the
target where the network has one input or one output.  The second is the loop over layers that keeps all
diagonal matrices, over the library.  Exact derivatives are timed beside the naive product of Fractions.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import itertools
import sys
from fractions import Fraction

import numpy as np
from measure import best, machine, verdict

from relu_constructions import (
    HARD_TANH,
    RELU,
    TANH,
    Parametrization,
    derivative,
    leaky_relu,
    realization,
    square,
)

TARGET = 3


def random_network(architecture, activation):
    """Make a network with normal weights that keep values of order one."""
    rng = np.random.default_rng(0)
    pairs = [
        (rng.standard_normal((m, n)) / n**0.5, rng.standard_normal(m))
        for n, m in itertools.pairwise(architecture)
    ]
    return Parametrization.from_floats(pairs, activation=activation)


def loop(weights, columns):
    """Carry values and all slopes of a ReLU network through the layers, with c = 0."""
    slopes = np.eye(len(columns))[:, :, None]
    values = columns
    for A, b in weights[:-1]:
        values, slopes = A @ values + b[:, None], np.einsum("ij,jkn->ikn", A, slopes)
        slopes = slopes * (values > 0)[:, None, :]
        values = np.maximum(values, 0)
    return np.einsum("ij,jkn->ikn", weights[-1][0], slopes)


def float_ratio(name, phi, points, repetitions=5, naive=True):
    """Print the time of D(Phi) over that of R(Phi), and return it."""
    columns = np.random.default_rng(1).random((phi.architecture[0], points))
    values, _ = best(lambda: realization(phi, columns), repetitions)
    slopes, found = best(lambda: derivative(phi, columns), repetitions)
    print(f"{name}: {1e9 * slopes / points:.0f} ns a point, {slopes / values:.2f} forward passes", end="")
    if naive:
        weights = [(A.astype(float), b.astype(float)) for A, b in phi]
        slow, expected = best(lambda: loop(weights, columns), 2)
        difference = float(np.abs(found - expected).max() / max(np.abs(expected).max(), 1e-9))
        print(f"; loop {slow / slopes:.1f} x as long, relative difference {difference:.0e}", end="")
    print()
    return slopes / values


def exact_ratio(m=50):
    """Print the time of one exact derivative and of the product of Fractions."""
    phi, x = square(m=m), Fraction(1, 3)
    fast, found = best(lambda: derivative(phi, x), 20)

    def product():
        values, slope = np.array([x]), np.array([[Fraction(1)]])
        for A, b in phi.layers[:-1]:
            values, slope = A @ values + b, A @ slope
            slope = np.array([[Fraction(int(v > 0))] for v in values]) * slope
            values = np.maximum(values, Fraction(0))
        return (phi[-1].A @ slope)[0, 0]

    slow, expected = best(product, 2)
    assert found == expected
    print(f"exact, square(m={m}): {1e3 * fast:.2f} ms, by Fractions {slow / fast:.0f} x as long")


def main(points=20000):
    """Run everything."""
    print(machine())
    ratios = [float_ratio("square(m=20), 1 input", square(m=20), 5 * points)]
    wide = (50, 256, 256, 1)
    for shape in ((1, 64, 64, 64, 64, 1), (10, 64, 64, 64, 64, 1), wide, (1, 64, 64, 20)):
        count = points // 5 if shape == wide else points
        ratios.append(float_ratio(str(shape), random_network(shape, RELU), count))
    matrix = random_network((2, 32, 32, 10), RELU)
    float_ratio("2 inputs, 10 outputs (no target)", matrix, points)
    for activation in (leaky_relu("1/100"), HARD_TANH, TANH):
        other = random_network((10, 64, 64, 1), activation)
        float_ratio(f"(10, 64, 64, 1), {activation} (no target)", other, points, naive=False)
    exact_ratio()
    print(f"worst of the first five: {max(ratios):.2f} forward passes, {verdict(max(ratios), TARGET)}")
    return max(ratios) <= TARGET


if __name__ == "__main__":
    sys.exit(not main())
