"""Elementary: a function written with rationals, pi, E, + - * / ** and elementary functions, as a target.

Values and derivatives are enclosed by balls.  What is not defined, or not smooth, gives no finite ball;
whether that happens on a domain, `demand_smooth` decides once, and `on` returns the function without moduli.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from flint import acb, arb, arb_series, ctx

from relu_constructions.ball_arithmetic import COMPLEX, REAL, SERIES, Undefined
from relu_constructions.balls import ball, undefined
from relu_constructions.box import Box, to_box
from relu_constructions.differentiation import differentiated
from relu_constructions.elementary_reading import read_elementary, refuse_names
from relu_constructions.enclosure import Enclosure
from relu_constructions.exact import to_integer, to_tolerance
from relu_constructions.expression import MAX_LENGTH
from relu_constructions.jets import Jet
from relu_constructions.nodes import Node, refuse_nodes
from relu_constructions.normal_form import vanishes
from relu_constructions.ranges import enclosed_range, sharpened
from relu_constructions.reading import demand
from relu_constructions.scalar_field import Point, ScalarField, shown_point, to_point
from relu_constructions.singularity import demand_values, resolved
from relu_constructions.taylor import taylor_enclosures
from relu_constructions.writing import write

SHOWN_LENGTH = 400
"""A longer expression is abbreviated in a certificate."""

DEFAULT = Fraction(1, 10**6)
"""The tolerance that is taken where none is asked for."""

MAX_ORDER = 200
"""The greatest order of a Taylor polynomial."""


@dataclass(frozen=True)
class Elementary:
    """A function of one or several variables by its expression.

    Attributes
    ----------
    node : Node
        The expression.
    variables : tuple of str
        In the order of the inputs.

    Raises
    ------
    ValueError
        For sizes beyond the limits, and names that could not be read back.

    Examples
    --------
    >>> f = Elementary.of("exp(-x^2)*cos(2*pi*x)")
    >>> print(f)
    exp(-x**2)*cos(2*pi*x)
    >>> f == Elementary.of(str(f)), f.dimension
    (True, 1)
    >>> Elementary.of("1/(x - 1/2)").demand_smooth((0, 1))
    Traceback (most recent call last):
        ...
    relu_constructions.singularity.Singularity: 1/(x - 1/2) has a pole at x = 1/2 in [0, 1]
    """

    node: Node
    variables: tuple[str, ...]

    @classmethod
    def of(cls, given: Any, variables: Any = None, dimension: int | None = None) -> Elementary:
        """Read a text or a sympy expression; the inputs are found as for a polynomial, see `inputs_of`."""
        made = cls(*read_elementary(given, variables, dimension))
        if read_elementary(str(made), made.variables).node != made.node:
            raise ValueError(f"an expression must be read back from its text, got {made.shown()}")
        return made

    def __post_init__(self) -> None:
        refuse_names(self.variables)
        refuse_nodes(self.node)
        if len(str(self)) > MAX_LENGTH:
            raise ValueError(
                f"an expression must have at most {MAX_LENGTH} characters when it is written out, "
                f"got {len(str(self))}"
            )

    @property
    def dimension(self) -> int:
        """The number of variables."""
        return len(self.variables)

    @property
    def orders(self) -> int:
        """The greatest order that `taylor` may be asked for."""
        return MAX_ORDER

    def __str__(self) -> str:
        return self._text

    def shown(self) -> str:
        """Write the expression, abbreviated where it is long."""
        return self._text if len(self._text) <= SHOWN_LENGTH else f"{self._text[:SHOWN_LENGTH]} ..."

    @cached_property
    def _text(self) -> str:
        return write(self.node, self.variables)

    @cached_property
    def _field(self) -> ScalarField:
        return ScalarField(self.node, self.dimension)

    def __reduce__(self) -> tuple[Any, ...]:
        return Elementary, (self.node, self.variables)

    def ball(self, *arguments: arb) -> arb:
        """Enclose the values at balls, at the precision of the context; not finite where not defined.

        Examples
        --------
        >>> Elementary.of("log(x)").ball(arb(-1)).is_finite()
        False
        """
        try:
            found: arb = self._field.program.run(REAL, arguments)
        except Undefined:
            return undefined()
        return found

    def series(self, argument: arb_series) -> arb_series:
        """Enclose the Taylor coefficients of f(argument), as many as `ctx.cap`."""
        try:
            found = self._field.program.run(SERIES, (argument,))
        except Undefined:
            return arb_series([undefined()] * ctx.cap)
        return found if isinstance(found, arb_series) else arb_series([found])

    def complex_ball(self, z: acb) -> acb:
        """Enclose the values on a complex ball; not finite unless f is analytic there.

        Examples
        --------
        >>> Elementary.of("sqrt(x)").complex_ball(acb(-1, arb(0, 1))).is_finite()
        False
        """
        try:
            return acb(self._field.program.run(COMPLEX, (z,)))
        except Undefined:
            return acb(undefined(), undefined())

    def taylor(self, lo: Fraction, hi: Fraction, at: Fraction, order: int, bits: int) -> list[arb]:
        """Enclose the Taylor polynomial at a point, and its remainder on an interval.

        Parameters
        ----------
        lo, hi, at : Fraction
            With lo <= at <= hi.
        order : int
            At least 1.
        bits : int
            The working precision.

        Returns
        -------
        list of arb
            The entry k encloses f^(k)(at) / k! for k < order; the last, of index `order`, encloses
            f^(order)(x) / order! for all x from lo to hi.  They are not finite where f may be singular.
        """
        return taylor_enclosures(self._field.program, lo, hi, at, order, bits)

    def jet(self, sides: Sequence[arb], bits: int) -> Jet | None:
        """Enclose value, gradient and Hessian on balls; None where f may be singular."""
        return self._field.jet(sides, bits)

    def value(self, point: Any, tolerance: Any = DEFAULT) -> Enclosure:
        """Enclose the value at a point with a relative width.

        Raises
        ------
        ValueError
            If f is not defined there, or cannot be known so well.

        Examples
        --------
        >>> print(Elementary.of("sqrt(x)").value(2))
        in [1.4142, 1.4143]
        """
        at = to_point(point, self.dimension)
        (found,) = sharpened(
            lambda bits: [self._field.value(at, bits)], to_tolerance(tolerance, "tolerance"), self._at(at)
        )
        return found

    def gradient_at(self, point: Any, tolerance: Any = DEFAULT) -> tuple[Enclosure, ...]:
        """Enclose the partial derivatives at a point with a relative width."""
        at = to_point(point, self.dimension)
        allowed = to_tolerance(tolerance, "tolerance")

        def gradient(bits: int) -> list[arb]:
            jet = self.jet([ball(x) for x in at], bits)
            if jet is None:
                return [undefined()]
            return [jet.gradient.get(j, arb(0)) for j in range(self.dimension)]

        return sharpened(gradient, allowed, f"the gradient of {self._at(at)}")

    def partial(self, j: int) -> Elementary:
        """Return the partial derivative in the variable with the index j, counted from 0.

        Examples
        --------
        >>> print(Elementary.of("sin(x*y)").partial(1))
        cos(x*y)*x
        """
        if not 0 <= j < self.dimension:
            raise ValueError(f"the index of a variable must be from 0 to {self.dimension - 1}, got {j}")
        return Elementary(differentiated(self.node, j), self.variables)

    def enclosure(self, domain: Any, order: int = 0, tolerance: Any = DEFAULT) -> Enclosure:
        """Enclose the range of f, or of a derivative, on an interval or a box, from outside.

        Parameters
        ----------
        domain : Box or pair
        order : {0, 1, 2}
            Of the derivative, for one variable.
        tolerance : number
            How much too large either end may be, relative to the largest modulus.

        Examples
        --------
        >>> print(Elementary.of("x*exp(-x)").enclosure((0, 2), tolerance="1e-9"))
        in [0, 0.36788]
        """
        box, node = self._box(domain), self.on(domain).node
        if order and self.dimension != 1:
            raise ValueError(f"{demand(1)}, got {', '.join(self.variables)}")
        for _ in range(to_integer(order, "order", 0)):
            node = differentiated(node, 0)
        return self._range(node, box, tolerance)

    def gradient(self, domain: Any, tolerance: Any = DEFAULT) -> tuple[Enclosure, ...]:
        """Enclose the ranges of the partial derivatives on a box."""
        box, node = self._box(domain), self.on(domain).node
        return tuple(self._range(differentiated(node, j), box, tolerance) for j in range(self.dimension))

    def hessian(self, domain: Any, tolerance: Any = DEFAULT) -> tuple[tuple[Enclosure, ...], ...]:
        """Enclose the ranges of the second partial derivatives on a box."""
        box, node, d = self._box(domain), self.on(domain).node, self.dimension
        slopes = [differentiated(node, i) for i in range(d)]
        upper = {
            (i, j): self._range(differentiated(slopes[i], j), box, tolerance)
            for i in range(d)
            for j in range(i, d)
        }
        return tuple(tuple(upper[min(i, j), max(i, j)] for j in range(d)) for i in range(d))

    def on(self, domain: Any) -> Elementary:
        """Return the same function on a domain where it is smooth, without moduli.

        Raises
        ------
        ValueError
            Naming a pole, a branch cut or a kink, and where it is.

        Examples
        --------
        >>> print(Elementary.of("abs(x - 1)*x").on((0, 1)))
        -(x - 1)*x
        """
        box = self._box(domain)
        f = Elementary(resolved(self.node, box, self.variables), self.variables)
        demand_values(f.node, box, self.shown())
        return f

    def demand_smooth(self, domain: Any) -> None:
        """Refuse a domain where f is not smooth, with a sentence that names what is wrong, and where."""
        self.on(domain)

    def _box(self, domain: Any) -> Box:
        return to_box(domain, self.dimension)

    def _range(self, node: Node, box: Box, tolerance: Any) -> Enclosure:
        if vanishes(node):
            return Enclosure(Fraction(0), Fraction(0))
        field = ScalarField(node, self.dimension)
        allowed, operations = to_tolerance(tolerance, "tolerance"), len(field.program.steps)
        return enclosed_range(field.bounds, box, allowed, self.shown(), operations)

    def _at(self, point: Point) -> str:
        return f"{self.shown()} at {shown_point(point, self.variables)}"
