"""Gates: the ranges of every kind, and which of them add an error."""

from fractions import Fraction

import pytest

from relu_constructions.circuit import Form, Wiring
from relu_constructions.composition import composition
from relu_constructions.gate import EXACT, Gate, gate_range, partial_range, square_ends

HALF = Fraction(1, 2)


def gate(kind, *reach, m=2, bound=1):
    sides = tuple((Fraction(lo), Fraction(hi)) for lo, hi in reach)
    return Gate(kind, (Form.of_wire(0),) * len(sides), m, Fraction(bound), sides, sides[0])


def test_only_scalings_and_folds_are_exact():
    assert {"scaling", "fold"} <= set(EXACT)
    assert [gate(kind, (0, 1)).is_exact for kind in ("square", "product", "scaling", "fold")] == [
        False,
        False,
        True,
        True,
    ]
    assert (gate("square", (0, 1), m=3).eta, gate("square", (0, 1), m=3).delta) == (
        Fraction(1, 8),
        Fraction(1, 256),
    )


@pytest.mark.parametrize(
    "reach, m, wanted",
    [
        ((0, 1), 3, (0, 1)),
        ((-1, 1), 0, (0, 1)),
        ((Fraction(1, 4), HALF), 1, (HALF, 1)),
        ((Fraction(1, 4), Fraction(3, 4)), 1, (0, 1)),
        ((Fraction(-1, 8), Fraction(1, 16)), 3, (0, 1)),
        ((Fraction(-1, 8), Fraction(-1, 16)), 2, (Fraction(1, 4), HALF)),
        ((Fraction(-1, 4), Fraction(1, 2)), 0, (0, HALF)),
        ((Fraction(-3, 4), -HALF), 0, (HALF, Fraction(3, 4))),
    ],
)
def test_the_range_of_a_fold(reach, m, wanted):
    assert gate_range(gate("fold", reach, m=m)) == wanted
    wiring = Wiring(((Fraction(reach[0]), Fraction(reach[1])),), 1)
    (x,) = wiring.inputs
    (f,) = composition(wiring.circuit([wiring.fold(x, m)]))
    values = [y for _, y in f.points]
    assert (wanted[0] <= min(values), max(values)) == (True, wanted[1])


def test_the_range_of_a_scaling_has_its_signs():
    assert gate_range(gate("scaling", (-1, HALF), m=2)) == (-16, 8)
    assert gate_range(gate("scaling", (-1, HALF), m=0)) == (-1, HALF)


def test_the_range_of_a_square_knows_where_it_is_exact():
    """F <= B |u|: on [-1/8, 1/8] with one level that is 1/8, less than 1/64 + 1/16 would not be."""
    assert gate_range(gate("square", (0, 1))) == (0, 1)
    assert gate_range(gate("square", (-1, HALF), m=5)) == (0, 1)
    assert gate_range(gate("square", (HALF, Fraction(3, 4)), m=1)) == (Fraction(1, 4), Fraction(5, 8))
    assert gate_range(gate("square", (0, Fraction(1, 32)), m=1)) == (0, Fraction(1, 32))
    assert gate_range(gate("square", (Fraction(-3, 4), -HALF), m=1)) == (Fraction(1, 4), Fraction(5, 8))


def test_the_ends_of_a_square():
    first, second = square_ends(gate("square", (-HALF, 1), m=1))
    assert first == (Fraction(1, 4), Fraction(5, 16))
    assert second == (1, 1)


@pytest.mark.parametrize(
    "first, second, partial",
    [
        ((0, 1), (0, HALF), (0, HALF)),
        ((-1, 0), (-HALF, 0), (0, HALF)),
        ((0, 1), (-HALF, 0), (-HALF, 0)),
        ((-1, 0), (0, 1), (-1, 0)),
        ((-1, 1), (0, HALF), (-HALF, HALF)),
    ],
)
def test_the_range_of_a_product_is_within_that_of_its_partial_sums(first, second, partial):
    made = gate("product", first, second, m=3)
    assert partial_range(made) == partial
    lo, hi = gate_range(made)
    assert partial[0] <= lo <= hi <= partial[1]
    corners = [Fraction(a) * b for a in first for b in second]
    assert lo <= min(corners)
    assert max(corners) <= hi


def test_products_away_from_zero_have_narrow_ranges():
    lo, hi = gate_range(gate("product", (HALF, 1), (HALF, 1), m=3))
    assert (lo, hi) == (Fraction(1, 4) - Fraction(1, 256), 1)
