"""Circuits and their networks: the ranges of gates, normalization, and why no ReLU cuts a carried value.

Statement. Let F be the square of m levels on [-B, B], P = F(|u + v|/2) - F(|u - v|/2), eta = 2^-m, delta =
4^-(m+1).

1. The neurons x_0 = |u|, t_j = rho(x_j - B 2^(-j-1)), x_{j+1} = x_j - 2 t_j give F(u) as B eta x_0 + sum B
(2^(1-j)
   - 2 eta) t_j.
2. u^2 <= F(u) <= min(u^2 + B^2 delta, B |u|). 3. P is within B^2 delta of the hull of the products of the
ends, |P| <= B min(|u|, |v|), with the sign of u v; so
   are all sums over the first j >= 1 levels, and B eta times the difference of the x_0, which is that for j
   = 0.
4. The argument of a gate, times a power of two, has a size in (1/2, 1]; a product of two of these has a
size in
   (1/4, 1], so that as the next argument it is at most doubled.
5. A sum of wires, each somewhere in its range or not yet begun, plus the offset, is nonnegative; so the
ReLU of
   its neuron changes nothing.
6. The scaling of r layers is exactly 4^r u, with rho(u) and rho(-u) in each of them.

Notation. `chord`, `h`, `vanishes` are those of `proofs/square.py`, where h = B eta is the length of a piece.

Overview. 1: `lemma_gains_telescope`, `theorem_gains`, `lemma_idle_levels`, `lemma_multiples_need_one_square`.
2: `theorem_square_range`. 3: `lemma_corners`, `lemma_first_sum`, `theorem_partial_range`,
`theorem_product_range`. 4: `lemma_power_of_two`, `theorem_normalization`. 5: `theorem_offset`,
`theorem_offsets_of_the_package`. 6: `theorem_scaling`.

Prose: the sum over the levels in 1, whose step is `lemma_gains_telescope`; that ranges are rounded outwards.

References. None; the two squares of a product are those of Elbraechter, Perekrestenko, Grohs, Boelcskei, IEEE
Trans. Inf. Theory 67 (2021), Proposition III.3.
"""

from fractions import Fraction
from itertools import product as pairs

import sympy
from square import HALVES, B, chord, h, p, relu, vanishes, y
from square import x as u
from sympy import Rational, S

from relu_constructions.circuit import Form, Gate, Wiring
from relu_constructions.gate import partial_range
from relu_constructions.gate_layers import contribution, cores
from relu_constructions.schedule import network

SIDES = ((-1, 1), (0, 1), ("-1/3", "5/2"), (1000, 1001), ("-1/4096", "1/4097"), ("1/3", "1/2"), (-5, 0))


def box(*sides):
    """Return a box of exact numbers."""
    return tuple((Fraction(lo), Fraction(hi)) for lo, hi in sides)


def lemma_gains_telescope():
    """On [0, h] level j adds y^2 - z^2 + fine (z - y) for the fold z = y - 2t of y, which is (2h - 2 fine)
    t; the gain 2h alone would be right only for fine = 0."""
    fine = sympy.Symbol("fine", positive=True)
    for ends in HALVES:
        t = relu(y - h / 2, ends)
        z = y - 2 * t
        assert vanishes(y**2 - z**2 + fine * (z - y) - (2 * h - 2 * fine) * t)
        assert vanishes(y**2 - z**2 + fine * (z - y) - 2 * h * t) == (t == 0)


def theorem_gains():
    """The sum begins with fine y_0 and ends with y_0^2 - y_m^2 + fine y_m, which is F for fine = h_m = B
    eta; the weights of the package are B eta for x_0 and B (2^(1-j) - 2 eta) for t_j."""
    one, side = Fraction(1), box(("0", "3/4"))
    gate = Gate("square", (Form.of_wire(0),), 4, Fraction(3, 4), side, side[0])
    for j in range(4):
        weights = {key[0]: weight for key, weight in contribution(0, gate, cores(gate), j).items()}
        assert weights["t"] == gate.bound * (2 * one / 2**j - 2 * gate.eta)
        assert weights.get("x") == (None if j else gate.bound * gate.eta)
    z = sympy.Symbol("z", real=True)
    assert vanishes((u**2 - z**2 + h * z) - (u**2 + h * z - z**2))


def lemma_idle_levels():
    """On [0, h/2] the hinge rho(y - h/2) is 0 and the fold leaves y as it is, so it may be left out; the
    next level has the height h/2. On [0, h] it may not."""
    t = relu(y - h / 2, HALVES[0])
    assert t == 0
    assert relu(y - h / 2, HALVES[1]) != 0


