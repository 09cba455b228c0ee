"""Sorted kinks and running sums against the kernels that interpolate every neuron at every kink."""

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest

from relu_constructions import Parametrization, PiecewiseLinear, pieces
from relu_constructions.grid import OffGrid, TooManyPieces, grid_pieces
from relu_constructions.hinges import WIDE, is_wide
from relu_constructions.pieces import _from_coordinates, _from_grid
from relu_constructions.projective import projective_pieces
from relu_constructions.shallow import LAST_LIMIT, shallow_grid, shallow_state

MANY = 10**6


def interpolating(phi, domain):
    """The pieces by the kernels that do not sort: in int64, or None, and in integers."""
    try:
        fast = None if domain is None else _from_grid(*grid_pieces(phi.layers, domain, MANY))
    except OffGrid:
        fast = None
    return fast, _from_coordinates(projective_pieces(phi.layers, domain, MANY), domain is None)


def sorting(phi, domain):
    """The pieces from sorted kinks, for networks of any width: in int64, or None, and in integers."""
    try:
        begun = None if domain is None else shallow_grid(phi.layers, domain, MANY)
        fast = None if begun is None else _from_grid(*grid_pieces(phi.layers, domain, MANY, None, begun))
    except OffGrid:
        fast = None
    state = shallow_state(phi.layers, domain, MANY)
    coordinates = projective_pieces(phi.layers, domain, MANY, None, state)
    return fast, _from_coordinates(coordinates, domain is None)


def entry(kind, rng):
    if rng.random() < 0.15:
        return Fraction(0)
    return {
        "integer": lambda: Fraction(rng.randint(-3, 3)),
        "dyadic": lambda: Fraction(rng.randint(-16, 16), rng.choice([1, 2, 4, 8])),
        "rational": lambda: Fraction(rng.randint(-9, 9), rng.randint(1, 9)),
        "float": lambda: Fraction(rng.gauss(0, 1)),
    }[kind]()


def network(kind, depth, rng):
    """Random weights, some 0; neurons are repeated with other scales, so kinks coincide and cancel."""
    sizes = [1, rng.choice([1, 2, 5, 12, 40]), *[3] * (depth - 2), 1]
    layers = []
    for inputs, outputs in itertools.pairwise(sizes):
        A = [[entry(kind, rng) for _ in range(inputs)] for _ in range(outputs)]
        b = [entry(kind, rng) for _ in range(outputs)]
        if inputs == 1 and outputs > 3:
            A[1], b[1] = A[0], b[0]
            A[2], b[2] = [-2 * A[0][0]], -2 * b[0]
        layers.append((A, b))
    if sizes[1] > 3 and rng.random() < 0.5:
        for row in layers[1][0]:
            row[1] = -row[0]
    return Parametrization(layers)


@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("kind", ["integer", "dyadic", "rational", "float"])
def test_sorting_and_interpolating_agree(kind, depth):
    rng = random.Random(f"{kind} {depth}")
    served = 0
    for _ in range(60):
        phi = network(kind, depth, rng)
        lo = entry(kind, rng)
        for domain in (None, (lo, lo + rng.choice([Fraction(1, 3), 1, 7]))):
            _, expected = interpolating(phi, domain)
            fast, general = sorting(phi, domain)
            assert general == expected == pieces(phi, domain)
            assert list(general) == list(expected)
            assert fast is None or fast == expected
            served += fast is not None
    assert served > 20 or kind == "float"


