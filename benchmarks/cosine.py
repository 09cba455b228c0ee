"""Cosine: the nonzeros of the networks for cos(2 pi x) on [-1, 1] against the accuracy, by both forms.

The versine form doubles the angle, and its connectivity grows like log^(3/2)(1/eps); the form of EPGB,
Taylor's polynomial by a chain of products, grows like log^2(1/eps).  The exponent is measured as the slope
of log(connectivity) over log(log(1/eps)): by least squares over the upper half of the accuracies, and from
end to end.  Beside it are the seconds to build and to certify by derivation.  Pass --quick for few
accuracies.
"""

import math
import sys

from measure import best, machine, verdict

from relu_constructions import Status, certify, cosine

DIGITS = (2, 3, 5, 8, 12, 20, 30, 50, 75, 100, 150, 200, 250, 300)
TAYLOR_DIGITS = (2, 3, 5, 8, 12, 20, 30, 50, 75)
"""For 100 digits the network of the other form has half a million nonzeros."""
QUICK = (2, 5, 12, 30)
EXPONENT = 1.6
"""The growth that the versine form may have, in powers of log(1/eps)."""
SECONDS = {30: 5.0, 300: 60.0}
"""The seconds to build and certify, by the digits of the accuracy."""


def sizes(form, digits, repetitions=3):
    """Print one line for each accuracy, and return the connectivity by the digits."""
    print(f"\nform={form}\n  eps     depth  width  connectivity     build   certify")
    found = {}
    for d in digits:
        runs = repetitions if d <= 30 else 1
        build, phi = best(lambda d=d: cosine("2*pi", f"1e-{d}", form=form), runs)
        check, certificate = best(lambda phi=phi: certify(phi, method="derivation"), runs)
        assert certificate.status is Status.PROVED
        found[d] = phi.connectivity
        goal = verdict(build + check, SECONDS[d]) if form == "versine" and d in SECONDS else ""
        row = f"  1e-{d:<4} {phi.depth:5}  {phi.width:5}  {phi.connectivity:12,}"
        print(f"{row}  {build:6.2f} s  {check:6.2f} s  {goal}".rstrip())
    return found


def exponents(found):
    """Return the growth in powers of log(1/eps): by least squares over the upper half, and end to end."""
    points = sorted((math.log(d), math.log(size)) for d, size in found.items())
    (x0, y0), *_, (x1, y1) = points
    upper = points[len(points) // 2 :]
    x_mean, y_mean = (sum(column) / len(upper) for column in zip(*upper, strict=True))
    covariance = sum((x - x_mean) * (y - y_mean) for x, y in upper)
    return covariance / sum((x - x_mean) ** 2 for x, _ in upper), (y1 - y0) / (x1 - x0)


def report(digits, taylor_digits, repetitions=3):
    """Print both tables with their exponents, and return those of both forms."""
    growth = {}
    for form, asked in (("versine", digits), ("taylor", taylor_digits)):
        growth[form] = fitted, ends = exponents(sizes(form, asked, repetitions))
        goal = verdict(fitted, EXPONENT) if form == "versine" else "log^2(1/eps) as published"
        print(f"  exponent {fitted:.2f} over the upper half, {ends:.2f} from end to end  {goal}")
    return growth


if __name__ == "__main__":
    print(machine())
    quick = "--quick" in sys.argv[1:]
    report(QUICK if quick else DIGITS, QUICK if quick else TAYLOR_DIGITS)
