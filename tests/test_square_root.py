"""The square root: intervals, accuracy against mpmath, false records, and bad input."""

import random
from fractions import Fraction

import mpmath
import pytest

from relu_constructions import Status, certify, derivative
from relu_constructions.construction import Derivation, check
from relu_constructions.constructions.square_root import square_root
from relu_constructions.folding import DerivationRefused
from relu_constructions.serialization import from_json, to_json

CASES = [
    ({}, mpmath.sqrt, lambda x: 1 / mpmath.sqrt(x) / 2),
    ({"domain": ("1/10", 1)}, mpmath.sqrt, lambda x: 1 / mpmath.sqrt(x) / 2),
]


def real(x):
    return mpmath.mpf(x.numerator) / x.denominator


@pytest.mark.parametrize(("options", "f", "slope"), CASES)
@pytest.mark.parametrize("eps", ["1e-2", "1e-6", "1e-30"])
def test_the_accuracy_is_proved_and_kept_at_points(options, f, slope, eps):
    phi = square_root(eps, **options)
    found = certify(phi, method="derivation")
    assert found.status is Status.PROVED
    assert all(fact.holds() is not False for fact in found.facts)
    (lo, hi), rng = phi.derivation.domain[0], random.Random(eps)
    with mpmath.workdps(70):
        for _ in range(5):
            x = lo + (hi - lo) * Fraction(rng.randrange(1, 10**12), 10**12)
            assert abs(real(phi(x)) - f(real(x))) <= real(found.value_error.upper)
            assert abs(real(derivative(phi, x)) - slope(real(x))) <= real(found.derivative_error.upper)


def test_accuracy_of_sixty_digits():
    assert certify(square_root("1e-60"), method="derivation").status is Status.PROVED


def test_pieces_are_a_second_route():
    phi = square_root("5e-2")
    derived = certify(phi, method="derivation")
    enumerated = certify(phi, method="pieces", tolerance="1e-3")
    assert enumerated.status is Status.PROVED
    assert enumerated.value_error.lower <= derived.value_error.upper
    assert enumerated.derivative_error.lower <= derived.derivative_error.upper
    assert derived.value_error.lower <= enumerated.value_error.upper


def test_the_record_survives_json_and_names_the_function():
    phi = square_root("1e-3")
    again = from_json(to_json(phi))
    assert (again, again.derivation) == (phi, phi.derivation)
    assert str(phi.derivation.target) == "sqrt(x)"
    assert certify(again, "sqrt(x)", method="derivation").status is Status.PROVED


@pytest.mark.parametrize("change", [{"n": 2}, {"bits": 4}, {"m": 3}, {"hi": Fraction(3)}], ids=str)
def test_changed_parameters_do_not_prove(change):
    phi = square_root("1e-4")
    parameters = {**dict(phi.derivation.parameters), **change}
    record = Derivation("square_root", tuple(sorted(parameters.items())), phi.derivation.eps)
    with pytest.raises(DerivationRefused):
        check(phi.with_derivation(record))


def test_norms_levels_and_strategies():
    sizes = [square_root("1e-6", norm=norm).connectivity for norm in ("W1inf", "Linf")]
    assert sizes[1] < sizes[0]
    assert dict(square_root(m=7).derivation.parameters)["m"] == 7
    for strategy, k in (("chebyshev", 2), ("estrin", 3), ("squares", 2)):
        phi = square_root("1e-3", strategy=strategy, k=k)
        assert certify(phi, method="derivation").status is Status.PROVED


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"eps": "1e-2", "domain": (0, 1)}, ValueError, "must have lo > 0, got lo = 0"),
        ({"eps": "1e-2", "domain": (-1, 1)}, ValueError, "must have lo > 0, got lo = -1"),
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
        square_root(**given)
