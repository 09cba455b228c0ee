"""Independent references: the slow, obvious way in Fractions, sharing no code with the package's kernels."""

import itertools
import random
from fractions import Fraction

import pytest

from relu_constructions import Layer, Parametrization


def naive_affine(A, b, values):
    """A x + b by dense Fractions."""
    return [sum((a * v for a, v in zip(row, values, strict=True)), c) for row, c in zip(A, b, strict=True)]


def naive_value(phi, x):
    """R(phi)(x) by dense Fractions."""
    values = [Fraction(x)]
    for index, (A, b) in enumerate(phi, start=1):
        values = naive_affine(A, b, values)
        if index < len(phi):
            values = [max(v, Fraction(0)) for v in values]
    return values[0]


def naive_pieces(phi, lo, hi):
    """Breakpoints and values of R(phi) on [lo, hi], merged where the slope does not change."""
    x = [Fraction(lo), Fraction(hi)]
    columns = [[t] for t in x]
    for index, (A, b) in enumerate(phi, start=1):
        columns = [naive_affine(A, b, column) for column in columns]
        if index < len(phi):
            x, columns = naive_zeros(x, columns)
            columns = [[max(v, Fraction(0)) for v in column] for column in columns]
    return naive_merged(x, [column[0] for column in columns])


def naive_zeros(x, columns):
    new_x, new_columns = [x[0]], [columns[0]]
    for (a, u), (b, v) in itertools.pairwise(zip(x, columns, strict=True)):
        places = {s / (s - t) for s, t in zip(u, v, strict=True) if s * t < 0}
        for r in sorted(places):
            new_x.append(a + r * (b - a))
            new_columns.append([s + r * (t - s) for s, t in zip(u, v, strict=True)])
        new_x.append(b)
        new_columns.append(v)
    return new_x, new_columns


def naive_merged(x, y):
    points = list(zip(x, y, strict=True))
    kept = [points[0]]
    for (_, _), (b, v), (c, w) in zip(points, points[1:], points[2:], strict=False):
        a, u = kept[-1]
        if (v - u) * (c - b) != (w - v) * (b - a):
            kept.append((b, v))
    return [*kept, points[-1]]


def random_network(seed, widths=None, draw=None):
    """A seeded network with one input and one output and small dyadic (or drawn) entries."""
    rng = random.Random(seed)
    sizes = [1, *(widths or [rng.randint(1, 5) for _ in range(rng.randint(1, 4))]), 1]
    entry = draw or (lambda r: Fraction(r.randint(-8, 8), 2 ** r.randint(0, 3)))
    pairs = [
        ([[entry(rng) for _ in range(below)] for _ in range(above)], [entry(rng) for _ in range(above)])
        for below, above in itertools.pairwise(sizes)
    ]
    return Parametrization(pairs)


def changed_networks(phi, step=Fraction(1, 1000)):
    """Every network that differs from phi in one nonzero weight or bias, by a thousandth of it."""
    for index, layer in enumerate(phi.layers):
        A, b = layer
        for i, j in itertools.product(range(layer.shape[0]), range(layer.shape[1] + 1)):
            entry = A[i, j] if j < layer.shape[1] else b[i]
            if entry == 0:
                continue
            new_A, new_b = [list(row) for row in A], list(b)
            if j < layer.shape[1]:
                new_A[i][j] = entry * (1 + step)
            else:
                new_b[i] = entry * (1 + step)
            layers = [*phi.layers[:index], Layer(new_A, new_b), *phi.layers[index + 1 :]]
            yield Parametrization(layers, derivation=phi.derivation)


@pytest.fixture(scope="session")
def naive():
    """The independent references as functions."""

    class Naive:
        value = staticmethod(naive_value)
        pieces = staticmethod(naive_pieces)
        network = staticmethod(random_network)
        changed = staticmethod(changed_networks)

    return Naive
