"""Certify: the time from nothing to a certificate, by pieces and by derivation, against its targets.

The reference for a piece is the enumeration by Fractions followed by the exact suprema of both errors on
every piece; for a point it is a loop over dense layers of Fractions.  Nothing naive certifies 2^3322 pieces,
so the derivation stands alone.  A first value includes the preparation of the weights for fixed point.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import itertools
from fractions import Fraction

import numpy as np
from measure import best, machine, verdict
from pieces import affine, naive_pieces

from relu_constructions import Status, certify, square

TARGETS = {"pieces": 1.5, "build": 1.0, "derivation": 1.0, "evaluation": 0.1}
"""The seconds within which each must be done."""


def naive_errors(phi, lo, hi):
    """Return sup |x^2 - R(phi)| and ess sup |2x - D(phi)| over [lo, hi], piece by piece in Fractions."""
    points = naive_pieces(phi, lo, hi)
    value, derivative = Fraction(0), Fraction(0)
    for (x, u), (y, v) in itertools.pairwise(points):
        slope = (v - u) / (y - x)
        inner = [(t, u + slope * (t - x)) for t in (slope / 2,) if x < t < y]
        value = max(value, *(abs(t * t - w) for t, w in ((x, u), (y, v), *inner)))
        derivative = max(derivative, abs(2 * x - slope), abs(2 * y - slope))
    return value, derivative


def naive_value(phi, x):
    """Return R(phi)(x) by dense layers of Fractions."""
    values = [x]
    for index, (A, b) in enumerate(phi, start=1):
        values = affine(A, b, values)
        if index < len(phi):
            values = [max(v, Fraction(0)) for v in values]
    return values[0]


def by_pieces(eps="1e-6", naive_levels=12, repetitions=5):
    """Time building and enumerating a squaring network, per piece against Fractions."""
    small = square(m=naive_levels)
    slow, errors = best(lambda: naive_errors(small, 0, 1), 2)
    expected = certify(small, method="pieces")
    assert errors == (expected.value_error.exact(), expected.derivative_error.exact())
    seconds, certificate = best(lambda: certify(square(eps), method="pieces"), repetitions)
    assert certificate.status is Status.PROVED
    ratio = (slow / 2**naive_levels) / (seconds / certificate.pieces)
    report(f"square({eps!r}) by {certificate.pieces:,} pieces", seconds, "pieces", ratio)


def by_derivation(eps="1e-1000", repetitions=5):
    """Time building, certifying by derivation and evaluating a network of thousands of layers."""
    x = Fraction(1, 3)
    build, phi = best(lambda: square(eps), repetitions)
    seconds, certificate = best_of_fresh(lambda psi: certify(psi, method="derivation"), eps, repetitions)
    assert certificate.status is Status.PROVED
    first, value = best_of_fresh(lambda psi: psi(x), eps, repetitions)
    again, _ = best(lambda: phi(x), repetitions + 1)
    slow, expected = best(lambda: naive_value(phi, x), 2)
    assert value == expected == x * x + Fraction(2, 9) / 4 ** (phi.depth - 1)
    report(f"square({eps!r}) built, {phi.depth} layers", build, "build")
    report("  certified by derivation", seconds, "derivation")
    report("  first exact value at 1/3", first, "evaluation", slow / first)
    report("  the same again", again, "evaluation", slow / again)


def best_of_fresh(work, eps, repetitions):
    """Return the least time of a call on a network that was just built, and what it returned."""
    networks = iter([square(eps) for _ in range(repetitions)])
    return best(lambda: work(next(networks)), repetitions)


def report(what, seconds, target, ratio=None):
    """Print one line: the time, the target, and the ratio against Fractions."""
    against = "" if ratio is None else f"{ratio:.0f} x"
    print(f"  {what:<38}  {1e3 * seconds:8.1f} ms  {against:>7}  {verdict(seconds, TARGETS[target])}")


if __name__ == "__main__":
    print(machine(), f"numpy {np.__version__}", sep=", ")
    print(f"  {'':<38}  {'time':>11}  {'ratio':>7}")
    by_pieces()
    by_derivation()
