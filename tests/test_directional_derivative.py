"""Directional derivatives: quotients of exact differences, D(Phi) away from kinks, shapes and refusals."""

import itertools
import random
from decimal import Decimal
from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
import sympy

from relu_constructions.derivative import derivative
from relu_constructions.directional_derivative import directional_derivative, one_sided_derivative
from relu_constructions.parametrization import Parametrization

HAT = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
MAXIMUM = Parametrization([([[1, -1], [0, 1], [0, -1]], [0, 0, 0]), ([[1, 1, -1]], [0])])
TWO_OUT = Parametrization([([[1], [-1]], [0, 0]), ([[1, 1], [1, -1]], [0, 1])])
TWO_TWO = Parametrization([([[1, 2], [3, 4]], [0, 1])])


def network(rng, inputs, divide=False):
    """Small integers, or small rationals, so that many preactivations vanish at points of the lattice."""
    sizes = [inputs, *(rng.randint(1, 4) for _ in range(rng.randint(1, 3))), rng.randint(1, 2)]

    def entry(size):
        return Fraction(rng.randint(-size, size), rng.choice([1, 2, 3]) if divide else 1)

    return Parametrization(
        [
            ([[entry(2) for _ in range(below)] for _ in range(above)], [entry(1) for _ in range(above)])
            for below, above in itertools.pairwise(sizes)
        ]
    )


def value(phi, x):
    """R(Phi)(x) by dense Fractions."""
    values = list(x)
    for index, (A, b) in enumerate(phi, start=1):
        values = [
            sum((a * v for a, v in zip(row, values, strict=True)), c) for row, c in zip(A, b, strict=True)
        ]
        if index < len(phi):
            values = [max(v, Fraction(0)) for v in values]
    return values


def quotients(phi, x, direction, t):
    there = value(phi, [a + t * d for a, d in zip(x, direction, strict=True)])
    return [(v - u) / t for u, v in zip(value(phi, x), there, strict=True)]


@pytest.mark.parametrize("divide", [False, True], ids=["integers", "rationals"])
@pytest.mark.parametrize("inputs", [1, 2, 3])
@pytest.mark.parametrize("seed", range(12))
def test_it_is_the_quotient_of_small_differences(seed, inputs, divide):
    rng = random.Random(seed)
    for _ in range(8):
        phi = network(rng, inputs, divide)
        x = [rng.randint(-1, 1) for _ in range(inputs)]
        direction = [Fraction(rng.randint(-3, 3), rng.randint(1, 3)) for _ in range(inputs)]
        found = directional_derivative(phi, x, direction).tolist()
        for t in (Fraction(1, 10**12), Fraction(1, 3**30)):
            assert found == quotients(phi, x, direction, t)


@pytest.mark.parametrize("inputs", [1, 2, 3])
def test_both_sides_differ_at_many_lattice_points(inputs):
    rng, kinks = random.Random(1), 0
    for _ in range(200):
        phi, x = network(rng, inputs), [rng.randint(-1, 1) for _ in range(inputs)]
        v = np.array([rng.randint(-2, 2) for _ in range(inputs)], dtype=object)
        forth, back = directional_derivative(phi, x, v), directional_derivative(phi, x, -v)
        assert (directional_derivative(phi, x, v * Fraction(7, 3)) == forth * Fraction(7, 3)).all()
        kinks += bool((forth != -back).any())
    assert kinks > 20


@pytest.mark.parametrize("inputs", [1, 2, 3])
def test_away_from_kinks_it_is_linear_with_the_matrix_of_the_network(inputs):
    rng = random.Random(2)
    for _ in range(40):
        phi = network(rng, inputs)
        points = [
            [Fraction(rng.randint(-(10**9), 10**9), 10**9 + 7) for _ in range(4)] for _ in range(inputs)
        ]
        v = [rng.randint(-3, 3) for _ in range(inputs)]
        # the preactivations of integer networks at these points are zero around them, if at all
        jacobians = derivative(phi, points).reshape(-1, inputs, 4)
        wanted = [[sum(J[k, j] * v[k] for k in range(inputs)) for j in range(4)] for J in jacobians]
        assert directional_derivative(phi, points, v).tolist() == wanted


def test_known_directions():
    assert [directional_derivative(HAT, x, 1) for x in (-1, 0, "1/4", "1/2", 1)] == [0, 2, 2, -2, -2]
    assert [directional_derivative(HAT, x, -1) for x in (-1, 0, "1/4", "1/2", 1)] == [0, 0, -2, -2, 2]
    for v in itertools.product(range(-2, 3), repeat=2):
        assert directional_derivative(MAXIMUM, [1, 1], v).tolist() == [max(v)]


@pytest.mark.parametrize("seed", range(10))
def test_a_zero_direction_gives_zero(seed):
    phi = network(random.Random(seed), 2)
    assert not directional_derivative(phi, [0, 1], [0, 0]).any()


@pytest.mark.parametrize("seed", range(10))
def test_one_sided_derivatives_are_those_along_both_unit_vectors(seed):
    rng = random.Random(seed)
    phi = network(rng, 1)
    for x in range(-2, 3):
        right, left = (np.atleast_1d(one_sided_derivative(phi, x, side)) for side in (1, -1))
        assert right.tolist() == directional_derivative(phi, [x], [1]).tolist()
        assert left.tolist() == (-directional_derivative(phi, [x], [-1])).tolist()


