"""The exponential: rates, intervals, accuracy against mpmath, false records, bad input."""

import random
from fractions import Fraction

import mpmath
import pytest

from relu_constructions import Status, certify, derivative
from relu_constructions.construction import Derivation, check
from relu_constructions.constructions.exponential import exponential
from relu_constructions.folding import DerivationRefused
from relu_constructions.serialization import from_json, to_json

CASES = [
    ({}, mpmath.exp, mpmath.exp),
    (
        {"rate": "-7/2", "bound": "1/2"},
        lambda x: mpmath.exp(-x * 7 / 2),
        lambda x: -mpmath.exp(-x * 7 / 2) * 7 / 2,
    ),
    ({"rate": 3, "domain": (-2, "1/3")}, lambda x: mpmath.exp(3 * x), lambda x: 3 * mpmath.exp(3 * x)),
]


def real(x):
    return mpmath.mpf(x.numerator) / x.denominator


@pytest.mark.parametrize(("options", "f", "slope"), CASES)
@pytest.mark.parametrize("eps", ["1e-2", "1e-6", "1e-30"])
def test_the_accuracy_is_proved_and_kept_at_points(options, f, slope, eps):
    phi = exponential(eps, **options)
    found = certify(phi, method="derivation")
    assert found.status is Status.PROVED
    assert all(fact.holds() is not False for fact in found.facts)
    (lo, hi), rng = phi.derivation.domain[0], random.Random(eps)
    with mpmath.workdps(70):
        for _ in range(5):
            x = lo + (hi - lo) * Fraction(rng.randrange(1, 10**12), 10**12)
            assert abs(real(phi(x)) - f(real(x))) <= real(found.value_error.upper)
            assert abs(real(derivative(phi, x)) - slope(real(x))) <= real(found.derivative_error.upper)


def test_accuracy_of_a_hundred_digits():
    assert certify(exponential("1e-100"), method="derivation").status is Status.PROVED


def test_pieces_are_a_second_route():
    phi = exponential("5e-2")
    derived = certify(phi, method="derivation")
    enumerated = certify(phi, method="pieces", tolerance="1e-3")
    assert enumerated.status is Status.PROVED
    assert enumerated.value_error.lower <= derived.value_error.upper
    assert enumerated.derivative_error.lower <= derived.derivative_error.upper
    assert derived.value_error.lower <= enumerated.value_error.upper


def test_the_record_survives_json_and_names_the_function():
    phi = exponential("1e-3")
    again = from_json(to_json(phi))
    assert (again, again.derivation) == (phi, phi.derivation)
    assert str(phi.derivation.target) == "exp(x)"
    assert certify(again, "exp(x)", method="derivation").status is Status.PROVED


@pytest.mark.parametrize("change", [{"n": 2}, {"bits": 4}, {"m": 3}, {"rate": Fraction(2)}], ids=str)
def test_changed_parameters_do_not_prove(change):
    phi = exponential("1e-4")
    parameters = {**dict(phi.derivation.parameters), **change}
    record = Derivation("exponential", tuple(sorted(parameters.items())), phi.derivation.eps)
    with pytest.raises(DerivationRefused):
        check(phi.with_derivation(record))


def test_norms_levels_and_strategies():
    sizes = [exponential("1e-6", norm=norm).connectivity for norm in ("W1inf", "Linf")]
    assert sizes[1] < sizes[0]
    assert dict(exponential(m=7).derivation.parameters)["m"] == 7
    for strategy, k in (("chebyshev", 2), ("estrin", 3), ("squares", 2)):
        phi = exponential("1e-3", strategy=strategy, k=k)
        assert certify(phi, method="derivation").status is Status.PROVED


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"eps": "1e-2", "rate": 0}, ValueError, "rate must not be 0"),
        ({"eps": "1e-2", "rate": 0.5}, TypeError, "rate must be exact"),
        ({"eps": "1e-2", "bound": -1}, ValueError, "bound must be positive"),
        ({"eps": "1e-2", "bound": 1, "domain": (0, 1)}, TypeError, "not both"),
        ({"eps": "1e-2", "m": 3}, TypeError, "either the accuracy eps or the number of levels m"),
        ({}, TypeError, "either the accuracy eps or the number of levels m"),
        ({"eps": 0}, ValueError, "eps must be positive"),
        ({"eps": "1e-2", "norm": "H1"}, ValueError, "norm must be one of"),
        ({"eps": "1e-2", "strategy": "horner"}, ValueError, "strategy must be one of"),
        ({"eps": "1e-2", "domain": (2, 1)}, ValueError, "lo < hi"),
    ],
)
def test_bad_input_is_refused_in_words(given, error, words):
    with pytest.raises(error, match=words):
        exponential(**given)
