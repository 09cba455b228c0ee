r"""
Depth makes teeth
=================

The hat function :math:`h` climbs from 0 to 1 on :math:`[0, 1/2]` and comes back on :math:`[1/2, 1]`.  Put
into itself it doubles: :math:`h_n = h \circ \dots \circ h` has :math:`2^{n-1}` teeth on :math:`[0, 1]`,
while the network that computes it grows by five nonzero parameters a level.  This is the mechanism behind
every exponential gain in this library, and behind the depth separation of Telgarsky (2016).

Everything below is computed in exact arithmetic, and every statement is asserted.
"""

from fractions import Fraction

from relu_constructions import certify, concatenation, hat, pieces, sawtooth
from relu_constructions.figure_style import BLUE, GREEN, GREY, INK, PURPLE, RED, STYLE

UNIT = (0, 1)

# %%
# **Composition.**  One hat is :math:`2\rho(x) - 4\rho(x - \frac12)`: two neurons, five nonzeros.
# Concatenation merges the output map of one hat with the input map of the next.  Four hats in a row are,
# entry by entry, the network that ``sawtooth(4)`` writes down at once.

h = hat()
for n in (2, 3, 4):
    h = concatenation(hat(), h)
    assert h == sawtooth(n)

# %%
# **Teeth.**  The exact affine pieces of these networks are the intervals between neighbouring multiples of
# :math:`2^{-n}`, and the values there are 0 and 1 in turn.  So the function is a sawtooth and nothing else.

LEVELS = (1, 2, 3, 4)
corners = {}
for n in LEVELS:
    found = pieces(sawtooth(n), UNIT)
    corners[n] = (found.breakpoints, found.values)
    assert found.breakpoints == [Fraction(k, 2**n) for k in range(2**n + 1)]
    assert found.values == [k % 2 for k in range(2**n + 1)]
    assert set(found.slopes) == {Fraction(2**n), Fraction(-(2**n))}

# %%
# **Pieces against parameters.**  The number of pieces doubles with every level, the connectivity grows by 5.
# Nothing can grow much slower: only a neuron with two nonzero parameters makes a kink, it at most doubles the
# pieces, and the output needs a parameter too, so :math:`2^n` pieces take at least :math:`2n + 1` nonzeros.

DEPTHS = range(1, 17)
connectivity = [sawtooth(n).connectivity for n in DEPTHS]
counted = [len(pieces(sawtooth(n), UNIT)) for n in DEPTHS]
least = [2 * n + 1 for n in DEPTHS]
assert connectivity == [5 * n for n in DEPTHS]
assert counted == [2**n for n in DEPTHS]

# %%
# **Beyond enumeration.**  :math:`h_{1000}` has more teeth than there are atoms; its network has 5000
# nonzeros, and it is certified to be the sawtooth, in function and derivative, without a look at the teeth.

certificate = certify(sawtooth(1000))
assert certificate.method == "derivation"
assert certificate.error.exact() == 0

# %%
# **The picture.**  Above: the sawtooths drawn from their exact corners.  Below: pieces, parameters, and the
# parameters that any network with as many pieces must have.

COLUMNS = {1.15: "teeth", 1.39: "nonzeros"}
COLORS = dict(zip(LEVELS, (BLUE, RED, GREEN, PURPLE), strict=True))


def draw_sawtooth(ax, n):
    """Draw one sawtooth through its corners, and its counts at the right end."""
    ax.plot(*corners[n], color=COLORS[n], clip_on=False)
    ax.set(xlim=(0, 1), ylim=(0, 1), yticks=(0, 1), xticks=[k / 4 for k in range(5)])
    ax.set_ylabel(f"$h_{n}$", color=COLORS[n], rotation=0, va="center", labelpad=6, fontsize=11)
    for x, count in zip(COLUMNS, (2 ** (n - 1), sawtooth(n).connectivity), strict=True):
        ax.text(x, 0.5, count, transform=ax.transAxes, ha="center", va="center", color=COLORS[n])
    ax.tick_params(labelbottom=n == LEVELS[-1])
    ax.set_xticklabels(["$0$", r"$\frac{1}{4}$", r"$\frac{1}{2}$", r"$\frac{3}{4}$", "$1$"])


def draw_counts(ax):
    """Draw the three counts over the number of levels, each named at its curve."""
    for ys, color, marker in ((counted, INK, "o"), (connectivity, BLUE, "s"), (least, GREY, None)):
        style = "--" if marker is None else "-"
        ax.semilogy(DEPTHS, ys, style, color=color, marker=marker, markersize=2.8, clip_on=False)
    ax.set(xlim=(1, 16), ylim=(1, 1e5), xticks=range(2, 17, 2), yticks=[10**k for k in range(6)])
    ax.set_xlabel("levels $n$")
    ax.minorticks_off()
    ax.text(10.5, 5000, "pieces $2^n$", color=INK, ha="right")
    ax.text(16, 125, "connectivity $5n$", color=BLUE, ha="right")
    ax.text(16, 7, "lower bound $2n + 1$", color=GREY, ha="right")


def figure():
    """Draw the sawtooths, and below them their pieces against their parameters."""
    import matplotlib.pyplot as plt

    with plt.rc_context(STYLE):
        fig = plt.figure(figsize=(3.5, 4.8))
        grid = fig.add_gridspec(4, 1, left=0.13, right=0.7, bottom=0.49, top=0.93, hspace=0.55)
        strips = grid.subplots()
        for ax, n in zip(strips, LEVELS, strict=True):
            draw_sawtooth(ax, n)
        for x, title in COLUMNS.items():
            strips[0].text(x, 1.35, title, transform=strips[0].transAxes, ha="center")
        strips[-1].set_xlabel("$x$", labelpad=1)
        draw_counts(fig.add_axes((0.13, 0.09, 0.83, 0.28)))
        fig.draw_without_rendering()
    return fig


if __name__ == "__main__":
    import sys
    from pathlib import Path

    figure().savefig(sys.argv[1] if len(sys.argv) > 1 else Path(sys.argv[0]).with_suffix(".png"), dpi=300)
