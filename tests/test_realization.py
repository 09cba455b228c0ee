"""R(Phi) at points, against an evaluation by matrices of Fractions that shares no code with it."""

import itertools
import pickle
import random
import subprocess
import sys
from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
import sympy

from relu_constructions import fixed_point
from relu_constructions import float_layers as float_layers_module
from relu_constructions.fixed_point import compiled, evaluate, fits_int64
from relu_constructions.float_layers import SparseLayer, float_layers
from relu_constructions.layer import Layer, integer_row
from relu_constructions.parametrization import Parametrization
from relu_constructions.realization import realization

MODULE = sys.modules[realization.__module__]
HAT = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
TWO_IN = Parametrization([([[1, 2], [3, 4]], [0, 0]), ([[1, 1]], [5])])
TWO_OUT = Parametrization([([[1], [2]], [0, 1])])
TWO_TWO = Parametrization([([[1, 2], [3, 4]], [0, 1])])


def naive(phi, point):
    """Return R(Phi)(point) as a list, by the definition."""
    values = [Fraction(x) for x in point]
    for index, (A, b) in enumerate(phi, start=1):
        values = [
            sum((a * v for a, v in zip(row, values, strict=True)), c) for row, c in zip(A, b, strict=True)
        ]
        if index < phi.depth:
            values = [max(v, Fraction(0)) for v in values]
    return values


def dyadic(rng):
    return Fraction(
        rng.choice([0, 0, 1, -1, 2, -3, 7, -40, 1023]), 2 ** rng.choice([0, 0, 1, 5, 30])
    ) * 2 ** rng.choice([0, 0, 3, 17])


def general(rng):
    return Fraction(rng.choice([0, 0, 1, -1, 2, -3, 7, 14, -30]), rng.choice([1, 2, 3, 5, 7, 12, 60]))


def network(rng, architecture, entry):
    shapes = itertools.pairwise(architecture)
    return Parametrization(
        [
            ([[entry(rng) for _ in range(n)] for _ in range(m)], [entry(rng) for _ in range(m)])
            for n, m in shapes
        ]
    )


def squaring(m):
    """Form (N) of the squaring network, m >= 3: the interpolant of x^2 at k / 2^m on [0, 1]."""
    g, one = [2 ** (m - j) - 1 for j in range(m)], 2 ** (m - 1)
    layers = [Layer.from_rows([integer_row({0: 1}), integer_row({0: 2}, -1, 2)], 1)]
    for j in range(1, m):
        scale = 2 ** (j + 1)
        fold = integer_row({0: 1, 1: -2})
        kink = integer_row({0: scale, 1: -2 * scale}, -1, scale)
        total = {0: 1, 1: 2 * g[0]} if j == 1 else {1: g[j - 1], 2: one}
        rows = [fold, kink, integer_row(total, 0, 2 * one if j == 1 else one)]
        layers.append(Layer.from_rows(rows if j < m - 1 else rows[1:], 2 if j == 1 else 3))
    layers.append(Layer.from_rows([integer_row({0: g[m - 1], 1: one}, 0, one)], 2))
    return Parametrization(layers)


@pytest.mark.parametrize("entry", [dyadic, general])
@pytest.mark.parametrize("seed", range(30))
def test_exact_values_are_those_of_the_definition(entry, seed):
    rng = random.Random(seed)
    architecture = [rng.randint(1, 4) for _ in range(rng.randint(2, 7))]
    phi = network(rng, architecture, entry)
    for _ in range(10):
        point = [Fraction(rng.randint(-20, 20), rng.randint(1, 9)) for _ in range(architecture[0])]
        assert list(realization(phi, point)) == naive(phi, point)


@pytest.mark.parametrize("entry", [dyadic, general])
@pytest.mark.parametrize("seed", range(10))
def test_the_three_exact_paths_agree(entry, seed, monkeypatch):
    rng = random.Random(seed)
    phi = network(rng, [2, 3, 3, 2], entry)
    points = np.array(
        [[Fraction(rng.randint(-9, 9), rng.randint(1, 5)) for _ in range(20)] for _ in range(2)]
    )
    automatic = evaluate(phi, points)
    monkeypatch.setattr(fixed_point, "INT64_BOUND", 0)
    big_integers = evaluate(phi, points)
    monkeypatch.setattr(fixed_point, "VECTOR_POINTS", 10**9)
    one_by_one = evaluate(phi, points)
    assert automatic.tolist() == big_integers.tolist() == one_by_one.tolist()
    assert [naive(phi, point) for point in points.T] == automatic.T.tolist()


