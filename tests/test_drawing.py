"""The drawing of D(Phi) holds its exact slopes and values, and tells right values from wrong ones."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
from fractions import Fraction
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_constructions import HARD_TANH, Parametrization, hat, square
from relu_constructions.derivative import derivative
from relu_constructions.directional_derivative import one_sided_derivative
from relu_constructions.drawing import COLOR, MAX_KINKS, STYLES, WRONG, draw_derivative
from relu_constructions.kinks import kinks

SLOPES, CLARKE, OPEN, RIGHT, WRONGS = STYLES
CONVENTIONS = [Fraction(0), Fraction(1, 2), Fraction(1), Fraction(-5, 3)]
IDENTITY = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
ZERO = Parametrization([([[1]], [0]), ([[-1]], [0]), ([[1]], [0])])
AFFINE = Parametrization([([["1/3"]], [1])])
TWO_IN = Parametrization([([[1, 2]], [0]), ([[1]], [0])])
STEEP = Parametrization([([[2**1100]], [0]), ([[1]], [0])])


@pytest.fixture(autouse=True)
def _agg() -> Any:
    plt.switch_backend("Agg")
    yield
    plt.close("all")


def drawn(phi: Parametrization, domain: Any, at_kink: Any = 0) -> dict[str, list[tuple[float, float]]]:
    """The points of every part of a drawing; a gap is None."""
    axes = draw_derivative(phi, domain, at_kink, axes=Figure().subplots())
    parts = {line.get_label(): line.get_xydata() for line in axes.lines}
    return {label: [None if math.isnan(x) else (x, y) for x, y in points] for label, points in parts.items()}


@pytest.mark.parametrize("c", CONVENTIONS)
def test_the_split_identity_is_right_for_one_half_only(c: Fraction) -> None:
    found = drawn(IDENTITY, (-1, 2), c)
    assert found.pop(SLOPES) == [(-1, 1), (0, 1), None, (0, 1), (2, 1)]
    if c == Fraction(1, 2):
        assert found == {RIGHT: [(0, 1)]}
    else:
        assert found == {CLARKE: [(0, 1), (0, 1)], OPEN: [(0, 1)], WRONGS: [(0, float(2 * c))]}


def test_a_kink_without_a_jump_and_a_right_value_is_filled_and_not_open() -> None:
    assert drawn(ZERO, (-1, 1)) == {SLOPES: [(-1, 0), (0, 0), None, (0, 0), (1, 0)], RIGHT: [(0, 0)]}


def test_a_value_between_both_slopes_is_right_and_leaves_both_ends_open() -> None:
    assert drawn(hat(), ("1/4", "3/4"), "1/4") == {
        SLOPES: [(0.25, 2), (0.5, 2), None, (0.5, -2), (0.75, -2)],
        OPEN: [(0.5, 2), (0.5, -2)],
        RIGHT: [(0.5, 1)],
    }


def test_a_value_that_is_one_of_both_slopes_closes_its_end() -> None:
    found = drawn(hat(), ("1/4", "3/4"), 0)
    assert (found[OPEN], found[RIGHT]) == ([(0.5, -2)], [(0.5, 2)])
    found = drawn(hat(), ("1/4", "3/4"), 1)
    assert (found[OPEN], found[RIGHT]) == ([(0.5, 2)], [(0.5, -2)])


def test_kinks_at_the_ends_of_the_domain_are_drawn_without_what_is_beyond() -> None:
    assert drawn(hat(), (0, "1/2"), "1/2") == {
        SLOPES: [(0, 2), (0.5, 2)],
        OPEN: [(0, 2), (0.5, 2)],
        RIGHT: [(0, 1), (0.5, 0)],
    }


def test_the_clarke_set_at_an_end_of_the_domain_has_the_slope_beyond() -> None:
    found = drawn(square(m=3, form="yarotsky"), ("1/2", 1), 0)
    assert found[WRONGS] == [(0.5, 0.75)]
    assert found[CLARKE] == [(0.5, 0.875), (0.5, 1.125)]
    assert found[RIGHT][-1] == (1, 1.5)


def test_the_clarke_sets_of_several_wrong_values_have_gaps_between_them() -> None:
    found = drawn(square(m=3, form="yarotsky"), (0, 1), 1)
    assert found[WRONGS] == [(0.25, 0.75), (0.5, 1.5), (0.75, 1.25)]
    assert found[CLARKE][:3] == [(0.25, 0.375), (0.25, 0.625), None]
    assert found[CLARKE][3:] == [(0.5, 0.875), (0.5, 1.125), None, (0.75, 1.375), (0.75, 1.625)]


def test_a_network_without_kinks_is_one_segment() -> None:
    third = 1 / 3
    assert drawn(AFFINE, (0, "1/3")) == {SLOPES: [(0, third), (third, third)]}


def test_the_kinks_of_other_activations_have_a_convention_each() -> None:
    clipped = Parametrization([([[1]], [0]), ([[1]], [0])], activation=HARD_TANH)
    low, high = clipped.activation.kinks
    found = drawn(clipped, (low - 1, high + 1), (0, "1/2"))
    assert found[RIGHT] == [(low, 0), (high, 0.5)]
    assert found[OPEN] == [(low, 1), (high, 1), (high, 0)]


@pytest.mark.parametrize("c", CONVENTIONS)
@pytest.mark.parametrize("seed", range(12))
def test_a_drawing_of_any_network_is_its_derivative(naive: Any, seed: int, c: Fraction) -> None:
    phi = naive.network(seed, draw=lambda rng: Fraction(rng.randint(-3, 3), rng.choice([1, 2, 3])))
    found = drawn(phi, (-2, 2), c)
    places = sorted({Fraction(-2), Fraction(2), *(kink.x for kink in kinks(phi, (-2, 2)))})
    assert found[SLOPES][2::3] == [None] * (len(places) - 2)
    for i, (a, b) in enumerate(itertools.pairwise(places)):
        slope = float(derivative(phi, (a + b) / 2))
        assert found[SLOPES][3 * i : 3 * i + 2] == [(float(a), slope), (float(b), slope)]
    circles = {**dict(found.get(RIGHT, [])), **dict(found.get(WRONGS, []))}
    assert circles == {float(k.x): float(derivative(phi, k.x, c)) for k in kinks(phi, (-2, 2))}


@pytest.mark.parametrize("c", CONVENTIONS)
def test_wrong_values_and_open_ends_are_told_by_one_sided_derivatives(naive: Any, c: Fraction) -> None:
    wrong = 0
    for seed in range(20):
        phi = naive.network(seed, widths=[4, 4, 4], draw=lambda rng: rng.choice([-1, 1]))
        found = drawn(phi, (-2, 2), c)
        expected: dict[str, set[tuple[float, float]]] = {RIGHT: set(), WRONGS: set(), OPEN: set()}
        for kink in kinks(phi, (-2, 2)):
            x, value = kink.x, derivative(phi, kink.x, c)
            left, right = (one_sided_derivative(phi, x, side) for side in (-1, 1))
            inside = min(left, right) <= value <= max(left, right)
            expected[RIGHT if inside else WRONGS].add((float(x), float(value)))
            seen = [left] * (x > -2) + [right] * (x < 2)
            expected[OPEN] |= {(float(x), float(slope)) for slope in seen if slope != value}
        for label, points in expected.items():
            assert set(found.get(label, [])) == points
            assert len(found.get(label, [])) == len(points)
        wrong += len(expected[WRONGS])
    assert wrong > 3


def test_parts_have_their_style_and_later_ones_cover_earlier_ones() -> None:
    axes = draw_derivative(square(m=3, form="yarotsky"), (0, 1), 1, axes=Figure().subplots())
    assert [line.get_label() for line in axes.lines] == list(STYLES)
    assert [line.get_color() for line in axes.lines] == [COLOR, WRONG, COLOR, COLOR, WRONG]
    assert [line.get_markerfacecolor() for line in axes.lines[2:]] == ["white", COLOR, WRONG]
    orders = [line.get_zorder() for line in axes.lines]
    assert orders == sorted(set(orders))


def test_the_current_axes_are_drawn_on_only_if_no_others_are_given() -> None:
    given = Figure().subplots()
    assert draw_derivative(hat(), (0, 1), axes=given) is given
    assert plt.get_fignums() == []
    _, (first, second) = plt.subplots(1, 2)
    assert draw_derivative(hat(), (0, 1)) is second
    assert isinstance(second, Axes)
    assert len(first.lines) == 0 < len(second.lines)


def test_drawing_leaves_the_settings_and_the_limits_of_the_axes_alone() -> None:
    before = dict(matplotlib.rcParams)
    axes = Figure().subplots()
    axes.set(xlim=(-3, 3), ylim=(-5, 5))
    draw_derivative(hat(), (0, 1), axes=axes)
    assert (axes.get_xlim(), axes.get_ylim()) == ((-3, 3), (-5, 5))
    assert dict(matplotlib.rcParams) == before


def test_matplotlib_is_loaded_by_drawing_and_not_before() -> None:
    script = "import sys, relu_constructions.drawing; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    "phi, domain, c, error, message",
    [
        (IDENTITY, (1, 1), 0, ValueError, r"a domain \(lo, hi\) must have lo < hi, got \(1, 1\)"),
        (IDENTITY, None, 0, TypeError, "a domain must be a pair"),
        (IDENTITY, (0.0, 1), 0, TypeError, "lo must be exact, got the float 0.0"),
        (IDENTITY, (0, 1), 0.5, TypeError, "at_kink must be exact, got the float 0.5"),
        (TWO_IN, (0, 1), 0, ValueError, "one input and one output"),
        (STEEP, (0, 1), 0, ValueError, r"must be less than 2\^1024, got 2\^1100$"),
        (square(m=12), (0, 1), 0, ValueError, "^at most 4096 kinks are drawn, got 4097; choose a smaller"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(
    phi: Parametrization, domain: Any, c: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        draw_derivative(phi, domain, c, axes=Figure().subplots())


def test_as_many_kinks_as_are_allowed_are_drawn() -> None:
    found = drawn(square(m=12), (0, Fraction(MAX_KINKS - 1, MAX_KINKS)))
    assert len(found[RIGHT]) == MAX_KINKS
