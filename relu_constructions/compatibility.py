"""Compatibility: what networks must have in common to be put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relu_constructions.activation import Activation
from relu_constructions.parametrization import Parametrization
from relu_constructions.piecewise_affine import RELU


def common_activation(name: str, *phis: Parametrization) -> Activation:
    """Return the activation of several networks; those without hidden layers have any.

    Raises
    ------
    ValueError
        If two of them differ.

    Examples
    --------
    >>> from relu_constructions import TANH
    >>> line, curve = Parametrization([([[2]], [1])]), Parametrization([([[1]], [0])] * 2, activation=TANH)
    >>> common_activation("concatenation", line, curve)
    TANH
    """
    found = [phi.activation for phi in phis if phi.depth > 1] or [phis[0].activation]
    for activation in found:
        if activation != found[0]:
            raise ValueError(f"{name}: the activations must be equal, got {found[0]} and {activation}")
    return found[0]


def require_relu(name: str, *phis: Parametrization) -> None:
    """Make sure that an operation that adds ReLU neurons is asked for on ReLU networks.

    Raises
    ------
    ValueError
        If a network with hidden layers has another activation.

    Examples
    --------
    >>> from relu_constructions import HARD_TANH
    >>> require_relu("elongation", Parametrization([([[1]], [0])] * 2, activation=HARD_TANH))
    Traceback (most recent call last):
        ...
    ValueError: elongation: the identity is made of ReLU neurons, got the activation HARD_TANH; \
pass relu_form(phi), which realizes the same function
    """
    activation = common_activation(name, *phis)
    if activation != RELU:
        raise ValueError(
            f"{name}: the identity is made of ReLU neurons, got the activation {activation}; "
            "pass relu_form(phi), which realizes the same function"
        )


def require_networks(name: str, *phis: Any) -> None:
    """Make sure that everything is a parametrization.

    Examples
    --------
    >>> require_networks("elongation", 3)
    Traceback (most recent call last):
        ...
    TypeError: elongation: every network must be a Parametrization, got int
    """
    for phi in phis:
        if not isinstance(phi, Parametrization):
            raise TypeError(f"{name}: every network must be a Parametrization, got {type(phi).__name__}")


def require_fit(name: str, psi: Any, phi: Any) -> None:
    """Make sure that psi can be put after phi.

    Examples
    --------
    >>> line = Parametrization([([[2]], [1])])
    >>> require_fit("concatenation", line, line)
    """
    require_networks(name, psi, phi)
    inputs, outputs = psi.architecture[0], phi.architecture[-1]
    if inputs != outputs:
        raise ValueError(
            f"{name}: psi must have as many inputs as phi has outputs, "
            f"got {inputs} inputs and {outputs} outputs"
        )


def require_compatible(name: str, phis: Sequence[Any], shared_input: bool) -> None:
    """Make sure that networks can run side by side.

    Examples
    --------
    >>> line = Parametrization([([[2]], [1])])
    >>> require_compatible("parallelization", [line, line], shared_input=True)
    """
    require_networks(name, *phis)
    if not phis:
        raise ValueError(f"{name}: there must be at least one network, got none")
    require_equal(f"{name}: the depths", [phi.depth for phi in phis], "; lengthen with elongation")
    if shared_input:
        require_equal(f"{name}: the numbers of shared inputs", [phi.architecture[0] for phi in phis])


def require_equal(what: str, numbers: Sequence[int], remedy: str = "") -> None:
    """Make sure that sizes agree.

    Examples
    --------
    >>> require_equal("the depths", [2, 3])
    Traceback (most recent call last):
        ...
    ValueError: the depths must be equal, got 2, 3
    """
    if len(set(numbers)) > 1:
        raise ValueError(f"{what} must be equal, got {', '.join(map(str, numbers))}{remedy}")
