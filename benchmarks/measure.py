"""Measure: the least time of several runs, the machine, and whether a target is reached."""

import os
import platform
import time
from pathlib import Path


def best(work, repetitions):
    """Return the least wall time of a call, in seconds, and what it returned."""
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


def machine():
    """Name the processor, the cores, the system and the interpreter."""
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{model}, {os.cpu_count()} cores, {platform.platform(terse=True)}, {python}"


def verdict(value, target, at_least=False):
    """Write a target, and whether it is reached."""
    reached = value >= target if at_least else value <= target
    return f"target {'>=' if at_least else '<='} {target:g}: {'reached' if reached else 'MISSED'}"
