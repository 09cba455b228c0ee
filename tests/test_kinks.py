"""Kinks against difference quotients and products of matrices in plain Fractions, which share no code."""

import dataclasses
import itertools
import json
import random
from fractions import Fraction

import numpy as np
import pytest

from relu_constructions import (
    ABSOLUTE_VALUE,
    HARD_TANH,
    Enclosure,
    Parametrization,
    PiecewiseAffine,
    PiecewiseLinear,
    derivative,
    hat,
    leaky_relu,
    one_sided_derivative,
    pieces,
    square,
)
from relu_constructions.grid import TooManyPieces
from relu_constructions.kinks import Kink, Kinks, kinks
from relu_constructions.smooth_activations import TANH

CONVENTIONS = [Fraction(0), Fraction(1, 2), Fraction(1), Fraction(5, 3)]
RELU = ([Fraction(0)], lambda z: max(z, Fraction(0)), [0, 1])
"""The kinks of an activation, its values, and its slopes between the kinks."""
LEAKY = ([Fraction(0)], lambda z: max(z, z / 3), [Fraction(1, 3), 1])
ABSOLUTE = ([Fraction(0)], abs, [-1, 1])
CLIP = ([Fraction(-1), Fraction(1)], lambda z: max(Fraction(-1), min(z, Fraction(1))), [0, 1, 0])

I1 = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
I3 = Parametrization([([[1], [-1]], [0, 0]), ([[1, 0], [0, 1], [-1, 0]], [0] * 3), ([[1, -1, 2]], [0])])
TOUCH = Parametrization([([[1], [-1]], [0, 0]), ([[-1, -1]], [0]), ([[3]], [1])])
"""1 + 3 rho(-|x|): the preactivation of the last neuron is zero at 0 and negative elsewhere."""


def network(rng, widths, **others):
    """Small integers, so that preactivations vanish together, at points and on intervals."""
    entries = [0, 0, 1, -1, 2, -2, 3]
    layers = [
        ([[rng.choice(entries) for _ in range(n)] for _ in range(m)], [rng.choice(entries) for _ in range(m)])
        for n, m in itertools.pairwise([1, *widths, 1])
    ]
    return Parametrization(layers, **others)


def affine(A, b, values):
    return [sum((a * v for a, v in zip(row, values, strict=True)), c) for row, c in zip(A, b, strict=True)]


def preactivations(phi, x, sigma):
    """The preactivations of all hidden layers, and the output in the last place."""
    found = [affine(*phi[0], [x])]
    for A, b in list(phi)[1:]:
        found.append(affine(A, b, [sigma(z) for z in found[-1]]))
    return found


def product(phi, x, activation, c):
    """D(Phi)(x) as the product of matrices that defines it."""
    knots, sigma, slopes = activation
    zs, row = preactivations(phi, x, sigma), [Fraction(1)]
    for index, (A, _) in enumerate(phi):
        row = affine(A, [Fraction(0)] * len(A), row)
        if index < len(phi) - 1:
            row = [slope_at(z, knots, slopes, c) * d for z, d in zip(zs[index], row, strict=True)]
    return row[0]


def slope_at(z, knots, slopes, c):
    if z in knots:
        j = knots.index(z)
        return (1 - c) * slopes[j] + c * slopes[j + 1]
    return slopes[sum(z > t for t in knots)]


