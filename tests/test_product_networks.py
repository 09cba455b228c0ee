"""The layers of the product networks, against the matrices written out by hand, and their sizes."""

from fractions import Fraction

import pytest

from relu_constructions import Layer, Parametrization
from relu_constructions.constructions.product import THEOREMS, product
from relu_constructions.constructions.product_networks import build

SIZES = ("depth", "width", "neurons", "connectivity", "magnitude")
HALF = "1/2"
SIGNED = [[HALF, HALF], ["-1/2", "-1/2"], [HALF, "-1/2"], ["-1/2", HALF]]
POSITIVE = [SIGNED[0], *SIGNED[2:]]
SECOND = [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]]
KINKS = [0, "-1/2", 0, "-1/2"]
FOLD_X, FOLD_Y = [1, -2, 0, 0], [0, 0, 1, -2]
BY_HAND = {
    ("two_squares", 1, 0): [
        (SIGNED, [0] * 4),
        (SECOND, KINKS),
        ([[HALF, 1, "-1/2", -1]], [0]),
    ],
    ("two_squares", 2, 0): [
        (SIGNED, [0] * 4),
        (SECOND, KINKS),
        ([FOLD_X, FOLD_Y, ["1/4", "3/2", "-1/4", "-3/2"]], ["-1/4", "-1/4", 1]),
        ([[HALF, "-1/2", 1]], [-1]),
    ],
    ("two_squares", 3, 0): [
        (SIGNED, [0] * 4),
        (SECOND, KINKS),
        ([FOLD_X, FOLD_X, FOLD_Y, FOLD_Y, ["1/8", "7/4", "-1/8", "-7/4"]], [0, "-1/4", 0, "-1/4", 1]),
        ([[*FOLD_X, 0], [*FOLD_Y, 0], [0, "3/4", 0, "-3/4", 1]], ["-1/8", "-1/8", 0]),
        ([["1/4", "-1/4", 1]], [-1]),
    ],
    ("two_squares", 3, 1): [
        (POSITIVE, [0] * 3),
        ([[1, 0, 0], [1, 0, 0], [0, 1, 1], [0, 1, 1]], KINKS),
        ([FOLD_X, FOLD_X, FOLD_Y, FOLD_Y, ["1/8", "7/4", "-1/8", "-7/4"]], [0, "-1/4", 0, "-1/4", 0]),
        ([[*FOLD_X, 0], [*FOLD_Y, 0], [0, "3/4", 0, "-3/4", 1]], ["-1/8", "-1/8", 0]),
        ([["1/4", "-1/4", 1]], [0]),
    ],
    ("epgb", 2, 0): [
        (SIGNED, [0] * 4),
        ([*SECOND[:2], [1, 1, -1, -1], *SECOND[2:]], [0, "-1/2", 1, 0, "-1/2"]),
        (
            [
                [HALF, -1, 0, 0, 0],
                [HALF, -1, 0, 0, 0],
                ["-1/2", 1, 1, HALF, -1],
                [0, 0, 0, HALF, -1],
                [0, 0, 0, HALF, -1],
            ],
            [0, "-1/8", 0, 0, "-1/8"],
        ),
        ([["-1/2", 1, 1, HALF, -1]], [-1]),
    ],
    ("yarotsky", 2, 0): [
        ([*SIGNED[:2], [HALF, 0], ["-1/2", 0], [0, HALF], [0, "-1/2"]], [0] * 6),
        ([[int(j // 2 == i // 2) for j in range(6)] for i in range(6)], KINKS + KINKS[:2]),
        (
            [
                [*FOLD_X, 0, 0],
                [*FOLD_Y, 0, 0],
                [0, 0, *FOLD_Y],
                ["1/4", "3/2", "-1/4", "-3/2", "-1/4", "-3/2"],
            ],
            ["-1/4", "-1/4", "-1/4", HALF],
        ),
        ([[1, -1, -1, 2]], [-1]),
    ],
}


@pytest.mark.parametrize("form, m, q", BY_HAND, ids=str)
def test_layers_are_the_matrices_by_hand(form, m, q):
    assert product(m=m, form=form, positive=bool(q)) == Parametrization(BY_HAND[form, m, q])


def test_bounds_scale_the_first_row_the_hidden_biases_and_the_output():
    assert product(m=1, bound=(4, "1/2"), positive=True) == Parametrization(
        [
            ([[HALF, 4], [HALF, -4], ["-1/2", 4]], [0] * 3),
            ([[1, 0, 0], [1, 0, 0], [0, 1, 1], [0, 1, 1]], [0, -2, 0, -2]),
            ([["1/4", HALF, "-1/4", "-1/2"]], [0]),
        ]
    )


@pytest.mark.parametrize("bound", [1, 2, (8, "1/4"), ("1/16", 2)])
@pytest.mark.parametrize("form", THEOREMS)
def test_weights_are_dyadic_for_dyadic_bounds(form, bound):
    phi = product(m=6, bound=bound, form=form)
    denominators = {entry.denominator for layer in phi.layers for entry in layer.entries()}
    assert all(d & (d - 1) == 0 for d in denominators)
    assert phi.to_numpy().exact


@pytest.mark.parametrize("form", THEOREMS)
def test_claimed_sizes_hold_with_equality(form):
    samples = [*THEOREMS[form].samples, *({**s, "m": m} for s in THEOREMS[form].samples[:5] for m in (4, 9))]
    for sample in samples:
        D1, D2 = Fraction(sample["D1"]), Fraction(sample["D2"])
        phi = build(form, sample["m"], D1, D2, sample["q"])
        claimed = {quantity: THEOREMS[form].claim(quantity, **sample) for quantity in SIZES}
        assert claimed == {quantity: getattr(phi, quantity) for quantity in SIZES}, sample
        assert phi == product(m=sample["m"], bound=(D1, D2), form=form, positive=bool(sample["q"]))


@pytest.mark.parametrize("m", [2, 3, 5, 9])
def test_published_connectivity_is_that_of_the_built_networks_of_equal_error(m):
    formulas = list(THEOREMS["two_squares"].published.values())
    others = [product(m=m, form="epgb"), product(m=m + 1, form="yarotsky")]
    own = THEOREMS["two_squares"]
    assert formulas == ["15*m + 14", "19*m + 25"]
    assert [other.connectivity for other in others] == [15 * m + 14, 19 * m + 25]
    assert own.claim("connectivity", m=m, D1=1, D2=1, q=0) < min(other.connectivity for other in others)


@pytest.mark.parametrize("m", range(1, 8))
def test_epgb_without_the_offset_is_wrong_where_the_product_is_negative(m):
    """As transcribed, without the offset 1, the network is 0 at (1, -1), and right at (1, 1)."""
    phi = product(m=m, form="epgb")
    second, last = phi[1], phi[-1]
    bias = second.b.copy()
    assert (bias[2], last.b[0]) == (1, -1)
    bias[2] = 0
    unrepaired = Parametrization([phi[0], Layer(second.A, bias), *phi.layers[2:-1], Layer(last.A, [0])])
    assert [unrepaired([1, y])[0] for y in (1, -1)] == [1, 0]
    assert [phi([1, y])[0] for y in (1, -1)] == [1, -1]


@pytest.mark.parametrize("form, least", [("two_squares", 1), ("epgb", 1), ("yarotsky", Fraction(1, 2))])
def test_a_smaller_offset_would_be_cut(form, least):
    """At (1, -1) the accumulator of the last hidden layer is 0: the offset is used up."""
    phi = product(m=4, form=form)
    values = [Fraction(1), Fraction(-1)]
    for A, b in list(phi)[:-1]:
        values = [max(Fraction(0), value) for value in A @ values + b]
    assert values[2 if form != "yarotsky" else 3] == 0
    offsets = [entry for layer in phi.layers[1:3] for entry in layer.b if entry > 0]
    assert offsets == [least]
