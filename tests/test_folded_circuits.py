"""Circuits with folds, names and gates of different levels: three readings that agree, and their bounds."""

import itertools
import random
from fractions import Fraction

import pytest

from relu_constructions import Layer, Parametrization
from relu_constructions.circuit import Form, Wiring, combination, ideal
from relu_constructions.circuit_bound import circuit_bound
from relu_constructions.circuit_values import circuit_values, point_errors
from relu_constructions.composition import composition
from relu_constructions.derivation import wire_errors
from relu_constructions.directional_derivative import one_sided_derivative
from relu_constructions.entrance import behind_folds
from relu_constructions.gate_layers import latency
from relu_constructions.pieces import pieces
from relu_constructions.schedule import network
from relu_constructions.worst_case import worst_case

UNIT, SYMMETRIC = (Fraction(0), Fraction(1)), (Fraction(-1), Fraction(1))
SKEW, NEGATIVE = (Fraction(-1, 3), Fraction(5, 2)), (Fraction(-3), Fraction(-1))
SIDES = (UNIT, SYMMETRIC, SKEW, NEGATIVE, (Fraction(1, 3), Fraction(2, 3)))
FACTORS = [Fraction(c) for c in ("1", "-1", "1/2", "-7/5", "3")]


def mixture(rng, forms, parts=2):
    pairs = [(rng.choice(FACTORS), rng.choice(forms)) for _ in range(rng.randint(1, parts))]
    return combination(pairs, rng.choice([0, 0, 1, Fraction(-1, 3)]))


def folded(rng, wiring, exact):
    """The fold of an exact form, shrunk to [-1, 1] where it has to be."""
    u = mixture(rng, exact)
    size = max(map(abs, wiring.range(u)))
    return u if u.is_constant else wiring.fold(u * (1 / size) if size > 1 else u, rng.randint(0, 3))


def random_circuit(seed, inputs=1, inexact=True):
    """Chains of folds, folds with several consumers, names, and gates of different levels behind them."""
    rng = random.Random(seed)
    wiring = Wiring(
        tuple(rng.choice(SIDES) for _ in range(inputs)),
        rng.randint(1, 3),
        rng.choice([None, None, Fraction(4)]),
    )
    forms = list(wiring.inputs)
    for _ in range(rng.randint(1, 3)):
        forms.append(folded(rng, wiring, forms))
        if rng.random() < 0.3:
            forms.append(wiring.named(mixture(rng, forms)))
    for _ in range(rng.randint(1, 3) if inexact else 0):
        levels = rng.choice([None, 1, 2, 4])
        u, v = mixture(rng, forms), mixture(rng, forms)
        forms.append(wiring.product(u, v, levels) if rng.random() < 0.5 else wiring.square(u, levels))
        if rng.random() < 0.4:
            forms.append(wiring.named(mixture(rng, forms, 3)))
        if rng.random() < 0.3:
            forms.append(wiring.named(forms[-1] * 4 - wiring.square(forms[-1]) * 2))
    outputs = [forms[-1], mixture(rng, forms), Form.of_number(rng.randint(-1, 1))]
    return wiring.circuit(outputs[: rng.randint(1, 3)]), rng


def random_point(rng, box):
    return [lo + (hi - lo) * Fraction(rng.randint(0, 10**9 + 7), 10**9 + 7) for lo, hi in box]


def listed(phi, point):
    values = phi(point)
    return [values] if isinstance(values, Fraction) else list(values)


def of_output(phi, i):
    last = phi.layers[-1]
    return Parametrization([*phi.layers[:-1], Layer.from_rows([last.rows[i]], last.inputs)])


def hat(t):
    return 2 * t if t <= Fraction(1, 2) else 2 - 2 * t


