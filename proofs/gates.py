"""Gates: what D(Phi) and the one-sided derivatives of a small network are, with symbols for its weights.

A network is a list of pairs (A, b) of nested lists; a gate is an entry of Delta_l, that is 1, c or 0 for a
preactivation that is positive, zero or negative.
"""

import sympy
from sympy import Matrix, Rational, S

c = sympy.Symbol("c", real=True)
GATES = (S(1), c, S(0))


def symbols(name, rows, columns=1):
    """Return a matrix of real symbols."""
    return Matrix(rows, columns, lambda i, j: sympy.Symbol(f"{name}{i}{j}", real=True))


def chain(matrices, gates):
    """Return A_L Delta_{L-1} ... Delta_1 A_1 for A_1, ..., A_L and the diagonals of Delta_1, ...,
    Delta_{L-1}."""
    product = matrices[0]
    for A, diagonal in zip(matrices[1:], gates, strict=True):
        product = A * sympy.diag(*diagonal) * product
    return product.expand()


def sign(value):
    """Return the sign of an expression, which must be evident once it is factored."""
    value = sympy.factor(value)
    for test, answer in ((value.is_positive, 1), (value.is_zero, 0), (value.is_negative, -1)):
        if test:
            return answer
    raise AssertionError(value)


def forward(layers, x):
    """Return the value at x and the gates of all hidden layers."""
    values, gates = Matrix([x]), []
    for index, (A, shift) in enumerate(layers, start=1):
        values = (Matrix(A) * values + Matrix(shift)).expand()
        if index < len(layers):
            signs = [sign(value) for value in values]
            gates.append([(S(0), c, S(1))[1 + s] for s in signs])
            values = Matrix([value if s > 0 else 0 for s, value in zip(signs, values, strict=True)])
    return values[0], gates


def at_point(layers, x):
    """Return the left derivative, D(Phi) as a polynomial in c, and the right derivative, at a point."""
    matrices, (_, gates) = [Matrix(A) for A, _ in layers], forward(layers, x)
    sides = []
    for direction in (-1, 1):
        slopes, active = matrices[0], []
        for A, diagonal in zip(matrices[1:], gates, strict=True):
            active = [
                1 if g == 1 or (g == c and sign(direction * s) > 0) else 0
                for g, s in zip(diagonal, slopes, strict=True)
            ]
            slopes = A * sympy.diag(*active) * slopes
        sides.append(sympy.expand(slopes[0]))
    return sides[0], chain(matrices, gates)[0], sides[1]


def exact_layers(network):
    """Return the layers of a network in rationals of sympy."""

    def rational(entry):
        return Rational(entry.numerator, entry.denominator)

    return [([[rational(e) for e in row] for row in A], [rational(e) for e in shift]) for A, shift in network]


def right_conventions(left, polynomial, right):
    """Return the set of all real c with min(left, right) <= D <= max(left, right), for numbers left,
    right."""
    excesses = (polynomial - min(left, right), max(left, right) - polynomial)
    return sympy.Intersection(
        *(sympy.Union(*sympy.solve_poly_inequality(sympy.Poly(e, c), ">=")) for e in excesses)
    )