@pytest.mark.parametrize("steps", range(-2, 3))
def test_integers_beyond_the_bound_of_int64_are_never_put_there(steps):
    phi = Parametrization([([[1], [-1]], [1, 0]), ([[1, 1]], [0])])
    x = 2**61 + steps
    assert fits_int64(compiled(phi), [x, 1]) == (2 * x + 1 <= 2**62)
    for factor in (1, 2, 4, 8):
        assert list(realization(phi, [x * factor] * 16)) == [x * factor + 1] * 16


@pytest.mark.parametrize("architecture", [(1, 1), (1, 2, 1)])
def test_parameters_beyond_int64_are_never_put_there(architecture):
    phi = network(random.Random(0), architecture, lambda rng: rng.choice([-1, 1]) * (2**64 + 1))
    assert list(realization(phi, [0] * 16)) == naive(phi, [0]) * 16
    assert list(realization(phi, [1] * 16)) == naive(phi, [1]) * 16


def test_the_bound_of_int64_covers_every_intermediate_integer():
    rng = random.Random(0)
    for _ in range(50):
        phi = network(rng, [2, 3, 2, 1], dyadic)
        point = [rng.randint(-9, 9), rng.randint(-9, 9), 1]
        largest, values = max(map(abs, point)), point
        for neurons in compiled(phi).layers:
            terms = [[values[k] * f << e for k, f, e in zip(*neuron, strict=True)] for neuron in neurons]
            largest = max([largest, *(sum(map(abs, row)) for row in terms)])
            values = [max(sum(row), 0) for row in terms] + [1]
        if fits_int64(compiled(phi), [abs(x) for x in point]):
            assert largest <= 2**62


def test_neurons_without_entries_keep_their_place_in_every_path():
    phi = Parametrization([([[0], [1]], [0, 0]), ([[1, 1], [0, 0]], [0, 0])])
    points = [Fraction(k, 3) for k in range(-10, 10)]
    assert realization(phi, points).tolist() == [[max(x, 0) for x in points], [0] * 20]
    assert realization(phi, "2/3").tolist() == [Fraction(2, 3), 0]
    assert realization(phi, [2.0, -1.0]).tolist() == [[2.0, 0.0], [0.0, 0.0]]


@pytest.mark.parametrize("m", [3, 4, 10])
def test_squaring_interpolates_at_every_knot(m):
    points = [Fraction(k, 2**m) for k in range(2**m + 1)]
    assert list(realization(squaring(m), points)) == [x * x for x in points]


def test_a_network_of_3322_layers_is_exact_at_one_third():
    assert realization(squaring(3322), "1/3") == Fraction(1, 9) + Fraction(2, 9) / 4**3322


def test_scales_may_be_negative():
    phi = Parametrization([([[2**3000]], [2**3001])] * 3)
    assert realization(phi, 1) == naive(phi, [1])[0]


UNIT = Fraction(1, 2**53)


def gamma(k):
    return k * UNIT / (1 - k * UNIT)


def float_error_bound(phi, point):
    """Bound |computed - exact|: weights rounded once, dot products summed in any order.

    A sum of k rounded products of k rounded weights has relative errors of at most gamma(k + 1) a term.
    """
    values, errors = [Fraction(x) for x in point], [Fraction(0)] * len(point)
    for A, b in phi:
        terms = [[(abs(a), v, e) for a, v, e in zip(row, values, errors, strict=True)] for row in A]
        growth = gamma(A.shape[1] + 2)
        errors = [
            sum(a * e + growth * a * (abs(v) + e) for a, v, e in row) + growth * abs(c)
            for row, c in zip(terms, b, strict=True)
        ]
        sums = [sum(a * v for a, v in zip(row, values, strict=True)) + c for row, c in zip(A, b, strict=True)]
        values = [max(v, Fraction(0)) for v in sums]
    return errors


@pytest.mark.parametrize("seed", range(10))
def test_floats_are_within_the_proved_bound_of_the_exact_value(seed):
    rng = random.Random(seed)
    phi = network(rng, [2, 4, 3, 4, 2], general)
    points = np.random.default_rng(seed).uniform(-3, 3, (2, 10))
    for point, computed in zip(points.T, realization(phi, points).T, strict=True):
        exact, bounds = naive(phi, map(Fraction, point.tolist())), float_error_bound(phi, point.tolist())
        for value, truth, bound in zip(computed, exact, bounds, strict=True):
            assert abs(Fraction(float(value)) - truth) <= bound


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble, object])
def test_floats_of_every_precision_give_float64(dtype):
    points = np.arange(0, 1025, 32) / 1024
    value = realization(squaring(10), points.astype(dtype))
    assert value.dtype == np.float64
    assert value.tolist() == (points**2).tolist()


