"""What samples report of a gradient error, in exact arithmetic: the claims of the example, at all points."""

from __future__ import annotations

import functools
import runpy
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sympy

from relu_constructions import certify, derivative, one_sided_derivative, pieces, square

SCRIPT = Path(__file__).parents[1] / "examples" / "plot_sampled_gradient_error.py"
CONVENTIONS = [Fraction(0), Fraction(1, 2), Fraction(1)]


@functools.cache
def example() -> dict[str, Any]:
    """The names that the script defines; its own assertions hold."""
    return runpy.run_path(str(SCRIPT), run_name=SCRIPT.stem)


def deviations(m: int, form: str, c: Any) -> dict[Fraction, Any]:
    """The deviation of D(Phi) from 2x at all points k/2^m, where all kinks in [0, 1] are."""
    points = [Fraction(k, 2**m) for k in range(2**m + 1)]
    values = derivative(square(m=m, form=form), points, at_kink=c)
    return {x: abs(value - 2 * x) for x, value in zip(points, values, strict=True)}


@pytest.mark.parametrize("m", range(2, 9))
def test_hats_report_two_to_the_m_minus_one_times_the_truth_at_the_end_and_less_inside(m: int) -> None:
    true = certify(square(m=m, form="yarotsky")).derivative_error.exact()
    assert true == Fraction(1, 2**m)
    found = deviations(m, "yarotsky", 0)
    assert found.pop(Fraction(1)) == 2 ** (m - 1) * true == Fraction(1, 2)
    assert max(found.values()) == found[Fraction(1, 2)] == 2 ** (m - 2) * true == Fraction(1, 4)


@pytest.mark.parametrize("m", range(2, 9))
def test_with_the_convention_one_hats_report_two_to_the_m_times_the_truth(m: int) -> None:
    found = deviations(m, "yarotsky", 1)
    assert found.pop(Fraction(1)) == 1
    assert max(found.values()) == found[Fraction(1, 2)] == Fraction(1, 2)


@pytest.mark.parametrize("m", range(1, 17))
def test_the_deviation_at_the_end_for_every_convention(m: int) -> None:
    c = sympy.Symbol("c")
    value = derivative(square(m=m, form="yarotsky"), 1, at_kink=c)
    assert value == sympy.expand(1 + (1 - c) / 2 * sum((c / 2) ** s for s in range(m)))
    assert [2 - value.subs(c, k) for k in (0, 1)] == [sympy.Rational(1, 2), 1]


@pytest.mark.parametrize("m", range(1, 9))
@pytest.mark.parametrize("c", [*CONVENTIONS, Fraction(1, 3)])
def test_our_form_never_reports_too_much_for_conventions_between_zero_and_one(m: int, c: Fraction) -> None:
    assert max(deviations(m, "sparse", c).values()) <= Fraction(1, 2**m)


@pytest.mark.parametrize("m", [1, 4, 7])
def test_between_the_kinks_nothing_is_reported_beyond_the_truth(m: int) -> None:
    for piece in pieces(square(m=m, form="yarotsky"), (0, 1)):
        assert {abs(piece.slope - 2 * x) for x in (piece.lower, piece.upper)} == {Fraction(1, 2**m)}


@pytest.mark.parametrize("m", [4, 7, 10])
@pytest.mark.parametrize("c", CONVENTIONS)
def test_floats_report_of_a_grid_what_exact_numbers_do(m: int, c: Fraction) -> None:
    names = example()
    exact = deviations(m, "yarotsky", c)
    assert names["reported"](names["hats"][m], names["twice"], names["grid"](2**m + 1), c) == max(
        exact.values()
    )


@pytest.mark.parametrize("m", [4, 7])
def test_dyadic_grids_report_no_error_of_the_value(m: int) -> None:
    phi = square(m=m, form="yarotsky")
    points = [Fraction(k, 2**m) for k in range(2**m + 1)]
    assert phi(points).tolist() == [x**2 for x in points]
    assert certify(phi).value_error.exact() == Fraction(1, 4 ** (m + 1))


@pytest.mark.parametrize("delta", [Fraction(1, 10**5), Fraction(1, 10**7), Fraction(1, 100)])
def test_the_staircase_is_steep_on_sixteen_intervals_and_flat_elsewhere(delta: Fraction) -> None:
    phi = example()["staircase"](delta)
    found = list(pieces(phi, (0, 1)))
    steep = [piece for piece in found if piece.slope]
    assert [piece.upper - piece.lower for piece in steep] == [delta] * 16
    assert {piece.slope for piece in steep} == {1 / (16 * delta)}
    certificate = certify(phi, "x", (0, 1), method="pieces")
    assert certificate.derivative_error.exact() == 1 / (16 * delta) - 1
    assert certificate.value_error.exact() == Fraction(1, 32) - delta / 2


def meets(n: int, delta: Fraction) -> bool:
    """Whether one of n points at equal distances lies within delta/2 of 1/32, 3/32, ..., 31/32."""
    middles = [Fraction(2 * k + 1, 32) for k in range(16)]
    gaps = [abs(middle - Fraction(round(middle * (n - 1)), n - 1)) for middle in middles]
    assert all(abs(gap - delta / 2) > Fraction(1, 10**12) for gap in gaps), "too close for float64 to tell"
    return min(gaps) < delta / 2


def test_a_grid_reports_the_truth_if_and_only_if_it_meets_a_step() -> None:
    names = example()
    for delta, reports in names["on_grids"].items():
        expected = [names["steepest"][delta] if meets(n, delta) else 1 for n in names["COUNTS"]]
        assert reports == expected
        for n in (1000, 1001, 10_000, 10_001, 100_000, 100_001):
            assert meets(n, delta) is (n in names["HITS"][delta])


def test_random_points_report_the_truth_if_and_only_if_one_of_them_is_on_a_step() -> None:
    names = example()
    scale = 2**53
    points = [int(x * scale) for x in names["RANDOM"].tolist()]
    assert [point / scale for point in points] == names["RANDOM"].tolist()
    for delta, hits in zip(names["WIDTHS"], (True, False), strict=True):
        nearest = min(abs(16 * point % scale - scale // 2) for point in points)
        assert (Fraction(nearest, 16 * scale) < delta / 2) is hits


def test_a_point_between_the_steps_has_the_slope_zero_on_both_sides() -> None:
    for phi in example()["stairs"].values():
        for k in range(1000):
            x = Fraction(k, 999)
            assert one_sided_derivative(phi, x) == one_sided_derivative(phi, x, side=-1) == 0
