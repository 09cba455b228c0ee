"""Sines are cosines with a shifted phase; networks and claims are those of the cosine."""

from fractions import Fraction

import mpmath
import pytest

from relu_constructions import Status, certify, cosine, sine


@pytest.mark.parametrize("form", ["versine", "taylor"])
@pytest.mark.parametrize("a, phase", [("pi", "0"), ("2*pi", "1/3"), (3, "pi/7"), ("-1/2", "-pi")])
def test_a_sine_is_the_network_of_the_cosine_with_a_shifted_phase(a, phase, form):
    shifted = {"0": "-pi/2", "1/3": "1/3 - pi/2", "pi/7": "-5*pi/14", "-pi": "-3*pi/2"}[phase]
    one, other = sine(a, m=4, phase=phase, form=form), cosine(a, m=4, phase=shifted, form=form)
    assert one == other
    assert str(one.derivation.target).startswith("sin(")
    assert str(other.derivation.target).startswith("cos(")
    assert one.derivation.theorem is other.derivation.theorem


@pytest.mark.parametrize("norm", ["W1inf", "Linf"])
@pytest.mark.parametrize("a, eps, options", [("pi", "1e-3", {}), (7, "1e-2", {"domain": ("-1/3", 2)})])
def test_sines_are_proved_and_near_at_points(a, eps, options, norm):
    phi = sine(a, eps, norm=norm, **options)
    assert certify(phi, method="derivation").status is Status.PROVED
    ((lo, hi),) = phi.derivation.domain
    for k in range(13):
        x = lo + (hi - lo) * Fraction(k, 12)
        with mpmath.workdps(80):
            frequency = mpmath.pi if a == "pi" else mpmath.mpf(a)
            y = phi(x)
            near = abs(
                mpmath.sin(frequency * x.numerator / x.denominator) - mpmath.mpf(y.numerator) / y.denominator
            )
            assert near <= mpmath.mpf(eps)


def test_the_sine_of_a_multiple_of_pi_is_zero_where_it_vanishes():
    """At 0 the fold is exact: z = 1/2, and the network is within its accuracy of 0."""
    phi = sine("pi", "1e-6")
    assert abs(phi(0)) <= Fraction(1, 10**6)


@pytest.mark.parametrize(
    "words, call",
    [
        ("the frequency a must not be 0", lambda: sine(0, "1e-3")),
        ("bound must be positive, got -1", lambda: sine(1, "1e-3", bound=-1)),
        ("the frequency a must be exact", lambda: sine(0.5, "1e-3")),
        ("give either the accuracy eps", lambda: sine(1)),
        ("form must be one of", lambda: sine(1, "1e-3", form="x")),
    ],
)
def test_bad_input_is_refused(words, call):
    with pytest.raises((ValueError, TypeError), match=words):
        call()
