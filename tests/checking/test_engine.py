"""Checks run in order, each by itself: what it rests on, what proves it, what it earns, and what is its own fault."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coteja.checking import Work, _, check, failed, needs_a_look, part, partial, parts, passed
from coteja.checking.api import Verdict
from coteja.checking.engine import checks_of, run_checks, validate_checks
from coteja.errors import CourseError
from coteja.model.recording import ProbeRun
from coteja.model.result import Misconception

WHY = Misconception(id="m", name=_("M"), explanation=_("Why."), next_step=_("Do this."))


def make(name, verdict=None, *, question="q1", points=2.0, **options):
    """A check of that name that gives a verdict, raises an exception, or calls a function."""

    def function(work, expected):
        if isinstance(verdict, BaseException):
            raise verdict
        return verdict(work, expected) if callable(verdict) else verdict

    function.__name__ = name
    return check(question, points=points, title=_("title of " + name), **options)(function).__coteja_check__


def run(*checks, work=None, **options):
    """Outcomes by the check's name."""
    found = run_checks(checks, work or Work({}, {}), None, **options)
    assert [o.check for o in found] == [c.name for c in checks]
    return {o.check: o for o in found}


YES, NO = passed(_("Good.")), failed(_("Bad."))

# ------------------------------------------------------------------------------------- verdicts to outcomes


@pytest.mark.parametrize(
    ("verdict", "status", "points"),
    [
        (YES, "passed", 2.0),
        (NO, "failed", 0.0),
        (partial(0.25, _("Some.")), "partial", 0.5),
        (partial(7, _("All.")), "passed", 2.0),
        (partial(-1, _("None.")), "failed", 0.0),
        (partial(1 / 3, _("A third.")), "partial", 0.67),
        (needs_a_look(_("Hm.")), "failed", 0.0),
    ],
)
def test_a_verdict_becomes_a_status_and_points(verdict, status, points):
    outcome = run(make("a", verdict))["a"]
    assert (outcome.status, outcome.points, outcome.max_points) == (status, points, 2.0)
    assert outcome.message == verdict.message
    assert outcome.look == verdict.look


def test_a_misconception_s_next_step_is_the_outcome_s_unless_the_check_has_a_better_one():
    outcomes = run(
        make("a", failed(_("Bad."), misconception=WHY)),
        make("b", failed(_("Bad."), misconception=WHY, next_step=_("Or that."))),
    )
    assert outcomes["a"].next_step == _("Do this.")
    assert outcomes["b"].next_step == _("Or that.")


numbers = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-1, 2)


@given(fraction=numbers, points=st.floats(0, 100))
def test_points_are_never_above_the_maximum_and_never_negative(fraction, points):
    outcome = run(make("a", Verdict(fraction, _("?")), points=points))["a"]
    assert 0 <= outcome.points <= outcome.max_points == points
    assert outcome.status in ("passed", "partial", "failed")


@given(lines=st.lists(st.tuples(st.booleans(), st.floats(0, 10)), max_size=6))
def test_the_parts_of_a_check_earn_their_share_of_the_weights(lines):
    rubric = [part(ok, _("line"), weight=weight) for ok, weight in lines]
    verdict = parts(rubric, success=_("All."))
    total = math.fsum(weight for _ok, weight in lines)
    held = math.fsum(weight for ok, weight in lines if ok)
    assert 0 <= verdict.fraction <= 1 + 1e-12
    if all(ok for ok, _weight in lines):
        assert verdict.fraction == 1.0
        assert verdict.message == _("All.")
    elif total:
        assert verdict.fraction == pytest.approx(held / total)
    assert [c.ok for c in verdict.comparisons] == [ok for ok, _weight in lines]


def test_parts_say_how_many_hold_and_what_to_do_about_the_first_that_does_not():
    rubric = [
        part(1, _("a")),
        part(0, _("b"), otherwise=_("Mend b.")),
        part(0, _("c"), otherwise=_("Mend c.")),
    ]
    verdict = parts(rubric, success=_("All."))
    assert verdict.message.params == {"held": 1, "total": 3}
    assert verdict.next_step == _("Mend b.")
    assert [c.found for c in verdict.comparisons] == [_("yes"), _("no"), _("no")]


# --------------------------------------------------------------------------------------- one by one


@pytest.mark.parametrize("fault", [ZeroDivisionError(), KeyError("x"), RecursionError(), MemoryError()])
def test_a_check_that_raises_is_an_error_of_ours_and_no_other_check_suffers(fault):
    reported = []
    outcomes = run(
        make("a", YES), make("b", fault), make("c", YES), on_error=lambda c, e: reported.append((c.name, e))
    )
    assert (outcomes["b"].status, outcomes["b"].points, outcomes["b"].look) == ("error", 0.0, True)
    assert [outcomes[name].status for name in "ac"] == ["passed", "passed"]
    assert reported == [("b", fault)]


def test_a_check_that_returns_no_verdict_is_an_error_of_ours():
    reported = []
    outcome = run(make("a", None), on_error=lambda _c, e: reported.append(str(e)))["a"]
    assert outcome.status == "error"
    assert reported == ["check a returned a NoneType, not a verdict"]


def test_what_a_check_asks_for_and_does_not_find_ends_it_with_a_sentence():
    outcome = run(make("a", lambda work, _e: passed(_("{n}", n=work.number("x")))))["a"]
    assert outcome.status == "failed"
    assert outcome.message.id == "There is no variable called {name}."


