r"""
What samples say of an error
============================

The usual way to measure the error of a network is to sample it: evaluate it on a grid, differentiate it
automatically there, and take the largest deviation.  For the gradient this may report too much, because
automatic differentiation returns :math:`D(\Phi)`, which may be anything at a kink, and too little, because a
narrow band of wrong slopes lies between the points.  The essential supremum is found exactly, from the pieces
of the network.

Every true error below is an exact number.  The samples are taken in float64, as usual; nearly all that they
report are exact numbers, too, so that even these are asserted with equality.
"""

from fractions import Fraction

import numpy as np

from relu_constructions import PiecewiseLinear, certify, derivative, square
from relu_constructions.figure_style import BLUE, GREEN, GREY, INK, RED, STYLE

CONVENTIONS = (Fraction(0), Fraction(1, 2), Fraction(1))
RANDOM = np.random.default_rng(0).random(100_000)


def grid(n):
    """Return n points from 0 to 1 at equal distances."""
    return np.linspace(0, 1, n)


def reported(phi, slope, points, c=0):
    """Return the largest deviation of D(Phi) from a slope at points, in float64."""
    return np.abs(derivative(phi, points, at_kink=float(c)) - slope(points)).max()


# %%
# **Too much.**  The interpolant :math:`f_m` of :math:`x^2` at the points :math:`k/2^m` is off by
# :math:`2^{-m}` in its derivative, on :math:`[0, 1]`.  Its network of hats (Yarotsky, 2017, as in the slides
# of Berner et al.) has a kink at the end 1, where :math:`D(\Phi)` is off by :math:`\frac{1}{2}` for
# :math:`c = 0`, and by 1 for :math:`c = 1`.  So every grid that contains 1 reports :math:`2^{m-1}` or
# :math:`2^m` times the true error, and what it reports does not become less when :math:`m` grows.

LEVELS = (4, 7, 10, 13, 16)
hats = {m: square(m=m, form="yarotsky") for m in range(1, 17)}
true = {m: certify(phi).derivative_error.exact() for m, phi in hats.items()}
assert all(true[m] == Fraction(1, 2**m) for m in hats)


def twice(x):
    """Return the derivative of x^2."""
    return 2 * x


def at_the_end(phi, c):
    """Return the deviation of D(Phi) from 2x at the point 1, exactly."""
    return abs(derivative(phi, 1, at_kink=c) - 2)


for m, phi in hats.items():
    assert [at_the_end(phi, c) for c in (0, 1)] == [2 ** (m - 1) * true[m], 2**m * true[m]]
    assert at_the_end(phi, Fraction(1, 2)) == Fraction(2, 3) + Fraction(1, 3 * 4**m)

for m in LEVELS:
    for n in (1001, 1025, 10_000):
        assert all(reported(hats[m], twice, grid(n), c) == at_the_end(hats[m], c) for c in CONVENTIONS)

on_a_grid = {c: [reported(phi, twice, grid(1000), c) for phi in hats.values()] for c in CONVENTIONS}
for c, reports in on_a_grid.items():
    assert reports == [at_the_end(phi, c) for phi in hats.values()]

# %%
# Without the ends, :math:`\frac{1}{2}` is enough for :math:`2^{m-2}` times too much.  Random points meet no
# kink and are right.  So is the form of this library on all grids, because its :math:`D(\Phi)` is between the
# slopes of both sides at every kink if :math:`0 \le c \le 1`.

at_random = [reported(phi, twice, RANDOM) for phi in hats.values()]
assert all(0.999 * true[m] < report <= true[m] for m, report in zip(hats, at_random, strict=True))
for m in LEVELS:
    assert reported(hats[m], twice, grid(1001)[1:-1]) == 2 ** (m - 2) * true[m]
    for n in (1000, 1001, 1025, 10_000):
        assert max(reported(square(m=m), twice, grid(n), c) for c in CONVENTIONS) <= true[m]

print("gradient error of the network of hats, and what 1000 points report, for c = 0, 1/2, 1")
for m in LEVELS:
    ratios = [at_the_end(hats[m], c) / true[m] for c in CONVENTIONS]
    print(f"  m = {m:2}  true {true[m]!s:>7}  times", *(f"{float(ratio):10.2f}" for ratio in ratios))

# %%
# **Nothing.**  Where :math:`j \le m`, the grid of all :math:`k/2^j` consists of points with
# :math:`f_m(x) = x^2`: the error of the function is reported to be 0, and it is :math:`4^{-m-1}`.  It must be
# said that 10,000 points at other distances, or random ones, report it to four digits.


