"""Messages carry numbers, text and other messages, and nothing that JSON cannot say."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coteja.model.message import Message, as_param, message


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "NaN"),
        (np.float64(math.inf), "∞"),
        (np.float32(-math.inf), "−∞"),
        (np.array(math.nan), "NaN"),
    ],
)
def test_what_is_not_finite_is_shown_by_its_sign(value, shown):
    assert as_param(value) == shown


@pytest.mark.parametrize("number", [0.5, np.float32(0.5), np.array(0.5), np.float64(0.5)])
def test_a_number_of_any_kind_becomes_a_python_float(number):
    found = as_param(number)
    assert found == 0.5
    assert type(found) is float


def test_text_whole_numbers_and_messages_stay_as_they_are():
    inner = message("iteration")
    assert as_param("{x}") == "{x}"
    assert as_param(10**400) == 10**400
    assert as_param(inner) is inner


def test_a_bool_is_text_because_it_is_no_number_to_format():
    assert as_param(True) == "True"


def test_what_cannot_be_a_number_is_shown_as_text():
    assert as_param(None) == "None"
    assert as_param([1, 2]) == "[1, 2]"


@pytest.mark.parametrize("value", [np.array([1.0, 2.0]), np.array("x"), 1j])
def test_what_only_looks_like_a_number_is_shown_as_text(value):
    assert as_param(value) == str(value)


@given(value=st.floats() | st.integers(-(2**62), 2**62) | st.text() | st.booleans())
def test_a_message_survives_json_with_its_parameters(value):
    said = message("{a} in {b}", a=value, b=message("{c}", c=value))
    assert msgspec.json.decode(msgspec.json.encode(said), type=Message) == said


def test_equal_messages_have_equal_hashes():
    assert hash(message("{a}", a=1)) == hash(message("{a}", a=1))
    assert message("{a}", a=1) != message("{a}", a=2)
    assert len({message("a"), message("a"), message("b")}) == 2


def test_a_message_cannot_be_changed():
    with pytest.raises(AttributeError):
        message("a").id = "b"