@pytest.mark.parametrize(
    ("below", "status"),
    [
        (YES, "passed"),
        (partial(0.1, _("Some.")), "passed"),
        (NO, "skipped"),
        (ZeroDivisionError(), "skipped"),
    ],
)
def test_a_check_runs_unless_what_it_rests_on_failed(below, status):
    outcomes = run(make("a", below), make("b", YES, rests_on=["a"]), make("c", YES, rests_on=["b"]))
    assert outcomes["b"].status == outcomes["c"].status == status
    if status == "skipped":
        assert outcomes["b"].points == 0
        assert outcomes["b"].message.params == {"cause": _("title of a")}
        assert outcomes["c"].message.params == {"cause": _("title of b")}


def test_a_check_that_is_skipped_is_not_called():
    called = []
    run(make("a", NO), make("b", lambda *_: called.append(1) or YES, rests_on=["a"]))
    assert called == []


# ---------------------------------------------------------------------------------------- proved by

NO_FUNCTION = Work({}, {}, probes={"p": ProbeRun(cases=[], results=[], missing=("forward",))})


def asks_for_function(work, _expected):
    """Ends in "there is no function called" on the work above."""
    return passed(_("{n} cases", n=len(work.probe("p"))))


def test_where_the_function_is_not_there_by_name_the_result_proves_it():
    outcomes = run(make("a", asks_for_function, proved_by="z"), make("z", YES), work=NO_FUNCTION)
    assert (outcomes["a"].status, outcomes["a"].points) == ("passed", 2.0)
    assert "your results prove" in outcomes["a"].message.id


def test_a_result_that_is_wrong_proves_nothing():
    for proof in (NO, partial(0.9, _("Nearly.")), ZeroDivisionError()):
        outcomes = run(make("a", asks_for_function, proved_by="z"), make("z", proof), work=NO_FUNCTION)
        assert outcomes["a"].status == "failed"
        assert outcomes["a"].message.id == "There is no function called {name}."


def test_a_function_that_is_there_and_wrong_is_not_proved_by_a_result():
    outcomes = run(make("a", NO, proved_by="z"), make("z", YES))
    assert outcomes["a"].status == "failed"


def test_what_rests_on_a_proved_check_is_looked_at_after_all():
    outcomes = run(
        make("a", asks_for_function, proved_by="z"),
        make("b", YES, rests_on=["a"]),
        make("c", NO, rests_on=["b"]),
        make("z", YES),
        work=NO_FUNCTION,
    )
    assert [outcomes[name].status for name in "abc"] == ["passed", "passed", "failed"]


def test_checks_that_rest_on_one_another_are_all_proved_by_the_same_result():
    outcomes = run(
        make("a", asks_for_function, proved_by="z"),
        make("b", asks_for_function, rests_on=["a"], proved_by="z"),
        make("c", asks_for_function, rests_on=["b"], proved_by="z"),
        make("z", YES),
        work=NO_FUNCTION,
    )
    assert {o.status for o in outcomes.values()} == {"passed"}


def test_a_proof_may_itself_have_waited_for_another():
    outcomes = run(
        make("a", asks_for_function, proved_by="y"),
        make("b", asks_for_function, proved_by="z"),
        make("y", YES, rests_on=["b"]),
        make("z", YES),
        work=NO_FUNCTION,
    )
    assert {o.status for o in outcomes.values()} == {"passed"}


def test_a_student_s_own_look_has_no_hidden_proof_and_says_that_the_function_is_missing():
    outcome = run(make("a", asks_for_function, proved_by="hidden"), work=NO_FUNCTION)["a"]
    assert outcome.message.id == "There is no function called {name}."


# -------------------------------------------------------------------------------- what an author declares


def test_checks_are_found_in_the_order_of_the_text_and_each_once():
    a, b = make("a", YES), make("b", NO)
    names = {"z": b.function, "a": a.function, "again": b.function, "other": 3}
    for declared in (a, b):
        declared.function.__coteja_check__ = declared
    assert [c.name for c in checks_of(names)] == ["b", "a"]


def test_the_decorator_gives_the_function_back():
    assert make("a", YES).function(None, None) is YES


@pytest.mark.parametrize(
    ("checks", "said"),
    [
        (
            [make("a", YES, question="q9")],
            "check a is for question 'q9', which assignment.toml does not have",
        ),
        ([make("a", YES, rests_on=["b"]), make("b", YES)], "check a rests on 'b', which is not a check"),
        ([make("a", YES, rests_on=["a"])], "check a rests on 'a'"),
        ([make("a", YES, proved_by="nowhere")], "check a is proved by 'nowhere', which is not a check"),
        ([make("a", YES, points=3)], "the checks of q1 add up to 3 points, but assignment.toml says 2"),
        ([], "the checks of q1 add up to 0 points"),
    ],
)
def test_what_does_not_fit_is_refused_with_file_expected_and_found(checks, said):
    with pytest.raises(CourseError) as caught:
        validate_checks(checks, {"q1": 2}, "graders/lab.py")
    assert str(caught.value).startswith("graders/lab.py: ")
    assert said in str(caught.value)


def test_checks_that_fit_are_accepted_also_with_points_that_add_up_only_nearly():
    tenths = [make(f"c{i}", YES, points=0.1) for i in range(10)]
    validate_checks([*tenths, make("d", YES, rests_on=["c0"], proved_by="e"), make("e", YES)], {"q1": 5}, "x")
