"""The circuits of polynomials: the identities behind them, their numbers of gates, and their depths in
stages.

Statement. With T_i the Chebyshev polynomials, k(n) = ceil(log2 n), and for degree n and N terms:

1. T_{n+i} = 2 T_n T_i - T_{n-i}, T_{2n} = T_n(T_2), x T_i = (T_{i+1} + T_{i-1})/2; so a sum of T_i with i
>= n is
   T_n (b_n + 2 sum b_{n+i} T_i) - sum b_{n+i} T_{n-i}.
2. A balanced power x^n takes k(n) stages, a balanced tree over s variables k(s) more, a chain n - 1.
3. Trees have at most sum_j (deg_j - 1) + sum_a (#supp a - 1) gates, chains at most (n - 1) N.
4. Splitting in blocks of length k takes floor(n/k) products, at most k - 1 gates for x^2, ..., x^k and
   floor(log2(n/k)) squares: about 2 sqrt(n) + log2(n)/2 for k = sqrt(n).
5. It has at most k(k) + k(floor(n/k) + 1) stages, and one more if all exponents have a common divisor > 1;
with
   Chebyshev polynomials never more than the first number.
6. Completing squares, p = c q^2 + r with deg r < deg q, takes at most 2 floor(log2 n) stages; powers along
squares,
   products with x and powers of powers at most n - 1 stages and n - 1 gates.

Notation. A stage is a gate on the longest way from an input to an output; `stages` counts them in a circuit
of the package.

Overview. 1: `lemma_chebyshev_*`, `lemma_horner_in_the_chebyshev_basis`, `lemma_splitting`. 2:
`theorem_balanced`. 3: `theorem_gates`. 4: `lemma_number_of_products`, `theorem_gates_of_blocks`. 5:
`lemma_stages_of_blocks`, `lemma_common_divisor`, `theorem_stages_of_blocks`. 6: `lemma_root`,
`theorem_squares`, `theorem_cheap_powers`.

Prose: inductions over the degree, whose steps are proved; the circuits of the package are compared with the
numbers for all degrees up to a limit.

References. Paterson and Stockmeyer, SIAM J. Comput. 2 (1973), for blocks; Elbraechter, Perekrestenko, Grohs,
Boelcskei, IEEE Trans. Inf. Theory 67 (2021), Proposition III.5, for chains.
"""

from fractions import Fraction
from itertools import product

import flint
import sympy
from polynomial_theorem import level
from sympy import Rational, chebyshevt, cos, floor, log

from relu_constructions.circuit import Wiring
from relu_constructions.constructions.polynomial_theorem import CHAIN
from relu_constructions.polynomial_circuits import (
    STRATEGIES,
    _chebyshev_coefficients,
    _root,
    cheapest,
    horner,
)
from relu_constructions.schedule import network

x, theta = sympy.symbols("x theta", real=True)
n, i, k, q, e = sympy.symbols("n i k q e", integer=True, nonnegative=True)
UNIT, SYMMETRIC = (Fraction(0), Fraction(1)), (Fraction(-1), Fraction(1))


def circuit(name, terms, block=1, inputs=1):
    """Return the circuit of a strategy on [0, 1]^d, or [-1, 1] for Chebyshev polynomials."""
    side = (Fraction(-1 if name == "chebyshev" else 0), Fraction(1))
    wiring = Wiring((side,) * inputs, 1)
    return wiring.circuit([STRATEGIES[name](wiring, wiring.inputs, terms, block)])


def dense(degree, step=1):
    """Return the terms of a polynomial in which all multiples of the step occur."""
    return [((j,), Fraction(j + 2, 3)) for j in range(0, degree + 1, step)]


def stages(made):
    """Return the number of gates on the longest way through a circuit."""
    depth = [0] * len(made.domain)
    for gate in made.gates:
        depth.append(1 + max(depth[wire] for form in gate.arguments for wire, _ in form.terms))
    return max((depth[wire] for form in made.outputs for wire, _ in form.terms), default=0)


def lemma_chebyshev_products():
    """With x = cos(theta), T_n = cos(n theta): cos((n + i) theta) + cos((n - i) theta) is 2 cos(n theta)
    cos(i theta); without the factor 2 it is not."""
    whole = cos((n + i) * theta) + cos((n - i) * theta)
    half = cos(n * theta) * cos(i * theta)
    assert sympy.simplify((whole - 2 * half).rewrite(sympy.exp).expand()) == 0
    assert sympy.simplify((whole - half).subs({n: 1, i: 0})) != 0
    assert sympy.simplify((whole - 2 * half).subs(i, 1).rewrite(sympy.exp).expand()) == 0


def lemma_chebyshev_substitution():
    """T_n(T_2) = T_{2n}: cos(n 2 theta) = cos(2n theta), T_2 = 2x^2 - 1 = cos(2 theta); and for n <= 8
    expanded."""
    assert sympy.simplify(2 * cos(theta) ** 2 - 1 - cos(2 * theta)) == 0
    for degree in range(9):
        inner = chebyshevt(degree, 2 * x**2 - 1)
        assert sympy.expand(inner - chebyshevt(2 * degree, x)) == 0


