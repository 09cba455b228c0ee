"""The product: errors and laws on every cell of two-dimensional networks, accuracy, and what is refused.

The reference enumerates the cells of a network by clipping convex polygons with rational corners at the zero
line of one neuron after another.  On a cell the network is affine, so xy minus it has no extremum inside: the
largest error is on an edge, where it is quadratic, and the largest gradient error is at a corner.
"""

import itertools
import random
from fractions import Fraction
from typing import NamedTuple

import pytest
from flint import fmpq

from relu_constructions import Layer, Parametrization
from relu_constructions.constructions.product import LAWS, THEOREMS, product

ZERO, ONE = fmpq(0), fmpq(1)
COORDINATES = ((ONE, ZERO, ZERO), (ZERO, ONE, ZERO))


class Facts(NamedTuple):
    """Suprema over a box, for P of bounds (D1, D2)."""

    value_error: Fraction
    partial_errors: tuple[Fraction, Fraction]
    gradient_error: Fraction
    cells: int


def rational(number):
    number = Fraction(number)
    return fmpq(number.numerator, number.denominator)


def combined(entries, maps, bias):
    """The affine map sum_j entries[j] maps[j] + bias, as coefficients of x, y and 1."""
    used = [(a, f) for a, f in zip(entries, maps, strict=True) if a != 0]
    a, b, c = (sum((w * f[i] for w, f in used), ZERO) for i in range(3))
    return a, b, c + bias


def at(affine, corner):
    return affine[0] * corner[0] + affine[1] * corner[1] + affine[2]


def clipped(polygon, affine):
    """The parts of a convex polygon where an affine map is positive and where it is negative, if any."""
    values = [at(affine, corner) for corner in polygon]
    if not (min(values) < 0 < max(values)):
        return [(polygon, max(values) > 0)]
    parts = {True: [], False: []}
    for i, (p, s) in enumerate(zip(polygon, values, strict=True)):
        q, t = polygon[(i + 1) % len(polygon)], values[(i + 1) % len(values)]
        for side in (True, False):
            if s == 0 or (s > 0) is side:
                parts[side].append(p)
        if s * t < 0:
            r = s / (s - t)
            crossing = (p[0] + r * (q[0] - p[0]), p[1] + r * (q[1] - p[1]))
            parts[True].append(crossing)
            parts[False].append(crossing)
    return [(part, side) for side, part in parts.items()]


def next_cells(cell, layer):
    """Split a cell (polygon, maps) at the neurons of a hidden layer."""
    polygon, maps = cell
    cells = [(polygon, [])]
    for entries, bias in layer:
        affine = combined(entries, maps, bias)
        cells = [
            (part, [*done, affine if active else (ZERO, ZERO, ZERO)])
            for whole, done in cells
            for part, active in clipped(whole, affine)
        ]
    return cells


def cells_of(phi, box):
    """All cells (corners, affine map) of a network with two inputs and one output over a box."""
    layers = [
        [([rational(a) for a in row], rational(c)) for row, c in zip(A, b, strict=True)] for A, b in phi
    ]
    (a, b), (c, d) = (tuple(map(rational, side)) for side in box)
    cells = [([(a, c), (b, c), (b, d), (a, d)], COORDINATES)]
    for layer in layers[:-1]:
        cells = [part for cell in cells for part in next_cells(cell, layer)]
    ((entries, bias),) = layers[-1]
    return [(polygon, combined(entries, maps, bias)) for polygon, maps in cells]


def quadrants(D1, D2, positive):
    """The domain, cut at the axes, so that |x| and |y| are linear on every cell."""
    whole = [(s * D1, t * D2) for s, t in itertools.product((1, -1), repeat=2)]
    return [((min(0, a), max(0, a)), (min(0, b), max(0, b))) for a, b in (whole[:1] if positive else whole)]


def largest_on_edge(p, q, affine):
    """The largest |xy - affine| on the edge from p to q."""
    dx, dy = q[0] - p[0], q[1] - p[1]
    square, slope = dx * dy, p[0] * dy + p[1] * dx - affine[0] * dx - affine[1] * dy
    start = p[0] * p[1] - at(affine, p)
    places = [ZERO, ONE]
    if square != 0 and 0 < -slope / (2 * square) < 1:
        places.append(-slope / (2 * square))
    return max(abs(start + t * (slope + t * square)) for t in places)


