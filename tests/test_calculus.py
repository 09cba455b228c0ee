"""The calculus of networks: realizations, exact counts, and the arguments that are refused."""

from __future__ import annotations

import inspect
import itertools
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from relu_constructions import calculus
from relu_constructions.calculus import (
    THEOREMS,
    affine,
    concatenation,
    elongation,
    identity,
    linear_combination,
    nonnegative_concatenation,
    nonnegative_elongation,
    nonnegative_identity,
    parallelization,
    sparse_concatenation,
)
from relu_constructions.parametrization import Parametrization

ARCHITECTURES = [(1, 1), (2, 3), (1, 4, 1), (3, 2, 2), (2, 3, 1, 4), (1, 2, 5, 3, 2)]
PAIRS = [(phi, psi) for phi in ARCHITECTURES for psi in ARCHITECTURES]
KINDS: dict[str, Callable[[random.Random], Fraction]] = {
    "units": lambda rng: Fraction(rng.choice((-1, 1))),
    "dyadic": lambda rng: Fraction(rng.randrange(-64, 65), 2 ** rng.randrange(8)),
    "rational": lambda rng: Fraction(rng.randrange(-50, 51), rng.randrange(1, 40)),
}


def network(
    rng: random.Random, architecture: Sequence[int], kind: str, *, nonnegative: bool = False
) -> Parametrization:
    """A network of random entries, many of them zero; on demand with nonnegative last weights."""

    def array(*shape: int) -> np.ndarray:
        entries = [
            Fraction(0) if rng.random() < 0.4 else KINDS[kind](rng) for _ in range(int(np.prod(shape)))
        ]
        return np.array(entries, dtype=object).reshape(shape)

    pairs = [(array(above, below), array(above)) for below, above in itertools.pairwise(architecture)]
    if nonnegative:
        pairs[-1] = (abs(pairs[-1][0]), abs(pairs[-1][1]))
    return Parametrization(pairs)


def evaluated(phi: Parametrization, x: np.ndarray) -> np.ndarray:
    """R(phi)(x), straight from the definition."""
    for A, b in phi.layers[:-1]:
        x = A @ x + b
        x = np.where(x > 0, x, Fraction(0))
    A, b = phi.layers[-1]
    return A @ x + b


def point(rng: random.Random, d: int) -> np.ndarray:
    return np.array([Fraction(rng.randrange(-99, 100), rng.randrange(1, 30)) for _ in range(d)], dtype=object)


def nonzeros(*arrays: Any) -> int:
    return int(sum(np.count_nonzero(array) for array in arrays))


def largest(*arrays: Any) -> Fraction:
    return Fraction(max(abs(entry) for array in arrays for entry in np.ravel(array)))


def one(phi: Parametrization, suffix: str) -> dict[str, Any]:
    """What the formulas ask of a network, counted on dense arrays."""
    arrays = [array for layer in phi for array in layer]
    return {
        f"L{suffix}": len(arrays) // 2,
        f"neurons{suffix}": sum(len(b) for b in arrays[1:-2:2]),
        f"M{suffix}": nonzeros(*arrays),
        f"B{suffix}": largest(*arrays),
        f"M_1{suffix}": nonzeros(*arrays[:2]),
        f"M_L{suffix}": nonzeros(*arrays[-2:]),
        f"a_1{suffix}": nonzeros(arrays[0]),
    }


def two(psi: Parametrization, phi: Parametrization) -> dict[str, Any]:
    (A, b), (C, c) = psi[0], phi[-1]
    merged = {"a_product": nonzeros(A @ C), "new_bias": nonzeros(A @ c + b), "d": len(c)}
    return one(phi, "_phi") | one(psi, "_psi") | merged


