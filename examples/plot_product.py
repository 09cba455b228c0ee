r"""
The product and its cells
=========================

The product of two numbers is a difference of squares,
:math:`xy = \left(\frac{x + y}{2}\right)^2 - \left(\frac{x - y}{2}\right)^2`, so two networks for the square
make one for the product,
:math:`P(x, y) = f_m\left(\frac{|x + y|}{2}\right) - f_m\left(\frac{|x - y|}{2}\right)`
(Yarotsky, 2017, with three squares; Elbrächter et al., 2021).  The folds of both squares cut
:math:`[-1, 1]^2` into diamonds on which :math:`P` is affine, and the errors are the same on all of them.

Everything below is computed in exact arithmetic, and every statement is asserted.
"""

import itertools
from fractions import Fraction

from relu_constructions import certify, derivative, product
from relu_constructions.figure_style import BLUE, GREEN, INK, RED, STYLE

M = 3
ETA, DELTA = Fraction(1, 2**M), Fraction(1, 4 ** (M + 1))
phi = product(m=M)

# %%
# **The network** has :math:`13m + 7` nonzeros in :math:`m + 2` layers; the two squares share their
# accumulator, the fifth neuron.  The network of Elbrächter et al. for the same function has :math:`15m + 14`.

assert phi.architecture == (2, 4, 4, 5, 3, 1)
assert phi.connectivity == 13 * M + 7 < product(m=M, form="epgb").connectivity == 15 * M + 14

# %%
# **The cells.**  The folds are the lines :math:`x \pm y = 2k\,2^{-m}`.  They meet in points where
# :math:`P(x, y) = xy`, the corners of the cells, and on each cell :math:`P` is affine.


def value(x, y):
    """Return P(x, y)."""
    return phi([x, y])[0]


RANGE = range(-(2**M) + 1, 2**M)
centres = [(i * ETA, j * ETA) for i, j in itertools.product(RANGE, RANGE) if (i + j) % 2]
for x, y in centres:
    west, east, south, north = (x - ETA, y), (x + ETA, y), (x, y - ETA), (x, y + ETA)
    assert all(value(*corner) == corner[0] * corner[1] for corner in (west, east, south, north))
    assert value(*west) + value(*east) == value(*south) + value(*north) == 2 * value(x, y)

# %%
# **The error of the function.**  Let :math:`a, b \in [0, 2^{-m}]` be the distances of :math:`|x + y|/2` and
# :math:`|x - y|/2` from the next smaller multiples of :math:`2^{-m}`.  Then the error is
# :math:`a(2^{-m} - a) - b(2^{-m} - b)`, a saddle on each cell: two errors of squares are subtracted, and the
# result is not larger than one of them.
#
# **The error of the gradient.**  :math:`|P_x - y| + |P_y - x|` is the larger of :math:`|2^{-m} - 2a|` and
# :math:`|2^{-m} - 2b|`: it vanishes at the centre of each cell and grows to :math:`2^{-m}` at its edges.

N = 96
ticks = [Fraction(2 * k + 1, N) - 1 for k in range(N)]
points = [(x, y + Fraction(1, 3 * N)) for y, x in itertools.product(ticks, ticks)]
columns = [list(column) for column in zip(*points, strict=True)]
values, gradients = phi(columns)[0], derivative(phi, columns)[0]
value_errors = [z - x * y for z, (x, y) in zip(values, points, strict=True)]
gradient_errors = [abs(p - y) + abs(q - x) for p, q, (x, y) in zip(*gradients, points, strict=True)]
for (x, y), error, slope in zip(points, value_errors, gradient_errors, strict=True):
    a, b = abs(x + y) / 2 % ETA, abs(x - y) / 2 % ETA
    assert error == a * (ETA - a) - b * (ETA - b)
    assert slope == max(abs(ETA - 2 * a), abs(ETA - 2 * b))

certificate = certify(phi)
assert certificate.value_error.exact() == DELTA == value(ETA / 2, ETA / 2) - ETA**2 / 4
assert certificate.derivative_error.exact() == ETA

