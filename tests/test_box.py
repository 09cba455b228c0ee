"""Boxes: what is read as the domain of a network, and how it is written."""

import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_constructions.box import shown_box, to_box, to_interval

deterministic = settings(derandomize=True, database=None, deadline=None, max_examples=100)
intervals = st.tuples(st.fractions(), st.fractions()).map(sorted).filter(lambda s: s[0] < s[1]).map(tuple)
boxes = st.lists(intervals, min_size=1, max_size=5).map(tuple)
UNIT = (Fraction(0), Fraction(1))
OTHER = (Fraction(-1, 2), Fraction(3))


@deterministic
@given(boxes, st.integers(1, 3))
def test_a_shown_box_reads_back_as_itself(box, times):
    box = box * times + box[-1:] * times
    assert to_box(shown_box(box)) == to_box(shown_box(box), len(box)) == box
    assert to_box(box, len(box)) == to_box([list(side) for side in box]) == box
    assert all(type(end) is Fraction for side in to_box(box) for end in side)


READ = {
    "pair": ((0, 1), (UNIT,)),
    "pair of texts": (("0", "1"), (UNIT,)),
    "list of one pair": ([(0, 1)], (UNIT,)),
    "pairs": ([(0, 1), ("-1/2", 3)], (UNIT, OTHER)),
    "integer array": (np.array([[0, 1], [0, 1]]), (UNIT, UNIT)),
    "array of one pair": (np.array([0, 1]), (UNIT,)),
    "interval": ("[0,1]", (UNIT,)),
    "product": ("[0,1]x[-1/2,3]", (UNIT, OTHER)),
    "spaces": (" [ 0 , 1 ] x [ -0.5 , 3e0 ] ", (UNIT, OTHER)),
    "cross": ("[0, 1] \u00d7 [-1/2, 3]", (UNIT, OTHER)),
    "star": ("[0, 1]*[-1/2, 3]", (UNIT, OTHER)),
    "power": ("[0,1]^3", (UNIT,) * 3),
    "power by stars": ("[0,1]**3", (UNIT,) * 3),
    "powers": ("[0,1]^2 x [-1/2, 3] * [0,1] ^ 2", (UNIT, UNIT, OTHER, UNIT, UNIT)),
}


@pytest.mark.parametrize("domain, box", READ.values(), ids=READ)
def test_domains_are_read_exactly(domain, box):
    assert to_box(domain) == to_box(domain, len(box)) == box
    if len(box) == 1:
        assert to_interval(domain) == box[0]


SHOWN = {
    "[0, 1]": (UNIT,),
    "[0, 1]^3": (UNIT,) * 3,
    "[0, 1] x [-1/2, 3]": (UNIT, OTHER),
    "[0, 1]^2 x [-1/2, 3] x [0, 1]": (UNIT, UNIT, OTHER, UNIT),
}


@pytest.mark.parametrize("text, box", SHOWN.items(), ids=SHOWN)
def test_boxes_are_shown_like_this(text, box):
    assert shown_box(box) == text


def test_a_box_is_read_for_one_input_only_if_it_has_one_side():
    assert to_box((0, 1), 1) == to_box([(0, 1)], 1) == (UNIT,)
    assert to_box(((0, 1), (0, 1)), 2) == (UNIT, UNIT)


REFUSED = {
    "too few": (((0, 1), 3), ValueError, r"for each of 3 inputs, got \(0, 1\)"),
    "too many": (("[0,1]^3", 2), ValueError, r"for each of 2 inputs, got '\[0,1\]\^3'"),
    "one of three": (([(0, 1)] * 3, 1), ValueError, "for one input"),
    "number": ((5,), ValueError, "one pair .* for each of one input or more, got 5"),
    "None": ((None,), ValueError, "got None"),
    "triple": (((0, 1, 2),), ValueError, r"got \(0, 1, 2\)"),
    "none": (([],), ValueError, r"got \[\]"),
    "ragged": (([(0, 1), (0, 1, 2)],), TypeError, "must be an exact number"),
    "ragged for two": (([(0, 1), (0, 1, 2)], 2), ValueError, "for each of 2 inputs"),
    "set": (({0, 1},), ValueError, "one pair"),
    "mapping": (({0: 0, 1: 1},), ValueError, "one pair"),
    "bytes": ((b"01",), ValueError, "one pair"),
    "array without axes": ((np.array(5),), ValueError, "one pair"),
    "float": (((0, 0.5),), TypeError, "a domain must be exact, got the float 0.5; pass the string '0.5'"),
    "float in a box": (([(0, 1), (0, 0.5)],), TypeError, "must be exact, got the float 0.5"),
    "array of floats": ((np.array([0.0, 1.0]),), TypeError, "must be exact, got the float 0.0"),
    "reversed": (((1, 0),), ValueError, "must have lo < hi, got lo = 1, hi = 0$"),
    "point": (("[0,1]x[2,2]",), ValueError, "must have lo < hi, got lo = 2, hi = 2 for input 2 of 2"),
    "infinite": (((0, "inf"),), ValueError, "must be a number such as"),
    "text": (("01",), ValueError, "one pair .* got '01'"),
    "empty text": (("",), ValueError, "one pair .* got ''"),
    "parentheses": (("(0,1)",), ValueError, "one pair"),
    "half a product": (("[0,1]x",), ValueError, "one pair"),
    "no sign": (("[0,1][0,1]",), ValueError, "one pair"),
    "two signs": (("[0,1]x*[0,1]",), ValueError, "one pair"),
    "power zero": (("[0,1]^0",), ValueError, "one pair"),
    "words": (("[a,b]",), ValueError, "a domain must be a number such as 3, '1/3' or '1e-6', got 'a'"),
    "code": (("[0,__import__('os').system('exit')]",), ValueError, "must be a number such as"),
    "large power": (("[0,1]^999999",), ValueError, "at most 10000 sides"),
    "huge power": (("[0,1]^99999999999999",), ValueError, "at most 10000 sides"),
    "repeated powers": (("x".join(["[0,1]^9000"] * 1000),), ValueError, "at most 10000 sides"),
    "long text": (("[0,1]x" * 100000,), ValueError, "at most 10000 sides"),
    "long number": (("[0," + "9" * 8000 + "]",), ValueError, "too many digits"),
    "brackets": (("[" * 100000,), ValueError, "one pair"),
    "spaces": ((" " * 20000 + "x",), ValueError, "one pair"),
    "inner spaces": (("[0,1]" + " " * 20000 + "?",), ValueError, "one pair"),
}


@pytest.mark.parametrize("arguments, error, words", REFUSED.values(), ids=REFUSED)
def test_what_is_no_box_is_refused_at_once(arguments, error, words):
    started = time.process_time()
    with pytest.raises(error, match=words) as refusal:
        to_box(*arguments)
    assert time.process_time() - started < 0.2
    assert len(str(refusal.value)) < 250


@pytest.mark.parametrize("domain", ["01", (0, 1, 2), 5, None, "[0,1]^2", {0, 1}], ids=repr)
def test_an_interval_is_one_pair(domain):
    with pytest.raises(TypeError, match=r"a domain must be a pair \(lo, hi\) of exact numbers, got "):
        to_interval(domain)