def reported_value_error(phi, points):
    """Return the largest deviation from x^2 at points, in float64."""
    return np.abs(phi(points) - points**2).max()


for m in LEVELS:
    value_error = certify(hats[m]).value_error.exact()
    assert value_error == Fraction(1, 4 ** (m + 1))
    assert all(reported_value_error(hats[m], grid(2**j + 1)) == 0 for j in range(1, m + 1))
    assert reported_value_error(hats[m], grid(2 ** (m + 1) + 1)) == value_error
    for points in (grid(10_000), RANDOM):
        assert abs(reported_value_error(hats[m], points) / value_error - 1) < 1e-4

# %%
# **Too little.**  A staircase of 16 steps is :math:`x` up to less than :math:`\frac{1}{32}`.  It climbs each
# step on an interval of length :math:`\delta`, with the slope :math:`\frac{1}{16\delta}`, and is constant in
# between.  Its gradient error is :math:`\frac{1}{16\delta} - 1`.  A point between the steps reports 1.

STEPS = 16
WIDTHS = (Fraction(1, 10**5), Fraction(1, 10**7))


def staircase(delta):
    """Return the network that climbs 1/16 around each of the points 1/32, 3/32, ..., 31/32."""
    corners = [(0, 0)]
    for k in range(STEPS):
        middle = Fraction(2 * k + 1, 2 * STEPS)
        corners += [(middle - delta / 2, Fraction(k, STEPS)), (middle + delta / 2, Fraction(k + 1, STEPS))]
    return PiecewiseLinear.through(*corners, (1, 1)).network()


def constant(x):
    """Return the derivative of x."""
    return np.ones_like(x)


stairs = {delta: staircase(delta) for delta in WIDTHS}
certificates = {delta: certify(phi, "x", (0, 1)) for delta, phi in stairs.items()}
steepest = {delta: found.derivative_error.exact() for delta, found in certificates.items()}
assert list(steepest.values()) == [6249, 624_999]
for delta, found in certificates.items():
    assert found.method == "pieces"
    assert found.value_error.exact() == Fraction(1, 32) - delta / 2
    assert steepest[delta] == 1 / (STEPS * delta) - 1

# %%
# Whether a grid meets one of the 16 intervals is luck: 65 points do, and 100,000 may not.  Of :math:`n`
# random points one does with probability :math:`1 - (1 - 16\delta)^n`.

COUNTS = [round(10 ** (k / 12)) for k in range(12, 61)]
on_grids = {delta: [reported(phi, constant, grid(n)) for n in COUNTS] for delta, phi in stairs.items()}
assert all(set(reports) == {1, steepest[delta]} for delta, reports in on_grids.items())

HITS = {WIDTHS[0]: {65, 10_000, 100_000, 100_001}, WIDTHS[1]: {65, 100_001}}
for delta, phi in stairs.items():
    for n in (65, 1000, 1001, 10_000, 10_001, 100_000, 100_001):
        assert reported(phi, constant, grid(n)) == (steepest[delta] if n in HITS[delta] else 1)
assert [reported(phi, constant, RANDOM) for phi in stairs.values()] == [6249, 1]

print("gradient error of the staircase, and what is reported")
for delta, phi in stairs.items():
    chance = float(1 - (1 - STEPS * delta) ** len(RANDOM))
    print(f"  delta = 1e-{len(str(1 / delta)) - 1}  true {steepest[delta]}")
    for n in (1000, 10_000, 10_001, 100_000):
        print(f"    {n:7} points of a grid {reported(phi, constant, grid(n)):8.1f}")
    print(f"    {len(RANDOM):7} random points    {reported(phi, constant, RANDOM):8.1f}", end="")
    print(f"   (found with probability {chance:.7f})")

# %%
# **The picture.**  Above: what 1000 points report of the gradient error of :math:`f_m`, over the true one.
# In the middle: the error of the slope of the staircase, 1 on all but 16 intervals.  Below: what grids report
# of it, over the true error.

COLORS = dict(zip(CONVENTIONS, (BLUE, GREEN, RED), strict=True))
CAPTIONS = dict(zip(CONVENTIONS, (("0", -9), (r"\frac{1}{2}", 0), ("1", 9)), strict=True))
STAIRS = dict(zip(WIDTHS, ((RED, 2, "10^{-5}"), (BLUE, 3.2, "10^{-7}")), strict=True))