def by_hand(circuit, point):
    """The ideal outputs with their gradients, gate by gate, every fold by repeated hats."""
    d = len(point)
    wires = [(x, [Fraction(int(i == j)) for i in range(d)]) for j, x in enumerate(point)]

    def form(f):
        gradient = [sum((c * wires[w][1][j] for w, c in f.terms), Fraction(0)) for j in range(d)]
        return f.constant + sum(c * wires[w][0] for w, c in f.terms), gradient

    for gate in circuit.gates:
        (u, s), (v, t) = form(gate.arguments[0]), form(gate.arguments[-1])
        if gate.kind == "scaling":
            wires.append((u * 4**gate.m, [g * 4**gate.m for g in s]))
        elif gate.kind == "fold":
            z, turn = abs(u), 1 if u >= 0 else -1
            for _ in range(gate.m):
                turn *= 2 if z < Fraction(1, 2) else -2
                z = hat(z)
            wires.append((z, [turn * g for g in s]))
        else:
            wires.append((u * v, [v * g + u * h for g, h in zip(s, t, strict=True)]))
    return [form(f) for f in circuit.outputs]


@pytest.mark.parametrize("block", range(25))
def test_three_readings_agree(block):
    for seed in range(12 * block, 12 * block + 12):
        circuit, rng = random_circuit(seed)
        found = composition(circuit)
        points = [*([end] for end in circuit.domain[0]), *(random_point(rng, circuit.domain) for _ in "abc")]
        for late in (False, True):
            phi = network(circuit, late)
            for point in points:
                assert listed(phi, point) == circuit_values(circuit, point) == [f(point[0]) for f in found]
            for i, function in enumerate(found):
                cut = pieces(of_output(phi, i), circuit.domain[0])
                assert function.points == tuple(zip(cut.breakpoints, cut.values, strict=True))


@pytest.mark.parametrize("seed", range(40))
def test_networks_with_several_inputs_have_the_values_of_the_circuit(seed):
    circuit, rng = random_circuit(seed, inputs=2 + seed % 2)
    for late in (False, True):
        phi = network(circuit, late)
        for _ in range(4):
            point = random_point(rng, circuit.domain)
            assert listed(phi, point) == circuit_values(circuit, point)


@pytest.mark.parametrize("seed", range(60))
def test_errors_at_points_are_those_against_the_ideal_by_hand(seed):
    circuit, rng = random_circuit(seed, inputs=1 + seed % 2)
    phi = network(circuit)
    for _ in range(3):
        point = random_point(rng, circuit.domain)
        ideals, found = by_hand(circuit, point), point_errors(circuit, point)
        pairs = zip(listed(phi, point), ideals, strict=True)
        assert list(found.values) == [y - value for y, (value, _) in pairs]
        if len(point) == 1:
            slopes = [one_sided_derivative(of_output(phi, i), point[0]) for i in range(len(ideals))]
            wanted = [(slope - g,) for slope, (_, (g,)) in zip(slopes, ideals, strict=True)]
            assert list(found.gradients) == wanted


@pytest.mark.parametrize("bits", [64, 200])
@pytest.mark.parametrize("seed", range(20))
def test_rounded_errors_are_near_the_exact_ones(seed, bits):
    circuit, rng = random_circuit(seed, inputs=1 + seed % 2)
    point = random_point(rng, circuit.domain)
    exact, rounded = point_errors(circuit, point), point_errors(circuit, point, bits)
    for one, other in zip(
        [*exact.values, *itertools.chain(*exact.gradients)],
        [*rounded.values, *itertools.chain(*rounded.gradients)],
        strict=True,
    ):
        assert abs(one - other) <= Fraction(1, 2 ** (bits - 30))


@pytest.mark.parametrize("seed", range(60))
def test_values_stay_in_the_ranges_of_forms_and_wires(seed):
    """Joint ranges of a w + c F(s w) included: the outputs are read off the wiring itself."""
    rng = random.Random(seed)
    wiring = Wiring((rng.choice(SIDES),), rng.randint(1, 3))
    (x,) = wiring.inputs
    z = folded(rng, wiring, [x])
    v = wiring.named(mixture(rng, [x, z, wiring.square(z)]))
    forms = [
        v * a + wiring.square(v) * c + z * b for a, b, c in itertools.product((-3, 4), (0, 1), (-2, 1, 5))
    ]
    forms += [z * 2 - wiring.square(z * Fraction(1, 3)) * 9, wiring.square(z) * 7 - z]
    circuit = wiring.circuit(forms)
    for form, f in zip(forms, composition(circuit), strict=True):
        lo, hi = wiring.range(form)
        assert all(lo <= y <= hi for _, y in f.points)


