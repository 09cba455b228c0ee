"""Exact points as they are passed to a derivative of R(Phi): all of them, or one."""

from __future__ import annotations

from typing import Any

import numpy as np

from relu_constructions.exact import to_fraction
from relu_constructions.points import Points, form_of, object_array


def read_exact(given: Any, inputs: int, name: str = "x") -> Points:
    """Read exact points of a space of `inputs` dimensions, in the shapes of `realization`.

    Raises
    ------
    TypeError
        If a number is not exact.
    ValueError
        For a shape that does not fit.

    Examples
    --------
    >>> read_exact(["1/3", 2], 2)
    Points(kind='exact', form='point', columns=array([[Fraction(1, 3)],
           [Fraction(2, 1)]], dtype=object))
    >>> read_exact([1, 0.5], 2, "direction")
    Traceback (most recent call last):
        ...
    TypeError: direction must be exact, got the float 0.5; pass the string '0.5' or Fraction(1, 2)
    """
    try:
        array = np.array(given, dtype=object)
    except ValueError as error:
        raise ValueError(f"{name} must be a rectangular array of numbers: {error}") from None
    if any(isinstance(entry, (list, tuple, np.ndarray)) for entry in array.flat):
        raise ValueError(f"{name} must be a rectangular array of numbers, got sequences of several lengths")
    numbers = [to_fraction(entry, name) for entry in array.flat]
    form = form_of(array.shape, inputs, name)
    return Points("exact", form, object_array((inputs, len(numbers) // inputs), numbers))


def read_exact_point(x: Any, inputs: int) -> Points:
    """Read one exact point: of shape (N_0,), or a number if N_0 = 1.

    Examples
    --------
    >>> read_exact_point("1/2", 1)
    Points(kind='exact', form='scalar', columns=array([[Fraction(1, 2)]], dtype=object))
    >>> read_exact_point([[1, 2], [3, 4]], 2)
    Traceback (most recent call last):
        ...
    ValueError: x must be one point, of shape (2,), got shape (2, 2)
    """
    points = read_exact(x, inputs)
    if points.form not in ("scalar", "point"):
        shapes = f"of shape ({inputs},)" + (" or a number" if inputs == 1 else "")
        raise ValueError(f"x must be one point, {shapes}, got shape {np.shape(x)}")
    return points
