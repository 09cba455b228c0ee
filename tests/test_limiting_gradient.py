"""Limiting gradients: the derivative at generic points, points nearby at kinks, and examples."""

import itertools
import random
from fractions import Fraction

import pytest

from relu_constructions import Parametrization
from relu_constructions.derivative import derivative
from relu_constructions.directional_derivative import one_sided_derivative
from relu_constructions.limiting_gradient import limiting_gradient

I1 = [([[1], [-1]], [0, 0]), ([[1, -1]], [0])]
I2 = [([[1], [-1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0])]
I3 = [([[1], [-1]], [0, 0]), ([[1, 0], [0, 1], [-1, 0]], [0, 0, 0]), ([[1, -1, 2]], [0])]
I4 = [([[1], [-1]], [0, 0]), ([[1, -1], [-1, 0]], [5, 0]), ([[1, 2]], [-5])]
Z = [([[1]], [0]), ([[-1]], [0]), ([[1]], [0])]


def random_network(seed, inputs, biased=True):
    """Small integers, so that many preactivations vanish at points of the integer lattice."""
    rng = random.Random(seed)
    sizes = [inputs, *(rng.randint(1, 5) for _ in range(rng.randint(1, 4))), rng.randint(1, 3)]
    layers = [
        (
            [[rng.randint(-2, 2) for _ in range(below)] for _ in range(above)],
            [rng.randint(-1, 1) * biased for _ in range(above)],
        )
        for below, above in itertools.pairwise(sizes)
    ]
    return Parametrization(layers), rng


def preactivations(phi, x):
    """The preactivations of all hidden neurons, by dense Fractions."""
    found, values = [], list(x)
    for A, b in list(phi)[:-1]:
        sums = [
            sum((a * v for a, v in zip(row, values, strict=True)), c) for row, c in zip(A, b, strict=True)
        ]
        found += sums
        values = [max(v, Fraction(0)) for v in sums]
    return found


def exact_gradient(phi, x):
    """A_L Delta ... A_1 by dense Fractions, at a point where every zero preactivation is zero around it."""
    values, J = list(x), [[Fraction(int(i == j)) for j in range(len(x))] for i in range(len(x))]
    for index, (A, b) in enumerate(phi, start=1):
        values = [
            sum((a * v for a, v in zip(row, values, strict=True)), c) for row, c in zip(A, b, strict=True)
        ]
        J = [[sum(a * J[k][j] for k, a in enumerate(row)) for j in range(len(x))] for row in A]
        if index < len(phi):
            J = [slopes if v > 0 else [Fraction(0)] * len(x) for v, slopes in zip(values, J, strict=True)]
            values = [max(v, Fraction(0)) for v in values]
    return J


def kink_rows(phi, x):
    """Whether some preactivation vanishes at x with a gradient that does not."""
    return any(
        v == 0 and any(row)
        for v, row in zip(preactivations(phi, x), preactivation_gradients(phi, x), strict=True)
    )


def preactivation_gradients(phi, x):
    found = []
    for depth in range(1, len(phi)):
        found += exact_gradient(Parametrization(phi.layers[:depth]), x)
    return found


@pytest.mark.parametrize("inputs", [1, 2, 3])
@pytest.mark.parametrize("seed", range(15))
def test_at_generic_points_it_is_the_derivative(seed, inputs):
    phi, rng = random_network(seed, inputs)
    for _ in range(6):
        x = [Fraction(rng.randint(-(10**9), 10**9), 10**9 + 7) for _ in range(inputs)]
        if 0 in preactivations(phi, x):
            continue
        wanted = derivative(phi, x)
        for _ in range(2):
            direction = [rng.randint(-3, 3) for _ in range(inputs - 1)] + [1]
            found = limiting_gradient(phi, x, direction)
            assert found.shape == (phi.architecture[-1], inputs)
            assert found.reshape(-1).tolist() == [Fraction(v) for v in getattr(wanted, "flat", [wanted])]
            assert found.tolist() == exact_gradient(phi, x)


def steps(direction, t):
    """t d_1 + t^2 d_2 + ..., with unit vectors that complete the direction to a basis."""
    n = len(direction)
    pivot = next(j for j, entry in enumerate(direction) if entry)
    basis = [direction, *([int(i == j) for i in range(n)] for j in range(n) if j != pivot)]
    return [sum(t ** (k + 1) * d[i] for k, d in enumerate(basis)) for i in range(n)]


@pytest.mark.parametrize("inputs", [1, 2, 3])
@pytest.mark.parametrize("seed", range(20))
def test_at_kinks_it_is_the_gradient_nearby(seed, inputs):
    phi, rng = random_network(seed, inputs, biased=bool(seed % 3))
    for _ in range(4):
        x = [Fraction(rng.randint(-1, 1)) for _ in range(inputs)]
        direction = [rng.randint(-2, 2) for _ in range(inputs)]
        direction[rng.randrange(inputs)] = rng.choice([-1, 1])
        t = Fraction(1, 10**9)
        near = [a + b for a, b in zip(x, steps(direction, t), strict=True)]
        assert not kink_rows(phi, near)
        assert limiting_gradient(phi, x, direction).tolist() == exact_gradient(phi, near)


@pytest.mark.parametrize("seed", range(20))
def test_with_one_input_it_is_the_one_sided_derivative(seed, naive):
    phi, rng = naive.network(seed), random.Random(seed)
    for _ in range(8):
        x = Fraction(rng.randint(-8, 8), 2 ** rng.randint(0, 3))
        for side in (1, -1):
            assert limiting_gradient(phi, [x], [side]).tolist() == [[one_sided_derivative(phi, x, side)]]
        assert limiting_gradient(phi, [x]).tolist() == limiting_gradient(phi, [x], [7]).tolist()


@pytest.mark.parametrize("layers, slope", [(I1, 1), (I2, 1), (I3, 1), (I4, 1), (Z, 0)])
def test_networks_where_no_convention_is_right(layers, slope):
    phi = Parametrization(layers)
    for side in (1, -1, Fraction(1, 3), -5):
        assert limiting_gradient(phi, [0], [side]).tolist() == [[slope]]
    assert I3 is not layers or [derivative(phi, 0, at_kink=c) for c in (0, "1/2", 1)] == [0, 0, 0]


def test_the_maximum_has_the_gradient_of_the_larger_argument():
    maximum = Parametrization([([[1, -1], [0, 1], [0, -1]], [0, 0, 0]), ([[1, 1, -1]], [0])])
    assert limiting_gradient(maximum, [0, 0], [1, 0]).tolist() == [[1, 0]]
    assert limiting_gradient(maximum, [0, 0], [0, 1]).tolist() == [[0, 1]]
    assert limiting_gradient(maximum, [0, 0], [1, 1]).tolist() in ([[1, 0]], [[0, 1]])
    assert limiting_gradient(maximum, [2, 1]).tolist() == [[1, 0]]


def test_an_affine_map_has_its_matrix_everywhere():
    phi = Parametrization([([["1/3", 2], [0, "-7/5"]], [1, 1])])
    assert limiting_gradient(phi, ["1/2", 0], [0, -1]).tolist() == [[Fraction(1, 3), 2], [0, Fraction(-7, 5)]]


@pytest.mark.parametrize(
    "x, direction, error, words",
    [
        ([0, 0], None, ValueError, "x must have 1 entries"),
        ([0], [1, 0], ValueError, "direction must have 1 entries"),
        ([0], [0], ValueError, "direction must not be zero"),
        ([0.5], None, TypeError, "exact"),
        ([0], [0.5], TypeError, "exact"),
    ],
)
def test_what_is_refused(x, direction, error, words):
    with pytest.raises(error, match=words):
        limiting_gradient(Parametrization(I1), x, direction)