def facts_of(cells, D1=Fraction(1), D2=Fraction(1)):
    D1, D2 = rational(D1), rational(D2)
    value = partial_x = partial_y = gradient = ZERO
    for polygon, affine in cells:
        for p, q in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
            value = max(value, largest_on_edge(p, q, affine))
            error_x, error_y = abs(affine[0] - p[1]), abs(affine[1] - p[0])
            partial_x, partial_y = max(partial_x, error_x), max(partial_y, error_y)
            gradient = max(gradient, error_x / D2 + error_y / D1)
    value, partial_x, partial_y, gradient = (
        Fraction(int(t.p), int(t.q)) for t in (value, partial_x, partial_y, gradient)
    )
    return Facts(value, (partial_x, partial_y), gradient, len(cells))


def all_cells(phi, D1, D2, positive=False):
    return [cell for box in quadrants(D1, D2, positive) for cell in cells_of(phi, box)]


CASES = [
    *((form, m, 1, 1) for form, levels in (("two_squares", 6), ("epgb", 3)) for m in range(1, levels + 1)),
    *(("positive", m, 1, 1) for m in range(1, 7)),
    *(
        (form, m, *bounds)
        for form in ("two_squares", "positive", "epgb")
        for m in (1, 3)
        for bounds in (("3/2", "1/3"),)
    ),
    ("two_squares", 2, 5, 8),
]
BOUNDED = [("yarotsky", m, *bounds) for m in (1, 2, 3) for bounds in ((1, 1), ("3/2", "1/3"))]


def network(form, m, D1, D2):
    positive = form == "positive"
    phi = product(m=m, bound=(D1, D2), form="two_squares" if positive else form, positive=positive)
    return phi, Fraction(D1), Fraction(D2), positive


@pytest.mark.parametrize("form, m, D1, D2", CASES)
def test_errors_and_laws_on_every_cell(form, m, D1, D2):
    phi, D1, D2, positive = network(form, m, D1, D2)
    cells = all_cells(phi, D1, D2, positive)
    law = {name: theorem.claim for name, theorem in LAWS.items()}
    values = {"m": m, "D1": D1, "D2": D2}
    eta = law["gradient"]("gradient_error", **values)
    found = facts_of(cells, D1, D2)
    assert found.value_error == law["value"]("value_error", **values) == D1 * D2 / 4 ** (m + 1)
    assert found.partial_errors == (D2 * eta, D1 * eta)
    assert found.gradient_error == eta == Fraction(1, 2**m)
    steepest = [rational(law["slopes"](quantity, **values)) for quantity in ("slope_x", "slope_y")]
    slopes = [(abs(a), abs(b)) for _, (a, b, _) in cells]
    assert [max(parts) for parts in zip(*slopes, strict=True)] == steepest == [rational(D2), rational(D1)]
    slope_sum = max(a / rational(D2) + b / rational(D1) for a, b in slopes)
    assert slope_sum == rational(law["slopes"]("slope_sum", **values)) == 2 - rational(eta)
    assert_corner_laws(cells, rational(D1), rational(D2))
    corners = {at(affine, corner) for polygon, affine in cells for corner in polygon}
    assert max(corners) == rational(law["range"]("range", **values)) == rational(D1 * D2)


def assert_corner_laws(cells, D1, D2):
    """Range, sign, zero and unit law: each is affine on a cell or an edge, so corners suffice."""
    for polygon, affine in cells:
        for x, y in polygon:
            value = at(affine, (x, y))
            assert abs(value) <= min(D2 * abs(x), D1 * abs(y))
            assert value * x * y >= 0
            if abs(x) == D1 or abs(y) == D2:
                assert value == x * y


