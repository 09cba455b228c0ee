"""Clarke's generalized Jacobian: differences nearby, known networks, changes that keep the function."""

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest

from relu_constructions import ABSOLUTE_VALUE, HARD_TANH, hat, leaky_relu, product, square
from relu_constructions.clarke import clarke_gradient, clarke_set, is_differentiable, limiting_gradients
from relu_constructions.derivative import derivative
from relu_constructions.directional_derivative import directional_derivative
from relu_constructions.enclosure import Enclosure
from relu_constructions.limiting_gradient import limiting_gradient
from relu_constructions.local_cells import TooManyCells, local_cells
from relu_constructions.parametrization import Parametrization

I1 = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
I2 = Parametrization([([[1], [-1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0])])
I3 = Parametrization([([[1], [-1]], [0, 0]), ([[1, 0], [0, 1], [-1, 0]], [0] * 3), ([[1, -1, 2]], [0])])
I4 = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1], [-1, 0]], [5, 0]), ([[1, 2]], [-5])])
FOLDED = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0]), ([[1]], [0])])
ABSOLUTE = Parametrization([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
NOTHING = Parametrization([([[1]], [0]), ([[-1]], [0]), ([[1]], [0])])
MAXIMUM = Parametrization([([[1, -1], [0, 1], [0, -1]], [0, 0, 0]), ([[1, 1, -1]], [0])])
TWO_OUT = Parametrization([([[1], [-1]], [0, 0]), ([[1, 1], [1, -1]], [0, 1])])

T = Fraction(1, 10**15)
"""Short against the values of all preactivations, which are 0 or at least 1 at points of the lattice."""


def times(A, vector):
    return [sum((a * v for a, v in zip(row, vector, strict=True)), Fraction(0)) for row in A]


def cases(seed, inputs, depth=3, outputs=2):
    """Networks of small integers, and points of the lattice where most of their preactivations vanish."""
    rng = random.Random(100 * inputs + seed)
    for _ in range(8):
        x = [Fraction(rng.randint(-1, 1)) for _ in range(inputs)]
        values, layers = x, []
        sizes = [inputs, *(rng.randint(1, 4) for _ in range(rng.randint(1, depth))), rng.randint(1, outputs)]
        for below, above in itertools.pairwise(sizes):
            A = [[rng.choice([-2, -1, -1, 0, 1, 1, 2, 3]) for _ in range(below)] for _ in range(above)]
            wanted = [Fraction(rng.choice([0, 0, 0, 1, -1])) for _ in range(above)]
            layers.append((A, [w - v for w, v in zip(wanted, times(A, values), strict=True)]))
            values = [max(w, Fraction(0)) for w in wanted]
        yield Parametrization(layers), x, rng


def classical(phi, x):
    """The Jacobian of R(Phi) at x by dense Fractions; None where a preactivation has a kink."""
    values, columns = list(x), [[Fraction(i == j) for i in range(len(x))] for j in range(len(x))]
    for index, (A, b) in enumerate(phi, start=1):
        values = [v + c for v, c in zip(times(A, values), b, strict=True)]
        columns = [times(A, column) for column in columns]
        if index < len(phi):
            if any(v == 0 and any(row) for v, row in zip(values, zip(*columns, strict=True), strict=True)):
                return None
            columns = [[c if v > 0 else 0 for c, v in zip(column, values, strict=True)] for column in columns]
            values = [max(v, Fraction(0)) for v in values]
    return [list(row) for row in zip(*columns, strict=True)]


def value(phi, x):
    values = list(x)
    for index, (A, b) in enumerate(phi, start=1):
        values = [v + c for v, c in zip(times(A, values), b, strict=True)]
        values = [max(v, Fraction(0)) for v in values] if index < len(phi) else values
    return values


def nearby(phi, x, directions):
    """The Jacobians close to x in some directions, without those towards kinks."""
    found = (classical(phi, [a + T * d for a, d in zip(x, v, strict=True)]) for v in directions)
    return [jacobian for jacobian in found if jacobian is not None]


def as_rows(jacobian):
    return np.reshape(jacobian, (-1, np.shape(jacobian)[-1]))


INPUTS = pytest.mark.parametrize("inputs", [1, 2, 3])
SEEDS = pytest.mark.parametrize("seed", range(12))


@INPUTS
@SEEDS
def test_the_limiting_jacobians_are_the_jacobians_nearby(seed, inputs):
    """Nothing is missing, by random directions; nothing is too much, by the witnesses of the cells."""
    for phi, x, rng in cases(seed, inputs):
        found = [as_rows(jacobian).tolist() for jacobian in limiting_gradients(phi, x)]
        assert found == sorted(found)
        assert all(a != b for a, b in itertools.pairwise(found))
        directions = [[rng.randint(-s, s) for _ in range(inputs)] for s in [3] * 20 + [10**6] * 5]
        assert all(jacobian in found for jacobian in nearby(phi, x, directions))
        witnesses = [cell.direction for cell in local_cells(phi, x)]
        reached = nearby(phi, x, witnesses)
        assert len(reached) == len(witnesses)
        assert all(jacobian in reached for jacobian in found)


@INPUTS
@SEEDS
def test_the_directional_derivative_is_one_of_the_jacobians_times_the_direction(seed, inputs):
    for phi, x, rng in cases(seed, inputs):
        jacobians = limiting_gradients(phi, x)
        for _ in range(5):
            v = [rng.randint(-3, 3) for _ in range(inputs)]
            slope = directional_derivative(phi, x, v).tolist()
            assert slope in [times(jacobian.tolist(), v) for jacobian in map(as_rows, jacobians)]


@INPUTS
@SEEDS
def test_clarke_gradient_is_one_of_them(seed, inputs):
    for phi, x, _ in cases(seed, inputs):
        gradient = clarke_gradient(phi, x)
        assert gradient.tolist() in [jacobian.tolist() for jacobian in limiting_gradients(phi, x)]
        assert as_rows(gradient).tolist() == limiting_gradient(phi, x).tolist()


@INPUTS
@SEEDS
def test_differentiable_means_that_all_jacobians_nearby_are_equal(seed, inputs):
    for phi, x, rng in cases(seed, inputs):
        reached = nearby(phi, x, [cell.direction for cell in local_cells(phi, x)])
        same = all(jacobian == reached[0] for jacobian in reached)
        assert is_differentiable(phi, x) == same == (len(limiting_gradients(phi, x)) == 1)
        if same:
            v = [rng.randint(-3, 3) for _ in range(inputs)]
            there = value(phi, [a + T * d for a, d in zip(x, v, strict=True)])
            rise = [(b - a) / T for a, b in zip(value(phi, x), there, strict=True)]
            assert rise == times(reached[0], v)


@SEEDS
def test_the_clarke_set_of_one_input_lies_between_the_two_limits(seed):
    for phi, x, _ in cases(seed, 1):
        left, right = (
            [(b - a) / t for a, b in zip(value(phi, x), value(phi, [x[0] + t]), strict=True)] for t in (-T, T)
        )
        found = clarke_set(phi, x[0])
        if len(left) == 1:
            assert found == Enclosure(min(left[0], right[0]), max(left[0], right[0]))
        else:
            assert [end.tolist() for end in found] == [left, right]


def scaled(phi, rng):
    """The same function: neurons permuted and scaled, and one more in every hidden layer, nowhere used."""
    layers, below = [], [(j, Fraction(1)) for j in range(phi.architecture[0])]
    for index, (A, b) in enumerate(phi, start=1):
        last = index == len(phi)
        factors = [Fraction(1) if last else Fraction(rng.randint(1, 5), rng.randint(1, 5)) for _ in b]
        order = list(range(len(b)))
        if not last:
            rng.shuffle(order)
        rows = [[factors[i] * A[i][j] / s for j, s in below] for i in order]
        bias = [factors[i] * b[i] for i in order]
        if index > 1:
            rows = [[*row, 0] for row in rows]
        if not last:
            rows.append([rng.randint(-2, 2) for _ in rows[0]])
            bias.append(rng.randint(-1, 1))
        layers.append((rows, bias))
        below = [(i, factors[i]) for i in order]
    return Parametrization(layers)


@INPUTS
@SEEDS
def test_they_belong_to_the_function_and_not_to_the_parametrization(seed, inputs):
    for phi, x, rng in cases(seed, inputs):
        psi = scaled(phi, rng)
        assert psi != phi
        given, other = ([J.tolist() for J in limiting_gradients(net, x)] for net in (phi, psi))
        assert given == other


@INPUTS
@SEEDS
def test_with_one_hidden_layer_one_half_gives_the_mean_of_two_opposite_jacobians(seed, inputs):
    for phi, x, _ in cases(seed, inputs, depth=1):
        half = as_rows(derivative(phi, x, "1/2")).tolist()
        for cell in local_cells(phi, x):
            back = [-entry for entry in cell.direction]
            forth, opposite = nearby(phi, x, [cell.direction, back])
            pairs = zip(itertools.chain(*forth), itertools.chain(*opposite), strict=True)
            assert list(itertools.chain(*half)) == [(a + b) / 2 for a, b in pairs]


@pytest.mark.parametrize("phi, slopes", [(I1, 1), (I2, 1), (I3, 1), (I4, 1), (NOTHING, 0)])
def test_where_the_function_is_smooth_the_set_is_one_number(phi, slopes):
    assert clarke_set(phi, 0) == Enclosure(slopes, slopes)
    assert limiting_gradients(phi, 0) == (slopes,)
    assert clarke_gradient(phi, 0) == slopes
    assert is_differentiable(phi, 0) is True


@pytest.mark.parametrize("c", [0, "1/2", 1, "-3/7", 2])
def test_for_a_network_of_x_the_derivative_is_outside_whatever_the_convention(c):
    assert derivative(I3, 0, c) == 0
    assert derivative(I3, 0, c) not in clarke_set(I3, 0)
    assert derivative(I4, 0, c) not in clarke_set(I4, 0)


@pytest.mark.parametrize(
    "phi, x, left, right",
    [
        (ABSOLUTE, 0, -1, 1),
        (ABSOLUTE, "1/7", 1, 1),
        (FOLDED, 0, 0, 1),
        (hat("three_neurons"), "1/2", 2, -2),
        (square(m=3), "3/8", Fraction(5, 8), Fraction(7, 8)),
    ],
)
def test_known_kinks(phi, x, left, right):
    ends = sorted({left, right})
    assert clarke_set(phi, x) == Enclosure(ends[0], ends[-1])
    assert list(limiting_gradients(phi, x)) == ends
    assert clarke_gradient(phi, x) == right
    assert is_differentiable(phi, x) == (left == right)


def gradients(phi, x):
    return [tuple(jacobian[0]) for jacobian in limiting_gradients(phi, x)]


def test_the_maximum_of_two():
    assert gradients(MAXIMUM, [3, 3]) == [(0, 1), (1, 0)]
    assert gradients(MAXIMUM, [0, 0]) == [(0, 1), (1, 0)]
    assert gradients(MAXIMUM, [2, 0]) == [(1, 0)]
    assert is_differentiable(MAXIMUM, [2, 0])
    assert not is_differentiable(MAXIMUM, [-1, -1])


def test_the_maximum_of_three_and_zero():
    """rho(max(x, y)) is rho(rho(x - y) + rho(y) - rho(-y)); the maximum of z and that, and rho again."""
    phi = Parametrization(
        [
            ([[1, -1, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], [0] * 5),
            ([[1, 1, -1, -1, 1], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]], [0] * 3),
            ([[1, 1, -1]], [0]),
            ([[1]], [0]),
        ]
    )
    units = [(0, 0, 0), (0, 0, 1), (0, 1, 0), (1, 0, 0)]
    assert gradients(phi, [0, 0, 0]) == units
    assert gradients(phi, [1, 1, 1]) == units[1:]
    assert gradients(phi, [1, 1, 0]) == units[2:]
    assert gradients(phi, [-1, -1, -1]) == units[:1]
    assert gradients(phi, [-1, -1, 0]) == units[:2]


IDENTITY_OF_X = Parametrization([([[1, 0], [-1, 0]], [0, 0]), ([[1, -1]], [0])])
SUM = Parametrization([([[1, 2], [-1, -2], [0, 1], [0, -1]], [0] * 4), ([[1, -1, -1, 1]], [0])])
SUM_OF_FOUR = Parametrization(
    [
        ([[1, 0], [-1, 0], [0, 1], [0, -1]], [0] * 4),
        ([[1, -1, 1, -1], [-1, 1, -1, 1], [1, 0, 0, 0]], [0] * 3),
        ([[1, -1, 0]], [0]),
    ]
)
HALF_SPACE = Parametrization([([[1, 0], [0, 1]], [0, 7]), ([[-1, 0], [0, 1]], [0, 0]), ([[3, 1]], [0])])


@pytest.mark.parametrize(
    "phi, gradient",
    [(IDENTITY_OF_X, (1, 0)), (SUM, (1, 1)), (SUM_OF_FOUR, (1, 1)), (HALF_SPACE, (0, 1))],
    ids=[
        "x",
        "x + y in two parts",
        "x + y in four parts",
        "a neuron that is zero on a half space and below 0 else",
    ],
)
def test_smooth_functions_of_two_variables_with_kinks_inside(phi, gradient):
    for x in itertools.product([-1, 0, 1], repeat=2):
        assert gradients(phi, x) == [gradient]
        assert tuple(clarke_gradient(phi, x)[0]) == gradient
        assert is_differentiable(phi, x) is True


@pytest.mark.parametrize("signs", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
def test_a_kink_that_no_coordinate_axis_sees(signs):
    """rho(min(x, y)), up to reflections, is 0 on both axes; min(x, y) = x - rho(x - y)."""
    (s, t) = signs
    phi = Parametrization([([[s, 0], [-s, 0], [s, -t]], [0] * 3), ([[1, -1, -1]], [0]), ([[1]], [0])])
    for v in ([1, 0], [-1, 0], [0, 1], [0, -1]):
        assert directional_derivative(phi, [0, 0], v).tolist() == [0]
    assert sorted(gradients(phi, [0, 0])) == sorted([(0, 0), (s, 0), (0, t)])
    assert is_differentiable(phi, [0, 0]) is False


def test_the_product_network_at_the_corners_of_its_squares():
    phi = product(m=2)
    for x in itertools.product(["0", "1/4", "1/2", "1/3"], repeat=2):
        found = gradients(phi, x)
        assert tuple(clarke_gradient(phi, x)[0]) in found
        assert (len(found) == 1) == is_differentiable(phi, x)
        for v in itertools.product([-1, 0, 1], repeat=2):
            (slope,) = directional_derivative(phi, x, v)
            assert slope in [g[0] * v[0] + g[1] * v[1] for g in found]


@pytest.mark.parametrize(
    "activation, at_zero",
    [
        (ABSOLUTE_VALUE, [(-1, -1), (-1, 1), (1, -1), (1, 1)]),
        (HARD_TANH, [(1, 1)]),
        (leaky_relu("1/4"), [("1/4", "1/4"), ("1/4", 1), (1, "1/4"), (1, 1)]),
    ],
    ids=repr,
)
def test_other_piecewise_affine_activations(activation, at_zero):
    """The activation of x plus that of y."""
    phi = Parametrization([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])], activation=activation)
    expected = [tuple(map(Fraction, pair)) for pair in at_zero]
    assert gradients(phi, [0, 0]) == expected
    assert is_differentiable(phi, [0, 0]) == (len(expected) == 1)
    assert tuple(clarke_gradient(phi, [0, 0])[0]) in expected
    for v in itertools.product([-1, 1], repeat=2):
        (rise,) = directional_derivative(phi, [0, 0], v)
        assert rise == sum(activation(t) for t in v)


def test_off_kinks_nothing_is_enumerated():
    assert is_differentiable(MAXIMUM, [2, 1], max_cells=1)
    assert gradients(MAXIMUM, [2, 1]) == [(1, 0)]


def test_too_many_cells_are_refused_with_their_number():
    with pytest.raises(TooManyCells, match="more than 3 cells around x; pass a larger max_cells"):
        limiting_gradients(SUM_OF_FOUR, [0, 0], max_cells=3)
    with pytest.raises(TooManyCells, match="more than 2 cells around x"):
        is_differentiable(SUM_OF_FOUR, [0, 0], max_cells=2)


@pytest.mark.parametrize("a, b", [(1, 0), (-1, 0), (0, 1), (1, -2)])
def test_a_bend_along_a_coordinate_is_seen_without_listing_cells(a, b):
    phi = Parametrization([([[a, b]], [0]), ([[1]], [0])])
    assert is_differentiable(phi, [0, 0], max_cells=1) is False
    assert is_differentiable(MAXIMUM, [0, 0], max_cells=1) is False


SHAPES = [
    (ABSOLUTE, (), ()),
    (ABSOLUTE, (1,), (1,)),
    (ABSOLUTE, (3,), (3,)),
    (ABSOLUTE, (0,), (0,)),
    (ABSOLUTE, (1, 3), (1, 1, 3)),
    (TWO_OUT, (), (2, 1)),
    (TWO_OUT, (1,), (2, 1)),
    (TWO_OUT, (3,), (2, 1, 3)),
    (MAXIMUM, (2,), (1, 2)),
    (MAXIMUM, (2, 3), (1, 2, 3)),
    (MAXIMUM, (2, 0), (1, 2, 0)),
]


@pytest.mark.parametrize("phi, given, shape", SHAPES)
def test_the_shapes_are_those_of_the_derivative(phi, given, shape):
    x = np.ones(given, dtype=int)
    found = clarke_gradient(phi, x)
    assert np.shape(found) == np.shape(derivative(phi, x)) == shape
    assert isinstance(found, Fraction if shape == () else np.ndarray)
    assert all(type(entry) is Fraction for entry in np.ravel(found))


@pytest.mark.parametrize("phi, given, shape", [case for case in SHAPES if case[1] in ((), (1,), (2,))])
def test_every_limiting_jacobian_has_the_shape_of_one_derivative(phi, given, shape):
    for jacobian in limiting_gradients(phi, np.zeros(given, dtype=int)):
        assert np.shape(jacobian) == shape


def test_columns_are_points():
    points = [[0, 1, -1, "1/2"], [0, 2, "-2/3", "1/2"]]
    columns = [clarke_gradient(MAXIMUM, x).tolist() for x in zip(*points, strict=True)]
    assert np.moveaxis(clarke_gradient(MAXIMUM, points), 2, 0).tolist() == columns
    assert columns[1:3] == [[[0, 1]], [[0, 1]]]


FLOAT = "^x must be exact, got the float 0.5; pass the string '0.5' or Fraction"


@pytest.mark.parametrize("function", [clarke_gradient, clarke_set, limiting_gradients, is_differentiable])
def test_floats_and_wrong_shapes_are_refused_in_a_sentence(function):
    with pytest.raises(TypeError, match=FLOAT):
        function(I1, 0.5)
    with pytest.raises(
        ValueError, match=r"x must have shape|x must be one point, of shape \(1,\) or a number"
    ):
        function(I1, [[1, 2], [3, 4]])


@pytest.mark.parametrize("function", [clarke_set, limiting_gradients, is_differentiable])
@pytest.mark.parametrize("x", [[1, 2], [[1, 2]]])
def test_sets_are_asked_for_one_point_at_a_time(function, x):
    with pytest.raises(ValueError, match=r"^x must be one point, of shape \(1,\) or a number, got shape"):
        function(I1, x)


def test_sets_of_several_inputs_are_refused_with_the_function_to_use():
    with pytest.raises(ValueError, match=r"^phi must have one input, got 2 inputs; limiting_gradients lists"):
        clarke_set(MAXIMUM, [0, 0])


@pytest.mark.parametrize("function", [limiting_gradients, is_differentiable])
def test_the_limit_must_be_a_positive_integer(function):
    with pytest.raises(ValueError, match="max_cells must be at least 1, got 0"):
        function(MAXIMUM, [0, 0], max_cells=0)
