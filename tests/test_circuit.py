"""Circuits: forms, the gates that are written for products of forms, ranges, and what is refused."""

import random
from fractions import Fraction

import pytest

import relu_constructions.circuit
from relu_constructions.circuit import Form, Gate, Wiring, combination, ideal
from relu_constructions.circuit_values import circuit_values
from relu_constructions.gate import partial_range
from relu_constructions.schedule import network

UNIT, SYMMETRIC = (Fraction(0), Fraction(1)), (Fraction(-1), Fraction(1))
SKEW, NEGATIVE = (Fraction(-1, 3), Fraction(5, 2)), (Fraction(-3), Fraction(-1))
FAR, TINY, HUGE = (
    (Fraction(1000), Fraction(1001)),
    (Fraction(0), Fraction(1, 10**30)),
    (Fraction(-(10**30)), Fraction(10**30)),
)
SIDES = (UNIT, SYMMETRIC, SKEW, NEGATIVE, FAR, TINY, HUGE)


def wires_at(circuit, point):
    """The value of every wire in the network, by reading each wire as an output."""
    wires = [Form.of_wire(w) for w in range(len(circuit.domain) + len(circuit.gates))]
    return circuit_values(circuit._replace(outputs=tuple(wires)), point)


def value(form, wires):
    return form.constant + sum(c * wires[wire] for wire, c in form.terms)


def random_form(rng, forms):
    parts = [(Fraction(rng.randint(-9, 9), rng.randint(1, 9)), rng.choice(forms)) for _ in range(3)]
    return combination(parts, rng.randint(-2, 2))


def random_wiring(rng, sides, m, magnitude):
    wiring = Wiring(tuple(rng.choice(sides) for _ in range(rng.randint(1, 3))), m, magnitude)
    forms = list(wiring.inputs)
    for _ in range(rng.randint(1, 5)):
        forms.append(wiring.product(random_form(rng, forms), random_form(rng, forms)))
    return wiring, forms


def test_forms_are_a_vector_space():
    rng = random.Random(0)
    wires = [Fraction(rng.randint(-9, 9), 7) for _ in range(4)]
    for _ in range(50):
        u, v = (random_form(rng, [Form.of_wire(w) for w in range(4)]) for _ in range(2))
        c = Fraction(rng.randint(-9, 9), 4)
        assert value(u + v, wires) == value(u, wires) + value(v, wires)
        assert value(u - v, wires) == value(u, wires) - value(v, wires)
        assert value(c * u, wires) == value(u * c, wires) == c * value(u, wires)
        assert value(u + 3, wires) == value(u - (-3), wires) == value(u, wires) + 3
        assert u - u == 0 * u == Form.of_number(0)
        assert (u + v - v, (u + v).is_constant) == (u, not (u + v).terms)
        assert all(c != 0 for _, c in (u + v).terms)


@pytest.mark.parametrize("side", SIDES)
def test_arguments_fill_the_unit_interval_and_ranges_are_kept(side):
    wiring = Wiring((side, side), 3)
    x, y = wiring.inputs
    circuit = wiring.circuit([wiring.square(x), wiring.product(x, y), wiring.square(x - y)])
    for gate in circuit.gates:
        sizes = [max(-lo, hi) for lo, hi in gate.reach]
        assert all(Fraction(1, 2) < size <= 1 for size in sizes)
        assert max(sizes) <= gate.bound <= max(sizes) * (1 + Fraction(1, 2**15))


@pytest.mark.parametrize("seed", range(40))
def test_values_stay_in_the_ranges_of_the_wires(seed):
    rng = random.Random(seed)
    wiring, forms = random_wiring(rng, SIDES, rng.randint(1, 3), rng.choice([None, Fraction(4)]))
    circuit = wiring.circuit([forms[-1]])
    for _ in range(12):
        point = [lo + (hi - lo) * Fraction(rng.randint(0, 32), 32) for lo, hi in circuit.domain]
        wires = wires_at(circuit, point)
        for gate, output in zip(circuit.gates, wires[len(point) :], strict=True):
            arguments = [value(form, wires) for form in gate.arguments]
            assert all(lo <= u <= hi for u, (lo, hi) in zip(arguments, gate.reach, strict=True))
            assert all(abs(u) <= gate.bound for u in arguments)
            assert gate.range[0] <= output <= gate.range[1]


@pytest.mark.parametrize("seed", range(20))
def test_the_ideal_gates_compute_products_exactly(seed):
    rng = random.Random(seed)
    wiring = Wiring((SKEW, FAR), 2, rng.choice([None, Fraction(4)]))
    forms = list(wiring.inputs)
    point = [Fraction(rng.randint(-9, 9), 5), Fraction(rng.randint(-9, 9), 5)]
    values = list(point)
    for _ in range(5):
        i, j, c = rng.randrange(len(forms)), rng.randrange(len(forms)), Fraction(rng.randint(-5, 5), 3)
        forms.append(wiring.product(forms[i] + c, forms[j] - forms[i]))
        values.append((values[i] + c) * (values[j] - values[i]))
    assert ideal(wiring.circuit(forms), point, Fraction) == values


def kinds(write, side=SYMMETRIC):
    wiring = Wiring((side, side), 3)
    return [gate.kind for gate in wiring.circuit(write(wiring, *wiring.inputs)).gates]


