"""Local cells: Jacobians by a second route, cones that fit together, and arrangements with known counts."""

import itertools
import math
import random
from fractions import Fraction

import pytest

from relu_constructions.cones import cut, whole_space
from relu_constructions.local_cells import TooManyCells, local_cells, preactivation_vanishes
from relu_constructions.parametrization import Parametrization

T = Fraction(1, 10**15)
"""Short against the values of all preactivations, which are 0 or at least 1 at points of the lattice."""


def cases(seed, inputs):
    """Networks of small integers, and points of the lattice where most of their preactivations vanish."""
    rng = random.Random(100 * inputs + seed)
    for _ in range(8):
        x = [Fraction(rng.randint(-1, 1)) for _ in range(inputs)]
        values, layers = x, []
        sizes = [inputs, *(rng.randint(1, 4) for _ in range(rng.randint(1, 3))), rng.randint(1, 2)]
        for below, above in itertools.pairwise(sizes):
            A = [[rng.choice([-2, -1, -1, 0, 1, 1, 2, 3]) for _ in range(below)] for _ in range(above)]
            wanted = [Fraction(rng.choice([0, 0, 0, 1, -1])) for _ in range(above)]
            layers.append((A, [w - v for w, v in zip(wanted, times(A, values), strict=True)]))
            values = [max(w, Fraction(0)) for w in wanted]
        yield Parametrization(layers), x, rng


def times(A, vector):
    return [sum((a * v for a, v in zip(row, vector, strict=True)), Fraction(0)) for row in A]


def moved(x, t, direction):
    return [a + t * d for a, d in zip(x, direction, strict=True)]


def classical(phi, x):
    """R(Phi), its matrix A_L Delta ... A_1, and all hidden preactivations with theirs, by dense Fractions."""
    values, columns, hidden = list(x), [[Fraction(i == j) for i in range(len(x))] for j in range(len(x))], []
    for index, (A, b) in enumerate(phi, start=1):
        values = [v + c for v, c in zip(times(A, values), b, strict=True)]
        columns = [times(A, column) for column in columns]
        if index < len(phi):
            hidden += zip(values, zip(*columns, strict=True), strict=True)
            columns = [[c if v > 0 else 0 for c, v in zip(column, values, strict=True)] for column in columns]
            values = [max(v, Fraction(0)) for v in values]
    return values, [list(row) for row in zip(*columns, strict=True)], hidden


def signs_around(hidden):
    """The signs of the preactivations if none has a kink at this point, and None otherwise.

    By induction over the layers: where no earlier one has a kink, the gradients are the true ones.
    """
    if any(v == 0 and any(gradient) for v, gradient in hidden):
        return None
    return tuple((v > 0) - (v < 0) for v, _ in hidden)


INPUTS = pytest.mark.parametrize("inputs", [1, 2, 3])
SEEDS = pytest.mark.parametrize("seed", range(12))


@INPUTS
@SEEDS
def test_the_jacobian_of_a_cell_is_that_of_a_point_without_kinks_in_its_direction(seed, inputs):
    for phi, x, _ in cases(seed, inputs):
        for cell in local_cells(phi, x):
            y = moved(x, T, cell.direction)
            value, jacobian, hidden = classical(phi, y)
            assert signs_around(hidden) is not None
            assert cell.jacobian.tolist() == jacobian
            for j in range(inputs):
                step = moved(y, T**3, [int(i == j) for i in range(inputs)])
                rise = [(b - a) / T**3 for a, b in zip(value, classical(phi, step)[0], strict=True)]
                assert cell.jacobian[:, j].tolist() == rise


@INPUTS
@SEEDS
def test_every_direction_without_kinks_lies_in_one_cell(seed, inputs):
    for phi, x, rng in cases(seed, inputs):
        cells = {
            signs_around(classical(phi, moved(x, T, cell.direction))[2]): cell.jacobian.tolist()
            for cell in local_cells(phi, x)
        }
        assert len(cells) == len(list(local_cells(phi, x)))
        for size in [3] * 20 + [10**6] * 5:
            v = [rng.randint(-size, size) for _ in range(inputs)]
            _, jacobian, hidden = classical(phi, moved(x, T, v))
            signs = signs_around(hidden)
            assert signs is None or cells[signs] == jacobian


