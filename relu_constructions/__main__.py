"""The command line: ``relu-constructions square --eps 1e-6`` prints a certificate.

``relu-constructions polynomial "x**3 - 2*x*y + 1/7" --eps 1e-4 --domain "[0,1]x[-1,1]"`` builds and certifies
the network of a polynomial; ``square``, ``product``, ``powers``, ``monomial``, ``sawtooth``, ``hat`` and
``absolute-value`` do the same for theirs; ``--output phi.json`` writes it, and ``certify phi.json`` reads it.

Exit status: 0 if the accuracy is PROVED, 1 if it is REFUTED or UNDECIDED, 2 for a request that makes no
sense.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from relu_constructions.certificate import Certificate, Status
from relu_constructions.certify import METHODS, NORMS, certify
from relu_constructions.constructions.absolute_value import absolute_value
from relu_constructions.constructions.hat import WEIGHTS, hat
from relu_constructions.constructions.monomial import monomial
from relu_constructions.constructions.polynomial import polynomial
from relu_constructions.constructions.powers import powers
from relu_constructions.constructions.product import THEOREMS as PRODUCTS
from relu_constructions.constructions.product import product
from relu_constructions.constructions.sawtooth import sawtooth
from relu_constructions.constructions.square import THEOREMS as SQUARES
from relu_constructions.constructions.square import square
from relu_constructions.parametrization import Parametrization
from relu_constructions.polynomial_circuits import STRATEGIES

_NEGATIVE = re.compile(r"-(?!-|h$|$).*", re.DOTALL)
"""What argparse would take for options, such as ``-1/2`` and ``-x**2``; the only short option is ``-h``."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {_one_line(message)}\n")


