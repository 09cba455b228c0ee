"""The sizes of the networks for truncated series, for the strategies of `chebyshev_circuits`.

Letters: the degree n, the block length k, the levels m of every square and product.  With P products and S
squares, of which at most d follow each other, the networks have a depth of at most d (m + 1) + 1, a width of
at most 5 P + 3 S + 2, and a connectivity of at most

    (12 m + 36) P + (6 m + 20) S + (P + S + 3) depth + 6 n + 8.

For completed squares, which are for low degrees, only the depth is stated.
"""

from __future__ import annotations

from relu_constructions.theorem import Theorem

BLOCKS = "ceiling(log(k, 2)) + ceiling(log(floor(n/k) + 1, 2))"
GIANTS = "floor(log(Max(n/k, 1), 2))"
STAGES = {"chebyshev": BLOCKS, "estrin": f"{BLOCKS} + 1", "squares": "2*floor(log(n, 2))"}
PRODUCTS = {
    "chebyshev": "(floor(n/k) + k - 1 - ceiling(log(k, 2)))",
    "estrin": "(floor(n/k) + ceiling(k/2) - 1)",
}
SQUARES = {
    "chebyshev": f"(ceiling(log(k, 2)) + {GIANTS})",
    "estrin": f"(floor(k/2) + {GIANTS} + 1)",
}
MEANS = {
    "chebyshev": "split as a + T_n b in blocks of k products of Chebyshev polynomials",
    "estrin": "split as a + y^n b in blocks of k powers",
    "squares": "by completing squares, p = c q^2 + r, down to degree k",
}
ASYMPTOTIC = {
    "depth": "log(n) log(1/eps)",
    "connectivity": "log^(3/2)(1/eps) loglog(1/eps), for n of order log(1/eps) and k of order sqrt(n)",
}
"""What the formulas give up to constants."""
REFERENCE = (
    "relu_constructions; emulation of Chebyshev series after Opschoor, Schwab and Zech (from memory), "
    "with Paterson's and Stockmeyer's blocks"
)


def theorem_of(name: str, statement: str, strategy: str) -> Theorem:
    """Return the theorem of a construction for a strategy.

    Examples
    --------
    >>> made = theorem_of("exponential", "exp(x)", "chebyshev")
    >>> [(claim.quantity, int(claim.value)) for claim in made.claims(n=9, k=4, m=10)]
    [('depth', 45), ('width', 26), ('connectivity', 1175)]
    """
    depth = f"({STAGES[strategy]})*(m + 1) + 1"
    return Theorem(
        name=name,
        statement=f"{statement}, {MEANS[strategy]}, with m levels in every square and product",
        reference=REFERENCE,
        parameters=("n", "k", "m"),
        requires="n >= 1, k >= 1, m >= 1",
        at_most={"depth": depth, **_sizes(strategy, depth)},
        asymptotic=ASYMPTOTIC,
    )


def _sizes(strategy: str, depth: str) -> dict[str, str]:
    if strategy not in PRODUCTS:
        return {}
    P, S = PRODUCTS[strategy], SQUARES[strategy]
    return {
        "width": f"5*{P} + 3*{S} + 2",
        "connectivity": f"(12*m + 36)*{P} + (6*m + 20)*{S} + ({P} + {S} + 3)*({depth}) + 6*n + 8",
    }