def test_chunks_join_to_the_whole():
    points = np.arange(3 * 4096 + 5) / 2**14
    assert realization(squaring(14), points).tolist() == (points**2).tolist()
    assert realization(HAT, np.arange(5000)).tolist() == [
        Fraction(x == 0) * 0 + naive(HAT, [x])[0] for x in range(5000)
    ]


def test_infinities_and_nan_go_through():
    relu = Parametrization([([[1]], [1]), ([[1]], [2])])
    values = realization(relu, [np.inf, -np.inf, np.nan, 1.0])
    assert values[[0, 1, 3]].tolist() == [np.inf, 2.0, 4.0]
    assert np.isnan(values[2])
    assert np.isnan(realization(HAT, np.inf))
    assert realization(relu, 1e308) == 1e308


def block_network(rng, rows, width):
    """Return integer layers with a few entries in some rows and none in others."""
    layers = []
    for _ in range(2):
        made = [
            integer_row({rng.randrange(width): rng.randint(-3, 3) for _ in range(3)}, rng.randint(-2, 2))
            if i % 3
            else integer_row({})
            for i in range(rows)
        ]
        layers.append(Layer.from_rows(made, width))
    return Parametrization(layers)


@pytest.mark.parametrize("seed", range(5))
def test_sparse_layers_give_what_dense_ones_give(seed, monkeypatch):
    rng = random.Random(seed)
    phi = block_network(rng, 30, 30)
    points = np.random.default_rng(seed).integers(-5, 5, (30, 7)).astype(float)
    dense = realization(phi, points)
    monkeypatch.setattr(float_layers_module, "DENSE_ENTRIES", 0)
    sparse = Parametrization(phi.layers)
    assert realization(sparse, points).tolist() == dense.tolist()
    assert all(isinstance(layer, SparseLayer) for layer in float_layers(sparse))
    assert dense.tolist() == realization(phi, points.astype(int)).tolist()


def test_a_layer_of_a_thousand_million_entries_is_never_made_dense():
    n = 40_000
    scale = Layer.from_rows([integer_row({i: 2}, i % 2) for i in range(n)], n)
    none = Layer.from_rows([integer_row({})] * n, n)
    point = np.arange(n) - 100.0
    expected = [max(2 * x + i % 2, 0) * 2 + i % 2 for i, x in enumerate(point.tolist())]
    assert realization(Parametrization([scale, scale]), point).tolist() == expected
    assert not realization(Parametrization([scale, none]), point).any()


def test_only_layers_that_are_large_and_sparse_are_applied_sparsely(monkeypatch):
    full = [([[1] * 3] * 3, [0] * 3), ([[1] * 3] * 3, [1] * 3)]
    assert isinstance(float_layers(Parametrization(full))[1], np.ndarray)
    monkeypatch.setattr(float_layers_module, "DENSE_ENTRIES", 0)
    assert isinstance(float_layers(Parametrization(full))[1], np.ndarray)
    thin = Layer.from_rows([integer_row({0: 1})] * 3, 9)
    assert isinstance(float_layers(Parametrization([thin]))[0], SparseLayer)


def test_a_parameter_too_large_for_float64_is_refused_with_its_layer():
    phi = Parametrization([([[1]], [0]), ([[1]], [2**1024])])
    with pytest.raises(
        ValueError, match=r"^layer 2: a parameter is too large for float64; evaluate .* exact"
    ):
        realization(phi, 0.5)
    assert realization(phi, 1) == 2**1024 + 1


def test_parameters_are_rounded_to_nearest():
    phi = Parametrization([([["1/3"]], [Fraction(1, 2**3000)])])
    assert float_layers(phi)[0].tolist() == [[1 / 3, 0.0]]


def test_what_is_kept_with_a_network_is_no_part_of_it():
    phi, fresh = Parametrization(HAT.layers), Parametrization(HAT.layers)
    realization(phi, 0.5), realization(phi, "1/2")
    assert phi == fresh
    assert hash(phi) == hash(fresh)
    assert pickle.dumps(phi) == pickle.dumps(fresh)
    assert float_layers(phi) is float_layers(phi)
    assert compiled(phi) is compiled(phi)


