"""The sawtooth h_n = h o ... o h: 2^(n-1) teeth on [0, 1] by n compositions of the hat."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from relu_constructions.construction import CONSTRUCTIONS, Construction, Derivation
from relu_constructions.constructions.hat import WEIGHTS, check_form, hinges
from relu_constructions.exact import shown, to_integer
from relu_constructions.fold_bound import fold_bound
from relu_constructions.folding import chain
from relu_constructions.layer import Layer, Row, integer_row
from relu_constructions.parametrization import Parametrization, refuse_excess
from relu_constructions.piecewise_linear import Sawtooth
from relu_constructions.theorem import Theorem

THEOREMS = {
    "two_neurons": Theorem(
        name="sawtooth, two neurons a level",
        statement="the n-fold composition of the hat has 2^(n-1) teeth on [0, 1]",
        reference="Telgarsky 2015/16; Yarotsky 2017 (by paper)",
        parameters=("n",),
        requires="n >= 1",
        equals={
            "depth": "n + 1",
            "width": "2",
            "neurons": "2*n",
            "connectivity": "5*n",
            "magnitude": "4",
            "value_error": "0",
            "derivative_error": "0",
        },
        samples=tuple({"n": n} for n in (1, 2, 3, 5, 10)),
    ),
    "three_neurons": Theorem(
        name="sawtooth, three neurons a level",
        statement="the n-fold composition of the hat has 2^(n-1) teeth on [0, 1] and vanishes elsewhere",
        reference="Telgarsky 2015/16; Yarotsky 2017 (by paper)",
        parameters=("n",),
        requires="n >= 1",
        equals={
            "depth": "n + 1",
            "width": "3",
            "neurons": "3*n",
            "connectivity": "11*n - 3",
            "magnitude": "4",
            "value_error": "0",
            "derivative_error": "0",
        },
        samples=tuple({"n": n} for n in (1, 2, 3, 5, 10)),
    ),
}


def sawtooth(n: Any, form: str = "two_neurons") -> Parametrization:
    """Build the sawtooth h_n with 2^(n-1) teeth on [0, 1].

    Parameters
    ----------
    n : int
        The number of compositions, at least 1.
    form : {"two_neurons", "three_neurons"}
        Which hat is composed; the chain of two-neuron hats is h_n for x <= 1, and on all of R once n >= 2.

    Returns
    -------
    Parametrization
        Depth n + 1, 2n neurons, 5n nonzeros (or 3n and 11n - 3), weights at most 4.

    Raises
    ------
    ValueError
        For n < 1, another form, and a size beyond the limits (with that size).

    Examples
    --------
    >>> h = sawtooth(3)
    >>> h.connectivity, [int(h(f"{k}/8")) for k in range(9)]
    (15, [0, 1, 0, 1, 0, 1, 0, 1, 0])
    """
    n = to_integer(n, "n", 1)
    nonzeros = int(THEOREMS[check_form(form)].claim("connectivity", n=n))
    refuse_excess(f"sawtooth with n = {shown(n)}", nonzeros, 4 * nonzeros)
    return _build(form, n).with_derivation(Derivation("sawtooth", (("form", form), ("n", n))))


def _build(form: str, n: int) -> Parametrization:
    weights = WEIGHTS[form]
    levels = [Layer.from_rows(composed(form), len(weights))] * (n - 1)
    output = Layer.from_rows([integer_row(dict(enumerate(weights)))], len(weights))
    return Parametrization([Layer.from_rows(hinges(form), 1), *levels, output])


def composed(form: str) -> list[Row]:
    """Return the layer that puts the hinges of the hat on the hat of the layer before."""
    weights = WEIGHTS[form]
    doubled = {j: 2 * weight for j, weight in enumerate(weights)}
    return [integer_row(doubled, -k, 2) for k in range(len(weights))]


_UNIT = (Fraction(0), Fraction(1))

CONSTRUCTIONS["sawtooth"] = Construction(
    build=_build,
    theorem=lambda form, n: THEOREMS[check_form(form)],
    symbols=lambda form, n: {"n": n},
    target=lambda form, n: Sawtooth(n),
    domain=lambda form, n: (_UNIT,),
    pieces=lambda form, n: 2**n,
    prove=lambda phi, form, n: fold_bound(phi, chain(*_UNIT, 2, n), 0, Fraction(2**n)),
)
