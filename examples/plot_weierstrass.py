r"""
Rough functions by smooth means
===============================

Weierstrass's function :math:`\sum_k 2^{-k}\cos(3^k\pi x)` is continuous and nowhere differentiable.  A term
of the series is a cosine of rational frequency: folding brings it back to half a period, exactly, and there
doubling of the angle computes it.  The terms are multiplied by ever smaller weights, so they need ever fewer
levels.  An oscillatory texture, :math:`\cos(a\,g(x))\,h(x)`, puts a cosine behind a smooth function instead,
and multiplies it by another one.

Everything below is proved in exact arithmetic, and every statement is asserted.
"""

from fractions import Fraction

from relu_constructions import Status, certify, oscillatory_texture, weierstrass
from relu_constructions.figure_style import BLUE, GREEN, GREY, INK, PURPLE, RED, STYLE

# %%
# **The value can be approximated**, although there is no derivative: the tail of the series is less than
# :math:`2^{1-n}`.  In :math:`W^{1,\infty}` the request is refused with a sentence.

P, A = Fraction(1, 2), 3
ACCURACIES = (Fraction(1, 2), Fraction(1, 10), Fraction(1, 100))
networks = {eps: weierstrass(P, A, eps, norm="Linf") for eps in ACCURACIES}
for eps, phi in networks.items():
    found = certify(phi, method="derivation")
    assert (found.status, found.norm) == (Status.PROVED, "Linf")
    assert found.value_error.upper <= eps


def refusal():
    """Return what is said of the request for value and derivative."""
    try:
        weierstrass(P, A, ACCURACIES[-1])
    except ValueError as error:
        return str(error)
    return ""


assert "|a p| must be less than 1" in refusal()

# %%
# **At** :math:`x = 0` **every cosine is 1**, and the sum is 2.

for eps, phi in networks.items():
    assert abs(phi(Fraction(0)) - 2) <= eps

# %%
# **A texture**, accurate in function and derivative, although the frequency is high.

texture = oscillatory_texture(40, "x**2", "exp(-2*x**2)", Fraction(1, 10))
found = certify(texture, method="derivation")
assert found.status is Status.PROVED
assert found.derivative_error.upper <= Fraction(1, 10)

# %%
# **The picture.**  Above, networks for Weierstrass's function of three accuracies, and all of them under a
# lens; below, the texture with its envelope in grey.

COLORS = dict(zip(ACCURACIES, (RED, GREEN, BLUE), strict=True))
SAMPLES = 6000
LENS = (Fraction(1, 3) - Fraction(1, 36), Fraction(1, 3) + Fraction(1, 36))


def draw_curve(ax, phi, ends, color, width):
    """Draw a network over an interval."""
    import numpy as np

    x = np.linspace(float(ends[0]), float(ends[1]), SAMPLES + 1)
    ax.plot(x, phi(x), color=color, linewidth=width, clip_on=False)
    ax.set_xlim(float(ends[0]), float(ends[1]))
    ax.tick_params(length=2)


def draw_networks(axes):
    """Draw one network below the other, the coarsest first."""
    for ax, eps in zip(axes, ACCURACIES, strict=True):
        draw_curve(ax, networks[eps], (0, 1), COLORS[eps], 0.7)
        ax.set(ylim=(-2.1, 2.1), yticks=(-2, 0, 2), xticks=(0, 1))
        ax.set_yticklabels(("$-2$", "$0$", "$2$"))
        ax.tick_params(labelbottom=eps == ACCURACIES[-1])
        words = rf"$\varepsilon = \frac{{1}}{{{eps.denominator}}}$"
        ax.text(1.03, 0.68, words, transform=ax.transAxes, color=COLORS[eps], va="center")
        words = f"{networks[eps].connectivity:,} nonzeros"
        ax.text(1.03, 0.34, words, transform=ax.transAxes, color=INK, va="center", fontsize=8)
    axes[0].set_title(r"$\sum_k\; 2^{-k}\cos(3^k\pi x)$", loc="left", pad=6)


def draw_lens(ax):
    """Draw all three networks between 11/36 and 13/36."""
    for eps, width in zip(ACCURACIES, (0.9, 0.9, 0.6), strict=True):
        draw_curve(ax, networks[eps], LENS, COLORS[eps], width)
    ax.set(xticks=[float(end) for end in LENS], yticks=(-0.5, 0), ylim=(-0.55, 0.05))
    ax.set_xticklabels((r"$\frac{11}{36}$", r"$\frac{13}{36}$"))
    ax.set_yticklabels((r"$-\frac{1}{2}$", "$0$"))
    ax.text(1.03, 0.5, "all three\nunder a lens", transform=ax.transAxes, color=INK, va="center", fontsize=8)


def draw_texture(ax):
    """Draw the texture and its envelope."""
    import numpy as np

    x = np.linspace(-1, 1, SAMPLES + 1)
    for sign in (1, -1):
        ax.plot(x, sign * np.exp(-2 * x**2), color=GREY, linewidth=0.7)
    draw_curve(ax, texture, (-1, 1), PURPLE, 0.9)
    ax.set(ylim=(-1.1, 1.1), yticks=(-1, 0, 1), xticks=(-1, 0, 1))
    ax.set_yticklabels(("$-1$", "$0$", "$1$"))
    ax.set_xticklabels(("$-1$", "$0$", "$1$"))
    words = ((0.68, r"$\varepsilon = \frac{1}{10}$, with slope", PURPLE), (0.34, "nonzeros", INK))
    ax.text(1.03, words[0][0], words[0][1], transform=ax.transAxes, color=PURPLE, va="center", fontsize=8)
    size = f"{texture.connectivity:,} {words[1][1]}"
    ax.text(1.03, words[1][0], size, transform=ax.transAxes, color=INK, va="center", fontsize=8)
    ax.set_title(r"$\cos(40\,x^2)\,\exp(-2\,x^2)$", loc="left", pad=5)


def figure():
    """Draw Weierstrass's function three times, under a lens, and a texture."""
    import matplotlib.pyplot as plt

    with plt.rc_context(STYLE):
        fig = plt.figure(figsize=(3.5, 6.0))
        draw_networks([fig.add_axes((0.095, 0.835 - 0.135 * row, 0.6, 0.105)) for row in range(3)])
        draw_lens(fig.add_axes((0.095, 0.36, 0.6, 0.145)))
        draw_texture(fig.add_axes((0.095, 0.055, 0.6, 0.2)))
        fig.draw_without_rendering()
    return fig


if __name__ == "__main__":
    import sys
    from pathlib import Path

    figure().savefig(sys.argv[1] if len(sys.argv) > 1 else Path(sys.argv[0]).with_suffix(".png"), dpi=300)
