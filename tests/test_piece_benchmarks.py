"""The benchmarks of shallow and of dense networks run at tiny sizes and print what they promise."""

import importlib
import sys
from pathlib import Path

import pytest

from relu_constructions import pieces

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def benchmark(request, monkeypatch):
    """Import a benchmark as if its folder were the working place, and forget it afterwards."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.syspath_prepend(BENCHMARKS)
    yield importlib.import_module(request.param)
    for path in BENCHMARKS.glob("*.py"):
        sys.modules.pop(path.stem, None)


@pytest.mark.parametrize("benchmark", ["shallow_pieces"], indirect=True)
def test_shallow_networks(benchmark, capsys):
    benchmark.against_interpolation("exp(x)", 5, "int64", 40)
    benchmark.against_interpolation([0, 0, 1], 5, "integers", 60)
    assert benchmark.growth("exp(x)", (5, 6, 7), repetitions=1) > 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if "ratio" in line] == ["2^5", "2^5"]
    assert [line.split()[:2] for line in lines[-3:]] == [
        ["2^5", "int64"],
        ["2^6", "int64"],
        ["2^7", "int64"],
    ]


@pytest.mark.parametrize("benchmark", ["shallow_pieces"], indirect=True)
def test_the_slow_route_is_another_one(benchmark):
    phi = benchmark.interpolant([0, 1, -1], 40, 20)
    assert benchmark.quadratic(phi, "int64") == benchmark.quadratic(phi, "integers") == pieces(phi, (0, 1))


@pytest.mark.parametrize("benchmark", ["dense_pieces"], indirect=True)
def test_dense_networks(benchmark, capsys):
    rates = benchmark.report([(2, 3), (3, 8)], repetitions=1)
    assert set(rates) == {(2, 3), (3, 8)}
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [["2", "3"], ["3", "8"]]
    assert benchmark.dense_network(3, 4).architecture == (1, 4, 4, 1)
