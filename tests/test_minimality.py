"""The search for networks that are wrong for every convention, against the public functions."""

import importlib
import itertools
import random
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sympy

from relu_constructions import Parametrization, derivative, pieces
from relu_constructions.counterexamples import COUNTEREXAMPLES, clipped_identity

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def minimality(monkeypatch):
    """Import the benchmark as if its folder were the working place, and forget it afterwards."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.syspath_prepend(BENCHMARKS)
    yield importlib.import_module("minimality")
    for path in BENCHMARKS.glob("*.py"):
        sys.modules.pop(path.stem, None)


def drawn(minimality, widths, bound, rng):
    parameters = rng.choices(range(-bound, bound + 1), k=minimality.count_parameters(widths))
    return minimality.network(widths, parameters)


def test_three_hidden_neurons_do_not_fail(minimality, capsys):
    networks, failures, seconds, smallest = minimality.at_zero(minimality.WIDTHS, 1)
    assert networks == 3**3 + 3**6 + 3**9 + 3**5 + 3**8 + 3**8 + 3**7
    assert (failures, smallest) == (0, None)
    assert seconds > 0
    assert [row.split()[0] for row in capsys.readouterr().out.splitlines()[1:]] == [
        *("1-1-1", "1-2-1", "1-3-1", "1-1-1-1", "1-2-1-1", "1-1-2-1", "1-1-1-1-1")
    ]
    for widths in minimality.WIDTHS:
        found = minimality.search(widths, 1)
        assert (found.neither, found.none) == (0, 0)


def test_networks_are_counted_with_the_bound_two(minimality):
    for widths in [(1,), (2,), (1, 1), (1, 2), (1, 1, 1)]:
        found = minimality.search(widths, 2)
        assert found == (5 ** minimality.count_parameters(widths), 0, 0, None)


@pytest.mark.parametrize("widths, bound", [((1,), 1), ((1, 1), 1), ((2,), 1), ((1,), 2)])
def test_the_search_counts_what_the_public_functions_count(minimality, widths, bound):
    numbers = range(-bound, bound + 1)
    lists = itertools.product(numbers, repeat=minimality.count_parameters(widths))
    verdicts = [minimality.by_the_library(minimality.network(widths, given)) for given in lists]
    found = minimality.search(widths, bound)
    assert found.networks == len(verdicts)
    assert found.neither == sum(not (zero or half) for zero, half, _ in verdicts) == 0
    assert found.none == sum(not some for _, _, some in verdicts) == 0
    assert any(not zero for zero, _, _ in verdicts) == (2 in widths)


def test_the_states_of_layers_are_those_of_the_networks(minimality):
    """All networks of the widths 1, 2: every state of the second layer, its count, its smallest network."""
    start = minimality.States(minimality.identity(0), np.array([1]), np.empty((1, 0), dtype=np.int64))
    below = minimality.merged(minimality.layer(start, 1, 1))
    states = minimality.merged(minimality.layer(below, 2, 1))
    networks, sizes = {}, {}
    for given in itertools.product(range(-1, 2), repeat=6):
        state = str(neurons(minimality.network((1, 2), (*given, 1, 1))))
        networks[state] = networks.get(state, 0) + 1
        sizes[state] = min(sizes.get(state, 10**6), minimality.size(given))
    found = [str(list(map(at_conventions, state.tolist()))) for state in states.neurons]
    assert networks == dict(zip(found, states.networks, strict=True))
    assert sizes == dict(zip(found, minimality.size(states.smallest), strict=True))
    for state, smallest in zip(found, states.smallest, strict=True):
        assert str(neurons(minimality.network((1, 2), (*smallest, 1, 1)))) == state


def at_conventions(neuron):
    """Replace the polynomial of a neuron by its values at 0, 1, -1, 2."""
    polynomial = neuron[3:]
    return [*neuron[:3], *(sum(a * c**k for k, a in enumerate(polynomial)) for c in (0, 1, -1, 2))]


def neurons(phi):
    """Value, small differences on both sides and D for c = 0, 1, -1, 2 of every last hidden neuron, at 0."""
    found, tiny = [], Fraction(1, 2**40)
    for a, b in zip(phi[-2].A, phi[-2].b, strict=True):
        neuron = Parametrization([*phi.layers[:-2], ([a], [b]), ([[1]], [0])])
        left, at_zero, right = neuron([-tiny, 0, tiny])
        slopes = [derivative(neuron, 0, at_kink=c) for c in (0, 1, -1, 2)]
        found.append([int(n) for n in (at_zero, (at_zero - left) / tiny, (right - at_zero) / tiny, *slopes)])
    return found


def test_four_hidden_neurons_fail(minimality):
    """What the benchmark finds first with the bound 2: the clipped identity, with x and R(Phi) negated."""
    smallest = (-1, 0, 1, 0, 1, -1, 1, 0, -1, 0, -1, 2)
    phi = minimality.network((2, 2), smallest)
    assert minimality.by_the_library(phi) == (False, False, False)
    c = sympy.Symbol("c")
    assert sympy.expand(derivative(phi, 0, at_kink=c)) == 2 * c - 2 * c**2
    clipped = clipped_identity(1).network
    assert all(phi(x) == -1 - clipped(-x) for x in map(Fraction, (-3, -1, 0, "1/2", 1, 3)))
    assert minimality.by_the_library(clipped) == (False, False, False)
    assert minimality.search((2, 2), 1)[2:] == (0, None)


def test_the_gallery_by_the_decision_of_the_search(minimality):
    for example in COUNTEREXAMPLES:
        zero, half, some = minimality.by_the_library(example.network)
        conventions = example.conventions(example.claims[0])
        assert zero == (0 in conventions), example.name
        assert half == (sympy.Rational(1, 2) in conventions), example.name
        assert some == (conventions != sympy.EmptySet), example.name


@pytest.mark.parametrize("degree", [0, 1, 2])
def test_some_convention_is_decided_as_by_inequalities(minimality, degree):
    rng, decisions = random.Random(1), []
    c = sympy.Symbol("c", real=True)
    for _ in range(40):
        coefficients = [rng.randint(-3, 3) for _ in range(degree + 1)]
        low, high = sorted(rng.randint(-4, 4) for _ in range(2))
        padded = np.array([coefficients + [0] * (minimality.DEGREE - degree)])
        decisions.append(bool(minimality.some_convention(padded, np.array([low]), np.array([high]))[0]))
        polynomial = sympy.Poly(coefficients[::-1], c)
        sets = [sympy.solve_poly_inequality(side, ">=") for side in (polynomial - low, high - polynomial)]
        both = sympy.Intersection(*(sympy.Union(*intervals) for intervals in sets))
        assert decisions[-1] == (both != sympy.EmptySet)
    assert {True, False} == set(decisions)


def test_polynomials_of_odd_degree_take_all_values(minimality):
    polynomials = np.array([[7, 0, 0, 1], [7, 5, -3, -2], [7, 1, 0, 0]])
    assert minimality.some_convention(polynomials, np.array([-1] * 3), np.array([-1] * 3)).all()


@pytest.mark.parametrize("widths", [(2,), (1, 2), (2, 1), (1, 1, 1), (2, 2)])
def test_the_kinks_are_among_the_points(minimality, widths):
    rng = random.Random(2)
    listed = {Fraction(p, q) for p, q in minimality.points(widths, 2)}
    assert len(listed) == len(minimality.points(widths, 2))
    for _ in range(60):
        phi = drawn(minimality, widths, 2, rng)
        for layer, hidden in enumerate(phi.layers[:-1]):
            for a, b in zip(hidden.A, hidden.b, strict=True):
                neuron = pieces(Parametrization([*phi.layers[:layer], ([a], [b]), ([[1]], [0])]))
                assert {x for x in neuron.breakpoints if len(neuron) > 1} <= listed


@pytest.mark.parametrize("widths", [(2,), (1, 2), (2, 1), (1, 1, 1), (3,)])
def test_one_convention_for_all_kinks(minimality, widths):
    networks, failures, wrong = minimality.search_everywhere(widths, 1)
    assert (networks, failures, wrong) == (3 ** minimality.count_parameters(widths), 0, [])
    rng = random.Random(3)
    for _ in range(12):
        phi = drawn(minimality, widths, 1, rng)
        verdicts = [
            minimality.by_the_library(phi, Fraction(p, q))[:2] for p, q in minimality.points(widths, 1)
        ]
        assert any(map(all, zip(*verdicts, strict=True)))


def test_the_search_everywhere_finds_failures_with_four_neurons(minimality):
    """At 0 alone 0 and 1/2 are wrong for 632 networks; everywhere for more, each of which is checked."""
    networks, failures, wrong = minimality.search_everywhere((2, 2), 1)
    assert networks == 3**12
    assert failures > minimality.search((2, 2), 1).neither == 632
    for given in random.Random(4).sample(wrong, 12):
        phi = minimality.network((2, 2), given)
        verdicts = [
            minimality.by_the_library(phi, Fraction(p, q))[:2] for p, q in minimality.points((2, 2), 1)
        ]
        assert not any(map(all, zip(*verdicts, strict=True)))


def test_the_tables(minimality, capsys):
    assert minimality.everywhere([(2,), (1, 1)], 1) == (3**6 + 3**5, 0)
    assert minimality.library((2, 1), 2, 5) > 0
    lines = capsys.readouterr().out.splitlines()
    assert [row.split()[:3] for row in lines[1:]] == [["1-2-1", "1", "729"], ["1-1-1-1", "1", "243"]]
    text = minimality.written(minimality.network((1,), (2, -1, 3)))
    assert text == "([[2]], [-1]), ([[3]], [0])"


def test_what_is_refused(minimality):
    line = np.array([[[0, 1, 1, 0, 0, 0, 1]]])
    with pytest.raises(ValueError, match="the degree in c must be at most 3"):
        minimality.relu(line)
    with pytest.raises(ValueError, match="integers must be at most 536870912, got 536870913"):
        minimality.relu(np.array([[[2**29 + 1, 1, 1, 1, 0, 0, 0]]]))
