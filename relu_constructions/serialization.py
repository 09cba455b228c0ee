"""JSON: exact networks on disk; integers are hexadecimal strings, so that they have no size limit.

The derivation travels along as a hint.  On reading it is checked like any other, by building the network
anew; one that does not fit is dropped with a warning.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from relu_constructions.derivation import Derivation, Parameter, check
from relu_constructions.layer import Layer, Row, integer_row
from relu_constructions.parametrization import MAX_NONZEROS, Parametrization

FORMAT = "relu_constructions parametrization 1"
_HEX = re.compile(r"-?0x[0-9a-f]+")


def to_json(phi: Parametrization) -> str:
    """Write a network as JSON, exactly.

    Examples
    --------
    >>> from relu_constructions import hat
    >>> from_json(to_json(hat())) == hat()
    True
    """
    layers = [
        {"inputs": layer.inputs, "rows": [_row_data(row) for row in layer.rows]} for layer in phi.layers
    ]
    record = None if phi.derivation is None else _derivation_data(phi.derivation)
    return json.dumps({"format": FORMAT, "layers": layers, "derivation": record}, separators=(",", ":"))


def from_json(text: str) -> Parametrization:
    """Read a network that `to_json` wrote.

    Returns
    -------
    Parametrization
        With its derivation, if the text holds one that builds exactly this network.

    Raises
    ------
    ValueError
        If the text is no such network; the message names the part.

    Warns
    -----
    UserWarning
        If the derivation does not build this network; it is dropped.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the text must be JSON, {error}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"the text must hold a network in the format {FORMAT!r}")
    layers = _list(data.get("layers"), "layers")
    phi = Parametrization([_layer(layer, index) for index, layer in enumerate(layers, start=1)])
    return phi if data.get("derivation") is None else _with_checked_derivation(phi, data["derivation"])


def _with_checked_derivation(phi: Parametrization, data: Any) -> Parametrization:
    try:
        candidate = phi.with_derivation(_derivation(data))
        _demand_sizes(candidate)
        check(candidate)
    except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
        warnings.warn(f"the derivation in the text was dropped: {error}", UserWarning, stacklevel=4)
        return phi
    return candidate


def _demand_sizes(phi: Parametrization) -> None:
    """Compare depth and connectivity first, so that a false hint cannot ask for a huge network."""
    assert phi.derivation is not None
    claims = {claim.quantity: claim for claim in phi.derivation.claims()}
    for quantity in ("depth", "connectivity"):
        if not claims[quantity].holds(getattr(phi, quantity)):
            raise ValueError(f"it builds a network of another {quantity}")


def _row_data(row: Row) -> list[Any]:
    return [list(row.columns), [f"{n:#x}" for n in row.numerators], f"{row.bias:#x}", f"{row.denominator:#x}"]


def _derivation_data(derivation: Derivation) -> dict[str, Any]:
    return {
        "construction": derivation.construction,
        "parameters": [[name, *_parameter_data(value)] for name, value in derivation.parameters],
        "eps": None if derivation.eps is None else _parameter_data(derivation.eps)[1],
        "norm": derivation.norm,
    }


def _parameter_data(value: Parameter) -> tuple[str, str]:
    if isinstance(value, Fraction):
        return "rational", f"{value.numerator:#x}/{value.denominator:#x}"
    return ("integer", f"{value:#x}") if isinstance(value, int) else ("text", value)


def _derivation(data: Any) -> Derivation:
    readers: dict[str, Callable[[Any, str], Parameter]] = {
        "rational": _rational,
        "integer": _integer,
        "text": _text,
    }
    parameters: list[tuple[str, Parameter]] = []
    for name, kind, value in _list(data["parameters"], "parameters"):
        parameters.append((_text(name, "name"), readers[kind](value, "parameter")))
    eps = None if data["eps"] is None else _rational(data["eps"], "eps")
    record = Derivation(_text(data["construction"], "construction"), tuple(parameters), eps, data["norm"])
    if (eps is not None and eps <= 0) or record.norm not in ("W1inf", "Linf"):
        raise ValueError("its eps or norm makes no sense")
    return record


def _layer(data: Any, index: int) -> Layer:
    name = f"layer {index}"
    if not isinstance(data, dict):
        raise ValueError(f"{name} must be an object with inputs and rows, got {type(data).__name__}")
    inputs, rows = data.get("inputs"), _list(data.get("rows"), f"{name}: rows")
    if isinstance(inputs, bool) or not isinstance(inputs, int) or not 1 <= inputs <= MAX_NONZEROS or not rows:
        raise ValueError(f"{name} must have rows and at least one input, got inputs = {inputs!r:.40}")
    return Layer.from_rows([_row(row, inputs, f"{name}, row {i}") for i, row in enumerate(rows)], inputs)


def _row(data: Any, inputs: int, name: str) -> Row:
    parts = _list(data, name)
    if len(parts) != 4:
        raise ValueError(f"{name} must be [columns, numerators, bias, denominator], got {len(parts)} parts")
    columns, numerators = _list(parts[0], f"{name}: columns"), _list(parts[1], f"{name}: numerators")
    fits = all(type(j) is int and 0 <= j < inputs for j in columns) and len(set(columns)) == len(columns)
    if not fits or len(columns) != len(numerators):
        raise ValueError(f"{name}: columns must be distinct, from 0 to {inputs - 1}, one for each numerator")
    denominator = _integer(parts[3], f"{name}: denominator")
    if denominator < 1:
        raise ValueError(f"{name}: the denominator must be positive")
    entries = {j: _integer(n, f"{name}: numerator") for j, n in zip(columns, numerators, strict=True)}
    return integer_row(entries, _integer(parts[2], f"{name}: bias"), denominator)


def _list(given: Any, name: str) -> list[Any]:
    if not isinstance(given, list):
        raise ValueError(f"{name} must be a list, got {type(given).__name__}")
    return given


def _text(given: Any, name: str) -> str:
    if not isinstance(given, str):
        raise ValueError(f"{name} must be a string, got {type(given).__name__}")
    return given


def _integer(given: Any, name: str) -> int:
    if not isinstance(given, str) or not _HEX.fullmatch(given):
        raise ValueError(f"{name} must be a hexadecimal string such as '-0x1f', got {given!r:.40}")
    return int(given, 16)


def _rational(given: Any, name: str) -> Fraction:
    p, _, q = _text(given, name).partition("/")
    denominator = _integer(q, name)
    if denominator < 1:
        raise ValueError(f"{name}: the denominator must be positive")
    return Fraction(_integer(p, name), denominator)