def many(phis: Sequence[Parametrization], factors: Sequence[Fraction] = ()) -> dict[str, Any]:
    counts = [one(phi, "") for phi in phis]
    total = {f"sum_{name}": sum(count[name] for count in counts) for name in ("neurons", "M", "M_L")}
    result = {"L": counts[0]["L"], "max_B": max(count["B"] for count in counts), **total}
    if factors:
        pairs = [(a * phi[-1].A, a * phi[-1].b) for a, phi in zip(factors, phis, strict=True)]
        matrices = [sum(A for A, _ in pairs)] if result["L"] == 1 else [A for A, _ in pairs]
        result |= {"a_new": nonzeros(*matrices), "new_bias": nonzeros(sum(b for _, b in pairs))}
        result["sum_aB"] = sum(abs(a) * count["B"] for a, count in zip(factors, counts, strict=True))
    return result


def assert_claims(name: str, result: Parametrization, values: dict[str, Any]) -> None:
    assert result.derivation is None
    for claim in THEOREMS[name].claims(**values):
        fact = one(result, "")[
            {"depth": "L", "connectivity": "M", "magnitude": "B"}.get(claim.quantity, "neurons")
        ]
        assert fact == getattr(result, claim.quantity)
        assert claim.holds(fact), (name, claim, fact, values)


def test_every_operation_has_a_theorem() -> None:
    found = inspect.getmembers(calculus, inspect.isfunction)
    functions = {name for name, f in found if f.__module__ == calculus.__name__ and name[0] != "_"}
    assert functions == set(THEOREMS)
    assert all(name == theorem.name for name, theorem in THEOREMS.items())
    assert all({"depth", "neurons", "connectivity"} <= set(theorem.equals) for theorem in THEOREMS.values())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d, outputs", [(1, 1), (2, 3), (5, 2)])
def test_affine(kind: str, d: int, outputs: int) -> None:
    rng = random.Random(f"affine {kind} {d}")
    ((A, b),) = network(rng, (d, outputs), kind)
    phi, x = affine(A, b), point(rng, d)
    assert (evaluated(phi, x) == A @ x + b).all()
    values = {"a_A": nonzeros(A), "a_b": nonzeros(b), "B_A": largest(A), "B_b": largest(b)}
    assert_claims("affine", phi, values)


@pytest.mark.parametrize("sample", THEOREMS["identity"].samples, ids=str)
def test_identities(sample: dict[str, int]) -> None:
    x = point(random.Random(1), sample["d"])
    full = identity(sample["d"], sample["L"])
    assert (evaluated(full, x) == x).all()
    assert_claims("identity", full, sample)
    half = nonnegative_identity(sample["d"], sample["L"])
    assert (evaluated(half, abs(x)) == abs(x)).all()
    assert (evaluated(half, x) == (x if sample["L"] == 1 else np.maximum(x, 0))).all()
    assert_claims("nonnegative_identity", half, sample)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("below, above", PAIRS)
def test_concatenations(kind: str, below: tuple[int, ...], above: tuple[int, ...]) -> None:
    rng = random.Random(f"{kind} {below} {above}")
    phi = network(rng, below, kind)
    psi = network(rng, (below[-1], *above[1:]), kind)
    values = two(psi, phi)
    for operation in (concatenation, sparse_concatenation):
        result = operation(psi, phi)
        assert_claims(operation.__name__, result, values)
        for _ in range(3):
            x = point(rng, below[0])
            assert (evaluated(result, x) == evaluated(psi, evaluated(phi, x))).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("below, above", [pair for pair in PAIRS if len(pair[0]) > 2])
def test_nonnegative_concatenation(kind: str, below: tuple[int, ...], above: tuple[int, ...]) -> None:
    rng = random.Random(f"nonnegative {kind} {below} {above}")
    phi = network(rng, below, kind, nonnegative=True)
    psi = network(rng, (below[-1], *above[1:]), kind)
    result, x = nonnegative_concatenation(psi, phi), point(rng, below[0])
    assert result.layers == phi.layers + psi.layers
    assert (evaluated(result, x) == evaluated(psi, evaluated(phi, x))).all()
    assert_claims("nonnegative_concatenation", result, two(psi, phi))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("further", [0, 1, 2, 5])
