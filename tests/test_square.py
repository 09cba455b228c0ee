"""The square: accuracy, levels, forms, domains, and what is refused."""

from fractions import Fraction

import pytest

from relu_constructions import certify, square
from relu_constructions.constructions.square import THEOREMS

EPS = ["0.9", "1/2", "0.49", "1e-1", "1/8", "1e-3", "1e-4", 0.01]


@pytest.mark.parametrize("eps", EPS)
@pytest.mark.parametrize("form", THEOREMS)
@pytest.mark.parametrize("norm", ["W1inf", "Linf"])
@pytest.mark.parametrize("shifted", [False, True])
def test_accuracy_is_met_and_one_level_less_misses_it(eps, form, norm, shifted):
    phi = square(eps, form=form, norm=norm, shifted=shifted)
    assert certify(phi).status.value == "PROVED"
    m = dict(phi.derivation.parameters)["m"]
    if m > 1:
        less = square(m=m - 1, form=form, shifted=shifted)
        assert certify(less, eps=eps, norm=norm).status.value == "REFUTED"


@pytest.mark.parametrize("bound", ["1/10", 1, "3/2", 100])
@pytest.mark.parametrize("eps", ["1e-2", "1e-3"])
def test_accuracy_is_met_on_symmetric_intervals(bound, eps):
    for norm in ("W1inf", "Linf"):
        phi = square(eps, bound=bound, norm=norm)
        found = certify(phi)
        assert found.status.value == "PROVED"
        assert found.domain == (-Fraction(bound), Fraction(bound))


def test_levels_of_the_theory():
    """With l = log2 1/eps: ceil(l) in W^{1,inf}, ceil(l/2) - 1 in L^inf, ceil((l - 3)/2) when shifted."""
    for k in range(1, 40):
        eps = Fraction(1, 2**k)
        assert square(eps).depth == k + 1
        assert square(eps, norm="Linf").depth == max(1, -(-k // 2) - 1) + 1
        assert square(eps, norm="Linf", shifted=True).depth == max(1, -((3 - k) // 2)) + 1


def test_values_outside_the_unit_interval():
    """Off [0, 1] the forms differ; at 2 with four levels they are 2, 5/2 and 47/16."""
    values = [square(m=4, form=form)(2) for form in ("yarotsky", "epgb", "sparse")]
    assert values == [2, Fraction(5, 2), Fraction(47, 16)]


def test_identity_of_the_error():
    """f_m(x) - x^2 = 4^-m (h_m(x) - h_m(x)^2)."""
    from relu_constructions import sawtooth

    for m in range(1, 7):
        phi, h = square(m=m), sawtooth(m)
        for k in range(0, 98):
            x = Fraction(k, 97)
            assert phi(x) - x**2 == (h(x) - h(x) ** 2) / 4**m


@pytest.mark.parametrize(
    "options, error, words",
    [
        ({"eps": 0}, ValueError, "eps must be positive"),
        ({"eps": "-1e-3"}, ValueError, "eps must be positive"),
        ({"eps": 1}, ValueError, "eps must be less than 1"),
        ({"eps": 1.5}, ValueError, "eps must be less than 1"),
        ({"eps": "nan"}, ValueError, "eps must be a number"),
        ({"eps": float("nan")}, ValueError, "eps must be finite"),
        ({"eps": 2, "bound": 2}, ValueError, "eps must be less than 2"),
        ({"m": 0}, ValueError, "m must be at least 1"),
        ({"m": "3/2"}, ValueError, "m must be an integer"),
        ({"m": 10**9}, ValueError, "6999999996 nonzeros"),
        ({"m": "1e4500"}, ValueError, r"m = 10\^4500"),
        ({"eps": "1e-90000"}, ValueError, "would have"),
        ({}, TypeError, "either"),
        ({"eps": "1e-3", "m": 3}, TypeError, "either"),
        ({"m": 3, "bound": 0}, ValueError, "bound must be positive"),
        ({"m": 3, "bound": 1.5}, TypeError, "the string '1.5'"),
        ({"m": 3, "form": "best"}, ValueError, "form must be one of"),
        ({"m": 3, "k": 3}, ValueError, "form='folded'"),
        ({"m": 3, "form": "folded", "k": 1}, ValueError, "k must be at least 2"),
        ({"m": 3, "form": "folded", "k": 10**7}, ValueError, "would have"),
        ({"eps": "1e-3", "norm": "L2"}, ValueError, "norm must be"),
    ],
    ids=str,
)
def test_requests_that_make_no_sense_are_refused(options, error, words):
    with pytest.raises(error, match=words):
        square(**options)
