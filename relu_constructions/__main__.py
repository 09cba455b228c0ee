"""The command line: ``relu-constructions square --eps 1e-6`` prints a certificate.

``relu-constructions polynomial "x**3 - 2*x*y + 1/7" --eps 1e-4 --domain "[0,1]x[-1,1]"`` builds and certifies
the network of a polynomial, ``chebyshev --function "exp(sin(pi*x))" --eps 1e-4`` that of an analytic
function; the other constructions have commands as well.  ``--output phi.json`` writes the network, and
``certify phi.json`` reads it.  ``kinks phi.json`` says where its derivative D(Phi) is wrong.

Exit status: 0 if the accuracy is PROVED, or D(Phi) right at all kinks; 1 if it is REFUTED or UNDECIDED, or
D(Phi) wrong at a kink; 2 for a request that makes no sense, 130 if it is interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from relu_constructions.certificate import Certificate, Status
from relu_constructions.certify import METHODS, NORMS, certify
from relu_constructions.command_line import PROGRAM, Parser, Stage, parsed, read_network, say, write_whole
from relu_constructions.constructions.absolute_value import absolute_value
from relu_constructions.constructions.chebyshev import chebyshev
from relu_constructions.constructions.cosine import FORMS, cosine
from relu_constructions.constructions.exponential import exponential
from relu_constructions.constructions.gaussian import gaussian
from relu_constructions.constructions.hat import WEIGHTS, hat
from relu_constructions.constructions.high_frequency_cosine import high_frequency_cosine
from relu_constructions.constructions.logarithm import logarithm
from relu_constructions.constructions.monomial import monomial
from relu_constructions.constructions.oscillatory_texture import oscillatory_texture
from relu_constructions.constructions.polynomial import polynomial
from relu_constructions.constructions.powers import powers
from relu_constructions.constructions.product import THEOREMS as PRODUCTS
from relu_constructions.constructions.product import product
from relu_constructions.constructions.reciprocal import reciprocal
from relu_constructions.constructions.sawtooth import sawtooth
from relu_constructions.constructions.sine import sine
from relu_constructions.constructions.square import THEOREMS as SQUARES
from relu_constructions.constructions.square import square
from relu_constructions.constructions.square_root import square_root
from relu_constructions.constructions.weierstrass import weierstrass
from relu_constructions.kinks import kinks
from relu_constructions.parametrization import Parametrization
from relu_constructions.polynomial_circuits import STRATEGIES


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    stage = Stage()
    try:
        return _run(_read_words(sys.argv[1:] if arguments is None else arguments), stage)
    except (ValueError, TypeError, OSError) as error:
        say(f"error: {error}")
        return 2
    except KeyboardInterrupt:
        say(f"interrupted {stage.text}")
        return 130


def _run(given: argparse.Namespace, stage: Stage) -> int:
    if given.command == "kinks":
        return _kinks(given, stage)
    phi = _network(given)
    stage.certifying()
    certificate = _certificate(phi, given, stage)
    stage.certified(certificate, given.output, written=False)
    if given.output is not None:
        write_whole(given.output, phi.to_json())
        stage.certified(certificate, given.output, written=True)
    _show(json.dumps(certificate.to_dict(), indent=2) if given.json else f"{phi}\n\n{certificate}")
    return 0 if certificate.status is Status.PROVED else 1


def _kinks(given: argparse.Namespace, stage: Stage) -> int:
    at_kink = given.at_kink.split(",") if "," in given.at_kink else given.at_kink
    found = kinks(read_network(given.file), given.domain, at_kink, progress=stage.layers)
    _show(json.dumps(found.to_dict(), indent=2) if given.json else f"{found.phi}\n\n{found}")
    return 1 if found.wrong else 0


def _show(text: str) -> None:
    """Print; a reader that stops early, such as ``head``, is no error."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _read_words(words: Sequence[str]) -> argparse.Namespace:
    brackets = any("[" in word for word in words)
    return parsed(_parser(domain_words=1 if brackets else 2), words)


def _network(given: argparse.Namespace) -> Parametrization:
    """Build the network of a command; what is given is passed on under the names of the parameters."""
    if given.command == "certify":
        return read_network(given.file)
    command = _COMMANDS[given.command]
    values = {name: getattr(given, name) for name in map(_parameter, command.arguments.items())}
    if given.command == "monomial":
        values["alpha"] = values["alpha"].split(",")
    return command.build(**{name: value for name, value in values.items() if value is not None})