# %%
# **Laws.**  The network knows more of the product than its error tells: :math:`P(0, y) = 0` and
# :math:`P(\pm 1, y) = \pm y`, exactly.

for y in ticks:
    assert value(0, y) == value(y, 0) == 0
    assert value(1, y) == value(y, 1) == -value(-1, y) == y

# %%
# **The picture.**  Both errors on :math:`[-1, 1]^2` for :math:`m = 3`, with the folds.  On the axes and on
# the sides of the square, which are diagonals of cells, the product is exact.

FOLDS = [2 * k * ETA for k in range(-(2**M) + 1, 2**M)]


def draw_errors(ax, errors, colors, lowest, highest, title):
    """Draw an error in colours, and the folds."""
    rows = [list(map(float, errors[k * N : (k + 1) * N])) for k in range(N)]
    limits = {"vmin": float(lowest), "vmax": float(highest)}
    image = ax.imshow(
        rows, extent=(-1, 1, -1, 1), origin="lower", cmap=colors, interpolation="bilinear", **limits
    )
    for c in map(float, FOLDS):
        ends = [max(-1, c - 1), min(1, c + 1)]
        for sign in (1, -1):
            ax.plot(ends, [sign * (c - x) for x in ends], color=INK, linewidth=0.35, alpha=0.6)
    ax.set(
        xlim=(-1, 1), ylim=(-1, 1), xticks=(-1, 0, 1), yticks=(-1, 0, 1), xticklabels=("$-1$", "$0$", "$1$")
    )
    ax.set_yticklabels(("$-1$", "$0$", "$1$"))
    ax.set_ylabel("$y$", rotation=0, labelpad=0, va="center")
    ax.set_title(title, pad=5)
    return image


def draw_scale(fig, place, image, marks):
    """Draw the scale of the colours beside a panel, with exact marks."""
    bar = fig.colorbar(image, cax=fig.add_axes(place), ticks=[float(mark) for mark in marks.values()])
    bar.ax.set_yticklabels(marks)
    bar.ax.tick_params(length=2)
    bar.outline.set_linewidth(0.4)


def figure():
    """Draw the error of the function and that of the gradient below each other."""
    import matplotlib.pyplot as plt
    from matplotlib.colors import LinearSegmentedColormap

    diverging = LinearSegmentedColormap.from_list("errors", (BLUE, "#A9CDE4", "white", "#F3BE99", RED))
    rising = LinearSegmentedColormap.from_list("slopes", ("white", "#CFE9E0", "#66BFA5", GREEN))
    with plt.rc_context(STYLE):
        fig = plt.figure(figsize=(3.5, 5.9))
        upper, lower = (fig.add_axes((0.115, y, 0.66, 0.66 * 3.5 / 5.9)) for y in (0.56, 0.085))
        image = draw_errors(upper, value_errors, diverging, -DELTA, DELTA, "$P(x, y) - xy$")
        marks = {r"$-4^{-4}$": -DELTA, "$0$": 0, "$4^{-4}$": DELTA}
        draw_scale(fig, (0.81, 0.56, 0.035, 0.66 * 3.5 / 5.9), image, marks)
        image = draw_errors(lower, gradient_errors, rising, 0, ETA, r"$|P_x - y| + |P_y - x|$")
        marks = {"$0$": 0, "$2^{-4}$": ETA / 2, "$2^{-3}$": ETA}
        draw_scale(fig, (0.81, 0.085, 0.035, 0.66 * 3.5 / 5.9), image, marks)
        upper.tick_params(labelbottom=False)
        lower.set_xlabel("$x$", labelpad=1)
        fig.draw_without_rendering()
    return fig


if __name__ == "__main__":
    import sys
    from pathlib import Path

    figure().savefig(sys.argv[1] if len(sys.argv) > 1 else Path(sys.argv[0]).with_suffix(".png"), dpi=300)