def lemma_multiples_need_one_square():
    """u (c u + e) = c u^2 + e u: one square is enough where one factor is affine in the other."""
    c, e = sympy.symbols("c e", real=True)
    assert vanishes(u * (c * u + e) - c * u**2 - e * u)
    wiring = Wiring(box(("0", "1")), 3)
    (x,) = wiring.inputs
    made = wiring.circuit([wiring.product(x, x * Fraction(-1) + 1)])
    assert [gate.kind for gate in made.gates] == ["square"]


def theorem_square_range():
    """On the piece [p h, (p + 1) h] of N = p + 1 + q pieces, B x - F(x) is nonnegative at both ends, so on
    all of it; F - x^2 is in [0, h^2/4] by `proofs/square.py`, which is B^2 delta for h = B eta."""
    q, eta = sympy.symbols("q eta", nonnegative=True)
    for end in (p * h, (p + 1) * h):
        assert sympy.factor(((p + 1 + q) * h * u - chord(p)).subs(u, end)).is_nonnegative
    assert vanishes((h**2 / 4).subs(h, B * eta) - B**2 * eta**2 / 4)
    for side, m in pairs((("0", "1"), ("-1", "1"), ("1/2", "3/4"), ("-1", "-1/2")), (1, 3)):
        wiring = Wiring(box(side), m)
        (lo, hi), ((a, b),) = wiring.range(wiring.square(wiring.inputs[0])), wiring.domain
        assert lo <= max(a, -b, 0) ** 2
        assert max(a * a, b * b) <= hi <= 1


def lemma_corners():
    """u = a + l (b - a), v = c + k (d - c) with l, k in [0, 1]: u v is the mean of the products of the ends
    with the weights l k, l (1 - k), (1 - l) k, (1 - l)(1 - k), which are nonnegative and add up to 1."""
    a, b, c, d, l_, k = sympy.symbols("a b c d l k", real=True)
    weights = [(l_ * k, b * d), (l_ * (1 - k), b * c), ((1 - l_) * k, a * d), ((1 - l_) * (1 - k), a * c)]
    value = (a + l_ * (b - a)) * (c + k * (d - c))
    assert vanishes(sum(weight * corner for weight, corner in weights) - value)
    assert vanishes(sum(weight for weight, _ in weights) - 1)


def lemma_first_sum():
    """B eta (|u + v|/2 - |u - v|/2) is B eta min(|u|, |v|) with the sign of u v: for 0 <= v <= u and by
    symmetry."""
    small, more, eta = sympy.symbols("v e eta", nonnegative=True)
    large = small + more
    assert vanishes((large + small) / 2 - (large - small) / 2 - small)
    for sign, other in pairs((1, -1), repeat=2):
        x, v = sign * large, other * small
        first = B * eta * (abs(sympy.expand(x + v)) - abs(sympy.expand(x - v))) / 2
        assert vanishes(first - sign * other * B * eta * small)


def theorem_partial_range():
    """B^2 times a number of size min(|u|, |v|)/B at most (`proofs/product.py`) is B min(|u|, |v|) at most:
    the answer of the package for every pair of sides, with the sign that the sides determine."""
    small = sympy.Symbol("v", nonnegative=True)
    assert vanishes(B**2 * (small / B) - B * small)
    expected = {("0", "1"): 1, ("-1", "0"): -1, ("-1", "1"): 0}
    for (first, s), (second, t) in pairs(expected.items(), repeat=2):
        side = box(first, second)
        gate = Gate("product", (Form.of_wire(0), Form.of_wire(1)), 3, Fraction(1), side, side[0])
        assert partial_range(gate) == {1: (0, 1), -1: (-1, 0), 0: (-1, 1)}[s * t]


def theorem_product_range():
    """With |P - u v| <= B^2 delta the range holds the products of the ends, widened by it, and no more than
    `partial_range`; in the package, for pairs of sides."""
    for (first, second), m in pairs(pairs(SIDES, repeat=2), (1, 4)):
        wiring = Wiring(box(first, second), m)
        lo, hi = wiring.range(wiring.product(*wiring.inputs))
        corners = [a * b for a in wiring.domain[0] for b in wiring.domain[1]]
        size = max(map(abs, corners))
        assert lo <= min(corners) <= max(corners) <= hi
        assert hi - max(corners) <= 4 * size * Fraction(2, 4 ** (m + 1))


