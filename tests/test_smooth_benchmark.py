"""The benchmark of suprema runs at tiny sizes, beside Sollya where that is installed."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Import the benchmark as if its folder were the working place, and forget it afterwards."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.syspath_prepend(BENCHMARKS)
    yield importlib.import_module("suprema")
    for path in BENCHMARKS.glob("*.py"):
        sys.modules.pop(path.stem, None)


def test_the_table(benchmark: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    benchmark.table((3, 4), (3,), repetitions=1)
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[:2] for line in lines] == [
        [name, str(level)] for name in benchmark.FUNCTIONS for level in (3, 4)
    ]
    assert all("target <= 0.01: reached" in line for line in lines)


def test_without_sollya(
    benchmark: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert benchmark.by_sollya("sin(x)", 3) is None
    benchmark.table((3,), (3,), repetitions=1)
    assert len(capsys.readouterr().out.splitlines()) == 1 + len(benchmark.FUNCTIONS)


def test_the_interpolant_is_rounded_to_60_bits(benchmark: ModuleType) -> None:
    given = benchmark.interpolant("exp(x)", 2)
    assert given.breakpoints == [Fraction(k, 4) for k in range(5)]
    assert given.values[0] == 1
    assert abs(given.values[4] - Fraction("2.718281828459045235360287")) < Fraction(1, 2**60)


@pytest.mark.skipif(shutil.which("sollya") is None, reason="Sollya is not installed")
def test_sollya_agrees(benchmark: ModuleType) -> None:
    from relu_constructions.supremum import suprema
    from relu_constructions.targets import to_target

    for name in benchmark.FUNCTIONS:
        _, theirs = benchmark.by_sollya(name, 4)
        found = suprema(to_target(name), benchmark.interpolant(name, 4), Fraction(1, 10**9))
        for supremum, upper in zip(found, theirs, strict=True):
            assert supremum.enclosure.lower <= upper <= supremum.enclosure.upper * Fraction(10**6 + 1, 10**6)


def test_numbers_of_sollya_are_read_exactly(benchmark: ModuleType) -> None:
    texts = ("0x1.8p-3", "0x1p2", "0x.8p0", "0xa")
    expected = [Fraction(3, 16), 4, Fraction(1, 2), 10]
    assert [benchmark._hexadecimal(text) for text in texts] == expected
