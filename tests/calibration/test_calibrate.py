"""`coteja calibrate`: what it measures, what it refuses, and that the file it writes can be proved."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from coteja.calibration import calibrate, difference_from_stored
from coteja.calibration.calibrate import Options, measure
from coteja.cli import main
from coteja.course.expected import dump_expected, read_expected
from coteja.course.load import Course, load_assignment
from coteja.errors import CourseError

FEW = Options(seeds=80, held_out=4)


def measured(course: Course, options: Options = FEW):
    return measure(course, load_assignment(course, "draws"), options)


def change(course: Course, file: str, old: str, new: str) -> None:
    path = course.root / "reference" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_the_same_sources_give_the_same_bytes_and_they_read_back(course, tmp_path):
    path, text = calibrate(course, "draws", FEW)
    assert calibrate(course, "draws", FEW) == (path, text)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    assert dump_expected("draws", read_expected(path)) == text


def test_medians_and_deviations_are_the_reference_s_own_seeds_whatever_else_is_run(course):
    few, more = measured(course).data, measured(course, replace(FEW, seeds=120)).data
    assert few.artefacts["mean"] == more.artefacts["mean"]
    assert few.deviations["mean"] == more.deviations["mean"]
    means = [np.float64(3 + np.random.default_rng(s).normal(size=200)).mean() for s in range(20)]
    assert few.artefacts["mean"] == pytest.approx(np.median(means))


def test_the_bound_is_where_honest_runs_do_not_come(course):
    data = measured(course).data
    assert data.false_rejects == 1e-4
    assert 3.5 < data.radii["mean"] < 12  # of a normal distribution: 3.9
    assert 0 < data.ideals["mean"].radius < 0.05


def test_a_rarer_refusal_gives_a_wider_bound(course):
    rare = measured(course, replace(FEW, false_rejects=1e-6)).data
    assert rare.radii["mean"] > measured(course).data.radii["mean"]


def test_mistakes_are_recognised_on_runs_that_nothing_was_fitted_on(course):
    found = measured(course).accuracy
    assert (found.wrong.errors, found.wrong.runs) == (0, 12)
    assert (found.false_alarms.errors, found.false_alarms.runs) == (0, 60)


def test_a_mistake_that_only_functions_show_is_told_apart_by_them(course):
    told = measured(course).data.separation["doubled"]
    assert told["by_functions"]
    assert told["truth"] == 0


def test_a_mistake_that_nothing_shows_is_refused(course):
    change(course, "draws_mistakes.py", "lambda x: 2 * x", "lambda x: x / 2")
    with pytest.raises(
        CourseError, match=r"draws_mistakes\.py: mistake 'doubled' yields what the truth yields"
    ):
        measured(course)


def test_two_mistakes_that_must_be_told_apart_and_are_not_are_refused(course):
    change(
        course,
        "draws_mistakes.py",
        "MISTAKES = {",
        'TELL_APART = [("summed", "again")]\nMISTAKES = {"again": summed, ',
    )
    with pytest.raises(CourseError, match=r"TELL_APART says that 'summed' and 'again' are told apart"):
        measured(course)


def test_two_mistakes_alike_are_never_guessed_between(course):
    change(course, "draws_mistakes.py", "MISTAKES = {", 'MISTAKES = {"again": summed, ')
    found = measured(course).accuracy
    assert found.missed == {"again": 4, "summed": 4}


def test_a_pair_to_tell_apart_names_known_mistakes(course):
    change(course, "draws_mistakes.py", "MISTAKES = {", 'TELL_APART = [("summed", "sumed")]\nMISTAKES = {')
    with pytest.raises(CourseError, match="TELL_APART names 'sumed'"):
        measured(course)


def test_a_mistake_yields_known_roles_alone(course):
    change(course, "draws_mistakes.py", '"mean": 200', '"maen": 200')
    with pytest.raises(CourseError, match=r"mistake summed yields 'maen'.*Did you mean 'mean'"):
        measured(course)


@pytest.fixture
def stored(course):
    path, text = calibrate(course, "draws", FEW)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return course, path


def test_a_file_that_holds_is_said_to_hold(stored):
    assert difference_from_stored(stored[0], "draws", FEW) is None


@pytest.mark.parametrize(
    ("where", "new", "said"),
    [
        (("artefacts", "mean", "radius"), 3.0, "the bound of mean is 3"),
        (("false_rejects",), 0.5, "bounds are not the reference's"),
        (("profiles", "summed", "mean", "centre"), "0.5", "mean of the mistake 'summed' is not where it was"),
    ],
)
def test_a_file_that_someone_changed_is_found_out(stored, where, new, said):
    course, path = stored
    data = json.loads(path.read_text())
    place = data
    for key in where[:-1]:
        place = place[key]
    assert where[-1] in place
    place[where[-1]] = new
    path.write_text(json.dumps(data))
    assert said in difference_from_stored(course, "draws", FEW)


def test_check_trusts_nothing_that_was_kept(stored, capsys):
    course, _path = stored
    (course.root / ".calibration" / "draws").mkdir(parents=True)
    command = [
        "calibrate",
        "draws",
        "--seeds",
        "80",
        "--held-out",
        "4",
        "--course",
        str(course.root),
        "--jobs",
        "1",
    ]
    with pytest.raises(SystemExit) as end:
        main([*command, "--check"])
    assert end.value.code == 0
    assert "as the reference yields" in capsys.readouterr().out
    assert not list((course.root / ".calibration" / "draws").iterdir())


def test_the_command_tells_what_it_measured_and_draws_it(course, capsys, tmp_path):
    figure = tmp_path / "draws.svg"
    command = [
        "calibrate",
        "draws",
        "--seeds",
        "80",
        "--held-out",
        "4",
        "--course",
        str(course.root),
        "--jobs",
        "1",
    ]
    with pytest.raises(SystemExit) as end:
        main([*command, "--figure", str(figure)])
    said = capsys.readouterr().out
    assert not end.value.code
    assert "bounds at a false-reject rate of 0.0001 a check" in said
    assert "wrong in 0 of 12 (95 % interval 0.0 to 26.5 %)" in said
    drawn = figure.read_text()
    assert all(
        name in drawn for name in ("mean, in standard deviations", "walk", "correct", "summed", "squared")
    )


def test_a_figure_of_another_kind_is_refused_before_anything_is_run(course, capsys):
    with pytest.raises(SystemExit) as end:
        main(["calibrate", "draws", "--figure", "draws.gif", "--course", str(course.root)])
    assert end.value.code
    assert "ends in .svg, .png or .pdf" in capsys.readouterr().err
    assert not (course.root / ".calibration").exists()
