"""Products of affine maps: two routes, one result."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from relu_constructions import blocks
from relu_constructions.layer import Layer

KINDS: dict[str, Callable[[random.Random], Fraction]] = {
    "units": lambda rng: Fraction(rng.choice((-1, 1))),
    "dyadic": lambda rng: Fraction(rng.randrange(-64, 65), 2 ** rng.randrange(8)),
    "rational": lambda rng: Fraction(rng.randrange(-50, 51), rng.randrange(1, 40)),
    "long": lambda rng: Fraction(rng.getrandbits(300) - 2**299, rng.getrandbits(200) + 1),
}


def random_layer(rng: random.Random, rows: int, columns: int, kind: str, zeros: float) -> Layer:
    def entry() -> Fraction:
        return Fraction(0) if rng.random() < zeros else KINDS[kind](rng)

    return Layer([[entry() for _ in range(columns)] for _ in range(rows)], [entry() for _ in range(rows)])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 4, 2), (12, 9, 10), (2, 30, 1)])
@pytest.mark.parametrize("zeros", [0.0, 0.5, 0.95, 1.0])
def test_both_routes_agree(kind: str, shape: tuple[int, int, int], zeros: float) -> None:
    rng = random.Random(f"{kind} {shape} {zeros}")
    above = random_layer(rng, shape[0], shape[1], kind, zeros)
    below = random_layer(rng, shape[1], shape[2], kind, zeros)
    sparse, dense = tuple(blocks.sparse_rows(above, below)), tuple(blocks.dense_rows(above, below))
    assert sparse == dense
    assert all(type(n) is int for row in dense for n in (*row.numerators, row.bias, row.denominator))
    product = Layer.from_rows(sparse, shape[2])
    assert (product.A == above.A @ below.A).all()
    assert (product.b == above.A @ below.b + above.b).all()


def test_the_route_is_chosen_by_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(7)
    taken: list[str] = []
    for route in ("sparse_rows", "dense_rows"):
        original = getattr(blocks, route)
        monkeypatch.setattr(blocks, route, lambda *a, f=original, r=route: taken.append(r) or f(*a))
    small, full = random_layer(rng, 10, 10, "dyadic", 0.0), random_layer(rng, 32, 32, "dyadic", 0.0)
    for layer in (small, full, blocks.diagonal(30_000)):
        blocks.composed(layer, layer)
    assert taken == ["sparse_rows", "dense_rows", "sparse_rows"]


def test_the_product_above_the_limit_is_the_product_below_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(8)
    layer = random_layer(rng, 30, 30, "rational", 0.1)
    dense = blocks.composed(layer, layer)
    monkeypatch.setattr(blocks, "DENSE_WORK", 10**9)
    assert blocks.composed(layer, layer) == dense
    assert np.array_equal(dense.A, layer.A @ layer.A)


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"must have 2 columns.*, got 1"):
        blocks.composed(Layer([[1]], [0]), Layer([[1], [1]], [0, 0]))


def test_huge_products_are_refused_before_they_are_made() -> None:
    with pytest.raises(ValueError, match=r"would have \d+ nonzeros"):
        blocks.composed(Layer([[1]] * 4000, [0] * 4000), Layer([[1] * 4000], [0]))
