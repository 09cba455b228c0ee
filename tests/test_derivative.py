"""D(Phi) against the product of matrices that defines it, and one-sided derivatives of R(Phi)."""

import itertools
import random
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from relu_constructions import float_layers
from relu_constructions.derivative import derivative
from relu_constructions.directional_derivative import one_sided_derivative
from relu_constructions.layer import Layer, integer_row
from relu_constructions.parametrization import Parametrization
from relu_constructions.realization import realization

HALF = Fraction(1, 2)
CONVENTIONS = [Fraction(0), HALF, Fraction(1), Fraction(5, 3)]

HAT = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
TWO_IN = Parametrization([([[1, 2], [3, 4]], [0, 0]), ([[1, 1]], [5])])
TWO_OUT = Parametrization([([[1], [2]], [0, 1])])
TWO_TWO = Parametrization([([[1, 2], [3, 4]], [0, 1])])

I1 = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
Z = Parametrization([([[1]], [0]), ([[-1]], [0]), ([[1]], [0])])
I2 = Parametrization([([[1], [-1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0])])
I3 = Parametrization([([[1], [-1]], [0, 0]), ([[1, 0], [0, 1], [-1, 0]], [0] * 3), ([[1, -1, 2]], [0])])
I4 = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1], [-1, 0]], [5, 0]), ([[1, 2]], [-5])])
B = Parametrization([([[1], [-1]], [0, 0]), ([[3, -7]], [0])])


def entry(rng):
    return rng.choice([0, 0, 1, -1, 2, -2, 3])


def network(rng, architecture):
    """Return a network of small integers, so that preactivations are often zero at lattice points."""
    return Parametrization(
        [
            ([[entry(rng) for _ in range(n)] for _ in range(m)], [entry(rng) for _ in range(m)])
            for n, m in itertools.pairwise(architecture)
        ]
    )


def rational_network(rng, architecture):
    def quotient():
        return Fraction(entry(rng), rng.choice([1, 2, 3, 6]))

    return Parametrization(
        [
            ([[quotient() for _ in range(n)] for _ in range(m)], [quotient() for _ in range(m)])
            for n, m in itertools.pairwise(architecture)
        ]
    )


def naive(phi, point, c):
    """Return R(Phi) and D(Phi) at a point by the definition, as arrays of Fractions."""
    values = np.array([Fraction(x) for x in point])
    product = np.array([[Fraction(int(i == j)) for j in range(len(point))] for i in range(len(point))])
    for index, (A, b) in enumerate(phi, start=1):
        values, product = A @ values + b, A @ product
        if index < phi.depth:
            delta = np.array([[Fraction(1) if v > 0 else c if v == 0 else Fraction(0)] for v in values])
            values, product = np.array([max(v, Fraction(0)) for v in values]), delta * product
    return values, product


def composed(psi, phi):
    """Return the merged concatenation of two networks."""
    (A, b), (C, d) = phi[-1], psi[0]
    return Parametrization([*phi.layers[:-1], (C @ A, C @ b + d), *psi.layers[1:]])


@pytest.mark.parametrize("c", CONVENTIONS)
def test_at_a_kink_the_derivative_is_that_of_the_parametrization(c):
    assert derivative(I1, 0, c) == 2 * c
    assert derivative(Z, 0, c) == -(c**2)
    assert derivative(I2, 0, c) == 2 * c**2
    assert derivative(I3, 0, c) == 0
    assert derivative(I4, 0, c) == 2 * c - 2 * c**2
    assert derivative(B, 0, c) == 10 * c


@pytest.mark.parametrize(
    "phi, left, right", [(I1, 1, 1), (Z, 0, 0), (I2, 1, 1), (I3, 1, 1), (I4, 1, 1), (B, 7, 3)]
)
def test_one_sided_derivatives_at_a_kink_are_those_of_the_function(phi, left, right):
    assert one_sided_derivative(phi, 0, side=-1) == left
    assert one_sided_derivative(phi, 0, side=1) == one_sided_derivative(phi, 0) == right
    assert derivative(phi, "1/10") == right
    assert derivative(phi, "-1/10") == left


