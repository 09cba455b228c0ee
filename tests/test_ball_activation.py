"""Activations by the user's own functions of balls: sound at kinks, refused when wrong, slow floats right."""

import copy
import functools
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from relu_constructions.activation import Activation, conventions, to_activation
from relu_constructions.activation_pieces import float_kinks, pieces_met
from relu_constructions.ball_activation import BallActivation
from relu_constructions.ball_maps import PiecewiseMonotone, nearest
from relu_constructions.balls import ball, ball_of, ends, moderate, working
from relu_constructions.exact import to_fraction
from relu_constructions.piecewise_affine import HARD_TANH, PiecewiseAffine
from relu_constructions.smooth_activations import TANH

THIRD = Fraction(1, 3)


def identity(z):
    return z


def one(z):
    return arb(1)


def twice(z):
    return 2 * z - ball(THIRD)


def two(z):
    return arb(2)


def zero(z):
    return arb(0)


def atan_slope(z):
    return 1 / (1 + z * z)


BENT = BallActivation("bent", [identity, twice], [one, two], kinks=["1/3"])
"""The function with the slopes 1 and 2 and the kink 1/3, and the same, exactly."""
EXACT = PiecewiseAffine(["1/3"], [1, 2], 0)
ATAN = BallActivation(
    "atan", PiecewiseMonotone(arb.atan), PiecewiseMonotone(atan_slope, [0]), floats=np.arctan
)
CLIPPED = BallActivation(
    "clipped",
    [lambda z: arb(-1), identity, one],
    [zero, one, zero],
    kinks=[-1, 1],
    floats=[lambda z: -1.0, lambda z: z, lambda z: 1.0],
    float_slopes=[lambda z: 0.0, lambda z: 1.0, lambda z: 0.0],
)


def thick(*limits):
    return ball_of(*map(Fraction, limits))


def test_it_is_an_activation():
    assert isinstance(ATAN, Activation)
    assert to_activation(ATAN) is ATAN
    assert str(ATAN) == repr(ATAN) == "atan"
    assert (ATAN.kinks, BENT.kinks) == ((), (THIRD,))
    assert conventions(BENT, 1, to_fraction) == [Fraction(1)]


@pytest.mark.parametrize("c", ["0", "1/2", "1", "-1", "7/3"])
@pytest.mark.parametrize("bits", [2, 10, 53, 200])
def test_pieces_agree_with_the_exact_activation(bits, c):
    """With a kink that is no dyadic number; every point of a ball has its value and slope in the result."""
    at = [Fraction(c)]
    for lo, hi in [
        (-3, -1),
        (-1, THIRD),
        (THIRD, 2),
        (0, 1),
        (THIRD, THIRD),
        (1, 1),
        (0, 0),
        (-(10**9), 10**9),
    ]:
        with working(bits):
            z = thick(lo, hi)
            values, slopes = BENT.ball(z), BENT.ball_slope(z, at)
        with working(1000):
            for share in range(9):
                x = lo + (hi - lo) * Fraction(share, 8)
                assert values.contains(ball(EXACT(x)))
                if x != THIRD:
                    assert slopes.contains(ball(EXACT.slopes[x > THIRD]))
            if lo <= THIRD <= hi:
                for s in (1, 2, EXACT.slope_at_kink(0, at[0])):
                    assert slopes.contains(ball(Fraction(s)))


def test_a_ball_that_is_a_kink_has_the_slope_of_the_convention():
    bent = BallActivation("bent", [identity, lambda z: 3 * z - 2], [one, lambda z: arb(3)], kinks=[1])
    for c in (Fraction(0), Fraction(1, 2), Fraction(1), Fraction(5)):
        assert ends(bent.ball_slope(arb(1), [c])) == (1 + 2 * c, 1 + 2 * c)
        low, high = ends(bent.ball_slope(arb(1, 2**-70), [c]))
        assert low <= min(1, 1 + 2 * c)
        assert high >= max(3, 1 + 2 * c)
        assert ends(bent.ball_slope(arb(1) + arb(2) ** -40, [c])) == (3, 3)
        assert ends(bent.ball_slope(arb(1) - arb(2) ** -40, [c])) == (1, 1)


