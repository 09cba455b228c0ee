"""Networks with piecewise affine activations, in every room, against the definition, which shares no code."""

import itertools
import json
import pickle
import random
from fractions import Fraction

import flint
import numpy as np
import pytest

from relu_constructions import (
    ABSOLUTE_VALUE,
    HARD_TANH,
    RELU,
    Parametrization,
    PiecewiseAffine,
    PiecewiseLinear,
    Status,
    certify,
    concatenation,
    derivative,
    elongation,
    hat,
    leaky_relu,
    parallelization,
    pieces,
    realization,
    relu_form,
    sparse_concatenation,
    square,
    unit_magnitude,
)
from relu_constructions.balls import ends
from relu_constructions.clarke import clarke_set
from relu_constructions.folding import DerivationRefused, replay
from relu_constructions.relu_form import hinge_conventions

LEAKY = leaky_relu("1/3")
BENT = PiecewiseAffine(["-1/2", 0, 2], [2, "-1/3", 0, 5], "1/7")
SHRINK = PiecewiseAffine([-1, 1], [1, 0, 1], 0)
LINE = PiecewiseAffine([], [3], -2)
ACTIVATIONS = [RELU, LEAKY, ABSOLUTE_VALUE, HARD_TANH, BENT, SHRINK, LINE]


def sigma(activation, z):
    """The value by walking from 0 along the graph, kink by kink."""
    step = 1 if z > 0 else -1
    value, at = activation.value, Fraction(0)
    ahead = sorted((t for t in activation.kinks if 0 < step * t < step * z), key=lambda t: step * t)
    for end in [*ahead, z]:
        middle = (at + end) / 2
        slope = activation.slopes[sum(t < middle for t in activation.kinks)]
        value, at = value + slope * (end - at), end
    return value


def slope(activation, z, c):
    """The slope at z, with one convention for each kink."""
    for j, t in enumerate(activation.kinks):
        if z == t:
            return (1 - c[j]) * activation.slopes[j] + c[j] * activation.slopes[j + 1]
    return activation.slopes[sum(t < z for t in activation.kinks)]


def naive(phi, point, c):
    """R(Phi) and D(Phi) at a point, by the definition, and whether a preactivation is a kink."""
    values = np.array([Fraction(x) for x in point])
    product = np.array([[Fraction(int(i == j)) for j in range(len(point))] for i in range(len(point))])
    hit = False
    for index, (A, b) in enumerate(phi, start=1):
        values, product = A @ values + b, A @ product
        if index < phi.depth:
            hit |= any(v in phi.activation.kinks for v in values)
            slopes = np.array([[slope(phi.activation, v, c)] for v in values])
            values, product = np.array([sigma(phi.activation, v) for v in values]), slopes * product
    return values, product, hit


def inside(ball, q):
    lower, upper = ends(ball)
    return lower <= q <= upper


def network(rng, architecture, activation):
    def entry():
        return Fraction(rng.choice([0, 1, -1, 2, -2, 3, 1]), rng.choice([1, 1, 2]))

    layers = [
        ([[entry() for _ in range(n)] for _ in range(m)], [entry() for _ in range(m)])
        for n, m in itertools.pairwise(architecture)
    ]
    return Parametrization(layers, activation=activation)


def ids(given):
    return str(given)


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=ids)
def test_the_activation_is_its_hinges(activation):
    constant, hinges = activation.hinges()
    places = activation.kinks or (Fraction(0),)
    for z in (Fraction(k, 4) for k in range(-20, 21)):
        total = constant + sum(a * max(side * (z - places[j]), 0) for j, side, a in hinges)
        assert activation(z) == total == sigma(activation, z)
    flat = 0 in activation.slopes
    assert len(hinges) <= max(len(activation.kinks) + 1 - flat, 1) or not activation.kinks