SHAPES = [
    (HAT, (), (), ()),
    (HAT, (), (1,), ()),
    (HAT, (1,), (), (1,)),
    (HAT, (3,), (), (3,)),
    (HAT, (3,), (1,), (3,)),
    (HAT, (3,), (3,), (3,)),
    (HAT, (), (3,), (3,)),
    (HAT, (1, 3), (1, 3), (1, 3)),
    (HAT, (1, 3), (3,), (1, 3)),
    (HAT, (0,), (), (0,)),
    (TWO_OUT, (), (), (2,)),
    (TWO_OUT, (3,), (), (2, 3)),
    (TWO_OUT, (), (3,), (2, 3)),
    (TWO_OUT, (1, 3), (1,), (2, 3)),
    (MAXIMUM, (2,), (2,), (1,)),
    (MAXIMUM, (2, 4), (2,), (1, 4)),
    (MAXIMUM, (2, 4), (2, 4), (1, 4)),
    (MAXIMUM, (2,), (2, 4), (1, 4)),
    (MAXIMUM, (2, 0), (2,), (1, 0)),
    (TWO_TWO, (2,), (2,), (2,)),
    (TWO_TWO, (2, 2), (2,), (2, 2)),
]


@pytest.mark.parametrize("phi, x, direction, shape", SHAPES)
def test_the_shape_follows_from_the_shapes_of_x_and_the_direction(phi, x, direction, shape):
    found = directional_derivative(phi, np.zeros(x, dtype=int), np.ones(direction, dtype=int))
    assert np.shape(found) == shape
    assert isinstance(found, Fraction if shape == () else np.ndarray)
    assert all(type(entry) is Fraction for entry in np.ravel(found))


def test_every_column_has_its_own_direction():
    points = [[0, 0, 1, 2], [0, 0, 1, 1]]
    directions = [[1, -1, 2, 1], [2, -3, 1, 5]]
    assert directional_derivative(MAXIMUM, points, directions).tolist() == [[2, -1, 2, 1]]
    singles = [
        directional_derivative(MAXIMUM, x, v).tolist()
        for x, v in zip(zip(*points, strict=True), zip(*directions, strict=True), strict=True)
    ]
    assert singles == [[2], [-1], [2], [1]]


@pytest.mark.parametrize(
    "half", ["1/2", "0.5", Fraction(1, 2), Decimal("0.5"), sympy.Rational(1, 2), flint.fmpq(1, 2)]
)
def test_every_exact_number_is_understood(half):
    assert directional_derivative(HAT, half, half) == -1
    assert directional_derivative(MAXIMUM, [half, half], [half, 0]).tolist() == [Fraction(1, 2)]


EXACT = "must be exact, got the float 0.5; pass the string '0.5' or Fraction"


@pytest.mark.parametrize(
    "phi, x, direction, error, message",
    [
        (HAT, 0.5, 1, TypeError, f"^x {EXACT}"),
        (HAT, np.array([0.5]), 1, TypeError, f"^x {EXACT}"),
        (HAT, 1, 0.5, TypeError, f"^direction {EXACT}"),
        (MAXIMUM, [0, 0], [1, np.float32(0.5)], TypeError, f"^direction {EXACT}"),
        (HAT, mpmath.mpf(1), 1, TypeError, "^x must be an exact number"),
        (HAT, flint.arb(1), 1, TypeError, "^x must be an exact number"),
        (HAT, True, 1, TypeError, "^x must be a number, got the truth value"),
        (HAT, 0, None, TypeError, "^direction must be an exact number"),
        (HAT, "half", 1, ValueError, "^x must be a number such as"),
        (MAXIMUM, [1, 2, 3], [1, 2], ValueError, r"^x must have shape \(2,\) for one point or \(2, n\)"),
        (MAXIMUM, [1, 2], [1], ValueError, r"^direction must have shape \(2,\) .* got shape \(1,\)$"),
        (MAXIMUM, [1, 2], 1, ValueError, r"^direction must have shape \(2,\) .* got shape \(\)$"),
        (HAT, 0, [[1], [2]], ValueError, "^direction must have shape .* or be a number or n numbers; got"),
        (MAXIMUM, [[1, 2], [3]], [1, 2], ValueError, "^x must be a rectangular array of numbers"),
        (MAXIMUM, [np.ones((2, 2)), np.ones((2, 3))], [1, 2], ValueError, "^x must be a rectangular array"),
        (HAT, [1, 2, 3], [1, 2], ValueError, "for each of the 3 points, got 2 vectors$"),
        (MAXIMUM, np.ones((2, 3), dtype=int), np.ones((2, 1), dtype=int), ValueError, "got 1 vectors$"),
    ],
)
def test_everything_else_is_refused_in_a_sentence(phi, x, direction, error, message):
    with pytest.raises(error, match=message):
        directional_derivative(phi, x, direction)


def test_a_network_of_many_layers():
    hats = [([[2, -4], [2, -4]], [0, -1])] * 2000
    phi = Parametrization([([[2], [2]], [0, -1]), *hats, ([[1, -2]], [0])])
    assert [directional_derivative(phi, x, 1) for x in (0, "1/2", 1)] == [2**2001, 2**2001, 0]
    assert [directional_derivative(phi, x, -1) for x in (0, "1/2", 1)] == [0, 2**2001, 2**2001]
