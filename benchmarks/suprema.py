"""Suprema: the time to enclose both errors against smooth functions, given the pieces, beside Sollya's.

The pieces are those of the interpolant of f at k/N on [0, 1], its vertices rounded to 60 bits.  Sollya's loop
of infnorm over the same pieces, for the value and for the derivative, runs beside; its results must agree.
The excess is how far the upper end is above the supremum, relatively, which a second run encloses to 1e-12.
Pass --quick for small sizes.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import flint
import numpy as np
from measure import best, machine, verdict

from relu_constructions.pieces import Pieces
from relu_constructions.supremum import suprema
from relu_constructions.targets import to_target

BITS = 60
FUNCTIONS = {
    "cos(2*pi*x)": lambda x: (2 * x * flint.arb.pi()).cos(),
    "sin(x)": lambda x: x.sin(),
    "exp(x)": lambda x: x.exp(),
}
TOLERANCE, TIGHT = Fraction(1, 1000), Fraction(1, 10**12)
RATIO = 1000
"""How many times as fast as Sollya we must be."""
EXCESS = {0: 1e-2, 10: 1e-6}
"""How far above the supremum the upper end may be, from how many levels on."""
SECONDS = {20: 3.0}
SOLLYA = """\
prec = 165!; display = hexadecimal!;
f = {f}; g = diff(f); N = 2^{levels}; value = 0; slope = 0;
for i from 0 to N - 1 do {{
  a = i/N; b = (i + 1)/N;
  u = floor(f(a)*2^{bits} + 1/2)/2^{bits}; v = floor(f(b)*2^{bits} + 1/2)/2^{bits};
  s = (v - u)*N;
  r = sup(infnorm(f - (u + s*(x - a)), [a; b])); if r > value then value = r;
  r = sup(infnorm(g - s, [a; b])); if r > slope then slope = r;
}};
print(value); print(slope);
quit;
"""


def interpolant(name, levels):
    """Return the pieces of the interpolant of a function at multiples of 2^-levels."""
    function, N, vertices = FUNCTIONS[name], 2**levels, []
    with flint.ctx.workprec(2 * BITS):
        for k in range(N + 1):
            vertices.append(int((function(flint.arb(k) / N) * 2**BITS + 0.5).floor().unique_fmpz()))
    return Pieces(np.arange(N + 1), N, np.array(vertices), 2**BITS, "int64")


def by_sollya(name, levels):
    """Return the seconds and the upper ends of both errors by Sollya; None where it is absent."""
    if shutil.which("sollya") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "infnorm.sollya"
        script.write_text(SOLLYA.format(f=name, levels=levels, bits=BITS))
        command = ["sollya", "--warnonstderr", str(script)]
        seconds, done = best(lambda: subprocess.run(command, capture_output=True, text=True, check=True), 1)
    return seconds, [_hexadecimal(line) for line in done.stdout.split()]


def _hexadecimal(text):
    """Read a number such as 0x1.8p-3 exactly."""
    mantissa, _, exponent = text.removeprefix("0x").partition("p")
    whole, _, part = mantissa.partition(".")
    return Fraction(int(whole + part, 16), 16 ** len(part)) * Fraction(2) ** int(exponent or 0)


def excess(found, tight):
    """Return how far the upper ends of the value and of the derivative are above the suprema, relatively."""
    pairs = zip(found, tight, strict=True)
    return [float(s.enclosure.upper / t.enclosure.lower - 1) for s, t in pairs]


def row(name, levels, repetitions, sollya):
    """Print one line of the table."""
    target, given = to_target(name), interpolant(name, levels)
    seconds, found = best(lambda: suprema(target, given, TOLERANCE), repetitions)
    above = excess(found, suprema(target, given, TIGHT))
    goals = [verdict(seconds, SECONDS[levels])] if levels in SECONDS else []
    goals += [verdict(max(above), EXCESS[max(k for k in EXCESS if k <= levels)])]
    line = f"  {name:<12} {levels:2}  {1e3 * seconds:9.2f} ms  {2**levels / seconds / 1e6:6.2f} M/s"
    line += f"  {above[0]:8.1e} {above[1]:8.1e}"
    theirs = by_sollya(name, levels) if sollya else None
    if theirs is None:
        print(f"{line}  {'':>17}  {'; '.join(goals)}")
        return
    assert all(s.enclosure.lower <= upper for s, upper in zip(found, theirs[1], strict=True))
    ratio = theirs[0] / seconds
    goals += [verdict(ratio, RATIO, at_least=True)] if levels >= 14 else []
    print(f"{line}  {theirs[0]:6.2f} s  {ratio:6.0f} x  {'; '.join(goals)}")


def table(levels, sollya_levels, repetitions=9):
    """Print the times for several numbers of pieces, 2^levels."""
    print("  function  2^  pieces       time   pieces/s     excess of both     Sollya   ratio")
    for name in FUNCTIONS:
        for level in levels:
            row(name, level, repetitions if level < 18 else 3, level in sollya_levels)


if __name__ == "__main__":
    quick = "--quick" in sys.argv[1:]
    print(machine(), f"numpy {np.__version__}", sep=", ")
    if shutil.which("sollya") is None:
        print("Sollya is absent: no comparison (Debian has it as the package sollya)")
    table((4, 10) if quick else range(4, 21, 2), (4,) if quick else (4, 10, 14))
