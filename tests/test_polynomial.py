"""Polynomials: delivered accuracy, three routes in one dimension, every way to write them, and bad input."""

import random
import time
from fractions import Fraction

import pytest
import sympy

from relu_constructions import Status, certify, polynomial
from relu_constructions.construction import check
from relu_constructions.constructions.polynomial import _plans, _recorded
from relu_constructions.limiting_gradient import limiting_gradient
from relu_constructions.multivariate import read_polynomial
from relu_constructions.polynomial_circuits import STRATEGIES

UNIVARIATE = ("squares", "chebyshev")


def random_polynomial(rng, dimension, terms, degree):
    made = {}
    for _ in range(terms):
        alpha = [0] * dimension
        for _ in range(rng.randint(0, degree)):
            alpha[rng.randrange(dimension)] += 1
        made[tuple(alpha)] = Fraction(rng.randint(-20, 20), rng.choice((1, 1, 2, 3, 7)))
    return made


def random_box(rng, dimension):
    sides = []
    for _ in range(dimension):
        lo = Fraction(rng.randint(-6, 4), rng.choice((1, 2, 3)))
        sides.append((lo, lo + Fraction(rng.randint(1, 6), rng.choice((1, 2, 3)))))
    return sides if dimension > 1 else sides[0]


def strategies(dimension):
    return [name for name in STRATEGIES if dimension == 1 or name not in UNIVARIATE]


def delivered(phi, points):
    """The largest errors at points: of the value, and of the partial derivatives nearby."""
    target = phi.derivation.target
    worst = [Fraction(0), Fraction(0)]
    for x in points:
        y = phi(list(x))
        y = y if isinstance(y, Fraction) else y[0]
        worst[0] = max(worst[0], abs(y - target(x if len(x) > 1 else x[0])))
        row = limiting_gradient(phi, x)[0]
        for j, slope in enumerate(row):
            partial = target.derivative(j)(x) if len(x) > 1 else target.derivative()(x[0])
            worst[1] = max(worst[1], abs(slope - partial))
    return worst


def inside(rng, box):
    return tuple(lo + (hi - lo) * Fraction(rng.randrange(1, 10**6), 10**6) for lo, hi in box)


@pytest.mark.parametrize("seed", range(100))
@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_delivered_accuracy_is_never_worse_than_asked(seed, dimension):
    rng = random.Random(f"{dimension} {seed}")
    p = random_polynomial(rng, dimension, rng.randint(1, 5), rng.randint(1, 6))
    eps = Fraction(1, rng.choice((3, 10, 200, 5000)))
    name = rng.choice([*strategies(dimension), "tree"])
    magnitude = rng.choice([None, 4, 9])
    phi = polynomial(p, eps, domain=random_box(rng, dimension), strategy=name, magnitude=magnitude)
    found = certify(phi, method="derivation")
    assert found.status is Status.PROVED
    assert found.error.upper <= eps
    limit = magnitude or (4 if name == "tree" else None)
    assert limit is None or phi.magnitude <= limit
    assert all(fact.holds() is not False for fact in found.facts)
    value, slope = delivered(phi, [inside(rng, phi.derivation.domain) for _ in range(3)])
    assert value <= found.value_error.upper
    assert slope <= found.derivative_error.upper


@pytest.mark.parametrize("seed", range(25))
def test_three_routes_agree_in_order(seed):
    rng = random.Random(seed)
    p = random_polynomial(rng, 1, 3, 4)
    name = rng.choice(strategies(1))
    phi = polynomial(p, Fraction(1, rng.choice((2, 9))), domain=random_box(rng, 1), strategy=name)
    derived, pieces = certify(phi, method="derivation"), certify(phi, method="pieces")
    for quantity in ("value_error", "derivative_error"):
        upper, truth = getattr(derived, quantity), getattr(pieces, quantity)
        assert upper.lower <= truth.upper
        assert truth.lower <= upper.upper


