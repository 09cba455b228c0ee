"""Waves: folding to half a period, the rounding of the frequency, and circuits that are refused."""

from fractions import Fraction

import mpmath
import pytest

from relu_constructions.circuit import Form
from relu_constructions.circuit_values import circuit_values
from relu_constructions.folding import DerivationRefused
from relu_constructions.versine import Shape
from relu_constructions.wave import WaveCircuit, demand_wave, folding, wave_circuit, wave_lines, wave_of

SHAPE = Shape(2, 3, 40)
WAVES = [
    ("cos", "2*pi", "0", "-1", "1"),
    ("cos", "pi", "0", "0", "1"),
    ("cos", "3", "1/2", "-2", "5"),
    ("sin", "-7/3", "pi/5", "1", "2"),
    ("cos", "1/9", "0", "-1", "2"),
    ("sin", "100 - pi", "1 - 2*pi", "-1/3", "4"),
    ("cos", "1000000007", "-50", "0", "1"),
    ("cos", "1", "1000000000000000000000000000000000000000000000000000", "0", "1"),
    ("sin", "1000000000000000000000000000000000000000000000000000", "0", "0", "1"),
]


def wave_at(given):
    function, a, phase, lo, hi = given
    return wave_of(function, a, phase, Fraction(lo), Fraction(hi))


def rational(number):
    return mpmath.mpf(number.numerator) / number.denominator


def number(angle):
    return rational(angle.rational) + mpmath.pi * rational(angle.of_pi)


def hats(t, s):
    """h_s(t) by the period and the symmetry of the sawtooth."""
    rest = t * 2**s % 2
    return min(rest, 2 - rest)


@pytest.mark.parametrize("digits", [8, 60])
@pytest.mark.parametrize("given", WAVES, ids=str)
def test_the_line_of_the_folding_bounds_what_rounding_costs(given, digits):
    wave = wave_at(given)
    made = folding(wave, digits)
    assert all(abs(made.q * x + made.p) <= 1 for x in (wave.lo, wave.hi))
    with mpmath.workdps(150):
        for k in range(17):
            x = wave.lo + (wave.hi - wave.lo) * Fraction(k, 16)
            t = number(wave.a) * rational(x) + number(wave.phase)
            true = (
                (mpmath.cos(t), -mpmath.sin(t)) if wave.function == "cos" else (mpmath.sin(t), mpmath.cos(t))
            )
            turn = 2**made.s * mpmath.pi
            angle = turn * rational(made.q * x + made.p)
            folded = mpmath.cos(mpmath.pi * rational(hats(abs(made.q * x + made.p), made.s)))
            assert abs(mpmath.cos(angle) - folded) < mpmath.mpf(10) ** -80
            assert abs(folded - true[0]) <= rational(made.line.value_error) + mpmath.mpf(10) ** -80
            slope = -turn * rational(made.q) * mpmath.sin(angle)
            assert (
                abs(slope - number(wave.a) * true[1])
                <= rational(made.line.derivative_error) + mpmath.mpf(10) ** -60
            )


@pytest.mark.parametrize("digits", [8, 60, 300])
@pytest.mark.parametrize("given", WAVES, ids=str)
def test_every_digit_halves_the_cost(given, digits):
    """At most 22/7 (D + 1) 2^-digits for the value, also for huge frequencies and phases."""
    wave = wave_at(given)
    value = folding(wave, digits).line.value_error
    assert value <= Fraction(22, 7) * (wave.reach + 1) * Fraction(1, 2**digits)


def test_multiples_of_pi_are_folded_exactly():
    for given, wanted in ((WAVES[0], (1, 0, 1)), (WAVES[1], (1, 0, 0))):
        made = folding(wave_at(given), 0)
        assert made[:3] == wanted
        assert made.line[1:] == (0, 0)
        assert len(wave_lines(wave_at(given), SHAPE, 0)) == 2
    assert len(wave_lines(wave_at(WAVES[2]), SHAPE, 40)) == 3


@pytest.mark.parametrize("given", WAVES, ids=str)
def test_folds_are_no_more_than_needed(given):
    wave = wave_at(given)
    made = folding(wave, 40)
    assert made.s == 0 or max(abs(made.q * x + made.p) for x in (wave.lo, wave.hi)) > Fraction(1, 4)
    assert made.travel == abs(made.q) * 2**made.s
    assert made.largest(wave) == (1 if made.s else max(abs(made.q * x + made.p) for x in (wave.lo, wave.hi)))


@pytest.mark.parametrize("given", WAVES[:6], ids=str)
def test_what_was_written_is_accepted_and_near_the_wave(given):
    wave = wave_at(given)
    made = wave_circuit(wave, SHAPE, 40, 12)
    assert demand_wave(made, wave, SHAPE, 40) is None
    for k in range(9):
        x = wave.lo + (wave.hi - wave.lo) * Fraction(k, 8)
        (y,) = circuit_values(made.circuit, [x])
        with mpmath.workdps(50):
            t = number(wave.a) * rational(x) + number(wave.phase)
            wanted = mpmath.cos(t) if wave.function == "cos" else mpmath.sin(t)
            assert abs(rational(y) - wanted) <= mpmath.mpf("1e-3")


@pytest.mark.parametrize("given", WAVES[:4], ids=str)
def test_another_wave_is_refused(given):
    made = wave_circuit(wave_at(given), SHAPE, 40, 5)
    for other in (("cos", "5*pi", *given[2:]), (*given[:2], "pi/7", *given[3:])):
        with pytest.raises(DerivationRefused, match="does not fold its input as its record says"):
            demand_wave(made, wave_at(other), SHAPE, 40)
    with pytest.raises(DerivationRefused, match="does not start with Taylor's polynomial"):
        demand_wave(made, wave_at(given), SHAPE._replace(K=2), 40)


def test_changed_circuits_are_refused():
    wave = wave_at(WAVES[0])
    circuit, z, stages = wave_circuit(wave, SHAPE, 40, 5)
    gates = circuit.gates
    deeper = circuit._replace(gates=(gates[0]._replace(m=3), *gates[1:]))
    shifted = circuit._replace(gates=(gates[0]._replace(arguments=(gates[0].arguments[0] * 2,)), *gates[1:]))
    for wrong in (deeper, shifted):
        with pytest.raises(DerivationRefused, match="does not fold its input"):
            demand_wave(WaveCircuit(wrong, z, stages), wave, SHAPE, 40)
    with pytest.raises(DerivationRefused, match="does not fold its input"):
        demand_wave(WaveCircuit(circuit, Form.of_wire(0), stages), wave, SHAPE, 40)
    turned = circuit._replace(outputs=(stages[-1] - 1,))
    with pytest.raises(DerivationRefused, match="the output of the circuit is not 1 minus the last versine"):
        demand_wave(WaveCircuit(turned, z, stages), wave, SHAPE, 40)


def test_an_odd_shift_makes_a_sine():
    assert wave_at(WAVES[3]).shift == (0, Fraction(1, 5) - Fraction(1, 2))
    assert str(wave_at(WAVES[3]).target) == "sin(-7*x/3 + pi/5)"
    assert wave_at(WAVES[2]).reach == 5


def test_other_functions_are_refused():
    with pytest.raises(ValueError, match="a wave must be cos or sin, got 'tan'"):
        wave_of("tan", "1", "0", Fraction(0), Fraction(1))


def test_too_many_folds_are_refused_with_their_number():
    with pytest.raises(ValueError, match=r"would need \d+ folds; at most 1000000 are built"):
        folding(wave_of("cos", "1", "0", Fraction(0), Fraction(2) ** (10**6 + 9)), 8)
