"""Kinks: where D(Phi) leaves the Clarke set of R(Phi), exactly, for one input and one output.

A kink of a network is a point at which the preactivation of some hidden neuron meets a kink of the activation
(zero, for ReLU), but not in a whole neighbourhood.  Everywhere else D(Phi) is the derivative of R(Phi), with
every convention c.  For let no preactivation have a kink at x, and go through the layers: the neurons below
are differentiable at x, with the derivatives that the product D(Phi) gives, and so is the preactivation of
the next one.  If it is not zero at x, the slope of ReLU is constant around x.  If it is zero in a
neighbourhood, its derivative is 0, so the product has a row of zeros there, and c multiplies nothing.
At a kink the Clarke set of R(Phi) is the interval between the derivatives on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from relu_constructions.activation import conventions
from relu_constructions.box import Interval, shown_box, to_interval
from relu_constructions.exact import to_fraction, written
from relu_constructions.germs import germs_at_kinks, require_line
from relu_constructions.kink import Convention, Kink, Verdict, shown_convention
from relu_constructions.kink_points import Places, kink_points
from relu_constructions.parametrization import Parametrization
from relu_constructions.relu_form import exact_activation, relu_form

if TYPE_CHECKING:
    import sympy

MAX_PIECES = 2**20
"""How many intervals between kinks are listed if the caller sets no limit."""
USUAL = (Fraction(0), Fraction(1, 2), Fraction(1))
"""The conventions that a report compares."""


@dataclass(frozen=True)
class Kinks(Sequence[Kink]):
    """The kinks of a network in a domain, from left to right, with a convention.

    Attributes
    ----------
    kinks : tuple of Kink
    at_kink : Fraction, or tuple of Fraction
        The convention c of D(Phi); one for each kink of the activation, if they were given so.
    domain : (Fraction, Fraction) or None
        None is the whole line.
    neurons : int
        How many hidden neurons have a kink there.
    phi : Parametrization
    """

    kinks: tuple[Kink, ...]
    at_kink: Convention
    domain: Interval | None
    neurons: int
    phi: Parametrization = field(repr=False)

    @cached_property
    def wrong(self) -> tuple[Kink, ...]:
        """The kinks at which D(Phi) does not lie in the Clarke set."""
        return tuple(kink for kink in self if not kink.is_right)

    @cached_property
    def differentiable(self) -> int:
        """The number of kinks of the parametrization at which R(Phi) has a derivative."""
        return sum(kink.is_differentiable for kink in self)

    @cached_property
    def worst(self) -> Kink | None:
        """The kink at which D(Phi) is farthest from the Clarke set; None if there are no kinks."""
        return max(self.wrong or self.kinks[:1], key=lambda kink: kink.distance, default=None)

    @property
    def largest_distance(self) -> Fraction:
        """The largest distance of D(Phi) to the Clarke set."""
        return Fraction(0) if self.worst is None else self.worst.distance

    def with_convention(self, at_kink: Any) -> Kinks:
        """Return the same kinks with another convention.

        Examples
        --------
        >>> from relu_constructions import hat
        >>> [kink.derivative for kink in kinks(hat()).with_convention("1/4")]
        [Fraction(1, 2), Fraction(1, 1)]
        """
        found = germs_at_kinks(self.phi, self._places, at_kink).derivatives()
        made = [kink._replace(derivative=d) for kink, d in zip(self, found, strict=True)]
        return Kinks(tuple(made), _convention(self.phi, at_kink), self.domain, self.neurons, self.phi)

    def right_conventions(self) -> sympy.Set:
        """Return the set of all real c that are right at all kinks; see `right_conventions`.

        Raises
        ------
        ValueError
            If too many kinks ask for different things.

        Examples
        --------
        >>> from relu_constructions import hat
        >>> kinks(hat()).right_conventions()
        Interval(0, 1)
        """
        from relu_constructions.right_conventions import common_conventions

        return common_conventions(self.phi, [kink.x for kink in self])

    def to_dict(self) -> dict[str, Any]:
        """Return the kinks as plain data for JSON; rationals are exact strings."""
        return {
            "domain": None if self.domain is None else [written(end) for end in self.domain],
            "neurons": self.neurons,
            "hidden_neurons": self.phi.neurons,
            "differentiable": self.differentiable,
            "conventions": [verdict.to_dict() for verdict in self._compared],
            "kinks": [
                {
                    name: written(number)
                    for name, number in (*kink._asdict().items(), ("distance", kink.distance))
                }
                for kink in self
            ],
        }

    @cached_property
    def _places(self) -> Places:
        return Places.of([kink.x for kink in self])

    @cached_property
    def _compared(self) -> tuple[Verdict, ...]:
        """The convention that was asked for, and the usual ones."""
        mine = Verdict.of(self.at_kink, [(kink.distance, kink.x) for kink in self.wrong])
        return (mine, *(self._with(c) for c in USUAL if c != self.at_kink))

    def _with(self, c: Fraction) -> Verdict:
        distances = germs_at_kinks(self.phi, self._places, c).distances()
        return Verdict.of(c, [(distance, self[index].x) for index, distance in distances.items()])

    @overload
    def __getitem__(self, index: int) -> Kink: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Kink, ...]: ...
    def __getitem__(self, index: int | slice) -> Kink | tuple[Kink, ...]:
        return self.kinks[index]

    def __len__(self) -> int:
        return len(self.kinks)

    def __iter__(self) -> Iterator[Kink]:
        return iter(self.kinks)

    def __repr__(self) -> str:
        return f"Kinks({len(self)} on {_shown_domain(self.domain)}, at_kink={shown_convention(self.at_kink)})"

    def __str__(self) -> str:
        count = f"{len(self)} kink{'s' if len(self) != 1 else ''} on {_shown_domain(self.domain)}"
        lines = [f"{count}, of {self.neurons} of {self.phi.neurons} hidden neurons"]
        if not self.kinks:
            return "\n".join([*lines, "D(Phi) is the derivative of R(Phi) everywhere"])
        lines.append(f"R(Phi) is differentiable at {self.differentiable} of them")
        return "\n".join([*lines, *map(str, self._compared)])


def kinks(
    phi: Parametrization,
    domain: Any = None,
    at_kink: Any = 0,
    *,
    max_pieces: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Kinks:
    """List the kinks of a network, with the derivatives of R(Phi) on both sides and D(Phi) there, exactly.

    A kink is a point at which the preactivation of some hidden neuron is zero (or at another kink of the
    activation), but not in a whole neighbourhood.  Everywhere else D(Phi) is the derivative of R(Phi).

    Parameters
    ----------
    phi : Parametrization
        With one input and one output, and a piecewise affine activation.
    domain : (lo, hi), optional
        Exact numbers; both ends belong to it, and the network goes on beyond them.  The whole line, if it is
        left out.
    at_kink : exact number, or a sequence of them, one for each kink of the activation
        The convention c of D(Phi); 0, as in PyTorch, if it is left out.
    max_pieces : int, optional
        Enumeration stops beyond this number of intervals; `MAX_PIECES`, if it is left out.
    progress : callable, optional
        Called as ``progress(layers done, layers in all)``.

    Returns
    -------
    Kinks

    Raises
    ------
    TypeError
        If the activation is not piecewise affine, or a number is not exact.
    ValueError
        If the network has several inputs or outputs, the domain is empty, the conventions do not fit the
        activation, or the intervals are too many (`TooManyPieces`).

    Examples
    --------
    >>> phi = Parametrization([([[1], [-1], [1]], [0, 0, -1]), ([[1, -1, 1]], [0])])
    >>> for kink in kinks(phi):
    ...     print(*kink, "off by", kink.distance)
    0 1 1 0 off by 1
    1 1 2 1 off by 0
    >>> print(kinks(phi))
    2 kinks on the whole line, of 3 of 3 hidden neurons
    R(Phi) is differentiable at 1 of them
    c = 0: D(Phi) is no Clarke subgradient at 1 of them, off by 1 at x = 0
    c = 1/2: D(Phi) is a Clarke subgradient at all of them
    c = 1: D(Phi) is no Clarke subgradient at 1 of them, off by 1 at x = 0
    """
    require_line(phi)
    convention = _convention(phi, at_kink)
    ends = None if domain is None else to_interval(domain)
    limit = MAX_PIECES if max_pieces is None else max_pieces
    points = kink_points(relu_form(phi).layers, ends, limit, progress)
    found = germs_at_kinks(phi, points, at_kink)
    made = map(Kink, found.points(), *found.sides(), found.derivatives())
    return Kinks(tuple(made), convention, ends, found.bent, phi)


def _convention(phi: Parametrization, at_kink: Any) -> Convention:
    """What was given, if it fits the activation."""
    each = conventions(exact_activation(phi), at_kink, to_fraction)
    listed = isinstance(at_kink, (list, tuple, np.ndarray))
    return tuple(each) if listed else to_fraction(at_kink, "at_kink")


def _shown_domain(domain: Interval | None) -> str:
    return "the whole line" if domain is None else shown_box([domain])
