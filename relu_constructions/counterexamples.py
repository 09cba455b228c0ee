"""Counterexamples: networks whose derivative D(Phi) at a kink is not a derivative of what they realize.

Every network has one input and one output, and claims on D(Phi) at 0 and at all other kinks, as formulas in
the convention c.  All of them are checked with equality in tests/test_counterexamples.py, and for all
parameters in proofs/counterexamples.py.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from relu_constructions.calculus import affine, concatenation, sparse_concatenation
from relu_constructions.counterexample import ALWAYS, AtPoint, Counterexample
from relu_constructions.exact import shown, to_fraction
from relu_constructions.parametrization import Parametrization

_KAKADE_LEE = "Kakade and Lee 2018, from memory"
_NOTEBOOK = "Berner's notebook on the regularity of ReLU networks"
_HERE = "relu_constructions"


def split_identity() -> Counterexample:
    """Build rho(x) - rho(-x) = x, right for c = 1/2 only.

    It is the sparse concatenation of x with itself, of which the merged one is the affine map x with D = 1.

    Examples
    --------
    >>> split_identity().network
    Parametrization(architecture=(1, 2, 1), connectivity=4, magnitude=1)
    """
    network = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
    claims = (_at_zero("2*c", ("1/2", "1/2")),)
    return Counterexample("the split identity", network, "x", claims, _KAKADE_LEE)


def vanishing() -> Counterexample:
    """Build rho(-rho(x)) = 0, right for c = 0 only: with `split_identity` it excludes every c.

    Examples
    --------
    >>> vanishing().derivative, vanishing().right_for
    ('-c**2', (('0', '0'),))
    """
    network = Parametrization([([[1]], [0]), ([[-1]], [0]), ([[1]], [0])])
    return Counterexample("a zero", network, "0", (_at_zero("-c**2", ("0", "0")),), _HERE)


def deep_split_identity() -> Counterexample:
    """Build rho(rho(x)) - rho(rho(-x)) = x, right for two irrational c only: c = 1/sqrt(2) and -1/sqrt(2).

    Examples
    --------
    >>> deep_split_identity().derivative, deep_split_identity().right_for
    ('2*c**2', (('-2**(-1/2)', '-2**(-1/2)'), ('2**(-1/2)', '2**(-1/2)')))
    """
    network = Parametrization([([[1], [-1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0])])
    roots = [(f"{sign}2**(-1/2)",) * 2 for sign in ("-", "")]
    claims = (_at_zero("2*c**2", *roots),)
    return Counterexample("the split identity of depth 3", network, "x", claims, _HERE)


def identity_plus_zero(K: Any = 2) -> Counterexample:
    """Build rho(rho(x)) - rho(rho(-x)) + K rho(-rho(x)) = x: the last term is 0, but its derivative is not.

    For K >= 2 no c is right, for K = 2 all of them give 0, and for large K the error is as large as you like.

    Parameters
    ----------
    K : exact number

    Examples
    --------
    >>> [str(identity_plus_zero(K).at_convention(1)) for K in (2, 1002)], identity_plus_zero().right_for
    (['0', '-1000'], ())
    """
    K = to_fraction(K, "K")
    hidden = [([[1], [-1]], [0, 0]), ([[1, 0], [0, 1], [-1, 0]], [0, 0, 0])]
    roots = [(f"{sign}(2 - K)**(-1/2)",) * 2 for sign in ("-", "")] if K < 2 else []
    return Counterexample(
        f"the identity plus zero, K = {shown(K)}",
        Parametrization([*hidden, ([[1, -1, K]], [0])]),
        "x",
        (_at_zero("(2 - K)*c**2", *roots),),
        _HERE,
        (("K", K),),
    )


def clipped_identity(B: Any = 5) -> Counterexample:
    """Build rho(rho(x) - rho(-x) + B) + 2 rho(-rho(x)) - B = max(x, -B), wrong at 0 for every c.

    It has four hidden neurons; with three, some c is right at every point (proofs/three_neurons.py).

    Parameters
    ----------
    B : exact number
        Positive.

    Raises
    ------
    ValueError
        If B is not positive.

    Examples
    --------
    >>> clipped_identity().network.architecture, str(clipped_identity().at_convention("1/2"))
    ((1, 2, 2, 1), '1/2')
    """
    B = to_fraction(B, "B")
    if B <= 0:
        raise ValueError(f"B must be positive, got {shown(B)}")
    hidden = [([[1], [-1]], [0, 0]), ([[1, -1], [-1, 0]], [B, 0])]
    return Counterexample(
        f"the identity on [{shown(-B)}, oo)",
        Parametrization([*hidden, ([[1, 2]], [-B])]),
        "Max(x, -B)",
        (_at_zero("2*c - 2*c**2"), AtPoint(-B, "c", (("0", "1"),))),
        _HERE,
        (("B", B),),
    )


def two_slopes(a: Any, b: Any) -> Counterexample:
    """Build a rho(x) - b rho(-x), with slope a on the right and b on the left: c = 1/2 is always right.

    Parameters
    ----------
    a, b : exact number

    Examples
    --------
    >>> two_slopes(3, 7).conventions(two_slopes(3, 7).claims[0]), two_slopes(1, -1).right_for == ALWAYS
    (Interval(3/10, 7/10), True)
    """
    a, b = to_fraction(a, "a"), to_fraction(b, "b")
    ends = tuple(f"{side}(a/(a + b), b/(a + b))" for side in ("Min", "Max"))
    return Counterexample(
        f"the slopes {shown(b)} and {shown(a)}",
        Parametrization([([[1], [-1]], [0, 0]), ([[a, -b]], [0])]),
        "a*x if x >= 0 else b*x",
        (_at_zero("(a + b)*c", *([ends] if a + b else ALWAYS)),),
        _NOTEBOOK,
        (("a", a), ("b", b)),
    )


def merged_relu() -> Counterexample:
    """Build rho(x) as the merged concatenation of rho and x, right for 0 <= c <= 1; see `sparse_relu`.

    Examples
    --------
    >>> merged_relu().derivative, sparse_relu().derivative
    ('c', '2*c**2')
    """
    claims = (_at_zero("c", ("0", "1")),)
    network = concatenation(_relu(), affine([[1]], [0]))
    return Counterexample("rho after x, merged", network, "Max(x, 0)", claims, "folklore")


def sparse_relu() -> Counterexample:
    """Build rho(rho(x) - rho(-x)) = rho(x), the sparse concatenation of rho and x, right for 2 c^2 <= 1.

    The function is that of `merged_relu`, the derivative at 0 is not: c = 1 is right there and wrong here.

    Examples
    --------
    >>> str(merged_relu().at_convention(1)), str(sparse_relu().at_convention(1))
    ('1', '2')
    """
    claims = (_at_zero("2*c**2", ("-2**(-1/2)", "2**(-1/2)")),)
    network = sparse_concatenation(_relu(), affine([[1]], [0]))
    return Counterexample("rho after x, sparse", network, "Max(x, 0)", claims, _HERE)


def relu_of_zero() -> Counterexample:
    """Build rho(v(x)) for v = 0: rho'(v(x)) exists nowhere, yet rho'(v(x)) v'(x) = c 0 is right for every c.

    Examples
    --------
    >>> relu_of_zero().derivative, relu_of_zero().right_for == ALWAYS
    ('0', True)
    """
    network = concatenation(_relu(), affine([[0]], [0]))
    return Counterexample("rho of zero", network, "0", (_at_zero("0", *ALWAYS),), "folklore")


def no_common_convention() -> Counterexample:
    """Build rho(z - 1) - rho(1 - z) - 6 rho(-z) for z = rho(x), right at 0 and at 1, but for different c.

    It has four hidden neurons; with three, one c is right at all kinks (proofs/three_neurons.py).

    Examples
    --------
    >>> for claim in no_common_convention().claims:
    ...     print(claim.x, claim.derivative, claim.right_for)
    0 6*c**2 + c (('-1/2', '-1/6'), ('0', '1/3'))
    1 2*c (('1/2', '1/2'),)
    """
    hidden = [([[1]], [0]), ([[1], [-1], [-1]], [-1, 1, 0])]
    claims = (
        _at_zero("6*c**2 + c", ("-1/2", "-1/6"), ("0", "1/3")),
        AtPoint(Fraction(1), "2*c", (("1/2", "1/2"),)),
    )
    network = Parametrization([*hidden, ([[1, -1, -6]], [0])])
    return Counterexample("two kinks, no common c", network, "Max(x, 0) - 1", claims, _HERE)


def _at_zero(derivative: str, *right_for: tuple[str, ...]) -> AtPoint:
    return AtPoint(Fraction(0), derivative, tuple((lower, upper) for lower, upper in right_for))


def _relu() -> Parametrization:
    return Parametrization([([[1]], [0]), ([[1]], [0])])


COUNTEREXAMPLES = (
    split_identity(),
    vanishing(),
    deep_split_identity(),
    identity_plus_zero(),
    identity_plus_zero(12),
    clipped_identity(),
    two_slopes(3, 7),
    two_slopes(1, -1),
    merged_relu(),
    sparse_relu(),
    relu_of_zero(),
    no_common_convention(),
)
"""The gallery."""
