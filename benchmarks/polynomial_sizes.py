"""Sizes: every strategy for polynomials against the network of EPGB, at the same accuracy in W^{1,inf}.

The sizes are exact counts of networks that are built and certified in this run, EPGB's among them (see `epgb`
for what of it is published).  Printed for each strategy: connectivity, depth x width; then the ratio of
EPGB's connectivity to that of ``strategy="auto"``, whether the latter is the least, and how far the two ends
of the certified derivative error are apart.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import statistics
import sys
import time
from typing import NamedTuple

import sympy
from epgb import epgb
from measure import machine, verdict

from relu_constructions import Status, certify, polynomial
from relu_constructions.polynomial_circuits import STRATEGIES

ACCURACIES = ("1e-2", "1e-6", "1e-12", "1e-30")
PLANS = (*STRATEGIES, "auto")
SYMMETRIC = (-1, 1)
QUICK = ("x^5", "Chebyshev T4", "(x + y)^4 - 3xy + y")
TARGETS = {"ratio": 1.0, "median": 4.0, "slack": 16.0}


def polynomials():
    """Return the polynomials with their domains, [0, 1]^d if there is none."""
    x = sympy.Symbol("x")
    classical = {
        f"{name}{n}": (sympy.expand(family(n, x)), SYMMETRIC)
        for name, family in (("Legendre P", sympy.legendre), ("Chebyshev T", sympy.chebyshevt))
        for n in (4, 8, 16, 32)
    }
    return {
        "x^5": ("x**5", None),
        "x^16": ("x**16", None),
        "x1^2 x2^3 - 7 x1 x3 + x3^5/3": ("x1**2*x2**3 - 7*x1*x3 + x3**5/3", None),
        **classical,
        "Wilkinson, degree 20": (sympy.expand(sympy.prod(20 * x - j for j in range(1, 21))), None),
        "Taylor's of exp, degree 12": (sum(x**k / sympy.factorial(k) for k in range(13)), SYMMETRIC),
        "x^40 - 3 x^17 + x^2/5": ("x**40 - 3*x**17 + x**2/5", None),
        "(x + y)^4 - 3xy + y": ("(x + y)**4 - 3*x*y + y", None),
        "xyz - x^2 z^4/2 + y^3 on [-2, 2]^3": ("x*y*z - x**2*z**4/2 + y**3", [(-2, 2)] * 3),
    }


class Size(NamedTuple):
    """The size of a network, and the quotient of the two ends of its derivative error if it was certified."""

    connectivity: int
    depth: int
    width: int
    slack: float | None = None

    def __str__(self):
        return f"{self.connectivity} {self.depth}x{self.width}"


def size_of(phi, slack=None):
    """Measure a network."""
    return Size(phi.connectivity, phi.depth, phi.width, slack)


def ours(p, eps, domain, plan):
    """Build and certify a network by one strategy; None where the strategy is not for this polynomial."""
    try:
        phi = polynomial(p, eps, domain=domain, strategy=plan)
    except ValueError as error:
        if "for one variable" not in str(error):
            raise
        return None
    certificate = certify(phi, method="derivation")
    assert certificate.status is Status.PROVED
    error = certificate.derivative_error
    return size_of(phi, float(error.upper / error.lower))


def compare(name, accuracies):
    """Print one polynomial, a line for each accuracy; return the sizes."""
    p, domain = polynomials()[name]
    found = []
    for eps in accuracies:
        row = {plan: ours(p, eps, domain, plan) for plan in PLANS}
        row["EPGB"] = size_of(epgb(p, eps, domain=domain).phi)
        found.append(row)
        cells = " ".join(f"{'-' if size is None else str(size):>14}" for size in row.values())
        print(f"  {eps:<6}{cells} {ratio(row):6.2f}{'' if is_least(row) else '  not the least'}", flush=True)
    return found


def ratio(row):
    """The connectivity of EPGB's network over that of ours."""
    return row["EPGB"].connectivity / row["auto"].connectivity


def is_least(row):
    """Whether ``"auto"`` is as small as all others."""
    return row["auto"].connectivity <= min(size.connectivity for size in row.values() if size is not None)


def report(names, accuracies):
    """Compare and sum up."""
    start = time.perf_counter()
    print(f"  {'eps':<6}{' '.join(f'{plan:>14}' for plan in (*PLANS, 'EPGB'))}  ratio")
    rows = {}
    for name in names:
        print(name)
        rows |= {(name, eps): row for eps, row in zip(accuracies, compare(name, accuracies), strict=True)}
    others = [key for key, row in rows.items() if not is_least(row)]
    ratios = {key: ratio(row) for key, row in rows.items()}
    slacks = [size.slack for row in rows.values() for size in row.values() if size and size.slack]
    least, most = min(ratios, key=ratios.get), max(ratios, key=ratios.get)
    print(f"auto is the least in {len(rows) - len(others)} of {len(rows)} cases", *others, sep="; ")
    print(f"EPGB/auto: median {statistics.median(ratios.values()):.2f}", end=", ")
    print(f"least {ratios[least]:.2f} at {least}, largest {ratios[most]:.2f} at {most}", end=" ")
    print(verdict(ratios[least], TARGETS["ratio"], at_least=True))
    print(f"slack of {len(slacks)} certificates: median {statistics.median(slacks):.2f}", end=" ")
    print(verdict(statistics.median(slacks), TARGETS["median"]), end=", ")
    print(f"largest {max(slacks):.2f}", end=" ")
    print(verdict(max(slacks), TARGETS["slack"]))
    print(f"in {time.perf_counter() - start:.0f} s")
    return rows


if __name__ == "__main__":
    print(machine())
    if "--quick" in sys.argv[1:]:
        report(QUICK, ACCURACIES[:2])
    else:
        report(polynomials(), ACCURACIES)
