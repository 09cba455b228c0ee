"""Wave choice: the digits, the shape and the levels with which a wave reaches an accuracy by few gates."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from relu_constructions.choice import Choice, smallest
from relu_constructions.circuit import Circuit
from relu_constructions.versine import Shape
from relu_constructions.versine_shapes import shapes
from relu_constructions.wave import Wave, folding, wave_circuit

CANDIDATES, CELLS = 3, 48
TRUNCATION = Fraction(1, 16)
"""The share of eps for Taylor's polynomial; as much is kept for the rounding of coefficients."""


def choose_wave(
    given: Wave, eps: Fraction | None, m: int | None, taylor: bool, norm: str
) -> tuple[int, Shape, Choice]:
    """Choose the digits of the frequency, the shape of the versine, and its levels.

    Parameters
    ----------
    given : Wave
    eps : Fraction or None
        The accuracy, or None where the levels m are given.
    m : int or None
    taylor : bool
        Whether the polynomial is Taylor's alone, without doubling.
    norm : {"W1inf", "Linf"}

    Examples
    --------
    >>> from relu_constructions.wave import wave_of
    >>> wave = wave_of("cos", "2*pi", "0", Fraction(-1), Fraction(1))
    >>> digits, shape, chosen = choose_wave(wave, Fraction(1, 100), None, False, "W1inf")
    >>> shape.r, shape.K, chosen.m
    (2, 4, 12)
    """
    travel = folding(given, 64).travel if norm == "W1inf" else Fraction(0)
    accuracy = eps if eps is not None else Fraction(1, 2 ** (m or 1))
    digits = _digits(given, accuracy, travel)
    value = accuracy if eps is None else TRUNCATION * eps
    slope = None if not travel else value if eps is None else value / travel
    z = min(Fraction(1), folding(given, digits).largest(given))
    found = shapes(value, slope, z, taylor)
    writes = [partial(_write, given, shape, digits) for shape in found]
    share = None if eps is None else eps * (1 - 2 * TRUNCATION)
    chosen = smallest(writes, share, norm, m, candidates=CANDIDATES, finalists=1, cells=CELLS)
    return digits, found[chosen.which], chosen


def _write(given: Wave, shape: Shape, digits: int, m: int) -> Circuit:
    return wave_circuit(given, shape, digits, m).circuit


def _digits(given: Wave, accuracy: Fraction, travel: Fraction) -> int:
    """The digits of an irrational frequency with which its rounding costs less than a share of eps.

    With 2^s pi |y| = |a x + phase|, the value is off by at most 2^s pi (D + 1) 2^-digits-s, and the slope by
    (1 + |a|) times as much.  A small frequency keeps at least 8 digits.
    """
    size = max(map(abs, given.a.enclosure(64))) if travel else Fraction(0)
    ratio = 4 * (given.reach + 1) * (1 + size) * 4 / (TRUNCATION * accuracy)
    return max(8, _binary_digits(ratio)) + max(0, 8 - _binary_digits(max(map(abs, given.a.enclosure(64)))))


def _binary_digits(number: Fraction) -> int:
    return number.numerator.bit_length() - number.denominator.bit_length() + 1
