"""Versines: coefficients, stages, what the lines claim against mpmath, and circuits that are refused."""

from fractions import Fraction

import mpmath
import pytest

from relu_constructions.circuit import Form, Wiring, ideal
from relu_constructions.folding import DerivationRefused
from relu_constructions.versine import Shape, coefficients, demand_versine, truncation_lines, versine

UNIT = (Fraction(0), Fraction(1))
SHAPES = [
    Shape(0, 1, 20),
    Shape(0, 8, 60, "horner", 0),
    Shape(1, 1, 5),
    Shape(2, 3, 30),
    Shape(3, 2, 12, "squares", 1),
    Shape(4, 5, 60, "squares", 3),
    Shape(1, 6, 80, "estrin", 2),
]


def rational(number):
    return mpmath.mpf(number.numerator) / number.denominator


def written(shape, m=3):
    wiring = Wiring((UNIT,), m)
    (z,) = wiring.inputs
    stages = tuple(versine(wiring, z, shape))
    return wiring.circuit([1 - stages[-1]]), z, stages


def polynomial(shape, z):
    """v_r and its slope with exact gates."""
    c = coefficients(*shape[:3]).values
    v = sum(value * z ** (2 * k) for k, value in enumerate(c, start=1))
    slope = sum(2 * k * value * z ** (2 * k - 1) for k, value in enumerate(c, start=1))
    for _ in range(shape.r):
        v, slope = 4 * v - 2 * v * v, (4 - 4 * v) * slope
    return v, slope


@pytest.mark.parametrize("r, K, bits", [(0, 3, 20), (4, 6, 100), (2, 4, 0), (0, 30, 60)])
def test_coefficients_are_near_those_of_the_cosine(r, K, bits):
    values, errors = coefficients(r, K, bits)
    with mpmath.workdps(120):
        for k, (value, error) in enumerate(zip(values, errors, strict=True), start=1):
            exact = (-1) ** (k + 1) * (mpmath.pi / 2**r) ** (2 * k) / mpmath.factorial(2 * k)
            assert (value * 2**bits).denominator == 1
            assert abs(rational(value) - exact) <= rational(error)
            assert error <= Fraction(1, 2 ** (bits + 1)) + Fraction(1, 2 ** (bits + 50))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_ideal_gates_compute_the_doubled_polynomial(shape):
    circuit, _, stages = written(shape)
    assert len(stages) == shape.r + 1
    for k in range(6):
        z = Fraction(k, 5)
        assert ideal(circuit, [z], Fraction) == [1 - polynomial(shape, z)[0]]


@pytest.mark.parametrize("largest", ["1", "1/3", "1/1000"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_lines_bound_what_exact_gates_are_off_and_are_not_too_weak(shape, largest):
    Z = Fraction(largest)
    lines = truncation_lines(shape, Z, Fraction(7))
    value, slope = (sum(line[i] for line in lines) for i in (1, 2))
    worst = [mpmath.mpf(0), mpmath.mpf(0)]
    with mpmath.workdps(80):
        for k in range(-20, 21):
            z = Z * Fraction(k, 20)
            v, steep = polynomial(shape, z)
            t = mpmath.pi * rational(z)
            worst[0] = max(worst[0], abs(1 - rational(v) - mpmath.cos(t)))
            worst[1] = max(worst[1], 7 * abs(rational(-steep) + mpmath.pi * mpmath.sin(t)))
        assert worst[0] <= rational(value)
        assert worst[1] <= rational(slope)
    taylor, rounding = lines
    assert taylor.value_error > 0
    assert f"K = {shape.K} terms, doubled r = {shape.r} times" in taylor.name
    assert f"rounded to {shape.bits} binary digits" in rounding.name


def test_taylor_alone_is_bounded_closely():
    """At z = 1, with 22/7 for pi and Lagrange's remainder: within a factor of 3 of the truth."""
    shape = Shape(0, 4, 300)
    taylor, rounding = truncation_lines(shape, Fraction(1), Fraction(1))
    with mpmath.workdps(100):
        v, _ = polynomial(shape, Fraction(1))
        assert rational(taylor.value_error) <= 3 * abs(1 - rational(v) - mpmath.cos(mpmath.pi))
    assert rounding.value_error <= Fraction(1, 2**290)


def test_the_travel_multiplies_the_slopes_alone():
    one, five = (truncation_lines(SHAPES[3], Fraction(1), Fraction(t)) for t in (1, 5))
    for a, b in zip(one, five, strict=True):
        assert a.value_error == b.value_error
        assert a.derivative_error * 5 * (1 - Fraction(1, 2**50)) <= b.derivative_error
        assert b.derivative_error <= a.derivative_error * 5 * (1 + Fraction(1, 2**50))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_what_was_written_is_accepted(shape):
    circuit, z, stages = written(shape)
    assert demand_versine(circuit, z, stages, shape) is None


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape.r], ids=str)
def test_other_shapes_and_other_stages_are_refused(shape):
    circuit, z, stages = written(shape)
    changed = [shape._replace(bits=shape.bits + 9), shape._replace(r=shape.r - 1)]
    if coefficients(shape.r, shape.K + 1, shape.bits).values[-1]:
        changed.append(shape._replace(K=shape.K + 1))
    for other in changed:
        with pytest.raises(DerivationRefused, match="does not start with Taylor's polynomial"):
            demand_versine(circuit, z, stages, other)
    for wrong in (
        (stages[0] * 2, *stages[1:]),
        (*stages[:-1], stages[-1] + 1),
        (*stages[:-1], stages[-1] * 2),
    ):
        with pytest.raises(DerivationRefused, match=r"does not (double an angle|start with)"):
            demand_versine(circuit, z, wrong, shape)
    with pytest.raises(DerivationRefused):
        demand_versine(circuit, z * 2, stages, shape)
    with pytest.raises(DerivationRefused):
        demand_versine(circuit, Form.of_number(1), stages, shape)


def test_a_circuit_that_doubles_wrongly_is_refused():
    for a, b in ((4, 1), (3, 2), (4, -2)):
        wiring = Wiring((UNIT,), 3)
        (z,) = wiring.inputs
        first = versine(wiring, z, Shape(0, 2, 20))[0]
        second = first * a - wiring.square(first) * b
        circuit = wiring.circuit([1 - second])
        with pytest.raises(DerivationRefused, match="does not double an angle where its record says so"):
            demand_versine(circuit, z, (first, second), Shape(1, 2, 20))


def test_a_polynomial_that_leaves_the_interval_is_refused():
    from relu_constructions.versine import _demand_small

    for c in ([Fraction(3)], [Fraction(-1, 9)], [Fraction(1, 2), Fraction(-1)], [Fraction(1), Fraction(2)]):
        with pytest.raises(ValueError, match=r"leaves \[0, 2\]; take more doublings"):
            _demand_small(c, Fraction(1))
    for c in ([Fraction(2)], [Fraction(1), Fraction(-1)], [Fraction(1), Fraction(1)]):
        assert _demand_small(c, Fraction(1)) is None
    assert _demand_small([Fraction(8)], Fraction(1, 2)) is None