@INPUTS
@SEEDS
def test_the_function_is_linear_on_the_whole_cone_its_boundary_included(seed, inputs):
    for phi, x, rng in cases(seed, inputs):
        here = classical(phi, x)[0]
        for cell in local_cells(phi, x):
            for _ in range(3):
                weights = [rng.choice([0, 0, 1, 2, 5]) for _ in cell.rays]
                shifts = [rng.randint(-2, 2) for _ in cell.lines]
                v = [Fraction(0)] * inputs
                for factor, vector in zip(weights + shifts, cell.rays + cell.lines, strict=True):
                    v = moved(v, factor, vector)
                there = classical(phi, moved(x, T, v))[0]
                rise = [(b - a) / T for a, b in zip(here, there, strict=True)]
                assert rise == times(cell.jacobian, v)


@SEEDS
def test_the_cells_of_the_plane_close_up(seed):
    """Every ray bounds two cells, one on each side, so that nothing is missing or covered twice."""
    for phi, x, _ in cases(seed, 2):
        cells = list(local_cells(phi, x))
        if any(cell.lines for cell in cells):
            assert len(cells) <= 2
            continue
        sides = []
        for cell in cells:
            (a, b), (c, d) = cell.rays
            turn = 1 if a * d - b * c > 0 else -1
            sides += [((a, b), turn), ((c, d), -turn)]
        assert len(set(sides)) == len(sides) == 2 * len({ray for ray, _ in sides})


@INPUTS
def test_the_networks_of_these_tests_have_kinks_in_several_layers_at_once(inputs):
    several, cells = 0, 0
    for seed in range(12):
        for phi, x, _ in cases(seed, inputs):
            hidden = iter(classical(phi, x)[2])
            layers = [[next(hidden)[0] for _ in range(n)] for n in phi.architecture[1:-1]]
            several += sum(0 in values for values in layers) > 1
            cells = max(cells, len(list(local_cells(phi, x))))
    assert several > 20
    assert cells >= 2**inputs


def regions(normals, max_cells=4096):
    n = len(normals[0])
    phi = Parametrization([(normals, [0] * len(normals)), ([[1] * len(normals)], [0])])
    cells = list(local_cells(phi, [0] * n, max_cells))
    patterns = {
        tuple(sum(a * b for a, b in zip(g, cell.direction, strict=True)) > 0 for g in normals)
        for cell in cells
    }
    assert len(patterns) == len(cells)
    return cells


@pytest.mark.parametrize("n, k", [(1, 3), (2, 7), (3, 3), (3, 8), (4, 7), (5, 7)])
def test_hyperplanes_in_general_position(n, k):
    """2 * sum_{i < n} binomial(k - 1, i) regions: Schlaefli's formula."""
    cells = regions([[t**i for i in range(n)] for t in range(-2, k - 2)])
    assert len(cells) == 2 * sum(math.comb(k - 1, i) for i in range(n))


@pytest.mark.parametrize("n, count", [(1, 2), (2, 6), (3, 32), (4, 370)])
def test_all_sums_of_some_coordinates(n, count):
    """The regions of the resonance arrangement."""
    assert len(regions([e for e in itertools.product([0, 1], repeat=n) if any(e)])) == count


@pytest.mark.parametrize("n, count", [(1, 4), (2, 14), (3, 104), (4, 1882)])
def test_threshold_functions_of_n_bits(n, count):
    assert len(regions([[1, *bits] for bits in itertools.product([0, 1], repeat=n)])) == count


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_orders_of_n_numbers(n):
    """The hyperplanes x_i = x_j share the line of equal numbers and have n! regions, each with n - 1 rays."""
    normals = [[int(k == i) - int(k == j) for k in range(n)] for i, j in itertools.combinations(range(n), 2)]
    cells = regions(normals)
    assert len(cells) == math.factorial(n)
    for cell in cells:
        assert len(cell.rays) == n - 1
        ((*line,),) = cell.lines
        assert set(line) in ({1}, {-1})


def test_a_cone_that_is_not_simplicial_has_its_rays_once():
    cone = whole_space(3)
    for form in ([1, 0, 1], [-1, 0, 1], [0, 1, 1], [0, -1, 1]):
        ((sign, cone), *_) = cut(cone, form)
        assert sign == 1
    assert sorted(ray.vector for ray in cone.rays) == [(-1, -1, 1), (-1, 1, 1), (1, -1, 1), (1, 1, 1)]
    (_, above), (_, below) = cut(cone, [1, 1, 0])
    assert sorted(ray.vector for ray in above.rays) == [(-1, 1, 1), (1, -1, 1), (1, 1, 1)]
    assert sorted(ray.vector for ray in below.rays) == [(-1, -1, 1), (-1, 1, 1), (1, -1, 1)]
    assert [sign for sign, _ in cut(cone, [0, 0, -1])] == [-1]
    (_, above), (_, below) = cut(cone, [2, 1, 0])
    assert {ray.vector for ray in above.rays} & {ray.vector for ray in below.rays} == {(-1, 2, 2), (1, -2, 2)}


