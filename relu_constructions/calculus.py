"""The calculus of networks: how parametrizations are put together, and what that costs exactly.

Argument order is composition order: ``concatenation(psi, phi)`` realizes R(psi) after R(phi).  Every function
returns a new exact `Parametrization` without a derivation.  `THEOREMS` holds the count of every operation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relu_constructions.blocks import combination, composed, diagonal, joined, split, stacked
from relu_constructions.calculus_counts import THEOREMS as THEOREMS
from relu_constructions.compatibility import (
    common_activation,
    require_compatible,
    require_equal,
    require_fit,
    require_networks,
    require_relu,
)
from relu_constructions.exact import to_fraction, to_integer
from relu_constructions.nonnegativity import require_nonnegative
from relu_constructions.parametrization import Parametrization, refuse_excess


def affine(A: Any, b: Any) -> Parametrization:
    """Make the network of depth 1 that realizes x -> A x + b.

    Parameters
    ----------
    A : array_like of exact numbers, shape (N_1, N_0)
    b : array_like of exact numbers, shape (N_1,)

    Examples
    --------
    >>> affine([[2, 0]], ["1/2"])
    Parametrization(architecture=(2, 1), connectivity=2, magnitude=2)
    """
    return Parametrization([(A, b)])


def identity(d: int, depth: int = 1) -> Parametrization:
    """Make a network that realizes x -> x on R^d, through x = rho(x) - rho(-x).

    Raises
    ------
    ValueError
        If `d` or `depth` is less than 1, or the network would be too large.

    Examples
    --------
    >>> identity(1, depth=3)
    Parametrization(architecture=(1, 2, 2, 1), connectivity=6, magnitude=1)
    """
    d, depth = _sizes("identity", d, depth, 2)
    if depth == 1:
        return Parametrization([diagonal(d)])
    middle = [diagonal(2 * d)] * (depth - 2)
    return Parametrization([split(diagonal(d)), *middle, joined(diagonal(d))])


def nonnegative_identity(d: int, depth: int) -> Parametrization:
    """Make a network of d neurons a layer that realizes x -> x for x >= 0, and x -> rho(x) if it is deep.

    Raises
    ------
    ValueError
        If `d` or `depth` is less than 1, or the network would be too large.

    Examples
    --------
    >>> nonnegative_identity(1, 3)
    Parametrization(architecture=(1, 1, 1, 1), connectivity=3, magnitude=1)
    """
    d, depth = _sizes("nonnegative_identity", d, depth, 1)
    return Parametrization([diagonal(d)] * depth)


def concatenation(psi: Parametrization, phi: Parametrization) -> Parametrization:
    """Put psi after phi and merge the two affine maps that meet; depth L_phi + L_psi - 1.

    The derivative D is multiplicative for this composition, at every point.

    Raises
    ------
    TypeError
        If an argument is not a parametrization.
    ValueError
        If psi has not as many inputs as phi has outputs.

    Examples
    --------
    >>> hat = Parametrization([([[2], [4]], [0, -2]), ([[1, -1]], [0])])
    >>> concatenation(hat, hat)
    Parametrization(architecture=(1, 2, 2, 1), connectivity=10, magnitude=4)
    """
    require_fit("concatenation", psi, phi)
    merged = composed(psi.layers[0], phi.layers[-1])
    activation = common_activation("concatenation", psi, phi)
    return Parametrization([*phi.layers[:-1], merged, *psi.layers[1:]], activation=activation)


def sparse_concatenation(psi: Parametrization, phi: Parametrization) -> Parametrization:
    """Put psi after phi with x = rho(x) - rho(-x) between them; depth L_phi + L_psi, no new entries.

    Raises
    ------
    TypeError
        If an argument is not a parametrization.
    ValueError
        If psi has not as many inputs as phi has outputs.

    Examples
    --------
    >>> sparse_concatenation(affine([[3]], [1]), affine([["1/3"]], [0]))
    Parametrization(architecture=(1, 2, 1), connectivity=5, magnitude=3)
    """
    require_fit("sparse_concatenation", psi, phi)
    require_relu("sparse_concatenation", psi, phi)
    below, above = split(phi.layers[-1]), joined(psi.layers[0])
    return Parametrization([*phi.layers[:-1], below, above, *psi.layers[1:]])


def nonnegative_concatenation(
    psi: Parametrization, phi: Parametrization, domain: Any = None
) -> Parametrization:
    """List the layers of phi and then those of psi; this is R(psi) after R(phi) where R(phi) >= 0.

    Parameters
    ----------
    psi, phi : Parametrization
    domain : pair (lo, hi) or sequence of such pairs, optional
        Where R(phi) >= 0 is needed and proved; without it on all of R^d.

    Raises
    ------
    TypeError
        If an argument is not a parametrization.
    ValueError
        If the shapes do not fit, and if R(phi) is negative somewhere or could not be proved nonnegative.

    Examples
    --------
    >>> nonnegative_concatenation(affine([[3]], [1]), affine([["1/3"]], [0]), domain=(0, 1))
    Parametrization(architecture=(1, 1, 1), connectivity=3, magnitude=3)
    """
    require_fit("nonnegative_concatenation", psi, phi)
    require_relu("nonnegative_concatenation", psi, phi)
    require_nonnegative(phi, domain)
    return Parametrization([*phi.layers, *psi.layers])


def parallelization(*phis: Parametrization, shared_input: bool = False) -> Parametrization:
    """Run networks of equal depth side by side; their outputs are listed one after the other.

    Parameters
    ----------
    *phis : Parametrization
    shared_input : bool
        Whether all of them read the same x; otherwise their inputs are listed one after the other, too.

    Raises
    ------
    TypeError
        If an argument is not a parametrization.
    ValueError
        If there is none, or the depths, or the numbers of shared inputs, differ.

    Examples
    --------
    >>> parallelization(identity(1), affine([[2, 3]], [1]))
    Parametrization(architecture=(3, 2), connectivity=4, magnitude=3)
    >>> parallelization(identity(1), identity(1, depth=2))
    Traceback (most recent call last):
        ...
    ValueError: parallelization: the depths must be equal, got 1, 2; lengthen with elongation
    """
    require_compatible("parallelization", phis, shared_input)
    levels = zip(*(phi.layers for phi in phis), strict=True)
    rows = (stacked(level, shared_input and k == 0) for k, level in enumerate(levels))
    return Parametrization(rows, activation=common_activation("parallelization", *phis))


def elongation(phi: Parametrization, depth: int) -> Parametrization:
    """Lengthen a network to a depth by the identity, with 2 N_L neurons in each further layer.

    Raises
    ------
    TypeError
        If `phi` is not a parametrization.
    ValueError
        If `depth` is less than the depth of `phi`, or the network would be too large.

    Examples
    --------
    >>> elongation(affine([[5]], [1]), 3)
    Parametrization(architecture=(1, 2, 2, 1), connectivity=8, magnitude=5)
    """
    further, d = _extension(phi, depth, 2)
    if further == 0:
        return Parametrization(phi.layers, activation=phi.activation)
    middle = [diagonal(2 * d)] * (further - 1)
    return Parametrization([*phi.layers[:-1], split(phi.layers[-1]), *middle, joined(diagonal(d))])


def nonnegative_elongation(phi: Parametrization, depth: int, domain: Any = None) -> Parametrization:
    """Lengthen a network with outputs >= 0 to a depth, with N_L neurons in each further layer.

    Parameters
    ----------
    phi : Parametrization
    depth : int
    domain : pair (lo, hi) or sequence of such pairs, optional
        Where R(phi) >= 0 is needed and proved; without it on all of R^d.

    Raises
    ------
    TypeError
        If `phi` is not a parametrization.
    ValueError
        If `depth` is less than the depth of `phi`, and if R(phi) is negative somewhere or could not be
        proved nonnegative.

    Examples
    --------
    >>> nonnegative_elongation(affine([[5]], [1]), 3, domain=(0, 1))
    Parametrization(architecture=(1, 1, 1, 1), connectivity=4, magnitude=5)
    """
    further, d = _extension(phi, depth, 1)
    require_nonnegative(phi, domain)
    return Parametrization([*phi.layers, *[diagonal(d)] * further])


def linear_combination(coefficients: Sequence[Any], phis: Sequence[Parametrization]) -> Parametrization:
    """Make the network of sum_i a_i R(phi_i), where all phi_i read the same x.

    Parameters
    ----------
    coefficients : sequence of exact numbers a_i
    phis : sequence of Parametrization
        Of equal depth, with equally many inputs and outputs.

    Raises
    ------
    TypeError
        If a coefficient is not exact or an entry of `phis` is not a parametrization.
    ValueError
        If their numbers, depths, inputs or outputs differ.

    Examples
    --------
    >>> linear_combination([2, -1], [identity(1, depth=2), identity(1, depth=2)])
    Parametrization(architecture=(1, 4, 1), connectivity=8, magnitude=2)
    """
    require_compatible("linear_combination", phis, True)
    if len(coefficients) != len(phis):
        raise ValueError(
            f"linear_combination: each network must have one coefficient, "
            f"got {len(coefficients)} coefficients and {len(phis)} networks"
        )
    require_equal("linear_combination: the numbers of outputs", [phi.architecture[-1] for phi in phis])
    factors = [to_fraction(a, f"coefficient {i}") for i, a in enumerate(coefficients)]
    total = Parametrization([combination(factors, phis[0].architecture[-1])])
    return concatenation(total, parallelization(*phis, shared_input=True))


def _sizes(name: str, d: Any, depth: Any, neurons: int) -> tuple[int, int]:
    d, depth = to_integer(d, "d", 1), to_integer(depth, "depth", 1)
    refuse_excess(f"{name}: the network", neurons * d * depth, neurons * d * depth)
    return d, depth


def _extension(phi: Parametrization, depth: Any, neurons: int) -> tuple[int, int]:
    """The number of layers to add, and their dimension."""
    require_networks("elongation", phi)
    require_relu("elongation", phi)
    further, d = to_integer(depth, "depth", phi.depth) - phi.depth, phi.architecture[-1]
    refuse_excess("elongation: the network", neurons * d * further, neurons * d * further)
    return further, d
