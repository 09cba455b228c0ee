"""Points: what a user may pass as x, read once for evaluating and for differentiating.

A point is a vector of N_0 coordinates, several points are the columns of an (N_0, n) array, and the
coordinates are all of one kind: floats, exact numbers, mpmath numbers or balls.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from typing import Any, Literal, NamedTuple

import flint
import numpy as np
import numpy.typing as npt

from relu_constructions.exact import shown, to_fraction
from relu_constructions.layer import ExactArray

AnyArray = npt.NDArray[Any]
Kind = Literal["float", "exact", "mpf", "arb"]
Form = Literal["scalar", "list", "point", "batch"]
MAX_EXPONENT = 10**7
_NAMES = {
    "float": "floats",
    "exact": "exact numbers",
    "mpf": "mpmath numbers",
    "arb": "balls (flint.arb)",
}


class Points(NamedTuple):
    """Points as columns, and how they were given.

    Attributes
    ----------
    kind : {"float", "exact", "mpf", "arb"}
    form : {"scalar", "list", "point", "batch"}
        A number (N_0 = 1), n numbers (N_0 = 1), a vector of shape (N_0,), an array of shape (N_0, n).
    columns : array of shape (N_0, n)
        Of float64, of Fractions (also for mpmath numbers, which are dyadic rationals), or of balls.
    """

    kind: Kind
    form: Form
    columns: AnyArray


def read_points(x: Any, inputs: int) -> Points:
    """Read x as points of a space of `inputs` dimensions.

    Raises
    ------
    TypeError
        For truth values, complex numbers, numbers that are neither exact nor floats, and mixtures.
    ValueError
        For a shape that does not fit, a string that is no number, an mpmath infinity or NaN.

    Examples
    --------
    >>> read_points(["1/3", 2], 1)
    Points(kind='exact', form='list', columns=array([[Fraction(1, 3), Fraction(2, 1)]], dtype=object))
    >>> read_points([0.5, 2.0], 2)
    Points(kind='float', form='point', columns=array([[0.5],
           [2. ]]))
    >>> read_points([0.5, "1/3"], 2)
    Traceback (most recent call last):
        ...
    TypeError: the entries of x must be all of one kind, got exact numbers beside floats; \
choose one of them for every entry
    """
    array = _as_array(x)
    kind = _kind(array)
    form = form_of(array.shape, inputs)
    columns = array.reshape(1, -1) if form in ("scalar", "list") else array.reshape(inputs, -1)
    if kind == "float":
        return Points(kind, form, columns.astype(np.float64))
    if kind == "arb":
        return Points(kind, form, columns)
    return Points(kind, form, _exact(columns, kind))


def to_mpf(value: Fraction) -> Any:
    """Round a rational, once, to the current precision and rounding of `mpmath.mp`.

    Examples
    --------
    >>> import mpmath
    >>> with mpmath.workprec(8):
    ...     third = to_mpf(Fraction(1, 3))
    >>> third == mpmath.mpf(171) / 512
    True
    """
    import mpmath

    precision, rounding = mpmath.mp._prec_rounding
    raw = mpmath.libmp.from_rational(value.numerator, value.denominator, precision, rounding)
    return mpmath.mp.make_mpf(raw)


def object_array(shape: tuple[int, ...], entries: list[Any]) -> ExactArray:
    """Arrange entries in an object array of a given shape, whatever numpy would make of their type.

    Examples
    --------
    >>> object_array((1, 2), [Fraction(1, 2), 3])
    array([[Fraction(1, 2), 3]], dtype=object)
    """
    flat = np.empty(len(entries), dtype=object)
    flat[:] = entries
    return flat.reshape(shape)


def arranged_values(values: AnyArray, form: Form) -> Any:
    """Give (N_L, n) values the shape that `realization` gives them.

    Examples
    --------
    >>> arranged_values(object_array((1, 1), [3]), "scalar"), arranged_values(np.ones((2, 1)), "point")
    (3, array([1., 1.]))
    """
    if form == "batch" or (form == "list" and len(values) > 1):
        return values
    if form == "list":
        return values[0]
    return _number(values[0, 0]) if form == "scalar" and len(values) == 1 else values[:, 0]


def arranged_jacobians(values: AnyArray, form: Form) -> Any:
    """Give (N_L, N_0, n) values the shape that `derivative` gives them.

    Examples
    --------
    >>> arranged_jacobians(object_array((1, 1, 1), [3]), "scalar")
    3
    >>> [arranged_jacobians(np.ones((1, 2, 1)), form).shape for form in ("point", "batch")]
    [(1, 2), (1, 2, 1)]
    """
    if form == "batch":
        return values
    if values.shape[:2] == (1, 1):
        return _number(values[0, 0, 0]) if form == "scalar" else values[0, 0]
    return values if form == "list" else values[:, :, 0]


def _number(value: Any) -> Any:
    """A float64 as Python's float, and anything else as it is."""
    return float(value) if isinstance(value, np.floating) else value


