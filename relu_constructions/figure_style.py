"""Figure style: the settings of matplotlib and the colours of all figures, legible at half a column's width.

``with plt.rc_context(STYLE)`` applies the settings.  The colours can be told apart by the colour-blind.
"""

from __future__ import annotations

from typing import Any

STYLE: dict[str, Any] = {
    "font.family": "STIXGeneral",
    "mathtext.fontset": "stix",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "axes.titlesize": 9,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 1.4,
}
INK, GREY = "#222222", "#777777"
BLUE, RED, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#AA4499"
