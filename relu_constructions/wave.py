"""Wave: cos(a x + phase) on an interval, by folding to half a period.

With y = (a x + phase)/(2^s pi) in [-1, 1], cos(a x + phase) = cos(pi h_s(|y|)), because the cosine is even
and has the period 2 pi.  So y is an affine function q x + p of the input, with rational q and p next to the
true ones, and what remains is cos(pi z) on [0, 1], see `versine`.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from relu_constructions.angle import Angle, dyadic, to_angle
from relu_constructions.circuit import Circuit, Form, Wiring
from relu_constructions.construction import Line
from relu_constructions.elementary import Elementary
from relu_constructions.exact import shown
from relu_constructions.folding import DerivationRefused
from relu_constructions.rounding import above
from relu_constructions.versine import PI_ABOVE, Shape, demand_versine, truncation_lines, versine

MOST_FOLDS = 1_000_000


class Wave(NamedTuple):
    """cos(a x + phase) or sin(a x + phase) on [lo, hi]."""

    function: str
    a: Angle
    phase: Angle
    lo: Fraction
    hi: Fraction

    @property
    def target(self) -> Elementary:
        """The function itself."""
        shift = "" if self.phase.is_zero else f" + ({self.phase})"
        return Elementary.of(f"{self.function}(({self.a})*x{shift})", variables=("x",))

    @property
    def shift(self) -> Angle:
        """The phase as that of a cosine: sin(t) = cos(t - pi/2)."""
        quarter = Fraction(1, 2) if self.function == "sin" else Fraction(0)
        return Angle(self.phase.rational, self.phase.of_pi - quarter)

    @property
    def reach(self) -> Fraction:
        """A bound for |x|."""
        return max(abs(self.lo), abs(self.hi))


class Folding(NamedTuple):
    """y = q x + p with values in [-1, 1], to be folded s times; `line` is what its rounding costs."""

    q: Fraction
    p: Fraction
    s: int
    line: Line

    @property
    def travel(self) -> Fraction:
        """The slope of z = h_s(|y|), in modulus."""
        return abs(self.q) * Fraction(2**self.s)

    def largest(self, wave: Wave) -> Fraction:
        """The largest z."""
        if self.s:
            return Fraction(1)
        return max(abs(self.q * x + self.p) for x in (wave.lo, wave.hi))


def wave_of(function: str, a: str, phase: str, lo: Fraction, hi: Fraction) -> Wave:
    """Read a wave from the parameters of a record.

    Examples
    --------
    >>> print(wave_of("sin", "2*pi", "1/3", Fraction(0), Fraction(1)).target)
    sin(2*pi*x + 1/3)
    """
    if function not in ("cos", "sin"):
        raise ValueError(f"a wave must be cos or sin, got {function!r}")
    return Wave(function, to_angle(a), to_angle(phase), lo, hi)


@lru_cache(maxsize=64)
def folding(wave: Wave, digits: int) -> Folding:
    """Return y and the number of folds, with q and p rounded to so many binary digits if they are irrational.

    Raises
    ------
    ValueError
        If the frequency would need more than a million folds.

    Examples
    --------
    >>> folding(wave_of("cos", "2*pi", "0", Fraction(-1), Fraction(1)), 20)[:3]
    (Fraction(1, 1), Fraction(0, 1), 1)
    """
    a, shift = (angle.over_pi(64) for angle in (wave.a, wave.shift))
    largest = max(map(abs, a)) * wave.reach + max(map(abs, shift))
    s = max(0, largest.numerator.bit_length() - largest.denominator.bit_length() - 2)
    if s > MOST_FOLDS:
        raise ValueError(f"the frequency would need {shown(s)} folds; at most {MOST_FOLDS} are built")
    a, shift = (angle.over_pi(digits + s + 64) for angle in (wave.a, wave.shift))
    while _reach(wave, made := _rounded(wave, a, shift, s, digits)) > 1:
        s += 1
    return made


def _rounded(
    wave: Wave, a: tuple[Fraction, Fraction], shift: tuple[Fraction, Fraction], s: int, digits: int
) -> Folding:
    pairs = [(_nearest(ends, s, digits)) for ends in (a, shift)]
    (q, q_error), (p, p_error) = pairs
    turn = PI_ABOVE * 2**s
    value = turn * (q_error * wave.reach + p_error)
    slope = turn * q_error + max(map(abs, wave.a.enclosure(64))) * value
    name = f"frequency and phase, rounded to {digits} binary digits behind the point"
    return Folding(q, p, s, Line(name, above(value), above(slope)))


def _nearest(ends: tuple[Fraction, Fraction], s: int, digits: int) -> tuple[Fraction, Fraction]:
    """A number of an interval over 2^s: itself if it is one rational, else a dyadic one near it."""
    lower, upper = (end / 2**s for end in ends)
    return (lower, Fraction(0)) if lower == upper else dyadic(lower, upper, digits + s)


def _reach(wave: Wave, made: Folding) -> Fraction:
    return max(abs(made.q * x + made.p) for x in (wave.lo, wave.hi))


class WaveCircuit(NamedTuple):
    """The circuit of a wave, and where its parts are: z, and the stages v_0, ..., v_r of 1 - cos(pi z)."""

    circuit: Circuit
    z: Form
    stages: tuple[Form, ...]


def wave_circuit(wave: Wave, shape: Shape, digits: int, m: int) -> WaveCircuit:
    """Write the circuit of a wave with m levels in every square.

    Examples
    --------
    >>> wave = wave_of("cos", "2*pi", "0", Fraction(-1), Fraction(1))
    >>> [gate.kind for gate in wave_circuit(wave, Shape(1, 1, 20), 20, 5).circuit.gates]
    ['fold', 'square', 'square', 'scaling']
    """
    fold = folding(wave, digits)
    wiring = Wiring(((wave.lo, wave.hi),), m)
    z = wiring.fold(wiring.inputs[0] * fold.q + fold.p, fold.s)
    stages = tuple(versine(wiring, z, shape))
    return WaveCircuit(wiring.circuit([1 - stages[-1]]), z, stages)


def wave_lines(wave: Wave, shape: Shape, digits: int) -> tuple[Line, ...]:
    """What a wave with exact gates is off, part by part.

    Examples
    --------
    >>> wave = wave_of("cos", "2*pi", "0", Fraction(-1), Fraction(1))
    >>> len(wave_lines(wave, Shape(3, 3, 40), 20))
    2
    """
    fold = folding(wave, digits)
    lines = truncation_lines(shape, fold.largest(wave), fold.travel)
    return (*lines, fold.line) if fold.line.value_error or fold.line.derivative_error else lines


def demand_wave(made: WaveCircuit, wave: Wave, shape: Shape, digits: int) -> None:
    """Refuse a circuit that does not fold the wave to half a period and double the versine there.

    Raises
    ------
    DerivationRefused
    """
    fold, (circuit, z, stages) = folding(wave, digits), made
    y = Form.of_wire(0) * fold.q + fold.p
    gate = circuit.gates[0] if circuit.gates else None
    if gate is not None and gate.kind == "fold":
        folded = gate.m == fold.s and gate.arguments == (y,) and z == Form.of_wire(1)
    else:
        folded = fold.s == 0 and z in (y, y * -1)
    if not folded or _reach(wave, fold) > 1:
        raise DerivationRefused("the circuit does not fold its input as its record says")
    demand_versine(circuit, z, stages, shape)
    if circuit.outputs != (1 - stages[-1],):
        raise DerivationRefused("the output of the circuit is not 1 minus the last versine")


class Turn(NamedTuple):
    """An exact wire with the value h_s(|q x + p|); s is -1 for q x + p itself."""

    q: Fraction
    p: Fraction
    s: int

    @property
    def frequency(self) -> Fraction:
        """The number f with cos(pi z) = cos(pi (f x + phase)), in modulus."""
        return abs(self.q) * Fraction(2 ** max(self.s, 0))


def turn_of(circuit: Circuit, z: Form) -> Turn | None:
    """Read what an exact form of a circuit with one input is; None if it is no fold of the input.

    h_m(h_s(|y|)) = h_{s+m}(|y|) for |y| <= 1, so chains of folds are one fold.

    Examples
    --------
    >>> wiring = Wiring(((Fraction(-1), Fraction(1)),), 5)
    >>> z = wiring.fold(wiring.fold(wiring.inputs[0], 3), 2)
    >>> turn_of(wiring.circuit([wiring.square(z)]), z)
    Turn(q=Fraction(1, 1), p=Fraction(0, 1), s=5)
    """
    if len(z.terms) != 1:
        return None
    ((wire, c),) = z.terms
    if wire == 0:
        return Turn(c, z.constant, -1)
    gate = circuit.gates[wire - 1]
    if gate.kind != "fold" or z != Form.of_wire(wire):
        return None
    inner = turn_of(circuit, gate.arguments[0])
    if inner is None or any(abs(end) > 1 for end in gate.reach[0]):
        return None
    return inner._replace(s=max(inner.s, 0) + gate.m)