def reference(phi, lo, hi, c, activation=RELU):
    """All kinks in [lo, hi], and the number of neurons that have one, by solving for the zeros of neurons."""
    knots, sigma, _ = activation
    points = sorted({Fraction(lo) - 1, Fraction(lo), Fraction(hi), Fraction(hi) + 1})
    for layer in range(phi.depth - 1):
        known = [preactivations(phi, x, sigma)[layer] for x in points]
        for (x, u), (y, v) in itertools.pairwise(zip(points, known, strict=True)):
            places = {(t - p) / (q - p) for p, q in zip(u, v, strict=True) for t in knots if p != q}
            points = points + [x + r * (y - x) for r in places if 0 < r < 1]
        points = sorted(points)
    h = min(y - x for x, y in itertools.pairwise(points)) / 4
    found, bent = [], set()
    for x in points:
        at, before, after = (preactivations(phi, y, sigma) for y in (x, x - h, x + h))
        isolated = {
            (i, j)
            for i, layer in enumerate(at[:-1])
            for j, z in enumerate(layer)
            if z in knots and not before[i][j] == z == after[i][j]
        }
        if isolated and lo <= x <= hi:
            bent |= isolated
            left, right = (at[-1][0] - before[-1][0]) / h, (after[-1][0] - at[-1][0]) / h
            found.append((x, left, right, product(phi, x, activation, c)))
    return found, len(bent)


SHAPES = [[1], [3], [2, 2], [1, 1, 1], [3, 4], [4, 3, 3], [2, 3, 2, 3], [2, 2, 2, 2, 2], [40], [36, 3]]


@pytest.mark.parametrize("widths", SHAPES, ids=str)
def test_small_integer_networks(widths):
    rng = random.Random(1)
    seen = 0
    for _ in range(12 if sum(widths) < 20 else 2):
        phi, c = network(rng, widths), rng.choice(CONVENTIONS)
        domain = (Fraction(rng.randint(-6, 0), 2), Fraction(rng.randint(1, 6), 2))
        given = kinks(phi, domain, c)
        expected, bent = reference(phi, *domain, c)
        assert list(given) == expected
        assert (given.neurons, given.domain, given.at_kink) == (bent, domain, c)
        seen += len(given)
        for x, left, right, value in given:
            assert derivative(phi, x, at_kink=c) == value
            assert one_sided_derivative(phi, x, -1) == left
            assert one_sided_derivative(phi, x, 1) == right
    assert seen


@pytest.mark.parametrize("widths", SHAPES, ids=str)
def test_the_whole_line(widths):
    rng = random.Random(2)
    for _ in range(8 if sum(widths) < 20 else 1):
        phi = network(rng, widths)
        expected, bent = reference(phi, -(10**6), 10**6, Fraction(1, 3))
        given = kinks(phi, at_kink="1/3")
        assert (list(given), given.neurons, given.domain) == (expected, bent, None)


def test_at_other_points_of_a_lattice_the_derivative_is_classical_for_every_convention():
    rng = random.Random(3)
    tried = 0
    for _ in range(25):
        phi = network(rng, rng.choice(SHAPES[:-2]))
        places = {kink.x for kink in kinks(phi, (-2, 2))}
        h = Fraction(1, 10**9)
        for x in {Fraction(k, q) for q in (1, 2, 3, 5) for k in range(-2 * q, 2 * q + 1)} - places:
            slope = (phi(x + h) - phi(x)) / h
            assert slope == (phi(x) - phi(x - h)) / h
            assert [derivative(phi, x, at_kink=c) for c in CONVENTIONS] == [slope] * 4
            tried += 1
    assert tried > 500


@pytest.mark.parametrize(
    "exact, plain",
    [(leaky_relu("1/3"), LEAKY), (ABSOLUTE_VALUE, ABSOLUTE), (HARD_TANH, CLIP)],
    ids=["leaky", "absolute", "clip"],
)
def test_other_activations(exact, plain):
    rng = random.Random(4)
    for widths in ([2], [3, 2], [2, 2, 2], [40]):
        for c in CONVENTIONS:
            phi = network(rng, widths, activation=exact)
            expected, bent = reference(phi, -3, 2, c, plain)
            given = kinks(phi, (-3, 2), c)
            assert (list(given), given.neurons) == (expected, bent)
            assert given.neurons <= phi.neurons


