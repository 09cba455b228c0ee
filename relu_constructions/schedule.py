"""Schedule: a circuit as a layered network.

Every gate folds its arguments layer by layer and adds what it finds to its sum as it goes.  A value that
has to wait, and a sum that grows, occupy one neuron a layer, a `Channel`: an affine combination is added up
as early as its parts are finished and needed nowhere else, so that the accumulators of all gates in a sum
are one neuron.  A channel whose sign is not known carries value + offset >= 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from relu_constructions.circuit import Circuit, Form
from relu_constructions.gate import partial_range
from relu_constructions.gate_layers import Affine, Key, add, contribution, cores, gate_rows, latency
from relu_constructions.layer import Layer, exact_row
from relu_constructions.parametrization import Parametrization, refuse_excess
from relu_constructions.rounding import Interval, significant

OFFSET_BITS = 8
ONE = Fraction(1)


class Event(NamedTuple):
    """`factor` times a part of a wire is added to a channel, from the neurons of the layer `time`.

    The part is what the gate adds in this layer (``whole`` is False) or the whole value of the wire.
    """

    time: int
    wire: int
    factor: Fraction
    whole: bool


@dataclass
class Channel:
    """A value that is carried, or a sum that grows, until layer `end`.

    Attributes
    ----------
    constant : Fraction
        Belongs to the value.
    events : mapping
        From a layer to the events that read it.
    end : int
        The last layer in which the value is needed.
    key : tuple
    sign : {1, -1}
    scale : Fraction
        A power of two, less than 1 where the offset would be more than 2.
    offset : Fraction
        The neuron holds scale * (sign * (sum of the events) + offset) >= 0.
    """

    constant: Fraction = Fraction(0)
    events: dict[int, list[Event]] = field(default_factory=dict)
    end: int = 0
    key: Key = ()
    sign: int = 1
    scale: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)

    @cached_property
    def start(self) -> int:
        """The first layer that has the neuron, once all events are known."""
        return min(self.events, default=self.end) + 1

    def add(self, *events: Event) -> None:
        """Add events."""
        for event in events:
            self.events.setdefault(event.time, []).append(event)


class Plan(NamedTuple):
    """When every gate starts, and the number of hidden layers."""

    starts: tuple[int, ...]
    hidden: int


def network(circuit: Circuit, late: bool = False) -> Parametrization:
    """Build the network of a circuit.

    Parameters
    ----------
    circuit : Circuit
    late : bool
        Whether gates start as late as possible instead of as early as possible; the function is the same.

    Raises
    ------
    ValueError
        If the network would have more nonzeros than the limit, before it is built.

    Examples
    --------
    >>> from relu_constructions.circuit import Wiring
    >>> side = (Fraction(-1), Fraction(1))
    >>> wiring = Wiring((side, side), 4)
    >>> network(wiring.circuit([wiring.product(*wiring.inputs)])).connectivity == 13 * 4 + 7
    True
    """
    plan = _plan(circuit, late)
    least = sum(len(cores(gate)) * 6 * gate.m for gate in circuit.gates)
    refuse_excess("the network", least, sum(3 * gate.m**2 for gate in circuit.gates if cores(gate)))
    return _Emission(circuit, plan).network()


def _plan(circuit: Circuit, late: bool) -> Plan:
    d, gates = len(circuit.domain), circuit.gates
    finish = [0] * d
    for gate in gates:
        finish.append(_ready(gate.arguments, finish) + latency(gate))
    hidden = _ready(circuit.outputs, finish)
    starts = [finish[d + i] - latency(gate) for i, gate in enumerate(gates)]
    return Plan(tuple(_delayed(circuit, starts, hidden, late)), hidden)


def _ready(forms: tuple[Form, ...], finish: list[int]) -> int:
    return max((finish[wire] for form in forms for wire, _ in form.terms), default=0)


def _delayed(circuit: Circuit, starts: list[int], hidden: int, late: bool) -> list[int]:
    """Let scalings start as late as possible, and all other gates, too, if `late`."""
    d, due = len(circuit.domain), [hidden] * (len(circuit.domain) + len(starts))
    delayed = list(starts)
    for i in range(len(starts) - 1, -1, -1):
        gate = circuit.gates[i]
        if late or gate.kind in ("scaling", "assumption"):
            delayed[i] = due[d + i] - latency(gate)
        for form in gate.arguments:
            for wire, _ in form.terms:
                due[wire] = min(due[wire], delayed[i])
    return delayed


class _Emission:
    """The neurons of every layer, by keys, and the channels between them."""

    def __init__(self, circuit: Circuit, plan: Plan) -> None:
        self.circuit, self.plan, self.d = circuit, plan, len(circuit.domain)
        self.cores = [cores(gate) for gate in circuit.gates]
        pairs = zip(plan.starts, circuit.gates, strict=True)
        self.ends = [start + latency(gate) for start, gate in pairs]
        self.wires: dict[int, Channel] = {}
        self.forms: list[list[Channel]] = []
        self._connect()
        self.channels = [*self.wires.values(), *(c for group in self.forms for c in group)]
        self.channels = [channel for channel in self.channels if channel.start <= channel.end]
        for number, channel in enumerate(self.channels):
            channel.key = ("channel", number)
            self._orient(channel)
        self.layers: list[list[tuple[Key, Affine]]] = [[] for _ in range(plan.hidden + 1)]

    def network(self) -> Parametrization:
        for i, gate in enumerate(self.circuit.gates):
            start = self.plan.starts[i]
            given = [self._value(channel, start) for channel in self.forms[i]]
            for layer, key, row in gate_rows(i, gate, given, start):
                self.layers[layer].append((key, row))
        for channel in self.channels:
            self._carry(channel)
        outputs: list[tuple[Key, Affine]] = [
            ((), self._value(channel, self.plan.hidden)) for channel in self.forms[-1]
        ]
        below: dict[Key, int] = {(wire,): wire for wire in range(self.d)}
        made = []
        for neurons in (*self.layers[1:], outputs):
            made.append(_layer([row for _, row in neurons], below))
            below = {key: index for index, (key, _) in enumerate(neurons)}
        return Parametrization(made)

    def _connect(self) -> None:
        """Decide which wires need a channel of their own, and where every form gets its parts from."""
        consumers = [
            (start + 1, gate.arguments)
            for start, gate in zip(self.plan.starts, self.circuit.gates, strict=True)
        ]
        consumers.append((self.plan.hidden + 1, self.circuit.outputs))
        uses: dict[int, list[tuple[int, Channel, Fraction]]] = defaultdict(list)
        for layer, forms in consumers:
            group = [Channel(form.constant, end=layer - 1) for form in forms]
            self.forms.append(group)
            for channel, form in zip(group, forms, strict=True):
                for wire, factor in form.terms:
                    uses[wire].append((layer, channel, factor))
        for wire, users in uses.items():
            users.sort(key=lambda use: use[0])
            self._distribute(wire, users)

    def _distribute(self, wire: int, users: list[tuple[int, Channel, Fraction]]) -> None:
        """The last user takes a wire over as soon as no other needs it."""
        *others, (layer, last, factor) = users
        if not others:
            last.add(*(Event(time, wire, factor, False) for time in self._times(wire)))
            return
        own = self.wires[wire] = Channel(end=others[-1][0] - 1)
        own.add(*(Event(time, wire, Fraction(1), False) for time in self._times(wire)))
        for used, channel, share in others:
            channel.add(Event(used - 1, wire, share, True))
        last.add(Event(min(layer, others[-1][0]) - 1, wire, factor, True))

    def _times(self, wire: int) -> range:
        """The layers whose neurons contribute to a wire."""
        if wire < self.d:
            return range(1)
        i = wire - self.d
        gate, end = self.circuit.gates[i], self.ends[i]
        return range(end, end + 1) if gate.is_exact else range(end - gate.m + 1, end + 1)

    def _orient(self, channel: Channel) -> None:
        """Choose sign and offset such that the neuron is nonnegative in every layer."""
        sides = list(self._contents(channel))
        lo, hi = sum((side[0] for side in sides), Fraction(0)), sum((side[1] for side in sides), Fraction(0))
        for sign, least in ((1, lo), (-1, -hi)):
            if least + sign * channel.constant >= 0:
                channel.sign, channel.offset = sign, sign * channel.constant
                return
        for sign, least in ((1, lo), (-1, -hi)):
            if least >= 0:
                channel.sign = sign
                return
        channel.offset = significant(-lo, OFFSET_BITS)
        while channel.offset * channel.scale > 2:
            channel.scale /= 2

    def _contents(self, channel: Channel) -> Iterator[Interval]:
        """Enclose what every wire adds to a channel, from its first layer to its last."""
        first: dict[int, Event] = {}
        for event in (event for events in channel.events.values() for event in events):
            known = first.setdefault(event.wire, event)
            first[event.wire] = min(known, event, key=lambda given: given.time)
        for wire, event in first.items():
            lo, hi = self._reach(wire, event.whole)
            lo, hi = min(event.factor * lo, event.factor * hi), max(event.factor * lo, event.factor * hi)
            yield (lo, hi) if event.time < channel.start else (min(lo, Fraction(0)), max(hi, Fraction(0)))

    def _reach(self, wire: int, whole: bool) -> Interval:
        """The values of a wire and, unless it comes as a whole, of what its gate sums up on the way."""
        if wire < self.d:
            return self.circuit.domain[wire]
        gate = self.circuit.gates[wire - self.d]
        if whole or len(self._times(wire)) == 1:
            return gate.range
        partial = partial_range(gate)
        return min(partial[0], gate.range[0]), max(partial[1], gate.range[1])

    def _carry(self, channel: Channel) -> None:
        """Emit the neurons of a channel."""
        for layer in range(channel.start, channel.end + 1):
            total, terms = self._added(channel, layer - 1, channel.sign * channel.scale)
            if layer == channel.start:
                total += channel.scale * channel.offset
            else:
                terms[channel.key] = Fraction(1)
            self.layers[layer].append((channel.key, Affine(total, terms)))

    def _added(self, channel: Channel, time: int, scale: Fraction = ONE) -> Affine:
        """What the events of a layer add to a channel, multiplied by a number."""
        total, terms = Fraction(0), dict[Key, Fraction]()
        for event in channel.events.get(time, ()):
            if event.whole:
                part = self._value(self.wires[event.wire], time)
            else:
                part = self._contribution(event.wire, time)
            total += scale * event.factor * part.constant
            add(terms, part.terms, scale * event.factor)
        return Affine(total, terms)

    def _value(self, channel: Channel, time: int) -> Affine:
        """The value of a channel over the neurons of the layer `time`, after all its events until then."""
        total, terms = self._added(channel, time)
        total += channel.constant
        if channel.start <= time:
            terms[channel.key] = channel.sign / channel.scale
            total -= channel.sign * channel.offset
        return Affine(total, terms)

    def _contribution(self, wire: int, time: int) -> Affine:
        """What an input or a gate adds to its value from the neurons of a layer."""
        if wire < self.d:
            return Affine(Fraction(0), {(wire,): Fraction(1)})
        i = wire - self.d
        gate = self.circuit.gates[i]
        if gate.is_name:
            return self._value(self.forms[i][0], time)
        return Affine(Fraction(0), contribution(i, gate, self.cores[i], time - self._times(wire)[0]))


def _layer(rows: list[Affine], below: dict[Key, int]) -> Layer:
    made = (exact_row({below[key]: c for key, c in row.terms.items()}, row.constant) for row in rows)
    return Layer.from_rows(made, len(below))
