"""Parametrizations: their sizes against dense arrays, round trips, floats, and malformed input."""

import copy
import itertools
import pickle
import random
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from relu_constructions import Layer, Parametrization, absolute_value, hat, sawtooth, square
from relu_constructions.layer import integer_row
from relu_constructions.parametrization import refuse_excess

HAT = Parametrization([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])


def tensor(array):
    """What is seen of an array of another library: `tolist` and nothing else."""
    return SimpleNamespace(tolist=array.tolist)


def draw(rng):
    kind = rng.randrange(4)
    if kind == 0:
        return Fraction(0)
    if kind == 1:
        return Fraction(rng.randint(-9, 9))
    if kind == 2:
        return Fraction(rng.randint(-99, 99), rng.randint(1, 99))
    return Fraction(rng.getrandbits(120) - 2**119, 2 ** rng.randint(0, 140))


def random_pairs(rng):
    sizes = [rng.randint(1, 5) for _ in range(rng.randint(2, 6))]
    return [
        ([[draw(rng) for _ in range(below)] for _ in range(above)], [draw(rng) for _ in range(above)])
        for below, above in itertools.pairwise(sizes)
    ]


def random_networks(seed, count):
    rng = random.Random(seed)
    for _ in range(count):
        pairs = random_pairs(rng)
        yield pairs, Parametrization(pairs)


def contents(phi):
    return [(A.tolist(), b.tolist()) for A, b in phi]


def entries(pairs):
    return [entry for A, b in pairs for row in (*A, b) for entry in row]


def test_sizes_are_those_of_the_dense_arrays():
    for pairs, phi in random_networks(1, 200):
        architecture = (len(pairs[0][0][0]), *(len(b) for _, b in pairs))
        assert phi.architecture == architecture
        assert (phi.depth, len(phi)) == (len(pairs), len(pairs))
        assert (phi.width, phi.neurons) == (max(architecture), sum(len(b) for _, b in pairs[:-1]))
        assert phi.connectivity == sum(entry != 0 for entry in entries(pairs))
        assert phi.magnitude == max(map(abs, entries(pairs)))


def test_bits_per_weight_are_those_of_the_longest_entry():
    for pairs, phi in random_networks(2, 200):
        lengths = [len(f"{abs(e.numerator):b}") + len(f"{e.denominator:b}") - 1 for e in entries(pairs) if e]
        assert phi.bits_per_weight == max(lengths, default=0)


def test_the_magnitude_sees_negative_weights_and_biases():
    assert HAT.magnitude == 4
    assert Parametrization([([[1]], [-7])]).magnitude == 7
    nothing = Parametrization([([[0, 0]], [0])])
    assert (nothing.magnitude, nothing.connectivity, nothing.bits_per_weight) == (0, 0, 0)
    assert type(Parametrization([([["-1/3"]], [0])]).magnitude) is Fraction


def test_iteration_and_indexing_give_layers_that_unpack():
    for pairs, phi in random_networks(3, 20):
        assert contents(phi) == pairs
        assert phi[0].A.tolist() == pairs[0][0]
        assert phi[-1].b.tolist() == pairs[-1][1]
        assert Parametrization(phi) == Parametrization(phi.layers) == Parametrization(iter(phi)) == phi


def test_equality_and_hash_are_those_of_the_content():
    networks = [phi for _, phi in random_networks(4, 30)]
    for first, second in itertools.product(networks, repeat=2):
        same = contents(first) == contents(second)
        assert (first == second) == same
        assert hash(first) == hash(second) or not same


def test_the_derivation_is_no_part_of_equality():
    phi = square(m=3)
    plain = phi.with_derivation(None)
    assert plain == phi
    assert hash(plain) == hash(phi)
    assert (plain.derivation, plain.theorem) == (None, None)
    assert phi.theorem.name == "square"
    assert {phi, plain, Parametrization(phi.layers)} == {plain}
    assert phi != phi.layers
    assert phi != HAT


BUILT = {
    "absolute value": absolute_value(),
    "hat": hat("three_neurons"),
    "sawtooth": sawtooth(4),
    "square": square("1e-9", bound="7/3", shifted=True),
    "random": next(random_networks(5, 1))[1],
}


@pytest.mark.parametrize("phi", BUILT.values(), ids=BUILT)
@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda phi: pickle.loads(pickle.dumps(phi))])
def test_pickle_and_copies_keep_content_and_derivation(phi, twin):
    hash(phi), phi.connectivity, phi[0].A
    assert twin(phi) == phi
    assert hash(twin(phi)) == hash(phi)
    assert twin(phi).derivation == phi.derivation
    assert repr(twin(phi)) == repr(phi)


