"""Block matrices of symbolic shape, and what a network made of them costs.

A network is a list of segments (layers, nonzeros, rows).  `nonzeros` and `magnitude` walk through the blocks
of a matrix: they are additive, respectively maximal, over blocks and blind to signs.  The proofs of the
calculus count the very block matrices whose products they show to realize an operation.
"""

import sympy
from sympy import BlockMatrix, Identity, MatrixSymbol, Max, OneMatrix, S, Symbol, ZeroMatrix

from relu_constructions.calculus import THEOREMS
from relu_constructions.theorem import sympy_formula

d, n, k = sympy.symbols("d n k", integer=True, positive=True)
L_phi, L_psi = sympy.symbols("L_phi L_psi", integer=True, positive=True)
below, above, hidden_phi, hidden_psi, outputs = sympy.symbols("below above h_phi h_psi o", integer=True)
t = Symbol("t", positive=True)
A, b = MatrixSymbol("A", d, n), MatrixSymbol("b", d, 1)
C, c = MatrixSymbol("C", k, d), MatrixSymbol("c", k, 1)
PRODUCT, BIAS = MatrixSymbol("P", k, n), MatrixSymbol("q", k, 1)
y = MatrixSymbol("y", n, 1)
BELOW = (L_phi - 1, below, hidden_phi)
ABOVE = (L_psi - 1, above, hidden_psi - k + outputs)


def fold(matrix, leaf, join):
    """Fold over the blocks of a matrix; a nonzero factor before a block is dropped."""
    if isinstance(matrix, BlockMatrix):
        return join(*(fold(block, leaf, join) for block in matrix.blocks))
    factor, (block,) = matrix.as_coeff_matrices() if matrix.is_MatMul else (S(1), [matrix])
    assert factor.is_nonzero
    return leaf(block)


def count(block):
    """Return a(block); a letter for a matrix has the letter a(...) for its count."""
    if isinstance(block, Identity):
        return block.rows
    if isinstance(block, OneMatrix):
        return block.rows * block.cols
    assert isinstance(block, (MatrixSymbol, ZeroMatrix)), block
    return S(0) if isinstance(block, ZeroMatrix) else Symbol(f"a({block})", integer=True, nonnegative=True)


def size(block):
    """Return the largest absolute value in a block, as `count` does."""
    if isinstance(block, (Identity, ZeroMatrix)):
        return S(1) if isinstance(block, Identity) else S(0)
    return Symbol(f"B({block})", nonnegative=True)


def nonzeros(*matrices):
    """Return the number of nonzeros of matrices: the sum over their blocks."""
    return sum(fold(matrix, count, lambda *parts: sum(parts)) for matrix in matrices)


def magnitude(*matrices):
    """Return the largest absolute value in matrices: the maximum over their blocks."""
    return Max(*(fold(matrix, size, Max) for matrix in matrices))


def pair(matrix, bias, times=1):
    """Return the segment of some equal layers (matrix, bias)."""
    assert matrix.rows == bias.rows
    return times, times * nonzeros(matrix, bias), times * matrix.rows


def split(matrix):
    """Return [X; -X]."""
    return BlockMatrix([[matrix], [-matrix]])


def joined(matrix):
    """Return [X, -X]."""
    return BlockMatrix([[matrix, -matrix]])


def zero(rows):
    """Return the bias 0."""
    return ZeroMatrix(rows, 1)


def middle(times):
    """Return layers that pass positive and negative parts on."""
    return pair(Identity(2 * d), zero(2 * d), times)


def sizes(*segments, last):
    """Return depth, neurons and connectivity of a network with `last` outputs."""
    depth, connectivity, rows = (sum(parts) for parts in zip(*segments, strict=True))
    return {"depth": depth, "neurons": rows - last, "connectivity": connectivity}


PHI = {
    "L_phi": L_phi,
    "neurons_phi": hidden_phi,
    "M_phi": below + nonzeros(A, b),
    "M_L_phi": nonzeros(A, b),
    "d": d,
}
PSI = {
    "L_psi": L_psi,
    "neurons_psi": hidden_psi,
    "M_psi": above + nonzeros(C, c),
    "M_1_psi": nonzeros(C, c),
    "a_1_psi": nonzeros(C),
}
MERGED = {"a_product": nonzeros(PRODUCT), "new_bias": nonzeros(BIAS)}


def assert_sizes(name, facts, **symbols):
    """Compare with the equalities that the package states."""
    for quantity, fact in facts.items():
        assert quantity in THEOREMS[name].equals
        difference = THEOREMS[name].formula(quantity, **symbols) - fact
        assert sympy.expand(difference) == 0, (name, quantity, difference)


def bound(name, quantity, **symbols):
    """Return the upper bound that the package states."""
    theorem = THEOREMS[name]
    return sympy_formula(theorem.at_most[quantity], theorem.parameters, symbols)
