r"""
One network for all frequencies
===============================

On :math:`[0, 1]`, :math:`\cos(2\pi 2^n x) = \cos(\pi\,h_{n+1}(x))` with the sawtooth :math:`h_{n+1}`, because
the cosine is even and has the period :math:`2\pi`.  So one network for :math:`\cos(\pi z)` on :math:`[0, 1]`
serves all frequencies: each doubling costs one layer of five nonzeros (Perekrestenko, Grohs, Elbrächter and
Bölcskei, 2018).  The error of the function is the same for all :math:`n`; that of the derivative is doubled
each time, like the derivative itself.

Everything below is computed in exact arithmetic, and every statement is asserted.
"""

from fractions import Fraction

from relu_constructions import certify, high_frequency_cosine
from relu_constructions.figure_style import BLUE, GREEN, GREY, INK, RED, STYLE

M = 2
"""The levels of every square: few, so that the network can be told from the cosine."""

# %%
# **The base network is always the same.**  After the folds, the layers are equal, entry by entry.

SHOWN = (0, 1, 3)
networks = {n: high_frequency_cosine(n, m=M) for n in SHOWN}
base = networks[0]
for n, phi in networks.items():
    assert list(phi)[n + 1 :] == list(base)[1:]
    assert phi.connectivity == base.connectivity + 5 * n
    assert phi.depth == base.depth + n

# %%
# **A thousand doublings** are no obstacle.  The frequency has more than 300 digits then.

highest = high_frequency_cosine(1000, m=M)
assert highest.connectivity == base.connectivity + 5000
assert highest(Fraction(1, 2**1001)) == base(Fraction(1, 2))

# %%
# **The errors.**  Both are enclosed: an upper end that is proved, and a lower end that the network attains at
# a point.  The proved end for :math:`n` is :math:`2^n` times that for :math:`n = 0`, exactly, and no rounding
# enters, because the folds are exact.

DOUBLINGS = range(0, 21, 2)
LEVELS = 6
certificates = [certify(high_frequency_cosine(n, m=LEVELS), method="derivation") for n in DOUBLINGS]
values = [found.value_error for found in certificates]
slopes = [found.derivative_error for found in certificates]
e1 = slopes[0].upper / 2
for n, value, slope in zip(DOUBLINGS, values, slopes, strict=True):
    assert value.upper == values[0].upper
    assert slope.upper == 2 ** (n + 1) * e1
    assert slope.lower <= slope.upper <= 4 * slope.lower

# %%
# **The picture.**  Above, the networks for three frequencies, of two levels, and the cosines in grey.
# Below, both errors against the frequency, with six levels.

COLORS = {0: BLUE, 1: GREEN, 3: RED}
SAMPLES = 1536


def draw_wave(ax, n):
    """Draw the network over the cosine that it approximates."""
    import numpy as np

    x = np.linspace(0, 1, SAMPLES + 1)
    ax.plot(x, np.cos(2 * np.pi * 2**n * x), color=GREY, linewidth=0.7)
    ax.plot(x, networks[n](x), color=COLORS[n], clip_on=False)
    ax.set(xlim=(0, 1), ylim=(-1.12, 1.12), xticks=(0, 0.5, 1), yticks=(-1, 1))
    ax.set_yticklabels(("$-1$", "$1$"))
    ax.tick_params(length=2, labelbottom=n == SHOWN[-1])
    ax.set_xticklabels(("$0$", r"$\frac{1}{2}$", "$1$"))
    ax.text(1.03, 0.62, f"$n = {n}$", transform=ax.transAxes, color=COLORS[n], va="center")
    words = f"{networks[n].connectivity} nonzeros"
    ax.text(1.03, 0.32, words, transform=ax.transAxes, color=INK, va="center")


def draw_errors(ax):
    """Draw the enclosures of both errors, and the line that the slope follows."""
    for enclosures, color in ((values, BLUE), (slopes, RED)):
        upper = [float(error.upper) for error in enclosures]
        lower = [float(error.lower) for error in enclosures]
        ax.vlines(DOUBLINGS, lower, upper, color=color, linewidth=1)
        ax.plot(DOUBLINGS, upper, "v", color=color, ms=4, clip_on=False)
        ax.plot(DOUBLINGS, lower, "^", color=color, ms=4, mfc="white", mew=0.8, clip_on=False)
    ax.plot(DOUBLINGS, [float(2 ** (n + 1) * e1) for n in DOUBLINGS], color=RED, linewidth=0.6)
    ax.set_yscale("log")
    ax.set(xlim=(-0.7, 20.7), ylim=(1e-5, 1e7), xticks=range(0, 21, 5), yticks=(1e-4, 1e-1, 1e2, 1e5))
    ax.minorticks_off()
    ax.set_xlabel("doublings $n$ of the frequency", labelpad=2)
    ax.text(12.6, 4e5, r"derivative, $2^{n+1}e_1$", color=RED, ha="right")
    ax.text(20, 5e-3, "function, the same for all $n$", color=BLUE, ha="right")
    ax.set_title("error", loc="left", pad=4)
    for y, marker, face, words in ((0.93, "v", GREY, "proved"), (0.84, "^", "white", "attained")):
        ax.plot(0.045, y, marker, color=GREY, ms=4, mfc=face, mew=0.8, transform=ax.transAxes)
        ax.text(0.085, y, words, color=GREY, va="center", transform=ax.transAxes)


def figure():
    """Draw three networks, and the errors for many frequencies below."""
    import matplotlib.pyplot as plt

    with plt.rc_context(STYLE):
        fig = plt.figure(figsize=(3.5, 5.4))
        for row, n in enumerate(SHOWN):
            draw_wave(fig.add_axes((0.095, 0.86 - 0.155 * row, 0.645, 0.12)), n)
        draw_errors(fig.add_axes((0.13, 0.085, 0.84, 0.33)))
        fig.draw_without_rendering()
    return fig


if __name__ == "__main__":
    import sys
    from pathlib import Path

    figure().savefig(sys.argv[1] if len(sys.argv) > 1 else Path(sys.argv[0]).with_suffix(".png"), dpi=300)