@pytest.mark.parametrize(
    "p, domain",
    [
        ("x**5", None),
        ("x**3 - x/3", (-1, 1)),
        ([1, -2, 3, -4, 5], (0, 1)),
        ("x**8", (0, 1)),
        ("x**2", (-2, 3)),
    ],
)
@pytest.mark.parametrize("name", STRATEGIES)
def test_levels_are_within_two_of_the_fewest_that_pieces_can_certify(p, domain, name):
    eps = Fraction(1, 20)
    phi = polynomial(p, eps, domain=domain, strategy=name)
    m = dict(phi.derivation.parameters)["m"]
    k = dict(phi.derivation.parameters)["k"] or None
    if m < 4:
        return
    fewer = polynomial(p, m=m - 3, domain=domain, strategy=name, k=k)
    assert certify(fewer, eps=eps, method="pieces").status is Status.REFUTED


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_strategy_computes_the_polynomial_for_every_block_length(name):
    target = read_polynomial([Fraction(k, 3) - 2 for k in range(14)])
    for k in [None] if name not in ("squares", "estrin", "chebyshev") else (1, 2, 3, 5, 20):
        phi = polynomial(target, m=4, strategy=name, k=k, domain=(-1, 1))
        assert check(phi).value_error > 0


@pytest.mark.parametrize("magnitude", [None, 4])
@pytest.mark.parametrize(
    "p, domain",
    [
        ("0", None),
        ("7/3", None),
        ("-10^30", None),
        ("3*x - 1/7", (-5, 5)),
        ("x - y/3 + 10^-30*z", None),
        ("x*y - y*x", [(0, 1)] * 2),
        ("(x+1)**2 - x**2 - 2*x - 1", None),
        ("10^30*x + 1", (0, "1e-30")),
    ],
)
def test_constant_and_linear_polynomials_are_exact(p, domain, magnitude):
    variables = ["x", "y"] if p == "x*y - y*x" else None
    phi = polynomial(p, "1e-3", domain=domain, magnitude=magnitude, variables=variables)
    found = certify(phi)
    assert found.value_error.exact() == 0 == found.derivative_error.exact()
    assert magnitude is None or phi.magnitude <= magnitude


@pytest.mark.parametrize(
    "p, domain, eps",
    [
        ("10^30*x**3 - 10^30*x**2", None, "1e-3"),
        ("10^-30*x**3", None, "1e-3"),
        ("10^-30*x**3", None, "1e-40"),
        ("x**100", None, "1e-2"),
        ("x**100 - x**99 + x", (-1, 1), "1e-2"),
        ("x**2*y", [(1000, 1001), (0, "1e-20")], "1e-6"),
        ("x**2", ("-10^30", "10^30"), "1"),
        (" + ".join(f"x{j}*x{j + 1}" for j in range(1, 20)), None, "1e-2"),
        ("x1**2*x20", [(0, 1)] * 20, "1e-3"),
    ],
)
@pytest.mark.parametrize("magnitude", [None, 4])
def test_extreme_coefficients_degrees_and_dimensions(p, domain, eps, magnitude):
    domain = ("-1" + "0" * 30, "1" + "0" * 30) if domain == ("-10^30", "10^30") else domain
    phi = polynomial(p, eps, domain=domain, strategy="tree" if magnitude else "auto")
    assert certify(phi).status is Status.PROVED
    assert magnitude is None or phi.magnitude <= 4


def test_every_way_of_writing_a_polynomial():
    x, y = sympy.symbols("x y")
    ways = [
        "x**3 - 2*x*y + 0.5",
        "x^3-2*x*y+1/2",
        x**3 - 2 * x * y + sympy.Rational(1, 2),
        sympy.Poly(x**3 - 2 * x * y + sympy.Rational(1, 2), x, y),
        {(3, 0): 1, (1, 1): "-2", (0, 0): Fraction(1, 2)},
    ]
    first, *others = [polynomial(p, "1e-3") for p in ways]
    assert all(other == first for other in others)
    assert polynomial([0, 1, "1/3"], "1e-2") == polynomial("x + x**2/3", "1e-2")


def test_variables_are_matched_in_their_order():
    phi = polynomial("x**2*y", m=5, variables=("y", "x"))
    assert phi([Fraction(1), Fraction(1, 2)])[0] == phi([Fraction(1, 2), Fraction(1, 2)])[0] * 2
    ten = polynomial("x2 - x10", m=1, variables=[f"x{j}" for j in range(1, 11)])
    assert ten([int(j == 9) for j in range(10)])[0] == -1