def hinges(kinks, weights, slopes=None):
    """Make the network sum of weight rho(slope (x - kink)), repeated until it is wide."""
    slopes = slopes or [1] * len(kinks)
    times = -(-WIDE // len(kinks))
    first = (
        [[s] for s in slopes] * times,
        [-s * Fraction(t) for s, t in zip(slopes, kinks, strict=True)] * times,
    )
    return Parametrization([first, ([list(weights) * times], [1])])


CASES = {
    "kinks at the ends": hinges([-1, 0, 2], [1, -3, 2]),
    "kinks beyond the ends": hinges([-5, 7, "1/3"], [1, -3, 2]),
    "all kinks outside": hinges([-5, 7], [1, 2]),
    "equal kinks": hinges(["1/2", "1/2", 0], [1, 4, -1]),
    "kinks that cancel": hinges(["1/2", "1/2", 0], [3, -3, 1]),
    "both directions": hinges(["1/2", "1/2", 0], [3, 3, 1], [1, -1, -2]),
    "an affine sum": hinges([0, 0], [1, -1], [1, -1]),
    "no weights": hinges([0, 1], [0, 0]),
    "constant neurons": Parametrization([([[0], [1]] * 20, [2, "-1/3"] * 20), ([[1, 2] * 20], [0])]),
    "dead constants": Parametrization([([[0]] * 40, [-1] * 40), ([[1] * 40], ["1/7"])]),
    "constants only": Parametrization([([[0]] * 40, ["1/3"] * 40), ([["1/5"] * 40], ["1/7"])]),
}


@pytest.mark.parametrize("phi", CASES.values(), ids=CASES)
@pytest.mark.parametrize("domain", [None, (-1, 2), (0, 1), ("1/3", "1/2")], ids=str)
def test_special_positions_of_kinks(phi, domain):
    assert is_wide(phi.layers)
    ends = None if domain is None else tuple(map(Fraction, domain))
    fast, expected = interpolating(phi, ends)
    assert sorting(phi, ends)[1] == expected == pieces(phi, domain)
    if fast is not None:
        assert pieces(phi, domain, kernel="int64") == fast
        assert pieces(phi, domain).kernel == "int64"


@pytest.mark.parametrize("bits", [20, 40, 57, 60, 64, 200])
def test_interpolants_have_their_vertices(bits):
    f = PiecewiseLinear.interpolant([1, -2, 0, "1/7", 1], 600, domain=(-1, 1), bits=bits)
    found = pieces(f.network(), (-1, 1))
    assert found.kernel == ("int64" if bits <= 57 else "integers" if bits > 62 else found.kernel)
    vertices = dict(f.points)
    assert all(vertices[x] == y for x, y in zip(found.breakpoints, found.values, strict=True))
    assert len(found) == len(f.network()[0].rows) > 500


@pytest.mark.parametrize("bits", range(54, 68))
@pytest.mark.parametrize("up", [1, 3, -2])
def test_sums_at_the_limit_are_exact_or_refused(bits, up):
    """Teeth of height up * 2^bits: the sum of all steps exceeds int64 long before a value does."""
    top = up * 2**bits + 1
    f = PiecewiseLinear(tuple((Fraction(k), Fraction(top * (k % 2))) for k in range(65)))
    phi, domain = f.network(), (Fraction(0), Fraction(64))
    expected = pieces(phi, domain, kernel="integers")
    assert expected.values == [y for _, y in f.points]
    try:
        found = pieces(phi, domain, kernel="int64")
    except OffGrid:
        assert abs(top) > 2**58
    else:
        assert found == expected
        assert max(map(abs, found.V.tolist())) <= LAST_LIMIT


@pytest.mark.parametrize("end", [2**40, 2**60, 2**62, 2**70])
def test_wide_domains_and_long_integers_are_exact_or_refused(end):
    for phi in (hinges([0, end, -end], [1, 2, -3]), hinges(["1/3", Fraction(1, end + 1)], [end, 1])):
        domain = (Fraction(-end), Fraction(end + 1))
        expected = interpolating(phi, domain)[1]
        assert pieces(phi, domain) == expected
        try:
            assert pieces(phi, domain, kernel="int64") == expected
            assert end < 2**61
        except OffGrid:
            assert end > 2**20


def test_kinks_without_a_common_grid_are_left_to_the_general_kernel():
    rng = np.random.default_rng(1)
    weights = [(rng.normal(size=(200, 1)), rng.normal(size=200)), (rng.normal(size=(1, 200)), [0.0])]
    phi = Parametrization.from_floats(weights)
    found = pieces(phi, (-1, 1))
    assert found.kernel == "integers"
    assert found == interpolating(phi, (Fraction(-1), Fraction(1)))[1]
    with pytest.raises(OffGrid):
        pieces(phi, (-1, 1), kernel="int64")


def test_the_limit_of_pieces_is_kept():
    phi = hinges([Fraction(k, 10) for k in range(1, 10)], [1] * 9)
    for kernel in ("int64", "integers"):
        assert len(pieces(phi, (0, 1), kernel=kernel, max_pieces=10)) == 10
        with pytest.raises(TooManyPieces, match="more than 9 pieces"):
            pieces(phi, (0, 1), kernel=kernel, max_pieces=9)


def test_progress_counts_all_layers():
    calls = []
    pieces(hinges([0], [1]), (0, 1), progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 2), (2, 2)]