def test_each_kink_has_its_own_convention():
    at = [Fraction(1, 4), Fraction(1, 8)]
    for z in (arb(-1), arb(1), arb(0), arb(0, 3), arb(-1, 0.5), arb(2), arb(-9)):
        ours, theirs = ends(CLIPPED.ball_slope(z, at)), ends(HARD_TANH.ball_slope(z, at))
        assert all(abs(mine - other) <= Fraction(1, 2**26) for mine, other in zip(ours, theirs, strict=True))
        assert CLIPPED.ball(z).overlaps(HARD_TANH.ball(z))
    z = np.array([-1.0, 1.0, 0.0, 5.0, -np.inf, np.inf])
    for c in ([0.0, 0.0], [0.25, 0.125], [1.0, 1.0]):
        assert CLIPPED.float_slopes(z, c).tolist() == HARD_TANH.float_slopes(z, c).tolist()
        assert CLIPPED.floats(z).tolist() == HARD_TANH.floats(z).tolist()
    far = [Fraction(30), Fraction(30)]
    assert ends(CLIPPED.ball_slope(arb(1, 0.5), far))[0] <= -29


def test_pieces_of_three_are_met_one_after_another():
    kinks = (Fraction(0), Fraction(1, 10**30), Fraction(1))
    assert pieces_met(kinks, arb(2) ** -200) == range(1, 2)
    assert pieces_met(kinks, arb(0.5, 0.25)) == range(2, 3)
    assert pieces_met(kinks, arb(0, 1e-20)) == range(0, 3)
    assert pieces_met(kinks, arb.nan()) == pieces_met(kinks, arb(0, arb.pos_inf())) == range(0, 4)
    with working(4):
        assert pieces_met((Fraction(1, 3), Fraction(1, 3) + Fraction(1, 2**60)), arb(0.375)) == range(2, 3)


def test_piecewise_monotone_is_tight_where_arb_is_not():
    z = thick(-4, 1)
    low, high = ends(ATAN.ball(z))
    with working(100):
        assert (-arb(4).atan()).overlaps(arb(ball(low), ball(Fraction(1, 2**25))))
        assert (arb(1).atan()).overlaps(arb(ball(high), ball(Fraction(1, 2**25))))
    slope = ends(ATAN.ball_slope(z, []))
    assert Fraction(1, 17) - Fraction(1, 2**25) <= slope[0] <= Fraction(1, 17)
    assert 1 <= slope[1] <= 1 + Fraction(1, 2**25)
    assert ends(ATAN.ball_slope(thick(1, 2), []))[1] < Fraction(1, 2) + Fraction(1, 2**25)
    assert not ATAN.ball(arb.nan()).is_finite()
    assert ATAN.ball(arb(0, arb.pos_inf())).is_finite()


def test_a_turning_point_may_be_a_function():
    wave = PiecewiseMonotone(arb.sin, [lambda: arb.pi() / 2])
    assert ends(wave(thick(0, 3)))[1] >= 1
    for bits in (53, 500):
        with working(bits):
            at = arb.pi() / 2
            assert wave(at).contains(1)
            assert wave(at).rad() < arb(2) ** (6 - bits)


@pytest.mark.parametrize("x", [-3.5, -1.0, -1e-300, 0.0, 1e-9, 0.3, 2.0, 1e10, 1e300])
def test_slow_floats_are_within_a_unit_in_the_last_place(x):
    slow = BallActivation("atan", arb.atan, atan_slope)
    (value,), (slope,) = slow.floats(np.array([x])), slow.float_slopes(np.array([x]), [])
    for found, function in ((value, arb.atan), (slope, atan_slope)):
        with working(1200):
            low, high = ends(abs(function(arb(x)) - arb(float(found))))
        assert low <= high <= Fraction(math.ulp(found))


