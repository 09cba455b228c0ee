"""The exponential: its Chebyshev coefficients fall faster than any geometric sequence.

Statement. On [-D, D] with z = |a| D, exp(a x) = sum c_i T_i(x/D) with |c_i| = 2 I_i(z) for i >= 1, and on the
ellipse of parameter rho around it |exp(a x)| <= exp(z (rho + 1/rho)/2), so |c_i| <= 2 exp(z (rho + 1/rho)/2)
rho^-i for every rho > 1. On [lo, hi], exp(a x) = exp(a c) exp(a (x - c)) with the centre c.

Notation. I_i is the modified Bessel function.

Overview. `lemma_generating_function`, `theorem_ellipse`, `lemma_centre`.

Prose. |exp(w)| = exp(Re w), and the real part is largest at the end of the axis.

References. Abramowitz and Stegun 9.6.34 (from memory) for the generating function.
"""

import sympy

z, rho = sympy.symbols("z rho", positive=True)
t = sympy.Symbol("t", real=True)


def lemma_generating_function():
    """exp(z (q + 1/q)/2) is the sum of I_i(z) q^i: the coefficients of z^N agree for N <= 8."""
    q = sympy.Symbol("q", positive=True)
    for N in range(9):
        left = sympy.expand(((q + 1 / q) / 2) ** N / sympy.factorial(N))
        right = 0
        for i in range(-N, N + 1):
            if (N - abs(i)) % 2 == 0:
                j = (N - abs(i)) // 2
                right += q**i / (2**N * sympy.factorial(j) * sympy.factorial(j + abs(i)))
        assert sympy.expand(left - right) == 0


def theorem_ellipse():
    """Re(z (rho e^(it) + e^(-it)/rho)/2) = z (rho + 1/rho)/2 cos t."""
    w = z * (rho * sympy.exp(sympy.I * t) + sympy.exp(-sympy.I * t) / rho) / 2
    real = sympy.re(sympy.expand(w, complex=True))
    assert sympy.simplify(real - z * (rho + 1 / rho) / 2 * sympy.cos(t)) == 0


def lemma_centre():
    """A shift of the interval is a factor."""
    a, x, c = sympy.symbols("a x c", real=True)
    assert sympy.powsimp(sympy.exp(a * c) * sympy.exp(a * (x - c))).equals(sympy.exp(a * x))
