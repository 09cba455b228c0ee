"""Series as networks: what a record describes is computed anew, and what does not fit is refused."""

from fractions import Fraction

import pytest

from relu_constructions import Status, certify, chebyshev
from relu_constructions.constructions.analytic import (
    Series,
    bound_of,
    circuit_of,
    fitted,
    lines,
    network_of,
    request,
    truncated,
)
from relu_constructions.constructions.chebyshev_circuits import Plan
from relu_constructions.elementary import Elementary
from relu_constructions.folding import DerivationRefused

SIDE = (Fraction(-1), Fraction(1))
EXP = Series("exp(x)", "x", SIDE, SIDE, 5, 20)


def test_the_bound_is_that_of_the_gates_and_of_the_series():
    plan = Plan("estrin", 2)
    phi = network_of(EXP, *plan, 6, 0)
    bound = bound_of(phi, EXP, plan, 6)
    gates, *series = bound.lines
    assert gates.name == "squares and products with m = 6 levels"
    assert tuple(series) == lines(truncated(EXP))
    assert bound.value_error == sum(line.value_error for line in bound.lines)
    found = truncated(EXP)
    assert found.value_error <= sum(line.value_error for line in series)
    assert found.derivative_error <= sum(line.derivative_error for line in series)
    f = Elementary.of("exp(x)")
    for x in (Fraction(k, 7) for k in range(-7, 8)):
        assert f.value(x, "1e-12").upper - phi(x) <= bound.value_error + Fraction(1, 10**9)
        assert phi(x) - f.value(x, "1e-12").lower <= bound.value_error + Fraction(1, 10**9)


def test_a_part_of_the_interval_of_the_series_is_enough_and_no_more():
    part = EXP._replace(domain=(Fraction(0), Fraction(1, 2)))
    plan = Plan("chebyshev", 2)
    assert bound_of(network_of(part, *plan, 4, 0), part, plan, 4).value_error > 0
    beyond = EXP._replace(domain=(Fraction(0), Fraction(2)))
    phi = network_of(beyond, *plan, 4, 0)
    with pytest.raises(DerivationRefused, match="no part of the interval"):
        bound_of(phi, beyond, plan, 4)


def test_a_network_of_another_circuit_is_refused():
    plan = Plan("estrin", 2)
    other = network_of(EXP._replace(n=4), *plan, 6, 0)
    with pytest.raises(DerivationRefused):
        bound_of(other, EXP, plan, 6)


def test_a_circuit_of_another_series_is_refused(monkeypatch):
    plan = Plan("estrin", 2)
    wrong = circuit_of(EXP._replace(f="exp(x) + x^2/1000"), plan, 6)
    monkeypatch.setattr("relu_constructions.constructions.analytic.circuit_of", lambda *given: wrong)
    with pytest.raises(DerivationRefused, match="does not compute"):
        bound_of(network_of(EXP, *plan, 6, 0), EXP, plan, 6)


def test_the_share_of_the_series_is_kept_in_both_norms():
    for norm in ("W1inf", "Linf"):
        asked = request("1e-5", None, "auto", None, norm)
        found = fitted(EXP, asked)
        parts = lines(truncated(found.series))
        assert sum(line.value_error for line in parts) <= Fraction(1, 10**5) / 15
        bound = bound_of(found.chosen.phi, found.series, found.plan, found.chosen.m)
        assert bound.value_error <= Fraction(1, 10**5)
        assert norm == "Linf" or bound.derivative_error <= Fraction(1, 10**5)


@pytest.mark.parametrize("eps", ["1e-3", "1e-9", "1e-40"])
@pytest.mark.parametrize(
    "f, domain",
    [("x", (0, 1)), ("x**3 - x", (-1, 1)), ("1", (0, 1)), ("x/3 + 1/7", (-1, 2)), ("x**2 + exp(x)", (0, 1))],
)
def test_what_is_delivered_is_what_was_asked_also_for_few_digits(f, domain, eps):
    found = certify(chebyshev(f, eps, domain=domain), method="derivation")
    assert found.status is Status.PROVED
    assert found.error.upper <= Fraction(eps)