def test_one_convention_for_each_kink_of_the_activation():
    phi = Parametrization([([[1]], [0]), ([[2]], [0])], activation=HARD_TANH)
    given = kinks(phi, at_kink=("1/4", 1))
    assert [(kink.x, kink.derivative) for kink in given] == [(-1, Fraction(1, 2)), (1, 0)]
    assert given.at_kink == (Fraction(1, 4), 1)
    assert str(given).splitlines()[2].startswith("c = (1/4, 1): D(Phi) is a Clarke subgradient at all")
    assert given.to_dict()["conventions"][0]["at_kink"] == ["1/4", "1"]


def test_activations_that_are_affine_or_smooth():
    line = PiecewiseAffine([], [2], 1)
    given = kinks(Parametrization([([[1]], [0]), ([[1]], [0])], activation=line), (-1, 1))
    assert (len(given), given.neurons, given.worst, given.wrong) == (0, 0, None, ())
    with pytest.raises(TypeError, match="the activation TANH is not piecewise affine"):
        kinks(Parametrization([([[1]], [0]), ([[1]], [0])], activation=TANH))


@pytest.mark.parametrize("bound, chunk", [(0, 2**14), (1000, 2**14), (2**62, 1), (2**20, 3)])
def test_every_arithmetic_and_every_cut_gives_the_same(bound, chunk, monkeypatch):
    rng = random.Random(5)
    networks = [network(rng, widths) for widths in SHAPES] + [square(m=5, form="yarotsky")]
    expected = [(kinks(phi, (-2, 2), c), kinks(phi, None, c)) for phi in networks for c in ("5/3", 0)]
    monkeypatch.setattr("relu_constructions.carried.INT64_BOUND", bound)
    monkeypatch.setattr("relu_constructions.germs.CHUNK", chunk)
    assert [(kinks(phi, (-2, 2), c), kinks(phi, None, c)) for phi in networks for c in ("5/3", 0)] == expected


@pytest.mark.parametrize("bits", [29, 30, 31, 32, 59, 60, 61, 62, 63, 64, 200])
def test_large_weights_do_not_wrap(bits):
    rng = random.Random(bits)
    phi = network(rng, [3, 3, 2])
    big, (A, b) = 2**bits + 1, phi[1]
    scaled = Parametrization([phi[0], (A * big, b * big), *list(phi)[2:]])
    expected, _ = reference(scaled, -2, 2, Fraction(1, 3))
    assert list(kinks(scaled, (-2, 2), "1/3")) == expected
    (first, bias), shift = phi[0], Fraction(1, big)
    moved = Parametrization([(first, bias + shift), *list(phi)[1:]])
    expected, _ = reference(moved, -2, 2, Fraction(big, 3))
    assert list(kinks(moved, (-2, 2), Fraction(big, 3))) == expected


def test_the_squaring_network_with_four_neurons_a_layer():
    phi = square(m=3, form="yarotsky")
    assert phi.architecture == (1, 4, 4, 4, 1)
    knots = [Fraction(k, 8) for k in range(1, 8)]
    for c, wrong in ((0, 1), ("1/2", 0), (1, 3)):
        given = kinks(phi, ("1/8", "7/8"), c)
        assert [kink.x for kink in given] == knots
        assert len(given.wrong) == wrong
        outside = []
        for x in knots:
            left, right = ((phi(x) - phi(x - h)) / h for h in (Fraction(1, 64), Fraction(-1, 64)))
            if not left <= derivative(phi, x, at_kink=c) <= right:
                outside.append(x)
        assert [kink.x for kink in given.wrong] == outside
    whole = kinks(phi, (0, 1))
    assert ([kink.x for kink in whole], whole.neurons) == ([Fraction(k, 8) for k in range(9)], 12)
    assert str(whole).splitlines() == [
        "9 kinks on [0, 1], of 12 of 12 hidden neurons",
        "R(Phi) is differentiable at 0 of them",
        "c = 0: D(Phi) is no Clarke subgradient at 1 of them, off by 2^-3 = 0.12500 at x = 1/2",
        "c = 1/2: D(Phi) is a Clarke subgradient at all of them",
        "c = 1: D(Phi) is no Clarke subgradient at 3 of them, off by 3/8 = 0.37500 at x = 1/2",
    ]


