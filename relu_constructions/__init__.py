"""Explicit ReLU networks in exact arithmetic: build them, certify their errors, compare with the theorems."""

from relu_constructions.ball_function import BallFunction as BallFunction
from relu_constructions.calculus import affine as affine
from relu_constructions.calculus import concatenation as concatenation
from relu_constructions.calculus import elongation as elongation
from relu_constructions.calculus import identity as identity
from relu_constructions.calculus import linear_combination as linear_combination
from relu_constructions.calculus import nonnegative_concatenation as nonnegative_concatenation
from relu_constructions.calculus import nonnegative_elongation as nonnegative_elongation
from relu_constructions.calculus import nonnegative_identity as nonnegative_identity
from relu_constructions.calculus import parallelization as parallelization
from relu_constructions.calculus import sparse_concatenation as sparse_concatenation
from relu_constructions.certificate import Certificate as Certificate
from relu_constructions.certificate import Status as Status
from relu_constructions.certify import certify as certify
from relu_constructions.constructions.absolute_value import absolute_value as absolute_value
from relu_constructions.constructions.chebyshev import chebyshev as chebyshev
from relu_constructions.constructions.cosine import cosine as cosine
from relu_constructions.constructions.exponential import exponential as exponential
from relu_constructions.constructions.gaussian import gaussian as gaussian
from relu_constructions.constructions.hat import hat as hat
from relu_constructions.constructions.high_frequency_cosine import (
    high_frequency_cosine as high_frequency_cosine,
)
from relu_constructions.constructions.logarithm import logarithm as logarithm
from relu_constructions.constructions.monomial import monomial as monomial
from relu_constructions.constructions.oscillatory_texture import oscillatory_texture as oscillatory_texture
from relu_constructions.constructions.polynomial import polynomial as polynomial
from relu_constructions.constructions.powers import powers as powers
from relu_constructions.constructions.product import product as product
from relu_constructions.constructions.reciprocal import reciprocal as reciprocal
from relu_constructions.constructions.sawtooth import sawtooth as sawtooth
from relu_constructions.constructions.sine import sine as sine
from relu_constructions.constructions.square import square as square
from relu_constructions.constructions.square_root import square_root as square_root
from relu_constructions.constructions.weierstrass import weierstrass as weierstrass
from relu_constructions.derivative import derivative as derivative
from relu_constructions.derivative import one_sided_derivative as one_sided_derivative
from relu_constructions.elementary import Elementary as Elementary
from relu_constructions.enclosure import Enclosure as Enclosure
from relu_constructions.layer import Layer as Layer
from relu_constructions.limiting_gradient import limiting_gradient as limiting_gradient
from relu_constructions.magnitude import unit_magnitude as unit_magnitude
from relu_constructions.multivariate import MultivariatePolynomial as MultivariatePolynomial
from relu_constructions.parametrization import Parametrization as Parametrization
from relu_constructions.pieces import Pieces as Pieces
from relu_constructions.pieces import pieces as pieces
from relu_constructions.piecewise_linear import PiecewiseLinear as PiecewiseLinear
from relu_constructions.realization import realization as realization
from relu_constructions.targets import Polynomial as Polynomial
from relu_constructions.theorem import Theorem as Theorem
