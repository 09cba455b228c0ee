"""Import time: what ``import relu_constructions`` costs in a fresh process, and what it loads.

Every time is the least of several fresh processes, above a bare interpreter, with compiled modules at hand
(in a cache of its own, filled by a first process).  The ratio compares with the import of the two libraries
that the exact arithmetic cannot do without, numpy and python-flint.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import subprocess
import sys
import tempfile
from collections import Counter

from measure import best, machine, verdict

TARGET = 0.25
UNWANTED = ("sympy", "matplotlib", "mpmath", "scipy", "pandas")
STATEMENTS = {
    "bare interpreter": "pass",
    "numpy and flint": "import numpy, flint",
    "relu_constructions": "import relu_constructions",
    "sympy": "import sympy",
}


def fresh(code, cache, *options):
    """Run code in a fresh interpreter with a bytecode cache, and return its stdout and stderr."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**kept, "PYTHONPYCACHEPREFIX": cache}
    command = [sys.executable, *options, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return done.stdout, done.stderr


def times(statements, cache, processes=9):
    """Return the least seconds of each statement; the processes take turns, so that all see the same load."""
    for code in statements.values():
        fresh(code, cache)
    least = dict.fromkeys(statements, float("inf"))
    for _ in range(processes):
        for name, code in statements.items():
            seconds, _ = best(lambda code=code: fresh(code, cache), 1)
            least[name] = min(least[name], seconds)
    return least


def loaded(cache, names=UNWANTED):
    """Return which of the named libraries `import relu_constructions` loads."""
    out, _ = fresh("import sys, relu_constructions; print(*sorted(sys.modules))", cache)
    return sorted(set(names) & set(out.split()))


def shares(cache):
    """Return the microseconds that each top-level package spends in its own modules, from -X importtime."""
    _, err = fresh("import relu_constructions", cache, "-X", "importtime")
    spent = Counter()
    for line in err.splitlines()[1:]:
        own, _, name = line.removeprefix("import time:").split("|")
        root = name.strip().partition(".")[0]
        spent[root if root in ("numpy", "flint", "relu_constructions") else "standard library"] += int(own)
    return spent


def report(cache, processes=9):
    """Print the times, what is loaded, and where the time goes."""
    least = times(STATEMENTS, cache, processes)
    bare = least.pop("bare interpreter")
    print(f"above a bare interpreter ({1e3 * bare:.0f} ms), the least of {processes} fresh processes each:")
    for name, seconds in least.items():
        print(f"  import {name:<20} {1e3 * (seconds - bare):6.0f} ms")
    ours, floor = least["relu_constructions"] - bare, least["numpy and flint"] - bare
    print(f"  {verdict(ours, TARGET)}; ratio to numpy and flint alone: {ours / floor:.2f}")
    print(f"  loads of {', '.join(UNWANTED)}: {', '.join(loaded(cache)) or 'none'}")
    own = ", ".join(f"{name} {spent / 1e3:.0f} ms" for name, spent in shares(cache).most_common())
    print(f"  own time of modules (with the overhead of -X importtime): {own}")


if __name__ == "__main__":
    print(machine())
    with tempfile.TemporaryDirectory() as directory:
        report(directory)