@pytest.mark.parametrize("m", [2, 4, 7, 10])
def test_a_quarter_of_the_knots_of_the_squaring_network_are_wrong_in_pytorch(m):
    given = kinks(square(m=m, form="yarotsky"), (0, 1))
    assert len(given) == 2**m + 1
    assert len(given.wrong) == 2 ** (m - 2) - 1
    assert given.largest_distance == (Fraction(1, 4) - Fraction(1, 2**m) if m > 2 else 0)
    assert len(given.with_convention("1/2").wrong) == 0
    assert len(given.with_convention(1).wrong) == 2 ** (m - 1) - 1


def float_network(sizes, biased=True):
    rng = np.random.default_rng(0)
    return Parametrization.from_floats(
        (rng.normal(size=(m, n)) / n**0.5, biased * rng.normal(size=m)) for n, m in itertools.pairwise(sizes)
    )


def test_a_network_of_floats_has_hundreds_of_kinks_and_no_wrong_one():
    """In general position one neuron vanishes at a time, and D(Phi) is a mean of both sides with weight c."""
    phi = float_network([1, 400, 40, 1])
    given = kinks(phi, (-4, 4), "1/3")
    assert len(given) > 300
    assert [kink.x for kink in given] == pieces(phi, (-4, 4)).breakpoints[1:-1]
    for _, left, right, value in given:
        assert 3 * value in (2 * left + right, left + 2 * right)
    for x, left, right, value in given[::20]:
        assert derivative(phi, x, at_kink="1/3") == value
        assert (one_sided_derivative(phi, x, -1), one_sided_derivative(phi, x, 1)) == (left, right)
    assert given.wrong == given.with_convention(0).wrong == given.with_convention(1).wrong == ()
    assert len(given.with_convention("-1/9").wrong) == len(given)


def test_a_network_of_floats_without_biases_has_one_kink_for_all_neurons():
    phi = float_network([1, 40, 30, 20, 1], biased=False)
    (kink,) = given = kinks(phi, (-1, 1))
    assert given.neurons == 90
    assert kink == (0, -phi(-1), phi(1), 0)
    assert given.largest_distance == max(min(kink.left, kink.right), -max(kink.left, kink.right), 0)
    for c in CONVENTIONS:
        assert given.with_convention(c)[0].derivative == product(phi, Fraction(0), RELU, c)


def test_a_shallow_network_with_thousands_of_neurons():
    phi = PiecewiseLinear.interpolant("x**2", 3000).network()
    given = kinks(phi, at_kink="1/4")
    assert (len(given), given.neurons, phi.neurons) == (3000, 3000, 3000)
    assert [kink.x for kink in given] == [Fraction(k, 3000) for k in range(3000)]
    assert given[7] == Kink(*(Fraction(n, 12000) for n in (28, 52, 60, 54)))
    assert all(kink.derivative == kink.left + (kink.right - kink.left) / 4 for kink in given)


def test_neurons_that_share_a_kink_in_a_wide_layer():
    rng = random.Random(6)
    A = [[rng.choice([-2, -1, 0, 1, 3])] for _ in range(100)]
    b = [rng.choice([-1, 0, 1]) for _ in range(100)]
    phi = Parametrization(
        [
            (A, b),
            ([[rng.choice([-1, 0, 2]) for _ in range(100)] for _ in range(3)], [1, 0, -1]),
            ([[1, 2, 3]], [0]),
        ]
    )
    for c in CONVENTIONS:
        expected, bent = reference(phi, -1, 1, c)
        given = kinks(phi, (-1, 1), c)
        assert (list(given), given.neurons) == (expected, bent)


