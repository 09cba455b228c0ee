"""Monomials: laws, claims, accuracy and bad input."""

from fractions import Fraction

import pytest

from relu_constructions import Status, certify, monomial, polynomial
from relu_constructions.construction import check


@pytest.mark.parametrize("alpha", [(1,), (0,), (2,), (5,), (1, 1), (3, 2, 1), (1, 0, 4), (1,) * 7])
@pytest.mark.parametrize("m", [1, 2, 4])
def test_claims_hold(alpha, m):
    found = certify(monomial(alpha, m=m))
    assert {fact.holds() for fact in found.facts if fact.claim is not None} == {True}


@pytest.mark.parametrize("alpha", [(2, 1), (1, 1, 1), (3, 2)])
def test_zeros_and_units_are_exact(alpha):
    phi = monomial(alpha, m=2, domain=[(-1, 1)] * len(alpha))
    for j in range(len(alpha)):
        x = [Fraction(2, 3)] * len(alpha)
        x[j] = Fraction(0)
        assert phi(x)[0] == 0
    assert phi([1] * len(alpha))[0] == 1
    assert phi([-1] * len(alpha))[0] == (-1) ** sum(alpha)


@pytest.mark.parametrize("domain", [None, "[-1, 1] x [0, 3]", [("1/3", "1/2"), (1000, 1001)]])
def test_accuracy_is_delivered_on_any_box(domain):
    found = certify(monomial((2, 3), "1e-6", domain=domain))
    assert found.status is Status.PROVED
    assert found.derivative_error.lower * 16 >= found.derivative_error.upper


def test_a_monomial_is_a_polynomial_of_one_term():
    assert monomial((2, 1), m=5) == polynomial({(2, 1): 1}, m=5, strategy="tree")


def test_changed_weights_are_refused(naive):
    for changed in naive.changed(monomial((1, 2), m=2)):
        with pytest.raises(ValueError, match=r"layer \d+ differs"):
            check(changed)


@pytest.mark.parametrize(
    "alpha, rest, words",
    [
        ((), {"m": 2}, "at least one exponent"),
        ((-1,), {"m": 2}, "an exponent must be at least 0"),
        ((1, 2), {"m": 2, "domain": (0, 1)}, "2 inputs"),
        ((10**6,), {"m": 2}, "degree at most"),
        ((2,), {"m": 10**9}, "nonzeros"),
    ],
)
def test_bad_input_gets_a_sentence(alpha, rest, words):
    with pytest.raises(ValueError, match=words):
        monomial(alpha, **rest)


def test_missing_accuracy():
    with pytest.raises(TypeError, match="either the accuracy eps"):
        monomial((1, 1))
