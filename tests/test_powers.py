"""All powers at once: gates, laws, accuracy by both methods, and bad input."""

from fractions import Fraction

import pytest

from relu_constructions import Status, certify, powers
from relu_constructions.construction import check
from relu_constructions.constructions.powers import THEOREM, _circuit


@pytest.mark.parametrize("n", range(1, 13))
def test_gates_are_half_squares_half_products(n):
    kinds = [gate.kind for gate in _circuit(n, Fraction(0), Fraction(1), 3).gates]
    assert kinds.count("square") == n // 2
    assert kinds.count("product") == -(-n // 2) - 1


@pytest.mark.parametrize("sample", THEOREM.samples, ids=str)
def test_claims_hold(sample):
    phi = powers(sample["n"], m=sample["m"])
    found = certify(phi, method="derivation")
    assert {fact.holds() for fact in found.facts if fact.claim is not None} == {True}


@pytest.mark.parametrize("domain", [(0, 1), (-1, 1), ("-1/2", 3)])
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_both_methods_agree_in_order(n, domain):
    phi = powers(n, "1/5", domain=domain)
    derived, pieces = certify(phi, method="derivation"), certify(phi, method="pieces")
    assert derived.status is pieces.status is Status.PROVED
    assert pieces.derivative_error.lower <= derived.derivative_error.upper <= Fraction(1, 5)
    assert pieces.value_error.lower <= derived.value_error.upper


def test_units_and_zeros_are_exact():
    phi = powers(7, m=3)
    assert list(phi(1)) == [1] * 7
    assert list(phi(0)) == [0] * 7
    assert phi("1/3")[0] == Fraction(1, 3)


def test_signs_on_a_symmetric_interval():
    phi = powers(5, m=4, domain=(-1, 1))
    x = Fraction(3, 7)
    assert [abs(y) for y in phi(x)] == [abs(y) for y in phi(-x)]
    assert [y < 0 for y in phi(-x)] == [True, False, True, False, True]


def test_changed_weights_are_refused(naive):
    for changed in naive.changed(powers(3, m=2)):
        with pytest.raises(ValueError, match=r"layer \d+ differs"):
            check(changed)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"n": 0, "m": 3}, "n must be at least 1"),
        ({"n": 1001, "m": 3}, "at most 1000"),
        ({"n": 3, "m": 10**9}, "nonzeros"),
        ({"n": 3, "eps": 0}, "eps must be positive"),
    ],
)
def test_bad_input_gets_a_sentence(arguments, words):
    with pytest.raises(ValueError, match=words):
        powers(**arguments)


def test_missing_accuracy_and_floats():
    with pytest.raises(TypeError, match="either the accuracy eps"):
        powers(3)
    with pytest.raises(TypeError, match="pass the string"):
        powers(3, m=2, domain=(0, 0.5))