def test_multiples_of_one_form_give_a_square_and_constants_none():
    assert kinds(lambda w, x, y: [w.product(x, x)]) == ["square"]
    assert kinds(lambda w, x, y: [w.product(x + y, -3 * (x + y))]) == ["square"]
    assert kinds(lambda w, x, y: [w.product(x + 1, x - 1)]) == ["square"]
    assert kinds(lambda w, x, y: [w.product(x + y, 1 - x - y)]) == ["square"]
    assert kinds(lambda w, x, y: [w.product(x + 1, 2 * x - 1)]) == ["square"]
    assert kinds(lambda w, x, y: [w.product(x + 1, 2 * x - y)]) == ["product"]
    assert kinds(lambda w, x, y: [w.product(x, Form.of_number(3)), w.product(x - x, y)]) == []
    assert kinds(lambda w, x, y: [w.square(Form.of_number(-3)), x, x - y]) == []
    w = Wiring((UNIT,), 3)
    assert w.square(Form.of_number(-3)) == Form.of_number(9)
    assert w.product(Form.of_number(0), w.inputs[0]) == Form.of_number(0)


@pytest.mark.parametrize("side", SIDES)
def test_common_subexpressions_are_one_gate(side):
    assert kinds(lambda w, x, y: [w.product(x, y), w.product(y, x)], side) == ["product"]
    assert kinds(lambda w, x, y: [w.product(2 * x, y), w.product(4 * y, x)], side) == ["product"]
    assert kinds(lambda w, x, y: [w.square(x), w.product(x, x), w.square(8 * x)], side) == ["square"]
    deep = kinds(lambda w, x, y: [w.square(w.product(x, y)), w.square(w.product(y, x)) + x], side)
    assert deep == ["product", "square"]


def test_gates_that_no_output_needs_are_dropped():
    def write(w, x, y):
        needless = w.square(w.product(x, y))
        return [w.square(x + y) + (needless - needless), Form.of_number(2), y]

    assert kinds(write) == ["square"]


@pytest.mark.parametrize("seed", range(30))
def test_sums_on_the_way_stay_in_the_partial_range(seed):
    """F_m of fewer levels, with the slopes' rest left out, is what a gate has summed up on the way."""
    rng = random.Random(seed)
    ends = [sorted(Fraction(rng.randint(-64, 64), 64) for _ in range(2)) for _ in range(2)]
    reach = tuple((lo, hi) for lo, hi in ends)
    bound = max(abs(end) for side in reach for end in side) or Fraction(1)
    m, kind = rng.randint(1, 5), rng.choice(["square", "product"])
    gate = Gate(kind, (), m, bound, reach[: 1 + (kind == "product")], (Fraction(0), Fraction(0)))
    lo, hi = partial_range(gate)

    def sums(u):
        x, eta = abs(u), gate.eta
        total = bound * eta * x
        for j in range(m):
            t = max(x - bound / 2 ** (j + 1), Fraction(0))
            total += bound * (Fraction(2, 2**j) - 2 * eta) * t
            yield total
            x -= 2 * t

    for _ in range(20):
        u, v = (a + (b - a) * Fraction(rng.randint(0, 16), 16) for a, b in reach)
        parts = zip(sums((u + v) / 2), sums((u - v) / 2), strict=True)
        taken = sums(u) if kind == "square" else (a - b for a, b in parts)
        assert all(lo <= total <= hi for total in taken)


@pytest.mark.parametrize("size", [Fraction(10**30), Fraction(7), Fraction(1, 10**30)])
def test_scalings_keep_weights_small(size):
    wiring = Wiring((UNIT, UNIT), 3, Fraction(4))
    x, y = wiring.inputs
    circuit = wiring.circuit([wiring.product(x, y) * size - size])
    for gate in circuit.gates:
        for form in gate.arguments:
            assert max(abs(c) for _, c in form.terms) <= 2
    assert [gate.kind for gate in circuit.gates] == ["product"] + ["scaling"] * (size > 2)
    assert ideal(circuit, [Fraction(1, 3), Fraction(3, 4)], Fraction) == [size * Fraction(-3, 4)]


@pytest.mark.parametrize(
    "m, words", [(1, "at most 40 gates, got more"), (36_000, "would have 10332000 nonzeros")]
)
def test_a_circuit_has_a_largest_number_of_gates(monkeypatch, m, words):
    monkeypatch.setattr(relu_constructions.circuit, "MAX_GATES", 40)
    wiring = Wiring((UNIT,), m)
    (x,) = wiring.inputs
    forms = [wiring.square(x + k) for k in range(40)]
    assert len(wiring.circuit(forms).gates) == 40
    with pytest.raises(ValueError, match=words):
        wiring.square(x + 40)


@pytest.mark.parametrize("m", [1, 4])
def test_a_network_of_no_gates_is_exact(m):
    wiring = Wiring((SKEW, NEGATIVE), m)
    x, y = wiring.inputs
    circuit = wiring.circuit([x, 2 * x - y + 1, Form.of_number(3), x - x])
    phi = network(circuit)
    assert list(phi([Fraction(1, 3), Fraction(-2)])) == [Fraction(1, 3), Fraction(11, 3), 3, 0]
    assert phi.depth == 1


@pytest.mark.parametrize("m", [10**7, 10**9])
def test_levels_beyond_the_limits_are_refused_with_the_number(m):
    wiring = Wiring((UNIT, UNIT), m)
    for write in (wiring.square, lambda x: wiring.product(x, wiring.inputs[1])):
        with pytest.raises(ValueError, match=f"would have {6 * m} nonzeros"):
            write(wiring.inputs[0])