@pytest.mark.parametrize("make", [network, rational_network])
@pytest.mark.parametrize("c", CONVENTIONS)
def test_the_derivative_is_the_product_that_defines_it(make, c):
    rng = random.Random(1)
    for _ in range(25):
        phi = make(rng, [rng.randint(1, 3) for _ in range(rng.randint(2, 6))])
        point = [rng.randint(-2, 2) for _ in range(phi.architecture[0])]
        _, expected = naive(phi, point, c)
        given = derivative(phi, np.array([point], dtype=object).T, c)
        assert given[:, :, 0].tolist() == expected.tolist()


@pytest.mark.parametrize("c", CONVENTIONS)
def test_the_chain_rule_holds_at_every_lattice_point(c):
    rng = random.Random(2)
    kinks = 0
    for _ in range(40):
        phi, psi = network(rng, [2, 3, 2, 2]), network(rng, [2, 3, 2])
        merged = composed(psi, phi)
        for point in itertools.product(range(-1, 2), repeat=2):
            inner = realization(phi, point)
            product = derivative(psi, inner, c) @ derivative(phi, point, c)
            whole = derivative(merged, point, c)
            assert whole.tolist() == product.tolist()
            kinks += whole.tolist() != derivative(merged, point, c + 1).tolist()
    assert kinks > 20


@pytest.mark.parametrize("c", [0, 0.5, 1])
def test_floats_give_the_exact_derivative_of_networks_of_small_integers(c):
    rng = random.Random(3)
    for _ in range(20):
        phi = network(rng, [2, 4, 3, 4, 2])
        points = np.array(list(itertools.product(range(-2, 3), repeat=2))).T
        exact = derivative(phi, points, Fraction(c))
        floats = derivative(phi, points.astype(float), c)
        assert floats.dtype == np.float64
        assert floats.tolist() == exact.tolist()


def test_floats_of_sparse_layers_give_the_same(monkeypatch):
    rng = random.Random(4)
    phi = network(rng, [8, 9, 8, 7])
    points = np.random.default_rng(0).integers(-3, 3, (8, 6)).astype(float)
    dense = derivative(phi, points, 0.5)
    monkeypatch.setattr(float_layers, "DENSE_ENTRIES", 0)
    rows = [integer_row({i: 1, (7 * i) % 40: -2}, i % 3) for i in range(40)]
    thin = Parametrization([Layer.from_rows(rows, 40)] * 2)
    points_of_thin = np.arange(80.0).reshape(40, 2) - 40
    expected = derivative(thin, points_of_thin.astype(int), "1/2")
    assert derivative(thin, points_of_thin, 0.5).tolist() == expected.tolist()
    assert dense.tolist() == derivative(Parametrization(phi.layers), points, 0.5).tolist()


def test_chunks_join_to_the_whole():
    points = np.arange(3 * 4096 + 1) / 2**13
    assert derivative(HAT, points).tolist() == [2.0 * (x > 0) - 4 * (x > 0.5) for x in points]


def test_nan_goes_through():
    assert np.isnan(derivative(HAT, np.nan))
    assert derivative(I1, np.inf) == 1


SHAPES = [
    (HAT, (), ()),
    (HAT, (1,), (1,)),
    (HAT, (3,), (3,)),
    (HAT, (0,), (0,)),
    (HAT, (1, 3), (1, 1, 3)),
    (TWO_OUT, (), (2, 1)),
    (TWO_OUT, (1,), (2, 1)),
    (TWO_OUT, (3,), (2, 1, 3)),
    (TWO_OUT, (1, 3), (2, 1, 3)),
    (TWO_IN, (2,), (1, 2)),
    (TWO_IN, (2, 3), (1, 2, 3)),
    (TWO_IN, (2, 0), (1, 2, 0)),
    (TWO_TWO, (2,), (2, 2)),
    (TWO_TWO, (2, 5), (2, 2, 5)),
]


