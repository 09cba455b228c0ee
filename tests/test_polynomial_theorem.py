"""The theorems on polynomials against networks of all strategies, exactly: sizes, and errors at points."""

import random
from fractions import Fraction

import pytest

from relu_constructions import polynomial
from relu_constructions.constructions.polynomial_theorem import THEOREMS
from relu_constructions.limiting_gradient import limiting_gradient
from relu_constructions.multivariate import MultivariatePolynomial
from relu_constructions.theorem import evaluate_formula

SIZES = ("depth", "width", "connectivity", "magnitude")
BOXES = (
    ("0", "1"),
    ("-1", "1"),
    ("-1/3", "5/2"),
    ("1000", "1001"),
    ("-7", "1/8"),
    ("1/3", "1/2"),
    ("0", "1/4096"),
    ("-1/1048576", "1/1048577"),
)
SCALES = (1, 1, 1, 10**6, Fraction(1, 10**6), 10**20, Fraction(1, 10**30))


def some_terms(draw, d):
    """Draw exponents of degree at most 9 and coefficients of very different sizes."""
    degree, scale, terms = draw.choice((1, 2, 3, 4, 5, 6, 8, 9)), draw.choice(SCALES), {}
    for _ in range(draw.choice((1, 1, 2, 3, 4, 6, 10))):
        alpha = [0] * d
        for _ in range(draw.randint(0, degree)):
            alpha[draw.randrange(d)] += 1
        c = Fraction(draw.choice((-1, 1)) * draw.randint(1, 9), draw.randint(1, 9))
        terms[tuple(alpha)] = c * draw.choice((1, scale))
    return terms


def some_network(draw):
    """Draw a polynomial, a box, a strategy, a largest weight and a number of levels."""
    strategy = draw.choice(tuple(THEOREMS))
    blocked = strategy in ("squares", "estrin", "chebyshev")
    d = 1 if blocked else draw.choice((1, 1, 2, 2, 3, 4))
    side = draw.choice(BOXES)
    box = [draw.choice(BOXES) for _ in range(d)] if draw.random() < 0.5 else [side] * d
    return polynomial(
        some_terms(draw, d),
        m=draw.choice((1, 1, 2, 2, 3, 4, 5, 8)),
        domain=box,
        strategy=strategy,
        magnitude=None if blocked else draw.choice((None, 4, 4, 5, 100)),
        k=draw.randint(1, 5) if blocked else None,
    )


def errors_at(phi, point):
    """Return the error of the value and the largest one of the gradient on a cell next to the point."""
    p = phi.derivation.target
    if len(point) == 1:
        p = MultivariatePolynomial.from_univariate(p)
    value = abs(phi(list(point))[0] - p(point))
    gradient = limiting_gradient(phi, list(point))[0]
    return value, max(abs(slope - p.derivative(j)(point)) for j, slope in enumerate(gradient))


def point_in(draw, box):
    """Draw a point inside of a box."""
    return tuple(lo + (hi - lo) * Fraction(draw.randint(1, 2**40 - 1), 2**40) for lo, hi in box)


def assert_sizes(phi):
    """Compare the sizes of a network with its claims."""
    claims = {claim.quantity: claim for claim in phi.derivation.claims()}
    for quantity in claims.keys() & set(SIZES):
        fact = Fraction(getattr(phi, quantity))
        assert claims[quantity].holds(fact), (quantity, fact, claims[quantity], phi.derivation)


@pytest.mark.parametrize("seed", range(30))
def test_sizes_of_random_networks(seed):
    draw = random.Random(seed)
    for _ in range(10):
        assert_sizes(some_network(draw))


@pytest.mark.parametrize("seed", range(30))
def test_errors_of_random_networks_at_points(seed):
    draw = random.Random(1000 + seed)
    for _ in range(4):
        phi = some_network(draw)
        claims = {claim.quantity: claim for claim in phi.derivation.claims()}
        for point in (point_in(draw, phi.derivation.domain) for _ in range(3)):
            for quantity, error in zip(
                ("value_error", "derivative_error"), errors_at(phi, point), strict=True
            ):
                assert quantity not in claims or claims[quantity].holds(error), (
                    quantity,
                    point,
                    phi.derivation,
                )


@pytest.mark.parametrize("m", range(1, 7))
def test_square_attains_the_claimed_value_error(m):
    for strategy in ("tree", "horner"):
        phi = polynomial("x**2", m=m, strategy=strategy)
        claims = {claim.quantity: claim.value for claim in phi.derivation.claims()}
        value, _ = errors_at(phi, (Fraction(1, 2 ** (m + 1)),))
        assert value == claims["value_error"] == Fraction(1, 4 ** (m + 1))


def test_slope_of_the_square_along_a_chain_is_attained_in_the_limit():
    phi = polynomial("x**2", m=5, strategy="horner")
    claims = {claim.quantity: claim.value for claim in phi.derivation.claims()}
    _, slope = errors_at(phi, (Fraction(1, 10**30),))
    assert slope <= Fraction(1, 32) <= claims["derivative_error"]
    assert Fraction(1, 32) - slope == Fraction(2, 10**30)


@pytest.mark.parametrize("seed", range(10))
def test_levels_of_the_theorem_are_enough(seed):
    draw = random.Random(2000 + seed)
    for eps in (Fraction(1, 2), Fraction(1, 1000), Fraction(1, 10**9)):
        d, terms = 2, some_terms(draw, 2)
        n, c1 = max(map(sum, terms)), sum(map(abs, terms.values()))
        if n >= 2 and c1 >= eps / 4:
            stages = (n - 1).bit_length() + (min(d, n) - 1).bit_length()
            m = evaluate_formula("ceiling(log(t, 2))", {"t": c1 * n * (stages + 1) / eps})
            phi = polynomial(terms, m=max(1, int(m)), domain=[(0, 1)] * d, strategy="tree")
            claims = {claim.quantity: claim.value for claim in phi.derivation.claims()}
            assert max(claims["value_error"], claims["derivative_error"]) <= eps


def test_connectivity_where_many_inputs_are_scaled_over_many_layers():
    pairs = 12
    terms = {tuple(int(j // 2 == i) for j in range(2 * pairs)): 1 for i in range(pairs)}
    side = Fraction(1, 2**400)
    for m in (1, 2, 8):
        assert_sizes(polynomial(terms, m=m, domain=[(-side, side)] * (2 * pairs), strategy="tree"))


def test_depth_where_a_linear_term_has_the_largest_weight():
    box = ("-1/1048576", "1/1048577")
    assert_sizes(polynomial("500000*x - 2*x**3", m=1, domain=box, strategy="tree"))
    assert_sizes(
        polynomial("400000000*x + x**2", m=3, domain=("1/1000", "1/500"), strategy="horner", magnitude=4)
    )


@pytest.mark.parametrize("side", [("-7", "1/8"), ("-7", "7"), ("-1000", "1"), ("-1", "1000")])
def test_magnitude_where_an_input_is_carried_on_a_wide_box(side):
    for strategy in ("tree", "horner"):
        assert_sizes(polynomial("x**3 + x", m=2, domain=side, strategy=strategy, magnitude=4))


def test_magnitude_where_offsets_add_up():
    phi = polynomial("2*x**3*y**5 - 8*x**3*y**4", m=4, domain=[(-1, 1)] * 2, strategy="horner", magnitude=4)
    assert_sizes(phi)
    p = "-31/16*x**3 - 31/16*y**3 + x**4/100 + y**4/100"
    for m in (1, 2, 3):
        assert_sizes(polynomial(p, m=m, domain=[(-1, "1/8")] * 2, strategy="horner", magnitude=4))
