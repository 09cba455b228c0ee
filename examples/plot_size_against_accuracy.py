r"""
Size against accuracy
=====================

How large must a network be that approximates :math:`x^2` on :math:`[0, 1]` to :math:`\varepsilon`, in the
function and in its derivative?  Here are the published networks, the ones of this library and a proved lower
bound side by side, from :math:`\varepsilon = 10^{-1}` to :math:`10^{-1000}`.  They all need
:math:`\log_2(1/\varepsilon)` levels, so the number that tells them apart is the price of one bit of accuracy.

Everything below is computed in exact arithmetic, and every statement is asserted.
"""

import math
from fractions import Fraction

from relu_constructions import Polynomial, Status, certify, square
from relu_constructions.figure_style import BLUE, GREEN, GREY, PURPLE, RED, STYLE
from relu_constructions.lower_bounds import lower_bounds

UNIT = (Fraction(0), Fraction(1))
TARGET = Polynomial.of([0, 0, 1])
FORMS = ("yarotsky", "epgb", "sparse", "folded")
FOLDS = {form: 4 if form == "folded" else 2 for form in FORMS}

# %%
# **Claims.**  With :math:`m` levels of :math:`k`-fold folding the derivative is off by exactly
# :math:`k^{-m}`, so :math:`m` is the least number with :math:`k^m \ge 1/\varepsilon`.  Every construction
# carries its theorem as data; the sizes come from there, without building anything.

DIGITS = sorted({round(10 ** (k / 30)) for k in range(91)})


def levels(form, digits):
    """Return the least m with k^m >= 10^digits."""
    m = math.ceil(digits * math.log(10, FOLDS[form]))
    while FOLDS[form] ** m < 10**digits:
        m += 1
    while FOLDS[form] ** (m - 1) >= 10**digits:
        m -= 1
    return m


def claims(form, quantity):
    """Return what the theorem of a form claims of a size, for every number of digits."""
    theorem = square(m=1, form=form).theorem
    fixed = {"B": 1, "s": 0, "c": 0, "k": FOLDS[form]}
    return [int(theorem.claim(quantity, m=levels(form, digits), **fixed)) for digits in DIGITS]


connectivity = {form: claims(form, "connectivity") for form in FORMS}
neurons = {form: claims(form, "neurons") for form in FORMS}

# %%
# **Facts.**  The networks that are asked for by their accuracy have these sizes and no other, up to
# :math:`10^{-1000}`.

for digits in (1, 2, 4, 10, 100, 1000):
    for form in FORMS:
        phi = square(Fraction(1, 10**digits), form=form)
        assert phi.connectivity == connectivity[form][DIGITS.index(digits)]
        assert phi.neurons == neurons[form][DIGITS.index(digits)]

# %%
# Each network reaches its accuracy, and with one level less it would not.

for digits in (2, 4, 100):
    for form in FORMS:
        eps, m = Fraction(1, 10**digits), levels(form, digits)
        assert certify(square(eps, form=form)).status is Status.PROVED
        assert certify(square(m=m - 1, form=form), eps=eps).status is Status.REFUTED

# %%
# **The lower bound.**  A piece of length :math:`\ell` leaves an error of at least :math:`\ell` in the
# derivative, so accuracy :math:`\varepsilon` takes :math:`1/\varepsilon` pieces; a neuron at most doubles
# them, and it needs two nonzeros to do so.  Hence every ReLU network whatsoever has at least one neuron and
# two nonzeros per bit.  Ours has seven, and with four-fold folding two and a half neurons per bit.

bounds = [lower_bounds(TARGET, UNIT, Fraction(1, 10**digits)) for digits in DIGITS]
bits = [digits * math.log2(10) for digits in DIGITS]
for i, bound in enumerate(bounds):
    assert (
        bound.connectivity
        <= connectivity["sparse"][i]
        < connectivity["epgb"][i]
        < connectivity["yarotsky"][i]
    )
    assert bound.neurons <= neurons["folded"][i] <= neurons["sparse"][i] < neurons["epgb"][i]