def test_few_hinges_are_enough():
    counts = {str(a): len(a.hinges()[1]) for a in ACTIVATIONS}
    assert list(counts.values()) == [1, 2, 2, 2, 3, 2, 2]


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=ids)
@pytest.mark.parametrize("seed", range(4))
def test_realization_and_derivative_are_those_of_the_definition(activation, seed):
    rng = random.Random(seed)
    kinks = 0
    for _ in range(30):
        shape = [rng.randint(1, 3) for _ in range(rng.randint(2, 5))]
        phi = network(rng, shape, activation)
        point = [Fraction(rng.randint(-4, 4), 2) for _ in range(shape[0])]
        c = [
            rng.choice([Fraction(0), Fraction(1, 2), Fraction(1), Fraction(-5, 3)]) for _ in activation.kinks
        ]
        values, product, hit = naive(phi, point, c)
        kinks += hit
        assert realization(phi, point).tolist() == values.tolist() == relu_form(phi)(point).tolist()
        column = np.array([point], dtype=object).T
        assert derivative(phi, column, c)[:, :, 0].tolist() == product.tolist()
    assert kinks or not activation.kinks


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=ids)
def test_floats_and_balls_agree_with_the_exact_values(activation):
    rng = random.Random(5)
    dyadic = activation in (RELU, ABSOLUTE_VALUE, HARD_TANH, SHRINK, LINE)
    for shape in ([1, 3, 1], [2, 3, 2, 1], [1, 2, 3, 2], [3, 2, 2, 2]):
        phi = network(rng, shape, activation)
        points = np.array([[rng.randint(-6, 6) / 2 for _ in range(9)] for _ in range(shape[0])])
        exact = np.array([[Fraction(x) for x in row] for row in points], dtype=object)
        balls = np.array([[flint.arb(x) for x in row] for row in points], dtype=object)
        c = [0.5] * len(activation.kinks)
        halves = [Fraction(1, 2)] * len(activation.kinks)
        pairs = [
            (realization(phi, points), realization(phi, exact), realization(phi, balls)),
            (derivative(phi, points, c), derivative(phi, exact, halves), derivative(phi, balls, halves)),
        ]
        for floats, fractions, enclosures in pairs:
            if dyadic:
                assert [Fraction(v) for v in floats.flat] == list(fractions.flat)
            for ball, q in zip(enclosures.flat, fractions.flat, strict=True):
                assert inside(ball, q)


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=ids)
def test_a_wide_ball_contains_values_and_derivatives_at_its_points(activation):
    rng = random.Random(6)
    phi = network(rng, [2, 3, 3, 2], activation)
    c = [Fraction(1, 3)] * len(activation.kinks)
    for _ in range(20):
        middle, radius = [rng.randint(-4, 4) / 2 for _ in range(2)], rng.choice([0.5, 1.0, 0.125])
        box = [flint.arb(m, radius) for m in middle]
        values, slopes = realization(phi, box), derivative(phi, box, c)
        for _ in range(10):
            point = [Fraction(m) + Fraction(radius) * Fraction(rng.randint(-8, 8), 8) for m in middle]
            expected, product, _ = naive(phi, point, c)
            for ball, q in [
                *zip(values, expected, strict=True),
                *zip(slopes.flat, product.flat, strict=True),
            ]:
                assert inside(ball, q)


def test_the_ball_of_hard_tanh_knows_where_it_is_constant():
    phi = Parametrization([([[1]], [0]), ([[1]], [0])], activation=HARD_TANH)
    assert realization(phi, flint.arb(5, 1)) == 1
    assert derivative(phi, flint.arb(5, 1)) == 0
    assert derivative(phi, flint.arb(1), at_kink=(0, 1)) == 0
    assert derivative(phi, flint.arb(1), at_kink=(0, "1/4")) == flint.arb(3) / 4


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=ids)
@pytest.mark.parametrize("domain", [(-3, 3), None])
def test_pieces_are_those_of_the_function(activation, domain):
    rng = random.Random(7)
    for shape in ([1, 3, 1], [1, 2, 2, 1], [1, 3, 2, 2, 1]):
        phi = network(rng, shape, activation)
        found = pieces(phi, domain)
        for piece in found:
            for t in (Fraction(0), Fraction(1, 3), Fraction(1)):
                x = piece.lower + t * (piece.upper - piece.lower)
                value, product, hit = naive(phi, [x], [Fraction(0)] * len(activation.kinks))
                assert piece.slope * x + piece.intercept == value[0]
                if not hit:
                    assert product[0, 0] == piece.slope


