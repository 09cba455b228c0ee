"""The points at which germs are looked at contain every isolated zero, by both kernels and by sorting."""

import random
from fractions import Fraction

import numpy as np
import pytest

from relu_constructions import Parametrization, PiecewiseLinear, square
from relu_constructions.grid import TooManyPieces
from relu_constructions.kink_points import Places, kink_points

DOMAIN = (Fraction(-3), Fraction(2))


def listed(phi, domain, **others):
    given = kink_points(phi.layers, domain, **{"max_pieces": 1000, **others})
    points = [Fraction(x, q) for x, q in zip(given.X.tolist(), given.Q.tolist(), strict=True)]
    assert points == sorted(set(points))
    return points


@pytest.mark.parametrize("widths", [[1], [3, 2], [2, 2, 2], [4, 4, 4], [33], [35, 4, 2]], ids=str)
def test_the_breakpoints_of_all_layers_are_there(widths, naive):
    for seed in range(6):
        phi = naive.network(seed, widths)
        inside, everywhere = set(listed(phi, DOMAIN)), set(listed(phi, None))
        assert {DOMAIN[0], DOMAIN[1]} <= inside
        for depth in range(1, phi.depth):
            for row in phi[depth - 1].rows:
                single = Parametrization(
                    [
                        *phi.layers[: depth - 1],
                        phi[depth - 1].from_rows([row], phi[depth - 1].inputs),
                        ([[1]], [0]),
                    ]
                )
                breakpoints = {x for x, _ in naive.pieces(single, *DOMAIN)}
                assert breakpoints <= inside
                assert breakpoints - set(DOMAIN) <= everywhere


def test_a_zero_without_a_change_of_sign_is_there():
    touch = Parametrization([([[1], [-1]], ["-1/3", "1/3"]), ([[-1, -1]], [0]), ([[3]], [1])])
    assert listed(touch, DOMAIN) == [-3, Fraction(1, 3), 2]


def test_both_kernels_give_the_same_points(monkeypatch):
    networks = [square(m=4, form=form) for form in ("sparse", "yarotsky", "epgb")]
    networks.append(PiecewiseLinear.interpolant("x**2", 40).network())
    grids = [kink_points(phi.layers, DOMAIN, 1000) for phi in networks]
    assert all(places.X.dtype == np.int64 for places in grids)
    monkeypatch.setattr("relu_constructions.grid.LIMIT", 1)
    monkeypatch.setattr("relu_constructions.shallow.LIMIT", 1)
    for phi, grid in zip(networks, grids, strict=True):
        assert kink_points(phi.layers, DOMAIN, 1000).X.dtype == object
        assert listed(phi, DOMAIN) == [
            Fraction(x, q) for x, q in zip(*map(np.ndarray.tolist, grid), strict=True)
        ]


def test_the_limit_holds_for_both_kernels():
    third = Parametrization([([[1], [1]], [0, Fraction(1, 3**50)]), ([[1, 1]], [0])])
    domain = (Fraction(-1), Fraction(1))
    for phi in (square(m=2), third):
        count = len(listed(phi, domain)) - 1
        assert len(listed(phi, domain, max_pieces=count)) == count + 1
        with pytest.raises(TooManyPieces):
            listed(phi, domain, max_pieces=count - 1)
    with pytest.raises(TooManyPieces):
        listed(third, None, max_pieces=2)


def test_places_of_rationals():
    rng = random.Random(0)
    points = sorted(Fraction(rng.randint(-99, 99), rng.randint(1, 9)) for _ in range(9))
    X, Q = Places.of(points)
    assert [Fraction(x, q) for x, q in zip(X, Q, strict=True)] == points
    assert len(Places.of([]).X) == 0