def test_auto_is_the_smallest_of_all_strategies():
    for p, domain in (("x**6 - x**5 + x/3", (-1, 1)), ("x**3*y - x*y + y**2", None)):
        sizes = {
            name: polynomial(p, "1e-4", domain=domain, strategy=name).connectivity
            for name in strategies(1 if "y" not in p else 2)
        }
        assert polynomial(p, "1e-4", domain=domain).connectivity <= min(sizes.values())


def test_theorem_form_has_weights_at_most_four():
    p = {(3, 1): 10**9, (0, 2): -(10**9), (1, 0): Fraction(1, 10**9)}
    assert polynomial(p, "1e-2", strategy="tree").magnitude <= 4 < polynomial(p, "1e-2").magnitude


def test_thousands_of_digits_in_seconds():
    started = time.perf_counter()
    phi = polynomial("x1**2*x2**3 - 7*x1*x3 + 1/3*x3**5", "1e-100")
    assert certify(phi).status is Status.PROVED
    assert time.perf_counter() - started < 30


def test_a_changed_weight_is_refused(naive):
    phi = polynomial("x**3 - x/2", m=3, domain=(-1, 1))
    for changed in naive.changed(phi):
        with pytest.raises(ValueError, match=r"layer \d+ differs"):
            check(changed)


def test_a_record_of_another_polynomial_is_refused():
    phi, other = polynomial("x**3", m=3), polynomial("x**3 + x", m=3)
    with pytest.raises(ValueError, match="differs from the layer"):
        check(phi.with_derivation(other.derivation))


def test_the_circuit_must_compute_the_recorded_polynomial(monkeypatch):
    from relu_constructions.constructions import polynomial as module

    phi = polynomial("x**3", m=3)
    wrong = _recorded(**{k: v for k, v in polynomial("x**2", m=3).derivation.parameters if k != "late"})
    monkeypatch.setattr(module, "_recorded", lambda *args, **kwargs: wrong)
    with pytest.raises(ValueError, match="does not compute the polynomial"):
        phi.derivation.prove(phi)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("x*z", "1e-2", {"variables": ("x", "y")}), "z"),
        (("x*y", "1e-2", {"domain": (0, 1)}), "a side for each variable, got 1 for x, y"),
        (("x*y", "1e-2", {"domain": "[0, 1]^3"}), "a side for each variable, got 3 for x, y"),
        (("sin(x)", "1e-2", {}), "sin"),
        (("1/x", "1e-2", {}), "pole"),
        (("x", "1e-2", {"domain": (1, 0)}), "lo < hi"),
        (("x**2", "-1", {}), "eps must be positive"),
        (("x**2", "1e-2", {"strategy": "magic"}), "strategy must be one of"),
        (("x*y", "1e-2", {"strategy": "chebyshev"}), "one variable"),
        (("x**2", "1e-2", {"k": 3}), "k is for the strategies"),
        (("x**2", "1e-2", {"magnitude": 3}), "magnitude must be at least 4"),
        (("x**2", "1e-2", {"norm": "L2"}), "norm must be one of"),
        (("x**2", None, {"m": 10**9}), "nonzeros"),
        (("x**2", "1e-99999", {}), "nonzeros|levels"),
    ],
)
def test_bad_input_gets_a_sentence(arguments, words):
    p, eps, rest = arguments
    with pytest.raises(ValueError, match=words):
        polynomial(p, eps, **rest)


def test_floats_and_missing_accuracies_are_refused():
    with pytest.raises(TypeError, match="pass the string"):
        polynomial([0, 0.1], "1e-2")
    with pytest.raises(TypeError, match="either the accuracy eps or the number of levels"):
        polynomial("x")
    with pytest.raises(TypeError, match="either the accuracy eps or the number of levels"):
        polynomial("x", "1e-2", m=3)


def test_plans_do_not_repeat_themselves():
    p = read_polynomial("x**9 + x")
    plans = _plans(p, ((Fraction(0), Fraction(1)),), "auto", None)
    assert len(set(plans)) == len(plans)
    assert {plan.center for plan in plans} == {"origin", "symmetric"}
