"""Sweep: the errors over all pieces of a domain, at once or in parts that an executor works on."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from relu_constructions.filtered import enclosed_pieces
from relu_constructions.layer import Layer
from relu_constructions.located import Suprema, largest_supremum
from relu_constructions.parametrization import Parametrization
from relu_constructions.pieces import pieces
from relu_constructions.supremum import is_exact, suprema
from relu_constructions.targets import Target, Targets

if TYPE_CHECKING:
    from concurrent.futures import Executor

Domain = tuple[Fraction, Fraction]
Progress = Callable[[int, int], None]
PARTS = 8


class Part(NamedTuple):
    """What one part of a domain contributes."""

    found: Suprema
    pieces: int
    first_slope: Fraction
    last_slope: Fraction
    kernel: str


def sweep(
    phi: Parametrization,
    target: Target,
    domain: Domain,
    tolerance: Fraction,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Suprema, int, str]:
    """Enclose both errors over a domain; return also the number of pieces and the arithmetic used.

    Examples
    --------
    >>> from relu_constructions import square
    >>> from relu_constructions.targets import Polynomial
    >>> unit = Fraction(0), Fraction(1)
    >>> sweep(square(m=4), Polynomial.of([0, 0, 1]), unit, Fraction(1, 1000))[1:]
    (16, 'int64')
    """
    if executor is None:
        part = sweep_part(phi, target, domain, tolerance, progress)
        return part.found, part.pieces, part.kernel
    lo, hi = domain
    ends = [lo + (hi - lo) * i / PARTS for i in range(PARTS + 1)]
    futures = [
        executor.submit(sweep_part, phi, target, (ends[i], ends[i + 1]), tolerance) for i in range(PARTS)
    ]
    parts = []
    for done, future in enumerate(futures, start=1):
        parts.append(future.result())
        if progress is not None:
            progress(done, PARTS)
    return _joined(parts)


def sweep_outputs(
    phi: Parametrization,
    targets: Targets,
    domain: Domain,
    tolerance: Fraction,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Suprema, int, str]:
    """Do the same for every output of a network with one input, and take the worst.

    Examples
    --------
    >>> from relu_constructions import hat, parallelization
    >>> phi = parallelization(hat(), hat(), shared_input=True)
    >>> tent = hat().derivation.target
    >>> sweep_outputs(phi, (tent, tent), (Fraction(0), Fraction(1)), Fraction(1, 100))[1:]
    (2, 'int64')
    """
    if phi.architecture[0] != 1:
        raise ValueError(f"pieces need a network with one input, got {phi.architecture[0]} inputs")
    *hidden, last = phi.layers
    found = []
    for row, target in zip(last.rows, targets, strict=True):
        output = Parametrization([*hidden, Layer.from_rows([row], last.inputs)], activation=phi.activation)
        found.append(sweep(output, target, domain, tolerance, executor, progress))
    if len(found) == 1:
        return found[0]
    worst = Suprema(
        largest_supremum([suprema.value for suprema, _, _ in found]),
        largest_supremum([suprema.derivative for suprema, _, _ in found]),
    )
    kernels = sorted({kernel for _, _, kernel in found})
    return worst, max(pieces for _, pieces, _ in found), " and ".join(kernels)


def sweep_part(
    phi: Parametrization,
    target: Target,
    domain: Domain,
    tolerance: Fraction,
    progress: Progress | None = None,
) -> Part:
    """Enclose both errors over one interval; a module-level function of picklable arguments."""
    given = (pieces if is_exact(target) else enclosed_pieces)(phi, domain, progress=progress)
    first, last = given.end_slopes()
    return Part(suprema(target, given, tolerance), len(given), first, last, given.kernel)


def _joined(parts: list[Part]) -> tuple[Suprema, int, str]:
    """Combine neighbouring parts; a cut through the middle of a piece does not count."""
    cut = sum(left.last_slope == right.first_slope for left, right in itertools.pairwise(parts))
    found = Suprema(
        largest_supremum([part.found.value for part in parts]),
        largest_supremum([part.found.derivative for part in parts]),
    )
    kernels = sorted({part.kernel for part in parts})
    return found, sum(part.pieces for part in parts) - cut, " and ".join(kernels)
