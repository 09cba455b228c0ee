"""Layers: canonical rows, equality of content, and what is refused with which words."""

import copy
import itertools
import math
import pickle
import random
from fractions import Fraction

import flint
import numpy as np
import pytest
import sympy

from relu_constructions import Layer
from relu_constructions.exact import from_float
from relu_constructions.layer import Row, exact_row, integer_row

HALF = Fraction(1, 2)


class Tensor:
    """What layers see of an array of another library: `tolist` and nothing else."""

    def __init__(self, entries):
        self.entries = entries

    def tolist(self):
        return self.entries


def random_entries(rng):
    size, inputs = rng.randint(1, 5), rng.randint(1, 6)
    draw = rng.choice(
        (
            lambda: Fraction(rng.randint(-3, 3)),
            lambda: Fraction(rng.randint(-9, 9), rng.randint(1, 9)),
            lambda: Fraction(rng.getrandbits(200) - 2**199, 2 ** rng.randint(0, 300)) * rng.choice((0, 1)),
        )
    )
    return [[draw() for _ in range(inputs)] for _ in range(size)], [draw() for _ in range(size)]


def random_layers(seed, count):
    rng = random.Random(seed)
    for _ in range(count):
        A, b = random_entries(rng)
        yield A, b, Layer(A, b)


def test_a_layer_holds_exactly_what_was_given():
    for A, b, layer in random_layers(1, 200):
        assert layer.shape == (len(A), len(A[0]))
        assert layer.A.tolist() == A
        assert layer.b.tolist() == b
        assert [part.tolist() for part in layer] == [A, b]
        assert all(type(entry) is Fraction for entry in (*layer.A.flat, *layer.b))


def test_rows_are_canonical():
    for A, b, layer in random_layers(2, 200):
        for row, entries, bias in zip(layer.rows, A, b, strict=True):
            assert list(row.columns) == [j for j, entry in enumerate(entries) if entry]
            assert row.denominator == math.lcm(*(entry.denominator for entry in (*entries, bias)))
            assert math.gcd(row.denominator, row.bias, *row.numerators) == 1
            assert all(type(n) is int and n for n in row.numerators)


def test_nonzeros_and_entries_are_those_of_the_dense_arrays():
    for A, b, layer in random_layers(3, 200):
        dense = [entry for row, bias in zip(A, b, strict=True) for entry in (*row, bias) if entry]
        assert layer.nonzeros == len(dense)
        assert list(layer.entries()) == dense


def test_equality_and_hash_are_those_of_the_content():
    layers = [layer for _, _, layer in random_layers(4, 60)]
    for first, second in itertools.product(layers, repeat=2):
        same = first.shape == second.shape and (first.A == second.A).all() and (first.b == second.b).all()
        assert (first == second) == same
        assert hash(first) == hash(second) or not same


WRITINGS = {
    "strings": ([["1/2", "-3"]], ["0.25"]),
    "tuples": (((HALF, -3),), (Fraction(1, 4),)),
    "sympy matrices": (sympy.Matrix([[sympy.S.Half, -3]]), [sympy.Rational(1, 4)]),
    "flint matrix": (flint.fmpq_mat([[flint.fmpq(1, 2), -3]]), [flint.fmpq(1, 4)]),
    "object arrays": (np.array([[HALF, -3]], dtype=object), np.array([Fraction(1, 4)], dtype=object)),
    "iterators": (iter([iter([HALF, np.int8(-3)])]), iter(["1/4"])),
    "tensors": (Tensor([["1/2", -3]]), Tensor(["1/4"])),
}


@pytest.mark.parametrize("A, b", WRITINGS.values(), ids=WRITINGS)
def test_the_same_layer_may_be_written_in_many_ways(A, b):
    written = Layer(A, b)
    assert written == Layer([["2/4", "-6/2"]], ["2/8"])
    assert hash(written) == hash(Layer([[HALF, -3]], [Fraction(1, 4)]))


def test_integer_arrays_do_not_overflow():
    layer = Layer(np.array([[2**40, -(2**62)]]), np.array([2**62], dtype=np.uint64))
    assert (layer.A[0] ** 2).tolist() == [2**80, 2**124]
    assert layer.b[0] ** 2 == 2**124


def test_floats_that_mean_themselves_are_taken_exactly():
    entries = np.random.default_rng(5).normal(size=(3, 4)).astype(np.float32)
    for given in (entries, Tensor(entries.tolist())):
        layer = Layer(given, [0.1, 0, -0.0], convert=from_float)
        assert layer.A.tolist() == [[Fraction(float(x)) for x in row] for row in entries]
        assert layer.b.tolist() == [Fraction(0.1), 0, 0]


