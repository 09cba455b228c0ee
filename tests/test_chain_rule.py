"""The lemma on D(Phi), exactly: almost everywhere the derivative, the chain rule, the stable limit.

(a) D(Phi) is the derivative of R(Phi) almost everywhere.
(b) D(Psi o Phi)(x) = D(Psi)(R(Phi)(x)) D(Phi)(x) at every x, for the merged concatenation.
(c) For almost every x, D(Psi)(y) D(Phi)(x) is D(Psi o Phi)(x) for all y near R(Phi)(x).

The weights are small integers, so that lattice points are often kinks; c stands for rho'(0) and takes values
that no library would take.  proofs/derivative.py has the proofs.
"""

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest
import sympy

from relu_constructions import (
    Parametrization,
    affine,
    concatenation,
    derivative,
    pieces,
    sparse_concatenation,
)

CONVENTIONS = [Fraction(0), Fraction(1, 2), Fraction(1), Fraction(5, 3), Fraction(-1)]
PAIRS = {
    "one input": ([2, 2, 1], [1, 3, 2, 2]),
    "one output between": ([1, 3, 1], [2, 3, 1]),
    "two of everything": ([2, 3, 2], [2, 3, 2, 2]),
    "three inputs": ([3, 2, 2], [3, 3, 3]),
    "deep and narrow": ([2, 2, 1, 2, 1], [1, 2, 1, 2, 2]),
    "an affine map first": ([2, 3, 3], [2, 2]),
    "an affine map last": ([2, 3], [2, 3, 2]),
}
"""Architectures of Psi and Phi."""
each_pair = pytest.mark.parametrize("above, below", PAIRS.values(), ids=PAIRS)
RADIUS = {1: 4, 2: 1, 3: 1}
"""How far the lattice points go, by the number of inputs."""
TINY = Fraction(1, 2**200)
"""Less than the distance of a point of denominator 10^9 + 7 to the kinks that it does not lie on."""


def weight(rng):
    return rng.choice([0, 0, 1, 1, -1, -1, 2, -2])


def matrix(rng, rows, columns):
    return [[weight(rng) for _ in range(columns)] for _ in range(rows)]


def network(rng, architecture):
    sizes = itertools.pairwise(architecture)
    return Parametrization([(matrix(rng, m, n), [weight(rng) for _ in range(m)]) for n, m in sizes])


def lattice(dimension, radius=1):
    points = itertools.product(range(-radius, radius + 1), repeat=dimension)
    return np.array(list(points), dtype=object).T


def columns(vectors):
    """The batch of points with the given coordinates, as an array of Fractions."""
    return np.array([[Fraction(entry) for entry in vector] for vector in vectors], dtype=object).T


def matrices(phi, points, c):
    """D(Phi) at every column, as a stack of matrices."""
    return np.moveaxis(derivative(phi, points, c), -1, 0)


def at_kinks(phi, points):
    """Whether a preactivation of a hidden neuron is zero, at every column."""
    zero = np.zeros(points.shape[1], dtype=bool)
    for depth in range(1, phi.depth):
        zero |= (Parametrization(phi.layers[:depth])(points) == 0).any(axis=0)
    return zero


@each_pair
def test_the_chain_rule_holds_at_every_kink(above, below):
    rng, hit, jumps = random.Random(1), 0, 0
    while hit < 2000:
        psi, phi = network(rng, above), network(rng, below)
        merged, points = concatenation(psi, phi), lattice(below[0], RADIUS[below[0]])
        points = points[:, at_kinks(merged, points)]
        images, found = phi(points), []
        for c in CONVENTIONS:
            found.append(matrices(merged, points, c))
            assert (found[-1] == matrices(psi, images, c) @ matrices(phi, points, c)).all()
            hit += points.shape[1]
        jumps += int((found[0] != found[2]).any(axis=(1, 2)).sum())
    assert jumps > 0


def test_the_chain_rule_holds_for_polynomials_in_the_convention():
    rng, c, degrees = random.Random(2), sympy.Symbol("c"), set()
    for _ in range(25):
        psi, phi = network(rng, [2, 2, 2, 1]), network(rng, [1, 2, 2])
        merged = concatenation(psi, phi)
        for x in (-1, 0, 1):
            product = derivative(psi, phi(x), c) @ derivative(phi, x, c)
            whole = derivative(merged, x, c)
            assert sympy.expand(product[0, 0] - whole) == 0
            degrees.add(sympy.Poly(whole, c).degree() if whole else 0)
    assert {0, 1, 2} <= degrees


def neuron(phi, layer, index):
    """The network of one input whose output is a hidden neuron, ReLU included."""
    hidden = phi[layer]
    return Parametrization([*phi.layers[:layer], ([hidden.A[index]], [hidden.b[index]]), ([[1]], [0])])