def test_a_preactivation_may_touch_zero_without_a_change_of_sign():
    given = kinks(TOUCH, (-1, 1), 1)
    assert list(given) == [(0, 0, 0, 0)]
    assert (given.neurons, given.differentiable) == (3, 1)
    assert derivative(TOUCH, 0, at_kink="2/3") == kinks(TOUCH, at_kink="2/3")[0].derivative == 0


def test_a_preactivation_that_vanishes_on_one_side_only_has_a_kink_at_its_end():
    phi = Parametrization([([[1]], [0]), ([[1]], [0]), ([[-1]], [0]), ([[2]], [0])])
    given = kinks(phi, (-1, 1), "1/2")
    assert list(given) == [(0, 0, 0, Fraction(-1, 4))]
    assert given.neurons == 3
    assert kinks(phi, (-1, "-1/2")).kinks == ()


def test_the_ends_of_the_domain_are_seen_from_both_sides():
    for domain in ((0, 1), (-1, 0), (0, "1/1000")):
        (kink,) = kinks(I1, domain)
        assert kink == (0, 1, 1, 0)
        assert (kink.distance, kink.is_differentiable, kink.is_right) == (1, True, False)
    assert len(kinks(I1, ("1/1000", 1))) == 0


def test_no_hidden_layer_and_no_kink():
    for phi in (Parametrization([([[3]], [1])]), Parametrization([([[0]], [1]), ([[1]], [0])])):
        for domain in (None, (-1, 1)):
            given = kinks(phi, domain)
            assert (list(given), given.worst, given.largest_distance) == ([], None, 0)
            assert str(given).endswith("hidden neurons\nD(Phi) is the derivative of R(Phi) everywhere")
            assert given.to_dict()["kinks"] == []


def test_a_flipped_convention_is_seen():
    """With c and 1 - c exchanged half of the knots would change sides."""
    phi = Parametrization([([[1], [-1], [1]], [0, 0, -1]), ([[5, 1, 1]], [0])])
    for c in CONVENTIONS:
        first, second = kinks(phi, at_kink=c)
        assert first == (0, -1, 5, 4 * c)
        assert second == (1, 5, 6, 5 + c)
        absolute = Parametrization([([[1]], [0]), ([[3]], [0])], activation=ABSOLUTE_VALUE)
        assert kinks(absolute, at_kink=c)[0] == (0, -3, 3, -3 + 6 * c)


def test_the_distance_to_the_clarke_set():
    for left, right, value, distance in (
        (1, 3, 2, 0),
        (3, 1, 2, 0),
        (1, 3, 0, 1),
        (3, 1, 0, 1),
        (1, 3, 5, 2),
        (3, 1, 5, 2),
        (2, 2, 2, 0),
        (2, 2, "5/3", "1/3"),
        (1, 3, 1, 0),
        (1, 3, 3, 0),
    ):
        kink = Kink(Fraction(0), Fraction(left), Fraction(right), Fraction(value))
        assert kink.distance == Fraction(distance)
        assert kink.is_right is (kink.derivative in kink.clarke) is (kink.distance == 0)
        assert kink.clarke == Enclosure(Fraction(min(left, right)), Fraction(max(left, right)))
        assert kink.is_differentiable is (left == right)