@pytest.mark.parametrize("activation", [LEAKY, ABSOLUTE_VALUE, HARD_TANH, BENT], ids=ids)
def test_a_certificate_of_any_activation_is_right_and_notices_a_flipped_weight(activation):
    rng = random.Random(8)
    phi = network(rng, [1, 3, 2, 1], activation)
    found = certify(phi, "x**2", (-1, 1))
    line = pieces(phi, (-1, 1))
    ends = [(piece, x) for piece in line for x in (piece.lower, piece.upper)]
    assert found.derivative_error.lower == max(abs(2 * x - piece.slope) for piece, x in ends)
    middles = [(piece, piece.slope / 2) for piece in line if piece.lower < piece.slope / 2 < piece.upper]
    worst = max(abs(x * x - piece.slope * x - piece.intercept) for piece, x in ends + middles)
    assert found.value_error.lower == found.value_error.upper == worst
    (A, b), *rest = [(A.copy(), b.copy()) for A, b in phi]
    rest[-1][1][0] += 1
    flipped = Parametrization([(A, b), *rest], activation=activation)
    assert certify(flipped, "x**2", (-1, 1)).value_error != found.value_error


def test_the_absolute_value_is_met_exactly():
    phi = Parametrization([([[1]], ["-1/3"]), ([[1]], [0])], activation=ABSOLUTE_VALUE)
    target = PiecewiseLinear.through((-1, "4/3"), ("1/3", 0), (1, "2/3"))
    assert certify(phi, target, (-1, 1), eps="1/1000").status is Status.PROVED
    assert certify(phi, target, (-1, 1)).error.upper == 0
    assert clarke_set(phi, "1/3").lower == -1


def test_a_network_with_another_activation_does_not_pass_for_the_construction():
    record = square(m=4).derivation
    other = Parametrization(square(m=4).layers, activation=LEAKY, derivation=record)
    assert other != square(m=4)
    with pytest.raises(DerivationRefused, match=r"has the activation leaky_relu\(1/3\), not RELU"):
        certify(other, method="derivation")
    with pytest.raises(DerivationRefused, match="for ReLU networks"):
        replay(other, record.folds() if hasattr(record, "folds") else ())
    assert certify(other, "x**2", (0, 1), eps="1/10").status is Status.REFUTED


def test_conventions_of_several_kinks():
    phi = Parametrization([([[1]], [0]), ([[1]], [0])], activation=HARD_TANH)
    assert derivative(phi, -1, (0, 1)) == derivative(phi, 1, (0, 1)) == 0
    assert derivative(phi, -1, 1) == 1
    assert derivative(phi, [-1.0, 0.0, 1.0], (0.25, 0.5)).tolist() == [0.25, 1.0, 0.5]
    with pytest.raises(ValueError, match=r"one number, or 2 numbers, one for each kink of HARD_TANH; got 3"):
        derivative(phi, 0, (0, 1, 2))
    assert hinge_conventions(phi, [Fraction(0), Fraction(1)]) == [[0, 1]]


def test_the_symbol_gives_the_polynomial_of_every_activation():
    import sympy

    c = sympy.Symbol("c")
    phi = Parametrization([([[1]], [0]), ([[1]], [0]), ([[1]], [0])], activation=ABSOLUTE_VALUE)
    assert derivative(phi, 0, at_kink=c) == sympy.expand((2 * c - 1) ** 2)
    rng = random.Random(9)
    for activation in ACTIVATIONS:
        for _ in range(5):
            psi = network(rng, [2, 2, 3, 2], activation)
            point = [rng.randint(-2, 2) for _ in range(2)]
            found = derivative(psi, point, at_kink=c)
            for number in (Fraction(-3), Fraction(2, 7)):
                at = derivative(psi, point, at_kink=number)
                exact = sympy.Rational(number.numerator, number.denominator)
                assert [sympy.expand(p).subs(c, exact) for p in found.flat] == list(at.flat)