def kinks(phi):
    """Where a hidden neuron bends, and perhaps other points.

    Where a preactivation vanishes, but not nearby, it changes its sign, and the neuron bends, or it bends
    itself, and a neuron below bends.
    """
    neurons = [(layer, i) for layer in range(phi.depth - 1) for i in range(len(phi[layer].rows))]
    return sorted({x for layer, i in neurons for x in pieces(neuron(phi, layer, i)).breakpoints})


@pytest.mark.parametrize("architecture", [[1, 3, 1], [1, 2, 2, 1], [1, 1, 3, 1, 1], [1, 2, 2, 2, 1]])
def test_between_kinks_the_derivative_is_the_slope(architecture):
    rng, vanishing, intervals = random.Random(3), 0, 0
    for _ in range(40):
        phi = network(rng, architecture)
        marks = kinks(phi) or [Fraction(0)]
        inner = [low + (high - low) * Fraction(2, 7) for low, high in itertools.pairwise(marks)]
        points = columns([(x,) for x in (marks[0] - Fraction(1, 3), *inner, marks[-1] + Fraction(1, 3))])
        found = pieces(phi)
        slopes = [found.slopes[sum(x > p for p in found.breakpoints)] for x in points[0]]
        for c in CONVENTIONS:
            assert derivative(phi, points, c)[0, 0].tolist() == slopes
        vanishing += int(at_kinks(phi, points).sum())
        intervals += len(slopes)
    assert intervals > 100
    assert vanishing > 5


def generic(rng, dimension):
    return [Fraction(rng.randrange(-(10**10), 10**10), 10**9 + 7) for _ in range(dimension)]


@pytest.mark.parametrize("architecture", [[2, 3, 2], [2, 3, 2, 1], [2, 2, 2, 2, 2], [2, 1, 3, 2]])
def test_in_the_plane_the_derivative_is_the_quotient_of_small_differences(architecture):
    rng, vanishing = random.Random(4), 0
    for _ in range(40):
        phi = network(rng, architecture)
        for x in (generic(rng, 2) for _ in range(3)):
            steps = [
                x,
                *([x[0] + s, x[1]] for s in (TINY, -TINY)),
                *([x[0], x[1] + s] for s in (TINY, -TINY)),
            ]
            at_x, right, left, up, down = phi(columns(steps)).T
            rises = [right - at_x, at_x - left], [up - at_x, at_x - down]
            assert all((one == other).all() for one, other in rises)
            gradient = np.array([rise[0] / TINY for rise in rises]).T
            for c in CONVENTIONS:
                assert derivative(phi, x, c).tolist() == gradient.tolist()
            vanishing += bool(at_kinks(phi, columns([x]))[0])
    assert vanishing > 5


def dead_rows(slopes):
    """Rows a with a D(Phi)(x) = 0, if there are any but 0: near x, the function a R(Phi) is constant."""
    (p, q), (r, s) = slopes.tolist()
    if p * s - q * r:
        return []
    rows = [[r, -p], [s, -q]]
    return [row for row in rows if any(row)] or [[1, 0], [1, -1]]


def kinked(rng, rows, image):
    """A network of two inputs whose first preactivations a y + b vanish at a point; two others need not.

    The first neuron of its second layer reads nothing but these, and vanishes as well.
    """
    b = [-sum(a * y for a, y in zip(row, image, strict=True)) for row in rows]
    first = ([*rows, *matrix(rng, 2, 2)], [*b, weight(rng), weight(rng)])
    second = [[weight(rng) for _ in rows] + [0, 0], *matrix(rng, 2, len(rows) + 2)]
    return Parametrization([first, (second, [0, weight(rng), 1]), (matrix(rng, 2, 3), [0, 0])])


def nearby(rng, image, rows):
    """The point itself, points around it, and points on the kinks a y + b = 0 through it."""
    directions = [(0, 0), *itertools.product((-1, 1), (-1, 0, 1)), (0, 1), (0, -1), (3, -2)]
    directions += [(sign * row[1], -sign * row[0]) for row in rows for sign in (1, -1)]
    return columns([[y + TINY * step for y, step in zip(image, d, strict=True)] for d in directions])


def test_the_limit_is_stable_where_a_set_of_positive_measure_goes_into_a_kink():
    rng, cases, jumps, everywhere = random.Random(5), 0, 0, {0: 0, 1: 0}
    while cases < 60:
        phi = network(rng, rng.choice([[2, 2, 2], [2, 2, 1, 2], [1, 2, 2]]))
        x = generic(rng, phi.architecture[0])
        slopes = derivative(phi, x)
        rows = dead_rows(np.hstack([slopes, slopes])[:, :2])
        if not rows:
            continue
        image = phi(x).tolist()
        psi = kinked(rng, rows, image)
        merged, around = concatenation(psi, phi), nearby(rng, image, rows)
        assert at_kinks(psi, columns([image]))[0]
        for c in CONVENTIONS:
            outer, inner = matrices(psi, around, c), derivative(phi, x, c)
            assert (outer @ inner == derivative(merged, x, c)).all()
            jumps += len({str(D.tolist()) for D in outer}) > 1
        cases += 1
        everywhere[int(any(slopes.flat))] += 1
    assert jumps > 100
    assert min(everywhere.values()) > 5