def test_the_joint_range_of_a_doubled_versine_is_nearly_sharp():
    """4 v - 2 v^2 on [0, 2] is in [0, 2]; taken apart, it would be in [-8, 8]."""
    wiring = Wiring(((Fraction(0), Fraction(2)),), 6)
    (v,) = wiring.inputs
    lo, hi = wiring.range(v * 4 - wiring.square(v) * 2)
    assert lo >= -Fraction(1, 1000)
    assert hi == 2
    lo, hi = wiring.range(wiring.square(v) * 2 - v * 4)
    assert (lo, hi <= Fraction(1, 1000)) == (-2, True)


def everywhere(circuit):
    """The errors inside of every piece of the outputs, and those of the values at its ends."""
    knots = sorted({x for f in composition(circuit) for x, _ in f.points})
    for a, b in itertools.pairwise(knots):
        for k in range(1, 6):
            yield point_errors(circuit, [a + (b - a) * Fraction(2 * k - 1, 10)])
        yield point_errors(circuit, [a])._replace(gradients=((Fraction(0),),))


@pytest.mark.parametrize("seed", range(40))
def test_worst_cases_are_not_exceeded_on_any_piece(seed):
    circuit, _ = random_circuit(seed)
    if len(composition(circuit)[0].points) > 150:
        circuit, _ = random_circuit(seed, inexact=False)
    rough, fine = worst_case(circuit, 0), worst_case(circuit, 25)
    assert fine.value_error <= rough.value_error
    assert fine.derivative_error <= rough.derivative_error
    for errors in everywhere(circuit):
        assert max(map(abs, errors.values)) <= fine.value_error
        assert max(abs(g) for row in errors.gradients for g in row) <= fine.derivative_error


@pytest.mark.parametrize("seed", range(25))
def test_worst_cases_in_two_variables_are_not_exceeded(seed):
    circuit, rng = random_circuit(seed, inputs=2)
    found = worst_case(circuit, 10)
    for _ in range(30):
        errors = point_errors(circuit, random_point(rng, circuit.domain))
        assert max(map(abs, errors.values)) <= found.value_error
        assert max(abs(g) for row in errors.gradients for g in row) <= found.derivative_error


@pytest.mark.parametrize("n", [0, 1, 5, 60])
def test_the_errors_behind_a_fold_are_those_of_the_square_and_its_slope_times_the_teeth(n):
    wiring = Wiring((SYMMETRIC,), 4)
    circuit = wiring.circuit([wiring.square(wiring.fold(wiring.inputs[0], n))])
    found = worst_case(circuit)
    assert (found.value_error, found.derivative_error) == (Fraction(1, 4**5), Fraction(2**n, 2**4))
    bound = circuit_bound(network(circuit), circuit)
    assert (bound.value_error, bound.derivative_error) == (found.value_error, found.derivative_error)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    "side, n, size",
    [(UNIT, 3, (4, 15)), (SYMMETRIC, 3, (5, 19)), (SYMMETRIC, 0, (2, 4)), (UNIT, 1, (2, 5))],
)
def test_the_network_of_a_fold_has_two_neurons_a_level(side, n, size, late):
    wiring = Wiring((side,), 3)
    circuit = wiring.circuit([wiring.fold(wiring.inputs[0], n)])
    phi = network(circuit, late)
    assert (phi.depth, phi.connectivity) == size
    assert phi.width == 2
    assert len(pieces(phi, side)) == 2**n * (2 if side == SYMMETRIC else 1)