def test_slow_floats_at_cancellation_infinity_and_nan():
    hard = BallActivation("hard", lambda z: z.exp() - 1, lambda z: z.exp())
    values = hard.floats(np.array([[1e-300, 0.0, np.nan], [-np.inf, np.inf, 800.0]]))
    assert values.tolist()[0][:2] == [1e-300, 0.0]
    assert np.isnan(values[0, 2])
    assert values.tolist()[1] == [-1.0, math.inf, math.inf]
    zero_at_pi = BallActivation(
        "sine", lambda z: (z * arb.pi()).sin(), lambda z: arb.pi() * (z * arb.pi()).cos()
    )
    assert abs(zero_at_pi.floats(np.array([1.0]))[0]) < 1e-300
    assert np.isnan(BallActivation("log", arb.log, lambda z: 1 / z).floats(np.array([-1.0]))[0])
    assert nearest(lambda z: z + arb(0, 0.25), 3.0) == 3.0
    assert nearest(arb.sqrt, Fraction(1, 9)) == 1 / 3


def test_slow_float_slopes_at_kinks():
    z = np.array([-1.0, float(THIRD), 1.0, np.nan])
    for c in (0.0, 0.5, 1.0):
        found = BENT.float_slopes(z, [c])
        assert found.tolist()[:3] == [1.0, 1.0 + c, 2.0]
        assert np.isnan(found[3])
    assert BENT.floats(z).tolist()[:2] == [-1.0, float(THIRD)]
    assert float_kinks([Fraction(-(10**400))]) == [-math.inf]


def test_floats_of_the_user_are_used():
    assert ATAN.floats(np.array([1.0])) == np.arctan(1.0)
    odd = BallActivation("odd", arb.atan, atan_slope, floats=lambda z: 0 * z + 7)
    assert odd.floats(np.array([1.0, 2.0, np.nan])).tolist()[:2] == [7.0, 7.0]
    assert np.isnan(odd.floats(np.array([np.nan]))[0])


WRONG_SLOPES = {
    "another function": (arb.sin, arb.sin),
    "a wrong sign": (arb.cos, arb.sin),
    "a factor": (arb.exp, lambda z: z.exp() * (1 + arb(2) ** -16)),
    "an error far out": (arb.atan, lambda z: arb(0) if z > 4 else atan_slope(z)),
    "a point instead of a ball": (arb.exp, lambda z: arb(z.exp().mid())),
}


@pytest.mark.parametrize("case", WRONG_SLOPES)
def test_slopes_that_are_proved_wrong_are_refused(case):
    with pytest.raises(ValueError, match="slope must enclose the derivative of ball; of f the difference"):
        BallActivation("f", *WRONG_SLOPES[case])


@pytest.mark.parametrize("piece", [0, 1, 2])
def test_a_wrong_slope_of_any_piece_is_refused(piece):
    slopes = [zero, one, zero]
    slopes[piece] = two
    with pytest.raises(ValueError, match=f"of piece {piece} of f the difference quotient on"):
        BallActivation("f", [lambda z: arb(-1), identity, one], slopes, kinks=[-1, 1])


def test_a_jump_is_refused():
    with pytest.raises(ValueError, match=r"f must be continuous, but jumps at 1/2 from 0\.50* to 1\.00*"):
        BallActivation("f", [identity, one], [one, zero], kinks=["1/2"])


