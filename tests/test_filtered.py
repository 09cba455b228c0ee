"""Filtered pieces against the exact ones: number, order, enclosures, and every piece that is asked for."""

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest

from relu_constructions import (
    Parametrization,
    absolute_value,
    filtered_history,
    filtered_layers,
    hat,
    pieces,
    sawtooth,
    square,
)
from relu_constructions.filtered import enclosed_pieces, filtered_pieces
from relu_constructions.filtered_layers import FilterFailed
from relu_constructions.grid import TooManyPieces

UNIT = (Fraction(0), Fraction(1))


def encloses(middles, radii, exact):
    """Whether every exact number lies within the radius of its middle."""
    assert len(middles) == len(radii) == len(exact)
    triples = zip(middles.tolist(), radii.tolist(), exact, strict=True)
    return all(abs(Fraction(m) - e) <= Fraction(r) for m, r, e in triples)


def checked(phi, domain):
    """The filtered pieces, compared with the exact kernel in everything that they promise."""
    ends = tuple(map(Fraction, domain))
    found, exact = filtered_pieces(phi.layers, ends), pieces(phi, ends, kernel="integers")
    assert len(found) == len(exact)
    assert list(found) == list(exact)
    assert found.end_slopes() == exact.end_slopes()
    assert encloses(found.x, found.x_error, exact.breakpoints)
    assert encloses(found.v, found.v_error, exact.values)
    assert encloses(found.s, found.s_error, exact.slopes)
    return found


def dense(sizes, seed, scale=1.0):
    """Make a dense network of normally distributed weights."""
    rng = np.random.default_rng(seed)
    return Parametrization.from_floats(
        (rng.normal(size=(n, k)) / k**0.5, scale * rng.normal(size=n)) for k, n in itertools.pairwise(sizes)
    )


SHAPES = {
    "affine": (1, 1),
    "one neuron": (1, 1, 1),
    "shallow": (1, 20, 1),
    "shallow and wide": (1, 100, 1),
    "two layers": (1, 12, 12, 1),
    "three layers": (1, 16, 16, 16, 1),
    "deep": (1, *[8] * 9, 1),
    "bottleneck": (1, 20, 2, 20, 1),
    "width 64, depth 4": (1, 64, 64, 64, 1),
}


