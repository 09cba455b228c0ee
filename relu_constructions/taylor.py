"""Taylor: the coefficients at a point, and the remainder on an interval, by power series of balls."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, arb_series, ctx

from relu_constructions.ball_arithmetic import SERIES, Undefined
from relu_constructions.balls import ball, ball_of, undefined, working
from relu_constructions.program import Program


def taylor_enclosures(
    program: Program, lo: Fraction, hi: Fraction, at: Fraction, order: int, bits: int
) -> list[arb]:
    """Enclose f^(k)(at) / k! for k < order, and f^(order)(x) / order! for all x from lo to hi.

    A power series around a ball encloses, coefficient by coefficient, the series around every point of it; so
    one series around the point and one around a ball that contains the interval are all that is needed.

    Examples
    --------
    >>> from relu_constructions.nodes import function, variable
    >>> exponential = Program(function("exp", variable(0)), 1)
    >>> taylor_enclosures(exponential, Fraction(0), Fraction(0), Fraction(0), 3, 64)[2]
    0.500000000000000
    """
    with working(bits, order):
        found = _coefficients(program, ball(at), order)
        ctx.cap = order + 1
        found.append(_last(program, ball_of(lo, hi), order))
    return found


def _coefficients(program: Program, at: arb, length: int) -> list[arb]:
    try:
        series = program.run(SERIES, (arb_series([at, 1]),))
    except Undefined:
        return [undefined()] * length
    if isinstance(series, arb_series):
        return [series[k] for k in range(length)]
    return [series, *[arb(0)] * (length - 1)]


def _last(program: Program, wide: arb, order: int) -> arb:
    try:
        series = program.run(SERIES, (arb_series([wide, 1]),))
    except Undefined:
        return undefined()
    last: arb = series[order] if isinstance(series, arb_series) else arb(0)
    return last