def _parameter(argument: tuple[str, Mapping[str, Any]]) -> str:
    """The name under which the value of an argument is kept and passed on."""
    word, details = argument
    return str(details.get("dest", word.lstrip("-")))


def _certificate(phi: Parametrization, given: argparse.Namespace, stage: Stage) -> Certificate:
    asked: dict[str, Any] = {"method": given.method, "progress": stage.layers}
    if given.command != "certify":
        return certify(phi, norm=getattr(given, "norm", None), **asked)
    asked |= {name: getattr(given, name) for name in ("eps", "tolerance", "variables", "norm")}
    return certify(phi, given.target, given.domain, **asked)


class _Command(NamedTuple):
    """What builds a network, a word of help, and the arguments: their words and what argparse is to know."""

    build: Callable[..., Parametrization]
    help: str
    arguments: Mapping[str, Mapping[str, Any]]


_Arguments = dict[str, dict[str, Any]]
_EPS: _Arguments = {"--eps": {"help": "the accuracy, e.g. 1e-6"}}
_NEEDED: _Arguments = {"--eps": {"required": True, **_EPS["--eps"]}}
_ACCURACY = _EPS | {"--m": {"help": "the number of levels, instead of the accuracy"}}
_NORM: _Arguments = {"--norm": {"choices": NORMS, "help": "what eps bounds; W1inf if left out"}}
_DOMAIN: _Arguments = {"--domain": {"help": "LO HI, or a box such as '[0,1]x[-1/2,3]' or '[0,1]^3'"}}
_SIDES = {"--bound": {"metavar": "D", "help": "the domain is [-D, D]"}} | _DOMAIN
_VARIABLES: _Arguments = {"--variables": {"help": "the names of the inputs in their order, e.g. 'y,x'"}}
_BLOCKS = {"--k": {"help": "the block length, for --strategy estrin or chebyshev"}}
_SERIES = {"--strategy": {"help": "auto, chebyshev, estrin or squares"}} | _BLOCKS | _NORM
_FREQUENCY: _Arguments = {
    "--frequency": {"dest": "a", "required": True, "help": "u + v*pi, e.g. '2*pi' or 1/7"}
}
_WAVE: _Arguments = {
    **_FREQUENCY,
    "--phase": {"help": "u + v*pi as well; 0 if left out"},
    **_ACCURACY,
    **_SIDES,
    "--form": {"choices": FORMS},
    **_NORM,
}
_HAT: _Arguments = {"--form": {"choices": sorted(WEIGHTS)}}
_COMMANDS = {
    "square": _Command(
        square,
        "x^2 on [0, 1] or [-B, B]",
        {
            **_ACCURACY,
            "--bound": {"metavar": "B", "help": "the domain is [-B, B] instead of [0, 1]"},
            "--form": {"choices": sorted(SQUARES)},
            "--k": {"help": "the parts of a fold, for --form folded"},
            **_NORM,
            "--shifted": {"action": "store_true", "help": "subtract half of the error"},
        },
    ),
    "product": _Command(
        product,
        "x y on [-D1, D1] x [-D2, D2]",
        {
            **_ACCURACY,
            "--bound": {"nargs": "+", "metavar": "D", "help": "D1 = D2, or D1 and D2; 1 if left out"},
            "--form": {"choices": sorted(PRODUCTS)},
            "--positive": {"action": "store_true", "help": "the domain is [0, D1] x [0, D2]"},
        },
    ),
    "powers": _Command(
        powers,
        "x, x^2, ..., x^n on an interval",
        {"n": {"help": "the highest power"}, **_ACCURACY, **_DOMAIN},
    ),
    "monomial": _Command(
        monomial,
        "a product of powers on a box",
        {"alpha": {"help": "the exponents, e.g. 2,3 for x1^2 x2^3"}, **_ACCURACY, **_DOMAIN},
    ),
    "polynomial": _Command(
        polynomial,
        "a polynomial on a box",
        {
            "p": {"metavar": "POLYNOMIAL", "help": "e.g. 'x**3 - 2*x*y + 1/7'"},
            **_ACCURACY,
            **_DOMAIN,
            **_VARIABLES,
            "--strategy": {"choices": ("auto", *sorted(STRATEGIES))},
            **_BLOCKS,
            "--magnitude": {"help": "the largest weight allowed, at least 4"},
            **_NORM,
        },
    ),
    "cosine": _Command(cosine, "cos(a x + phase) on an interval", _WAVE),
    "sine": _Command(sine, "sin(a x + phase) on an interval", _WAVE),
    "high-frequency-cosine": _Command(
        high_frequency_cosine,
        "cos(2 pi 2^n x) on [0, 1]",
        {"--n": {"required": True, "help": "the number of doublings"}, **_ACCURACY, **_NORM},
    ),
    "chebyshev": _Command(
        chebyshev,
        "a function that is analytic around an interval",
        {
            "--function": {"dest": "f", "required": True, "help": "e.g. 'exp(sin(pi*x))'"},
            **_ACCURACY,
            **_DOMAIN,
            **_SERIES,
        },
    ),
    "exponential": _Command(
        exponential,
        "exp(rate x) on an interval",
        {**_ACCURACY, "--rate": {"help": "1 if left out"}, **_SIDES, **_SERIES},
    ),
    "gaussian": _Command(
        gaussian,
        "exp(-((x - mean)/width)^2/2) on an interval",
        {
            **_ACCURACY,
            "--width": {"help": "1 if left out"},
            "--mean": {"help": "0 if left out"},
            "--bound": {"metavar": "D", "help": "the domain is [mean - D, mean + D]"},
            **_DOMAIN,
            **_SERIES,
        },
    ),
    "logarithm": _Command(logarithm, "log(x) on [LO, HI], LO > 0", _ACCURACY | _DOMAIN | _SERIES),
    "square-root": _Command(square_root, "sqrt(x) on [LO, HI], LO > 0", _ACCURACY | _DOMAIN | _SERIES),
    "reciprocal": _Command(reciprocal, "1/x on [LO, HI], LO > 0", _NEEDED | _DOMAIN | _NORM),
    "weierstrass": _Command(
        weierstrass,
        "the sum of p^k cos(a^k pi x) over all k",
        {"--p": {"required": True}, "--a": {"required": True}, **_NEEDED, **_DOMAIN, **_NORM},
    ),
    "oscillatory-texture": _Command(
        oscillatory_texture,
        "cos(a g(x)) h(x) on an interval",
        _FREQUENCY
        | {"--g": {"required": True}, "--h": {"required": True, "help": "e.g. 'exp(-x)'"}}
        | _NEEDED
        | _DOMAIN
        | _NORM,
    ),
    "sawtooth": _Command(
        sawtooth,
        "the sawtooth with 2^(n-1) teeth",
        {"n": {"help": "the number of compositions of the hat"}, **_HAT},
    ),
    "hat": _Command(hat, "the hat function", _HAT),
    "absolute-value": _Command(absolute_value, "|x|", {}),
}
"""The commands that build a network, with the names of their parameters."""
_CERTIFY: _Arguments = {
    "file": {"help": "what Parametrization.to_json wrote"},
    "--target": {"help": "a polynomial or an elementary function, e.g. 'x**2' or 'cos(2*pi*x)'"},
    **_DOMAIN,
    **_VARIABLES,
    "--eps": {"help": "the accuracy to be proved or refuted"},
    "--tolerance": {"help": "the relative width of enclosures that cannot be exact; 1e-3 if left out"},
    **_NORM,
}
_ALL: _Arguments = {
    "--method": {"choices": METHODS, "default": "auto"},
    "--json": {"action": "store_true", "help": "print JSON"},
    "--output": {"metavar": "FILE", "help": "write the network, exactly, as JSON"},
}
_AT_KINK: _Arguments = {"--at-kink": {"metavar": "C", "default": "0", "help": "rho'(0); 0 if left out"}}
_KINKS = {"file": _CERTIFY["file"], **_DOMAIN, **_AT_KINK, "--json": _ALL["--json"]}


def _parser(domain_words: int) -> Parser:
    """Return the parser; a domain is an interval in two words, or a box in one."""
    domain: dict[str, Any] = {"nargs": domain_words, "metavar": ("LO", "HI") if domain_words == 2 else "BOX"}
    parser = Parser(
        prog=PROGRAM,
        description="Build explicit ReLU networks in exact arithmetic and certify their errors.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    about = {name: (command.help, {**command.arguments, **_ALL}) for name, command in _COMMANDS.items()}
    about["certify"] = "a network from a JSON file, against a function", {**_CERTIFY, **_ALL}
    about["kinks"] = "where the derivative D(Phi) of a network from a JSON file is wrong", {**_KINKS}
    for name, (text, arguments) in about.items():
        command = commands.add_parser(name, help=text)
        for word, details in arguments.items():
            command.add_argument(word, **details, **(domain if word == "--domain" else {}))
    return parser


if __name__ == "__main__":
    sys.exit(main())
