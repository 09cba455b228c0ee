"""Pieces: affine pieces per second, by both kernels and by plain Fractions.

The reference is the obvious algorithm in Fractions, written out below: push the breakpoints through the
layers, insert the zeros of every neuron, merge equal slopes.  It runs on a smaller network of the same form
(larger ones only slow it down), and its result must equal that of the kernel.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import itertools
import resource
import sys
from fractions import Fraction

import numpy as np
from measure import best, machine, verdict

from relu_constructions import Parametrization, pieces, square

FORMS = ("sparse", "yarotsky", "epgb")
UNIT = (0, 1)
SPEEDS = {"int64": 2e6, "integers": 4e4}
"""The pieces per second that a kernel must reach, at 20 levels and at any size."""


def naive_pieces(phi, lo, hi):
    """Return the breakpoints of R(phi) on [lo, hi] and its values there, by Fractions."""
    points = [(Fraction(lo), [Fraction(lo)]), (Fraction(hi), [Fraction(hi)])]
    for index, (A, b) in enumerate(phi, start=1):
        points = [(x, affine(A, b, values)) for x, values in points]
        if index < len(phi):
            points = with_zeros(points)
            points = [(x, [max(v, 0) for v in values]) for x, values in points]
    return merged([(x, values[0]) for x, values in points])


def affine(A, b, values):
    """Apply one layer to the values at one point."""
    return [sum((a * v for a, v in zip(row, values, strict=True)), c) for row, c in zip(A, b, strict=True)]


def with_zeros(points):
    """Insert the zeros of all neurons, each of which is affine between neighbouring points."""
    refined = points[:1]
    for (x, left), (y, right) in itertools.pairwise(points):
        parts = {u / (u - v) for u, v in zip(left, right, strict=True) if u * v < 0}
        for t in sorted(parts):
            refined.append((x + t * (y - x), [u + t * (v - u) for u, v in zip(left, right, strict=True)]))
        refined.append((y, right))
    return refined


def merged(points):
    """Drop the points at which the slope does not change."""
    slopes = [(v - u) / (y - x) for (x, u), (y, v) in itertools.pairwise(points)]
    kept = [p for p, before, after in zip(points[1:], slopes, slopes[1:], strict=False) if before != after]
    return [points[0], *kept, points[-1]]


def naive_speed(phi, domain=UNIT, kernel="auto"):
    """Return the pieces per second by Fractions, after comparing the result with the kernel's."""
    seconds, points = best(lambda: naive_pieces(phi, *domain), 2)
    found = pieces(phi, domain, kernel=kernel)
    assert points == list(zip(found.breakpoints, found.values, strict=True))
    return (len(points) - 1) / seconds


def peak_memory():
    """Return the largest memory of this process so far, in GiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30


def foldings(kernel, levels, naive_levels=12, repetitions=3):
    """Print the speed of a kernel on squaring networks, and return the largest time in seconds."""
    reference = {form: naive_speed(square(m=naive_levels, form=form), kernel=kernel) for form in FORMS}
    rates = ", ".join(f"{form} {rate / 1e3:.1f}" for form, rate in reference.items())
    print(f"\n{kernel} kernel on squaring networks; Fractions, m = {naive_levels}: {rates} k pieces/s")
    print("   m  form          pieces   seconds   k pieces/s   ratio   peak GiB")
    worst = 0.0
    for m, form in itertools.product(levels, FORMS):
        worst = max(worst, folding(kernel, m, form, reference[form], repetitions))
    return worst


def folding(kernel, m, form, reference, repetitions):
    """Print one line of the table, and return the seconds."""
    phi = square(m=m, form=form)
    seconds, found = best(lambda: pieces(phi, UNIT, kernel=kernel), repetitions)
    assert len(found) == 2**m
    rate = len(found) / seconds
    sizes = f"  {m:2}  {form:<8}  {len(found):10,}  {seconds:8.3f}"
    goal = verdict(rate, SPEEDS[kernel], at_least=True) if kernel == "integers" or m == 20 else ""
    print(f"{sizes}  {rate / 1e3:11,.0f}  {rate / reference:6.0f}  {peak_memory():9.2f}  {goal}".rstrip())
    return seconds


def random_network(depth, width, seed=0):
    """Make a dense network of normally distributed float64 weights, each taken as the rational that it is."""
    rng = np.random.default_rng(seed)
    sizes = [1, *[width] * (depth - 1), 1]
    shapes = itertools.pairwise(sizes)
    return Parametrization.from_floats(
        (rng.normal(size=(rows, columns)) / columns**0.5, rng.normal(size=rows)) for columns, rows in shapes
    )


def random_networks(shapes, domain=(-4, 4), repetitions=10):
    """Print the speed of the general kernel on dense random networks, beside Fractions on the same ones."""
    print("\nintegers kernel on dense random float64 networks")
    print("  depth  width   pieces   seconds   pieces/s   ratio")
    for depth, width in shapes:
        phi = random_network(depth, width)
        seconds, found = best(lambda phi=phi: pieces(phi, domain, kernel="integers"), repetitions)
        rate = len(found) / seconds
        ratio = rate / naive_speed(phi, domain, "integers")
        print(f"  {depth:5}  {width:5}  {len(found):7}  {seconds:8.3f}  {rate:9,.0f}  {ratio:6.1f}")


if __name__ == "__main__":
    print(machine())
    slowest = foldings("int64", (10, 14, 18, 20, 22))
    print(f"  m = 22 within {slowest:.2f} s, {verdict(slowest, 4)}")
    print(f"  in {peak_memory():.2f} GiB, {verdict(peak_memory(), 4)}")
    random_networks([(depth, width) for width in (16, 32) for depth in (3, 4)])
    foldings("integers", (10, 14, 18, 20), naive_levels=10, repetitions=2)
