"""The hypothesis R(phi) >= 0: proved, refuted by a point, or left open."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from relu_constructions import nonnegativity
from relu_constructions.calculus import (
    affine,
    concatenation,
    identity,
    nonnegative_concatenation,
    nonnegative_elongation,
    parallelization,
)
from relu_constructions.nonnegativity import box_image, box_of, require_nonnegative
from relu_constructions.parametrization import Parametrization

HAT = Parametrization([([[2], [4]], [0, -2]), ([[1, -1]], [0])])
"""2 rho(x) - 4 rho(x - 1/2): nonnegative on [0, 1], negative beyond 1."""
TENT = Parametrization([([[2], [4], [2]], [0, -2, -2]), ([[1, -1, 1]], [0])])
"""The hat that stays zero outside of [0, 1]."""
VALLEY = Parametrization([([[1], [-1]], [0, 0]), ([[1, 1]], ["-1/2"])])
"""|x| - 1/2."""
GAP = Parametrization([([[1, 0], [0, 1], [1, 1]], [0, 0, 0]), ([[1, 1, -1]], [0])])
"""rho(x) + rho(y) - rho(x + y): nonnegative on R^2, which intervals do not see."""


def network(rng: random.Random, architecture: Sequence[int], largest: int) -> Parametrization:
    """A network of random entries; with the largest denominator 1 they are -1, 0 and 1."""

    def array(*shape: int) -> np.ndarray:
        count = int(np.prod(shape))
        entries = [
            Fraction(rng.randrange(-largest, largest + 1), rng.randint(1, largest)) for _ in range(count)
        ]
        return np.array(entries, dtype=object).reshape(shape)

    return Parametrization(
        [(array(above, below), array(above)) for below, above in itertools.pairwise(architecture)]
    )


def evaluated(phi: Parametrization, x: np.ndarray) -> np.ndarray:
    """R(phi)(x), straight from the definition."""
    for A, b in phi.layers[:-1]:
        x = A @ x + b
        x = np.where(x > 0, x, Fraction(0))
    A, b = phi.layers[-1]
    return A @ x + b


@pytest.mark.parametrize(
    "phi, domain",
    [
        (HAT, (0, 1)),
        (HAT, [("1/4", "3/4")]),
        (TENT, None),
        (TENT, (-5, 5)),
        (VALLEY, (1, 2)),
        (affine([[0]], [0]), None),
        (affine([[0, 0]], [1]), None),
        (affine([[1, -1]], [1]), [(0, 1), (0, 1)]),
        (affine([[1], [2]], [0, 0]), (0, 3)),
        (concatenation(HAT, HAT), (0, 1)),
        (Parametrization([([[1, -1], [-1, 1]], [-3, 2]), ([[1, 0], ["1/2", 2]], [0, 1])]), None),
        (GAP, [(0, 1), (-2, -1)]),
    ],
)
def test_nonnegativity_is_proved(phi: Parametrization, domain: Any) -> None:
    require_nonnegative(phi, domain)
    psi = identity(phi.architecture[-1])
    assert nonnegative_concatenation(psi, phi, domain).depth == phi.depth + 1
    assert nonnegative_elongation(phi, phi.depth + 2, domain).depth == phi.depth + 2


@pytest.mark.parametrize(
    "phi, domain",
    [
        (HAT, None),
        (HAT, (0, "101/100")),
        (VALLEY, None),
        (VALLEY, ("-1/3", 1)),
        (affine([[1]], [0]), None),
        (affine([[-1]], [3]), None),
        (affine([["-1/7"]], [0]), (0, 1)),
        (affine([[1], [1]], [2, "-1/2"]), (0, 1)),
        (affine([[1, -1]], [0]), [(0, 1), (0, 1)]),
        (parallelization(TENT, HAT, shared_input=True), (-1, 2)),
        (concatenation(VALLEY, HAT), (0, 1)),
    ],
)
def test_nonnegativity_is_refuted_by_a_point(phi: Parametrization, domain: Any) -> None:
    with pytest.raises(ValueError, match="R\\(phi\\) must be nonnegative, got the value") as caught:
        nonnegative_concatenation(identity(phi.architecture[-1]), phi, domain)
    words = str(caught.value).partition(" at x = ")
    place, _, rest = words[2].partition(" in output ")
    x = np.array([Fraction(part) for part in place.strip("()").split(",")], dtype=object)
    value = evaluated(phi, x)[int(rest.partition(";")[0])]
    assert value < 0
    assert Fraction(words[0].rpartition(" ")[2]) == value
    if domain is not None:
        assert all(lo <= part <= hi for part, (lo, hi) in zip(x, box_of(domain, len(x)), strict=True))


@pytest.mark.parametrize(
    "domain, remedy", [(None, "pass a domain"), ([(-1, 1), (-1, 1)], "pass a smaller domain")]
)
def test_nonnegativity_is_left_open(domain: Any, remedy: str) -> None:
    for operation in (
        lambda: nonnegative_concatenation(identity(1), GAP, domain),
        lambda: nonnegative_elongation(GAP, 3, domain),
    ):
        with pytest.raises(
            ValueError, match=f"could not be proved for output 0; use sparse_concatenation or {remedy}"
        ):
            operation()


def test_nonnegativity_is_left_open_beyond_too_many_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    teeth = concatenation(HAT, concatenation(HAT, HAT))
    require_nonnegative(teeth, (0, 1))
    monkeypatch.setattr(nonnegativity, "MAX_PIECES", 7)
    with pytest.raises(ValueError, match="could not be proved for output 0"):
        require_nonnegative(teeth, (0, 1))


@pytest.mark.parametrize("domain, ends", [((-2, 2), (-2, 2)), (None, (-1000, 1000))])
def test_nonnegativity_of_random_networks(domain: Any, ends: tuple[int, int]) -> None:
    """A network that is accepted is nonnegative at every tried point; both verdicts occur."""
    rng = random.Random(11)
    accepted = 0
    for _ in range(150):
        phi = network(rng, (1, 3, 2, 1), 1)
        try:
            require_nonnegative(phi, domain)
        except ValueError:
            continue
        accepted += 1
        points = [Fraction(k, 8) for k in range(-16, 17)] + [Fraction(end) for end in ends]
        assert all(evaluated(phi, np.array([x]))[0] >= 0 for x in points)
    assert 10 < accepted < 140


@pytest.mark.parametrize(
    "domain, error, message",
    [
        (5, ValueError, "one pair .* for one input, got 5"),
        ((0, 1, 2), ValueError, "one pair .* for one input"),
        ([(0, 1), (0, 1)], TypeError, "domain must be an exact number"),
        ((1, 0), ValueError, "lo < hi, got lo = 1, hi = 0"),
        ((0, 0.5), TypeError, "domain must be exact, got the float 0.5"),
    ],
)
def test_refused_domains(domain: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        require_nonnegative(HAT, domain)


@pytest.mark.parametrize("architecture", [(1, 1), (2, 3), (3, 2, 2), (2, 3, 1, 4)])
def test_box_image_encloses(architecture: tuple[int, ...]) -> None:
    rng = random.Random(f"box {architecture}")
    phi = network(rng, architecture, 30)
    ends = [sorted(rng.sample(range(-20, 20), 2)) for _ in range(architecture[0])]
    box = [(Fraction(lo, 7), Fraction(hi, 7)) for lo, hi in ends]
    image = box_image(phi.layers, box)
    for _ in range(20):
        x = np.array([lo + (hi - lo) * Fraction(rng.randrange(9), 8) for lo, hi in box], dtype=object)
        assert all(lo <= y <= hi for y, (lo, hi) in zip(evaluated(phi, x), image, strict=True))