assert bounds[-1].connectivity == 2 * 3322 + 1

# %%
# **The picture.**  Above: the connectivity, which grows in proportion to the number of digits.  Below:
# nonzeros and neurons for each bit of :math:`1/\varepsilon`, where the order of the networks shows at every
# accuracy.

COLORS = dict(zip(FORMS, (RED, GREEN, BLUE, PURPLE), strict=True))
NAMES = {"yarotsky": "Yarotsky", "epgb": "EPGB", "sparse": "ours", "folded": "ours, $k = 4$"}
NUDGES = {"yarotsky": 0, "epgb": 4, "sparse": -4, "folded": -6}


def draw_totals(ax):
    """Draw the connectivity over the digits, with the totals at the right end."""
    for form in FORMS[:3]:
        total = f"{connectivity[form][-1]:,}"
        draw_named(ax, DIGITS, connectivity[form], COLORS[form], total, NUDGES[form] / 2)
    least = [bound.connectivity for bound in bounds]
    draw_named(ax, DIGITS, least, GREY, f"{least[-1]:,}", style="--")
    ax.set(xlim=(0, 1000), ylim=(0, 50000), yticks=range(0, 50001, 10000))
    ax.set_yticklabels(["0", *(f"{k}0,000" for k in range(1, 6))])
    ax.set(xlabel=r"digits $\log_{10}(1/\varepsilon)$", ylabel="nonzeros")


def draw_named(ax, xs, ys, color, name, nudge=0, style="-"):
    """Draw a curve and write its name at the right end."""
    ax.plot(xs, ys, style, color=color, clip_on=False)
    place = {"xytext": (5, nudge), "textcoords": "offset points", "va": "center"}
    ax.annotate(name, (xs[-1], ys[-1]), color=color, **place)


def draw_per_bit(ax, sizes, least, ceiling):
    """Draw sizes per bit, digits on a logarithmic axis."""
    for form, counts in sizes.items():
        per_bit = [count / bit for count, bit in zip(counts, bits, strict=True)]
        name = f"{NAMES[form]}: {per_bit[-1]:.2g}"
        draw_named(ax, DIGITS, per_bit, COLORS[form], name, NUDGES[form] * (1 if "folded" in sizes else 0.6))
    floor = [count / bit for count, bit in zip(least, bits, strict=True)]
    draw_named(ax, DIGITS, floor, GREY, f"lower bound: {floor[-1]:.2g}", style="--")
    ax.set(xscale="log", xlim=(1, 1000), xticks=(1, 10, 100, 1000), ylim=(0, ceiling))
    ax.set_xticklabels([f"$10^{{-{digits}}}$" for digits in (1, 10, 100, 1000)])
    ax.minorticks_off()


def figure():
    """Draw the totals, and below them nonzeros and neurons per bit."""
    import matplotlib.pyplot as plt

    with plt.rc_context(STYLE):
        fig = plt.figure(figsize=(3.5, 5.8))
        totals, upper, lower = (fig.add_axes((0.19, y, 0.53, 0.24)) for y in (0.74, 0.375, 0.08))
        draw_totals(totals)
        nonzeros = {form: connectivity[form] for form in FORMS[:3]}
        draw_per_bit(upper, nonzeros, [bound.connectivity for bound in bounds], 18)
        draw_per_bit(lower, neurons, [bound.neurons for bound in bounds], 5)
        upper.set(yticks=(0, 5, 10, 15), ylabel="nonzeros per bit")
        upper.tick_params(labelbottom=False)
        lower.set(
            yticks=range(6), ylabel="neurons per bit", xlabel=r"accuracy $\varepsilon$ in $W^{1,\infty}$"
        )
        for ax in fig.axes:
            ax.yaxis.set_label_coords(-0.26, 0.5)
        fig.draw_without_rendering()
    return fig


if __name__ == "__main__":
    import sys
    from pathlib import Path

    figure().savefig(sys.argv[1] if len(sys.argv) > 1 else Path(sys.argv[0]).with_suffix(".png"), dpi=300)
