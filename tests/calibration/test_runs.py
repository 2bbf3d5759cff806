"""The runs of a calibration: the same wherever they are made, and none made twice."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from coteja.calibration.plan import APART, plan
from coteja.calibration.runs import CACHE, Run, Store, compute_all, load_tables
from coteja.course.load import Course
from coteja.errors import CourseError

LAB = "draws"


def runs_of(course: Course, count: int = 6) -> list[Run]:
    return plan(load_tables(course, LAB), seeds=20 + count, held_out=1).all()


def computed(course: Course, runs: list[Run], **options):
    return compute_all(course, LAB, load_tables(course, LAB), runs, **options)


def test_two_processes_give_what_one_gives(course, monkeypatch):
    runs = runs_of(course)
    monkeypatch.setattr("coteja.calibration.runs.POOL_AFTER_S", 0.0)
    np.testing.assert_equal(computed(course, runs, jobs=2), computed(course, runs, jobs=1))


def test_every_run_is_told_of_and_comes_back_in_the_order_asked_for(course):
    told, runs = [], runs_of(course)
    found = computed(course, runs, on_run=lambda done, total: told.append((done, total)))
    assert told == [(i, len(runs)) for i in range(len(runs) + 1)]
    assert list(found) == runs


def test_a_calibration_that_was_stopped_goes_on_where_it_was(course):
    runs, made = runs_of(course), []

    def stop(done: int, _total: int) -> None:
        made.append(done)
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        computed(course, runs, store=Store(course, LAB), on_run=stop)
    first: list[int] = []
    computed(course, runs, store=Store(course, LAB), on_run=lambda done, _total: first.append(done))
    assert first[0] == 5


def test_where_the_command_is_killed_its_workers_end_as_well(course):
    path = course.root / "reference" / "draws.py"
    slow = "import os, pathlib, time\n\n" + path.read_text().replace(
        "x = (3", 'pathlib.Path(__file__).with_name(f"{os.getpid()}.pid").touch(); time.sleep(0.5); x = (3'
    )
    path.write_text(slow)
    command = [sys.executable, "-m", "coteja", "calibrate", LAB, "--course", str(course.root), "--jobs", "2"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    at_work = lambda: {int(p.stem) for p in path.parent.glob("*.pid")} - {running.pid}  # noqa: E731
    assert waited_for(lambda: len(at_work()) == 2)
    running.kill()
    running.wait()
    assert waited_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in at_work()))


def waited_for(condition, seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(condition())


def test_what_is_kept_is_used(course):
    runs = runs_of(course)
    store = Store(course, LAB)
    computed(course, runs, store=store)
    store.write(runs[0], {"mean": 17.0})
    assert computed(course, runs, store=store)[runs[0]] == {"mean": 17.0}


@pytest.mark.parametrize("damage", ["", "{", '{"mean": {"t": "pickle"}}', "[]"])
def test_a_damaged_file_is_made_again(course, damage):
    runs = runs_of(course)
    whole = computed(course, runs, store=Store(course, LAB))
    for path in (course.root / CACHE / LAB).glob("*.json"):
        path.write_text(damage)
    np.testing.assert_equal(computed(course, runs, store=Store(course, LAB)), whole)


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("draws.py", {"experiment", "mistake"}),
        ("draws_mistakes.py", {"mistake"}),
        ("draws_variants.py", {"experiment"}),
    ],
)
def test_what_a_changed_module_makes_is_run_again_and_nothing_else(course, changed, again):
    store, runs = Store(course, LAB), runs_of(course)
    computed(course, runs, store=store)
    path = course.root / "reference" / changed
    path.write_text(path.read_text() + "\n# changed\n")
    assert {run.kind for run in runs if Store(course, LAB).read(run) is None} == again


def test_seeds_kept_apart_are_no_others(course):
    planned = plan(load_tables(course, LAB), seeds=200, held_out=20)
    apart = {
        r.seed
        for table in (planned.truth_apart, planned.mistakes_apart)
        for its in table.values()
        for r in its
    }
    fitted = {
        r.seed
        for table in (planned.base, planned.more, planned.mistakes)
        for its in table.values()
        for r in its
    }
    assert min(apart) == APART
    assert not apart & fitted


def test_precisions_generators_and_implementations_are_all_run(course):
    more = plan(load_tables(course, LAB), seeds=60).more["draws"]
    assert len({(run.variant, run.dtype, run.bits) for run in more}) == 2 * 2 * 3


def test_a_run_that_raises_in_another_process_says_where(course, monkeypatch):
    path = Path(course.root / "reference" / "draws.py")
    path.write_text(path.read_text().replace("float(x.mean())", "float(x.meen())"))
    monkeypatch.setattr("coteja.calibration.runs.POOL_AFTER_S", 0.0)
    with pytest.raises(
        CourseError, match=r"draws\.py, line \d+: experiment draws raised AttributeError.*meen"
    ):
        computed(course, runs_of(course), jobs=2)
