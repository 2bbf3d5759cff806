"""A student's work accepts what is right in any dress, and says kindly what is not there."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from coteja.checking import Expected, Step, Work
from coteja.checking.work import Unmet
from coteja.i18n import translator
from coteja.model.codec import from_json, to_json
from coteja.model.recording import CallResult, CellError, ProbeRun
from coteja.model.values import NoValue


def sentence_of(look):
    """What the student reads when `look` ends the check; every parameter is filled in."""
    with pytest.raises(Unmet) as caught:
        look()
    verdict = caught.value.verdict
    assert verdict.fraction == 0
    said = [translator("en").say(text) for text in (verdict.message, verdict.next_step) if text is not None]
    assert not any("{" in text for text in said)
    return " ".join(said)


# ---------------------------------------------------------------------------------------- what is accepted


@pytest.mark.parametrize(
    "value", [3, 3.0, np.array(3), np.array([3]), np.array([[3.0]]), [3], (3,), np.float32(3), 3 + 0j, [[3]]]
)
def test_one_number_may_come_in_any_shape_and_type(work_with, value):
    assert work_with(value).number("x") == 3.0


@pytest.mark.parametrize(
    "value",
    [
        [1, 0, 2],
        (1.0, 0.0, 2.0),
        np.array([1, 0, 2]),
        np.array([1, 0, 2], dtype=np.float32),
        np.array([[1], [0], [2]]),
        np.array([[1, 0, 2]]),
        [[1], [0], [2]],
        [np.array(1.0), np.array([0.0]), np.array([[2.0]])],
        [np.float64(1), 0, (2,)],
        np.array([1, 0, 2], dtype=complex),
    ],
    ids=repr,
)
def test_a_curve_may_come_as_list_row_column_or_list_of_arrays(work_with, value):
    curve = work_with(value).curve("x")
    assert curve.dtype == np.float64
    np.testing.assert_array_equal(curve, [1, 0, 2])


def test_a_curve_that_diverged_is_a_curve(work_with):
    np.testing.assert_array_equal(work_with([1.0, np.inf, np.nan]).curve("x"), [1, np.inf, np.nan])


@pytest.mark.parametrize("size", [9, 10, 11])
def test_a_curve_may_have_one_value_more_or_less(work_with, size):
    assert work_with([0.5] * size).curve("x", length=10).size == size


def test_an_array_keeps_its_shape_and_is_a_copy(work_with):
    mine = np.zeros((2, 1))
    found = work_with(mine).array("x")
    assert found.shape == (2, 1)
    found[0] = 1
    assert not mine.any()


@pytest.mark.parametrize("key", [0.5, "0.5", " .5", np.float64(0.5), np.float32(0.5), 0.5 + 1e-12])
def test_a_rate_is_a_rate_as_number_text_or_numpy_key(work_with, key):
    curves = work_with({key: [1, 2], "0.1": [3, 4], "note": "hi", None: 1, (1, 2): 3}).curves("x", [0.5, 0.1])
    np.testing.assert_array_equal(curves[0.5], [1, 2])
    np.testing.assert_array_equal(curves[0.1], [3, 4])


def test_a_curve_of_a_mapping_is_read_like_any_other(work_with):
    assert work_with({1: [np.array([1.0]), 2]}).curves("x", [1.0], length=2)[1.0].tolist() == [1, 2]


# ------------------------------------------------------------------------------------- what is said kindly


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            NoValue("missing"),
            "There is no variable called equis. Give your result the name equis, exactly so",
        ),
        (NoValue("cut"), "equis is too large"),
        (NoValue("error", "", "boom"), "Reading equis raised an error: boom"),
        (NoValue("opaque", "torch.Module"), "equis holds a torch.Module, not data."),
        (NoValue("function"), "equis holds a ?, not data."),
    ],
)
def test_why_there_is_no_value_is_said_with_the_student_s_own_name(work_with, value, said):
    work = work_with(value)
    assert not work.has("x")
    for look in (work.value, work.number, work.array, work.curve, work.mapping):
        assert said in sentence_of(lambda look=look: look("x"))


def test_a_role_that_was_never_captured_is_missing():
    assert "no variable called y" in sentence_of(lambda: Work({}, {}).value("y"))
    assert "No figure was found. Draw" in sentence_of(lambda: Work({}, {}).figure("y"))


@pytest.mark.parametrize(
    "value", ["0.5", ["a", "b"], None, {"a": 1}, [[1, 2], [3]], [None], 1j, b"x", [1, "2"]]
)
def test_what_is_no_number_is_said_so(work_with, value):
    assert "equis should be numbers" in sentence_of(lambda: work_with(value).array("x"))


@pytest.mark.parametrize("value", [[], [1, 2], np.zeros((2, 2))])
def test_more_than_one_number_is_counted(work_with, value):
    assert f"one number, but has {np.size(value)} values" in sentence_of(lambda: work_with(value).number("x"))


@pytest.mark.parametrize("value", [[], 3.0, [3.0], np.zeros((2, 2)), np.zeros((0, 1)), [[1, 2], [3, 4]]])
def test_what_is_no_curve_is_said_so(work_with, value):
    assert "equis should be a list of numbers" in sentence_of(lambda: work_with(value).curve("x"))


@pytest.mark.parametrize("size", [5, 8, 12])
def test_a_curve_of_another_length_is_counted(work_with, size):
    said = sentence_of(lambda: work_with([0.5] * size).curve("x", length=10))
    assert f"equis has {size} values, 10 were expected" in said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({0.5: [1, 2]}, "equis has no entry for 0.1"),
        ({0.5: [1, 2], 0.01: [1, 2]}, "equis has no entry for 0.1"),
        ({0.5: [1, 2], 0.1: "x"}, "equis[0.1] should be numbers"),
        ({0.5: [1, 2], 0.1: []}, "equis[0.1] should be a list of numbers"),
        ({10**400: [1, 2], float("nan"): [1]}, "equis has no entry for 0.5"),
        ([[1, 2], [3, 4]], "equis should be a dictionary"),
    ],
)
def test_what_a_mapping_lacks_is_named(work_with, value, said):
    assert said in sentence_of(lambda: work_with(value).curves("x", [0.5, 0.1]))


@pytest.mark.parametrize("value", [3, "figure", [1, 2], {}])
def test_what_is_no_figure_is_said_so(work_with, value):
    assert "equis is not a figure" in sentence_of(lambda: work_with(value).figure("x"))


anything = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from([10**400, -(10**4000), 2**64]),
        st.floats(),
        st.complex_numbers(),
        st.text(max_size=4),
        st.binary(max_size=4),
        st.builds(NoValue, st.sampled_from(["cut", "opaque"])),
        npst.arrays(npst.scalar_dtypes(), npst.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=2)),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.floats() | st.text(max_size=3) | st.just(10**400), inner, max_size=3),
    ),
    max_leaves=8,
)


@given(value=anything)
@settings(max_examples=200)
def test_whatever_a_student_leaves_is_read_or_answered_with_a_sentence(value):
    work = Work({"x": value}, {"x": "equis"})
    asked = [
        lambda: work.value("x"),
        lambda: work.number("x"),
        lambda: work.array("x"),
        lambda: work.curve("x"),
        lambda: work.curve("x", length=2),
        lambda: work.mapping("x"),
        lambda: work.curves("x", [0.5, 0.1]),
        lambda: work.figure("x"),
        lambda: Step("f", (), CallResult(value=value)).array(),
        lambda: Step("f", (), CallResult(value=value)).entry("W1"),
        lambda: Step("f", (), CallResult(value={"W1": value})).entry("W1"),
    ]
    for look in asked:
        said = "read"
        try:
            look()
        except Unmet as end:
            said = translator("es").say(end.verdict.message)
        assert said


# --------------------------------------------------------------------------------------------- probes


def probed(*results, cases=1, **options):
    """A probe of one function `f`, called once a case."""
    run = ProbeRun(
        cases=[[("f", (i,))] for i in range(cases)], results=[[result] for result in results], **options
    )
    return Work({}, {}, probes={"p": run}, expected_calls={"p": [[10 * i] for i in range(cases)]})


def test_each_step_has_the_student_s_result_and_the_reference_s():
    cases = probed(CallResult(value=1), CallResult(value=2), cases=2).probe("p")
    assert [(s.function, s.args, s.value(), s.expected) for (s,) in cases] == [
        ("f", (0,), 1, 0),
        ("f", (1,), 2, 10),
    ]


def test_without_a_reference_nothing_is_expected():
    run = ProbeRun(cases=[[("f", ())]], results=[[CallResult(value=1)]])
    assert Work({}, {}, probes={"p": run}).probe("p")[0][0].expected is None


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (Work({}, {}), "did not get this far"),
        (probed(missing=("f",)), "There is no function called f. Define f with the name"),
        *(
            (
                probed(
                    CallResult(
                        error=CellError(
                            name="TypeError", value=f"{method}() takes 1 positional argument but 2 were given"
                        )
                    )
                ),
                "There is no function called f.",
            )
            for method in ("Network.f", "Network.<lambda>")
        ),
        (probed(failure="timeout"), "did not answer in time"),
        (probed(), "did not answer in time"),
    ],
)
def test_why_a_probe_has_no_results_is_said(work, said):
    assert said in sentence_of(lambda: work.probe("p"))


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (CallResult(error=CellError(name="KeyError", value="'A1'")), "Calling f raised KeyError: 'A1'"),
        (
            CallResult(error=CellError(name="TypeError", value="no"), function="g"),
            "Calling g raised TypeError",
        ),
        (CallResult(error=CellError(name="NotImplementedError", value="")), "f still has its placeholder"),
        (
            CallResult(value=NoValue("opaque", "Tensor")),
            "f returned something that is not plain data (Tensor)",
        ),
        (CallResult(value="hello"), "what f returned should be numbers"),
    ],
)
def test_why_a_step_has_no_array_is_said(result, said):
    assert said in sentence_of(probed(result).probe("p")[0][0].array)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"W2": 1}, "has no entry called W1"),
        ([1, 2], "has no entry called W1"),
        ({"W1": "x"}, 'f(...)["W1"] should be numbers'),
    ],
)
def test_why_a_step_has_no_entry_is_said(value, said):
    assert said in sentence_of(lambda: probed(CallResult(value=value)).probe("p")[0][0].entry("W1"))


# ------------------------------------------------------------------------------------------- expected


def test_a_tolerance_is_ten_spreads_and_never_below_its_least():
    expected = Expected({"x": [1, 2]}, {"x": 0.5, "y": 0.0})
    assert expected.tolerance("x") == 5.0
    assert expected.tolerance("x", factor=2) == 1.0
    assert expected.tolerance("y") == expected.tolerance("z") == 1e-6
    assert expected.tolerance("y", at_least=1e-5) == 1e-5


def test_what_a_mistake_yields_is_had_by_role_and_otherwise_nothing():
    expected = Expected({}, {}, {"sum": {"x": [4, 8]}})
    np.testing.assert_array_equal(expected.mistake("x", "sum"), [4.0, 8.0])
    assert expected.mistake("y", "sum") is None
    assert expected.mistake("x", "other") is None


def test_expected_curves_have_float_keys_also_after_storage():
    stored = from_json(to_json({0.5: np.array([1, 2]), 1: [3]}))
    curves = Expected({"x": stored}, {}).curves("x")
    assert list(curves) == [0.5, 1.0]
    assert curves[0.5].dtype == np.float64


def test_a_value_of_a_foreign_type_is_said_to_be_no_number(work_with):
    assert "should be numbers" in sentence_of(lambda: work_with([Decimal("0.5")]).array("x"))
