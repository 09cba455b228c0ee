"""Derivation: the time to build and certify a polynomial in three variables, down to an accuracy of 1e-1000.

x1^2 x2^3 - 7 x1 x3 + x3^5/3 on [0, 1]^3.  The certificate evaluates the network exactly at several points and
bounds its errors on the whole cube; the peer only evaluates it at one point, layer by layer in Fractions, and
skips all zeros.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
from fractions import Fraction

from measure import best, machine, verdict

from relu_constructions import Status, certify, polynomial, product

POLYNOMIAL = "x1**2*x2**3 - 7*x1*x3 + x3**5/3"
POINT = (Fraction(1, 3), Fraction(2, 7), Fraction(3, 5))
ACCURACIES = ("1e-10", "1e-30", "1e-100", "1e-300", "1e-1000")
TARGETS = {"1e-100": 5.0, "1e-1000": 60.0}
"""The seconds for building and certifying."""
PRODUCT_TARGET = 5e-3


def naive_value(phi, point):
    """Evaluate layer by layer in Fractions, nonzeros only."""
    values = list(point)
    for index, layer in enumerate(phi, start=1):
        values = [row(values) for row in map(_affine, layer.rows)]
        if index < phi.depth:
            values = [max(v, Fraction(0)) for v in values]
    return values[0]


def _affine(row):
    weights = [(j, Fraction(n, row.denominator)) for j, n in zip(row.columns, row.numerators, strict=True)]
    bias = Fraction(row.bias, row.denominator)
    return lambda values: sum((w * values[j] for j, w in weights), bias)


def cost(eps, naive=True):
    """Print one line: build, certify, and both for one nonzero, against evaluating at one point."""
    build, phi = best(lambda: polynomial(POLYNOMIAL, eps), 1)
    seconds, certificate = best(lambda: certify(phi, method="derivation"), 1)
    assert certificate.status is Status.PROVED
    total = build + seconds
    line = f"  {eps:<8}{phi.depth:>7}{phi.connectivity:>10,}{build:10.2f} s{seconds:10.2f} s"
    line += f"{1e6 * total / phi.connectivity:10.1f} us"
    if naive:
        slow, value = best(lambda: naive_value(phi, POINT), 1)
        assert value == phi(list(POINT))[0]
        line += f"{slow:10.2f} s{total / slow:8.2f}"
    print(line + (f"  {verdict(total, TARGETS[eps])}" if eps in TARGETS else ""), flush=True)
    return total


def products(repetitions=20):
    """Time building a product."""
    seconds, phi = best(lambda: product("1e-6"), repetitions)
    print(f"  product('1e-6'), {phi.connectivity} nonzeros: {1e3 * seconds:.2f} ms", end="  ")
    print(verdict(1e3 * seconds, 1e3 * PRODUCT_TARGET))


def report(accuracies):
    """Print the table."""
    head = f"  {'eps':<8}{'depth':>7}{'nonzeros':>10}{'build':>12}{'certify':>12}{'a nonzero':>13}"
    print(f"{POLYNOMIAL} on [0, 1]^3")
    print(f"{head}{'one point':>12}{'ratio':>8}")
    for eps in accuracies:
        cost(eps)
    products()


if __name__ == "__main__":
    print(machine())
    report(ACCURACIES[:2] if "--quick" in sys.argv[1:] else ACCURACIES)
