"""Folding: the induction that proves a sawtooth or a squaring network, layer by layer, in exact arithmetic.

A fold maps an interval onto a shorter one by a zigzag of slopes +1 and -1, y -> y'.  Along a chain of folds
y_0 = x, y_1, ..., y_n the difference of squares

    S_j = x^2 - y_j^2 = sum_{i<j} (y_i^2 - y_{i+1}^2)

is affine in y_i and the hinges T_{i,k} = rho(y_i - c_k) at the kinks c_k of the folds.  `replay` walks
through the layers of a network and shows, by comparing coefficients, that every neuron is one of

    gamma + alpha y_j + beta S_j,   or a multiple of a hinge T_{j,k}

on the whole domain.  If that works, the output is gamma + alpha y_n + beta S_n with known coefficients,
y_n runs over all of [0, h_n] with slopes +1 and -1, and every question about x^2 - R(Phi) is a question
about one parabola on [0, h_n].  The cost is a few operations a weight; the 2^n pieces are never listed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import flint

from relu_constructions.layer import Row
from relu_constructions.parametrization import Parametrization
from relu_constructions.piecewise_affine import RELU

Rational = flint.fmpq
ZERO = flint.fmpq(0)


class DerivationRefused(ValueError):  # noqa: N818 - a refusal, named as one
    """The network is not what its derivation says."""


class Form(NamedTuple):
    """constant + slope y + square S + sum over kinks of hinges[k] T_k."""

    constant: Rational
    slope: Rational
    square: Rational
    hinges: dict[int, Rational]


@dataclass(frozen=True)
class Fold:
    """The zigzag of an interval of `parts` equal parts onto [0, length], rising first or falling first.

    Examples
    --------
    >>> Fold(Fraction(-1), Fraction(1), 2, rising=False).upper  # the absolute value on [-1, 1]
    Fraction(1, 1)
    """

    lower: Fraction
    length: Fraction
    parts: int
    rising: bool = True

    @property
    def upper(self) -> Fraction:
        """The right end of the interval."""
        return self.lower + self.parts * self.length

    def preimage(self, y: Fraction) -> Fraction:
        """Return a point that the fold maps to y, on the first part where it rises."""
        return self.lower + y + (0 if self.rising else self.length)


class Formulas(NamedTuple):
    """A fold in the basis of `Form`: its corners, its image, and y^2 - image^2 with its least value."""

    corners: tuple[Rational, ...]
    image: Form
    increment: Form
    least_increment: Rational


@lru_cache(maxsize=64)
def _of_unit_parts(offset: Fraction, parts: int, rising: bool) -> Formulas:
    """The formulas of the fold of [offset, offset + parts] onto [0, 1]."""
    corners = tuple(_rational(offset + i) for i in range(parts + 1))
    signs = [Rational(1 if (i % 2 == 0) == rising else -1) for i in range(parts)]
    starts = [-corners[i] if sign == 1 else corners[i + 1] for i, sign in enumerate(signs)]
    image = _hinged(zip(starts, signs, strict=True))
    increment = _hinged((-d * d, -2 * sign * d) for d, sign in zip(starts, signs, strict=True))
    heights = [ZERO if (i % 2 == 0) == rising else Rational(1) for i in range(parts + 1)]
    return Formulas(
        corners, image, increment, min(c * c - y * y for c, y in zip(corners, heights, strict=True))
    )


def _formulas(fold: Fold) -> Formulas:
    """Scale the formulas of unit parts: image(y) = length * unit(y/length), the increment likewise."""
    h = _rational(fold.length)
    offset = fold.lower / fold.length if fold.lower else Fraction(0)
    unit = _of_unit_parts(offset, fold.parts, fold.rising)
    image, increment = unit.image, unit.increment
    return Formulas(
        tuple(h * corner for corner in unit.corners),
        image._replace(constant=h * image.constant),
        Form(
            h * h * increment.constant,
            h * increment.slope,
            ZERO,
            {k: h * jump for k, jump in increment.hinges.items()},
        ),
        h * h * unit.least_increment,
    )


@dataclass(frozen=True)
class Stage:
    """After `folds` folds: the range of y, a lower bound of S = x^2 - y^2, and whether S = 0 identically."""

    lower: Rational
    upper: Rational
    least_square: Rational = ZERO
    square_is_zero: bool = True
    folds: int = 0


class Outcome(NamedTuple):
    """The output gamma + alpha y + beta S after all folds, with y running over [0, length]."""

    gamma: Fraction
    alpha: Fraction
    beta: Fraction
    length: Fraction


def replay(phi: Parametrization, folds: tuple[Fold, ...]) -> Outcome:
    """Prove, neuron by neuron, that R(phi) = gamma + alpha y_n + beta S_n where the first fold is given.

    Parameters
    ----------
    phi : Parametrization
        With one input and one output.
    folds : tuple of Fold
        Each maps onto the interval on which the next is given.

    Raises
    ------
    DerivationRefused
        Naming the first layer and neuron that is not of the form that the induction needs.

    Examples
    --------
    >>> tent = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
    >>> replay(tent, (Fold(Fraction(0), Fraction(1, 2), 2),))
    Outcome(gamma=Fraction(0, 1), alpha=Fraction(2, 1), beta=Fraction(0, 1), length=Fraction(1, 2))
    """
    if phi.activation != RELU:
        raise DerivationRefused(f"the induction is for ReLU networks, got the activation {phi.activation}")
    if not folds or any(fold.parts < 1 or fold.length <= 0 for fold in folds):
        raise DerivationRefused("a derivation must have folds, each of at least one part of positive length")
    formulas = [_formulas(fold) for fold in folds]
    stage = Stage(formulas[0].corners[0], formulas[0].corners[-1])
    forms = [Form(ZERO, Rational(1), ZERO, {})]
    for index, layer in enumerate(phi.layers, start=1):
        folded = any(form.hinges for form in forms)
        forms = [_affine(row, forms) for row in layer.rows]
        if folded:
            fold = formulas[stage.folds]
            forms = [_fold(form, stage, fold, (index, i)) for i, form in enumerate(forms)]
            stage = _next_stage(stage, fold, folds[stage.folds])
        if index < phi.depth:
            ahead = formulas[stage.folds] if stage.folds < len(folds) else None
            forms = [_relu(form, stage, ahead, (index, i)) for i, form in enumerate(forms)]
    if stage.folds != len(folds) or len(forms) != 1:
        raise DerivationRefused(f"the network folds {stage.folds} times, the derivation {len(folds)} times")
    end = forms[0]
    return Outcome(_fraction(end.constant), _fraction(end.slope), _fraction(end.square), folds[-1].length)


def chain(lower: Fraction, upper: Fraction, parts: int, times: int) -> tuple[Fold, ...]:
    """Fold [lower, upper] `times` times, each time into `parts` parts.

    Examples
    --------
    >>> [fold.upper for fold in chain(Fraction(0), Fraction(1), 2, 3)]
    [Fraction(1, 1), Fraction(1, 2), Fraction(1, 4)]
    """
    folds = [Fold(lower, (upper - lower) / parts, parts)] if times else []
    while len(folds) < times:
        folds.append(Fold(Fraction(0), folds[-1].length / parts, parts))
    return tuple(folds)


def _affine(row: Row, forms: list[Form]) -> Form:
    constant, slope, square = Rational(row.bias, row.denominator), ZERO, ZERO
    hinges: dict[int, Rational] = {}
    for j, numerator in zip(row.columns, row.numerators, strict=True):
        form, weight = forms[j], Rational(numerator, row.denominator)
        if form.constant:
            constant += weight * form.constant
        if form.slope:
            slope += weight * form.slope
        if form.square:
            square += weight * form.square
        for k, coefficient in form.hinges.items():
            hinges[k] = hinges.get(k, ZERO) + weight * coefficient
    return Form(constant, slope, square, {k: c for k, c in hinges.items() if c})


def _fold(form: Form, stage: Stage, fold: Formulas, where: tuple[int, int]) -> Form:
    """Rewrite a form in the variables after a fold: form = gamma + alpha y' + beta S'."""
    step, image = fold.increment, fold.image
    beta = _new_square(form, fold) if stage.square_is_zero else form.square
    alpha = (form.slope - beta * step.slope) / image.slope
    for k, jump in image.hinges.items():
        if form.hinges.get(k, ZERO) != alpha * jump + beta * step.hinges[k]:
            raise _refused(where, "its input is no combination of 1, the folded variable and x^2")
    return Form(form.constant - beta * step.constant - alpha * image.constant, alpha, beta, {})


def _new_square(form: Form, fold: Formulas) -> Rational:
    """The coefficient beta of S' where S = 0: slope and first hinge are two equations for alpha, beta."""
    step, image = fold.increment, fold.image
    determinant = image.slope * step.hinges[1] - image.hinges[1] * step.slope
    if determinant == ZERO:
        return ZERO
    return (image.slope * form.hinges.get(1, ZERO) - image.hinges[1] * form.slope) / determinant