def lemma_power_of_two():
    """If 2^(P-1) <= p < 2^P and 2^(Q-1) <= q < 2^Q, then p/q 2^(Q-P) is in (1/2, 2), so in (1/2, 1] after
    at most one halving; twice as much would leave (1/2, 1], and so would half."""
    a, b = sympy.symbols("a b", nonnegative=True)
    numerator, denominator = (1 + a) / (2 + a), (1 + b) / (2 + b)
    for part in (numerator, denominator):
        assert sympy.simplify(part - Rational(1, 2)).factor().is_nonnegative
        assert sympy.simplify(1 - part).factor().is_positive
    ratio = numerator / denominator
    assert sympy.numer(sympy.together(2 - ratio)).expand().is_positive
    assert sympy.numer(sympy.together(ratio - Rational(1, 2))).expand().is_positive


def theorem_normalization():
    """Sizes in (1/2, 1] have products in (1/4, 1], which are in (1/2, 1] after at most one doubling; the
    package makes such arguments from sides of any size."""
    s, t = sympy.symbols("s t", positive=True)
    low = Rational(1, 2)
    assert sympy.expand((low + s) * (low + t) - Rational(1, 4)).is_positive
    assert [2 * Rational(1, 4), 2 * low] == [low, 1]
    for sides in pairs(SIDES, repeat=2):
        wiring = Wiring(box(*sides), 2)
        made = wiring.product(wiring.product(*wiring.inputs), wiring.inputs[0])
        gates = wiring.circuit([made]).gates
        sizes = [max(-lo, hi) for gate in gates for lo, hi in gate.reach]
        assert all(Fraction(1, 2) < size <= 1 for size in sizes)
        factors = {abs(c) for form in gates[-1].arguments for wire, c in form.terms if wire >= 2}
        assert factors <= {Fraction(1), Fraction(2)}


def theorem_offset():
    """A positive multiple of the neuron has the same sign. With parts lo_i + e_i, e_i >= 0, and the offset
    -sum lo_i the neuron holds sum e_i >= 0; with sign -1 it is the same from above. A greater offset does
    no harm, a smaller one is cut where all e_i are 0."""
    e, f, more, less = sympy.symbols("e f more less", positive=True)
    low, high = sympy.symbols("lo1 lo2", real=True), sympy.symbols("hi1 hi2", real=True)
    parts = (low[0] + e, low[1] + f)
    assert sympy.expand(sum(parts) - sum(low)) == e + f
    assert sympy.expand(-sum((high[0] - e, high[1] - f)) + sum(high)) == e + f
    assert sympy.expand(sum(parts) - sum(low) + more).is_positive
    assert sympy.expand((sum(parts) - sum(low) - less).subs({e: 0, f: 0})).is_negative


def theorem_offsets_of_the_package():
    """A part that has not begun is 0, so its least value is min(lo, 0). In networks with signs of all
    kinds, at the corners and the centre of the box, every carried value comes out as in the circuit."""
    from relu_constructions.circuit_values import circuit_values

    for sides in pairs(SIDES[:3], repeat=2):
        wiring = Wiring(box(*sides), 2)
        x, z = wiring.inputs
        square, both = wiring.square(x - z), wiring.product(x, z)
        circuit = wiring.circuit([wiring.product(both, square) - both * Fraction(3) + x, square - z])
        ends = [(lo, (lo + hi) / 2, hi) for lo, hi in wiring.domain]
        for late, point in pairs((False, True), pairs(*ends)):
            assert list(network(circuit, late)(list(point))) == circuit_values(circuit, point)


def theorem_scaling():
    """rho(u) - rho(-u) = u, and r - 1 layers with the weight 4 and the last one with 4, -4 give 4^r u; in r
    layers."""
    r = sympy.Symbol("r", integer=True, positive=True)
    size = sympy.Symbol("s", nonnegative=True)
    for sign in (1, -1):
        value = sign * size
        positive, negative = sympy.Max(value, 0), sympy.Max(-value, 0)
        assert vanishes(positive - negative - value)
        assert sympy.simplify(4 * 4 ** (r - 1) * (positive - negative) - 4**r * value) == 0
    wiring = Wiring(box(("-1", "1")), 1, Fraction(4))
    circuit = wiring.circuit([wiring.inputs[0] * Fraction(100)])
    phi = network(circuit)
    (gate,) = circuit.gates
    assert (gate.kind, phi.depth, phi.magnitude) == ("scaling", gate.m + 1, 4)
    assert 4 ** (gate.m - 1) < 2 * 100 / S(4) <= 4**gate.m
    assert [phi([Fraction(t, 7)])[0] for t in (-7, -1, 0, 3)] == [
        Fraction(100 * t, 7) for t in (-7, -1, 0, 3)
    ]
