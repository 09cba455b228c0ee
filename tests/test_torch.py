"""D(Phi) against the gradients of PyTorch: equal, with the convention that each formula has there.

Weights and points are small dyadic numbers, so that float64 is exact; the values are compared as well.
"""

import functools
import itertools
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import flint
import numpy as np
import pytest

from relu_constructions import (
    ABSOLUTE_VALUE,
    GELU,
    HARD_TANH,
    RELU,
    SOFTPLUS,
    TANH,
    Activation,
    Parametrization,
    PiecewiseAffine,
    absolute_value,
    derivative,
    elu,
    hat,
    leaky_relu,
    one_sided_derivative,
    product,
    sawtooth,
    square,
)

pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning")

HALF = Fraction(1, 2)
CONVENTIONS = (Fraction(0), HALF, Fraction(1))
RELU_6 = PiecewiseAffine([0, 6], [0, 1, 0], 0)
SOFT_SHRINK = PiecewiseAffine([-HALF, HALF], [1, 0, 1], 0)

I1 = [([[1], [-1]], [0, 0]), ([[1, -1]], [0])]
Z = [([[1]], [0]), ([[-1]], [0]), ([[1]], [0])]
I2 = [([[1], [-1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0])]
I3 = [([[1], [-1]], [0, 0]), ([[1, 0], [0, 1], [-1, 0]], [0, 0, 0]), ([[1, -1, 2]], [0])]
I4 = [([[1], [-1]], [0, 0]), ([[1, -1], [-1, 0]], [5, 0]), ([[1, 2]], [-5])]
B = [([[1], [-1]], [0, 0]), ([[3, -7]], [0])]


@pytest.fixture(scope="module")
def torch():
    """PyTorch on one thread, imported here because a process that collects this file may not run it."""
    module = pytest.importorskip("torch")
    threads = module.get_num_threads()
    module.set_num_threads(1)
    yield module
    module.set_num_threads(threads)


class Formula(NamedTuple):
    """A formula for an activation, and the conventions at its kinks that PyTorch has in either mode."""

    activation: Activation
    reverse: tuple[Fraction | int, ...]
    forward: tuple[Fraction | int, ...]
    apply: Callable[[Any, Any], Any]


def formula(activation, conventions, apply, forward=None):
    return Formula(activation, conventions, forward or conventions, apply)


FORMULAS = {
    "torch.relu": formula(RELU, (0,), lambda torch, x: torch.relu(x)),
    "nn.ReLU": formula(RELU, (0,), lambda torch, x: torch.nn.ReLU()(x)),
    "nn.functional.relu": formula(RELU, (0,), lambda torch, x: torch.nn.functional.relu(x)),
    "where(x > 0, x, 0)": formula(RELU, (0,), lambda torch, x: torch.where(x > 0, x, 0.0)),
    "maximum(x, 0)": formula(RELU, (HALF,), lambda torch, x: torch.maximum(x, torch.zeros_like(x))),
    "(x + |x|) / 2": formula(RELU, (HALF,), lambda torch, x: (x + x.abs()) / 2),
    "clamp(x, min=0)": formula(RELU, (1,), lambda torch, x: x.clamp(min=0)),
    "where(x >= 0, x, 0)": formula(RELU, (1,), lambda torch, x: torch.where(x >= 0, x, 0.0)),
    "x + relu(-x)": formula(RELU, (1,), lambda torch, x: x + torch.relu(-x)),
    "clamp(x, min=zeros)": formula(RELU, (1,), lambda torch, x: x.clamp(min=torch.zeros_like(x)), (0,)),
    "fmax(x, 0)": formula(RELU, (1,), lambda torch, x: torch.fmax(x, torch.zeros_like(x)), (0,)),
    "nn.LeakyReLU(1/4)": formula(leaky_relu("1/4"), (0,), lambda torch, x: torch.nn.LeakyReLU(0.25)(x)),
    "maximum(x, x/4)": formula(leaky_relu("1/4"), (HALF,), lambda torch, x: torch.maximum(x, x / 4)),
    "torch.abs": formula(ABSOLUTE_VALUE, (HALF,), lambda torch, x: torch.abs(x)),
    "where(x < 0, -x, x)": formula(ABSOLUTE_VALUE, (1,), lambda torch, x: torch.where(x < 0, -x, x)),
    "nn.Hardtanh": formula(HARD_TANH, (0, 1), lambda torch, x: torch.nn.Hardtanh()(x)),
    "clamp(x, -1, 1)": formula(HARD_TANH, (1, 0), lambda torch, x: x.clamp(-1, 1)),
    "nn.ReLU6": formula(RELU_6, (0, 1), lambda torch, x: torch.nn.ReLU6()(x)),
    "nn.Softshrink(1/2)": formula(SOFT_SHRINK, (1, 0), lambda torch, x: torch.nn.Softshrink(0.5)(x)),
}

SMOOTH = {
    "nn.Softplus": formula(SOFTPLUS, (), lambda torch, x: torch.nn.Softplus()(x)),
    "torch.tanh": formula(TANH, (), lambda torch, x: torch.tanh(x)),
    "nn.GELU": formula(GELU, (), lambda torch, x: torch.nn.GELU()(x)),
    "nn.ELU": formula(elu(1), (), lambda torch, x: torch.nn.ELU()(x)),
    "nn.ELU(1/2)": formula(elu("1/2"), (0,), lambda torch, x: torch.nn.ELU(0.5)(x)),
}


def backward(torch, module, x):
    """Reverse mode as in training: a backward pass for each output."""
    gradients = []
    for i in range(module(x).shape[1]):
        leaf = x.clone().requires_grad_()
        module(leaf)[:, i].sum().backward()
        gradients.append(leaf.grad)
    return torch.stack(gradients, dim=1)


def jvp(torch, module, x):
    """Forward mode: a pass with dual numbers for each input."""
    directions = [unit.expand_as(x).contiguous() for unit in torch.eye(x.shape[1], dtype=x.dtype)]
    return torch.stack([torch.func.jvp(module, (x,), (d,))[1] for d in directions], dim=2)


def jacfwd(torch, module, x):
    """Forward mode, over all points at once."""
    return torch.func.vmap(torch.func.jacfwd(module))(x)


MODES = {"backward": backward, "jvp": jvp, "jacfwd": jacfwd}


@functools.cache
def sequential(torch, phi, apply):
    """The network as Linear modules, whose weights are those of phi, with a formula between them."""

    class Neurons(torch.nn.Module):
        def forward(self, x):
            return apply(torch, x)

    layers, exact = phi.to_numpy()
    assert exact
    modules = []
    for A, b in layers:
        linear = torch.nn.Linear(A.shape[1], A.shape[0], dtype=torch.float64)
        linear.load_state_dict({"weight": torch.from_numpy(A), "bias": torch.from_numpy(b)})
        modules += [linear, Neurons()]
    return torch.nn.Sequential(*modules[:-1])


def entry(rng):
    return Fraction(rng.choice([0, 1, -1, 1, -1, 2, -2, 3]), rng.choice([1, 1, 2]))


def random_layers(seed):
    """Layers of depth 2 to 5 with small dyadic weights, so that preactivations are often kinks."""
    rng = random.Random(seed)
    inputs, outputs, depth, biased = 3 - seed % 3, 1 + seed // 3 % 3, 2 + seed % 4, seed % 5 > 2
    sizes = [inputs, *(rng.randint(2, 4) for _ in range(depth - 1)), outputs]
    return [
        ([[entry(rng) for _ in range(n)] for _ in range(m)], [biased * entry(rng) for _ in range(m)])
        for n, m in itertools.pairwise(sizes)
    ]


CONSTRUCTIONS = (
    *(absolute_value(), hat(), hat("three_neurons"), sawtooth(4), product(m=3)),
    *(square(m=4), square(m=4, form="yarotsky"), square(m=4, form="epgb", bound=1)),
)


@functools.cache
def networks(activation):
    """The networks of the tests: with ReLU they include those of the package."""
    layers = [I1, Z, I2, I3, I4, B, *(random_layers(seed) for seed in range(120, 132))]
    made = tuple(Parametrization(given, activation=activation) for given in layers)
    return (*made, *CONSTRUCTIONS) if activation == RELU else made


def lattice(inputs):
    """Dyadic points around the unit cube, as columns of floats."""
    lo, hi, steps = {1: (-1, 2, 16), 2: (-1, 1, 4), 3: (-1, 1, 2)}[inputs]
    axis = [k / steps for k in range(lo * steps, hi * steps + 1)]
    return np.array(list(itertools.product(axis, repeat=inputs))).T


def as_fractions(floats):
    return np.array([[Fraction(x) for x in row] for row in floats], dtype=object)


@functools.cache
def exact_derivatives(phi, conventions):
    """D(Phi) at the lattice points in rational arithmetic: nested lists of shape (N_L, N_0, n).

    All entries are floats, which are read faster than fractions.
    """
    exact = derivative(phi, as_fractions(lattice(phi.architecture[0])), at_kink=conventions)
    floats = exact.astype(float).tolist()
    assert floats == exact.tolist()
    return floats


def all_conventions(activation):
    return list(itertools.product(CONVENTIONS, repeat=len(activation.kinks)))


ACTIVATIONS = {str(given.activation): given.activation for given in FORMULAS.values()}


def visible_kinks(phi):
    """The number of lattice points at which D(Phi) depends on the conventions."""
    found = np.array([exact_derivatives(phi, c) for c in all_conventions(phi.activation)])
    return int((found != found[0]).any(axis=(0, 1, 2)).sum())


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_hundreds_of_lattice_points_are_kinks_and_most_are_not(name):
    tested = networks(ACTIVATIONS[name])
    kinks = sum(map(visible_kinks, tested))
    assert {phi.depth for phi in tested} >= {2, 3, 4, 5}
    assert {(phi.architecture[0], phi.architecture[-1]) for phi in tested} >= {(2, 3), (3, 2), (3, 3)}
    assert kinks > 150
    assert sum(lattice(phi.architecture[0]).shape[1] for phi in tested) > 3 * kinks


@pytest.mark.parametrize("name", FORMULAS)
def test_the_values_are_those_of_the_network(torch, name):
    for phi in networks(FORMULAS[name].activation):
        points = lattice(phi.architecture[0])
        values = sequential(torch, phi, FORMULAS[name].apply)(torch.from_numpy(points.T))
        exact = phi(as_fractions(points)).tolist()
        assert values.T.tolist() == exact
        assert phi(points).tolist() == exact


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", FORMULAS)
def test_the_derivative_is_that_of_pytorch_with_one_convention_and_no_other(torch, name, mode):
    activation, reverse, forward, apply = FORMULAS[name]
    tested = networks(activation)
    agreeing = dict.fromkeys(all_conventions(activation), 0)
    for phi in tested:
        points = torch.from_numpy(lattice(phi.architecture[0]).T)
        found = MODES[mode](torch, sequential(torch, phi, apply), points).permute(1, 2, 0).tolist()
        for conventions in agreeing:
            agreeing[conventions] += found == exact_derivatives(phi, conventions)
    assert agreeing.pop(reverse if mode == "backward" else forward) == len(tested)
    assert max(agreeing.values()) < len(tested)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_floats_give_the_same_derivatives(name):
    for phi in networks(ACTIVATIONS[name]):
        points = lattice(phi.architecture[0])
        for conventions in all_conventions(phi.activation):
            found = derivative(phi, points, at_kink=[float(c) for c in conventions])
            assert found.tolist() == exact_derivatives(phi, conventions)


@pytest.mark.parametrize("name", [name for name in FORMULAS if FORMULAS[name].activation == RELU])
def test_pytorch_at_a_kink_gives_a_polynomial_in_the_convention(torch, name):
    (c,) = FORMULAS[name].reverse
    expected = [(I1, 2 * c), (Z, -(c**2)), (I2, 2 * c**2), (I3, 0), (I4, 2 * c - 2 * c**2), (B, 10 * c)]
    for layers, slope in expected:
        x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        sequential(torch, Parametrization(layers), FORMULAS[name].apply)(x).backward()
        assert x.grad.tolist() == [slope]


def test_pytorch_gives_zero_for_the_slope_of_the_identity(torch):
    identity = Parametrization(I1)
    x = torch.tensor([[0.0], [-1e-300], [1e-300]], dtype=torch.float64, requires_grad=True)
    y = sequential(torch, identity, FORMULAS["nn.ReLU"].apply)(x)
    y.sum().backward()
    assert y.tolist() == x.tolist()
    assert x.grad.tolist() == [[0.0], [1.0], [1.0]]
    assert derivative(identity, 0) == 0
    assert one_sided_derivative(identity, 0, side=-1) == one_sided_derivative(identity, 0, side=1) == 1


def farthest(found, balls):
    """Return the largest distance of a float x to a point of its ball, as a multiple of 1 + |x|, exactly."""
    distances = [Fraction(0)]
    for x, ball in zip(np.ravel(found).tolist(), np.ravel(balls), strict=True):
        assert ball.is_finite()
        ends = [Fraction(int(end.p), int(end.q)) for end in (ball.lower().fmpq(), ball.upper().fmpq())]
        distances.append(max(abs(Fraction(x) - end) for end in ends) / (1 + abs(Fraction(x))))
    return max(distances)


def as_balls(floats):
    return np.array([[flint.arb(x) for x in row] for row in floats.tolist()], dtype=object)


@pytest.mark.parametrize("mode", ["backward", "jvp"])
@pytest.mark.parametrize("name", SMOOTH)
def test_values_and_derivatives_of_smooth_networks_are_near_those_of_pytorch(torch, name, mode):
    activation, conventions, _, apply = SMOOTH[name]
    for layers in [I2, I3, B, *(random_layers(seed) for seed in range(120, 132, 4))]:
        phi = Parametrization(layers, activation=activation)
        points = lattice(phi.architecture[0])[:, ::3]
        x, module = torch.from_numpy(points.T.copy()), sequential(torch, phi, apply)
        with flint.ctx.workprec(100):
            values, slopes = phi(as_balls(points)), derivative(phi, as_balls(points), at_kink=conventions)
        assert farthest(module(x).detach().T.numpy(), values) < Fraction(1, 2**40)
        found = MODES[mode](torch, module, x).detach().permute(1, 2, 0).numpy()
        assert found.shape == slopes.shape
        assert farthest(found, slopes) < Fraction(1, 2**40)


def test_another_formula_is_seen_to_be_another_function(torch):
    """GELU by tanh, and softplus beyond the threshold where PyTorch returns x."""
    x = torch.tensor([-2.0, 1.0], dtype=torch.float64)
    balls = [GELU.ball(flint.arb(point)) for point in x.tolist()]
    assert farthest(torch.nn.GELU()(x).numpy(), balls) < Fraction(1, 2**40)
    assert farthest(torch.nn.GELU(approximate="tanh")(x).numpy(), balls) > Fraction(1, 2**14)
    x = torch.tensor([19.5, 20.5], dtype=torch.float64)
    below, above = (SOFTPLUS.ball(flint.arb(point)) for point in x.tolist())
    values = torch.nn.Softplus()(x).numpy()
    assert farthest(values[:1], [below]) < Fraction(1, 2**40) < farthest(values[1:], [above])
