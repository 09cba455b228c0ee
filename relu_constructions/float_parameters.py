"""Float parameters: a network rounded to floating-point numbers, and whether that changes it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from relu_constructions.layer import ExactArray

if TYPE_CHECKING:
    from relu_constructions.parametrization import Parametrization


class NumpyParameters(NamedTuple):
    """Floating-point parameters, and whether each of them is exactly the rational it stands for."""

    layers: tuple[tuple[npt.NDArray[Any], npt.NDArray[Any]], ...]
    exact: bool


def to_numpy(phi: Parametrization, dtype: npt.DTypeLike) -> NumpyParameters:
    """Round every entry to float64 and from there to the type asked; see `Parametrization.to_numpy`.

    Examples
    --------
    >>> from relu_constructions import hat
    >>> to_numpy(hat(), np.float16).exact
    True
    """
    kind = np.dtype(dtype)
    if kind.kind != "f":
        raise ValueError(f"dtype must be a floating-point type, got {kind}")
    pairs = [(_rounded(A, kind, i, "A"), _rounded(b, kind, i, "b")) for i, (A, b) in enumerate(phi, 1)]
    exact = all(
        bool(np.all(_as_fractions(given) == entries))
        for pair, layer in zip(pairs, phi, strict=True)
        for given, entries in zip(pair, layer, strict=True)
    )
    return NumpyParameters(tuple(pairs), exact)


def _rounded(array: ExactArray, kind: np.dtype[Any], index: int, name: str) -> npt.NDArray[Any]:
    try:
        rounded = array.astype(np.float64)
    except OverflowError:
        rounded = np.full(array.shape, np.inf)
    with np.errstate(over="ignore"):
        rounded = rounded.astype(kind)
    if not np.all(np.isfinite(rounded)):
        raise ValueError(f"layer {index}: an entry of {name} is too large for {kind}")
    return rounded


def _as_fractions(array: npt.NDArray[Any]) -> ExactArray:
    exact = np.empty(array.shape, dtype=object)
    for position, entry in np.ndenumerate(array):
        exact[position] = Fraction(float(entry))
    return exact
