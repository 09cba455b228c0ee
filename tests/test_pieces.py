"""The two kernels against each other, against the naive enumeration, and against exact evaluation."""

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest

from relu_constructions import Parametrization, absolute_value, hat, identity, pieces, sawtooth, square
from relu_constructions.grid import OffGrid, TooManyPieces


def rational_entry(rng):
    return Fraction(rng.randint(-9, 9), rng.randint(1, 9))


def kernels(phi, domain):
    """The pieces by the int64 kernel if it accepts the network, and by the general one."""
    general = pieces(phi, domain, kernel="integers")
    try:
        return pieces(phi, domain, kernel="int64"), general
    except OffGrid:
        return None, general


def test_fast_and_general_kernel_agree_piece_by_piece_on_500_dyadic_networks(naive):
    served = 0
    for seed in range(500):
        fast, general = kernels(naive.network(seed), (-2, 3))
        served += fast is not None
        assert fast is None or (fast == general and list(fast) == list(general)), seed
    assert served >= 300


@pytest.mark.parametrize("entry", [None, rational_entry], ids=["dyadic", "rational"])
def test_kernels_agree_with_the_naive_enumeration(naive, entry):
    for seed in range(120):
        phi = naive.network(seed, draw=entry)
        expected = naive.pieces(phi, Fraction(-5, 3), Fraction(7, 2))
        for found in kernels(phi, ("-5/3", "7/2")):
            if found is not None:
                assert list(zip(found.breakpoints, found.values, strict=True)) == expected, seed


def test_pieces_agree_with_exact_evaluation_at_random_rationals(naive):
    rng = random.Random(7)
    for seed in range(60):
        phi = naive.network(seed, draw=rational_entry)
        for piece in pieces(phi, (-1, 2)):
            x = piece.lower + (piece.upper - piece.lower) * Fraction(rng.randint(0, 1000), 1000)
            assert piece.slope * x + piece.intercept == phi(x) == naive.value(phi, x)


def test_pieces_are_maximal(naive):
    for seed in range(60):
        slopes = pieces(naive.network(seed), (-3, 3)).slopes
        assert all(s != t for s, t in itertools.pairwise(slopes))


@pytest.mark.parametrize("seed", range(40))
def test_whole_line_agrees_with_a_large_interval(naive, seed):
    phi = naive.network(seed)
    line, far = pieces(phi), Fraction(10**6)
    bounded = pieces(phi, (-far, far))
    inner = bounded.breakpoints[1:-1]
    assert [x for x in line.breakpoints if x in inner] == inner
    assert len(line) == len(bounded)
    if len(line) > 1:
        assert line.breakpoints == inner
        assert line.slopes == bounded.slopes


def test_affine_function_on_the_whole_line_is_one_piece():
    line = pieces(identity(1, 3))
    assert (len(line), line.breakpoints, line.slopes) == (1, [0], [1, 1])
    assert repr(line) == "Pieces(1 on (-oo, oo), kernel='integers')"


def test_constant_network_is_one_piece():
    phi = Parametrization([([[0], [0]], [1, -1]), ([[1, 1]], ["1/3"])])
    for found in kernels(phi, (0, 1)):
        assert list(found) == [(0, 1, 0, Fraction(4, 3))]


@pytest.mark.parametrize("n", range(1, 11))
def test_sawtooth_has_its_corners(n):
    for found in kernels(sawtooth(n), (0, 1)):
        assert found.breakpoints == [Fraction(k, 2**n) for k in range(2**n + 1)]
        assert found.values == [k % 2 for k in range(2**n + 1)]


def test_iteration_lists_the_bounded_pieces_only():
    found = pieces(hat("three_neurons"))
    assert [piece.slope for piece in found] == [2, -2]
    assert len(found) == 4


def test_end_slopes_match_the_list():
    for found in kernels(square(m=5), (0, 1)):
        assert found.end_slopes() == (found.slopes[0], found.slopes[-1])


def test_dense_float_networks_have_breakpoints_of_hundreds_of_bits():
    rng = np.random.default_rng(3)
    sizes = [1, 8, 8, 8, 1]
    weights = [(rng.normal(size=(n, k)), rng.normal(size=n)) for k, n in itertools.pairwise(sizes)]
    phi = Parametrization.from_floats(weights)
    found = pieces(phi, (-3, 3))
    assert found.kernel == "integers"
    assert max(x.denominator.bit_length() for x in found.breakpoints) > 100
    assert all(piece.slope * piece.lower + piece.intercept == phi(piece.lower) for piece in found)


@pytest.mark.parametrize("kernel", ["int64", "integers"])
def test_too_many_pieces_are_refused(kernel):
    assert len(pieces(square(m=10), (0, 1), kernel=kernel, max_pieces=1024)) == 1024
    with pytest.raises(TooManyPieces, match="more than 1023 pieces"):
        pieces(square(m=10), (0, 1), kernel=kernel, max_pieces=1023)


def test_progress_counts_layers():
    calls = []
    pieces(square(m=3), (0, 1), progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize(
    "phi, domain, options, error, words",
    [
        (identity(2), (0, 1), {}, ValueError, "one input and one output"),
        (hat(), (1, 0), {}, ValueError, "lo < hi"),
        (hat(), (0, 0), {}, ValueError, "lo < hi"),
        (hat(), (0, 0.5), {}, TypeError, "the float 0.5"),
        (hat(), "01", {}, TypeError, "a pair"),
        (hat(), (0, 1, 2), {}, TypeError, "a pair"),
        (hat(), (0, 1), {"kernel": "fast"}, ValueError, "kernel must be"),
        (absolute_value(), (0, "nan"), {}, ValueError, "must be a number"),
    ],
    ids=["two inputs", "reversed", "empty", "float", "string", "triple", "kernel", "nan"],
)
def test_requests_that_make_no_sense_are_refused(phi, domain, options, error, words):
    with pytest.raises(error, match=words):
        pieces(phi, domain, **options)


def test_domain_may_come_as_a_list_of_one_pair():
    assert pieces(hat(), [(0, 1)]) == pieces(hat(), (0, 1))