def test_around_a_generic_point_there_is_one_cell():
    phi = Parametrization([([[1, 1]], [1]), ([[3]], [0])])
    (cell,) = local_cells(phi, [0, 0])
    assert cell.lines == ((1, 0), (0, 1))
    assert cell.rays == ()
    assert cell.direction == (1, 0)
    assert cell.jacobian.tolist() == [[3, 3]]


def test_a_neuron_that_is_zero_on_a_half_space_cuts_nothing_there():
    """rho(rho(x) + 0 y) and rho(-rho(x)): for x < 0 both preactivations are zero, for x > 0 neither is."""
    phi = Parametrization([([[1, 0]], [0]), ([[1], [-1]], [0, 0]), ([[1, 5]], [0])])
    right, left = local_cells(phi, [0, 7])
    assert (right.rays, right.lines, right.jacobian.tolist()) == (((1, 0),), ((0, 1),), [[1, 0]])
    assert (left.rays, left.lines, left.jacobian.tolist()) == (((-1, 0),), ((0, 1),), [[0, 0]])


def test_parallel_forms_cut_once():
    phi = Parametrization([([[1, 2], [2, 4], [-3, -6]], [0, 0, 0]), ([[1, 1, 1]], [0])])
    assert len(list(local_cells(phi, [2, -1]))) == 2


def test_a_network_without_hidden_layers_has_one_cell():
    (cell,) = local_cells(Parametrization([([["1/3", 2], [0, 1]], [1, 1])]), ["1/2", 0])
    assert cell.jacobian.tolist() == [[Fraction(1, 3), 2], [0, 1]]


def test_a_network_of_many_layers():
    """The hat, 1000 times, takes 1/2 to 1 and 0; its slopes there are 2^1000 in absolute value."""
    hats = [([[2, -4], [2, -4]], [0, -1])] * 999
    phi = Parametrization([([[2], [2]], [0, -1]), *hats, ([[1, -2]], [0])])
    assert [cell.jacobian[0, 0] for cell in local_cells(phi, "1/2")] == [2**1000, -(2**1000)]


def test_cells_are_found_while_they_are_read():
    """24 hyperplanes in general position in five dimensions have 21806 cells."""
    normals = [[t**i for i in range(5)] for t in range(-12, 12)]
    phi = Parametrization([(normals, [0] * 24), ([[1] * 24], [0])])
    found = list(itertools.islice(local_cells(phi, [0] * 5), 3))
    assert len({cell.direction for cell in found}) == 3


def test_the_limit_is_exact_and_the_message_names_it():
    crossing = Parametrization([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])])
    assert len(list(local_cells(crossing, [0, 0], max_cells=4))) == 4
    cells, read = local_cells(crossing, [0, 0], max_cells=3), []
    with pytest.raises(
        TooManyCells, match=r"^R\(Phi\) has more than 3 cells around x; pass a larger max_cells$"
    ):
        read.extend(cells)
    assert len(read) == 3
    assert len(list(local_cells(crossing, [1, 1], max_cells=1))) == 1


@pytest.mark.parametrize(
    "x, max_cells, error, message",
    [
        ([0], 9, ValueError, r"x must have shape \(2,\)"),
        ([[0, 1], [0, 1]], 9, ValueError, r"x must be one point, of shape \(2,\), got shape \(2, 2\)"),
        ([0, 0.5], 9, TypeError, "x must be exact, got the float 0.5; pass the string '0.5'"),
        ([0, 0], 0, ValueError, "max_cells must be at least 1, got 0"),
        ([0, 0], 4.5, TypeError, "max_cells must be exact"),
    ],
)
def test_what_is_refused_is_refused_before_the_first_cell(x, max_cells, error, message):
    phi = Parametrization([([[1, 1]], [1]), ([[3]], [0])])
    with pytest.raises(error, match=message):
        local_cells(phi, x, max_cells)


@INPUTS
def test_whether_a_preactivation_vanishes(inputs):
    for seed in range(5):
        for phi, x, _ in cases(seed, inputs):
            wanted = any(v == 0 for v, _ in classical(phi, x)[2])
            assert preactivation_vanishes(phi, x) == wanted