@pytest.mark.parametrize("name", ["layers", "derivation", "connectivity", "other"])
def test_a_parametrization_is_frozen(name):
    with pytest.raises(AttributeError, match="frozen; make a new one"):
        setattr(HAT, name, None)
    with pytest.raises(AttributeError, match="frozen; make a new one"):
        delattr(HAT, name)
    assert HAT.connectivity == 5


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_every_float_is_taken_as_the_dyadic_rational_that_it_is(kind):
    rng = np.random.default_rng(6)
    A, b = rng.normal(size=(3, 2)).astype(kind), rng.normal(size=3).astype(kind)
    for pair in ((A, b), (A.tolist(), b.tolist()), (tensor(A), tensor(b))):
        phi = Parametrization.from_floats([pair])
        assert phi[0].A.tolist() == [[Fraction(float(entry)) for entry in row] for row in A]
        assert phi[0].b.tolist() == [Fraction(float(entry)) for entry in b]
        (found,), exact = phi.to_numpy(kind)
        assert exact
        assert [part.dtype for part in found] == [kind, kind]
        assert (found[0] == A).all()
        assert (found[1] == b).all()


def test_floats_and_exact_numbers_may_stand_side_by_side():
    phi = Parametrization.from_floats([([[0.5, "1/3"]], [Fraction(1, 7)]), Layer([[1]], [0])])
    assert phi == Parametrization([([["1/2", "1/3"]], ["1/7"]), ([[1]], [0])])


EXACTNESS = {
    "half in float16": ("1/2", np.float16, True),
    "11 bits in float16": (2**11 + 1, np.float16, False),
    "2049 in float32": (2**11 + 1, np.float32, True),
    "24 bits in float32": (Fraction(2**24 - 1, 2**30), np.float32, True),
    "25 bits in float32": (Fraction(2**24 + 1, 2**30), np.float32, False),
    "53 bits in float64": (2**53 - 1, np.float64, True),
    "54 bits in float64": (2**53 + 1, np.float64, False),
    "third": ("1/3", np.float64, False),
    "smallest subnormal": (Fraction(1, 2**1074), np.float64, True),
    "underflow to zero": (Fraction(1, 2**1075), np.float64, False),
    "underflow in float32": (Fraction(1, 2**150), np.float32, False),
    "subnormal in float16": (Fraction(3, 2**24), np.float16, True),
    "largest float16": (65504, np.float16, True),
    "beyond float64 in digits": (Fraction(10**400 + 1, 10**400), np.float64, False),
}


@pytest.mark.parametrize("entry, kind, exact", EXACTNESS.values(), ids=EXACTNESS)
def test_rounding_says_whether_every_entry_fits(entry, kind, exact):
    for pair in (([[entry]], [0]), ([[1]], [entry])):
        phi = Parametrization([([[1]], [0]), pair])
        layers, found = phi.to_numpy(kind)
        assert found is exact
        assert (Parametrization.from_floats(layers) == phi) is exact
        assert all(part.dtype == kind for pair in layers for part in pair)


TOO_LARGE = {
    "float16": (2**16, np.float16),
    "float32": (-(2**128), np.float32),
    "float64": (2**1024, float),
    "beyond CPython": (10**5000, np.float32),
}


@pytest.mark.parametrize("entry, kind", TOO_LARGE.values(), ids=TOO_LARGE)
def test_entries_too_large_for_a_type_are_refused(entry, kind):
    with pytest.raises(ValueError, match=rf"layer 2: an entry of A is too large for {np.dtype(kind)}"):
        Parametrization([([[1]], [0]), ([[entry]], [0])]).to_numpy(kind)
    with pytest.raises(ValueError, match="layer 1: an entry of b is too large"):
        Parametrization([([[1]], [entry]), ([[1]], [0])]).to_numpy(kind)


@pytest.mark.parametrize("kind", [int, complex, object, bool, "U3"], ids=str)
def test_types_that_are_no_floats_are_refused(kind):
    with pytest.raises(ValueError, match="dtype must be a floating-point type, got"):
        HAT.to_numpy(kind)


