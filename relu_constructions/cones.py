"""Polyhedral cones by their generators, in integers, cut by hyperplanes through the origin.

A full-dimensional cone {v : g_1 v >= 0, ..., g_k v >= 0} is kept by a basis of the lines that it contains and
one vector for each of its extreme rays, which are unique up to these lines.  With every ray goes the set of
the g_i that vanish on it; two rays span a face of dimension two if no third ray has all the zeros that the
two have in common.  Cutting by one more form keeps the rays on its two sides, and adds one ray on the
hyperplane for every such pair that it separates (the double description method).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

Vector = tuple[int, ...]


class Ray(NamedTuple):
    """An extreme ray, and the set of the forms that vanish on it: bit i stands for g_(i+1)."""

    vector: Vector
    zeros: int


class Cone(NamedTuple):
    """The sums of any multiples of the lines and of nonnegative multiples of the rays.

    Attributes
    ----------
    lines : tuple of vectors of integers
    rays : tuple of Ray
    forms : int
        The number of the forms that bound it.
    """

    lines: tuple[Vector, ...]
    rays: tuple[Ray, ...]
    forms: int

    def inner(self) -> Vector:
        """A vector in the interior, not zero: the sum of the rays, or a line if there are none.

        A linear form that is nowhere negative on the cone, and not zero, is positive on this vector.
        """
        if not self.rays:
            return self.lines[0]
        return _primitive([sum(entries) for entries in zip(*(ray.vector for ray in self.rays), strict=True)])


def whole_space(dimension: int) -> Cone:
    """The cone of all vectors.

    Examples
    --------
    >>> whole_space(2)
    Cone(lines=((1, 0), (0, 1)), rays=(), forms=0)
    """
    lines = (tuple(int(i == j) for i in range(dimension)) for j in range(dimension))
    return Cone(tuple(lines), (), 0)


def cut(cone: Cone, form: Sequence[int]) -> list[tuple[int, Cone]]:
    """Cut a full-dimensional cone into the parts on which a linear form has a fixed sign.

    Returns
    -------
    list of (sign, Cone)
        Either one part, the cone, with sign 1, -1 or, if the form is zero, 0; or two, with 1 and -1.

    Examples
    --------
    >>> (_, right), (_, left) = cut(whole_space(2), [1, 0])
    >>> right.lines, right.rays
    (((0, 1),), (Ray(vector=(1, 0), zeros=0),))
    >>> [(sign, part.inner()) for sign, part in cut(right, [1, 1])]
    [(1, (1, 0)), (-1, (1, -2))]
    >>> [sign for sign, _ in cut(left, [-3, 0])], [sign for sign, _ in cut(left, [0, 0])]
    ([1], [0])
    """
    for index, line in enumerate(cone.lines):
        if value := _at(form, line):
            along = line if value > 0 else tuple(-entry for entry in line)
            others = cone.lines[:index] + cone.lines[index + 1 :]
            return _cut_across(cone._replace(lines=others), form, along)
    values = [_at(form, ray.vector) for ray in cone.rays]
    low, high = min(values, default=0), max(values, default=0)
    if low < 0 < high:
        return _cut_between(cone, values)
    return [((high > 0) - (low < 0), cone)]


def _cut_across(cone: Cone, form: Sequence[int], along: Vector) -> list[tuple[int, Cone]]:
    """Cut where the form is positive along a line, which is left out of the lines of the cone.

    The other generators are moved along this line into the hyperplane; the line gives one ray to each part.
    """
    unit, bit = _at(form, along), 1 << cone.forms
    lines = tuple(_combined(unit, line, -_at(form, line), along) for line in cone.lines)
    moved = tuple(
        Ray(_combined(unit, ray.vector, -_at(form, ray.vector), along), ray.zeros | bit) for ray in cone.rays
    )
    back = tuple(-entry for entry in along)
    return [
        (sign, Cone(lines, (*moved, Ray(new, bit - 1)), cone.forms + 1))
        for sign, new in ((1, along), (-1, back))
    ]


def _cut_between(cone: Cone, values: list[int]) -> list[tuple[int, Cone]]:
    """Cut where the form vanishes on all lines and has both signs on the rays."""
    bit, signed = 1 << cone.forms, list(zip(cone.rays, values, strict=True))
    above, below = ([pair for pair in signed if pair[1] * sign > 0] for sign in (1, -1))
    between = [Ray(ray.vector, ray.zeros | bit) for ray, value in signed if value == 0]
    for (ray, value), (other, negative) in itertools.product(above, below):
        common = ray.zeros & other.zeros
        if _spans_a_face(cone, common):
            between.append(Ray(_combined(value, other.vector, -negative, ray.vector), common | bit))
    return [
        (sign, Cone(cone.lines, (*(ray for ray, _ in part), *between), cone.forms + 1))
        for sign, part in ((1, above), (-1, below))
    ]


def _spans_a_face(cone: Cone, common: int) -> bool:
    """Whether two rays, next to the lines, span a face of dimension two, by the zeros that they share.

    Such a face needs two independent forms less than the rays have dimensions; and no third ray lies in it.
    """
    if common.bit_count() < len(cone.rays[0].vector) - len(cone.lines) - 2:
        return False
    inside = 0
    for ray in cone.rays:
        if common & ray.zeros == common:
            inside += 1
            if inside > 2:
                return False
    return True


def _at(form: Sequence[int], vector: Vector) -> int:
    return sum(map(int.__mul__, form, vector))


def _combined(factor: int, vector: Vector, other_factor: int, other: Vector) -> Vector:
    """The shortest integer vector in the direction of factor * vector + other_factor * other."""
    return _primitive([factor * a + other_factor * b for a, b in zip(vector, other, strict=True)])


def _primitive(vector: Sequence[int]) -> Vector:
    common = math.gcd(*vector)
    return tuple(entry // common for entry in vector)
