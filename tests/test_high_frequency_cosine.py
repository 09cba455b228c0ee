"""cos(2 pi 2^n x): one base network for all n, errors that scale exactly, a thousand doublings."""

import time
from fractions import Fraction

import mpmath
import pytest

from relu_constructions import Status, certify, cosine, high_frequency_cosine
from relu_constructions.construction import Derivation, check
from relu_constructions.constructions.high_frequency_cosine import base_errors
from relu_constructions.directional_derivative import one_sided_derivative
from relu_constructions.folding import DerivationRefused
from relu_constructions.pieces import pieces
from relu_constructions.serialization import from_json, to_json
from relu_constructions.versine import Shape

M = 8
LOW = high_frequency_cosine(0, m=M)


def shape_of(phi):
    given = dict(phi.derivation.parameters)
    return Shape(*(given[name] for name in ("r", "K", "bits", "strategy", "k")))


@pytest.mark.parametrize("n", [1, 2, 3, 10, 40])
def test_the_network_after_the_folds_is_the_same_for_all_n(n):
    phi = high_frequency_cosine(n, m=M)
    assert phi.depth == LOW.depth + n
    assert list(phi)[n + 1 :] == list(LOW)[1:]
    assert phi.connectivity == LOW.connectivity + 5 * n
    assert all(layer == phi[1] for layer in list(phi)[2 : n + 1])


@pytest.mark.parametrize("n", [0, 1, 5, 30])
def test_the_bound_of_the_slope_doubles_with_the_frequency_and_that_of_the_value_stays(n):
    bound, low = check(high_frequency_cosine(n, m=M)), check(LOW)
    assert bound.value_error == low.value_error
    assert bound.derivative_error == low.derivative_error * 2**n
    e0, e1 = base_errors(shape_of(LOW), M)
    assert (bound.value_error, bound.derivative_error) == (e0, 2 ** (n + 1) * e1)


@pytest.mark.parametrize("n", range(4))
def test_the_wave_is_the_base_network_after_a_sawtooth(n):
    phi = high_frequency_cosine(n, m=4)
    low = high_frequency_cosine(0, m=4)
    for k in range(2**n * 16 + 1):
        x = Fraction(k, 2**n * 16)
        assert phi(x) == low(x * 2**n % 1)
    assert len(pieces(phi, (0, 1))) == 2**n * len(pieces(low, (0, 1)))


@pytest.mark.parametrize("n, eps", [(0, "1e-4"), (3, "1e-3"), (14, "1e-2"), (60, "1e-3")])
def test_the_accuracy_is_proved_and_holds_at_points(n, eps):
    phi = high_frequency_cosine(n, eps)
    found = certify(phi, method="derivation")
    assert found.status is Status.PROVED
    assert {fact.holds() for fact in found.facts if fact.claim is not None} == {True}
    for k in range(8):
        x = Fraction(3**80 + k * 7**60, 7**100) % 1
        with mpmath.workdps(120):
            t = 2 * mpmath.pi * 2**n * x.numerator / x.denominator
            y, slope = (phi(x), one_sided_derivative(phi, x))
            value = mpmath.cos(t) - mpmath.mpf(y.numerator) / y.denominator
            steep = (
                -(2 ** (n + 1)) * mpmath.pi * mpmath.sin(t) - mpmath.mpf(slope.numerator) / slope.denominator
            )
            assert abs(value) <= mpmath.mpf(eps)
            assert abs(steep) <= mpmath.mpf(eps)


def test_the_claims_are_not_too_weak():
    for n, m in ((0, 8), (20, 8), (3, 20)):
        phi = high_frequency_cosine(n, m=m)
        claims = {claim.quantity: claim for claim in phi.derivation.claims()}
        assert phi.connectivity <= claims["connectivity"].value <= Fraction(5, 2) * phi.connectivity
        assert phi.depth <= claims["depth"].value <= 2 * phi.depth
        assert phi.width <= claims["width"].value


def test_a_thousand_doublings_are_proved_within_seconds():
    begin = time.perf_counter()
    phi = high_frequency_cosine(1000, m=M)
    assert certify(phi, method="derivation").status is Status.PROVED
    assert time.perf_counter() - begin < 20
    assert phi.depth == LOW.depth + 1000


def test_it_is_the_cosine_of_that_frequency():
    phi, other = high_frequency_cosine(3, m=M), cosine("16*pi", m=M, domain=(0, 1))
    assert phi == other
    assert str(phi.derivation.target) == "cos(16*pi*x)"
    assert phi.derivation.domain == ((0, 1),)


def test_the_derivation_survives_json():
    phi = high_frequency_cosine(5, m=M)
    assert from_json(to_json(phi)).derivation == phi.derivation


@pytest.mark.parametrize("step", [Fraction(1, 1000), Fraction(-1, 1000)], ids=["larger", "smaller"])
def test_every_single_changed_weight_is_refused(naive, step):
    phi = high_frequency_cosine(2, m=1)
    caught = 0
    for changed in naive.changed(phi, step):
        caught += 1
        with pytest.raises(DerivationRefused):
            check(changed)
    assert caught == phi.connectivity


@pytest.mark.parametrize(
    "changed", [{"n": 4}, {"n": 6}, {"r": 0}, {"K": 1}, {"m": M - 1}, {"bits": 4}, {"late": 1}], ids=str
)
def test_a_false_record_is_refused_or_describes_the_same_network(changed):
    phi = high_frequency_cosine(5, m=M)
    given = dict(phi.derivation.parameters) | changed
    other = phi.with_derivation(Derivation("high_frequency_cosine", tuple(sorted(given.items()))))
    if "late" in changed and other.derivation.build() == phi:
        assert check(other).value_error == check(phi).value_error
    else:
        with pytest.raises(DerivationRefused):
            check(other)


@pytest.mark.parametrize(
    "words, call",
    [
        ("n must be at least 0, got -1", lambda: high_frequency_cosine(-1, "1e-3")),
        ("n must be at most 10000, got 1000000000", lambda: high_frequency_cosine(10**9, "1e-3")),
        ("n must be", lambda: high_frequency_cosine("3/2", "1e-3")),
        ("give either the accuracy eps", lambda: high_frequency_cosine(1, "1e-3", m=3)),
        ("give either the accuracy eps", lambda: high_frequency_cosine(1)),
        ("norm must be one of", lambda: high_frequency_cosine(1, "1e-3", norm="H1")),
        ("eps must be positive", lambda: high_frequency_cosine(1, 0)),
    ],
)
def test_bad_input_is_refused(words, call):
    with pytest.raises((ValueError, TypeError), match=words):
        call()
