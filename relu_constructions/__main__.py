"""The command line: ``relu-constructions square --eps 1e-6`` prints a certificate.

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
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from relu_constructions.certificate import Certificate, Status
from relu_constructions.certify import METHODS, NORMS, certify
from relu_constructions.constructions.absolute_value import absolute_value
from relu_constructions.constructions.hat import WEIGHTS, hat
from relu_constructions.constructions.sawtooth import sawtooth
from relu_constructions.constructions.square import THEOREMS, square
from relu_constructions.parametrization import Parametrization

_NEGATIVE = re.compile(r"-\.?\d[\d./eE+-]*")
"""Numbers that argparse would take for options, such as ``-1/2`` and ``-1e-3``."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {_one_line(message)}\n")


def _one_line(message: object) -> str:
    return " ".join(str(message).split())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    given = _parser().parse_args([f" {word}" if _NEGATIVE.fullmatch(word) else word for word in words])
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


def _network(given: argparse.Namespace) -> Parametrization:
    if given.command == "square":
        return square(
            given.eps,
            m=given.m,
            bound=given.bound,
            form=given.form,
            norm=given.norm,
            shifted=given.shifted,
            k=given.k,
        )
    if given.command == "sawtooth":
        return sawtooth(given.n, given.form)
    if given.command == "hat":
        return hat(given.form)
    if given.command == "absolute-value":
        return absolute_value()
    return _read(given.file)


def _read(file: str) -> Parametrization:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        phi = Parametrization.from_json(Path(file).read_text(encoding="utf-8"))
    for warning in caught:
        print(f"relu-constructions: warning: {_one_line(warning.message)}", file=sys.stderr)
    return phi


def _certificate(phi: Parametrization, given: argparse.Namespace) -> Certificate:
    return certify(
        phi,
        getattr(given, "target", None),
        getattr(given, "domain", None),
        eps=given.eps if given.command == "certify" else None,
        norm=getattr(given, "norm", None),
        method=given.method,
    )


def _parser() -> _Parser:
    parser = _Parser(
        prog="relu-constructions",
        description="Build explicit ReLU networks in exact arithmetic and certify their errors.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_square(commands.add_parser("square", help="x^2 on [0, 1] or [-B, B]"))
    teeth = commands.add_parser("sawtooth", help="the sawtooth with 2^(n-1) teeth")
    teeth.add_argument("n", help="the number of compositions of the hat")
    tent = commands.add_parser("hat", help="the hat function")
    for command in (teeth, tent):
        command.add_argument("--form", choices=sorted(WEIGHTS), default="two_neurons")
    commands.add_parser("absolute-value", help="|x|")
    _add_certify(commands.add_parser("certify", help="a network from a JSON file, against a polynomial"))
    for command in commands.choices.values():
        command.add_argument("--method", choices=METHODS, default="auto")
        command.add_argument("--json", action="store_true", help="print the certificate as JSON")
        command.add_argument("--output", metavar="FILE", help="write the network, exactly, as JSON")
    return parser


def _add_square(command: argparse.ArgumentParser) -> None:
    command.add_argument("--eps", help="the accuracy, e.g. 1e-6")
    command.add_argument("--m", help="the number of levels, instead of the accuracy")
    command.add_argument("--bound", metavar="B", help="the domain is [-B, B] instead of [0, 1]")
    command.add_argument("--form", choices=sorted(THEOREMS), default="sparse")
    command.add_argument("--k", help="the parts of a fold, for --form folded")
    command.add_argument("--norm", choices=NORMS, default="W1inf")
    command.add_argument("--shifted", action="store_true", help="subtract half of the error")


def _add_certify(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", help="what Parametrization.to_json wrote")
    command.add_argument("--target", help="a polynomial, e.g. 'x**2'")
    command.add_argument("--domain", nargs=2, metavar=("LO", "HI"))
    command.add_argument("--eps", help="the accuracy to be proved or refuted")
    command.add_argument("--norm", choices=NORMS)


if __name__ == "__main__":
    sys.exit(main())
