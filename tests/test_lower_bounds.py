"""Lower bounds: a table computed elsewhere, other domains, and interpolants that miss the accuracy."""

import itertools
import math
from fractions import Fraction

import pytest

from relu_constructions import PiecewiseLinear, Polynomial, certify, square
from relu_constructions.lower_bounds import LowerBounds, lower_bounds
from relu_constructions.piecewise_linear import Sawtooth

SQUARE = Polynomial.of([0, 0, 1])
UNIT = Fraction(0), Fraction(1)

TABLE = {
    1: ((2, 1, 3), (10, 4, 9)),
    2: ((4, 2, 5), (100, 7, 15)),
    3: ((12, 4, 9), (1000, 10, 21)),
    4: ((36, 6, 13), (10**4, 14, 29)),
    6: ((354, 9, 19), (10**6, 20, 41)),
    8: ((3536, 12, 25), (10**8, 27, 55)),
    12: ((353554, 19, 39), (10**12, 40, 81)),
    16: ((35355340, 26, 53), (10**16, 54, 109)),
}
"""Pieces, neurons and nonzeros in L^inf and in W^{1,inf}, for x^2 on [0, 1] and the accuracy 10^-digits."""


@pytest.mark.parametrize("digits", TABLE)
def test_the_table_of_the_square_on_the_unit_interval(digits):
    eps = Fraction(1, 10**digits)
    function, both = TABLE[digits]
    assert lower_bounds(SQUARE, UNIT, eps, "Linf") == LowerBounds(*function)
    assert lower_bounds(SQUARE, UNIT, eps) == lower_bounds(SQUARE, UNIT, eps, "W1inf") == LowerBounds(*both)


def interpolant_errors(c, w, N):
    """The errors of the interpolant of c x^2 on [0, w] with N equal pieces, lowered by half of its error."""
    h = w / N
    corners = [k * h for k in range(N + 1)]
    f = PiecewiseLinear.through(*((x, c * x * x - c * h * h / 8) for x in corners))
    value = max(abs(c * x * x - f(x)) for x in (*corners, *(x + h / 2 for x in corners[:-1])))
    slopes = [2 * c * x - f.one_sided_derivative(x, 1) for x in corners[:-1]]
    slopes += [2 * c * x - f.one_sided_derivative(x, -1) for x in corners[1:]]
    return value, max(map(abs, slopes))


@pytest.mark.parametrize("norm", ["Linf", "W1inf"])
@pytest.mark.parametrize(
    "c, w", [(1, 1), (Fraction(5, 3), 1), (1, Fraction(7, 2)), (Fraction(1, 9), 4)], ids=str
)
def test_the_number_of_pieces_suffices_and_one_less_does_not(c, w, norm):
    for power, step in itertools.product(range(1, 4), (-1, 0, 1)):
        eps = Fraction(1, 4**power) + Fraction(step, 10**9)
        N = lower_bounds(Polynomial.of([1, -2, c]), (Fraction(0), Fraction(w)), eps, norm).pieces
        for pieces, expected in ((N, True), (N - 1, False)):
            if pieces:
                value, slope = interpolant_errors(Fraction(c), Fraction(w), pieces)
                assert (value <= eps and (norm == "Linf" or slope <= eps)) is expected


@pytest.mark.parametrize("N", [1, 2, 3, 4, 5, 100, 10**20])
def test_an_accuracy_that_equal_pieces_meet_with_equality_asks_for_no_more(N):
    for eps, norm in ((Fraction(1, 8 * N * N), "Linf"), (Fraction(1, N), "W1inf")):
        hair = eps / 10**60
        assert [lower_bounds(SQUARE, UNIT, eps + d, norm).pieces for d in (hair, 0, -hair)] == [N, N, N + 1]


def errors_of_lines(ends, grid):
    """The least value error of an affine function on a piece, over all lines through two grid values."""
    lo, hi = ends
    points = [lo + (hi - lo) * k / 8 for k in range(9)]
    for (a, u), (b, v) in itertools.product(grid(lo), grid(hi)):
        yield max(abs(x * x - u - (v - u) * (x - a) / (b - a)) for x in points)


def test_no_line_on_a_piece_beats_the_bound_that_is_used():
    for h in (Fraction(1), Fraction(1, 2), Fraction(1, 3)):
        for lo in (Fraction(0), Fraction(-1, 3), Fraction(2)):
            steps = [Fraction(k, 4) * h * h / 8 for k in range(-8, 9)]
            found = errors_of_lines(
                (lo, lo + h), lambda x, steps=steps: [(x, x * x + step) for step in steps]
            )
            assert min(found) == h * h / 8


