"""The polynomial network of Elbraechter, Perekrestenko, Grohs and Boelcskei (2021), as the peer of ours.

Published, for one variable: Proposition III.5 computes f_k = Phi_{B, eta}(x, f_(k-1)) one after the other,
with the product network Phi of Proposition III.3 on [-B, B]^2, and carries x and the partial sum of a_j f_j
along, by two neurons each: at most 9 neurons a layer.  Networks are joined by x = rho(x) - rho(-x).  The
matrices of Phi are those of ``product(form="epgb")``: they come from a transcription, with an offset of the
accumulator, without which the network is wrong where its arguments have different signs.

What is ours, and makes the network smaller or leaves it the same: all products have as few levels as an
accuracy in W^{1,inf} asks for by the bounds of this library, where the proposition has sizes up to constants;
the range law of Phi, |f_k| <= |x|^k, bounds the factors; large weights are allowed, where the proposition
spends layers to have none above 1; a value is added to the sum only when it is needed no more, so that
there is no sum before the first term; constants wait for the last bias.

For several variables the extension is ours: x^a = x_j x^(a - e_j), j the last variable of x^a, one monomial
after the other in lexicographic order; factors that later monomials need are carried like x.
"""

from fractions import Fraction
from typing import NamedTuple

from relu_constructions import (
    Parametrization,
    affine,
    concatenation,
    identity,
    parallelization,
    product,
    sparse_concatenation,
)
from relu_constructions.box import to_box
from relu_constructions.circuit import Circuit, Wiring, combination
from relu_constructions.levels import fewest_levels
from relu_constructions.multivariate import read_polynomial


class Published(NamedTuple):
    """The network, the levels of its products, and what it computes, gate by gate."""

    phi: Parametrization
    m: int
    circuit: Circuit


def epgb(p, eps=None, m=None, domain=None):
    """Build the network of a polynomial for an accuracy in W^{1,inf}, or with m levels.

    Examples
    --------
    >>> epgb("x**3", m=4).phi.architecture
    (1, 6, 7, 7, 7, 7, 4, 4, 5, 5, 5, 5, 1)
    """
    target = read_polynomial(p)
    box = to_box([(0, 1)] * target.dimension if domain is None else domain, target.dimension)
    if m is None:
        m = fewest_levels(lambda levels: chain(target, box, levels), Fraction(eps), start=12)
    circuit = chain(target, box, m)
    return Published(network(circuit), m, circuit)


def chain(target, box, m):
    """Write the products one after the other."""
    wiring = Wiring(box, m)
    zero = (0,) * target.dimension
    known = {(*zero[:j], 1, *zero[j + 1 :]): x for j, x in enumerate(wiring.inputs)}

    def monomial(alpha):
        if alpha not in known:
            j = max(i for i, a in enumerate(alpha) if a)
            rest = (*alpha[:j], alpha[j] - 1, *alpha[j + 1 :])
            known[alpha] = wiring.product(wiring.inputs[j], monomial(rest))
        return known[alpha]

    terms = sorted((alpha, c) for alpha, c in target.terms if any(alpha))
    constant = sum((c for alpha, c in target.terms if not any(alpha)), Fraction(0))
    return wiring.circuit([combination(((c, monomial(alpha)) for alpha, c in terms), constant)])


def network(circuit):
    """Join one step for every gate.

    The state is a list of wires, those that are needed later, and behind them the sum if there is one.
    """
    d, (output,) = len(circuit.domain), circuit.outputs
    summands = dict(output.terms)
    needed = [{wire for form in gate.arguments for wire, _ in form.terms} for gate in circuit.gates]
    state, has_sum, phi = list(range(d)), False, None
    for i, gate in enumerate(circuit.gates):
        later = set().union(*needed[i + 1 :])
        kept = [wire for wire in state if wire in later]
        added = {wire: summands[wire] for wire in state if wire not in later and wire in summands}
        has_next = has_sum or bool(added)
        step = _step(gate, state, has_sum, kept, added if has_next else None)
        phi = step if phi is None else sparse_concatenation(step, phi)
        state, has_sum = [d + i, *kept], has_next
    row = [summands.get(wire, Fraction(0)) for wire in state] + [Fraction(1)] * has_sum
    last = affine([row], [output.constant])
    return last if phi is None else concatenation(last, phi)


def _step(gate, state, has_sum, kept, added):
    """The product of a gate beside the identities of what is carried; `added` is None without a sum."""
    width = len(state) + has_sum
    arguments = [gate.arguments[0], gate.arguments[-1]]
    rows = [[dict(form.terms).get(wire, Fraction(0)) for wire in state] for form in arguments]
    padded = [row + [Fraction(0)] * has_sum for row in rows]
    made = concatenation(
        product(m=gate.m, bound=gate.bound, form="epgb"),
        affine(padded, [form.constant for form in arguments]),
    )
    carried = [[Fraction(int(wire == other)) for other in state] + [Fraction(0)] * has_sum for wire in kept]
    if added is not None:
        carried.append([added.get(wire, Fraction(0)) for wire in state] + [Fraction(1)] * has_sum)
    if not carried:
        return made
    assert all(len(row) == width for row in carried)
    passed = concatenation(identity(len(carried), made.depth), affine(carried, [0] * len(carried)))
    return parallelization(made, passed, shared_input=True)