def lemma_horner_in_the_chebyshev_basis():
    """x T_0 = T_1 and x T_i = (T_{i+1} + T_{i-1})/2 turn x b + c into the basis; the coefficients of the
    package give back the polynomial, for dense ones of degree <= 12."""
    assert chebyshevt(1, x) == x * chebyshevt(0, x)
    moved = (cos((i + 1) * theta) + cos((i - 1) * theta)) / 2
    assert sympy.simplify((moved - cos(theta) * cos(i * theta)).rewrite(sympy.exp).expand()) == 0
    for degree in range(13):
        terms = {j: c for (j,), c in dense(degree)}
        basis = _chebyshev_coefficients(terms)
        found = sum(Rational(b.numerator, b.denominator) * chebyshevt(j, x) for j, b in enumerate(basis))
        wanted = sum(Rational(c.numerator, c.denominator) * x**j for j, c in terms.items())
        assert sympy.expand(found - wanted) == 0


def lemma_splitting():
    """b T_{n+i} = T_n (2b T_i) - b T_{n-i} for i >= 1, and b T_n = T_n b: 2 is missing at i = 0, where T_0
    = 1 would count twice. In powers, b x^(n+i) = x^n (b x^i)."""
    b = sympy.Symbol("b", real=True)
    T = [chebyshevt(j, x) for j in range(13)]
    for first, second in product(range(1, 7), repeat=2):
        if second <= first:
            found = T[first] * (2 * b * T[second]) - b * T[first - second]
            assert sympy.expand(found - b * T[first + second]) == 0
    assert sympy.expand(T[3] * 2 * b * T[0] - b * T[3]) != 0
    assert sympy.powsimp(b * x**n * x**i) == b * x ** (n + i)


def theorem_balanced():
    """k(n) = k(ceil(n/2)) + 1 (`proofs/polynomial_theorem.py`), so x^n takes k(n) stages; chains take n -
    1."""
    for degree in range(2, 70):
        terms = [((degree,), Fraction(1))]
        assert stages(circuit("tree", terms)) == level(degree)
        assert stages(circuit("horner", terms)) == degree - 1
    for alpha in product(range(4), repeat=3):
        terms = [(alpha, Fraction(1))]
        most = level(max(*alpha, 1)) + level(max(1, sum(map(bool, alpha))))
        assert stages(circuit("tree", terms, inputs=3)) <= most


def theorem_gates():
    """Powers x_j^i are computed once each, and a tree over s factors has s - 1 gates, since s_1 + s_2 - 1 =
    (s_1 - 1) + (s_2 - 1) + 1; a chain of degree n has n - 1. All powers up to n need all n - 1 gates."""
    s1, s2 = sympy.symbols("s1 s2", positive=True)
    assert sympy.expand((s1 + s2 - 1) - (s1 - 1) - (s2 - 1) - 1) == 0
    for degree in range(2, 30):
        assert len(circuit("tree", dense(degree)).gates) == degree - 1
        assert len(circuit("horner", dense(degree)).gates) == degree - 1
    terms = [(alpha, Fraction(1)) for alpha in product(range(3), repeat=3)]
    supports = sum(max(sum(map(bool, alpha)) - 1, 0) for alpha, _ in terms)
    assert len(circuit("tree", terms, inputs=3).gates) <= 3 * (2 - 1) + supports
    assert len(circuit("horner", terms, inputs=3).gates) <= (6 - 1) * len(terms)


def lemma_number_of_products():
    """With k 2^i <= n < k 2^(i+1), one product joins the parts of degrees k 2^i - 1 and n - k 2^i: for n =
    k q + e the numbers floor(n/k) satisfy q = 1 + (2^i - 1) + (q - 2^i)."""
    blocks = 2**i
    assert sympy.expand(1 + (blocks - 1) + (q - blocks) - q) == 0
    assert floor((k * blocks - 1) / k).subs({k: 3, i: 2}) == 2**2 - 1


def theorem_gates_of_blocks():
    """floor(n/k) products, k - 1 gates for x^2, ..., x^k and floor(log2(n/k)) squares, for n >= k; for k =
    sqrt(n) = t this is 2t - 1 + log2 t, less than the n - 1 of a chain from n = 5 on."""
    t = sympy.Symbol("t", positive=True)
    total = (t**2 / t) + (t - 1) + log(t**2 / t, 2)
    assert sympy.simplify(total - (2 * t - 1 + log(t, 2))) == 0
    for degree, block in product(range(1, 40), (1, 2, 3, 4, 6, 8)):
        most = degree // block + block - 1 + max((degree // block).bit_length() - 1, 0)
        for name in ("estrin", "chebyshev"):
            made = circuit(name, dense(degree), block)
            assert len(made.gates) <= most + (name == "chebyshev"), (name, degree, block)


