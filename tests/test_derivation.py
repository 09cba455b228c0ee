"""The rules of the error calculus, one by one, against exact suprema of piecewise linear functions.

A signal u and its network value u~ are any two piecewise linear functions on [0, 1].  Everything measured is
a supremum of functions that are linear or quadratic on the common pieces, so it is exact.
"""

import itertools
import random
from fractions import Fraction

import flint
import pytest
import sympy

from relu_constructions.circuit import Wiring, ideal
from relu_constructions.composition import composition
from relu_constructions.derivation import (
    Known,
    affine_rule,
    input_rule,
    product_rule,
    sensitivity_rule,
    slope_law,
    square_rule,
    symbolic_errors,
    wire_errors,
)
from relu_constructions.pieces import pieces
from relu_constructions.piecewise_linear import PiecewiseLinear
from relu_constructions.polynomial import Polynomial
from relu_constructions.polynomial_circuits import power
from relu_constructions.schedule import network
from relu_constructions.supremum import suprema

UNIT, SYMMETRIC = (Fraction(0), Fraction(1)), (Fraction(-1), Fraction(1))
SEEDS = pytest.mark.parametrize("seed", range(25))


def sampled(f, x):
    return PiecewiseLinear(tuple((t, f(t)) for t in x))


def joined(*functions):
    """The common breakpoints."""
    return sorted({t for f in functions for t, _ in f.points})


