"""The benchmark of kinks runs at a tiny size; its loop and the listing agree there."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from relu_constructions import Parametrization

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Import the benchmark as if its folder were the working place, and forget it afterwards."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.syspath_prepend(BENCHMARKS)
    yield importlib.import_module("kinks")
    for path in BENCHMARKS.glob("*.py"):
        sys.modules.pop(path.stem, None)


def test_the_loop_by_hand(benchmark: ModuleType) -> None:
    line = Parametrization([([[1], [-1]], [0, 0]), ([[3, -5]], [0])])
    assert benchmark.one_by_one(line, [0]) == [(0, 5, 3, 0)]


def test_the_table(
    benchmark: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benchmark, "WORK", 100)
    benchmark.table((2, 3), repetitions=1)
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split(",")[0].strip() for line in lines] == ["square", "square", "shallow"] * 2 + [
        "floats"
    ] * 3
    assert [line.split("=")[-1].split()[:2] for line in lines[:2]] == [["2", "5"], ["2", "4"]]
