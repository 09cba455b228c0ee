"""The sawtooth against the composition of the hat."""

from fractions import Fraction

import pytest

from relu_constructions import concatenation, hat, pieces, sawtooth


def tent(x):
    return max(Fraction(0), 1 - abs(2 * x - 1))


@pytest.mark.parametrize("form", ["two_neurons", "three_neurons"])
@pytest.mark.parametrize("n", range(1, 7))
def test_sawtooth_is_the_iterated_hat(form, n):
    h = sawtooth(n, form)
    for k in range(-120, 218 if form == "three_neurons" or n >= 2 else 98):
        x = y = Fraction(k, 97)
        for _ in range(n):
            y = tent(y)
        assert h(x) == y


def test_sawtooth_is_the_merged_concatenation():
    for form in ("two_neurons", "three_neurons"):
        phi = hat(form)
        for n in range(1, 6):
            assert sawtooth(n, form) == phi
            phi = concatenation(hat(form), phi)


def test_two_neuron_chain_is_exact_on_the_line_from_two_levels_on():
    assert pieces(sawtooth(2)).slopes == [0, 4, -4, 4, -4, 0]
    assert pieces(sawtooth(1)).slopes == [0, 2, -2]


@pytest.mark.parametrize(
    "n, words",
    [(0, "n must be at least 1"), ("1/2", "integer"), (10**9, "5000000000 nonzeros"), ("1e4500", "n = 10")],
)
def test_levels_out_of_range_are_refused(n, words):
    with pytest.raises(ValueError, match=words):
        sawtooth(n)


def test_other_forms_are_refused():
    with pytest.raises(ValueError, match="form must be one of"):
        sawtooth(2, "one_neuron")
