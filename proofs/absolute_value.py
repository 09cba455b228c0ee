"""The absolute value is a network of two neurons.

Statement. |x| = rho(x) + rho(-x) for every real x, with depth 2, two neurons, four nonzero parameters, all
of them 1 or -1. Its network derivative at 0 is 0, whatever value c is given to rho'(0).

Notation. rho(t) = max(t, 0); D is the network derivative A_2 diag(rho'(A_1 x + b_1)) A_1.

Overview. `lemma_sum_of_the_two_relus` proves the identity by the sign of x, `lemma_the_difference_is_x` is
the neighbouring identity with which it must not be confused, `lemma_derivative_at_the_kink` computes D(0),
`theorem_sizes` counts.
"""

import sympy

from relu_constructions.constructions.absolute_value import THEOREM

u = sympy.Symbol("u", nonnegative=True)
A1, A2 = sympy.Matrix([1, -1]), sympy.Matrix([[1, 1]])


def relu(t):
    """Return the ReLU of an expression whose sign is evident."""
    assert t.is_nonnegative or t.is_nonpositive, t
    return t if t.is_nonnegative else sympy.S(0)


def network(weights, x):
    """Return the output of the network with hidden layer (x, -x) and the given output weights."""
    return (sympy.Matrix([weights]) * (A1 * x).applyfunc(relu))[0]


def lemma_sum_of_the_two_relus():
    """rho(x) + rho(-x) = |x| for x = u and for x = -u, u >= 0."""
    for x in (u, -u):
        assert network(list(A2), x) == u == abs(x)


def lemma_the_difference_is_x():
    """rho(x) - rho(-x) = x, which is not |x| for x < 0."""
    for x in (u, -u):
        assert network([1, -1], x) == x
    assert network([1, -1], sympy.S(-1)) != 1


def lemma_derivative_at_the_kink():
    """D(0) = 0 for every value c of rho'(0), and 0 lies in the Clarke subdifferential [-1, 1]."""
    c = sympy.Symbol("c", real=True)

    def derivative(*slopes):
        return (A2 * sympy.diag(*slopes) * A1)[0]

    assert derivative(c, c) == 0
    assert (derivative(0, 1), derivative(1, 0)) == (-1, 1)


def theorem_sizes():
    """The sizes that the package claims are those of the network above, and the errors are 0."""
    entries = [*A1, *A2]
    facts = {
        "depth": 2,
        "width": A1.rows,
        "neurons": A1.rows,
        "connectivity": sum(entry != 0 for entry in entries),
        "magnitude": max(map(abs, entries)),
        "value_error": 0,
        "derivative_error": 0,
    }
    assert {quantity: THEOREM.formula(quantity) for quantity in facts} == facts
