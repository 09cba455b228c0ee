"""The layers of the squaring networks, against the matrices written out by hand for few levels."""

from fractions import Fraction

import pytest

from relu_constructions import Parametrization, square

Q = Fraction(1, 4)
BY_HAND = {
    ("sparse", 1): [([[1], [1]], [0, "-1/2"]), ([["1/2", 1]], [0])],
    ("sparse", 3): [
        ([[1], [1]], [0, "-1/2"]),
        ([[1, -2], [1, -2], ["1/8", "7/4"]], [0, "-1/4", 0]),
        ([[1, -2, 0], [0, "3/4", 1]], ["-1/8", 0]),
        ([["1/4", 1]], [0]),
    ],
    ("unit_weights", 2): [
        ([[1], [1]], [0, "-1/2"]),
        ([["1/2", -1], ["1/8", "3/4"], ["1/8", "3/4"]], ["-1/8", 0, 0]),
        ([[1, 1, 1]], [0]),
    ],
    ("yarotsky", 2): [
        ([[1], [1], [1], [1]], [0, "-1/2", -1, 0]),
        ([[2, -4, 2, 0], [2, -4, 2, 0], [2, -4, 2, 0], [-2 * Q, 4 * Q, -2 * Q, 1]], [0, "-1/2", -1, 0]),
        ([[-2 * Q**2, 4 * Q**2, -2 * Q**2, 1]], [0]),
    ],
    ("epgb", 2): [
        ([[1], [1], [1]], [0, "-1/2", 0]),
        ([["1/2", -1, 0], ["1/2", -1, 0], ["-1/2", 1, 1]], [0, "-1/8", 0]),
        ([["-1/2", 1, 1]], [0]),
    ],
    ("folded", 1): [([[1], [1], [1]], [0, "-1/3", "-2/3"]), ([["1/3", "2/3", "2/3"]], [0])],
}


@pytest.mark.parametrize("form, m", BY_HAND, ids=str)
def test_layers_are_the_paper_matrices(form, m):
    assert square(m=m, form=form, k=3 if form == "folded" else None) == Parametrization(BY_HAND[form, m])


def test_front_and_shift():
    assert square(m=1, bound=2, shifted=True) == Parametrization(
        [([[1], [-1]], [0, 0]), ([[1, 1], [1, 1]], [0, -1]), ([[1, 2]], ["-1/8"])]
    )


def test_general_rational_bounds_stay_exact():
    phi = square(m=3, bound="7/3", form="unit_weights")
    assert phi("-7/3") == Fraction(49, 9)
    assert phi(0) == 0
