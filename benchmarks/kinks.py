"""Kinks: the time to list them with both derivatives of R(Phi) and D(Phi), beside a loop over the points.

The loop takes the kinks as given, and calls `derivative` once and `one_sided_derivative` twice at each; the
listing finds them as well.  Both are exact and must agree.  Of many kinks the loop takes some, evenly spread.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import itertools

import numpy as np
from measure import best, machine, verdict

from relu_constructions import Parametrization, PiecewiseLinear, derivative, one_sided_derivative, square
from relu_constructions.kinks import kinks

WORK = 2**16
"""So many neurons times kinks the loop evaluates, or a few more."""
SECONDS = 10.0
"""So many seconds 2^16 kinks may take, the report included."""


def float_network(sizes):
    """Make a dense network of normally distributed float64 weights, each taken as the rational that it is."""
    rng = np.random.default_rng(0)
    return Parametrization.from_floats(
        (rng.normal(size=(rows, columns)) / columns**0.5, rng.normal(size=rows))
        for columns, rows in itertools.pairwise(sizes)
    )


def cases(levels):
    """Yield names, networks and domains, with about 2^levels kinks for each of some levels."""
    for m in levels:
        yield f"square, four neurons, m = {m}", square(m=m, form="yarotsky"), (0, 1)
        yield f"square, sparse, m = {m}", square(m=m), (0, 1)
        yield f"shallow, {2**m} neurons", PiecewiseLinear.interpolant("x**2", 2**m).network(), (0, 1)
    for sizes in ((1, 32, 32, 1), (1, 100, 100, 1), (1, 32, 32, 32, 1)):
        yield f"floats, {'-'.join(map(str, sizes))}", float_network(sizes), (-4, 4)


def one_by_one(phi, points):
    """Return what `kinks` returns, point by point."""
    return [
        (x, one_sided_derivative(phi, x, -1), one_sided_derivative(phi, x, 1), derivative(phi, x))
        for x in points
    ]


def row(name, phi, domain, repetitions):
    """Print one line of the table, and return the seconds and the number of kinks."""
    seconds, found = best(lambda: kinks(phi, domain), repetitions)
    report, _ = best(lambda: str(kinks(phi, domain)), 1)
    sample = found[:: max(1, phi.neurons * len(found) // WORK)]
    loop, expected = best(lambda: one_by_one(phi, [kink.x for kink in sample]), 1)
    assert list(sample) == expected
    each, ratio = seconds / len(found), loop / len(sample) * len(found) / seconds
    print(f"  {name:<32} {len(found):7}  {seconds:7.3f}  {report:7.3f}  {1e6 * each:8.1f}  {ratio:6.1f} x")
    return report, len(found)


def table(levels, repetitions=3):
    """Print the times for several networks, and whether 2^16 kinks are listed in seconds."""
    print("  network                            kinks  seconds  +report  us a kink   a loop takes")
    for name, phi, domain in cases(levels):
        seconds, count = row(name, phi, domain, repetitions)
        if count >= 2**16:
            print(f"    {verdict(seconds, SECONDS)}")


if __name__ == "__main__":
    print(machine())
    table((8, 12, 16))
