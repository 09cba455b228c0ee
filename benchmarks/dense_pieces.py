"""Dense pieces: networks with general float weights, by filtered arithmetic and by exact rationals.

The weights are normally distributed float64 numbers, each taken as the rational that it is.  Both routes
decide the number and the order of the pieces rigorously; the filtered one encloses breakpoints, values and
slopes, the exact one computes rationals of hundreds of digits.  Their results are compared piece by piece.
The least time of several runs is shown; the first one also rounds the weights, about half as much again.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import itertools
from fractions import Fraction

import numpy as np
from measure import best, machine, verdict

from relu_constructions import Parametrization, pieces
from relu_constructions.filtered import filtered_pieces

DOMAIN = (Fraction(-4), Fraction(4))
TARGET = 1e4
"""The pieces per second at width 64 and depth 4."""


def dense_network(depth, width, seed=0):
    """Make a dense network of normally distributed float64 weights."""
    rng = np.random.default_rng(seed)
    shapes = itertools.pairwise([1, *[width] * (depth - 1), 1])
    return Parametrization.from_floats(
        (rng.normal(size=(rows, columns)) / columns**0.5, rng.normal(size=rows)) for columns, rows in shapes
    )


def compared(phi, found):
    """Return the seconds of the exact kernel, after comparing every number with its enclosure."""
    seconds, exact = best(lambda: pieces(phi, DOMAIN, kernel="integers"), 1)
    assert len(exact) == len(found)
    for middle, radius, numbers in (
        (found.x, found.x_error, exact.breakpoints),
        (found.v, found.v_error, exact.values),
        (found.s, found.s_error, exact.slopes),
    ):
        triples = zip(middle.tolist(), radius.tolist(), numbers, strict=True)
        assert all(abs(Fraction(m) - number) <= Fraction(r) for m, r, number in triples)
    return seconds


def report(shapes, repetitions=10):
    """Print the speed of the filtered route and its ratio to the exact one, and return the speeds."""
    print("depth  width  pieces   seconds   pieces/s   ratio  largest errors in x, v, s")
    rates = {}
    for depth, width in shapes:
        phi = dense_network(depth, width)
        seconds, found = best(lambda phi=phi: filtered_pieces(phi.layers, DOMAIN), repetitions)
        rate = rates[depth, width] = len(found) / seconds
        ratio = compared(phi, found) / seconds
        errors = ", ".join(f"{error.max():.0e}" for error in (found.x_error, found.v_error, found.s_error))
        goal = verdict(rate, TARGET, at_least=True) if (depth, width) == (4, 64) else ""
        sizes = f"{depth:5}  {width:5}  {len(found):6}"
        print(f"{sizes}  {seconds:8.4f}  {rate:9,.0f}  {ratio:6.1f}  {errors}  {goal}".rstrip())
    return rates


if __name__ == "__main__":
    print(machine())
    report([(3, 16), (4, 16), (3, 64), (4, 64), (4, 128), (8, 32)])
