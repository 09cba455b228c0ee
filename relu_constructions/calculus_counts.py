"""What every operation of `calculus` costs: exact counts as data, proved in proofs/calculus.py.

The letters: L, neurons, M, B are depth, neurons, connectivity and magnitude of the network in the index; M_1
and M_L count the nonzeros of its first and its last pair (A, b), and a_1 those of its first matrix; d is the
number of values that are handed over.
"""

from __future__ import annotations

from relu_constructions.theorem import Theorem

_DERIVED = "Derived in proofs/calculus.py."
_MERGED = (
    "The composition of Berner, Elbrächter, Grohs and Jentzen; the counts are derived in proofs/calculus.py."
)
_SPARSE = (
    "Elbrächter, Perekrestenko, Grohs and Bölcskei (2021), Lemma 2.3, known to us from a transcription that "
    "has M = 2 M(Phi) + 2 M(Psi) with equality; the exact count is derived in proofs/calculus.py."
)
_TWO = (
    *("L_phi", "L_psi", "neurons_phi", "neurons_psi", "M_phi", "M_psi", "B_phi", "B_psi", "d"),
    *("M_L_phi", "M_1_psi", "a_1_psi", "a_product", "new_bias"),
)
_LENGTHENED = ("L_phi", "K", "neurons_phi", "M_phi", "M_L_phi", "B_phi", "d")
_SAMPLES = tuple({"d": d, "L": depth} for d in (1, 2, 5) for depth in (1, 2, 3, 7))

_AFFINE = Theorem(
    "affine",
    "x -> A x + b, where a_A and a_b count the nonzeros of A and b, and B_A and B_b bound their entries.",
    _DERIVED,
    ("a_A", "a_b", "B_A", "B_b"),
    equals={"depth": "1", "neurons": "0", "connectivity": "a_A + a_b", "magnitude": "Max(B_A, B_b)"},
)
_IDENTITY = Theorem(
    "identity",
    "x -> x on R^d in L layers, through x = rho(x) - rho(-x).",
    _DERIVED,
    ("d", "L"),
    requires="L >= 1",
    equals={
        "depth": "L",
        "neurons": "2*d*(L - 1)",
        "connectivity": "d if L == 1 else 2*d*L",
        "magnitude": "1",
    },
    samples=_SAMPLES,
)
_NONNEGATIVE_IDENTITY = Theorem(
    "nonnegative_identity",
    "x -> x for x >= 0 in R^d in L layers.",
    _DERIVED,
    ("d", "L"),
    requires="L >= 1",
    equals={"depth": "L", "neurons": "d*(L - 1)", "connectivity": "d*L", "magnitude": "1"},
    samples=_SAMPLES,
)
_CONCATENATION = Theorem(
    "concatenation",
    "R(Psi) after R(Phi), where the last map of Phi and the first of Psi are merged: a_product counts the "
    "nonzeros of A_1(Psi) A_L(Phi), new_bias those of A_1(Psi) b_L(Phi) + b_1(Psi).",
    _MERGED,
    _TWO,
    equals={
        "depth": "L_phi + L_psi - 1",
        "neurons": "neurons_phi + neurons_psi",
        "connectivity": "M_phi - M_L_phi + M_psi - M_1_psi + a_product + new_bias",
    },
    at_most={"magnitude": "Max(B_phi, d*B_phi*B_psi + B_psi)"},
)
_SPARSE_CONCATENATION = Theorem(
    "sparse_concatenation",
    "R(Psi) after R(Phi), where the d values between them pass as rho(y) - rho(-y).",
    _SPARSE,
    _TWO,
    equals={
        "depth": "L_phi + L_psi",
        "neurons": "neurons_phi + neurons_psi + 2*d",
        "connectivity": "M_phi + M_psi + M_L_phi + a_1_psi",
        "magnitude": "Max(B_phi, B_psi)",
    },
    at_most={"connectivity": "2*M_phi + 2*M_psi"},
)
_NONNEGATIVE_CONCATENATION = Theorem(
    "nonnegative_concatenation",
    "R(Psi) after R(Phi) wherever R(Phi) >= 0, by listing the layers one after the other.",
    _DERIVED,
    _TWO,
    equals={
        "depth": "L_phi + L_psi",
        "neurons": "neurons_phi + neurons_psi + d",
        "connectivity": "M_phi + M_psi",
        "magnitude": "Max(B_phi, B_psi)",
    },
)
_PARALLELIZATION = Theorem(
    "parallelization",
    "Networks of depth L side by side, with shared or separate inputs; sum_ and max_ run over the networks.",
    _DERIVED,
    ("L", "sum_neurons", "sum_M", "max_B"),
    equals={"depth": "L", "neurons": "sum_neurons", "connectivity": "sum_M", "magnitude": "max_B"},
)
_ELONGATION = Theorem(
    "elongation",
    "Phi lengthened to depth K, where its d outputs pass through every further layer as rho(y) - rho(-y).",
    _DERIVED,
    _LENGTHENED,
    requires="K >= L_phi",
    equals={
        "depth": "K",
        "neurons": "neurons_phi + 2*d*(K - L_phi)",
        "connectivity": "M_phi + M_L_phi + 2*d*(K - L_phi) if K > L_phi else M_phi",
        "magnitude": "Max(1, B_phi) if K > L_phi else B_phi",
    },
)
_NONNEGATIVE_ELONGATION = Theorem(
    "nonnegative_elongation",
    "Phi lengthened to depth K, where its d outputs are nonnegative and pass through every further layer.",
    _DERIVED,
    _LENGTHENED,
    requires="K >= L_phi",
    equals={
        "depth": "K",
        "neurons": "neurons_phi + d*(K - L_phi)",
        "connectivity": "M_phi + d*(K - L_phi)",
        "magnitude": "Max(1, B_phi) if K > L_phi else B_phi",
    },
)
_LINEAR_COMBINATION = Theorem(
    "linear_combination",
    "sum_i a_i R(Phi_i) for networks of depth L: a_new counts the nonzeros of [a_1 A_L(1), a_2 A_L(2), ...], "
    "or of sum_i a_i A_1(i) if L = 1, new_bias those of sum_i a_i b_L(i); sum_aB is sum_i |a_i| B(Phi_i).",
    _DERIVED,
    ("L", "sum_neurons", "sum_M", "sum_M_L", "a_new", "new_bias", "max_B", "sum_aB"),
    equals={
        "depth": "L",
        "neurons": "sum_neurons",
        "connectivity": "sum_M - sum_M_L + a_new + new_bias",
    },
    at_most={"connectivity": "sum_M", "magnitude": "Max(max_B, sum_aB)"},
)

THEOREMS: dict[str, Theorem] = {
    theorem.name: theorem
    for theorem in (
        _AFFINE,
        _IDENTITY,
        _NONNEGATIVE_IDENTITY,
        _CONCATENATION,
        _SPARSE_CONCATENATION,
        _NONNEGATIVE_CONCATENATION,
        _PARALLELIZATION,
        _ELONGATION,
        _NONNEGATIVE_ELONGATION,
        _LINEAR_COMBINATION,
    )
}
"""From the name of an operation to the theorem on its size."""
