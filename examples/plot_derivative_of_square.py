r"""
The derivative of the squaring network
======================================

The same function by two networks: the interpolant :math:`f_3` of :math:`x^2` at the points :math:`k/8` as a
sum of hats, with four neurons a level (Yarotsky, 2017, as in the slides of Berner, Elbrächter, Grohs and
Jentzen), and in the form of this library, with three.  Between the kinks :math:`D(\Phi)` is the slope of
:math:`f_3`, which is within :math:`\frac{1}{8}` of :math:`2x`.  At the kinks it depends on the network and
on the convention :math:`c` for :math:`\rho'(0)`, and with hats it may lie outside of the Clarke set, which is
the interval between the slopes on both sides.

Everything below is computed in exact arithmetic, and every statement is asserted.
"""

from fractions import Fraction

import sympy

from relu_constructions import derivative, pieces, square
from relu_constructions.drawing import draw_derivative
from relu_constructions.figure_style import BLUE, RED, STYLE
from relu_constructions.kinks import kinks

M = 3
ETA = Fraction(1, 2**M)
hats, ours = (square(m=M, form=form) for form in ("yarotsky", "sparse"))
assert pieces(hats, (0, 1)) == pieces(ours, (0, 1))

# %%
# **The kinks** of both networks in :math:`[0, 1]` are the nine points :math:`k/8`.  Between 0 and 1, the
# slopes on both sides of :math:`x` are :math:`2x \mp \frac{1}{8}`.

CONVENTIONS = (Fraction(0), Fraction(1, 2), Fraction(1))
found = {(phi, given): kinks(phi, (0, 1), given) for phi in (hats, ours) for given in CONVENTIONS}
for listed in found.values():
    assert [kink.x for kink in listed] == [k * ETA for k in range(2**M + 1)]
    assert all((kink.left, kink.right) == (2 * kink.x - ETA, 2 * kink.x + ETA) for kink in listed[1:-1])

# %%
# **Hats.**  With :math:`c = 0`, as automatic differentiation has it, the value at :math:`\frac{1}{2}` is
# outside of the Clarke set; with :math:`c = 1` three values are; with :math:`c = \frac{1}{2}` none is, and
# all between 0 and 1 are :math:`2x`.  At 1 the hats end, and the slope jumps from :math:`\frac{15}{8}` to 1:
# the value is between these two, and yet far from the slope :math:`\frac{15}{8}` within :math:`[0, 1]`.

wrong = {key: {kink.x: kink.derivative for kink in listed.wrong} for key, listed in found.items()}
assert wrong[hats, 0] == {Fraction(1, 2): Fraction(3, 4)}
assert wrong[hats, 1] == {Fraction(k, 4): Fraction(d, 4) for k, d in ((1, 3), (2, 6), (3, 5))}
assert wrong[hats, Fraction(1, 2)] == {}
assert all(kink.derivative == 2 * kink.x for kink in found[hats, Fraction(1, 2)][1:-1])
assert (found[hats, 0][-1].left, found[hats, 0][-1].right) == (2 - ETA, 1)

# %%
# No value is outside if :math:`c` is between two algebraic numbers, about 0.289 and 0.661.

c = sympy.Symbol("c")
low, high = (sympy.rootof(2 * c**3 + c**2 + 3 * c - k, 0) for k in (1, 3))
assert kinks(hats, (0, 1)).right_conventions() == sympy.Interval(low, high)

# %%
# **The form of this library** is right for all :math:`c` in :math:`[0, 1]`: at every kink between 0 and 1,
# :math:`D(\Phi)` goes in a straight line from one slope to the other, because only one neuron that counts is
# at zero there.  At 0 it is :math:`(c/2)^m`, between the slopes 0 and :math:`2^{-m}`; at 1 it is the slope of
# the last piece.  That this is so for every :math:`m` is proved in ``proofs/square_kinks.py``.

for m in range(1, 7):
    phi, eta = square(m=m), sympy.Rational(1, 2**m)
    assert derivative(phi, 0, at_kink=c) == (c / 2) ** m
    assert derivative(phi, 1, at_kink=c) == 2 - eta
    for k in range(1, 2**m):
        slopes = [(2 * k - 1) * eta, (2 * k + 1) * eta]
        value = derivative(phi, Fraction(k, 2**m), at_kink=c)
        assert any(value == sympy.expand((1 - c) * a + c * b) for a, b in (slopes, slopes[::-1]))
    assert kinks(phi, (0, 1)).right_conventions() == sympy.Interval(0, 1)

print(f"D(Phi)(x) of hats, right for c from {low.evalf(3)} to {high.evalf(3)}, and of our form, for 0 to 1")
for kink in found[hats, 0]:
    by_hats, by_ours = (derivative(phi, kink.x, at_kink=c) for phi in (hats, ours))
    print(f"{kink.x!s:>5}  {by_hats!s:33} {by_ours}")

# %%
# **The picture.**  :math:`D(\Phi)` over :math:`2x`, in grey.  Filled circles are its values at the kinks, and
# open ones the ends of slopes that it does not take there.  Red values are outside of the Clarke set, which
# is the red line.

DOMAIN = (-ETA, 1 + ETA)
COLUMNS = {hats: "hats: four neurons a level", ours: "ours: three neurons a level"}
NUMBERS = dict(zip(CONVENTIONS, ("0", r"\frac{1}{2}", "1"), strict=True))


def draw(ax, phi, given):
    """Draw D(Phi) for one convention, and the derivative of the square."""
    ax.plot((0, 1), (0, 2), color="#CCCCCC", linewidth=2.5)
    draw_derivative(phi, DOMAIN, at_kink=given, axes=ax)
    ax.set(xlim=[float(end) for end in DOMAIN], ylim=(-0.12, 2.12), xticks=(0, 0.5, 1), yticks=(0, 1, 2))
    ax.set(xticklabels=("$0$", r"$\frac{1}{2}$", "$1$"), yticklabels=("$0$", "$1$", "$2$"))
    ax.text(0.05, 0.89, f"$c = {NUMBERS[given]}$", transform=ax.transAxes, va="center")
    count = len(wrong[phi, given])
    words = f"{count} of {len(found[phi, given])} wrong" if count else "none wrong"
    ax.text(0.97, 0.06, words, transform=ax.transAxes, ha="right", color=RED if count else BLUE)


def figure():
    """Draw D(Phi) of both networks for three conventions."""
    import matplotlib.pyplot as plt

    with plt.rc_context(STYLE):
        fig = plt.figure(figsize=(3.5, 5.3))
        for column, phi in enumerate(COLUMNS):
            for row, given in enumerate(CONVENTIONS):
                ax = fig.add_axes((0.07 + 0.475 * column, 0.695 - 0.3 * row, 0.425, 0.265))
                ax.tick_params(length=2, labelleft=column == 0, labelbottom=row == 2)
                draw(ax, phi, given)
            ax.set_xlabel("$x$", labelpad=0)
            fig.axes[3 * column].set_title(COLUMNS[phi], loc="left", x=0, pad=6)
        fig.draw_without_rendering()
    return fig


if __name__ == "__main__":
    import sys
    from pathlib import Path

    figure().savefig(sys.argv[1] if len(sys.argv) > 1 else Path(sys.argv[0]).with_suffix(".png"), dpi=300)