def test_the_calculus_keeps_the_activation_and_refuses_mixtures():
    phi = network(random.Random(1), [1, 2, 1], LEAKY)
    line = Parametrization([([[2]], [1])])
    assert concatenation(line, phi).activation == concatenation(phi, line).activation == LEAKY
    assert concatenation(phi, phi)("1/5") == phi(phi("1/5"))
    assert parallelization(phi, phi).activation == LEAKY
    with pytest.raises(ValueError, match="the activations must be equal"):
        parallelization(phi, hat("two_neurons"))
    for refused in (
        lambda: sparse_concatenation(phi, phi),
        lambda: elongation(phi, 3),
        lambda: unit_magnitude(phi),
    ):
        with pytest.raises(ValueError, match="pass relu_form"):
            refused()
    assert sparse_concatenation(relu_form(phi), relu_form(phi))("1/5") == phi(phi("1/5"))


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=ids)
def test_json_and_pickle_keep_the_activation(activation):
    phi = network(random.Random(2), [1, 2, 1], activation)
    read = Parametrization.from_json(phi.to_json())
    assert read == phi == pickle.loads(pickle.dumps(phi))
    assert hash(read) == hash(phi)
    assert read.activation == activation
    assert repr(read.activation) == repr(activation)


def test_json_without_an_activation_is_relu_and_nonsense_is_refused():
    text = hat().to_json()
    assert "activation" not in json.loads(text)
    data = json.loads(network(random.Random(2), [1, 2, 1], BENT).to_json())
    for wrong in (None, 3, {"kinks": []}, {"kinks": ["0x0/0x1"], "slopes": ["0x0/0x1"], "value": "0x0/0x1"}):
        with pytest.raises(ValueError, match=r"activation|kinks must have"):
            Parametrization.from_json(json.dumps(data | {"activation": wrong}))


def test_equal_functions_are_equal_activations():
    assert PiecewiseAffine([0, 5], [0, 1, 1], 0) == RELU
    assert repr(PiecewiseAffine([0, 5], [0, 1, 1], 0)) == "RELU"
    assert leaky_relu(-1) == ABSOLUTE_VALUE
    assert network(random.Random(1), [1, 2, 1], RELU) != network(random.Random(1), [1, 2, 1], LEAKY)
    assert relu_form(hat()) is hat() or relu_form(hat()) == hat()


def test_wrong_activations_are_refused_in_a_sentence():
    with pytest.raises(TypeError, match="activation must be an Activation such as RELU"):
        Parametrization([([[1]], [0])], activation="relu")
    with pytest.raises(ValueError, match="the kinks must increase, got 1 before 0"):
        PiecewiseAffine([1, 0], [0, 1, 0], 0)
    with pytest.raises(ValueError, match="1 kinks must have 2 slopes, got 1 slopes"):
        PiecewiseAffine([1], [0], 0)
    with pytest.raises(TypeError, match=r"slope must be exact, got the float 0.1"):
        PiecewiseAffine([1], [0.1, 1], 0)


def test_numbers_too_large_for_floats_are_refused_in_a_sentence():
    phi = Parametrization([([[1]], [0]), ([[1]], [0])], activation=leaky_relu(10**400))
    assert phi("-1") == -(10**400)
    for question in (realization, derivative):
        with pytest.raises(ValueError, match="too large for float64; evaluate the network at exact numbers"):
            question(phi, -1.0)


def test_the_relu_form_of_many_kinks_is_refused_only_if_it_is_large():
    stairs = PiecewiseAffine(range(1000), [k % 2 for k in range(1001)], 0)
    shallow = Parametrization([([[1]], [0]), ([[1]], [0])], activation=stairs)
    assert relu_form(shallow).neurons == 1000
    assert relu_form(shallow)("7/2") == shallow.activation("7/2")
    wide = Parametrization(
        [([[1]] * 9, [0] * 9), ([[1] * 9] * 9, [0] * 9), ([[1] * 9], [0])], activation=stairs
    )
    with pytest.raises(ValueError, match=r"the ReLU form of a network with the activation .* would have"):
        relu_form(wide)


def test_nan_and_infinities_go_through():
    phi = Parametrization([([[1]], [0]), ([[1]], [0])], activation=HARD_TANH)
    found = realization(phi, [float("nan"), float("inf"), -float("inf")])
    assert np.isnan(found[0])
    assert found[1:].tolist() == [1.0, -1.0]
    assert np.isnan(derivative(phi, float("nan")))