def _one_line(message: object) -> str:
    return " ".join(str(message).split())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    given = _read_words(sys.argv[1:] if arguments is None else arguments)
    try:
        phi = _network(given)
        certificate = _certificate(phi, given)
        if given.output is not None:
            Path(given.output).write_text(phi.to_json(), encoding="ascii")
    except (ValueError, TypeError, OSError) as error:
        print(f"relu-constructions: error: {_one_line(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("relu-constructions: interrupted", file=sys.stderr)
        return 130
    _show(json.dumps(certificate.to_dict(), indent=2) if given.json else f"{phi}\n\n{certificate}")
    return 0 if certificate.status is Status.PROVED else 1


def _show(text: str) -> None:
    """Print; a reader that stops early, such as ``head``, is no error."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _read_words(words: Sequence[str]) -> argparse.Namespace:
    """Parse the words; those that start with a minus are hidden behind a blank meanwhile."""
    brackets = any("[" in word for word in words)
    parser = _parser(domain_words=1 if brackets else 2)
    given = parser.parse_args([f" {word}" if _NEGATIVE.fullmatch(word) else word for word in words])
    for name, value in vars(given).items():
        if isinstance(value, str):
            setattr(given, name, _shown_again(value))
        elif isinstance(value, list):
            listed = [_shown_again(word) for word in value]
            setattr(given, name, listed[0] if len(listed) == 1 else tuple(listed))
    return given


def _shown_again(word: str) -> str:
    return word[1:] if word.startswith(" -") else word


def _network(given: argparse.Namespace) -> Parametrization:
    """Build the network of a command; the options that are given are passed on."""
    if given.command == "certify":
        return _read(given.file)
    build, positional, options = _BUILDS[given.command]
    values = {name: getattr(given, name) for name in (*positional, *options)}
    if given.command == "monomial":
        values["alpha"] = values["alpha"].split(",")
    passed = {name: values[name] for name in options if values[name] is not None}
    return build(*(values[name] for name in positional), **passed)


_BUILDS: Mapping[str, tuple[Callable[..., Parametrization], tuple[str, ...], tuple[str, ...]]] = {
    "square": (square, ("eps",), ("m", "bound", "form", "norm", "shifted", "k")),
    "product": (product, ("eps",), ("m", "bound", "form", "positive")),
    "powers": (powers, ("n", "eps"), ("m", "domain")),
    "monomial": (monomial, ("alpha", "eps"), ("m", "domain")),
    "polynomial": (
        polynomial,
        ("p", "eps"),
        ("m", "domain", "variables", "strategy", "k", "magnitude", "norm"),
    ),
    "sawtooth": (sawtooth, ("n", "form"), ()),
    "hat": (hat, ("form",), ()),
    "absolute-value": (absolute_value, (), ()),
}


def _read(file: str) -> Parametrization:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        phi = Parametrization.from_json(Path(file).read_text(encoding="utf-8"))
    for warning in caught:
        print(f"relu-constructions: warning: {_one_line(warning.message)}", file=sys.stderr)
    return phi


def _certificate(phi: Parametrization, given: argparse.Namespace) -> Certificate:
    asked: dict[str, Any] = {"norm": getattr(given, "norm", None), "method": given.method}
    if given.command != "certify":
        return certify(phi, **asked)
    return certify(phi, given.target, given.domain, eps=given.eps, variables=given.variables, **asked)


def _parser(domain_words: int) -> _Parser:
    parser = _Parser(
        prog="relu-constructions",
        description="Build explicit ReLU networks in exact arithmetic and certify their errors.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_square(commands.add_parser("square", help="x^2 on [0, 1] or [-B, B]"))
    _add_product(commands.add_parser("product", help="x y on [-D1, D1] x [-D2, D2]"))
    several = commands.add_parser("powers", help="x, x^2, ..., x^n on an interval")
    several.add_argument("n", help="the highest power")
    one = commands.add_parser("monomial", help="a product of powers on a box")
    one.add_argument("alpha", help="the exponents, e.g. 2,3 for x1^2 x2^3")
    _add_polynomial(commands.add_parser("polynomial", help="a polynomial on a box"), domain_words)
    for command in (several, one):
        _add_accuracy(command)
        _add_domain(command, domain_words)
    teeth = commands.add_parser("sawtooth", help="the sawtooth with 2^(n-1) teeth")
    teeth.add_argument("n", help="the number of compositions of the hat")
    tent = commands.add_parser("hat", help="the hat function")
    for command in (teeth, tent):
        command.add_argument("--form", choices=sorted(WEIGHTS), default="two_neurons")
    commands.add_parser("absolute-value", help="|x|")
    _add_certify(
        commands.add_parser("certify", help="a network from a JSON file, against a polynomial"), domain_words
    )
    for command in commands.choices.values():
        command.add_argument("--method", choices=METHODS, default="auto")
        command.add_argument("--json", action="store_true", help="print the certificate as JSON")
        command.add_argument("--output", metavar="FILE", help="write the network, exactly, as JSON")
    return parser


def _add_accuracy(command: argparse.ArgumentParser) -> None:
    command.add_argument("--eps", help="the accuracy, e.g. 1e-6")
    command.add_argument("--m", help="the number of levels, instead of the accuracy")


def _add_domain(command: argparse.ArgumentParser, words: int) -> None:
    """An interval in two words, or a box in one."""
    command.add_argument(
        "--domain",
        nargs=words,
        metavar=("LO", "HI") if words == 2 else "BOX",
        help="LO HI, or a box such as '[0,1]x[-1/2,3]' or '[0,1]^3'",
    )


def _add_square(command: argparse.ArgumentParser) -> None:
    _add_accuracy(command)
    command.add_argument("--bound", metavar="B", help="the domain is [-B, B] instead of [0, 1]")
    command.add_argument("--form", choices=sorted(SQUARES), default="sparse")
    command.add_argument("--k", help="the parts of a fold, for --form folded")
    command.add_argument("--norm", choices=NORMS, default="W1inf")
    command.add_argument("--shifted", action="store_true", help="subtract half of the error")


def _add_product(command: argparse.ArgumentParser) -> None:
    _add_accuracy(command)
    command.add_argument("--bound", nargs="+", metavar="D", help="D1 = D2, or D1 and D2; 1 if left out")
    command.add_argument("--form", choices=sorted(PRODUCTS), default="two_squares")
    command.add_argument("--positive", action="store_true", help="the domain is [0, D1] x [0, D2]")


def _add_polynomial(command: argparse.ArgumentParser, domain_words: int) -> None:
    command.add_argument("p", metavar="POLYNOMIAL", help="e.g. 'x**3 - 2*x*y + 1/7'")
    _add_accuracy(command)
    _add_domain(command, domain_words)
    command.add_argument("--variables", help="the names of the inputs in their order, e.g. 'y,x'")
    command.add_argument("--strategy", choices=("auto", *sorted(STRATEGIES)), default="auto")
    command.add_argument("--k", help="the block length, for --strategy estrin or chebyshev")
    command.add_argument("--magnitude", help="the largest weight allowed, at least 4")
    command.add_argument("--norm", choices=NORMS, default="W1inf")


def _add_certify(command: argparse.ArgumentParser, domain_words: int) -> None:
    command.add_argument("file", help="what Parametrization.to_json wrote")
    command.add_argument("--target", help="a polynomial, e.g. 'x**2'")
    _add_domain(command, domain_words)
    command.add_argument("--variables", help="the names of the inputs in their order, e.g. 'y,x'")
    command.add_argument("--eps", help="the accuracy to be proved or refuted")
    command.add_argument("--norm", choices=NORMS)


if __name__ == "__main__":
    sys.exit(main())