def test_elongations(kind: str, architecture: tuple[int, ...], further: int) -> None:
    rng = random.Random(f"elongation {kind} {architecture} {further}")
    phi, x = network(rng, architecture, kind), point(rng, architecture[0])
    values = one(phi, "_phi") | {"K": phi.depth + further, "d": architecture[-1]}
    result = elongation(phi, phi.depth + further)
    assert (evaluated(result, x) == evaluated(phi, x)).all()
    assert_claims("elongation", result, values)
    if further == 0:
        assert result == phi


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("architecture", [sizes for sizes in ARCHITECTURES if len(sizes) > 2])
@pytest.mark.parametrize("further", [0, 1, 2, 5])
def test_nonnegative_elongation(kind: str, architecture: tuple[int, ...], further: int) -> None:
    rng = random.Random(f"nonnegative elongation {kind} {architecture} {further}")
    phi, x = network(rng, architecture, kind, nonnegative=True), point(rng, architecture[0])
    values = one(phi, "_phi") | {"K": phi.depth + further, "d": architecture[-1]}
    result = nonnegative_elongation(phi, phi.depth + further)
    assert (evaluated(result, x) == evaluated(phi, x)).all()
    assert_claims("nonnegative_elongation", result, values)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number, depth", [(1, 1), (2, 1), (3, 2), (2, 4), (5, 3)])
def test_parallelization(kind: str, number: int, depth: int) -> None:
    rng = random.Random(f"parallelization {kind} {number} {depth}")
    shapes = [[rng.randrange(1, 5) for _ in range(depth + 1)] for _ in range(number)]
    separate = [network(rng, shape, kind) for shape in shapes]
    xs = [point(rng, shape[0]) for shape in shapes]
    result = parallelization(*separate)
    expected = np.concatenate([evaluated(phi, x) for phi, x in zip(separate, xs, strict=True)])
    assert (evaluated(result, np.concatenate(xs)) == expected).all()
    assert_claims("parallelization", result, many(separate))
    shared = [network(rng, (2, *shape[1:]), kind) for shape in shapes]
    result, x = parallelization(*shared, shared_input=True), point(rng, 2)
    assert (evaluated(result, x) == np.concatenate([evaluated(phi, x) for phi in shared])).all()
    assert_claims("parallelization", result, many(shared))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number, depth", [(1, 1), (2, 1), (4, 1), (1, 3), (3, 2), (2, 4)])
@pytest.mark.parametrize("zero", [False, True])
def test_linear_combination(kind: str, number: int, depth: int, zero: bool) -> None:
    rng = random.Random(f"combination {kind} {number} {depth} {zero}")
    shapes = [(2, *(rng.randrange(1, 5) for _ in range(depth - 1)), 3) for _ in range(number)]
    phis = [network(rng, shape, kind) for shape in shapes]
    factors = [KINDS[kind](rng) for _ in phis]
    factors[0] = Fraction(0) if zero else factors[0]
    result, x = linear_combination(factors, phis), point(rng, 2)
    assert (
        evaluated(result, x) == sum(a * evaluated(phi, x) for a, phi in zip(factors, phis, strict=True))
    ).all()
    assert_claims("linear_combination", result, many(phis, factors))


def test_the_blocks_are_those_of_the_proof() -> None:
    rng = random.Random(5)
    phi, psi = network(rng, (2, 3, 2), "rational"), network(rng, (2, 4, 1), "rational")
    (A, b), (C, c), eye = psi[0], phi[-1], np.eye(2, dtype=int)
    sparse, longer = sparse_concatenation(psi, phi), elongation(phi, 5)
    expected = [(np.vstack([C, -C]), np.hstack([c, -c])), (np.hstack([A, -A]), b)]
    assert sparse == Parametrization([phi[0], *expected, psi[1]])
    assert longer == Parametrization(
        [phi[0], expected[0], *[(np.eye(4, dtype=int), [0] * 4)] * 2, (np.hstack([eye, -eye]), [0, 0])]
    )
    corners = np.zeros((3, 2), dtype=int), np.zeros((4, 2), dtype=int)
    blocks_of_both = np.block([[phi[0].A, corners[0]], [corners[1], A]])
    assert np.array_equal(parallelization(phi, psi)[0].A, blocks_of_both)
    total = linear_combination([2, 3], [phi, network(rng, (2, 3, 2), "dyadic")])
    assert (total[-1].A[:, :3] == 2 * C).all()


