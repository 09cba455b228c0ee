"""The names of the built-in activations, read back by a strict parser."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction

from relu_constructions.activation import Activation
from relu_constructions.exact import to_fraction
from relu_constructions.expression import MAX_LENGTH
from relu_constructions.piecewise_affine import (
    ABSOLUTE_VALUE,
    HARD_TANH,
    RELU,
    PiecewiseAffine,
    leaky_relu,
)
from relu_constructions.smooth_activations import GELU, SOFTPLUS, TANH, elu

NAMED: Mapping[str, Activation] = {
    "RELU": RELU,
    "ABSOLUTE_VALUE": ABSOLUTE_VALUE,
    "HARD_TANH": HARD_TANH,
    "SOFTPLUS": SOFTPLUS,
    "TANH": TANH,
    "GELU": GELU,
}
FAMILIES: Mapping[str, Callable[[Fraction], Activation]] = {"elu": elu, "leaky_relu": leaky_relu}
"""Those with a parameter alpha."""

_FAMILY = re.compile(r"(\w+)\(([^(),]*)\)", re.ASCII)
_PIECEWISE = re.compile(r"PiecewiseAffine\(kinks=\(([^()]*)\), slopes=\(([^()]*)\), value=([^(),]*)\)")
_HEX = re.compile(r"(-?0x[0-9a-f]+)(?:/(0x[0-9a-f]+))?", re.ASCII)


def named_activation(text: str) -> Activation:
    """Read the name of a built-in activation, as it prints itself.

    Parameters
    ----------
    text : str
        Numbers in it are exact, as for `to_fraction`, or hexadecimal such as ``0x1f/0x3``.

    Raises
    ------
    TypeError
        If it is no string.
    ValueError
        For every other text; the message lists what is known.

    Examples
    --------
    >>> [named_activation(text) for text in ("TANH", "elu(1/2)")]
    [TANH, elu(1/2)]
    >>> named_activation("PiecewiseAffine(kinks=(0, 6), slopes=(0, 1, 0), value=0)").hinges()[0]
    Fraction(0, 1)
    >>> named_activation("relu")
    Traceback (most recent call last):
        ...
    ValueError: an activation must be RELU, ABSOLUTE_VALUE, HARD_TANH, SOFTPLUS, TANH, GELU, elu(alpha), \
leaky_relu(alpha) or PiecewiseAffine(kinks=(...), slopes=(...), value=...), got 'relu'
    """
    if not isinstance(text, str):
        raise TypeError(f"the name of an activation must be a string, got {type(text).__name__}")
    if len(text) > MAX_LENGTH:
        raise ValueError(
            f"the name of an activation must have at most {MAX_LENGTH} characters, got {len(text)}"
        )
    if text in NAMED:
        return NAMED[text]
    if (found := _FAMILY.fullmatch(text)) and found[1] in FAMILIES:
        return FAMILIES[found[1]](_number(found[2]))
    if found := _PIECEWISE.fullmatch(text):
        return PiecewiseAffine(_numbers(found[1]), _numbers(found[2]), _number(found[3]))
    known = ", ".join([*NAMED, *(f"{family}(alpha)" for family in FAMILIES)])
    raise ValueError(
        f"an activation must be {known} or PiecewiseAffine(kinks=(...), slopes=(...), value=...), "
        f"got {text!r:.60}"
    )


def _numbers(text: str) -> list[Fraction]:
    """Read what stands between the parentheses of a tuple, at whose end may be a comma."""
    parts = text.removesuffix(",").split(",") if text else []
    return [_number(part) for part in parts]


def _number(text: str) -> Fraction:
    stripped = text.strip(" ")
    if found := _HEX.fullmatch(stripped):
        p, q = int(found[1], 16), int(found[2] or "0x1", 16)
        if q:
            return Fraction(p, q)
    return to_fraction(stripped, "a number of an activation")