@pytest.mark.parametrize("form, m, D1, D2", BOUNDED)
def test_errors_of_three_squares_on_every_cell(form, m, D1, D2):
    phi, D1, D2, _ = network(form, m, D1, D2)
    cells = all_cells(phi, D1, D2)
    found = facts_of(cells, D1, D2)
    assert found.value_error == D1 * D2 / 4**m
    assert found.partial_errors == (2 * D2 / 2**m, 2 * D1 / 2**m)
    assert found.gradient_error == Fraction(2, 2**m)
    below = [at(affine, p) - p[0] * p[1] for polygon, affine in cells for p in polygon]
    assert max(below) == 0
    assert_corner_laws(cells, rational(D1), rational(D2))
    slopes = [(abs(a) / rational(D2), abs(b) / rational(D1)) for _, (a, b, _) in cells]
    assert [max(parts) for parts in zip(*slopes, strict=True)] == [1, 1]
    assert max(map(sum, slopes)) == 2


def test_two_squares_and_epgb_are_the_same_function_and_three_squares_need_one_level_more():
    rng = random.Random(1)
    for m in range(1, 6):
        x = [[Fraction(rng.randint(-300, 300), 300) for _ in range(50)] for _ in range(2)]
        first, second = (product(m=m, form=form)(x)[0].tolist() for form in ("two_squares", "epgb"))
        positive = product(m=m, positive=True)([[abs(t) for t in row] for row in x])[0].tolist()
        assert first == second
        assert positive == [abs(value) for value in first]
        claims = [THEOREMS[form].claim for form in ("two_squares", "yarotsky")]
        for error in ("value_error", "derivative_error"):
            assert claims[0](error, m=m, D1=3, D2=2, q=0) == claims[1](error, m=m + 1, D1=3, D2=2, q=0)


@pytest.mark.parametrize("form", [*THEOREMS, "positive"])
def test_zero_law_far_outside_the_domain(form):
    rng = random.Random(2)
    for m in (1, 2, 3, 7):
        phi, *_, positive = network(form, m, "3/2", "1/7")
        for _ in range(20):
            far = Fraction(rng.randint(-(10**9), 10**9), rng.randint(1, 10**4))
            far = abs(far) if positive else far
            assert phi([far, 0])[0] == phi([0, far])[0] == 0


@pytest.mark.parametrize("form", [*THEOREMS, "positive"])
def test_unit_law_at_random_rationals(form):
    rng = random.Random(3)
    for m in (1, 2, 3, 7, 30):
        phi, D1, D2, positive = network(form, m, "3/2", "1/7")
        for _ in range(10):
            t = Fraction(rng.randint(0 if positive else -(10**6), 10**6), 10**6)
            for x, y in [(D1, t * D2), (t * D1, D2), *([] if positive else [(-D1, t * D2), (t * D1, -D2)])]:
                assert phi([x, y])[0] == x * y


def flipped(phi, rng):
    """The network with the sign of one random entry changed."""
    places = [
        (index, i, j)
        for index, layer in enumerate(phi.layers)
        for i, row in enumerate(layer.rows)
        for j in (*row.columns, *([-1] if row.bias else []))
    ]
    index, i, j = rng.choice(places)
    A, b = (part.copy() for part in phi[index])
    if j < 0:
        b[i] = -b[i]
    else:
        A[i, j] = -A[i, j]
    return Parametrization([*phi.layers[:index], Layer(A, b), *phi.layers[index + 1 :]])


@pytest.mark.parametrize("form", ["two_squares", "positive", "epgb"])
def test_a_flipped_weight_is_found_on_the_cells(form):
    rng = random.Random(4)
    phi, D1, D2, positive = network(form, 3, 1, 1)
    true = facts_of(all_cells(phi, D1, D2, positive))
    for _ in range(10):
        found = facts_of(all_cells(flipped(phi, rng), D1, D2, positive))
        assert found[:3] != true[:3]


def test_cells_of_a_network_by_hand():
    """|x + y| has two triangles on the square, with the values of xy - |x + y| on their edges."""
    phi = Parametrization([([[1, 1], [-1, -1]], [0, 0]), ([[1, 1]], [0])])
    cells = cells_of(phi, ((-1, 1), (-1, 1)))
    assert [affine for _, affine in cells] == [(ONE, ONE, ZERO), (-ONE, -ONE, ZERO)]
    assert [sorted(map(tuple, polygon)) for polygon, _ in cells] == [
        [(-1, 1), (1, -1), (1, 1)],
        [(-1, -1), (-1, 1), (1, -1)],
    ]
    assert facts_of(cells) == (1, (2, 2), 2, 2)


