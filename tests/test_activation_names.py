"""Names of activations: what prints itself is read back, everything else is refused."""

from fractions import Fraction

import pytest
from flint import arb

from relu_constructions.activation_names import FAMILIES, NAMED, named_activation
from relu_constructions.ball_activation import BallActivation
from relu_constructions.piecewise_affine import ABSOLUTE_VALUE, HARD_TANH, RELU, PiecewiseAffine, leaky_relu
from relu_constructions.smooth_activations import GELU, SOFTPLUS, TANH, elu

BUILT_IN = [
    *(RELU, ABSOLUTE_VALUE, HARD_TANH, SOFTPLUS, TANH, GELU),
    *(
        elu(alpha)
        for alpha in (1, 0, "1/2", "-3/7", 12, "1e-20", Fraction(1, 3**200), Fraction(-(2**300), 7))
    ),
    *(leaky_relu(alpha) for alpha in ("1/100", -2, "1/3")),
    PiecewiseAffine([0, 6], [0, 1, 0], 0),
    PiecewiseAffine([], ["1/2"], "-7/3"),
    PiecewiseAffine(["-1/2"], [3, 4], 1),
]


@pytest.mark.parametrize("activation", BUILT_IN, ids=str)
def test_every_name_is_read_back(activation):
    assert named_activation(str(activation)) == activation
    assert str(named_activation(str(activation))) == str(activation)


def test_numbers_may_be_written_in_any_exact_way():
    assert named_activation("elu(0.5)") == named_activation("elu(2/4)") == named_activation("elu(0x1/0x2)")
    assert named_activation("elu(-0x1f)") == elu(-31)
    assert named_activation("elu( 1/2 )") == elu("1/2")
    assert named_activation("elu(1e-3)") == elu("1/1000")
    assert named_activation("leaky_relu(0)") == RELU


def test_a_name_of_the_user_is_not_mistaken_for_the_function():
    mine = BallActivation("TANH", arb.sin, arb.cos)
    assert named_activation(mine.name) == TANH != mine


REFUSED = (
    *(
        "",
        "relu",
        "RELU ",
        " RELU",
        "RELU\n",
        "TANH()",
        "elu",
        "elu()",
        "elu(1",
        "elu(1))",
        "elu(1,2)",
        "elu(x)",
    ),
    *(
        "elu(nan)",
        "elu(inf)",
        "elu(1/0)",
        "elu(0x1/0x0)",
        "elu(0x)",
        "elu(1_0)",
        "elu(alpha=1)",
        "elu(2^-300)",
    ),
    *(
        "ELU(1)",
        "gelu(1)",
        "RELU(1)",
        "__import__('os')",
        "elu(__import__('os'))",
        "elu(1)+elu(1)",
        "tanh",
        "\u0665",
    ),
    *("elu(\u0665)", "elu(a rational of 9 over 9 bits)", "PiecewiseAffine()", "PiecewiseAffine(0, 1, 2)"),
    "PiecewiseAffine(kinks=(0), slopes=(0, 1), value=)",
    "PiecewiseAffine(kinks=(0, slopes=(0, 1), value=0)",
    "PiecewiseAffine(kinks=(,), slopes=(0,), value=0)",
    "PiecewiseAffine(kinks=(0,,), slopes=(0, 1), value=0)",
    "PiecewiseAffine(kinks=(0,), slopes=(0,), value=0)",
    "PiecewiseAffine(kinks=(1, 0), slopes=(0, 1, 2), value=0)",
    "PiecewiseAffine(slopes=(0, 1), kinks=(0,), value=0)",
    "PiecewiseAffine(kinks=(0,), slopes=(0, 1), value=0, name='RELU')",
    f"elu({'1' * 20000})",
    f"elu({'1' * 9000})",
    f"elu(0x{'1' * 9000})",
    "elu(1e999999999)",
)


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
def test_everything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"must|too many digits"):
        named_activation(text)


def test_a_refusal_lists_what_is_known():
    with pytest.raises(ValueError, match=r"an activation must be RELU, .*, got 'swish'") as refusal:
        named_activation("swish")
    for name in (*NAMED, *FAMILIES, "PiecewiseAffine"):
        assert name in str(refusal.value)
    for given in (None, 3, TANH, b"TANH"):
        with pytest.raises(TypeError, match="the name of an activation must be a string, got"):
            named_activation(given)