def rounded(value, precision):
    """Round a rational to nearest, ties to even, without mpmath."""
    if not value:
        return value
    exponent = abs(value.numerator).bit_length() - value.denominator.bit_length() - precision
    unit = Fraction(2) ** exponent
    while abs(value) / unit >= 2**precision:
        unit *= 2
    return round(value / unit) * unit


def as_fraction(value):
    return Fraction(*map(int, sympy.Rational(*mpmath.libmp.to_rational(value._mpf_)).as_numer_denom()))


@pytest.mark.parametrize("precision", [2, 10, 53, 200])
def test_mpmath_numbers_are_rounded_once(precision):
    rng = random.Random(precision)
    for _ in range(20):
        phi = network(rng, [2, 3, 3, 1], general)
        with mpmath.workprec(300):
            point = [mpmath.mpf(rng.randint(-99, 99)) / 7, mpmath.mpf(rng.randint(-99, 99)) / 2**90]
        with mpmath.workprec(precision):
            value = realization(phi, point)[0]
        exact = naive(phi, [as_fraction(x) for x in point])[0]
        assert as_fraction(value) == rounded(exact, precision)


def test_mpmath_numbers_keep_their_shapes_and_type():
    value = realization(HAT, mpmath.mpf("0.25"))
    assert type(value) is mpmath.mpf
    assert value == 0.5
    assert realization(TWO_IN, [mpmath.mpf(1), mpmath.mpf(1)]).tolist() == [15]
    assert realization(HAT, np.array([mpmath.mpf(1), mpmath.mpf("0.5")])).tolist() == [0, 1]
    assert realization(HAT, mpmath.pi) == naive(HAT, [as_fraction(+mpmath.pi)])[0]
    assert realization(HAT, -(mpmath.mpf(2) ** 100)) == 0


def ends(ball):
    """Return the ends of a ball as Fractions."""
    return [Fraction(int(q.p), int(q.q)) for q in (ball.lower().fmpq(), ball.upper().fmpq())]


@pytest.mark.parametrize("precision", [10, 53, 200])
@pytest.mark.parametrize("entry", [dyadic, general])
def test_balls_contain_the_values_of_everything_inside(precision, entry):
    rng = random.Random(precision)
    for _ in range(30):
        phi = network(rng, [2, 3, 3, 2], entry)
        with flint.ctx.workprec(300):
            balls = [flint.arb(rng.randint(-5, 5), rng.choice([0, 1, 2**-10, 3])) / 4 for _ in range(2)]
            corners = [ends(ball) for ball in balls]
        with flint.ctx.workprec(precision):
            value = realization(phi, balls)
        with flint.ctx.workprec(2000):
            limits = [ends(v) for v in value]
        for s, t in itertools.product([0, Fraction(1, 3), Fraction(1, 2), 1], repeat=2):
            point = [lo + w * (hi - lo) for w, (lo, hi) in zip((s, t), corners, strict=True)]
            for truth, (lower, upper) in zip(naive(phi, point), limits, strict=True):
                assert lower <= truth <= upper


def test_relu_of_a_ball_around_zero_is_hardly_wider_than_it_must_be():
    relu = Parametrization([([[1]], [0]), ([[1]], [0])])
    lower, upper = ends(realization(relu, flint.arb(0, 1)))
    assert -Fraction(1, 2**28) < lower <= 0
    assert 1 <= upper < 1 + Fraction(1, 2**26)


def test_balls_are_evaluated_at_the_precision_of_the_caller():
    phi = Parametrization([([["1/3"]], [0])])
    with flint.ctx.workprec(400):
        wide = realization(phi, flint.arb(1))
        assert wide.rad() < flint.arb(2) ** -398
    assert realization(phi, flint.arb(1)).rad() > flint.arb(2) ** -60
    assert realization(HAT, [flint.arb(1), flint.arb(0.25)]).tolist()[1] == flint.arb(0.5)


def test_a_ball_without_bounds_excludes_nothing():
    for ball in (flint.arb("nan"), flint.arb(0, float("inf"))):
        value = realization(HAT, ball)
        assert not value.is_finite()
        assert value.contains(flint.arb(10**9))


def test_importing_the_evaluator_imports_neither_sympy_nor_mpmath_nor_matplotlib():
    code = (
        "import sys\n"
        "from relu_constructions.derivative import derivative\n"
        "from relu_constructions.realization import realization\n"
        "from relu_constructions.parametrization import Parametrization\n"
        "phi = Parametrization([([[1]], [0])])\n"
        "realization(phi, 0.5), realization(phi, '1/3'), derivative(phi, 1)\n"
        "print(sorted({'sympy', 'mpmath', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
