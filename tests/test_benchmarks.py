"""The benchmarks run at tiny sizes and print what they promise; their times are nobody's business here."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

from relu_constructions import Parametrization, hat, square

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def benchmark(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Import a benchmark as if its folder were the working place, and forget it afterwards."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.syspath_prepend(BENCHMARKS)
    yield importlib.import_module(request.param)
    for path in BENCHMARKS.glob("*.py"):
        sys.modules.pop(path.stem, None)


def use(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("benchmark", [name], indirect=True)


@use("measure")
def test_the_least_time_and_the_verdict(benchmark: ModuleType) -> None:
    seconds, result = benchmark.best(lambda: 7, 3)
    assert seconds >= 0
    assert result == 7
    assert "cores" in benchmark.machine()
    assert benchmark.verdict(2, 1.5) == "target <= 1.5: MISSED"
    assert benchmark.verdict(2, 1.5, at_least=True) == "target >= 1.5: reached"


@use("pieces")
def test_naive_pieces_by_hand(benchmark: ModuleType) -> None:
    half = Fraction(1, 2)
    assert benchmark.naive_pieces(hat(), 0, 1) == [(0, 0), (half, 1), (1, 0)]
    assert benchmark.naive_pieces(hat("three_neurons"), -1, 2) == [(-1, 0), (0, 0), (half, 1), (1, 0), (2, 0)]
    line = Parametrization([([[1], [-1]], [0, 0]), ([[1, -1]], [3])])
    assert benchmark.naive_pieces(line, -1, 1) == [(-1, 2), (1, 4)]


@use("pieces")
@pytest.mark.parametrize("kernel", ["int64", "integers"])
def test_pieces_of_foldings(benchmark: ModuleType, kernel: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmark.foldings(kernel, (2, 3), naive_levels=2, repetitions=1) > 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in lines[3:]] == [
        [str(m), form, str(2**m)] for m in (2, 3) for form in ("sparse", "yarotsky", "epgb")
    ]


@use("pieces")
def test_pieces_of_random_networks(benchmark: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmark.random_network(3, 4).architecture == (1, 4, 4, 1)
    benchmark.random_networks([(2, 3), (3, 4)], repetitions=1)
    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()[3:]] == [["2", "3"], ["3", "4"]]


@use("certify")
def test_certificates(benchmark: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    benchmark.by_pieces("1/10", naive_levels=2, repetitions=1)
    benchmark.by_derivation("1e-9", repetitions=1)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert all("target <=" in line for line in lines)


@use("certify")
def test_naive_errors_by_hand(benchmark: ModuleType) -> None:
    assert benchmark.naive_errors(square(m=2), 0, 1) == (Fraction(1, 64), Fraction(1, 4))
    assert benchmark.naive_value(square(m=1), Fraction(1, 4)) == Fraction(1, 8)


@use("import_time")
def test_the_import_is_light(
    benchmark: ModuleType,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.delitem(benchmark.STATEMENTS, "sympy")
    benchmark.report(str(tmp_path), processes=1)
    assert "mpmath, scipy, pandas: none" in capsys.readouterr().out
    assert set(benchmark.shares(str(tmp_path))) >= {"numpy", "flint", "relu_constructions"}


@use("realization")
def test_evaluation(benchmark: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    benchmark.float_batch(depth=3, width=2, points=10)
    benchmark.exact_point(3, 1)
    benchmark.exact_grid(m=3, points=9)
    assert capsys.readouterr().out.count("ratio") == 3