@each_pair
def test_the_limit_is_stable_at_generic_points(above, below):
    rng = random.Random(6)
    for _ in range(6):
        psi, phi = network(rng, above), network(rng, below)
        merged, x = concatenation(psi, phi), generic(rng, below[0])
        image = phi(columns([x]))[:, 0]
        around = np.array([image + TINY * step for step in lattice(len(image)).T]).T
        for c in CONVENTIONS:
            inner, whole = matrices(phi, columns([x]), c)[0], matrices(merged, columns([x]), c)[0]
            assert (matrices(psi, around, c) @ inner == whole).all()


def test_the_plane_into_the_diagonal_into_a_kink():
    """Phi(x) = (u, u), Psi(y) = rho(y1 - y2) + rho(y2 - y1) + y1: D(Psi) jumps along the whole image."""
    phi = Parametrization([([[1, 2], [1, -1]], [0, 1]), ([[1, 1], [1, 1]], [0, 0])])
    psi = Parametrization([([[1, -1], [-1, 1], [1, 0], [-1, 0]], [0] * 4), ([[1, 1, 1, -1]], [0])])
    x = [Fraction(1, 3), Fraction(1, 7)]
    outer = {c: derivative(psi, phi(x), c).tolist() for c in CONVENTIONS}
    assert outer[Fraction(1)] == [[1, 0]]
    assert [derivative(psi, [phi(x)[0] + s, phi(x)[1]]).tolist() for s in (TINY, -TINY)] == [
        [[2, -1]],
        [[0, 1]],
    ]
    for c, step in itertools.product(CONVENTIONS, (TINY, 0, -TINY)):
        y = [phi(x)[0] + step, phi(x)[1]]
        assert (derivative(psi, y, c) @ derivative(phi, x, c)).tolist() == [[2, 1]]
        assert derivative(concatenation(psi, phi), x, c).tolist() == [[2, 1]]


RELU = Parametrization([([[1]], [0]), ([[1]], [0])])
SPLIT = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
LINE = affine([[1]], [0])


@pytest.mark.parametrize("c", CONVENTIONS)
def test_at_exceptional_points_there_is_no_limit_or_another_one(c):
    """For Phi = x at 0: two limits for Psi = rho; for Psi = y, split, the limit 1, where D is 2c."""
    sides = [derivative(RELU, y, c) * derivative(LINE, 0, c) for y in (TINY, -TINY)]
    assert sides == [1, 0]
    sides = [derivative(SPLIT, y, c) * derivative(LINE, 0, c) for y in (TINY, -TINY)]
    assert sides == [1, 1]
    assert derivative(concatenation(SPLIT, LINE), 0, c) == 2 * c


@pytest.mark.parametrize(
    "above, below", [PAIRS[name] for name in ("one output between", "an affine map first")]
)
def test_sparse_concatenation_has_another_derivative_at_zeros_of_the_inner_network(above, below):
    """It is D(Psi) diag(s) D(Phi), with s = 2c where the component of R(Phi)(x) is 0, and s = 1 elsewhere."""
    rng = random.Random(7)
    points = lattice(below[0], RADIUS[below[0]])
    failures = dict.fromkeys([Fraction(0), Fraction(1, 2), Fraction(5, 3)], 0)
    for _ in range(25):
        psi, phi = network(rng, above), network(rng, below)
        sparse, images = sparse_concatenation(psi, phi), phi(points)
        assert (sparse(points) == psi(images)).all()
        for c in failures:
            scales = np.where(images == 0, 2 * c, 1).T[:, :, None]
            inner, found = matrices(phi, points, c), matrices(sparse, points, c)
            assert (found == matrices(psi, images, c) @ (scales * inner)).all()
            merged = matrices(psi, images, c) @ inner
            failures[c] += int((found != merged).any(axis=(1, 2)).sum())
    assert failures.pop(Fraction(1, 2)) == 0
    assert min(failures.values()) > 0


def test_the_smallest_failure_of_the_chain_rule_for_sparse_concatenation():
    sparse = sparse_concatenation(LINE, LINE)
    for c in CONVENTIONS:
        assert derivative(sparse, 0, c) == 2 * c
        assert (
            derivative(LINE, 0, c) * derivative(LINE, 0, c)
            == 1
            == derivative(concatenation(LINE, LINE), 0, c)
        )
