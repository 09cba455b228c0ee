r"""
Strategies for polynomials
==========================

A polynomial can be computed in many ways: each monomial from the one before (Horner's chain, which is how
Elbrächter et al. (2021) do it), a balanced tree of products, blocks whose number is the square root of the
degree (Estrin; Paterson and Stockmeyer), the same in Chebyshev polynomials, completed squares.  The number
of products differs, and so does the accuracy that each of them needs.  Here are the sizes at the same
accuracy in :math:`W^{1,\infty}`, for the Legendre polynomial :math:`P_8` and for one in two variables.

Everything below is computed in exact arithmetic, and every statement is asserted.
"""

import itertools
import math
from fractions import Fraction

from relu_constructions import Status, certify, polynomial
from relu_constructions.figure_style import BLUE, GREEN, GREY, INK, PURPLE, RED, STYLE

DIGITS = (1, 15, 30)
SYMMETRIC = (-1, 1)

# %%
# **The polynomials.**  The coefficients of :math:`P_8` add up to more than 100 in modulus, although it stays
# between -1 and 1 on :math:`[-1, 1]`.

n = 8
legendre = [Fraction(0)] * (n + 1)
for k in range(n // 2 + 1):
    legendre[n - 2 * k] = Fraction((-1) ** k * math.comb(n, k) * math.comb(2 * n - 2 * k, n), 2**n)
assert sum(legendre) == 1
assert sum(map(abs, legendre)) > 100
MIXED = "(x + y)**4 - 3*x*y + y"

# %%
# **Our networks.**  Each has the fewest levels with which it is proved to be accurate enough, and ``"auto"``
# takes the least of all.

PLANS = {
    "horner": {"strategy": "horner"},
    "tree": {"strategy": "tree"},
    "estrin": {"strategy": "estrin", "k": 4},
    "chebyshev": {"strategy": "chebyshev", "k": 4},
    "auto": {"strategy": "auto"},
}


def networks(p, plan, domain=None):
    """Build a network for each accuracy."""
    return [polynomial(p, Fraction(1, 10**digits), domain=domain, **PLANS[plan]) for digits in DIGITS]


def sizes(built):
    """Return the connectivity of each plan and accuracy."""
    return {plan: [phi.connectivity for phi in row] for plan, row in built.items()}


one = {plan: networks(legendre, plan, SYMMETRIC) for plan in PLANS}
two = {plan: networks(MIXED, plan) for plan in ("horner", "tree", "auto")}
univariate, bivariate = sizes(one), sizes(two)
for table in (univariate, bivariate):
    assert all(table["auto"][i] <= row[i] for row in table.values() for i in range(len(DIGITS)))
for built in (one, two):
    assert certify(built["auto"][1]).status is Status.PROVED

# %%
# **The published network** computes :math:`f_k = \tilde\times(x, f_{k-1})` for :math:`k = 2, \dots, n`, and
# carries :math:`x` and the partial sum along.  With the products of Elbrächter et al. and :math:`m` levels,
# an even polynomial of degree :math:`n` on :math:`[-1, 1]` takes :math:`(19n - 23)m + 46(n - 2)` nonzeros,
# and as many levels as our network for the same chain, which computes the same function.

levels = [dict(phi.derivation.parameters)["m"] for phi in one["horner"]]
univariate = {"EPGB": [(19 * n - 23) * m + 46 * (n - 2) for m in levels], **univariate}
ratios = [a / b for a, b in zip(univariate["EPGB"], univariate["auto"], strict=True)]
assert min(ratios) > 6

# %%
# **The picture.**  Every network grows in proportion to the number of digits; what tells them apart is the
# number and the kind of their gates.

COLORS = {"EPGB": GREEN, "horner": GREY, "tree": RED, "estrin": PURPLE, "chebyshev": INK, "auto": BLUE}
GAP = 0.085
"""The least distance of two names at the right end, as a part of the height."""


def draw(ax, table, title):
    """Draw the sizes of all networks, with name and largest size at the right end."""
    for plan, row in table.items():
        width = 2.2 if plan == "auto" else 1.2
        style = (0, (4, 2)) if plan == "EPGB" else "-"
        ax.plot(DIGITS, row, color=COLORS[plan], linewidth=width, linestyle=style, clip_on=False)
        ax.plot(DIGITS, row, "o", color=COLORS[plan], ms=width + 1.5, clip_on=False)
    ax.set(xlim=(0, 30), xticks=(1, 10, 20, 30), ylabel="nonzeros")
    ax.set_xticklabels([f"$10^{{-{digits}}}$" for digits in (1, 10, 20, 30)])
    ax.set_title(title, loc="left", pad=8)
    for plan, y in spread(ax, {plan: row[-1] for plan, row in table.items()}).items():
        name = f"{plan}  {table[plan][-1]:,}"
        ax.text(1.04, y, name, transform=ax.transAxes, color=COLORS[plan], va="center")


def spread(ax, ends):
    """Return heights for names near the ends of the curves, far enough from each other."""
    heights = {plan: end / ax.get_ylim()[1] for plan, end in ends.items()}
    order = sorted(heights, key=heights.get)
    for _ in range(100):
        for low, high in itertools.pairwise(order):
            missing = GAP - (heights[high] - heights[low])
            if missing > 1e-6:
                heights[low] -= missing / 2
                heights[high] += missing / 2
    return heights


def figure():
    """Draw the sizes for one variable and for two below each other."""
    import matplotlib.pyplot as plt

    with plt.rc_context(STYLE):
        fig = plt.figure(figsize=(3.5, 5.2))
        upper, lower = (fig.add_axes((0.21, y, 0.47, h)) for y, h in ((0.565, 0.37), (0.09, 0.37)))
        for ax in fig.axes:
            ax.set(
                ylim=(0, 16_000),
                yticks=range(0, 16_000, 5000),
                yticklabels=("0", "5,000", "10,000", "15,000"),
            )
        draw(upper, univariate, "$P_8$ on $[-1, 1]$")
        draw(lower, bivariate, "$(x + y)^4 - 3xy + y$ on $[0, 1]^2$")
        lower.set_xlabel(r"accuracy $\varepsilon$ in $W^{1,\infty}$")
        for ax in fig.axes:
            ax.yaxis.set_label_coords(-0.36, 0.5)
        fig.draw_without_rendering()
    return fig


if __name__ == "__main__":
    import sys
    from pathlib import Path

    figure().savefig(sys.argv[1] if len(sys.argv) > 1 else Path(sys.argv[0]).with_suffix(".png"), dpi=300)