def _as_array(x: Any) -> AnyArray:
    if hasattr(x, "__array__"):
        array = np.asarray(x)
        return array.astype(object) if array.dtype.kind == "U" else array
    try:
        return np.array(x, dtype=object)
    except ValueError as error:
        raise ValueError(f"x must be a rectangular array of numbers: {error}") from None


def _kind(array: AnyArray) -> Kind:
    """The one kind of all entries; integers beside floats are floats, as in numpy."""
    if array.dtype != object:
        return _kind_of(array.dtype.type)
    types = set(map(type, array.flat))
    kinds = {given: _kind_of(given) for given in types}
    if "float" in kinds.values():
        types = {given for given in types if not issubclass(given, (int, np.integer))}
    kinds_left = {kinds[given] for given in types}
    if len(kinds_left) > 1:
        raise TypeError(
            "the entries of x must be all of one kind, got "
            f"{' beside '.join(sorted(_NAMES[kind] for kind in kinds_left))}; "
            "choose one of them for every entry"
        )
    return kinds_left.pop() if kinds_left else "exact"


def _kind_of(given: type) -> Kind:
    """Tell the kind of number by its type; mpmath is asked only if somebody has imported it."""
    if issubclass(given, (list, tuple, np.ndarray)):
        raise ValueError("x must be a rectangular array of numbers, got a sequence in the place of a number")
    if issubclass(given, (bool, np.bool_)):
        raise TypeError("x must be made of numbers, got truth values; convert them with int")
    if issubclass(given, (complex, np.complexfloating)):
        raise TypeError("x must be real, got complex numbers")
    if issubclass(given, (float, np.floating)):
        return "float"
    if issubclass(given, flint.arb):
        return "arb"
    mpmath = sys.modules.get("mpmath")
    if mpmath is not None and issubclass(given, (mpmath.mpf, mpmath.mp.constant)):
        return "mpf"
    return "exact"


def form_of(shape: tuple[int, ...], inputs: int, name: str = "x") -> Form:
    """Tell by their shape how points are given.

    Raises
    ------
    ValueError
        For any other shape.

    Examples
    --------
    >>> form_of((), 1), form_of((5,), 1), form_of((3,), 3), form_of((3, 5), 3)
    ('scalar', 'list', 'point', 'batch')
    """
    if len(shape) == 2 and shape[0] == inputs:
        return "batch"
    if shape == (inputs,):
        return "point"
    if inputs == 1 and len(shape) < 2:
        return "list" if shape else "scalar"
    wanted = f"({inputs},) for one point or ({inputs}, n) for n points, which are the columns"
    if inputs == 1:
        wanted += ", or be a number or n numbers"
    raise ValueError(f"{name} must have shape {wanted}; got shape {shape}")


def _exact(columns: AnyArray, kind: Kind) -> ExactArray:
    read = _from_mpf if kind == "mpf" else to_fraction
    return object_array(columns.shape, [read(entry, "x") for entry in columns.flat])


def _from_mpf(value: Any, name: str) -> Fraction:
    """Return the dyadic rational that an mpmath number is."""
    sign, mantissa, exponent, _ = value._mpf_
    if not mantissa and exponent:
        raise ValueError(f"{name} must be finite, got the mpmath number {value}")
    if abs(exponent) > MAX_EXPONENT:
        raise ValueError(
            f"{name} must have a binary exponent of at most {MAX_EXPONENT} to be evaluated exactly, "
            f"got an exponent of {shown(exponent)}"
        )
    integer, power = -int(mantissa) if sign else int(mantissa), 1 << abs(int(exponent))
    return Fraction(integer * power) if exponent >= 0 else Fraction(integer, power)
