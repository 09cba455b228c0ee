r"""
What automatic differentiation returns at a kink
================================================

:math:`D(\Phi) = A_L \Delta_{L-1} A_{L-1} \cdots \Delta_1 A_1`, where :math:`\Delta_l` is diagonal with 1 for
the active neurons of layer :math:`l`, 0 for the others, and a number :math:`c` where a preactivation is zero:
this is what automatic differentiation returns, with :math:`c = 0` in PyTorch and TensorFlow.  It is the
derivative of :math:`R(\Phi)` almost everywhere, and it obeys the chain rule everywhere.  But where a
preactivation is zero it may be anything, even if the function is smooth there, and no :math:`c` is right for
every network (Berner, Elbrächter, Grohs, Jentzen).

Everything below is computed in exact arithmetic, and every statement is asserted.
"""

from fractions import Fraction

import sympy

from relu_constructions import Parametrization, certify, derivative
from relu_constructions.drawing import draw_derivative
from relu_constructions.figure_style import BLUE, RED, STYLE
from relu_constructions.kinks import kinks

# %%
# **Three networks.**  The first and the last are the identity, the second is zero, on the whole line.  Their
# only kink is 0: there, some hidden preactivation begins to be positive, and the function does not notice.

split = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
zero = Parametrization([([[1]], [0]), ([[-1]], [0]), ([[1]], [0])])
mixed = Parametrization([([[1], [-1]], [0, 0]), ([[1, 0], [0, 1], [-1, 0]], [0, 0, 0]), ([[1, -1, 2]], [0])])
SLOPES = {split: 1, zero: 0, mixed: 1}
for phi, slope in SLOPES.items():
    assert certify(phi, f"{slope}*x", (-1, 1)).error.exact() == 0
    assert [(kink.x, kink.left, kink.right) for kink in kinks(phi)] == [(0, slope, slope)]

# %%
# **The values at 0** are polynomials in :math:`c`.  The first is right for :math:`c = \frac{1}{2}` only, the
# second for :math:`c = 0` only, and the third for no :math:`c` at all.

c = sympy.Symbol("c")
formulas = {phi: derivative(phi, 0, at_kink=c) for phi in SLOPES}
assert formulas == {split: 2 * c, zero: -(c**2), mixed: 0}
assert kinks(split).right_conventions() == sympy.FiniteSet(sympy.Rational(1, 2))
assert kinks(zero).right_conventions() == sympy.FiniteSet(0)
assert kinks(mixed).right_conventions() == sympy.EmptySet

CONVENTIONS = (Fraction(0), Fraction(1, 2), Fraction(1))
values = {phi: [derivative(phi, 0, at_kink=given) for given in CONVENTIONS] for phi in SLOPES}
assert values == {split: [0, 1, 2], zero: [0, Fraction(-1, 4), -1], mixed: [0, 0, 0]}

print("D(Phi)(0), its values for c = 0, 1/2, 1, and the derivative of the function")
for phi, slope in SLOPES.items():
    print(f"{formulas[phi]!s:>6}  ", *(f"{value!s:>5}" for value in values[phi]), f"{slope:6}")

# %%
# **The picture.**  :math:`D(\Phi)` for three conventions.  A filled circle is its value at 0, red if it is
# not the derivative of the function.

NAMES = {
    split: r"$\rho(x) - \rho(-x) = x$",
    zero: r"$\rho(-\rho(x)) = 0$",
    mixed: r"$\rho(\rho(x)) - \rho(\rho(-x)) + 2\rho(-\rho(x)) = x$",
}
TICKS = {split: (0, 1, 2), zero: (-1, 0), mixed: (0, 1)}


def draw_row(fig, row, phi):
    """Draw D(Phi) of one network for all conventions, with its formulas above."""
    ticks = TICKS[phi]
    for column, given in enumerate(CONVENTIONS):
        ax = fig.add_axes((0.1 + 0.32 * column, 0.705 - 0.305 * row, 0.245, 0.165))
        draw_derivative(phi, (-1, 1), at_kink=given, axes=ax)
        write_value(ax, values[phi][column], SLOPES[phi])
        room = (ticks[-1] - ticks[0]) / 6
        ax.set(xlim=(-1, 1), xticks=(-1, 0, 1), yticks=ticks, ylim=(ticks[0] - room, ticks[-1] + room))
        ax.set(xticklabels=[f"${x}$" for x in (-1, 0, 1)], yticklabels=[f"${y}$" for y in ticks])
        ax.tick_params(length=2, labelleft=column == 0, labelbottom=row == 2)
        if row == 0:
            ax.text(0.5, 1.52, f"$c = {written(given)}$", transform=ax.transAxes, ha="center")
    fig.axes[3 * row].set_title(NAMES[phi], loc="left", pad=6)
    ax.set_title(rf"$D(\Phi)(0) = {sympy.latex(formulas[phi])}$", loc="right", pad=6)


def write_value(ax, value, slope):
    """Write the value at 0 beside its circle."""
    right = value == slope
    place = {"xytext": (6, -4 if right else 0), "textcoords": "offset points"}
    style = {"color": BLUE if right else RED, "va": "top" if right else "center"}
    ax.annotate(f"${written(value)}$", (0, value), **place, **style)


def written(number):
    """Write a rational in mathtext."""
    if number.denominator == 1:
        return str(number)
    return rf"{'-' * (number < 0)}\frac{{{abs(number.numerator)}}}{{{number.denominator}}}"


def figure():
    """Draw D(Phi) of every network for every convention."""
    import matplotlib.pyplot as plt

    with plt.rc_context(STYLE):
        fig = plt.figure(figsize=(3.5, 3.7))
        for row, phi in enumerate(SLOPES):
            draw_row(fig, row, phi)
        for ax in fig.axes[-3:]:
            ax.set_xlabel("$x$", labelpad=0)
        fig.draw_without_rendering()
    return fig


if __name__ == "__main__":
    import sys
    from pathlib import Path

    figure().savefig(sys.argv[1] if len(sys.argv) > 1 else Path(sys.argv[0]).with_suffix(".png"), dpi=300)