EPS = ["0.9", "1/2", "0.49", "1e-1", "1/8", "1e-3", "1e-9", 0.01]


@pytest.mark.parametrize("eps", EPS)
@pytest.mark.parametrize("form", THEOREMS)
@pytest.mark.parametrize("bound", [None, "1/10", ("3/2", "1/3"), ("1/3", 7), 100, ("1e6", "1e-6")])
def test_accuracy_is_met_and_one_level_less_misses_it(eps, form, bound):
    phi = product(eps, form=form, bound=bound)
    D1, D2 = (
        Fraction(D) for D in (bound if isinstance(bound, tuple) else [1 if bound is None else bound] * 2)
    )
    levels = phi.depth - 2

    def error(m):
        claim, values = THEOREMS[form].claim, {"m": m, "D1": D1, "D2": D2, "q": 0}
        return max(claim("value_error", **values), claim("derivative_error", **values))

    assert phi == product(m=levels, form=form, bound=bound)
    assert error(levels) <= Fraction(eps)
    assert levels == 1 or error(levels - 1) > Fraction(eps)


def test_the_value_error_decides_for_accuracies_beyond_four():
    """With bound 100 and eps 50: 10^4 4^-(m+1) <= 50 from m = 3 on, 10^4 4^-m <= 50 from m = 4 on."""
    assert [product(50, bound=100, form=form).depth - 2 for form in THEOREMS] == [3, 3, 4]


def test_levels_of_the_theory():
    """ceil(log2(D/eps)) levels, and the sizes at 1e-2, 1e-4, 1e-8."""
    for k in range(1, 40):
        assert product(Fraction(1, 2**k)).depth == k + 2
        assert product(Fraction(1, 2**k), bound=16).depth == k + 6
        assert product(Fraction(1, 2**k), form="yarotsky").depth == k + 3
    sizes = {"two_squares": [98, 189, 358], "epgb": [119, 224, 419], "yarotsky": [158, 291, 538]}
    for form, expected in sizes.items():
        assert [product(eps, form=form).connectivity for eps in ("1e-2", "1e-4", "1e-8")] == expected


@pytest.mark.parametrize(
    "options, error, words",
    [
        ({"eps": 0}, ValueError, "eps must be positive"),
        ({"eps": 1}, ValueError, "eps must be less than 1"),
        ({"eps": 3, "bound": ("1/2", 3)}, ValueError, "eps must be less than 3"),
        ({"eps": "nan"}, ValueError, "eps must be a number"),
        ({"m": 0}, ValueError, "m must be at least 1"),
        ({"m": "3/2"}, ValueError, "m must be an integer"),
        ({"m": 2.0}, TypeError, "m must be exact"),
        ({"m": 10**9}, ValueError, "13000000007 nonzeros"),
        ({"m": 10**9, "positive": True}, ValueError, "13000000001 nonzeros"),
        ({"m": 10**9, "form": "yarotsky"}, ValueError, "19000000006 nonzeros"),
        ({"m": "1e4500"}, ValueError, r"m = 10\^4500"),
        ({"eps": "1e-90000"}, ValueError, "would have"),
        ({}, TypeError, "either"),
        ({"eps": "1e-3", "m": 3}, TypeError, "either"),
        ({"m": 3, "bound": 0}, ValueError, "bound must be positive, got 0"),
        ({"m": 3, "bound": (1, "-1/2")}, ValueError, "bound must be positive, got -1/2"),
        ({"m": 3, "bound": 1.5}, TypeError, "the string '1.5'"),
        ({"m": 3, "bound": (1, 1.5)}, TypeError, "the string '1.5'"),
        ({"m": 3, "bound": (1, 2, 3)}, ValueError, "a pair .*, got 3 numbers"),
        ({"m": 3, "form": "best"}, ValueError, "form must be one of two_squares, epgb, yarotsky"),
        ({"m": 3, "form": "epgb", "positive": True}, ValueError, "positive is for form='two_squares'"),
    ],
    ids=str,
)
def test_requests_that_make_no_sense_are_refused(options, error, words):
    with pytest.raises(error, match=words):
        product(**options)