def _next_stage(stage: Stage, fold: Formulas, given: Fold) -> Stage:
    if (stage.lower, stage.upper) != (fold.corners[0], fold.corners[-1]):
        raise DerivationRefused("a fold must be given on the interval that the previous fold maps onto")
    step = fold.increment
    still_zero = stage.square_is_zero and not any((step.constant, step.slope, *step.hinges.values()))
    least = stage.least_square + fold.least_increment
    return Stage(ZERO, _rational(given.length), least, still_zero, stage.folds + 1)


def _relu(form: Form, stage: Stage, fold: Formulas | None, where: tuple[int, int]) -> Form:
    constant, slope, square, hinges = form
    ends = constant + slope * stage.lower, constant + slope * stage.upper
    least = min(ends) + square * stage.least_square if square else min(ends)
    if least >= ZERO and square >= ZERO and not hinges:
        return form
    if max(ends) <= ZERO and not square and not hinges:
        return Form(ZERO, ZERO, ZERO, {})
    if square or hinges or fold is None:
        raise _refused(where, "the sign of its input is not decided")
    root = -constant / slope
    if root not in fold.corners:
        raise _refused(where, "its kink is not at a kink of the fold")
    kink = fold.corners.index(root)
    if slope > ZERO:
        return Form(ZERO, ZERO, ZERO, {kink: slope})
    return Form(constant, slope, ZERO, {kink: -slope})


def _refused(where: tuple[int, int], why: str) -> DerivationRefused:
    return DerivationRefused(f"layer {where[0]}, neuron {where[1]}: {why}")


def _hinged(pieces: Iterable[tuple[Rational, Rational]]) -> Form:
    """Write a continuous function, given by (constant, slope) on each part, with hinges at the kinks."""
    given = list(pieces)
    slopes = [slope for _, slope in given]
    hinges = {k: slopes[k] - slopes[k - 1] for k in range(1, len(given))}
    return Form(given[0][0], slopes[0], ZERO, hinges)


def _rational(number: Fraction) -> Rational:
    return flint.fmpq(number.numerator, number.denominator)


def _fraction(number: Rational) -> Fraction:
    return Fraction(int(number.p), int(number.q))
