"""Sines: cosines with their phase moved by pi/2, so all bounds are those of `proofs/cosine.py`.

Statement. sin(a x + b) = cos(a x + (b - pi/2)) with the same derivative, and b - pi/2 is again u + v pi with
rational u and v. So the network for the cosine with the moved phase, and what is proved of it, is one for the
sine.

Overview. `lemma_shift`, `theorem_same_circuit`.

References. None.
"""

from fractions import Fraction

import sympy
from sympy import cos, pi, sin

from relu_constructions.versine import Shape
from relu_constructions.wave import wave_circuit, wave_lines, wave_of

a, b, x = sympy.symbols("a b x", real=True)


def lemma_shift():
    """sin(a x + b) - cos(a x + b - pi/2) = 0 and so is its derivative; with + pi/2 the sign is wrong."""
    difference = sin(a * x + b) - cos(a * x + b - pi / 2)
    assert sympy.simplify(difference) == 0
    assert sympy.simplify(sympy.diff(difference, x)) == 0
    assert sympy.simplify(sin(a * x + b) + cos(a * x + b + pi / 2)) == 0


def theorem_same_circuit():
    """The circuit and the lines of a sine are those of the cosine with the moved phase."""
    for frequency, phase, moved in (("pi", "0", "-pi/2"), ("3", "1", "1 - pi/2"), ("-1/2", "pi/2", "0")):
        sides, shape = (Fraction(-2), Fraction(3)), Shape(2, 2, 20)
        one = wave_of("sin", frequency, phase, *sides)
        other = wave_of("cos", frequency, moved, *sides)
        assert one.shift == other.shift
        assert wave_circuit(one, shape, 30, 4) == wave_circuit(other, shape, 30, 4)
        assert wave_lines(one, shape, 30) == wave_lines(other, shape, 30)