@pytest.mark.parametrize("side, sign", [(UNIT, 1), (NEGATIVE, -1)])
def test_no_fold_of_a_known_sign_is_no_gate(side, sign):
    wiring = Wiring((side,), 3)
    (x,) = wiring.inputs
    assert wiring.fold(x * Fraction(1, 4), 0) == x * Fraction(sign, 4)
    assert wiring.circuit([wiring.fold(x * Fraction(1, 4), 0)]).gates == ()


def test_equal_folds_are_one_gate_and_others_are_not():
    wiring = Wiring((SYMMETRIC,), 3)
    (x,) = wiring.inputs
    wiring.fold(x, 2)
    one, same, other = wiring.fold(x, 2), wiring.fold(x, 2), wiring.fold(x, 3)
    assert one == same != other
    square, fewer = wiring.square(one), wiring.square(one, 2)
    assert square != fewer == wiring.square(one, 2)
    circuit = wiring.circuit([square + fewer + other])
    assert [(gate.kind, gate.m) for gate in circuit.gates] == [
        ("fold", 2),
        ("fold", 3),
        ("square", 3),
        ("square", 2),
    ]


def test_levels_of_a_gate_do_not_change_those_of_the_wiring():
    wiring = Wiring((SYMMETRIC, SYMMETRIC), 5)
    x, y = wiring.inputs
    circuit = wiring.circuit([wiring.product(x, y, 2), wiring.product(x, 2 * x + 1, 3), wiring.square(y)])
    assert [gate.m for gate in circuit.gates] == [2, 3, 5]


def test_a_name_occupies_no_layer_and_no_neuron():
    """The same circuit with and without names has the same network."""
    made = []
    for name in (lambda w, u: u, lambda w, u: w.named(u)):
        wiring = Wiring((UNIT,), 3)
        (x,) = wiring.inputs
        u = name(wiring, wiring.square(x) * 3 - x * Fraction(1, 2))
        made.append(wiring.circuit([wiring.square(u) * 2 - x]))
    plain, named = made
    assert [gate.kind for gate in plain.gates] == ["square", "square"]
    assert [(gate.kind, gate.m) for gate in named.gates] == [("square", 3), ("scaling", 0), ("square", 3)]
    assert latency(named.gates[1]) == 0
    assert network(plain).depth == network(named).depth
    for k in range(33):
        assert circuit_values(plain, [Fraction(k, 32)]) == circuit_values(named, [Fraction(k, 32)])
    assert ideal(plain, [Fraction(2, 3)], Fraction) == ideal(named, [Fraction(2, 3)], Fraction)


def test_single_wires_and_constants_have_names_already():
    wiring = Wiring((UNIT,), 3)
    (x,) = wiring.inputs
    assert [wiring.named(u) for u in (x, 2 * x + 1, Form.of_number(3))] == [x, 2 * x + 1, Form.of_number(3)]


def test_what_leaves_the_unit_interval_is_not_folded():
    wiring = Wiring((SKEW,), 3)
    with pytest.raises(ValueError, match=r"must lie in \[-1, 1\], it reaches 5/2"):
        wiring.fold(wiring.inputs[0], 2)


def test_the_fold_of_an_inexact_value_is_refused_by_every_bound():
    wiring = Wiring((UNIT,), 3)
    (x,) = wiring.inputs
    circuit = wiring.circuit([wiring.fold(wiring.square(x), 2)])
    for bound in (wire_errors, behind_folds, worst_case):
        with pytest.raises(
            ValueError, match=r"the argument of a fold must be exact; it is the value of a gate"
        ):
            bound(circuit)
    assert listed(network(circuit), [Fraction(3, 7)]) == circuit_values(circuit, [Fraction(3, 7)])


def test_a_fold_is_no_polynomial():
    wiring = Wiring((SYMMETRIC,), 3)
    with pytest.raises(ValueError, match="a fold is no polynomial"):
        ideal(wiring.circuit([wiring.fold(wiring.inputs[0], 1)]), [Fraction(0)], Fraction)


def test_a_fold_of_too_many_levels_is_refused_with_the_number():
    with pytest.raises(ValueError, match="one fold of 100000000 levels"):
        Wiring((SYMMETRIC,), 3).fold(Form.of_wire(0), 10**8)