def test_a_layer_is_frozen():
    layer = Layer([[1, 2]], [3])
    for name in ("rows", "inputs", "A", "other"):
        with pytest.raises(AttributeError, match="frozen; make a new one"):
            setattr(layer, name, ())
        with pytest.raises(AttributeError, match="frozen; make a new one"):
            delattr(layer, name)
    for array in layer:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7
    assert layer == Layer([[1, 2]], [3])


def test_pickle_and_copies_keep_the_content():
    for _, _, layer in random_layers(6, 30):
        for twin in (pickle.loads(pickle.dumps(layer)), copy.deepcopy(layer), copy.copy(layer)):
            assert twin == layer
            assert hash(twin) == hash(layer)
            assert (twin.A == layer.A).all()


def test_other_objects_are_not_equal_to_a_layer():
    layer = Layer([[1]], [0])
    assert layer != ([[1]], [0])
    assert layer != Layer([[1, 0]], [0])
    assert layer != Layer([[1], [0]], [0, 0])
    assert repr(layer) == "Layer(shape=(1, 1), nonzeros=1)"


REFUSED = {
    "A is a number": (3, [0], TypeError, "A must be a matrix, a sequence of rows, got 3 of type int"),
    "A is an array without axes": (np.array(3), [0], TypeError, "A must be a matrix"),
    "A is a vector": ([1, 2], [0], TypeError, "row 0 must be a sequence, got 1 of type int"),
    "A is text": ("12", [0], TypeError, "A must be a matrix"),
    "a row is text": (["12"], [0], TypeError, "row 0 must be a sequence, got '12' of type str"),
    "A has no rows": ([], [], ValueError, "A must have at least one row and one column"),
    "A has no columns": ([[]], [0], ValueError, "A must have at least one row and one column"),
    "A is ragged": ([[1, 2], [3]], [0, 0], ValueError, "row 0 has 2 entries, row 1 has 1"),
    "A has three axes": (
        np.zeros((1, 1, 1), dtype=int),
        [0],
        TypeError,
        r"A\[0, 0\] must be an exact number",
    ),
    "a row is a set": ([{1, 2}], [0], TypeError, "row 0 must be a sequence, got {1, 2} of type set"),
    "A is a dictionary": ({0: [1]}, [0], TypeError, "A must be a matrix"),
    "A is None": (None, [0], TypeError, "A must be a matrix, .* got None"),
    "A has a float": ([[1, 0.5]], [0], TypeError, r"A\[0, 1\] must be exact, got the float 0.5"),
    "A has a truth value": ([[True]], [0], TypeError, r"A\[0, 0\] must be a number"),
    "A has nonsense": ([[1], ["x"]], [0, 0], ValueError, r"A\[1, 0\] must be a number such as .*, got 'x'"),
    "b is a number": ([[1]], 0, TypeError, "b must be a vector, got 0 of type int"),
    "b is an array without axes": ([[1]], np.array(0), TypeError, "b must be a vector"),
    "b is too short": (
        [[1], [2]],
        [0],
        ValueError,
        "b must have one entry for each of the 2 rows of A, got 1",
    ),
    "b is too long": ([[1]], [0, 0], ValueError, "b must have one entry for each of the 1 rows of A, got 2"),
    "b is a column": ([[1]], np.array([[0]]), TypeError, r"b\[0\] must be an exact number"),
    "b has a float": ([[1]], [np.float32(0.1)], TypeError, r"b\[0\] must be exact, got the float 0.1"),
    "b is None": ([[1]], None, TypeError, "b must be a vector, got None"),
}


@pytest.mark.parametrize("A, b, error, words", REFUSED.values(), ids=REFUSED)
def test_malformed_layers_are_refused_and_the_layer_is_named(A, b, error, words):
    with pytest.raises(error, match=f"^layer 7: .*{words}"):
        Layer(A, b, name="layer 7")


@pytest.mark.parametrize("entry", [float("nan"), float("inf"), np.float32("-inf")], ids=str)
def test_floats_that_are_not_finite_are_refused(entry):
    with pytest.raises(ValueError, match=r"layer: A\[0, 0\] must be finite"):
        Layer([[entry]], [0], convert=from_float)


def test_rows_of_integers_cancel_and_drop_zeros():
    assert integer_row({3: 4, 1: -6, 2: 0}, 10, 8) == Row((1, 3), (-3, 2), 5, 4)
    assert integer_row({0: 0}, 0, 12) == integer_row({}) == Row((), (), 0, 1)
    assert exact_row({0: Fraction(1, 6), 5: Fraction(0)}, Fraction(-1, 4)) == Row((0,), (2,), -3, 12)
    assert exact_row({}) == Row((), (), 0, 1)


def test_a_million_nonzeros_need_no_dense_matrix():
    size = 500_000
    layer = Layer.from_rows((integer_row({i: 1, (i + 1) % size: -1}) for i in range(size)), size)
    assert (layer.nonzeros, layer.shape) == (10**6, (size, size))
    assert layer == Layer.from_rows(layer.rows, size)
    assert len(set(layer.rows)) == size
