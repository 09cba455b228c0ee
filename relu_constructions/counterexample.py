"""Counterexample: a network, what it realizes, and claims on D(Phi) at its kinks, as formulas.

At a kink D(Phi) is a polynomial in the convention c, the number that stands for rho'(0).  It is right for
those c only for which it lies in the Clarke subdifferential of R(Phi), the interval between the two one-sided
derivatives.  The gallery of them is `counterexamples`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from relu_constructions.exact import to_fraction
from relu_constructions.parametrization import Parametrization
from relu_constructions.theorem import evaluate_formula, sympy_formula

Intervals = tuple[tuple[str, str], ...]
"""Closed intervals, each by the formulas of its two ends; ``"oo"`` and ``"-oo"`` may be ends."""

ALWAYS: Intervals = (("-oo", "oo"),)
NEVER: Intervals = ()


@dataclass(frozen=True)
class AtPoint:
    """What is claimed of D(Phi) at a point.

    Attributes
    ----------
    x : Fraction
    derivative : str
        D(Phi)(x) as a polynomial in the convention c.
    right_for : tuple of (str, str)
        The real c for which D(Phi)(x) lies in the Clarke subdifferential of R(Phi) at x: closed intervals.
    """

    x: Fraction
    derivative: str
    right_for: Intervals


@dataclass(frozen=True)
class Counterexample:
    """A network, the function that it realizes, and D(Phi) at its kinks.

    Attributes
    ----------
    name : str
    network : Parametrization
        With one input and one output.
    realizes : str
        R(Phi) on the whole line, as a formula in x.
    claims : tuple of AtPoint
        At 0, and at all kinks elsewhere.
    source : str
        Where the example comes from.
    parameters : tuple of (str, Fraction)
        The letters beside c and x that occur in the formulas, and their values.

    Examples
    --------
    >>> from relu_constructions.counterexamples import split_identity
    >>> example = split_identity()
    >>> example.realizes, example.derivative, example.right_for
    ('x', '2*c', (('1/2', '1/2'),))
    >>> [str(example.at_convention(c)) for c in (0, "1/2", 1)]
    ['0', '1', '2']
    """

    name: str
    network: Parametrization
    realizes: str
    claims: tuple[AtPoint, ...]
    source: str
    parameters: tuple[tuple[str, Fraction], ...] = ()

    @property
    def derivative(self) -> str:
        """The claimed D(Phi)(0), a polynomial in c."""
        return self.claims[0].derivative

    @property
    def right_for(self) -> Intervals:
        """The claimed set of all c for which D(Phi)(0) lies in the Clarke subdifferential at 0."""
        return self.claims[0].right_for

    def at_convention(self, c: Any) -> Fraction:
        """Evaluate the claimed polynomial D(Phi)(0) at an exact number c."""
        return evaluate_formula(self.derivative, {**dict(self.parameters), "c": to_fraction(c, "c")})

    def formula(self, text: str, **symbols: Any) -> Any:
        """Return a formula of the example as a sympy expression.

        Parameters
        ----------
        text : str
        **symbols : sympy objects
            What to put for the letters; otherwise parameters have their values, and c and x are real symbols.

        Examples
        --------
        >>> from relu_constructions.counterexamples import two_slopes
        >>> example = two_slopes(3, 7)
        >>> example.formula(example.derivative)
        10*c
        """
        import sympy

        letters: Mapping[str, Any] = {
            **{name: sympy.Rational(value.numerator, value.denominator) for name, value in self.parameters},
            **{name: sympy.Symbol(name, real=True) for name in ("c", "x")},
            "oo": sympy.oo,
            **symbols,
        }
        return sympy_formula(text, tuple(letters), letters)

    def conventions(self, claim: AtPoint) -> Any:
        """Return the set of all c that are claimed to be right at a point, as a set of sympy.

        Examples
        --------
        >>> from relu_constructions.counterexamples import sparse_relu
        >>> example = sparse_relu()
        >>> example.conventions(example.claims[0])
        Interval(-sqrt(2)/2, sqrt(2)/2)
        """
        import sympy

        ends = [(self.formula(lower), self.formula(upper)) for lower, upper in claim.right_for]
        return sympy.Union(*(sympy.Interval(lower, upper) for lower, upper in ends))