@pytest.mark.parametrize("phi, given, shape", SHAPES)
def test_the_shape_of_the_derivative_follows_from_the_shape_of_x(phi, given, shape):
    for x in (np.ones(given), np.ones(given, dtype=int)):
        assert np.shape(derivative(phi, x)) == shape


def test_numbers_give_numbers():
    assert type(derivative(HAT, 0.25)) is float
    assert type(derivative(HAT, 1)) is Fraction
    value = derivative(HAT, mpmath.mpf(0.25))
    assert type(value) is mpmath.mpf
    assert value == 2


def test_mpmath_numbers_are_differentiated_exactly_and_rounded_once():
    phi = Parametrization([([["1/3"]], [0])])
    with mpmath.workprec(100):
        assert derivative(phi, mpmath.mpf(1)) == mpmath.mpf(1) / 3
    assert derivative(HAT, mpmath.mpf("0.5"), "1/2") == 0
    assert derivative(TWO_IN, [mpmath.mpf(1)] * 2).tolist() == [[4, 6]]


@pytest.mark.parametrize(
    "x, c, error, message",
    [
        ("1/2", 0.5, TypeError, r"at_kink must be exact, got the float 0.5; pass the string '0.5' or Frac"),
        (0.5, float("nan"), ValueError, "at_kink must be finite, got nan"),
        (0.5, "half", ValueError, "at_kink must be a number"),
        (0.5, None, TypeError, "at_kink must be an exact number"),
        (True, 0, TypeError, "x must be made of numbers, got truth values"),
        ([0.5, "1"], 0, TypeError, "choose one of them"),
        (np.zeros((2, 2)), 0, ValueError, "x must have shape"),
    ],
)
def test_everything_else_is_refused_in_a_sentence(x, c, error, message):
    with pytest.raises(error, match=message):
        derivative(HAT, x, c)


def test_a_parameter_too_large_for_float64_is_refused_with_its_layer():
    phi = Parametrization([([[1]], [0]), ([[2**1024]], [0])])
    with pytest.raises(ValueError, match=r"^layer 2: a parameter is too large for float64"):
        derivative(phi, 0.5)
    assert derivative(phi, 1) == 2**1024


@pytest.mark.parametrize("make", [network, rational_network])
@pytest.mark.parametrize("side", [1, -1])
def test_one_sided_derivatives_are_quotients_of_small_differences(make, side):
    rng = random.Random(5)
    jumps = 0
    for _ in range(60):
        phi = make(rng, [1, *(rng.randint(1, 4) for _ in range(rng.randint(1, 4))), 2])
        for x in range(-2, 3):
            slopes = one_sided_derivative(phi, x, side)
            for h in (Fraction(side, 2**60), Fraction(side, 3**50)):
                rise = realization(phi, x + h) - realization(phi, x)
                assert slopes.tolist() == (rise / h).tolist()
            jumps += slopes.tolist() != one_sided_derivative(phi, x, -side).tolist()
    assert jumps > 20


def test_away_from_kinks_all_derivatives_agree():
    for k in range(-9, 10):
        x = Fraction(2 * k + 1, 7)
        assert derivative(HAT, x) == one_sided_derivative(HAT, x) == one_sided_derivative(HAT, x, -1)


def squaring_slopes(m):
    """Return the network x - sum_s h_s(x) / 4^s in the form with three neurons a layer, weights <= 1."""
    half = Fraction(1, 2)
    layers = [([[1], [1], [1]], [0, -half, 0])]
    for j in range(2, m + 1):
        layers.append(([[half, -1, 0], [half, -1, 0], [-half, 1, 1]], [0, -Fraction(2, 4**j), 0]))
    return Parametrization([*layers, ([[-half, 1, 1]], [0])])


@pytest.mark.parametrize("m", [1, 2, 5])
def test_slopes_of_squaring_on_both_sides_of_every_knot(m):
    phi = squaring_slopes(m)
    for k in range(1, 2**m):
        knot = Fraction(k, 2**m)
        assert one_sided_derivative(phi, knot, 1) == 2 * knot + Fraction(1, 2**m)
        assert one_sided_derivative(phi, knot, -1) == 2 * knot - Fraction(1, 2**m)