def lemma_stages_of_blocks():
    """x^(k 2^i) takes i + k(k) stages, the part above it at most as many by induction, as it has degree < k
    2^i, and the product is one more: i + 1 + k(k), where i + 1 = k(floor(n/k) + 1) for 2^i <= floor(n/k) <
    2^(i+1)."""
    for quotient in range(1, 300):
        assert level(quotient + 1) == quotient.bit_length()
    assert sympy.expand_log(log(k * 2**i, 2), force=True).expand() == (log(k, 2) + i).expand()


def lemma_common_divisor():
    """For integers A, B and reals a + b < A' + B' with A' <= A, B' <= B, the ceilings of a and b are less
    than a + 1, b + 1, so they add up to at most A + B + 1; here a, b are the logarithms of the divisor g
    and of n/g, and the stages of x^g come before those of the rest. The one stage more is needed for n =
    15, g = 3, k = 1."""
    a, b, first, second = sympy.symbols("a b first second", nonnegative=True)
    assert sympy.expand((a + 1) + (b + 1) - (a + b) - 2) == 0
    bound = sympy.ceiling(first + second + 2) - 1
    assert bound.subs({first: 3, second: 4}) == 3 + 4 + 1
    assert stages(circuit("estrin", dense(15, 3), 1)) == level(1) + level(16) + 1


def theorem_stages_of_blocks():
    """The circuits of the package, with and without a common divisor of the exponents."""
    for degree, block, step in product(range(1, 34), (1, 2, 3, 4, 6), (1, 2, 3, 5)):
        highest = degree - degree % step
        if not highest:
            continue
        most = level(block) + level(highest // block + 1)
        divided = int(step > 1)
        assert stages(circuit("estrin", dense(highest, step), block)) <= most + divided
        assert stages(circuit("chebyshev", dense(highest, step), block)) <= most


def lemma_root():
    """The coefficient of x^(n+i) in (x^n + sum q_j x^j)^2 is 2 q_i plus products of q_j with j > i, so the
    upper half of p/c determines q from above, and the rest has degree < n."""
    for half in range(1, 6):
        lower = sympy.symbols(f"q:{half}")
        root = sympy.Poly(x**half + sum(c * x**j for j, c in enumerate(lower)), x)
        for j in range(half):
            crossed = (root**2).coeff_monomial(x ** (half + j)) - 2 * lower[j]
            assert not crossed.free_symbols & set(lower[: j + 1])
        p = flint.fmpq_poly([flint.fmpq(j * j + 1, j + 2) for j in range(2 * half + 1)])
        rest = p - p[2 * half] * _root(p) * _root(p)
        assert rest.degree() < half


def theorem_squares():
    """For n = 2q one stage leads to q and to less; for n = 2q + 1 two; floor(log2 n) falls by 1. So 2
    floor(log2 n) stages suffice, and one less would not do for n = 3."""
    for degree in range(1, 200):
        steps = 1 + degree % 2
        assert degree < 4 or 2 * (degree.bit_length() - 1) >= steps + 2 * ((degree // 2).bit_length() - 1)
    for degree, block in product(range(1, 40), (1, 2, 3, 4)):
        if block <= max(2, degree):
            most = 2 * (degree.bit_length() - 1)
            assert stages(circuit("squares", dense(degree), block)) <= most, (degree, block)
    assert stages(circuit("squares", dense(3), 1)) == 2 > 1


def theorem_cheap_powers():
    """n - 1 is at least 1 + (q - 1) for n = 2q, 1 + (n - 2) for a product with x, and (a - 1) + (b - 1) for
    n = a b; the package takes one of these steps for every n."""
    a, b = i + 1, k + 1
    assert sympy.expand((2 * (q + 1) - 1) - (1 + q)).is_nonnegative
    assert sympy.expand((a * b - 1) - (a - 1) - (b - 1)).is_nonnegative
    for degree in range(2, 120):
        made = circuit("sparse", [((degree,), Fraction(1))])
        assert max(len(made.gates), stages(made)) <= degree - 1
        step = cheapest(degree)[1]
        assert (degree % 2 == 0) if step == 0 else (step == 1 or degree % step == 0)


def theorem_width_of_the_chain():
    """For one variable no two products of the chain overlap: in every layer there are at most the four
    neurons of one product and its sum, x, and the output so far; 7 in all, where EPGB need 9.

    That products do not overlap is prose: x^(k+1) = x x^k starts when x^k is finished. In the layers before,
    which scale x, there are 2 neurons and x, in those after, which scale the output, 2."""
    folds, its_sum, x, output = 4, 1, 1, 1
    assert folds + its_sum + x + output == int(CHAIN["width"]) == 7 < 9
    for side, magnitude in ((UNIT, None), (SYMMETRIC, None), (SYMMETRIC, Fraction(4))):
        wiring = Wiring((side,), 4, magnitude)
        terms = [((i,), Fraction(10**i)) for i in range(7)]
        phi = network(wiring.circuit([horner(wiring, wiring.inputs, terms)]))
        assert phi.width <= 7
        assert side == UNIT or phi.width == 7
