"""Evaluation: time a point of float64 batches, of exact numbers and of exact derivatives.

Every ratio compares two ways of doing the same in the same run: a batch against a loop over dense numpy
layers, and exact values against the same loop with Fractions.  Exact results are compared with ``==``.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import itertools
from fractions import Fraction

import numpy as np
from measure import best

from relu_constructions.constructions.square import square
from relu_constructions.directional_derivative import one_sided_derivative
from relu_constructions.fixed_point import compiled
from relu_constructions.float_layers import float_layers
from relu_constructions.parametrization import Parametrization
from relu_constructions.realization import realization


def wide_chain(depth, width):
    """Make a network of random dyadic weights, on which float64 has something to do."""
    rng = np.random.default_rng(0)
    sizes = [1, *[width] * (depth - 1), 1]
    pairs = [
        (rng.integers(-4, 5, (m, n)) / 4, rng.integers(-4, 5, m) / 4) for n, m in itertools.pairwise(sizes)
    ]
    return Parametrization.from_floats(pairs)


def dense_loop(weights, x):
    """Evaluate layer by layer, all points at once."""
    for A, b in weights[:-1]:
        x = np.maximum(A @ x + b[:, None], 0)
    A, b = weights[-1]
    return A @ x + b[:, None]


def fraction_loop(phi, x):
    """Evaluate by matrices of Fractions."""
    values = np.array([x])
    for layer in phi.layers[:-1]:
        values = np.maximum(layer.A @ values + layer.b, Fraction(0))
    return (phi[-1].A @ values + phi[-1].b)[0]


def float_batch(depth=50, width=4, points=10**5):
    """Time a float64 batch against the dense loop."""
    phi = wide_chain(depth, width)
    weights = [(A.astype(float), b.astype(float)) for A, b in phi]
    x = np.linspace(-1, 1, points)
    first, _ = best(lambda: float_layers(phi), 1)
    loop, slow = best(lambda: dense_loop(weights, x[None])[0], 7)
    batch, fast = best(lambda: realization(phi, x), 7)
    np.testing.assert_allclose(fast, slow, rtol=1e-9)
    print(
        f"float64, depth {depth}, width {width}, {points} points (weights rounded in {1e3 * first:.1f} ms):"
    )
    print(f"  {1e9 * batch / points:6.0f} ns a point, {1e3 * batch:.1f} ms in all")
    print(f"  {1e9 * loop / points:6.0f} ns a point in the dense loop: ratio {loop / batch:.2f}")


def exact_point(m, repetitions):
    """Time one exact value and one exact derivative against the loop over Fractions."""
    phi, x = square(m=m), Fraction(1, 3)
    compiling, _ = best(lambda: compiled(phi), 1)
    fast, value = best(lambda: realization(phi, x), repetitions)
    slope, _ = best(lambda: one_sided_derivative(phi, x), repetitions)
    dense = [(layer.A, layer.b) for layer in phi]
    slow, expected = best(lambda: fraction_loop(phi, x), 2)
    assert value == expected == x * x + Fraction(2, 9) / 4**m
    print(f"exact at 1/3, {len(dense) - 1} hidden layers (compiled in {1e3 * compiling:.1f} ms):")
    print(f"  {1e3 * fast:8.3f} ms, one-sided derivative {1e3 * slope:.3f} ms")
    print(f"  {1e3 * slow:8.3f} ms by Fractions: ratio {slow / fast:.0f}")


def exact_grid(m=10, points=1025):
    """Time exact values on a dyadic grid against one point after the other."""
    phi, xs = square(m=m), [Fraction(k, 2**m) for k in range(points)]
    batch, values = best(lambda: realization(phi, xs), 3)
    single, expected = best(lambda: [realization(phi, x) for x in xs], 1)
    assert list(values) == expected == [x * x for x in xs]
    print(f"exact on a grid of {points} points, m = {m}:")
    print(f"  {1e6 * batch / points:6.1f} us a point")
    print(f"  {1e6 * single / points:6.1f} us a point one by one: ratio {single / batch:.1f}")


if __name__ == "__main__":
    float_batch()
    for size, count in ((10, 50), (50, 20), (200, 10), (1661, 5), (3322, 5)):
        exact_point(size, count)
    exact_grid()
