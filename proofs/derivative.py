"""The derivative of a network: the derivative almost everywhere, and the chain rule at every point.

Statement.  Let D(Phi)(x) = A_L Delta_{L-1} A_{L-1} ... Delta_1 A_1, where Delta_l is diagonal with 1, c or 0
for a preactivation that is positive, zero or negative, and c is any real number.

(a) D(Phi) is the derivative of R(Phi) almost everywhere.
(b) D(Psi o Phi)(x) = D(Psi)(R(Phi)(x)) D(Phi)(x) at every x, for the merged concatenation.
(c) For almost every x, D(Psi)(y) D(Phi)(x) = D(Psi o Phi)(x) for all y near R(Phi)(x).
(d) For the sparse concatenation D is D(Psi)(R(Phi)(x)) S D(Phi)(x), where S is diagonal with 2c where a
    component of R(Phi)(x) is zero and 1 elsewhere.  So (b) holds for it if c = 1/2; for every other c it
    fails, for Psi = Phi = x at 0.

Notation.  rho(t) = max(t, 0).  The row of a neuron of layer l is its row of A_l Delta_{l-1} ... A_1.
Noncommutative symbols stand for matrices of any shapes; `chain` in proofs/gates.py multiplies explicit ones.

Overview.  (a) `lemma_affine_that_vanishes_on_an_open_set`, `lemma_gates_make_the_derivative_of_relu`,
`theorem_almost_everywhere`.  (b) `lemma_merging_keeps_the_preactivations`, `theorem_chain_rule`.  (c)
`lemma_gates_on_zero_rows`, `theorem_stable_limit`, and `lemma_exceptional_points` where it fails.  (d)
`theorem_sparse_concatenation`.

Prose.  In (a) and (c): the finitely many sets on which every preactivation has one of the signs +, 0, - are
polyhedra; those without interior points are null sets, and on the interior of the others every preactivation
is affine, by induction over the layers.  In (c): a preactivation of Psi that is not zero at R(Phi)(x) keeps
its sign for y near R(Phi)(x), and one that is zero there for all x in an open set has the row zero; so the
gates change on zero rows only, layer by layer.  The number of layers is that of the examples; the step from
one layer to the next is the same for all.

References.  Berner, Elbrächter, Grohs and Jentzen (2019), for (a), (b), (c); (d) is derived here.
"""

import itertools

import sympy
from gates import GATES, c, chain, symbols
from sympy import Matrix, Rational, S


def lemma_affine_that_vanishes_on_an_open_set():
    """If w x + beta is zero at p and at p + h e_i, h != 0, for all i, then w = 0 and beta = 0."""
    h = sympy.Symbol("h", nonzero=True)
    w, p, beta = symbols("w", 1, 3), symbols("p", 3), sympy.Symbol("beta")
    corners = [p, *(p + h * sympy.eye(3).col(i) for i in range(3))]
    equations = [(w * corner)[0] + beta for corner in corners]
    assert [sympy.expand(e - equations[0]) for e in equations[1:]] == [h * entry for entry in w]
    assert equations[0].subs(dict.fromkeys(w, 0)) == beta
    assert sympy.solve(equations, [*w, beta], dict=True) == [dict.fromkeys([*w, beta], 0)]


def lemma_gates_make_the_derivative_of_relu():
    """On an open set where a preactivation is positive, negative or zero, its gate times its row is the
    derivative of its ReLU: the row, 0, and 0, because then the row is 0; without that, c matters."""
    row = symbols("r", 1, 2)
    x = symbols("x", 2)
    affine = (row * x)[0]
    for gate, after in ((S(1), affine), (S(0), S(0))):
        assert gate * row == Matrix([[sympy.diff(after, entry) for entry in x]])
    assert c * sympy.zeros(1, 2) == sympy.zeros(1, 2)
    assert c * row != sympy.zeros(1, 2)


def theorem_almost_everywhere():
    """Architecture (2, 2, 2, 1), all sign patterns on an open set: D - DR is c times rows that are zero
    there.

    Layer 1 has the rows of A_1, set to zero where the preactivation is; the row of a neuron of layer 2 is
    that of A_2 Delta_1 A_1, and what D has beyond DR are exactly these rows, with the weights of the output.
    """
    x, A2, v = symbols("x", 2), symbols("w", 2, 2), symbols("v", 1, 2)
    for below in itertools.product(GATES, repeat=2):
        A1 = Matrix(
            [sympy.zeros(1, 2) if gate == c else symbols("u", 2, 2).row(i) for i, gate in enumerate(below)]
        )
        b1 = Matrix([0 if gate == c else sympy.Symbol(f"b{i}") for i, gate in enumerate(below)])
        z = sympy.diag(*(gate if gate != c else 0 for gate in below)) * (A1 * x + b1)
        sums = A2 * z + symbols("e", 2)
        rows = sums.jacobian(x)
        assert rows.expand() == chain([A1, A2], [below])
        for above in itertools.product(GATES, repeat=2):
            realized = (
                v * Matrix([gate * s if gate != c else 0 for gate, s in zip(above, sums, strict=True)])
            )[0]
            gradient = Matrix([[sympy.diff(realized, entry) for entry in x]])
            beyond = sum((c * v[j] * rows.row(j) for j in range(2) if above[j] == c), sympy.zeros(1, 2))
            assert chain([A1, A2, v], [below, above]) == (gradient + beyond).expand()