def test_equal_pieces_are_best_among_all_subdivisions():
    for N in (1, 2, 3):
        cuts = itertools.combinations(range(1, 12), N - 1)
        worst = [max(b - a for a, b in itertools.pairwise((0, *cut, 12))) for cut in cuts]
        assert min(worst) == 12 // N


def test_a_symmetric_domain_needs_pieces_on_both_sides_and_nonzeros_for_one():
    for B, digits in itertools.product((Fraction(1), Fraction(3, 2), Fraction(8)), range(1, 8)):
        eps = Fraction(1, 10**digits)
        both, half = lower_bounds(SQUARE, (-B, B), eps), lower_bounds(SQUARE, (Fraction(0), B), eps)
        assert both.pieces == math.ceil(2 * B / eps)
        assert 2 ** (both.neurons - 1) < both.pieces <= 2**both.neurons
        assert both.connectivity == half.connectivity
        assert half.pieces == math.ceil(B / eps)


DOMAINS = {
    "right of zero": ((2, 3), (2, 3)),
    "left of zero": ((-3, -2), (2, 3)),
    "mostly right": ((-1, 3), (0, 3)),
    "mostly left": ((-3, 1), (0, 3)),
    "ends at zero": ((-3, 0), (0, 3)),
}


@pytest.mark.parametrize("domain, one_side", DOMAINS.values(), ids=DOMAINS)
def test_nonzeros_are_counted_on_the_longer_side_of_zero(domain, one_side):
    eps = Fraction(1, 1000)
    found = lower_bounds(SQUARE, tuple(map(Fraction, domain)), eps)
    assert found.pieces == 1000 * (domain[1] - domain[0])
    assert found.connectivity == lower_bounds(SQUARE, tuple(map(Fraction, one_side)), eps).connectivity


def test_affine_parts_of_the_target_change_nothing_and_the_sign_neither():
    for eps in (Fraction(1, 7), Fraction(1, 1000)):
        expected = lower_bounds(Polynomial.of([0, 0, 3]), UNIT, eps)
        assert lower_bounds(Polynomial.of([5, -7, 3]), UNIT, eps) == expected
        assert lower_bounds(Polynomial.of([0, 1, -3]), UNIT, eps) == expected


@pytest.mark.parametrize("norm", ["Linf", "W1inf"])
@pytest.mark.parametrize("eps", [1, 2, Fraction(5, 2), 10**6])
def test_nothing_is_demanded_of_accuracies_that_one_affine_piece_meets(eps, norm):
    assert lower_bounds(SQUARE, UNIT, Fraction(eps), norm) == LowerBounds(1, 0, 0)


@pytest.mark.parametrize(
    "target", [Polynomial.of([]), Polynomial.of([0, 1]), Polynomial.of([0, 0, 0, 1]), Sawtooth(3)]
)
def test_nothing_is_proved_for_other_targets(target):
    assert lower_bounds(target, UNIT, Fraction(1, 1000)) is None


def test_nothing_is_proved_for_accuracy_zero():
    assert lower_bounds(SQUARE, UNIT, Fraction(0)) is None


@pytest.mark.parametrize("form", ["sparse", "unit_weights", "yarotsky", "epgb", "folded"])
@pytest.mark.parametrize("norm", ["Linf", "W1inf"])
def test_our_networks_obey_the_bounds(form, norm):
    for eps, bound in itertools.product(("1/3", "1e-2", "1e-4"), (None, 3)):
        phi = square(eps, form=form, norm=norm, bound=bound)
        found = certify(phi)
        need = found.lower_bounds
        assert need.pieces <= found.pieces
        assert need.neurons <= phi.neurons
        assert need.connectivity <= phi.connectivity


def test_the_sparse_network_has_the_least_number_of_pieces_for_a_power_of_two():
    for m in range(1, 8):
        found = certify(square(Fraction(1, 2**m)))
        assert found.pieces == found.lower_bounds.pieces == 2**m


def test_tiny_accuracies_are_bounded_exactly():
    eps = Fraction(1, 10**1000)
    assert lower_bounds(SQUARE, UNIT, eps) == LowerBounds(10**1000, 3322, 6645)
    N = lower_bounds(SQUARE, UNIT, eps, "Linf").pieces
    assert (N - 1) ** 2 < 10**1000 / Fraction(8) <= N**2
