"""Minimality: how many hidden neurons it takes until no convention c makes D(Phi) right at a kink.

All networks with one input, one output and integer parameters of modulus at most a bound; the output bias,
which has no influence, is left out.  At 0, a kink for many of the biases, D(Phi) is a polynomial in c, and it
is decided in integers whether a real c takes it into the Clarke subdifferential, the interval between the
one-sided derivatives.  The search goes layer by layer.  All that the layers above need to know of those below
are the value, both one-sided derivatives and the polynomial of every neuron at 0; networks that agree in them
are counted and go on as one.  Outputs that are multiples of each other are one, too, because the factor comes
out of D and of both derivatives.  The reference decides the same network by network, through the public
functions, for a sample and in the same run.  The second question is whether one of c = 0 and c = 1/2 is right
at all kinks of a network at once.

proofs/three_neurons.py proves for all weights what is searched here; pass --quick for small bounds.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import itertools
import math
import random
import sys
from typing import NamedTuple

import numpy as np
from measure import best, machine, verdict

from relu_constructions import Parametrization, derivative
from relu_constructions.directional_derivative import one_sided_derivative

WIDTHS = [(1,), (2,), (3,), (1, 1), (2, 1), (1, 2), (1, 1, 1)]
"""The widths of the hidden layers, for at most three neurons."""
LEFT, RIGHT, POLYNOMIAL = 1, 2, 3
"""Where a neuron has its one-sided derivatives and its polynomial; its value is in front."""
DEGREE = 3
LIMIT = 2**29
"""No integer may exceed this; 4 p r, 4 r times a bound and q^2 in `some_convention` are then at most 2^60."""
RATIO = 1000
"""How many times as fast as the public functions the search must be, except for small bounds."""


class States(NamedTuple):
    """What layers can be at 0, how many networks are so, and the parameters of a smallest one of them."""

    neurons: np.ndarray
    networks: np.ndarray
    smallest: np.ndarray


class Found(NamedTuple):
    """How many networks there are, for how many neither 0 nor 1/2 and no c is right at 0, and a smallest."""

    networks: int
    neither: int
    none: int
    smallest: tuple[int, ...] | None


def size(parameters):
    """Return the number of nonzeros and, behind it, the sum of the absolute values."""
    return 1000 * np.count_nonzero(parameters, axis=-1) + np.abs(parameters).sum(axis=-1)


def grid(length, bound):
    """Return all integer vectors with entries of modulus at most the bound, small ones first."""
    vectors = np.array(list(itertools.product(range(-bound, bound + 1), repeat=length)))
    return vectors[np.argsort(size(vectors), kind="stable")]


def identity(value):
    """Return the input as a neuron: its value, and the derivative 1 on both sides and for every c."""
    return np.array([[[value, 1, 1, 1] + [0] * DEGREE]])


def distinct(rows):
    """Return the different rows, where each is found first, and which of them each row is."""
    flat = rows.reshape(len(rows), -1)
    _, first, which = np.unique(flat, axis=0, return_index=True, return_inverse=True)
    return first, which.reshape(-1)


def relu(neurons):
    """Apply rho to the values, slopes and polynomials of neurons; where a value is zero c is a factor."""
    values, after = neurons[..., 0], neurons.copy()
    after[values < 0] = 0
    kinks = neurons[values == 0]
    kinks[:, LEFT], kinks[:, RIGHT] = np.minimum(kinks[:, LEFT], 0), np.maximum(kinks[:, RIGHT], 0)
    if kinks[:, -1].any():
        raise ValueError(f"the degree in c must be at most {DEGREE}")
    kinks[:, POLYNOMIAL:] = np.roll(kinks[:, POLYNOMIAL:], 1, axis=1)
    after[values == 0] = kinks
    return bounded(after)


def bounded(integers):
    """Return integers that are small enough for products of two of them, or refuse them."""
    if np.abs(integers).max() > LIMIT:
        raise ValueError(f"integers must be at most {LIMIT}, got {np.abs(integers).max()}")
    return integers


def layer(below, width, bound):
    """Put a hidden layer on top, with all its weights and biases."""
    vectors, parts = grid(below.neurons.shape[1] + 1, bound), []
    for neurons, networks, smallest in zip(*below, strict=True):
        sums = vectors[:, :-1] @ neurons
        sums[:, 0] += vectors[:, -1]
        made = relu(sums)
        first, which = distinct(made)
        chosen = np.indices((len(first),) * width).reshape(width, -1).T
        counts = networks * np.bincount(which)[chosen].prod(axis=1)
        rows = vectors[first][chosen].reshape(len(chosen), -1)
        parameters = np.hstack([np.broadcast_to(smallest, (len(rows), len(smallest))), rows])
        parts.append(States(made[first][chosen], counts, parameters))
    return States(*map(np.concatenate, zip(*parts, strict=True)))


def merged(states):
    """Make one of the states in which everything agrees; the smallest network of all goes on with it."""
    order = np.argsort(size(states.smallest), kind="stable")
    neurons, networks, smallest = (part[order] for part in states)
    first, which = distinct(neurons)
    counts = np.zeros(len(first), dtype=np.int64)
    np.add.at(counts, which, networks)
    return States(neurons[first], counts, smallest[first])


def outputs(width, bound):
    """Return one output row for each line through 0, the smallest one, and how many rows are on the line."""
    vectors = grid(width, bound)
    leading = vectors[np.arange(len(vectors)), (vectors != 0).argmax(axis=1)]
    factors = np.maximum(np.gcd.reduce(vectors, axis=1), 1) * np.where(leading < 0, -1, 1)
    first, which = distinct(vectors // factors[:, None])
    return vectors[first], np.bincount(which)


def right_at(polynomials, low, high, numerator, denominator):
    """Whether D is between two numbers for c = numerator/denominator, in integers."""
    powers = [numerator**k * denominator ** (DEGREE - k) for k in range(DEGREE + 1)]
    value, scale = polynomials @ np.array(powers), denominator**DEGREE
    return (scale * low <= value) & (value <= scale * high)


def some_convention(polynomials, low, high):
    """Whether D is between two numbers for some real c.

    A polynomial of odd degree takes all values, and a constant one.  For p + q c + r c^2 the extreme value is
    (4 p r - q^2)/(4 r); if r > 0 all values above it are taken, and high must be one, and if r < 0 all below
    it, and low must be one: in both cases 4 p r - q^2 <= 4 r times that number.
    """
    p, q, r, s = polynomials.T
    reached = 4 * p * r - q * q <= 4 * r * np.where(r > 0, high, low)
    constant = (low <= p) & (p <= high)
    return (s != 0) | np.where(r != 0, reached, (q != 0) | constant)


def search(widths, bound):
    """Decide for all networks with hidden layers of these widths which c make D(Phi)(0) right.

    Returns
    -------
    Found
    """
    states = States(identity(0), np.array([1]), np.empty((1, 0), dtype=np.int64))
    for width in widths:
        states = layer(merged(states), width, bound)
    networks = neither = none = 0
    failures = []
    for row, count in zip(*outputs(widths[-1], bound), strict=True):
        sums = bounded(np.tensordot(states.neurons, row, (1, 0)))
        low, high = sums[:, [LEFT, RIGHT]].min(axis=1), sums[:, [LEFT, RIGHT]].max(axis=1)
        polynomials = sums[:, POLYNOMIAL:]
        either = right_at(polynomials, low, high, 0, 1) | right_at(polynomials, low, high, 1, 2)
        failed = ~some_convention(polynomials, low, high)
        if (failed & either).any():
            raise AssertionError("0 or 1/2 is right and no c is")
        networks += int(count) * int(states.networks.sum())
        neither += int(count) * int(states.networks[~either].sum())
        none += int(count) * int(states.networks[failed].sum())
        failures += [
            (*p, *row) for p in states.smallest[failed][np.argsort(size(states.smallest[failed]))[:1]]
        ]
    smallest = min(failures, key=lambda p: int(size(np.array(p))), default=None)
    return Found(networks, neither, none, smallest and tuple(map(int, smallest)))


def network(widths, parameters):
    """Make the network of the parameters of a search: weights and bias of every neuron, then the output."""
    given, layers, below = list(map(int, parameters)), [], 1
    for width in widths:
        rows = [[given.pop(0) for _ in range(below + 1)] for _ in range(width)]
        layers.append(([row[:-1] for row in rows], [row[-1] for row in rows]))
        below = width
    return Parametrization([*layers, ([given], [0])])


def by_the_library(phi, x=0):
    """Return whether 0, 1/2 and some real c are right at a point, by the public functions.

    D(Phi)(x) is a polynomial of degree at most 3 for three hidden layers or fewer: four values determine it.
    """
    sides = sorted(one_sided_derivative(phi, x, side) for side in (-1, 1))
    d = [derivative(phi, x, at_kink=c) for c in (0, 1, -1, 2)]
    r = (d[1] + d[2]) / 2 - d[0]
    s = ((d[3] - d[0] - 4 * r) / 2 - (d[1] - d[2]) / 2) / 3
    polynomial = [d[0], (d[1] - d[2]) / 2 - s, r, s]
    half = sum(entry / 2**k for k, entry in enumerate(polynomial))
    exact = [np.array([entry], dtype=object) for entry in sides]
    some = some_convention(np.array([polynomial], dtype=object), *exact)[0]
    return sides[0] <= d[0] <= sides[1], sides[0] <= half <= sides[1], bool(some)


def points(widths, bound):
    """Return numbers (p, q), q > 0, such that the kinks of all networks of these widths are among the p/q.

    Between kinks a preactivation is s x + t with integers, |s| at most `slope`, |t| at most `constant`.
    """
    slope, constant, below = 1, 0, 1
    for width in widths:
        slope, constant, below = below * bound * slope, below * bound * constant + bound, width
    pairs = itertools.product(range(-constant, constant + 1), range(1, slope + 1))
    return [(p, q) for p, q in pairs if math.gcd(p, q) == 1]


def neurons_at(widths, hidden, p, q):
    """Return the last neurons at p/q of all networks with the given hidden parameters; values times q."""
    neurons, start = identity(p), 0
    for width in widths:
        below = neurons.shape[1]
        rows = hidden[:, start : start + (below + 1) * width].reshape(-1, width, below + 1)
        sums = rows[:, :, :-1] @ neurons
        sums[..., 0] += q * rows[..., -1]
        neurons, start = relu(sums), start + (below + 1) * width
    return neurons


def search_everywhere(widths, bound):
    """Decide for all networks of these widths whether 0 or 1/2 is right at all kinks of the network at once.

    Returns
    -------
    (int, int, list of tuple)
        The networks, those for which neither is, and the parameters of those, outputs up to a factor.
    """
    hidden = grid(count_parameters(widths) - widths[-1], bound)
    rows, counts = outputs(widths[-1], bound)
    right = np.ones((2, len(rows), len(hidden)), dtype=bool)
    for p, q in points(widths, bound):
        neurons = neurons_at(widths, hidden, p, q)
        for index, row in enumerate(rows):
            sums = bounded(np.tensordot(neurons, row, (1, 0)))
            low, high = sums[:, [LEFT, RIGHT]].min(axis=1), sums[:, [LEFT, RIGHT]].max(axis=1)
            right[0, index] &= right_at(sums[:, POLYNOMIAL:], low, high, 0, 1)
            right[1, index] &= right_at(sums[:, POLYNOMIAL:], low, high, 1, 2)
    neither = ~right.any(axis=0)
    wrong = [(*hidden[j].tolist(), *rows[i].tolist()) for i, j in np.argwhere(neither)]
    return int(counts.sum()) * len(hidden), int(counts @ neither.sum(axis=1)), wrong


def count_parameters(widths):
    """Return the number of parameters, without the output bias."""
    return sum((below + 1) * width for below, width in itertools.pairwise((1, *widths))) + widths[-1]


def written(phi):
    """Write a network as its matrices and biases."""
    return ", ".join(f"({A.astype(int).tolist()}, {b.astype(int).tolist()})" for A, b in phi)


def line(widths, bound, seconds, *counts):
    """Print a line of a table and return the number of networks."""
    named = f"{'-'.join(map(str, (1, *widths, 1))):<10}"
    print(f"  {named} {bound:5}  " + "  ".join(f"{n:12,}" for n in counts) + f"  {seconds:8.2f}")
    return counts[0]


def at_zero(all_widths, bound):
    """Print what is found at 0 for lists of widths; return networks, failures, seconds and a smallest one."""
    print("  widths     bound      networks   0, 1/2 wrong   all c wrong   seconds")
    total, failures, time, smallest = 0, 0, 0.0, None
    for widths in all_widths:
        seconds, found = best(lambda widths=widths: search(widths, bound), 1)
        total += line(widths, bound, seconds, found.networks, found.neither, found.none)
        failures, time, smallest = failures + found.none, time + seconds, found.smallest or smallest
    return total, failures, time, smallest


def everywhere(all_widths, bound):
    """Print for how many networks neither 0 nor 1/2 is right at all kinks at once; return both numbers."""
    print("  widths     bound      networks   0, 1/2 wrong   seconds")
    total, failures = 0, 0
    for widths in all_widths:
        seconds, found = best(lambda widths=widths: search_everywhere(widths, bound), 1)
        total += line(widths, bound, seconds, *found[:2])
        failures += found[1]
    return total, failures


def library(widths, bound, sample):
    """Return the seconds a network that the public functions need, for a random sample."""
    draw = random.Random(1)
    lists = [draw.choices(range(-bound, bound + 1), k=count_parameters(widths)) for _ in range(sample)]
    seconds, verdicts = best(lambda: [by_the_library(network(widths, given)) for given in lists], 1)
    assert all(some and (zero or half) for zero, half, some in verdicts)
    return seconds / sample


if __name__ == "__main__":
    quick = "--quick" in sys.argv[1:]
    print(machine(), f"numpy {np.__version__}", sep=", ")
    print("\nat most three hidden neurons, at 0")
    networks, failures, seconds, _ = at_zero(WIDTHS, 1 if quick else 3)
    print(f"  {networks:,} networks, {failures} of them wrong for all c, {seconds:.2f} s")
    naive = library((2, 1), 2, 100 if quick else 1000)
    ratio = naive * networks / seconds
    goal = "" if quick else f": {verdict(ratio, RATIO, at_least=True)}"
    print(f"  by the public functions {1e3 * naive:.2f} ms a network, ratio {ratio:,.0f}{goal}")
    print("\nat most three hidden neurons, one c at all kinks at once")
    networks, failures = everywhere(WIDTHS, 1 if quick else 2)
    print(f"  {networks:,} networks, {failures} of them with another c than 0 and 1/2, or none")
    print("\nfour hidden neurons, at 0")
    at_zero([(4,), (1, 3), (3, 1), (1, 1, 2), (1, 2, 1), (2, 1, 1)], 1)
    _, failures, _, smallest = at_zero([(2, 2)], 1 if quick else 2)
    print(f"  {failures:,} networks are wrong for all c")
    if smallest:
        print(f"  a smallest one: {written(network((2, 2), smallest))}")