def lemma_merging_keeps_the_preactivations():
    """C (A z + b) + d = (C A) z + (C b + d): the first preactivations of Psi at R(Phi)(x) are those of Psi
    o Phi."""
    A, shift, z, C, d = sympy.symbols("A b z C d", commutative=False)
    assert sympy.expand(C * (A * z + shift) + d - ((C * A) * z + (C * shift + d))) == 0


def theorem_chain_rule():
    """(b) for Psi, Phi of architectures (2, 2, 1) and (2, 2, 2), symbolic weights and all 81 patterns of
    gates; and for matrices of any shapes: C_2 E (C_1 A_2) Delta A_1 = (C_2 E C_1) (A_2 Delta A_1)."""
    A1, A2, C1, C2 = symbols("u", 2, 2), symbols("w", 2, 2), symbols("p", 2, 2), symbols("q", 1, 2)
    for below, above in itertools.product(itertools.product(GATES, repeat=2), repeat=2):
        outer, inner = chain([C1, C2], [above]), chain([A1, A2], [below])
        assert chain([A1, C1 * A2, C2], [below, above]) == (outer * inner).expand()
    A, G, H, E, C, F = sympy.symbols("A_1 Delta A_2 E C_1 C_2", commutative=False)
    assert F * E * (C * H) * G * A == (F * E * C) * (H * G * A)
    assert F * E * (C * H) * G * A != (F * C * E) * (H * G * A)


def lemma_gates_on_zero_rows():
    """(Delta + E) G = Delta G if E is diagonal and nonzero at zero rows of G only, for any three rows."""
    G, gates, changes = symbols("g", 3, 2), symbols("d", 3), symbols("e", 3)
    for zero in itertools.product((True, False), repeat=3):
        rows = Matrix([sympy.zeros(1, 2) if dead else G.row(i) for i, dead in enumerate(zero)])
        E = sympy.diag(*(changes[i] if dead else 0 for i, dead in enumerate(zero)))
        assert (sympy.diag(*gates) + E) * rows == sympy.diag(*gates) * rows
        if not all(zero):
            assert (sympy.diag(*gates) + sympy.diag(*changes)) * rows != sympy.diag(*gates) * rows


def theorem_stable_limit():
    """C_3 (Delta_2 + E_2) C_2 (Delta_1 + E_1) C_1 D differs from the product without E_1, E_2 by terms
    that have E_1 C_1 D or E_2 C_2 Delta_1 C_1 D as a factor; both are zero by `lemma_gates_on_zero_rows`."""
    C1, C2, C3, G1, G2, E1, E2, D = sympy.symbols("C_1 C_2 C_3 Delta_1 Delta_2 E_1 E_2 D", commutative=False)
    near = C3 * (G2 + E2) * C2 * (G1 + E1) * C1 * D
    rest = C3 * (G2 + E2) * C2 * (E1 * C1 * D) + C3 * (E2 * C2 * G1 * C1 * D)
    assert sympy.expand(near - C3 * G2 * C2 * G1 * C1 * D - rest) == 0


def lemma_exceptional_points():
    """At x = 0 with Phi = x: for Psi = rho the gates 1 and 0 on the two sides give two limits; for the
    split identity both give 1, and D(Psi o Phi)(0) = 2c."""
    assert [chain([Matrix([1]), Matrix([1])], [[gate]])[0] for gate in (1, 0)] == [1, 0]
    first, last = Matrix([1, -1]), Matrix([[1, -1]])
    gates = [(1, 0), (0, 1), (c, c)]
    assert [chain([first, last], [pair])[0] for pair in gates] == [1, 1, 2 * c]


def theorem_sparse_concatenation():
    """(d): between C and A stands the difference of the two neurons of every component, [I, -I] diag [I;
    -I], which is 1 for gates (1, 0) and (0, 1), and 2c for (c, c)."""
    A, C = symbols("u", 2, 2), symbols("w", 1, 2)
    pairs = {(S(1), S(0)): S(1), (c, c): 2 * c, (S(0), S(1)): S(1)}
    for signs in itertools.product(pairs, repeat=2):
        gates = [positive for positive, _ in signs] + [negative for _, negative in signs]
        found = chain([A.col_join(-A), C.row_join(-C)], [gates])
        assert found == (C * sympy.diag(*(pairs[pair] for pair in signs)) * A).expand()
    assert sympy.solve(2 * c - 1, c) == [Rational(1, 2)]