@pytest.mark.parametrize("sizes", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("seed", [0, 1])
def test_dense_float_networks(sizes, seed):
    found = checked(dense(sizes, seed), (-3, 4))
    assert found.kernel == "filtered"
    assert max(found.x_error.max(), found.v_error.max(), found.s_error.max()) < 1e-7


def test_the_errors_of_a_dense_network_are_small():
    found = checked(dense((1, 64, 64, 64, 1), 5), (-4, 4))
    assert len(found) > 80
    assert found.x_error.max() < 1e-9
    assert found.v_error.max() < 1e-9
    assert found.s_error.max() < 1e-10
    assert found._history.decisions == 0


def entries(kind, rng):
    """A random weight: many kinds produce ties, zeros and dead neurons."""
    if rng.random() < 0.15:
        return Fraction(0)
    power = Fraction(2)
    return {
        "small integers": lambda: Fraction(rng.randint(-2, 2)),
        "signs": lambda: Fraction(rng.choice([-1, 1, 1, -1, 2])),
        "dyadic": lambda: Fraction(rng.randint(-16, 16), rng.choice([1, 2, 4, 8])),
        "rational": lambda: Fraction(rng.randint(-9, 9), rng.randint(1, 9)),
        "float": lambda: Fraction(rng.gauss(0, 1)),
        "tiny": lambda: Fraction(rng.gauss(0, 1)) * power ** rng.choice([-300, -60, -50, 0, 0]),
        "huge": lambda: Fraction(rng.gauss(0, 1)) * power ** rng.choice([200, 60, 0, 0]),
        "nearly equal": lambda: rng.randint(-2, 2) + rng.choice([0, 0, 1, -1]) / power ** rng.randint(50, 60),
    }[kind]()


KINDS = ("small integers", "signs", "dyadic", "rational", "float", "tiny", "huge", "nearly equal")


def network(kind, rng):
    """A small random network, in which a row may be repeated with another scale or have no weights."""
    sizes = [1, *(rng.choice([1, 2, 3, 5, 8]) for _ in range(rng.randint(0, 3))), 1]
    layers = []
    for inputs, outputs in itertools.pairwise(sizes):
        A = [[entries(kind, rng) for _ in range(inputs)] for _ in range(outputs)]
        b = [entries(kind, rng) for _ in range(outputs)]
        if outputs > 2 and rng.random() < 0.5:
            scale = rng.choice([1, -1, 2, -3, Fraction(1, 3)])
            A[1], b[1] = [scale * a for a in A[0]], scale * b[0]
        if outputs > 3 and rng.random() < 0.3:
            A[2], b[2] = [Fraction(0)] * inputs, Fraction(rng.randint(-1, 1))
        layers.append((A, b))
    return Parametrization(layers)


@pytest.mark.parametrize("kind", KINDS)
def test_small_networks_with_ties_zeros_and_extreme_weights(kind):
    rng = random.Random(kind)
    bent, decisions = 0, 0
    for _ in range(60):
        lo = Fraction(rng.randint(-9, 3), rng.randint(1, 3))
        width = rng.choice([1, 5, 12, Fraction(1, 2**60)])
        found = checked(network(kind, rng), (lo, lo + width))
        bent += len(found) > 1
        decisions += found._history.decisions
    assert bent > 5
    assert decisions or kind in ("float", "rational", "dyadic")


@pytest.mark.parametrize("seed", range(30))
def test_networks_with_many_neurons_that_nearly_coincide(seed):
    """Weights that are small integers up to 2^-50 give crowds of kinks in no obvious order."""
    rng = random.Random(seed)

    def nearly():
        return rng.randint(-3, 3) + Fraction(
            rng.choice([0, 0, 1, -1]), 2 ** rng.choice([50, 51, 52, 53, 54, 60])
        )

    sizes = [1, *(rng.choice([4, 8, 12]) for _ in range(rng.choice([1, 2, 3]))), 1]
    layers = []
    for inputs, outputs in itertools.pairwise(sizes):
        A = [[nearly() for _ in range(inputs)] for _ in range(outputs)]
        layers.append((A, [nearly() * (3 if inputs == 1 else 1) for _ in range(outputs)]))
    checked(Parametrization(layers), (-5, 6))


@pytest.mark.parametrize("bits", [8, 20, 40])
def test_coarser_floats_leave_more_to_exact_numbers_and_change_nothing(bits, monkeypatch):
    """With a rounding error that is assumed to be larger, exact numbers decide, up to almost everything."""
    monkeypatch.setattr(filtered_layers, "UNIT", 2.0**-bits)
    monkeypatch.setattr(filtered_history.History, "count", counted)
    decisions = 0
    for seed in range(12):
        decisions += checked(dense((1, 8, 8, 1), seed), (-4, 4))._history.decisions
        decisions += checked(network(KINDS[seed % 8], random.Random(seed)), (-4, 4))._history.decisions
    assert decisions > (100 if bits == 8 else 0)


def counted(self, decisions, breakpoints):
    """Count exact decisions without a limit."""
    self.decisions += decisions


@pytest.mark.parametrize("exponent", [30, 49, 52, 53, 54, 60, 200])
def test_kinks_that_are_hardly_apart(exponent):
    """Kinks of two layers within a few units in the last place of 1/3, and beyond."""
    near = Fraction(1, 2**exponent)
    third = Fraction(1, 3)
    kinks = [third, third + near, third - near, third + 3 * near]
    first = [[1]] * 4, [-t for t in kinks]
    second = [[1, 1, -1, 2], [3, 0, 0, -1]], [-2 * near, -near]
    found = checked(Parametrization([first, second, ([[1, -5]], [0])]), UNIT)
    inner = [piece.upper for piece in found][:-1]
    assert inner == [third + near * Fraction(t, 3) for t in (1, 9, 10)]
    assert found._history.decisions or exponent < 50


@pytest.mark.parametrize("m", [1, 3, 6])
@pytest.mark.parametrize("form", ["sparse", "unit_weights", "yarotsky", "epgb"])
def test_squaring_networks(form, m):
    assert len(checked(square(m=m, form=form), UNIT)) == 2**m


@pytest.mark.parametrize("phi", [hat(), hat("three_neurons"), absolute_value(), sawtooth(5)])
@pytest.mark.parametrize("domain", [(0, 1), (-1, 1), ("-1/3", "6/5"), ("1/2", "3/4")])
def test_explicit_networks(phi, domain):
    checked(phi, domain)


def test_repeated_neurons_cost_few_exact_decisions():
    phi = dense((1, 16, 16, 1), 3)
    (A, b), (B, c), (C, d) = phi
    scales = np.array([Fraction(k % 5 + 1, 3) * (-1) ** k for k in range(16)], dtype=object)
    twice = Parametrization(
        [
            (np.concatenate((A, scales[:, None] * A)), np.concatenate((b, scales * b))),
            (np.tile(np.concatenate((B, -B), axis=1), (2, 1)), np.concatenate((c, c))),
            (np.concatenate((C, C), axis=1), d),
        ]
    )
    found = checked(twice, (-3, 3))
    assert len(found) > 16
    assert found._history.decisions < 5


def test_dead_neurons_and_dead_regions_cost_no_exact_decisions():
    """Two neurons are dead, and below 0 the output does not depend on the kinks of the first layer."""
    first = [[1]] * 12 + [[0]], [-Fraction(k, 7) for k in range(-6, 6)] + [-1]
    second = [[Fraction(0.1)] * 12 + [5], [0] * 13, [0] * 13], [-1, 0, -2]
    phi = Parametrization([first, second, ([[Fraction(0.3), 1, 1]], [Fraction(0.7)])])
    found = checked(phi, (-2, 3))
    assert found._history.decisions == 0
    assert found.s[0] == 0


def test_a_neuron_that_vanishes_on_an_interval_has_no_kink_there():
    """rho(x)/10 - rho(x - 1/2)/10 - 1/20 is 0 from 1/2 on, in spite of rounding."""
    tenth = Fraction(0.1)
    phi = Parametrization(
        [([[1], [1]], [0, "-1/2"]), ([[tenth, -tenth], [2, -3]], [-tenth / 2, 0]), ([[1, 1]], [0])]
    )
    checked(phi, UNIT)
    assert len(checked(phi, (-2, -1))) == 1


def test_the_exact_pieces_join():
    found = filtered_pieces(dense((1, 10, 10, 1), 2).layers, (Fraction(-3), Fraction(3)))
    for left, right in itertools.pairwise(found):
        assert left.upper == right.lower
        assert left.slope * left.upper + left.intercept == right.slope * right.lower + right.intercept
    assert found.exact(0).lower == -3
    assert found.exact(-1) == found.exact(len(found) - 1)
    assert found.exact(-1).upper == 3


@pytest.mark.parametrize("index", [2, -3, 100])
def test_there_is_no_piece_beyond_the_last(index):
    found = filtered_pieces(hat().layers, UNIT)
    with pytest.raises(IndexError, match="between -2 and 1"):
        found.exact(index)


@pytest.mark.parametrize(
    "phi, domain, words",
    [
        (Parametrization([([[1]], [0]), ([[2**2000]], [0])]), (0, 1), "between 2\\^-900 and 2\\^900|at most"),
        (Parametrization([([[1]], [0]), ([[Fraction(1, 2**2000)]], [0])]), (0, 1), "2\\^-900"),
        (Parametrization([([[1]], [Fraction(1, 2**1000)]), ([[1]], [0])]), (0, 1), "2\\^-900"),
        (Parametrization([([[2**800]], [0]), ([[2**800]], [0])]), (0, 1), "overflowed"),
        (hat(), (0, 2**1000), "ends of the interval"),
    ],
    ids=["huge", "tiny", "tiny bias", "product", "domain"],
)
def test_networks_beyond_float64_are_refused(phi, domain, words):
    with pytest.raises(FilterFailed, match=words):
        filtered_pieces(phi.layers, tuple(map(Fraction, domain)))
    assert enclosed_pieces(phi, domain) == pieces(phi, domain)


def test_too_many_pieces_are_refused():
    phi = dense((1, 40, 1), 1)
    count = len(filtered_pieces(phi.layers, UNIT))
    assert count > 5
    with pytest.raises(TooManyPieces, match="more than 4 pieces"):
        filtered_pieces(phi.layers, UNIT, 4)


def test_too_many_exact_decisions_are_refused():
    """Ten neurons of the second layer are 0 by cancellation at 400 breakpoints, which rounding cannot see."""
    odd = Fraction(0.1)
    first = [[1], [3], [5], *[[1]] * 400], [0, 0, 0, *(-Fraction(k, 500) for k in range(1, 401))]
    rows = [[3 * odd + 5 * k, -odd, -k, *[0] * 400] for k in range(1, 11)]
    last = [1] * 10 + [odd]
    phi = Parametrization([first, ([*rows, [0, 0, 0, *[1] * 400]], [0] * 11), ([last], [0])])
    with pytest.raises(FilterFailed, match="signs undecided"):
        filtered_pieces(phi.layers, UNIT)
    assert len(enclosed_pieces(phi, UNIT)) == 401


def test_enclosed_pieces_takes_the_kernel_that_serves():
    assert enclosed_pieces(square(m=3), (0, 1)).kernel == "int64"
    assert enclosed_pieces(dense((1, 8, 8, 1), 1), (0, 1)).kernel == "filtered"
    assert enclosed_pieces(dense((1, 40, 1), 1), (0, 1)).kernel == "integers"


def test_progress_counts_layers():
    calls = []
    enclosed_pieces(dense((1, 8, 8, 1), 1), (0, 1), progress=lambda done, total: calls.append((done, total)))
    assert calls[-3:] == [(1, 3), (2, 3), (3, 3)]
