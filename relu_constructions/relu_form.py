"""The ReLU form: a ReLU network with the realization of a network with a piecewise affine activation.

Every neuron becomes its hinges (`PiecewiseAffine.hinges`), whose factors move into the next affine map.  The
realizations are equal at every point, so pieces, certificates, one-sided and limiting derivatives of the
network are those of its ReLU form.  D(Phi) is not a matter of the realization; it is that of the ReLU form if
the hinges that face right take the convention c at their kink, and those that face left take 1 - c: with
factors a and slopes s, s' on both sides of the kink both give (1 - c) s + c s'.
"""

from __future__ import annotations

from fractions import Fraction

from relu_constructions.layer import Layer, Row, exact_row
from relu_constructions.parametrization import Parametrization, refuse_excess
from relu_constructions.piecewise_affine import RELU, Hinge, PiecewiseAffine


def relu_form(phi: Parametrization) -> Parametrization:
    """Return a ReLU network with the same realization, which is made at the first call and kept.

    A hidden layer of N neurons gets N h of them, where h is the number of hinges of the activation: 2 for
    leaky ReLU, |x| and hard tanh.  A ReLU network is its own ReLU form.

    Raises
    ------
    TypeError
        If the activation is not piecewise affine.
    ValueError
        If the network would be too large.

    Examples
    --------
    >>> from relu_constructions import ABSOLUTE_VALUE
    >>> phi = Parametrization([([[1]], [-1]), ([[3]], ["1/2"])], activation=ABSOLUTE_VALUE)
    >>> relu_form(phi), relu_form(phi)("1/3") == phi("1/3") == Fraction(5, 2)
    (Parametrization(architecture=(1, 2, 1), connectivity=7, magnitude=3), True)
    """
    if phi.activation == RELU:
        return phi
    cache = phi.__dict__
    if "_relu_form" not in cache:
        cache["_relu_form"] = _relu_form(phi, exact_activation(phi))
    form: Parametrization = cache["_relu_form"]
    return form


def exact_activation(phi: Parametrization) -> PiecewiseAffine:
    """Return the activation of a network, if it is piecewise affine.

    Raises
    ------
    TypeError
        If it is not.

    Examples
    --------
    >>> exact_activation(Parametrization([([[1]], [0])]))
    RELU
    """
    if not isinstance(phi.activation, PiecewiseAffine):
        raise TypeError(
            f"the activation {phi.activation} is not piecewise affine: the network has neither affine pieces "
            "nor rational values; evaluate it at floats, or at balls (flint.arb) for rigorous enclosures"
        )
    return phi.activation


def hinge_conventions(phi: Parametrization, at_kink: list[Fraction]) -> list[list[Fraction]]:
    """Return the convention of every hidden neuron of the ReLU form, layer by layer, for D(Phi).

    Parameters
    ----------
    phi : Parametrization
    at_kink : list of Fraction
        One number c for each kink of the activation.

    Examples
    --------
    >>> from relu_constructions import ABSOLUTE_VALUE
    >>> phi = Parametrization([([[1]], [-1]), ([[3]], ["1/2"])], activation=ABSOLUTE_VALUE)
    >>> hinge_conventions(phi, [Fraction(1, 3)])
    [[Fraction(2, 3), Fraction(1, 3)]]
    """
    activation = exact_activation(phi)
    if activation == RELU:
        return [at_kink * neurons for neurons in phi.architecture[1:-1]]
    _, hinges = activation.hinges()
    each = [_convention(hinge, at_kink) for hinge in hinges]
    return [each * neurons for neurons in phi.architecture[1:-1]]


def _convention(hinge: Hinge, at_kink: list[Fraction]) -> Fraction:
    """The convention of one hinge; any number will do for an activation without kinks."""
    if not at_kink:
        return Fraction(1, 2)
    return at_kink[hinge.kink] if hinge.side == 1 else 1 - at_kink[hinge.kink]


def _relu_form(phi: Parametrization, activation: PiecewiseAffine) -> Parametrization:
    constant, hinges = activation.hinges()
    count = len(hinges)
    nonzeros = sum(
        (layer.nonzeros + len(layer.rows)) * (count if index else 1) * (count if index < phi.depth - 1 else 1)
        for index, layer in enumerate(phi.layers)
    )
    bits = nonzeros * max(
        phi.bits_per_weight, *(factor.denominator.bit_length() for _, _, factor in hinges), 1
    )
    refuse_excess(f"the ReLU form of a network with the activation {activation!s:.60}", nonzeros, bits)
    places = activation.kinks or (Fraction(0),)
    layers = []
    for index, layer in enumerate(phi.layers):
        rows: list[Row] = list(layer.rows)
        if index:
            rows = [_reading(row, constant, hinges) for row in rows]
        if index < phi.depth - 1:
            rows = [_facing(row, places[kink], side) for row in rows for kink, side, _ in hinges]
        layers.append(Layer.from_rows(rows, layer.inputs * (count if index else 1)))
    return Parametrization(layers)


def _reading(row: Row, constant: Fraction, hinges: tuple[Hinge, ...]) -> Row:
    """A row that reads the hinges of every neuron instead of its value."""
    columns = {
        j * len(hinges) + k: Fraction(numerator, row.denominator) * factor
        for j, numerator in zip(row.columns, row.numerators, strict=True)
        for k, (_, _, factor) in enumerate(hinges)
    }
    return exact_row(columns, Fraction(row.bias + sum(row.numerators) * constant) / row.denominator)


def _facing(row: Row, place: Fraction, side: int) -> Row:
    """The preactivation side * (z - place) of a hinge, where the row gives z."""
    columns = {
        j: Fraction(side * n, row.denominator) for j, n in zip(row.columns, row.numerators, strict=True)
    }
    return exact_row(columns, side * (Fraction(row.bias, row.denominator) - place))