def folded(u, bound, m):
    """B^2 f_m(|u|/B): the piecewise linear function that is u^2 where |u| is a multiple of B 2^-m."""
    h, x = bound / 2**m, {t for t, _ in u.points}
    for (a, v), (b, w) in itertools.pairwise(u.points):
        x |= {
            a + (n * h - v) / (w - v) * (b - a) for n in range(-(2**m), 2**m) if min(v, w) < n * h < max(v, w)
        }

    def value(t):
        n = min(abs(u(t)) // h, 2**m - 1)
        return h * h * (n * n + (2 * n + 1) * (abs(u(t)) / h - n))

    return sampled(value, sorted(x))


def multiplied(u, v, bound, m):
    """P = F(|u + v|/2) - F(|u - v|/2)."""
    x = joined(u, v)
    above, below = (folded(sampled(lambda t, s=s: (u(t) + s * v(t)) / 2, x), bound, m) for s in (1, -1))
    return sampled(lambda t: above(t) - below(t), joined(above, below))


def intervals(*functions):
    """Ends, values and slopes of all functions on every common piece."""
    for a, b in itertools.pairwise(joined(*functions)):
        yield [((f(a), f(b)), (f(b) - f(a)) / (b - a)) for f in functions]


def sup(f):
    return max(abs(y) for _, y in f.points)


def steepest(f):
    return max(abs(slope) for ((_, slope),) in intervals(f))


def sup_of_difference_to_product(f, u, v):
    """sup |f - u v|, where f, u and v are linear on every piece: ends and vertex."""
    best = Fraction(0)
    for a, b in itertools.pairwise(joined(f, u, v)):
        e = [f(t) - u(t) * v(t) for t in (a, (a + b) / 2, b)]
        best = max(best, abs(e[0]), abs(e[2]))
        bend, tilt = 2 * (e[0] + e[2] - 2 * e[1]), 4 * e[1] - 3 * e[0] - e[2]
        if bend and 0 < -tilt / (2 * bend) < 1:
            best = max(best, abs(e[0] - tilt * tilt / (4 * bend)))
    return best


def sup_of_slope_error(f, u, v, s, t):
    """ess sup |f' - v s' - u t'|, linear on every piece."""
    return max(
        abs(slope - q * s_slope - p * t_slope)
        for (_, slope), (us, _), (vs, _), (_, s_slope), (_, t_slope) in intervals(f, u, v, s, t)
        for p, q in zip(us, vs, strict=True)
    )


def random_line(rng, size=8):
    x = sorted({Fraction(0), Fraction(1), *(Fraction(rng.randint(1, 15), 16) for _ in range(3))})
    return PiecewiseLinear(tuple((t, Fraction(rng.randint(-size, size), 8)) for t in x))


def random_signal(rng):
    """A signal, its network value, and what is known of them."""
    u, error = random_line(rng), random_line(rng, rng.choice([0, 1, 3]))
    near = sampled(lambda t: u(t) + error(t) / 16, joined(u, error))
    known = Known(
        sup(u),
        {0: steepest(u)},
        sup(error) / 16,
        {0: steepest(error) / 16},
        rng.choice([{}, {0: steepest(near)}]),
    )
    return u, near, known


def setting(rng, *near):
    """A bound for the network values, and levels."""
    bound, m = max(*map(sup, near), Fraction(1, 8)) * rng.choice([1, Fraction(3, 2)]), rng.randint(1, 4)
    return bound, m, Fraction(1, 2**m), Fraction(1, 4 ** (m + 1))


@SEEDS
def test_travel_bounds_the_slope_of_the_network_value(seed):
    _, near, known = random_signal(random.Random(seed))
    assert steepest(near) <= known.travel(0)
    assert known.travel(1) == 0


@pytest.mark.parametrize("j", range(3))
def test_the_input_rule(j):
    known = input_rule(j, Fraction(5, 2))
    assert (known.size, known.value) == (Fraction(5, 2), 0)
    assert [known.reach.get(i, 0) for i in range(3)] == [known.travel(i) for i in range(3)]
    assert [known.travel(i) for i in range(3)] == [int(i == j) for i in range(3)]


@SEEDS
def test_the_affine_rule(seed):
    rng = random.Random(seed)
    signals = [random_signal(rng) for _ in range(3)]
    if not all(known.lipschitz for _, _, known in signals):
        signals = [(u, near, known._replace(lipschitz={})) for u, near, known in signals]
    factors, constant = [Fraction(rng.randint(-9, 9), 4) for _ in signals], Fraction(rng.randint(-3, 3))
    x = joined(*(f for u, near, _ in signals for f in (u, near)))
    u, near = (
        sampled(lambda t, k=k: constant + sum(c * s[k](t) for c, s in zip(factors, signals, strict=True)), x)
        for k in (0, 1)
    )
    error = sampled(lambda t: near(t) - u(t), x)
    known = affine_rule(constant, [(c, s[2]) for c, s in zip(factors, signals, strict=True)])
    assert sup(u) <= known.size
    assert sup(error) <= known.value
    assert steepest(u) <= known.reach[0]
    assert steepest(error) <= known.slopes[0]
    assert steepest(near) <= known.travel(0)


def test_the_affine_rule_is_sharp_for_one_signal():
    u, near, known = random_signal(random.Random(1))
    scaled = affine_rule(0, [(Fraction(-7, 3), known)])
    error = sampled(lambda t: near(t) - u(t), joined(u, near))
    assert (scaled.size, scaled.value) == (sup(u) * Fraction(7, 3), sup(error) * Fraction(7, 3))
    assert (scaled.reach[0], scaled.slopes[0]) == (
        steepest(u) * Fraction(7, 3),
        steepest(error) * Fraction(7, 3),
    )


@SEEDS
def test_the_square_rule(seed):
    rng = random.Random(seed)
    u, near, given = random_signal(rng)
    bound, m, eta, delta = setting(rng, near)
    found, known = folded(near, bound, m), square_rule(given, bound, eta, delta)
    assert sup(u) ** 2 <= known.size
    assert max(2 * abs(p * slope) for ((ends, slope),) in intervals(u) for p in ends) <= known.reach[0]
    assert sup_of_difference_to_product(found, u, u) <= known.value
    assert sup_of_slope_error(found, u, u, u, u) <= known.slopes[0]
    full = given._replace(lipschitz={0: given.travel(0)})
    law = slope_law(full, full, bound, eta)
    assert steepest(found) <= min(law[0], known.travel(0))


@SEEDS
def test_the_product_rule_and_the_law_of_the_slopes(seed):
    rng = random.Random(seed)
    (u, near_u, of_u), (v, near_v, of_v) = random_signal(rng), random_signal(rng)
    bound, m, eta, delta = setting(rng, near_u, near_v)
    found, known = multiplied(near_u, near_v, bound, m), product_rule(of_u, of_v, bound, eta, delta)
    assert sup_of_difference_to_product(sampled(lambda t: 0, [0, 1]), u, v) <= known.size
    assert sup_of_slope_error(sampled(lambda t: 0, [0, 1]), u, v, u, v) <= known.reach[0]
    assert sup_of_difference_to_product(found, u, v) <= known.value
    assert sup_of_slope_error(found, u, v, u, v) <= known.slopes[0]
    full = [given._replace(lipschitz={0: given.travel(0)}) for given in (of_u, of_v)]
    assert steepest(found) <= min(slope_law(*full, bound, eta)[0], known.travel(0))


@SEEDS
def test_the_sensitivity_rule(seed):
    """Of D P(u~, v~) - D(u v), the part v (Du~ - Du) + u (Dv~ - Dv) belongs to earlier gates."""
    rng = random.Random(seed)
    (u, near_u, of_u), (v, near_v, of_v) = random_signal(rng), random_signal(rng)
    bound, m, eta, _ = setting(rng, near_u, near_v)
    S = Fraction(rng.randint(0, 9), 4)
    found = multiplied(near_u, near_v, bound, m)
    own = S * sup_of_slope_error(found, u, v, near_u, near_v)
    assert own <= sensitivity_rule(S, bound * eta, of_u, of_v, 0)
    found = folded(near_u, bound, m)
    own = S * sup_of_slope_error(found, u, u, near_u, near_u)
    assert own <= sensitivity_rule(S, bound * eta, of_u, of_u, 0)
    assert sensitivity_rule(S, bound * eta, of_u, of_v, 1) == 0


@pytest.mark.parametrize("m", [1, 2, 3, 4])
@pytest.mark.parametrize("factor", [Fraction(1), Fraction(-5, 2), Fraction(1, 3)])
def test_the_rules_are_sharp_for_exact_arguments(m, factor):
    """x^2 and x x for x in [0, 1], times a factor."""
    u, bound = PiecewiseLinear.through((0, 0), (1, factor)), abs(factor)
    eta, delta = Fraction(1, 2**m), Fraction(1, 4 ** (m + 1))
    given = affine_rule(0, [(factor, input_rule(0, 1))])
    square, product = square_rule(given, bound, eta, delta), product_rule(given, given, bound, eta, delta)
    for found in (folded(u, bound, m), multiplied(u, u, bound, m)):
        assert sup_of_difference_to_product(found, u, u) == square.value == product.value
        assert sup_of_slope_error(found, u, u, u, u) == square.slopes[0] == product.slopes[0]
    assert steepest(found) <= slope_law(given, given, bound, eta)[0] == 2 * bound * bound


def exact_errors(circuit):
    """Lower ends for the errors of a circuit with one input, and the pieces of its composition."""
    x = flint.fmpq_poly([0, 1])
    (p,) = ideal(circuit, [x], lambda c: flint.fmpq_poly([flint.fmpq(c.numerator, c.denominator)]))
    target = Polynomial.of([Fraction(int(c.p), int(c.q)) for c in p.coeffs()])
    listed = pieces(network(circuit), circuit.domain[0])
    assert composition(circuit)[0].points == tuple(zip(listed.breakpoints, listed.values, strict=True))
    found = suprema(target, listed, Fraction(1, 1000))
    return found.value.enclosure.lower, found.derivative.enclosure.lower


def power_circuit(n, side, m):
    wiring = Wiring((side,), m)
    return wiring.circuit([power(wiring, wiring.inputs[0], n, {})])


@pytest.mark.parametrize("side", [UNIT, SYMMETRIC, (Fraction(-1, 3), Fraction(5, 2))])
@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_errors_of_wires_are_not_exceeded(n, side):
    for m in (1, 3):
        circuit = power_circuit(n, side, m)
        known = wire_errors(circuit).of(circuit.outputs[0])
        value, slope = exact_errors(circuit)
        assert value <= known.value
        assert slope <= known.slopes[0]
        assert steepest(composition(circuit)[0]) <= known.travel(0)


def substituted(expression, symbol, m):
    number = sympy.simplify(sympy.sympify(expression).subs(symbol, m))
    return Fraction(int(number.p), int(number.q))


@pytest.mark.parametrize("side", [UNIT, SYMMETRIC])
@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_symbolic_errors_dominate_the_rational_ones(n, side):
    symbol = sympy.Symbol("m", integer=True, positive=True)
    (symbolic,) = symbolic_errors(power_circuit(n, side, 3), symbol)
    for m in range(3, 7):
        circuit = power_circuit(n, side, m)
        rational = wire_errors(circuit).of(circuit.outputs[0])
        value, slope = (substituted(e, symbol, m) for e in (symbolic.value, symbolic.slopes[0]))
        rounding = 1 + Fraction(1, 2**50)
        assert rational.value <= value * rounding
        assert rational.slopes[0] <= slope * rounding
        if n == 2:
            assert (value, slope) == (rational.value, rational.slopes[0]) == exact_errors(circuit)


def test_a_sum_states_no_slope_that_a_part_does_not_state():
    """(x^2)~ + x has slopes up to 3 - 2^-m on [0, 1]."""
    x = input_rule(0, 1)
    q = square_rule(x, 1, Fraction(1, 8), Fraction(1, 256))
    assert affine_rule(0, [(1, q), (1, x)]).travel(0) >= 3 - Fraction(1, 8)
    assert slope_law(q, x, 1, Fraction(1, 8))[0] > 2