def test_the_bounds_that_are_attained() -> None:
    phi, psi = affine([[2], [2]], [2, 2]), affine([[3, 3]], [3])
    claims = THEOREMS["concatenation"].claims(**two(psi, phi))
    assert concatenation(psi, phi).magnitude == claims[-1].value == 15
    flat = affine([[1], [1]], [0, 0])
    assert sparse_concatenation(affine([[1, 1]], [0]), flat).connectivity == 2 * (2 + 2)


def test_cancellation_is_counted() -> None:
    phi = affine([[1], [1]], [1, 1])
    assert concatenation(affine([[1, -1]], [0]), phi).connectivity == 0
    assert linear_combination([1, -1], [phi, phi]).connectivity == 0
    assert linear_combination([1, -1], [identity(1, 2)] * 2).connectivity == 8


def test_huge_products_are_refused_before_they_are_made() -> None:
    column, row = affine([[1]] * 4000, [0] * 4000), affine([[1] * 4000], [0])
    with pytest.raises(ValueError, match=r"would have \d+ nonzeros"):
        concatenation(column, row)
    with pytest.raises(ValueError, match="identity: the network would have"):
        identity(1, 10**12)
    with pytest.raises(ValueError, match="would have"):
        elongation(identity(1), 10**9)


ONE, TWO_ROWS, DEEP = affine([[1]], [0]), affine([[1], [1]], [0, 0]), identity(1, 2)


@pytest.mark.parametrize(
    "operation, error, message",
    [
        (lambda: affine([[0.5]], [0]), TypeError, "must be exact"),
        (lambda: affine([[1]], [0, 1]), ValueError, "b must have one entry"),
        (lambda: identity(0), ValueError, "d must be at least 1, got 0"),
        (lambda: identity(1, 0), ValueError, "depth must be at least 1, got 0"),
        (lambda: nonnegative_identity(1, 0), ValueError, "depth must be at least 1, got 0"),
        (lambda: identity(1, 1.5), TypeError, "depth must be exact"),
        (lambda: concatenation(ONE, [[1]]), TypeError, "must be a Parametrization, got list"),
        (lambda: sparse_concatenation(3, ONE), TypeError, "must be a Parametrization, got int"),
        (lambda: concatenation(ONE, TWO_ROWS), ValueError, "got 1 inputs and 2 outputs"),
        (lambda: sparse_concatenation(ONE, TWO_ROWS), ValueError, "got 1 inputs and 2 outputs"),
        (lambda: nonnegative_concatenation(ONE, TWO_ROWS), ValueError, "got 1 inputs and 2 outputs"),
        (lambda: parallelization(), ValueError, "at least one network, got none"),
        (lambda: parallelization(ONE, DEEP), ValueError, "depths must be equal, got 1, 2; .* elongation"),
        (lambda: parallelization([ONE, ONE]), TypeError, "must be a Parametrization, got list"),
        (
            lambda: parallelization(ONE, affine([[1, 1]], [0]), shared_input=True),
            ValueError,
            "numbers of shared inputs must be equal, got 1, 2",
        ),
        (lambda: elongation(DEEP, 1), ValueError, "depth must be at least 2, got 1"),
        (lambda: elongation("phi", 1), TypeError, "must be a Parametrization, got str"),
        (lambda: nonnegative_elongation(DEEP, 1), ValueError, "depth must be at least 2, got 1"),
        (lambda: linear_combination([1], []), ValueError, "at least one network, got none"),
        (lambda: linear_combination([1], [ONE, ONE]), ValueError, "got 1 coefficients and 2 networks"),
        (lambda: linear_combination([0.1, 1], [ONE, ONE]), TypeError, "coefficient 0 must be exact"),
        (lambda: linear_combination([1, 1], [ONE, DEEP]), ValueError, "depths must be equal, got 1, 2"),
        (lambda: linear_combination([1, 1], [ONE, TWO_ROWS]), ValueError, "outputs must be equal, got 1, 2"),
    ],
)
def test_refused_arguments(operation: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        operation()
