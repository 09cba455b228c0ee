"""Activation: the function that a network applies to every neuron between two affine maps.

Without kinks it has a derivative everywhere.  At a kink with the slopes s on the left and s' on the right the
convention c stands for the slope (1 - c) s + c s': for ReLU that is c itself.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


class Activation(ABC):
    """What realization and derivative need to know of an activation, in floats and in balls.

    Attributes
    ----------
    name : str
        What prints it.
    kinks : tuple of Fraction
        Where it has no derivative, and a convention takes its place.
    """

    name: str
    kinks: tuple[Fraction, ...]

    @abstractmethod
    def floats(self, z: FloatArray) -> FloatArray:
        """Return the values at floats; NaN stays NaN."""

    @abstractmethod
    def float_slopes(self, z: FloatArray, at_kink: Sequence[float]) -> FloatArray:
        """Return the derivatives at floats, with one number c for each kink."""

    @abstractmethod
    def ball(self, z: flint.arb) -> flint.arb:
        """Enclose the values at all points of a ball, at `flint.ctx.prec`."""

    @abstractmethod
    def ball_slope(self, z: flint.arb, at_kink: Sequence[Fraction]) -> flint.arb:
        """Enclose the derivatives at all points of a ball; at kinks, the slopes of both sides and of c.

        At a ball that is nothing but a kink, only the slope that c stands for is meant.
        """

    def __repr__(self) -> str:
        return self.name


def to_activation(given: Any) -> Activation:
    """Return an activation, as it is given.

    Raises
    ------
    TypeError
        For anything else.

    Examples
    --------
    >>> from relu_constructions import RELU
    >>> to_activation(RELU)
    RELU
    """
    if not isinstance(given, Activation):
        raise TypeError(
            f"activation must be an Activation such as RELU, leaky_relu('1/100') or TANH, "
            f"got {type(given).__name__}"
        )
    return given


def conventions(activation: Activation, at_kink: Any, read: Callable[[Any, str], Fraction]) -> list[Fraction]:
    """Return one number c for each kink of an activation, from one for all or a sequence.

    Raises
    ------
    TypeError
        For numbers that `read` refuses.
    ValueError
        If there are not as many numbers as kinks.

    Examples
    --------
    >>> from relu_constructions import HARD_TANH
    >>> from relu_constructions.exact import to_fraction
    >>> conventions(HARD_TANH, 1, to_fraction), conventions(HARD_TANH, (0, "1/2"), to_fraction)
    ([Fraction(1, 1), Fraction(1, 1)], [Fraction(0, 1), Fraction(1, 2)])
    """
    if not isinstance(at_kink, (list, tuple, np.ndarray)):
        return [read(at_kink, "at_kink")] * len(activation.kinks)
    given = [read(c, "at_kink") for c in at_kink]
    if len(given) != len(activation.kinks):
        raise ValueError(
            f"at_kink must be one number, or {len(activation.kinks)} numbers, one for each kink of "
            f"{activation}; got {len(given)}"
        )
    return given
