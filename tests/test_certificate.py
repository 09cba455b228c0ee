"""The certificate as data and in print."""

import json
from fractions import Fraction

import pytest

from relu_constructions import Enclosure, Status, certify, square
from relu_constructions.certificate import Fact
from relu_constructions.theorem import Claim


def test_print_holds_everything_a_reader_needs():
    text = str(certify(square("1e-6")))
    for part in (
        "PROVED: the W1inf error is at most eps",
        "x**2 on [0, 1]",
        "eps = 1/1000000 = 1.0000e-06 in W^{1,inf}",
        "pieces: 1048576 affine pieces",
        "2^-42 = 2.2737e-13",
        "2^-20 = 9.5367e-07",
        "= (7*m - 4 if m >= 2 else 5) + 4*s + c: holds",
        "m = 20",
        "295 (Yarotsky 2017",
        "159 (EPGB 2021)",
        "connectivity 41",
        "source",
    ):
        assert part in text


def test_print_is_free_of_giant_numbers():
    assert max(map(len, str(certify(square("1e-1000"))).splitlines())) < 160


def test_to_dict_is_json_with_exact_rationals():
    data = json.loads(json.dumps(certify(square("1e-1000")).to_dict()))
    facts = {fact["quantity"]: fact for fact in data["facts"]}
    p, q = facts["derivative_error"]["upper"].split("/")
    assert Fraction(int(p, 16), int(q, 16)) == Fraction(1, 2**3322)
    assert facts["connectivity"] == {
        "quantity": "connectivity",
        "lower": "23250",
        "upper": "23250",
        "claim": "= (7*m - 4 if m >= 2 else 5) + 4*s + c",
        "claimed": "23250",
        "holds": True,
    }


def test_certificates_and_statuses_have_no_truth_value():
    found = certify(square(m=2))
    with pytest.raises(TypeError, match="has no truth value"):
        bool(found)
    with pytest.raises(TypeError, match="compare"):
        bool(found.status)
    assert found.status is Status.PROVED
    assert "no accuracy was asked" in found.reason


@pytest.mark.parametrize(
    "lower, upper, relation, value, expected",
    [
        (3, 3, "=", 3, True),
        (3, 3, "=", 4, False),
        (3, 3, "<=", 4, True),
        (5, 5, "<=", 4, False),
        (1, 3, "<=", 4, True),
        (1, 3, "<=", 2, None),
        (3, 5, "<=", 2, False),
        (1, 3, "=", 2, None),
        (3, 5, "=", 2, False),
        (1, 2, "=", 3, False),
    ],
)
def test_verdict_on_a_claim(lower, upper, relation, value, expected):
    fact = Fact("q", Enclosure(Fraction(lower), Fraction(upper)), Claim("q", relation, "", Fraction(value)))
    assert fact.holds() is expected


def test_nothing_is_claimed_of_a_foreign_network():
    found = certify(square(m=2).with_derivation(None), "x**2", (0, 1))
    assert {fact.holds() for fact in found.facts} == {None}
    assert found.reference is None
    assert "claim" in str(found)