def test_slopes_of_a_network_of_3322_layers():
    phi = squaring_slopes(3322)
    assert one_sided_derivative(phi, "1/2", 1) == 1 + Fraction(1, 2**3322)
    assert one_sided_derivative(phi, "1/2", -1) == 1 - Fraction(1, 2**3322)
    slope = Fraction(2 * (2**3322 // 3) + 1, 2**3322)
    assert derivative(phi, "1/3") == one_sided_derivative(phi, "1/3", -1) == slope


def test_several_outputs_give_a_vector():
    assert one_sided_derivative(TWO_OUT, 3).tolist() == [1, 2]
    assert type(one_sided_derivative(HAT, 3)) is Fraction
    assert one_sided_derivative(HAT, 0, side=-1.0) == 0


@pytest.mark.parametrize(
    "phi, x, side, error, message",
    [
        (TWO_IN, 0, 1, ValueError, "^phi must have one input, got 2 inputs$"),
        (HAT, 0, 0, ValueError, r"^side must be 1 \(right\) or -1 \(left\), got 0$"),
        (HAT, 0, "left", ValueError, r"^side must be 1 \(right\) or -1 \(left\), got 'left'$"),
        (HAT, 0.5, 1, TypeError, "^x must be exact, got the float 0.5"),
        (HAT, [1, 2], 1, TypeError, "^x must be an exact number"),
    ],
)
def test_one_sided_derivatives_refuse_in_a_sentence(phi, x, side, error, message):
    with pytest.raises(error, match=message):
        one_sided_derivative(phi, x, side)


@pytest.mark.parametrize("shape", [(3, 5, 4, 2), (2, 5, 4, 3), (1, 4, 1), (4, 3, 3, 1), (3, 2), (1, 3)])
@pytest.mark.parametrize("c", [0, 0.5, 1])
def test_long_batches_of_floats_go_forwards_or_backwards_with_the_same_result(shape, c):
    rng = random.Random(sum(shape))
    phi = network(rng, shape)
    points = np.random.default_rng(1).integers(-4, 5, (shape[0], 9001)) / 2
    found = derivative(phi, points, c)
    assert found.shape == (shape[-1], shape[0], 9001)
    for j in (0, 1, 4095, 4096, 8999, 9000, *(rng.randrange(9001) for _ in range(40))):
        _, expected = naive(phi, points[:, j], Fraction(c))
        assert found[:, :, j].tolist() == expected.tolist()


@pytest.mark.parametrize("shape", [(3, 4, 1), (1, 4, 3)])
def test_where_a_value_is_nan_so_is_the_derivative(shape):
    phi = network(random.Random(3), shape)
    points = np.zeros((shape[0], 3))
    points[0, 1] = np.nan
    found = np.isnan(derivative(phi, points))
    assert found[:, :, 1].all()
    assert not found[:, :, [0, 2]].any()


@pytest.mark.parametrize("shape", [(30, 20, 25, 2), (2, 25, 20, 30)])
def test_sparse_layers_are_transposed_and_applied_with_the_same_result(shape, monkeypatch):
    monkeypatch.setattr(float_layers, "DENSE_ENTRIES", 0)
    rng, layers = random.Random(4), []
    for n, m in itertools.pairwise(shape):
        rows = [integer_row({rng.randrange(n): entry(rng), rng.randrange(n): 1}, i % 2) for i in range(m)]
        rows[1] = integer_row({}, 0)
        layers.append(Layer.from_rows(rows, n))
    phi = Parametrization(layers)
    assert isinstance(float_layers.float_layers(phi)[1], float_layers.SparseLayer)
    points = np.random.default_rng(2).integers(-4, 5, (shape[0], 12)) / 2
    found = derivative(phi, points, 0.5)
    assert np.any(found != 0)
    for j in range(12):
        assert found[:, :, j].tolist() == naive(phi, points[:, j], HALF)[1].tolist()