REFUSED = {
    "no name": (ValueError, "name must be a line", {"name": ""}),
    "a name of two lines": (ValueError, "name must be a line", {"name": "a\nb"}),
    "a name that is none": (ValueError, "name must be a line", {"name": 3}),
    "no function": (TypeError, "ball must be a function, got int", {"ball": 3}),
    "no float function": (TypeError, "floats must be a function, got int", {"floats": 3}),
    "a float kink": (TypeError, "kink must be exact", {"kinks": [0.5]}),
    "kinks in disorder": (ValueError, "the kinks must increase, got 1 before 0", {"kinks": [1, 0]}),
    "one slope for two pieces": (
        ValueError,
        "ball must be 2 functions for 1 kinks, one for each piece; got 1",
        {"kinks": [0]},
    ),
    "too many floats": (
        ValueError,
        "floats must be 1 functions for 0 kinks, one for each piece; got 2",
        {"floats": [np.sin, np.sin]},
    ),
    "a value that is no ball": (
        TypeError,
        "the value of f must be a ball .flint.arb., got int",
        {"ball": lambda z: 1},
    ),
    "a slope that is no ball": (
        TypeError,
        "the slope of f must be a ball .flint.arb., got float",
        {"slope": lambda z: 1.0},
    ),
    "a slope that fails": (
        ValueError,
        "the slope of f must be defined on every ball, but raised ZeroDivisionError",
        {"slope": lambda z: 1 // 0},
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(case):
    kind, message, changes = REFUSED[case]
    with pytest.raises(kind, match=message):
        BallActivation(**{"name": "f", "ball": arb.sin, "slope": arb.cos, **changes})


def test_a_turn_must_be_exact_and_at_a_function():
    with pytest.raises(TypeError, match=r"turn must be exact, got the float 0\.5"):
        PiecewiseMonotone(arb.sin, [0.5])
    with pytest.raises(TypeError, match="at must be a function, got int"):
        PiecewiseMonotone(1)


def test_equality_is_that_of_the_functions():
    def f(z):
        return z.sin()

    first, second = (BallActivation("f", f, arb.cos) for _ in range(2))
    assert first == second
    assert hash(first) == hash(second)
    assert first != BallActivation("f", lambda z: z.sin(), arb.cos)
    assert first != BallActivation("g", f, arb.cos)
    assert ATAN != TANH
    assert PiecewiseMonotone(f, [1]) == PiecewiseMonotone(f, (Fraction(1),)) != PiecewiseMonotone(f)
    assert copy.copy(first) is copy.deepcopy(first) is first
    with pytest.raises(AttributeError):
        first.name = "g"


def test_other_processes_get_only_what_they_can_import():
    sine = BallActivation("sine", arb.sin, arb.cos, floats=np.sin)
    assert pickle.loads(pickle.dumps(sine)) == sine
    lambdas = BallActivation("mine", lambda z: z.sin(), arb.cos)
    with pytest.raises(
        TypeError, match=r"mine cannot be sent to another process: its functions .* got .*lambda"
    ):
        pickle.dumps(lambdas)
    monotone = BallActivation("mine", PiecewiseMonotone(lambda z: z.atan()), atan_slope)
    with pytest.raises(TypeError, match="a PiecewiseMonotone cannot be sent to another process"):
        pickle.dumps(monotone)
    partial = BallActivation("mine", functools.partial(arb.sin), arb.cos)
    assert pickle.loads(pickle.dumps(partial)).name == "mine"


@pytest.mark.parametrize("x", [-(10**30), 10**30])
def test_results_never_have_exponents_that_no_rational_can_have(x):
    """To write exp(-10^30) as a rational would end the process."""
    exponential = BallActivation("exp", arb.exp, arb.exp)
    for found in (exponential.ball(arb(x)), exponential.ball_slope(arb(x), [])):
        assert found.contains(arb(x).exp())
        assert found.is_finite() is (x < 0)
        assert not found.is_finite() or bool(ends(found)[1] < Fraction(1, 2**1000))
    near_one = BallActivation("near one", lambda z: 1 + (-z * z).exp(), lambda z: -2 * z * (-z * z).exp())
    assert bool(ends(abs(near_one.ball(arb(x)) - 1))[1] < Fraction(1, 2**1000))
    for given in (1 + arb(0, arb(-(10**30)).exp()), arb(-(10**30)).exp(), arb(3, 1), arb(10**30).exp()):
        assert moderate(given).contains(given)
    assert moderate(arb(0)).is_zero()
    assert not moderate(arb.nan()).is_finite()


def test_precision_inside_is_that_of_the_context():
    for bits in (10, 53, 400):
        with working(bits):
            for found in (ATAN.ball(arb(0.5)), ATAN.ball(thick(1, 1))):
                assert found.rad() <= found * arb(2) ** (2 - bits)
