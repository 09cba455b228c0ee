"""Drawing: D(Phi) of a network with one input and one output, its slopes and its values at the kinks.

Everything is found in exact arithmetic and becomes a float as a coordinate on paper only: where a circle is
filled, and which colour it has, is decided between rationals.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from relu_constructions.box import Interval, to_interval
from relu_constructions.directional_derivative import one_sided_derivative
from relu_constructions.exact import shown
from relu_constructions.figure_style import BLUE, RED
from relu_constructions.kink import Kink
from relu_constructions.kinks import kinks
from relu_constructions.parametrization import Parametrization

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MAX_KINKS = 4096
"""So many kinks are drawn; of more, nobody could tell the circles apart."""

COLOR, WRONG = BLUE, RED
"""The colour of D(Phi), and that of its values outside of the Clarke set."""

_CIRCLES: dict[str, Any] = {"linestyle": "none", "marker": "o", "markersize": 3.5}
STYLES: dict[str, dict[str, Any]] = {
    "slopes": {"linestyle": "-", "color": COLOR},
    "Clarke sets": {"linestyle": "-", "color": WRONG, "linewidth": 1},
    "ends without their value": {**_CIRCLES, "color": COLOR, "markerfacecolor": "white"},
    "values at kinks": {**_CIRCLES, "color": COLOR},
    "values outside of the Clarke sets": {**_CIRCLES, "color": WRONG},
}
"""How each part of a drawing looks, by its label; later parts cover earlier ones."""

Path = Sequence[tuple[Fraction, Fraction]]


def draw_derivative(phi: Parametrization, domain: Any, at_kink: Any = 0, axes: Axes | None = None) -> Axes:
    """Draw D(Phi) of a network with one input and one output, with its value at every kink.

    Between two kinks D(Phi) is the slope of R(Phi), a horizontal segment.  At every kink of the
    parametrization, also where R(Phi) has a derivative, a filled circle is D(Phi)(x), and an open circle an
    end of a segment with another value.  Where D(Phi)(x) is not in the Clarke set of R(Phi), which is the
    interval between the slopes on both sides, the filled circle has another colour, and a thin vertical line
    is the Clarke set.  At a kink that is an end of the domain, the slope beyond counts, but is not drawn.

    Parameters
    ----------
    phi : Parametrization
        With one input and one output, and a piecewise affine activation.
    domain : (lo, hi)
        Exact numbers.
    at_kink : exact number, or a sequence of them, one for each kink of the activation
        The convention c of D(Phi).
    axes : matplotlib.axes.Axes, optional
        Where to draw; the current axes of pyplot, if they are left out.

    Returns
    -------
    matplotlib.axes.Axes
        With one line for each part of the drawing, labelled as in `STYLES`; parts without points are left
        out.

    Raises
    ------
    TypeError
        If the activation is not piecewise affine, or a number is not exact.
    ValueError
        As in `kinks`; and if there are more than `MAX_KINKS` kinks, or a number is too large for a float.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> identity = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
    >>> axes = draw_derivative(identity, (-1, 2), at_kink=1, axes=Figure().subplots())
    >>> for line in axes.lines:
    ...     print(line.get_xydata().tolist(), line.get_label())
    [[-1.0, 1.0], [0.0, 1.0], [nan, nan], [0.0, 1.0], [2.0, 1.0]] slopes
    [[0.0, 1.0], [0.0, 1.0]] Clarke sets
    [[0.0, 1.0]] ends without their value
    [[0.0, 2.0]] values outside of the Clarke sets
    """
    ends = to_interval(domain)
    found = kinks(phi, ends, at_kink)
    if len(found) > MAX_KINKS:
        raise ValueError(f"at most {MAX_KINKS} kinks are drawn, got {len(found)}; choose a smaller domain")
    parts = [_coordinates(paths) for paths in _parts(_segments(phi, ends, found), found)]
    if axes is None:
        from matplotlib.pyplot import gca

        axes = gca()
    for order, (points, label) in enumerate(zip(parts, STYLES, strict=True)):
        if points:
            x, y = zip(*points, strict=True)
            axes.plot(x, y, label=label, zorder=2 + order / 10, **STYLES[label])
    return axes


def _segments(phi: Parametrization, ends: Interval, found: Iterable[Kink]) -> list[Path]:
    """The slope between any two neighbours among the kinks and the ends of the domain."""
    slopes = {kink.x: kink.right for kink in found}
    if ends[0] not in slopes:
        slopes[ends[0]] = one_sided_derivative(phi, ends[0])
    cuts = sorted({*slopes, *ends})
    return [((a, slopes[a]), (b, slopes[a])) for a, b in itertools.pairwise(cuts)]


def _parts(segments: list[Path], found: Sequence[Kink]) -> list[list[Path]]:
    """The paths of every part of the drawing, in the order of `STYLES`."""
    values = {kink.x: kink.derivative for kink in found}
    open_ends = dict.fromkeys((x, y) for path in segments for x, y in path if values.get(x, y) != y)
    right, wrong = ([kink for kink in found if kink.is_right is truth] for truth in (True, False))
    return [
        segments,
        [[(kink.x, kink.left), (kink.x, kink.right)] for kink in wrong],
        [list(open_ends)],
        [[(kink.x, kink.derivative) for kink in right]],
        [[(kink.x, kink.derivative) for kink in wrong]],
    ]


def _coordinates(paths: Iterable[Path]) -> list[tuple[float, float]]:
    """The points of all paths, with a gap between two of them."""
    gap = (math.nan, math.nan)
    return [point for path in paths for point in (*((_float(x), _float(y)) for x, y in path), gap)][:-1]


def _float(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        raise ValueError(f"the numbers to be drawn must be less than 2^1024, got {shown(number)}") from None
