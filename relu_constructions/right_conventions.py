"""Right conventions: the numbers c for which D(Phi) lies in the Clarke set of R(Phi), exactly.

At a point x the diagonals of all Delta consist of 0, 1, c and, for hinges that face left, 1 - c.  So in the
integers of `fixed_point` D(Phi)(x) is a polynomial p in c with integer coefficients; their absolute values
add up to at most the product over all layers of twice the largest absolute row sum.  If that is less than
2^(K-1), they are the digits of p(2^K) to the base 2^K, from -2^(K-1) on, and one evaluation gives them all.
With the derivatives l and r of R(Phi) on both sides, c is right if p(c) is between l and r.
The roots of all p - l and p - r are isolated, factor by factor over the rationals, by disjoint rational
intervals, and at rational points between them every condition is decided by evaluation.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from relu_constructions.derivative_symbolic import coefficient_bits, coefficients
from relu_constructions.exact import to_fraction
from relu_constructions.fixed_point import compiled
from relu_constructions.germs import germs_at_kinks, require_line
from relu_constructions.kink_points import Places
from relu_constructions.parametrization import Parametrization

if TYPE_CHECKING:
    import sympy

MAX_CONDITIONS = 200
"""So many different conditions are solved at once."""


class Condition(NamedTuple):
    """On c: the integer polynomial p takes a value in [0, width].

    Attributes
    ----------
    p : tuple of int
        The coefficients, the constant first, the last one not 0.
    width : int
    """

    p: tuple[int, ...]
    width: int

    @classmethod
    def reduced(cls, p: Sequence[int], left: int, right: int) -> Condition:
        """Write that p takes a value between left and right, without a common factor.

        Examples
        --------
        >>> Condition.reduced([2, 4, 0], 6, 2)
        Condition(p=(1, -1), width=1)
        """
        sign = 1 if left <= right else -1
        shifted = [sign * (p[0] - left), *(sign * a for a in p[1:])]
        while shifted and not shifted[-1]:
            shifted.pop()
        common = math.gcd(right - left, *shifted) or 1
        return cls(tuple([a // common for a in shifted]), abs(right - left) // common)

    def holds(self, c: Fraction) -> bool:
        """Whether a number satisfies it.

        Examples
        --------
        >>> Condition((-1, 2), 1).holds(Fraction(1, 2))
        True
        """
        value = Fraction(0)
        for a in reversed(self.p):
            value = value * c + a
        return 0 <= value <= self.width


class Root(NamedTuple):
    """A real root of an irreducible polynomial, number `place` of them, alone in [low, high]."""

    low: Fraction
    high: Fraction
    factor: Any
    place: int


def right_conventions(phi: Parametrization, x: Any) -> sympy.Set:
    """Return the set of all real c for which D(Phi)(x) lies in the Clarke set of R(Phi) at x.

    Parameters
    ----------
    phi : Parametrization
        With one input and one output, and a piecewise affine activation.
    x : exact number

    Returns
    -------
    sympy.Set
        All real numbers, the empty set, or a union of closed intervals and points with algebraic ends.  Where
        the activation has several kinks, the same c is meant at each.

    Examples
    --------
    >>> identity = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
    >>> right_conventions(identity, 0), right_conventions(identity, 1)
    ({1/2}, Reals)
    """
    require_line(phi)
    return common_conventions(phi, [to_fraction(x, "x")])


def common_conventions(phi: Parametrization, points: Sequence[Fraction]) -> sympy.Set:
    """Return the set of all real c that are right at all of some increasing points.

    Raises
    ------
    ValueError
        If there are more than `MAX_CONDITIONS` different conditions on c.

    Examples
    --------
    >>> phi = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
    >>> common_conventions(phi, [Fraction(0), Fraction(1, 2)])
    Interval(0, 1)
    """
    conditions = _conditions(phi, points)
    if len(conditions) > MAX_CONDITIONS:
        raise ValueError(
            f"at most {MAX_CONDITIONS} different conditions on c are solved at once, got {len(conditions)}; "
            "ask on a smaller domain"
        )
    return solution(conditions)


def _conditions(phi: Parametrization, points: Sequence[Fraction]) -> set[Condition]:
    """The different conditions on c at some increasing points, but those that always hold."""
    bits = coefficient_bits(compiled(phi)) + 1
    germs = germs_at_kinks(phi, Places.of(points), 1 << bits)
    columns = set(zip(germs.slopes, germs.left, germs.right, strict=True))
    found = {Condition.reduced(coefficients(packed, bits), left, right) for packed, left, right in columns}
    return {condition for condition in found if len(condition.p) > 1 or not condition.holds(Fraction(0))}


def solution(conditions: Iterable[Condition]) -> sympy.Set:
    """Return the set of all real c that satisfy every condition.

    Examples
    --------
    >>> solution([Condition((-1, 0, 2), 0)]), solution([Condition((0, 0, 1), 1)]), solution([])
    ({-sqrt(2)/2, sqrt(2)/2}, Interval(-1, 1), Reals)
    """
    import sympy

    factors = {condition: _factors(condition) for condition in conditions}
    if not factors:
        return sympy.S.Reals
    roots = _isolated(set().union(*factors.values()))
    between = [(a.high + b.low) / 2 for a, b in itertools.pairwise(roots)]
    samples = [roots[0].low - 1, *between, roots[-1].high + 1] if roots else [Fraction(0)]
    cells = [all(condition.holds(c) for condition in factors) for c in samples]
    included = [cells[0]]
    for root, before, after in zip(roots, samples[:-1], cells[1:], strict=True):
        at = all(root.factor in known or condition.holds(before) for condition, known in factors.items())
        included += [at, after]
    ends = [-sympy.oo, *roots, sympy.oo]
    parts, position = [], 0
    for inside, run in itertools.groupby(included):
        start, position = position, position + len(list(run))
        if inside:
            parts.append(sympy.Interval(_number(ends[(start + 1) // 2]), _number(ends[(position + 1) // 2])))
    return sympy.Union(*parts)


def _factors(condition: Condition) -> set[Any]:
    """The irreducible monic factors of p and of p - width."""
    import sympy

    p = sympy.Poly(condition.p[::-1] or [0], sympy.Symbol("c"), domain="QQ")
    parts = [part for part in (p, p - condition.width) if part.degree() > 0]
    return {factor.monic() for part in parts for factor, _ in part.factor_list()[1]}


def _isolated(factors: Iterable[Any]) -> list[Root]:
    """The real roots of different irreducible polynomials in increasing order, in disjoint intervals."""
    width = Fraction(1)
    while True:
        roots = sorted(
            (root for factor in factors for root in _roots(factor, width)), key=lambda root: root.low
        )
        if all(a.high < b.low for a, b in itertools.pairwise(roots)):
            return roots
        width /= 2**10


def _roots(factor: Any, width: Fraction) -> list[Root]:
    if factor.degree() == 1:
        root = to_fraction(-factor.nth(0))
        return [Root(root, root, factor, 0)]
    import sympy

    found = factor.intervals(eps=sympy.Rational(width.numerator, width.denominator))
    return [Root(to_fraction(a), to_fraction(b), factor, place) for place, ((a, b), _) in enumerate(found)]


def _number(end: Any) -> Any:
    """The root as a sympy number."""
    return end.factor.real_roots()[end.place] if isinstance(end, Root) else end
