"""The induction over layers: what it proves, and what it must refuse."""

from fractions import Fraction

import pytest

from relu_constructions import Parametrization, concatenation, elongation, hat, sawtooth, square
from relu_constructions.folding import DerivationRefused, Fold, Outcome, chain, replay

HALF = Fraction(1, 2)


@pytest.mark.parametrize("n", [1, 2, 5, 40])
@pytest.mark.parametrize("form", ["two_neurons", "three_neurons"])
def test_sawtooth_is_a_multiple_of_the_last_folded_variable(n, form):
    outcome = replay(sawtooth(n, form), chain(Fraction(0), Fraction(1), 2, n))
    assert outcome == Outcome(Fraction(0), Fraction(2**n), Fraction(0), Fraction(1, 2**n))


@pytest.mark.parametrize(
    "form, k", [("sparse", 2), ("yarotsky", 2), ("epgb", 2), ("folded", 3), ("folded", 6)]
)
def test_square_is_the_difference_of_squares_and_a_chord(form, k):
    phi = square(m=7, form=form, k=k if form == "folded" else None)
    outcome = replay(phi, chain(Fraction(0), Fraction(1), k, 7))
    assert outcome == Outcome(Fraction(0), Fraction(1, k**7), Fraction(1), Fraction(1, k**7))


@pytest.mark.parametrize(
    "fold",
    [
        Fold(Fraction(0), Fraction(1, 3), 3),
        Fold(Fraction(-2), Fraction(2), 2, False),
        Fold(Fraction(1), HALF, 4),
    ],
    ids=["three parts", "absolute value", "off zero"],
)
def test_formulas_of_a_fold_are_the_zigzag(fold):
    from relu_constructions.folding import _formulas

    formulas = _formulas(fold)
    corners = [Fraction(int(c.p), int(c.q)) for c in formulas.corners]
    assert corners == [fold.lower + i * fold.length for i in range(fold.parts + 1)]
    for step in range(12 * fold.parts + 1):
        y = fold.lower + step * fold.length / 12
        image = zigzag(fold, y)
        assert value(formulas.image, corners, y) == image
        assert value(formulas.increment, corners, y) == y * y - image * image
    least = min(y * y - zigzag(fold, y) ** 2 for y in corners)
    assert Fraction(int(formulas.least_increment.p), int(formulas.least_increment.q)) == least


def zigzag(fold, y):
    place = (y - fold.lower) / fold.length + (0 if fold.rising else 1)
    phase = place % 2
    return min(phase, 2 - phase) * fold.length


def value(form, corners, y):
    exact = {k: Fraction(int(c.p), int(c.q)) for k, c in form.hinges.items()}
    start = Fraction(int(form.constant.p), int(form.constant.q))
    slope = Fraction(int(form.slope.p), int(form.slope.q))
    return start + slope * y + sum(c * max(y - corners[k], Fraction(0)) for k, c in exact.items())


def test_preimage_lies_on_a_rising_part():
    for fold in (Fold(Fraction(0), HALF, 2), Fold(Fraction(-1), Fraction(1), 2, False)):
        assert zigzag(fold, fold.preimage(fold.length / 3)) == fold.length / 3


def refused(phi, folds, words):
    with pytest.raises(DerivationRefused, match=words):
        replay(phi, folds)


def test_kink_off_the_fold_is_refused():
    phi = Parametrization([([[1], [1]], [0, "-1/3"]), ([[2, -4]], [0])])
    refused(phi, chain(Fraction(0), Fraction(1), 2, 1), "layer 1, neuron 1: its kink is not at a kink")


def test_wrong_fold_weight_is_refused():
    *below, _ = sawtooth(3)
    phi = Parametrization([*below, ([[2, -3]], [0])])
    refused(phi, chain(Fraction(0), Fraction(1), 2, 3), "layer 4, neuron 0: its input is no combination")


def test_undecided_sign_of_an_accumulator_is_refused():
    phi = square(m=3)
    A, b = phi[2]
    layers = [phi[0], phi[1], (A, [*b[:-1], Fraction(-1, 100)]), phi[3]]
    refused(Parametrization(layers), chain(Fraction(0), Fraction(1), 2, 3), "the sign of its input")


def test_too_few_or_too_many_folds_are_refused():
    for n in (2, 4):
        with pytest.raises(DerivationRefused):
            replay(sawtooth(3), chain(Fraction(0), Fraction(1), 2, n))


def test_broken_chain_of_folds_is_refused():
    folds = (Fold(Fraction(0), HALF, 2), Fold(Fraction(0), HALF, 2))
    refused(sawtooth(2), folds, "kink|given on the interval")


@pytest.mark.parametrize("folds", [(), (Fold(Fraction(0), HALF, 0),), (Fold(Fraction(0), -HALF, 2),)])
def test_folds_that_fold_nothing_are_refused(folds):
    refused(hat(), folds, "each of at least one part of positive length")


def test_wrong_domain_is_refused():
    with pytest.raises(DerivationRefused):
        replay(square(m=4), chain(Fraction(0), Fraction(2), 2, 4))


def test_constants_carried_by_a_neuron_are_followed():
    """2 rho(x + 3) - 4 rho(x - 1/2) - 6 is the hat on [0, 1]."""
    phi = Parametrization([([[1], [1]], [3, "-1/2"]), ([[2, -4]], [-6])])
    outcome = replay(phi, chain(Fraction(0), Fraction(1), 2, 1))
    assert outcome == Outcome(Fraction(0), Fraction(2), Fraction(0), HALF)


def test_sum_of_squares_far_from_zero_has_a_positive_least_value():
    """On [1, 3] the difference x^2 - y^2 is at least 1, so that an accumulator less 1 stays active."""
    fold = Fold(Fraction(1), Fraction(1), 2)
    phi = Parametrization([([[1], [1]], [0, -2]), ([[2, 4], [1, -2]], [-2, -1]), ([[1, 0]], [0])])
    assert replay(phi, (fold,)) == Outcome(Fraction(-1), Fraction(0), Fraction(1), Fraction(1))


def test_layers_that_only_pass_values_on_are_followed():
    """An elongated network has layers without a fold; the induction goes through them."""
    phi = concatenation(elongation(hat(), 3), hat())
    outcome = replay(phi, chain(Fraction(0), Fraction(1), 2, 2))
    assert (outcome.alpha, outcome.beta) == (4, 0)