def draw_named(ax, xs, ys, name, color, nudge=0, **style):
    """Draw a curve and write its name at the right end."""
    ax.plot(xs, ys, color=color, clip_on=False, **style)
    place = {"xytext": (6, nudge), "textcoords": "offset points", "va": "center"}
    ax.annotate(name, (xs[-1], ys[-1]), color=color, linespacing=1.1, **place)


def draw_too_much(ax):
    """Draw what a grid reports over what is true, for all conventions, and what random points do."""
    levels = np.array(list(hats))
    for c, (name, nudge) in CAPTIONS.items():
        draw_named(
            ax, levels, on_a_grid[c] * 2.0**levels, f"$c = {name}$", COLORS[c], nudge, marker="o", ms=2.8
        )
    words = "random points,\nor our form"
    draw_named(ax, levels, at_random * 2.0**levels, words, GREY, 2, marker="s", ms=2.5)
    ax.set_yscale("log", base=2)
    ax.set(xlim=(1, 16), ylim=(2**-0.5, 2**16), xticks=(1, *LEVELS), yticks=[16**k for k in range(5)])
    ax.set_yticklabels(["$1$", *(f"$2^{{{4 * k}}}$" for k in range(1, 5))])
    ax.set_xlabel("levels $m$", labelpad=1)
    ax.set_title("gradient of hats for $f_m$: reported over true", loc="left", pad=7)


def draw_slopes(ax):
    """Draw the error of the slope of the wider staircase."""
    height = float(steepest[WIDTHS[0]])
    for k in range(STEPS):
        ax.plot([(2 * k + 1) / (2 * STEPS)] * 2, (1, height), color=RED, linewidth=0.9)
    draw_named(ax, (0, 1), (1, 1), "$1$ elsewhere", INK)
    draw_named(
        ax,
        (0, 31 / 32),
        (height, height),
        "   $6249$ on 16\n   intervals of\n   length $10^{-5}$",
        RED,
        -8,
        linewidth=0,
    )
    ax.set(yscale="log", xlim=(0, 1), ylim=(0.5, 1e4), xticks=(0, 1), yticks=(1, 100, 10_000))
    ax.set(xticklabels=("$0$", "$1$"), yticklabels=("$1$", "$10^2$", "$10^4$"))
    ax.set_xlabel("$x$", labelpad=-7)
    ax.set_title(r"staircase: $|D(\Phi)(x) - 1|$", loc="left", pad=7)


def draw_too_little(ax):
    """Draw what grids report over what is true, for both staircases."""
    for delta in reversed(WIDTHS):
        color, size, name = STAIRS[delta]
        ratios = np.array(on_grids[delta]) / float(steepest[delta])
        ax.plot(COUNTS, ratios, "o", color=color, ms=size, clip_on=False)
        place = {"xytext": (6, 0), "textcoords": "offset points", "va": "center"}
        low = 1 / float(steepest[delta])
        ax.annotate(rf"$\delta = {name}$", (COUNTS[-1], low), color=color, **place)
    ax.set(xscale="log", yscale="log", xlim=(10, 1e5), ylim=(3e-7, 1.5))
    ax.set(xticks=[10**k for k in range(1, 6)], yticks=(1e-6, 1e-4, 1e-2, 1))
    ax.set_yticklabels(("$10^{-6}$", "$10^{-4}$", "$10^{-2}$", "$1$"))
    ax.set_xlabel("points of the grid", labelpad=1)
    ax.set_title("gradient of the staircase: reported over true", loc="left", pad=7)


def figure():
    """Draw the quotients for the squares, the slopes of a staircase, and the quotients for staircases."""
    import matplotlib.pyplot as plt

    with plt.rc_context(STYLE):
        fig = plt.figure(figsize=(3.5, 5.9))
        places = {(0.67, 0.28): draw_too_much, (0.42, 0.12): draw_slopes, (0.07, 0.23): draw_too_little}
        for (bottom, height), draw in places.items():
            ax = fig.add_axes((0.12, bottom, 0.6, height))
            draw(ax)
            ax.minorticks_off()
        fig.draw_without_rendering()
    return fig


if __name__ == "__main__":
    import sys
    from pathlib import Path

    figure().savefig(sys.argv[1] if len(sys.argv) > 1 else Path(sys.argv[0]).with_suffix(".png"), dpi=300)