def test_kinks_are_a_frozen_sequence():
    given = kinks(hat("three_neurons"), (-1, 2))
    assert isinstance(given, Kinks)
    assert [kink.x for kink in given] == [0, Fraction(1, 2), 1]
    assert given[-1] == given.kinks[2] == (1, -2, 0, -2)
    assert given[1:] == given.kinks[1:]
    assert given[0] in given
    assert repr(given) == "Kinks(3 on [-1, 2], at_kink=0)"
    assert repr(kinks(hat(), at_kink="1/2")) == "Kinks(2 on the whole line, at_kink=1/2)"
    assert given == kinks(hat("three_neurons"), (-1, 2))
    assert given != kinks(hat("three_neurons"), (-1, 2), 1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        given.at_kink = 1
    with pytest.raises(IndexError):
        given[3]


def test_another_convention_at_the_same_kinks():
    phi = network(random.Random(7), [3, 4, 3])
    given = kinks(phi, (-3, 3))
    for c in CONVENTIONS:
        assert given.with_convention(c) == kinks(phi, (-3, 3), c)


def test_the_worst_kink_is_the_first_of_the_worst():
    phi = Parametrization([([[1], [-1], [1], [-1]], [0, 0, -1, 1]), ([[1, -1, 1, -1]], [0])])
    given = kinks(phi)
    assert [(kink.x, kink.distance) for kink in given] == [(0, 1), (1, 1)]
    assert (given.worst, given.largest_distance) == (given[0], 1)
    assert given.wrong == given.kinks
    right = given.with_convention("1/2")
    assert (right.worst, right.largest_distance, right.wrong) == (right[0], 0, ())


def test_the_data_for_json():
    data = json.loads(json.dumps(kinks(I1, (-1, "1/2"), "1/3").to_dict()))
    assert data == {
        "domain": ["-1", "1/2"],
        "neurons": 2,
        "hidden_neurons": 2,
        "differentiable": 1,
        "conventions": [
            {"at_kink": "1/3", "wrong": 1, "largest_distance": "1/3", "worst_at": "0"},
            {"at_kink": "0", "wrong": 1, "largest_distance": "1", "worst_at": "0"},
            {"at_kink": "1/2", "wrong": 0, "largest_distance": "0", "worst_at": None},
            {"at_kink": "1", "wrong": 1, "largest_distance": "1", "worst_at": "0"},
        ],
        "kinks": [{"x": "0", "left": "1", "right": "1", "derivative": "2/3", "distance": "1/3"}],
    }
    assert kinks(I1).to_dict()["domain"] is None


def test_progress_and_the_limit():
    calls = []
    phi = square(m=4)
    kinks(phi, (0, 1), progress=lambda done, total: calls.append((done, total)))
    assert calls == [(k, phi.depth) for k in range(1, phi.depth + 1)]
    assert len(kinks(phi, (0, 1), max_pieces=16)) == 17
    with pytest.raises(TooManyPieces, match="more than 15 pieces"):
        kinks(phi, (0, 1), max_pieces=15)
    with pytest.raises(TooManyPieces, match="more than 0 pieces"):
        kinks(phi, max_pieces=0)


TWO_INPUTS = Parametrization([([[1, 1]], [0])])
TWO_OUTPUTS = Parametrization([([[1], [1]], [0, 0])])


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ((TWO_INPUTS,), ValueError, r"one input and one output, got \(2, 1\)"),
        ((TWO_OUTPUTS, (0, 1)), ValueError, r"one input and one output, got \(1, 2\)"),
        ((I1, (1, 1)), ValueError, r"must have lo < hi, got \(1, 1\)"),
        ((I1, (1, 0)), ValueError, r"must have lo < hi, got \(1, 0\)"),
        ((I1, (0, 0.5)), TypeError, "hi must be exact, got the float 0.5"),
        ((I1, 3), TypeError, r"must be a pair \(lo, hi\)"),
        ((I1, (0, 1), 0.5), TypeError, "at_kink must be exact, got the float 0.5; pass the string '0.5'"),
        ((I1, None, "half"), ValueError, "at_kink must be a number"),
        ((I1, None, True), TypeError, "at_kink must be a number, got the truth value"),
        ((I1, None, (0, 1)), ValueError, "at_kink must be one number, or 1 numbers"),
        ((TWO_INPUTS, (0, 1), 0.5), ValueError, "one input and one output"),
    ],
)
def test_hostile_arguments(arguments, error, message):
    """They are refused before anything is listed."""
    with pytest.raises(error, match=message):
        kinks(*arguments, progress=lambda done, total: pytest.fail("too late"))
