"""Shallow: a wide first hidden layer and the affine map after it, by sorted kinks and running sums.

When x passes the kink t_i of neuron i, an output that gives it the weight c_i changes its slope by
J_i = c_i |n_i|/d_i and its intercept by K_i = c_i sign(n_i) b_i/d_i, in the notation of `hinges`.  So the N
kinks are sorted once, and every output is a running sum: N log N operations, where the kernels that
interpolate every neuron at every kink need N^2.  `shallow_grid` works in int64, where it can prove that
nothing overflows, `shallow_state` in integers of any size; `grid` and `projective` go on from there.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from relu_constructions.grid import LIMIT, Integers, OffGrid, TooManyPieces, Values
from relu_constructions.hinges import Hinges, IntegerArray, read_hinges
from relu_constructions.layer import ExactArray, Layer, Row
from relu_constructions.projective import State

Indices = npt.NDArray[np.intp]
LAST_LIMIT = 2**62 - 1
"""The largest absolute value that leaves the int64 kernel: differences of two fit in int64."""
SLACK = 1 + 2.0**-40
"""More than the relative error of a few float64 operations."""


def shallow_grid(
    layers: tuple[Layer, ...], domain: tuple[Fraction, Fraction], max_pieces: int
) -> tuple[Values, list[Values]]:
    """Return the kinks of the first layer and the values of the second affine map there, in int64.

    Parameters
    ----------
    layers : tuple of Layer
        At least two, the first one with one input.
    domain : (Fraction, Fraction)
    max_pieces : int

    Raises
    ------
    OffGrid
        Before any integer would exceed `LIMIT`.
    TooManyPieces
        If there are more than `max_pieces` pieces.

    Examples
    --------
    >>> tent = (Layer([[1], [1]], [0, "-1/2"]), Layer([[2, -4]], [0]))
    >>> x, (y,) = shallow_grid(tent, (Fraction(0), Fraction(1)), 100)
    >>> x.numerators, x.denominator, y.numerators, y.denominator
    (array([0, 1, 2]), 2, array([0, 1, 0]), 1)
    """
    try:
        hinges = read_hinges(layers[0], np.int64)
        largest = max((_largest(array) for array in hinges[:3]), default=0)
        _demand(largest * max(max(abs(end.numerator), end.denominator) for end in domain))
        X, Q = hinges.kinks()
        passed, ahead = (X * end.denominator <= end.numerator * Q for end in domain)
        ahead &= X * domain[1].denominator != domain[1].numerator * Q
        inside = np.flatnonzero(~passed & ahead)
        x, kinks = _common_grid(X[inside], Q[inside], domain)
        order = np.argsort(kinks, kind="stable")
        kinks, inside = kinks[order], inside[order]
        last = _last_of_equal(kinks)
        _limit(len(last) + 1, max_pieces)
        x = x._replace(numerators=np.concatenate(([x.low], kinks[last], [x.high])))
        active = np.flatnonzero(passed == (hinges.n > 0))
        limit = LIMIT if len(layers) > 2 else LAST_LIMIT
        return x, [_running(row, hinges, x, domain[0], active, inside, last, limit) for row in layers[1].rows]
    except OverflowError:
        raise OffGrid("the grid needs integers of more than 63 bits, int64 has room for 61") from None


def _demand(largest: int | float, limit: int = LIMIT) -> None:
    """Refuse to go on when an integer could exceed the limit; a float comes with its error included."""
    if largest > limit:
        raise OffGrid(f"the grid may need integers of {math.log2(largest):.1f} bits, int64 has room for 61")


def _limit(count: int, max_pieces: int) -> None:
    if count > max_pieces:
        raise TooManyPieces(f"the network has more than {max_pieces} pieces")


def _largest(array: Integers) -> int:
    return max(int(array.max()), -int(array.min())) if len(array) else 0


def _last_of_equal(keys: IntegerArray) -> Indices:
    """The index of the last one of every run of equal keys."""
    return np.flatnonzero(np.append(keys[1:] != keys[:-1], [True] * min(len(keys), 1)))


def _common_grid(X: Integers, Q: Integers, domain: tuple[Fraction, Fraction]) -> tuple[Values, Integers]:
    """The domain and the kinks X/Q inside it over one denominator, which no kink can make too large."""
    denominator = math.lcm(*(end.denominator for end in domain))
    reach = max(-domain[0], domain[1])
    for q in _distinct(Q):
        denominator = math.lcm(denominator, q)
        _demand(denominator)
        _demand(math.ceil(reach * denominator))
    lo, hi = (int(end * denominator) for end in domain)
    return Values(np.array([lo, hi]), denominator, lo, hi), X * (denominator // Q)


def _distinct(array: Integers) -> list[int]:
    few = not len(array) or array.min() == array.max()
    distinct: list[int] = (array[:1] if few else np.unique(array)).tolist()
    return distinct


def _running(
    row: Row,
    hinges: Hinges,
    x: Values,
    lo: Fraction,
    active: Indices,
    inside: Indices,
    last: Indices,
    limit: int,
) -> Values:
    """One output at all breakpoints: its value at lo, and from there the steps slope * length."""
    c = hinges.weights(row)
    jumps, unit = _jumps(c, row.denominator, hinges)
    slope = sum((jumps * hinges.sign)[active].tolist())
    value = hinges.offset(row) + slope * unit * lo + _intercept(c, row, hinges, active)
    slopes = _sums(slope, jumps[inside], LIMIT)[np.append(0, last + 1)]
    lengths = np.diff(x.numerators)
    step = int(np.gcd.reduce(lengths))
    unit *= Fraction(step, x.denominator)
    denominator = math.lcm(value.denominator, unit.denominator)
    factor, lengths = int(unit * denominator), lengths // step
    _demand(_largest(lengths) * factor)
    numerators = _sums(int(value * denominator), _product(slopes, lengths * factor), limit)
    common = math.gcd(int(np.gcd.reduce(numerators)), denominator)
    numerators //= common
    return Values(numerators, denominator // common, int(numerators.min()), int(numerators.max()))


def _jumps(c: Integers, denominator: int, hinges: Hinges) -> tuple[Integers, Fraction]:
    """The changes of slope, as integer multiples of a unit."""
    shared = int(np.gcd.reduce(c)) or 1
    common = np.gcd(hinges.n, hinges.d)
    parts = hinges.d // common
    multiple = 1
    for part in _distinct(parts):
        multiple = math.lcm(multiple, part)
        _demand(multiple)
    slopes = _product(np.abs(hinges.n // common), multiple // parts)
    return _product(c // shared, slopes), Fraction(shared, denominator * multiple)


def _product(left: Integers, right: Integers) -> Integers:
    """The products, if all are within the limit: four roundings in float64 lose less than `SLACK` adds."""
    if len(left):
        _demand(float((np.abs(left.astype(np.float64)) * np.abs(right.astype(np.float64))).max()) * SLACK)
    return left * right


def _sums(start: int, steps: Integers, limit: int) -> Integers:
    """The start and the running sums after it, if all are within the limit.

    Sums in uint64 are right modulo 2^64, so they are right if they are known to be small.  That is read off
    sums in float64, each wrong by at most (n + 3) 2^-53 times the sum of all absolute values.
    """
    rough = np.concatenate(([float(start)], steps.astype(np.float64)))
    error = (len(rough) + 8) * 2.0**-52 * float(np.abs(rough).sum())
    _demand((float(np.abs(np.cumsum(rough)).max()) + error) * SLACK, limit)
    exact = np.concatenate((np.array([start % 2**64], dtype=np.uint64), steps.view(np.uint64)))
    return np.cumsum(exact).view(np.int64)


def _intercept(c: IntegerArray, row: Row, hinges: Hinges, active: Indices) -> Fraction:
    """The sum of c_i b_i/d_i over the active neurons."""
    b, d = hinges.b[active].tolist(), hinges.d[active].tolist()
    multiple = math.lcm(*set(d))
    total = sum(w * v * (multiple // e) for w, v, e in zip(c[active].tolist(), b, d, strict=True))
    return Fraction(total, multiple * row.denominator)


def shallow_state(
    layers: tuple[Layer, ...], domain: tuple[Fraction, Fraction] | None, max_pieces: int
) -> State:
    """Return the same in homogeneous coordinates, in integers of any size, for any domain.

    Raises
    ------
    TooManyPieces
        If there are more than `max_pieces` pieces.

    Examples
    --------
    >>> tent = (Layer([[1], [1]], [0, "-1/2"]), Layer([[2, -4]], [0]))
    >>> for row in shallow_state(tent, None, 100).rows:
    ...     print(row)
    [0 1 2 0]
    [-1 0 1 1]
    [0 0 2 -2]
    """
    hinges = read_hinges(layers[0], object)
    X, Q = hinges.kinks()
    if domain is None:
        X, Q = np.append(X, 0), np.append(Q, 1)
    (before, after), keys = _keys(X, Q, domain)
    passed = (keys <= before).astype(bool) if domain else np.zeros(len(keys), dtype=bool)
    inside = np.flatnonzero(~passed & (keys < after).astype(bool) if domain else ~passed)
    inside = inside[np.argsort(keys[inside], kind="stable")]
    last = _last_of_equal(keys[inside])
    _limit(len(last) + 1, max_pieces)
    ends = ((-1, 0), (1, 0)) if domain is None else [end.as_integer_ratio() for end in domain]
    rows = [
        np.concatenate(([left], array[inside[last]], [right]))
        for array, left, right in zip((Q, X), ends[0][::-1], ends[1][::-1], strict=True)
    ]
    found = [_homogeneous(row, hinges, rows, passed, inside, last) for row in layers[1].rows]
    return State(rows + [values for values, _ in found], [scale for _, scale in found])


def _keys(
    X: ExactArray, Q: ExactArray, domain: tuple[Fraction, Fraction] | None
) -> tuple[tuple[int, int], ExactArray]:
    """Integers in the order of the ends and of the kinks X/Q, equal only for equal numbers.

    Different fractions with denominators below 2^k differ by more than 4^-k, so their multiples by 4^k have
    different floors.
    """
    ends = domain or ()
    bits = 2 * max([1, *map(int.bit_length, Q.tolist()), *(end.denominator.bit_length() for end in ends)])
    lo, hi = ((end.numerator << bits) // end.denominator for end in domain or (Fraction(0), Fraction(0)))
    keys: ExactArray = np.array(
        [(x << bits) // q for x, q in zip(X.tolist(), Q.tolist(), strict=True)], object
    )
    return (lo, hi), keys


def _homogeneous(
    row: Row,
    hinges: Hinges,
    rows: list[ExactArray],
    passed: npt.NDArray[np.bool_],
    inside: Indices,
    last: Indices,
) -> tuple[ExactArray, int]:
    """One output at all breakpoints: Q intercept + X slope, of the affine function on the left of each."""
    d = hinges.d.tolist()
    shared = math.lcm(*set(d))
    offset, scale = hinges.offset(row), row.denominator * shared
    factor = math.lcm(offset.denominator, scale) // scale
    multiples = {e: factor * (shared // e) for e in set(d)}
    w = hinges.weights(row) * np.array([multiples[e] for e in d], dtype=object)
    active = passed[: len(w)] == (hinges.n > 0)
    parts = []
    for given, start in ((hinges.n, 0), (hinges.b, int(offset * scale * factor))):
        changes = np.append(w * hinges.sign * given, 0)
        first = start + sum((w * given)[active].tolist())
        parts.append(np.append(0, np.cumsum(changes[inside])[last]) + first)
    common = math.gcd(scale * factor, *parts[0].tolist(), *parts[1].tolist())
    slopes, intercepts = (np.concatenate((part[:1], part)) // common for part in parts)
    return rows[0] * intercepts + rows[1] * slopes, scale * factor // common
