"""The hat function h: 2x on [0, 1/2], 2 - 2x on [1/2, 1], zero elsewhere."""

from __future__ import annotations

from fractions import Fraction

from relu_constructions.construction import CONSTRUCTIONS, Construction, Derivation
from relu_constructions.fold_bound import fold_bound
from relu_constructions.folding import Fold
from relu_constructions.layer import Layer, Row, integer_row
from relu_constructions.parametrization import Parametrization
from relu_constructions.piecewise_linear import PiecewiseLinear
from relu_constructions.theorem import Theorem

WEIGHTS = {"two_neurons": (2, -4), "three_neurons": (2, -4, 2)}
"""Output weights of the hinges rho(x), rho(x - 1/2), rho(x - 1), by form."""

THEOREMS = {
    "two_neurons": Theorem(
        name="hat, two neurons",
        statement="2 rho(x) - 4 rho(x - 1/2) is the hat function for x <= 1",
        reference="Telgarsky 2015/16; Yarotsky 2017 (by paper; forms as in the slides of Berner et al.)",
        parameters=(),
        equals={
            "depth": "2",
            "width": "2",
            "neurons": "2",
            "connectivity": "5",
            "magnitude": "4",
            "value_error": "0",
            "derivative_error": "0",
        },
        samples=({},),
    ),
    "three_neurons": Theorem(
        name="hat, three neurons",
        statement="2 rho(x) - 4 rho(x - 1/2) + 2 rho(x - 1) is the hat function on all of R",
        reference="Yarotsky 2017 (by paper; form as in the slides of Berner et al.)",
        parameters=(),
        equals={
            "depth": "2",
            "width": "3",
            "neurons": "3",
            "connectivity": "8",
            "magnitude": "4",
            "value_error": "0",
            "derivative_error": "0",
        },
        samples=({},),
    ),
}


def hat(form: str = "two_neurons") -> Parametrization:
    """Build the hat function.

    Parameters
    ----------
    form : {"two_neurons", "three_neurons"}
        2 rho(x) - 4 rho(x - 1/2), the hat for x <= 1; with 2 rho(x - 1) added it is the hat on all of R.

    Returns
    -------
    Parametrization
        Architecture (1, 2, 1) with 5 nonzeros, or (1, 3, 1) with 8; weights at most 4.

    Raises
    ------
    ValueError
        For another form.

    Examples
    --------
    >>> hat()("1/4"), hat("three_neurons")(7)
    (Fraction(1, 2), Fraction(0, 1))
    """
    return _build(check_form(form)).with_derivation(Derivation("hat", (("form", form),)))


def check_form(form: str) -> str:
    """Return the name of a form of the hat, or refuse it."""
    if form not in WEIGHTS:
        raise ValueError(f"form must be one of {', '.join(WEIGHTS)}, got {form!r}")
    return form


def hinges(form: str) -> list[Row]:
    """Return the first layer x, x - 1/2 (and x - 1) of a form."""
    return [integer_row({0: 2}, -k, 2) for k in range(len(WEIGHTS[form]))]


def _build(form: str) -> Parametrization:
    weights = WEIGHTS[form]
    output = integer_row(dict(enumerate(weights)))
    return Parametrization([Layer.from_rows(hinges(form), 1), Layer.from_rows([output], len(weights))])


_UNIT = (Fraction(0), Fraction(1))

CONSTRUCTIONS["hat"] = Construction(
    build=_build,
    theorem=lambda form: THEOREMS[check_form(form)],
    symbols=lambda form: {},
    target=lambda form: PiecewiseLinear.through((0, 0), ("1/2", 1), (1, 0)),
    domain=lambda form: (_UNIT,),
    pieces=lambda form: 2,
    prove=lambda phi, form: fold_bound(phi, (Fold(Fraction(0), Fraction(1, 2), 2),), 0, Fraction(2)),
)
