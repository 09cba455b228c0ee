"""D(Phi) at rational points as a polynomial in the convention c.

Every entry of D(Phi)(x) is an integer polynomial in c over a known denominator, and a bound B of the sum of
the absolute values of its coefficients follows from the weights.  So D(Phi)(x) at c = 2^K, 2^(K-1) > B, holds
all of them: they are the digits of an integer to the base 2^K, from -2^(K-1) on.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from typing import Any

from relu_constructions.derivative_exact import derivative_at_rationals
from relu_constructions.fixed_point import Program, compiled
from relu_constructions.layer import ExactArray
from relu_constructions.parametrization import Parametrization
from relu_constructions.points import object_array
from relu_constructions.relu_form import exact_activation


def is_symbol(at_kink: Any) -> bool:
    """Whether a convention is a symbol of sympy, which is asked only if somebody has imported it.

    Examples
    --------
    >>> import sympy
    >>> is_symbol(sympy.Symbol("c")), is_symbol("c")
    (True, False)
    """
    sympy = sys.modules.get("sympy")
    return sympy is not None and isinstance(at_kink, sympy.Symbol)


def derivative_polynomials(phi: Parametrization, columns: ExactArray, c: Any) -> ExactArray:
    """Return D(Phi) at columns of Fractions as expanded polynomials in a symbol, shape (N_L, N_0, n).

    Examples
    --------
    >>> import sympy
    >>> phi = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1], [-1, 0]], [5, 0]), ([[1, 2]], [-5])])
    >>> derivative_polynomials(phi, object_array((1, 1), [Fraction(0)]), sympy.Symbol("c"))[0, 0, 0]
    -2*c**2 + 2*c
    """
    program, kinks = compiled(phi), exact_activation(phi).kinks
    bits = coefficient_bits(program) + 2
    values = derivative_at_rationals(phi, columns, [Fraction(2**bits)] * len(kinks))
    denominators = [scale.odd << max(scale.shift, 0) for scale in program.scales]
    made = [
        _polynomial(int(value * denominator), denominator, bits, c)
        for block, denominator in zip(values, denominators, strict=True)
        for value in block.flat
    ]
    return object_array(values.shape, made)


def coefficient_bits(program: Program) -> int:
    """Binary digits that suffice for the sum of all absolute coefficients of an entry of D(Phi).

    A factor of a neuron is 0, 1, c or 1 - c: a layer multiplies the sum by at most twice its largest row sum.

    Examples
    --------
    >>> coefficient_bits(compiled(Parametrization([([[3], [1]], [0, 0]), ([[1, -2]], [0])])))
    6
    """
    bits = 0
    for neurons in program.layers:
        sums = (sum(abs(f) << e for f, e in zip(n.factors, n.shifts, strict=True)) for n in neurons)
        bits += (2 * max(sums)).bit_length()
    return bits


def coefficients(packed: int, bits: int) -> list[int]:
    """Return the digits of an integer to the base 2^bits, lowest first, from -2^(bits - 1) on; at least one.

    Examples
    --------
    >>> coefficients(3 - 2 * 2**8 + 5 * 2**16, 8), coefficients(0, 8)
    ([3, -2, 5], [0])
    """
    base = 1 << bits
    digits: list[int] = []
    while packed or not digits:
        digit = (packed + base // 2) % base - base // 2
        digits.append(digit)
        packed = (packed - digit) >> bits
    return digits


def _polynomial(packed: int, denominator: int, bits: int, c: Any) -> Any:
    import sympy

    digits = enumerate(coefficients(packed, bits))
    return sympy.Add(*(sympy.Rational(digit, denominator) * c**power for power, digit in digits))
