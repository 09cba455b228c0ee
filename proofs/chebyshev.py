"""An analytic function is within eps of a network in W^{1,inf}, whose degree is logarithmic in 1/eps.

Statement. If f is analytic and |f| <= M on the closed ellipse of parameter rho around [-1, 1], the sum of its
Chebyshev series up to the degree n is within eps in value and derivative as soon as

    2 M rho^-n (n^2 u + 2 n u (1 + u) + u (1 + u) (1 + 2 u)) <= eps,  u = 1/(rho - 1),

which holds for n of the order log(1/eps)/log(rho). The circuit then has about 2 sqrt(n) products.

Notation. f = sum c_i T_i, |c_i| <= 2 M rho^-i, |T_i'| <= i^2.

Overview. `lemma_tail`, `theorem_degree`.

Prose. That the coefficients are bounded by 2 M rho^-i, and what interpolation and rounding add, is proved in
`proofs/chebyshev_truncation.py`; the bounds of the package are computed, not estimated.

References. Trefethen, Approximation Theory and Approximation Practice (2013), theorem 8.1.
"""

import sympy

u = sympy.Symbol("u", positive=True)
n, i = sympy.symbols("n i", integer=True, positive=True)
rho = 1 + 1 / u


def tail(n):
    """The bound of sum i^2 rho^-i over i > n, times rho^n."""
    return u * n**2 + 2 * n * u * (1 + u) + u * (1 + u) * (1 + 2 * u)


def lemma_tail():
    """The tail t(n) satisfies t(n - 1) = (n^2 + t(n))/rho, and t(n) rho^-n tends to 0."""
    assert sympy.simplify(tail(n - 1) * rho - n**2 - tail(n)) == 0
    assert sympy.limit((tail(n) * sympy.exp(-n)).subs(u, 1), n, sympy.oo) == 0
    for degree in range(6):
        partial = sum(
            sympy.Integer(j) ** 2 * sympy.Rational(1, 2) ** (j - degree) for j in range(degree + 1, 80)
        )
        assert 0 < tail(degree).subs(u, 1) - partial < sympy.Rational(1, 10**15)


def theorem_degree():
    """For rho = 2 the bound is 2 M 2^-n (n^2 + 4 n + 6) <= 2 M 2^(-n/2) for n >= 20, so n = 2 log2(2 M/eps)
    suffices from there on: (n^2 + 4n + 6) 2^(-n/2) is at most 1 at n = 20 and falls."""
    size = sympy.expand(tail(n).subs(u, 1))
    assert size == n**2 + 4 * n + 6
    assert size.subs(n, 20) <= 2**10
    x = sympy.Symbol("x", nonnegative=True)
    growth = sympy.expand(2 * size.subs(n, 20 + x) - size.subs(n, 22 + x))
    assert growth.is_positive
    assert size.subs(n, 21) ** 2 <= 2**21
