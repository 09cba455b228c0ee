r"""
A polynomial in two variables
=============================

The monkey saddle :math:`p(x, y) = x^3 - 3xy^2` on :math:`[-1, 1]^2` and a network for it at a coarse
accuracy.  The network is piecewise linear, so its level lines are polygons; and it is accurate in its
gradient, too, as the theorem of Berner, Elbrächter, Grohs and Jentzen says with unspecified constants.

Everything below is computed in exact arithmetic, and every statement is asserted.
"""

import itertools
from fractions import Fraction

from relu_constructions import Status, certify, derivative, polynomial
from relu_constructions.figure_style import BLUE, GREEN, INK, STYLE
from relu_constructions.multivariate import read_polynomial

SADDLE = read_polynomial("x**3 - 3*x*y**2")
BOX = [(-1, 1), (-1, 1)]
EPS = Fraction(3)
phi = polynomial(SADDLE, EPS, domain=BOX)

# %%
# **The certificate** encloses the largest errors of the function and of its partial derivatives.  For half
# of the error the network needs one level more in each of its squares and products.

certificate = certify(phi)
value_error, derivative_error = certificate.value_error, certificate.derivative_error
assert certificate.status is Status.PROVED
assert derivative_error.upper <= EPS
levels = dict(phi.derivation.parameters)["m"]
assert dict(polynomial(SADDLE, EPS / 2, domain=BOX).derivation.parameters)["m"] == levels + 1

# %%
# **Errors at points.**  Values and gradients of the network at 112 x 112 rational points off its kinks; there
# :math:`D(\Phi)` is the gradient.  No error exceeds the certified bounds, and some come close.

N = 112
ticks = [Fraction(2 * k + 1, N) - 1 for k in range(N)]
points = [(x, y + Fraction(1, 7 * N)) for y, x in itertools.product(ticks, ticks)]
columns = [list(column) for column in zip(*points, strict=True)]
values, gradients = phi(columns)[0], derivative(phi, columns)[0]
partials = [SADDLE.derivative(j) for j in (0, 1)]
truths = [SADDLE(point) for point in points]
gradient_errors = [
    max(abs(p - partials[0](point)), abs(q - partials[1](point)))
    for p, q, point in zip(*gradients, points, strict=True)
]
largest = max(abs(v - t) for v, t in zip(values, truths, strict=True))
assert value_error.upper / 2 < largest <= value_error.upper
assert derivative_error.upper / 2 < max(gradient_errors) <= derivative_error.upper

# %%
# **The picture.**  Above: the level lines of the polynomial, wide and grey, and of the network.  Below: the
# larger error of both partial derivatives.  It jumps at the kinks, which shows what the network folds.  The
# scale ends at the upper end of the certified enclosure; the line across it is the lower end.

LINES = [k / 2 for k in range(-3, 4)]


def rows(numbers):
    """Arrange numbers at the points in rows."""
    return [list(map(float, numbers[k * N : (k + 1) * N])) for k in range(N)]


def draw_levels(ax):
    """Draw the level lines of the polynomial and of the network."""
    grid = [float(x) for x in ticks]
    heights = [y + 1 / (7 * N) for y in grid]
    ax.contour(grid, heights, rows(truths), levels=LINES, colors="#C9C9C9", linewidths=4, linestyles="-")
    drawn = ax.contour(grid, heights, rows(values), levels=LINES, colors=BLUE, linewidths=1, linestyles="-")
    names = {level: f"${level:g}$" for level in LINES if level}
    ax.clabel(drawn, levels=list(names), fmt=names, fontsize=8, inline_spacing=3)
    ax.set_title(f"$p$ (grey) and a network of {phi.connectivity} nonzeros", pad=5)


def draw_gradient_errors(ax, colors):
    """Draw the larger error of both partial derivatives."""
    image = ax.imshow(
        rows(gradient_errors),
        extent=(-1, 1, -1, 1),
        origin="lower",
        cmap=colors,
        vmin=0,
        vmax=float(derivative_error.upper),
    )
    ax.set_title(r"$\max\{|\partial_x(R\Phi - p)|,\ |\partial_y(R\Phi - p)|\}$", pad=5)
    ax.set_xlabel("$x$", labelpad=1)
    return image


def figure():
    """Draw the level lines and the error of the gradient below each other."""
    import matplotlib.pyplot as plt
    from matplotlib.colors import LinearSegmentedColormap

    rising = LinearSegmentedColormap.from_list("slopes", ("white", "#A9DACB", GREEN, "#00523C"))
    with plt.rc_context(STYLE):
        fig = plt.figure(figsize=(3.5, 5.9))
        upper, lower = (fig.add_axes((0.115, y, 0.66, 0.66 * 3.5 / 5.9)) for y in (0.56, 0.085))
        draw_levels(upper)
        image = draw_gradient_errors(lower, rising)
        for ax in (upper, lower):
            ax.set(xlim=(-1, 1), ylim=(-1, 1), xticks=(-1, 0, 1), yticks=(-1, 0, 1))
            ax.set(xticklabels=("$-1$", "$0$", "$1$"), yticklabels=("$-1$", "$0$", "$1$"))
            ax.set_ylabel("$y$", rotation=0, labelpad=0, va="center")
        upper.tick_params(labelbottom=False)
        place = (0.81, 0.085, 0.035, 0.66 * 3.5 / 5.9)
        bar = fig.colorbar(image, cax=fig.add_axes(place), ticks=(0, 1, 2))
        bar.ax.axhline(float(derivative_error.lower), color=INK, linewidth=0.8)
        bar.ax.set_yticklabels(("$0$", "$1$", "$2$"))
        bar.ax.tick_params(length=2)
        bar.outline.set_linewidth(0.4)
        fig.draw_without_rendering()
    return fig


if __name__ == "__main__":
    import sys
    from pathlib import Path

    figure().savefig(sys.argv[1] if len(sys.argv) > 1 else Path(sys.argv[0]).with_suffix(".png"), dpi=300)
