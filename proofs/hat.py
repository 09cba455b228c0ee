"""The hat function is a network of three neurons on R, and of two on the half line up to 1.

Statement. Let h(x) = 2x on [0, 1/2], 2 - 2x on [1/2, 1] and 0 elsewhere. Then

    h(x) = 2 rho(x) - 4 rho(x - 1/2) + 2 rho(x - 1)    for every real x,
    h(x) = 2 rho(x) - 4 rho(x - 1/2)                   exactly for x <= 1,
    h(x) = rho(2 rho(x) - 4 rho(x - 1/2))              for every real x,

and the first two networks have 3 and 2 neurons, 8 and 5 nonzero parameters, and magnitude 4.

Notation. rho(t) = max(t, 0) is the ReLU; a piece is an interval that contains no kink in its interior.

Overview. `lemma_three_neurons_are_the_hat` and `lemma_no_other_coefficients` treat the first network,
`lemma_two_neurons_up_to_one` and `lemma_relu_repairs_the_two_neurons` the second one, `theorem_sizes`
counts. An affine function has one sign on an interval when its values at the two ends have it; `relu`
decides by that, in exact arithmetic, and refuses a piece on which the sign changes.

References. Yarotsky, Neural Networks 94 (2017); Telgarsky, COLT 2016.
"""

import sympy
from sympy import Rational, S, oo

from relu_constructions.constructions.hat import THEOREMS

x = sympy.Symbol("x", real=True)
HALF = Rational(1, 2)
PIECES = {(-oo, S(0)): S(0), (S(0), HALF): 2 * x, (HALF, S(1)): 2 - 2 * x, (S(1), oo): S(0)}
"""The four pieces of the hat and its values there."""
KINKS = (S(0), HALF, S(1))


def relu(t, ends):
    """Return the ReLU of t, affine in x, on the piece with the given ends."""
    values = [sympy.expand(t).subs(x, end) for end in ends]
    if all(value.is_extended_nonnegative for value in values):
        return t
    assert all(value.is_extended_nonpositive for value in values), (t, ends)
    return S(0)


def network(coefficients, ends):
    """Return the sum of c_i rho(x - kink_i) on a piece."""
    return sympy.expand(sum(c * relu(x - kink, ends) for c, kink in zip(coefficients, KINKS, strict=False)))


def lemma_three_neurons_are_the_hat():
    """On all four pieces, 2 rho(x) - 4 rho(x - 1/2) + 2 rho(x - 1) is the hat."""
    for ends, hat in PIECES.items():
        assert network((2, -4, 2), ends) == hat


def lemma_the_hat_is_well_defined():
    """At the three kinks the values of the two adjacent pieces agree, and the peak is h(1/2) = 1."""
    for (left, right), kink in zip(zip(PIECES, list(PIECES)[1:], strict=False), KINKS, strict=True):
        assert PIECES[left].subs(x, kink) == PIECES[right].subs(x, kink)
    assert PIECES[S(0), HALF].subs(x, HALF) == 1


def lemma_no_other_coefficients():
    """The hat is a combination of rho(x), rho(x - 1/2), rho(x - 1) with the coefficients 2, -4, 2 only."""
    unknowns = sympy.symbols("a b c")
    equations = [
        coefficient
        for ends, hat in PIECES.items()
        for coefficient in sympy.Poly(network(unknowns, ends) - hat, x).all_coeffs()
    ]
    assert sympy.linsolve(equations, unknowns) == sympy.FiniteSet((2, -4, 2))


def lemma_two_neurons_up_to_one():
    """The two-neuron form is the hat on (-oo, 1], and differs from it at every x > 1."""
    for ends, hat in PIECES.items():
        difference = network((2, -4), ends) - hat
        if ends == (1, oo):
            beyond = sympy.Symbol("u", positive=True)
            assert difference.subs(x, 1 + beyond).is_negative
        else:
            assert difference == 0


def lemma_relu_repairs_the_two_neurons():
    """The ReLU of the two-neuron form is the hat on all of R."""
    for ends, hat in PIECES.items():
        assert relu(network((2, -4), ends), ends) == hat


def lemma_the_derivative_has_modulus_two():
    """The hat has slope +2 and -2 on the two halves of [0, 1] and slope 0 outside."""
    assert [sympy.diff(hat, x) for hat in PIECES.values()] == [0, 2, -2, 0]


def matrices(coefficients):
    """Return (A_1, b_1), (A_2, b_2) of the network with these output weights."""
    kinks = sympy.Matrix(KINKS[: len(coefficients)])
    return (sympy.ones(len(kinks), 1), -kinks), (sympy.Matrix([coefficients]), sympy.zeros(1, 1))


def theorem_sizes():
    """The sizes that the package claims are those of the two networks above, and the errors are 0."""
    for key, coefficients in {"two_neurons": (2, -4), "three_neurons": (2, -4, 2)}.items():
        layers = matrices(coefficients)
        entries = [entry for pair in layers for part in pair for entry in part]
        facts = {
            "depth": len(layers),
            "width": len(coefficients),
            "neurons": len(coefficients),
            "connectivity": sum(entry != 0 for entry in entries),
            "magnitude": max(map(abs, entries)),
            "value_error": 0,
            "derivative_error": 0,
        }
        assert {quantity: THEOREMS[key].formula(quantity) for quantity in facts} == facts