FITS = ([[1], [2]], [0, 0])
REFUSED = {
    "no layers": ([], ValueError, "must have at least one layer .*, got none"),
    "a number": (3, TypeError, "the layers must be a sequence of pairs .*, got int"),
    "nothing": (None, TypeError, "the layers must be a sequence of pairs .*, got NoneType"),
    "text": ("ab", TypeError, "the layers must be a sequence of pairs .*, got str"),
    "no pair": ([FITS, 5], TypeError, r"layer 2 must be a pair \(A, b\), got int"),
    "a triple": ([FITS, ([[1, 1]], [0], 0)], TypeError, r"layer 2 must be a pair \(A, b\), got tuple"),
    "too few columns": (
        [FITS, ([[1]], [0])],
        ValueError,
        r"layer 2: A must have 2 columns, .*got shape \(1, 1\)",
    ),
    "too many columns": ([FITS, ([[1] * 3], [0])], ValueError, r"layer 2: A must have 2 columns, .*\(1, 3\)"),
    "a layer that does not fit": ([FITS, Layer([[1]], [0])], ValueError, "layer 2: A must have 2 columns"),
    "empty matrix": ([([], [])], ValueError, "layer 1: A must have at least one row and one column"),
    "float": ([FITS, ([[1, 0.5]], [0])], TypeError, r"layer 2: A\[0, 1\] must be exact, got the float 0.5"),
}


@pytest.mark.parametrize("layers, error, words", REFUSED.values(), ids=REFUSED)
def test_malformed_networks_are_refused_and_the_layer_is_named(layers, error, words):
    with pytest.raises(error, match=words):
        Parametrization(layers)


NO_FLOATS = {
    "NaN": ([([[1.0]], [np.nan])], ValueError, r"layer 1: b\[0\] must be finite, got nan"),
    "infinity": (
        [([[1.0]], [0]), ([[-np.inf]], [0])],
        ValueError,
        r"layer 2: A\[0, 0\] must be finite, got -inf",
    ),
    "complex": ([([[1j]], [0])], TypeError, r"layer 1: A\[0, 0\] must be an exact number .*, got complex"),
    "no pair": ([([[1.0]], [0]), 1.5], TypeError, r"layer 2 must be a pair \(A, b\), got float"),
    "number": (0.5, TypeError, "the layers must be a sequence of pairs .*, got float"),
    "shapes": (
        [(np.ones((2, 1)), np.ones(1))],
        ValueError,
        "layer 1: b must have one entry for each of the 2 rows",
    ),
    "empty": (
        [(np.ones((0, 1)), np.ones(0))],
        ValueError,
        "layer 1: A must have at least one row and one column",
    ),
}


@pytest.mark.parametrize("weights, error, words", NO_FLOATS.values(), ids=NO_FLOATS)
def test_malformed_floating_point_weights_are_refused(weights, error, words):
    with pytest.raises(error, match=words):
        Parametrization.from_floats(weights)


def test_the_representation_fits_into_a_line():
    phi = square("1e-1000")
    assert (phi.depth, phi.connectivity) == (3323, 23250)
    assert repr(phi).startswith("Parametrization(architecture=(1, 2, 3, 3, ..., 3, 3, 2, 1), connectivity=")
    assert len(repr(phi)) <= 110
    assert repr(Parametrization([([[10**5000]], [0])])).endswith("magnitude=10^5000)")
    assert len(repr(Parametrization([([[3**20000]], [0])]))) <= 110


def test_a_million_nonzeros_are_counted_without_a_dense_matrix():
    size = 250_000
    rows = [integer_row({i: i + 1, (i + 1) % size: -1}) for i in range(size)]
    phi = Parametrization([Layer.from_rows(rows, size)] * 2)
    assert (phi.connectivity, phi.magnitude, phi.architecture) == (10**6, size, (size,) * 3)
    assert (
        repr(phi)
        == "Parametrization(architecture=(250000, 250000, 250000), connectivity=1000000, magnitude=250000)"
    )


@pytest.mark.parametrize(
    "size", [7 * 10**9, 10**400, 10**5000], ids=["billions", "beyond floats", "beyond CPython"]
)
def test_a_network_beyond_the_limits_is_refused_with_its_size(size):
    with pytest.raises(
        ValueError, match=r"it would have .* nonzeros of .*e\+\d+ bits; at most 10000000 nonzeros"
    ):
        refuse_excess("it", size, size**2)
    with pytest.raises(ValueError, match="it would have 1 nonzeros"):
        refuse_excess("it", 1, size)
    refuse_excess("it", 10**7, 2**32)
