"""The autograder's zip, unpacked and run as Gradescope's container does, with its paths under a prefix."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from coteja.interop.bundle import requirements

LAB = "first-step"


def made_zip(made: Path, program: Callable[..., str], to: Path, *options: str) -> zipfile.ZipFile:
    program("export", "gradescope", LAB, to / "autograder.zip", "--course", made, *options)
    return zipfile.ZipFile(to / "autograder.zip")


@pytest.fixture(scope="module")
def container(made: Path, program: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """/autograder as it is after set-up: the venv holds what setup.sh would install, taken from this environment."""
    root = tmp_path_factory.mktemp("autograder")
    with made_zip(made, program, root, "--visibility", "after_due_date", "--leaderboard") as archive:
        archive.extractall(root / "source")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / "coteja-venv"], check=True)
    site = next((root / "coteja-venv" / "lib").glob("python3*")) / "site-packages"
    (site / "coteja.pth").write_text(f"{root / 'source' / 'lib'}\n{Path(msgspec.__file__).parents[1]}\n")
    return root


@pytest.fixture
def run(container: Path, made: Path) -> Callable[..., dict[str, Any]]:
    def mark(files: dict[str, bytes], metadata: dict[str, Any] | None = None) -> dict[str, Any]:
        for name in ("submission", "results"):
            shutil.rmtree(container / name, ignore_errors=True)
        (container / "results").mkdir()
        for name, data in files.items():
            (container / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
            (container / "submission" / name).write_bytes(data)
        (container / "submission_metadata.json").write_text(json.dumps(metadata or {}))
        done = subprocess.run(
            ["bash", container / "source" / "run_autograder"],
            env=os.environ | {"AUTOGRADER_ROOT": str(container)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return json.loads((container / "results" / "results.json").read_text("utf-8"))

    return mark


def notebook(made: Path, name: str) -> bytes:
    return (made / "in" / f"{name}.ipynb").read_bytes()


def test_a_submission_gets_its_score_and_a_test_for_each_check(
    run: Callable[..., dict[str, Any]], made: Path
) -> None:
    out = run({"lab.ipynb": notebook(made, "ben")})
    assert out["score"] == 10.4
    assert [test["score"] for test in out["tests"]] == [2, 3, 0, 1, 2.4, 2]
    assert {test["visibility"] for test in out["tests"]} == {"visible", "after_due_date"}
    wrong = out["tests"][2]
    assert (wrong["status"], wrong["max_score"], wrong["output_format"]) == ("failed", 4, "md")
    assert "Subtract rate times gradient from the weight" in wrong["output"]
    assert wrong["tags"][0] == "q2"


def test_before_the_due_date_the_output_says_nothing_of_hidden_checks(
    run: Callable[..., dict[str, Any]], made: Path
) -> None:
    out = run({"lab.ipynb": notebook(made, "ben")})
    assert "The other checks are shown later" in out["output"]
    assert "Subtract rate" not in out["output"]


def test_a_spanish_notebook_is_answered_in_spanish(run: Callable[..., dict[str, Any]], made: Path) -> None:
    out = run({"lab.ipynb": notebook(made, "ana")})
    assert out["score"] == 15
    assert "Las demás revisiones se muestran después" in out["output"]
    assert "Esperan la nota de una persona" in out["output"] or "persona" in out["output"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, ["There is no notebook", "No hay ningún cuaderno"]),
        ({"notes.txt": b"hello"}, ["There is no notebook", "No hay ningún cuaderno"]),
        ({"a.ipynb": b"ben", "b.ipynb": b"ana"}, ["more than one notebook", "a.ipynb, b.ipynb"]),
        ({"a.ipynb": b"{"}, ["JSON"]),
    ],
)
def test_what_cannot_be_marked_is_told_and_never_silent(
    files: dict[str, bytes], said: list[str], run: Callable[..., dict[str, Any]], made: Path
) -> None:
    real = {b"ben": notebook(made, "ben"), b"ana": notebook(made, "ana")}
    out = run({name: real.get(data, data) for name, data in files.items()})
    assert out["extra_data"]["status"] == "needs_a_look"
    for sentence in said:
        assert sentence in out["output"].replace("\\", "")


def test_a_copy_of_the_editor_s_and_other_notebooks_do_not_disturb(
    run: Callable[..., dict[str, Any]], made: Path
) -> None:
    other = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    files = {
        "lab.ipynb": notebook(made, "ana"),
        ".ipynb_checkpoints/lab.ipynb": b"{",
        "scratch/x.ipynb": other,
    }
    assert run(files)["score"] == 15


def test_a_group_is_named_and_metadata_of_any_shape_is_borne(
    run: Callable[..., dict[str, Any]], made: Path
) -> None:
    users = [{"name": "Ana", "email": "a@x"}, {"email": "b@x"}]
    files = {"lab.ipynb": notebook(made, "ana")}
    when = "2026-03-01T14:22:32.365935-07:00"
    assert run(files, {"users": users, "created_at": when})["score"] == 15
    odd = {"users": [1, None, {"assignment": 7}], "created_at": 3, "assignment": {"due_date": ["soon"]}}
    assert run(files, odd)["score"] == 15
    assert run(files, {"created_at": "yesterday", "assignment": []})["score"] == 15


@pytest.fixture
def ten_percent_a_day(container: Path) -> Iterator[None]:
    declared = container / "source" / "course" / "course.toml"
    before = declared.read_text("utf-8")
    assert "late.penalty_per_day = 0.0" in before
    declared.write_text(before.replace("late.penalty_per_day = 0.0", "late.penalty_per_day = 10"), "utf-8")
    yield
    declared.write_text(before, "utf-8")


DUE = "2026-03-20T23:00:00.000000-07:00"
LATE = "2026-03-22T10:00:00.000000-07:00"


@pytest.mark.parametrize(
    ("when", "own", "score", "late"),
    [
        ("2026-03-20T22:59:00.000000-07:00", [], 10.4, None),
        (LATE, [], 8.32, {"standing": "late", "days": 2, "percent": 20.0}),
        (LATE, ["2026-03-21T23:00:00.000000-07:00"], 9.36, {"standing": "late", "days": 1, "percent": 10.0}),
        (LATE, [DUE, "2026-03-25T23:00:00.000000-07:00"], 10.4, None),
    ],
    ids=["in time", "late", "late by the own extension", "a partner has an extension"],
)
def test_the_due_date_is_gradescope_s_with_the_group_s_extension(
    when: str,
    own: list[str],
    score: float,
    late: dict[str, Any] | None,
    run: Callable[..., dict[str, Any]],
    made: Path,
    ten_percent_a_day: None,
) -> None:
    users = [{"name": f"student {n}", "assignment": {"due_date": due}} for n, due in enumerate(own or [None])]
    metadata = {
        "created_at": when,
        "assignment": {"due_date": DUE, "late_due_date": None, "group_size": 2, "group_submission": True},
        "users": users,
        "previous_submissions": [],
    }
    out = run({"lab.ipynb": notebook(made, "ben")}, metadata)
    assert (out["score"], out["extra_data"].get("late")) == (score, late)


def test_before_hidden_checks_are_shown_the_leaderboard_counts_the_public_ones_alone(
    run: Callable[..., dict[str, Any]], made: Path
) -> None:
    out = run({"lab.ipynb": notebook(made, "ben")})
    public = [test["score"] for test in out["tests"] if test["visibility"] == "visible"]
    assert 0 < sum(public) < out["score"]
    assert out["leaderboard"] == [
        {"name": "Points of the public checks", "value": sum(public), "order": "desc"}
    ]


def test_where_all_checks_are_shown_the_leaderboard_counts_them_all(
    run: Callable[..., dict[str, Any]], made: Path, container: Path
) -> None:
    options = container / "source" / "coteja.json"
    before = options.read_text("utf-8")
    options.write_text(json.dumps(json.loads(before) | {"visibility": "visible"}), "utf-8")
    try:
        out = run({"lab.ipynb": notebook(made, "ben")})
    finally:
        options.write_text(before, "utf-8")
    assert out["leaderboard"] == [{"name": "Points", "value": 10.4, "order": "desc"}]
    assert "Subtract rate times gradient from the weight" in out["output"]


def test_a_hostile_submission_gets_nothing_of_the_course(
    run: Callable[..., dict[str, Any]], made: Path, container: Path
) -> None:
    import nbformat

    book = nbformat.reads(notebook(made, "ben").decode(), as_version=4)
    root = str(container / "source")
    spy = f"""
import glob, os
loot = []
for place in glob.glob({root!r} + "/course/**", recursive=True) + [{str(container / "results")!r}]:
    try: loot.append(open(place).read())
    except OSError: pass
raise RuntimeError("LOOT %d %s" % (len(loot), os.environ.get("AUTOGRADER_ROOT")))
"""
    book.cells.append(nbformat.v4.new_code_cell(spy))
    out = run({"lab.ipynb": nbformat.writes(book).encode()})
    assert out["score"] == 10.4
    assert "LOOT 0 None" in json.dumps(out) or "LOOT" not in json.dumps(out)


def test_the_zip_holds_this_lab_alone_and_nothing_of_students(
    made: Path, program: Callable[..., str], tmp_path: Path
) -> None:
    course = Path(shutil.copytree(made, tmp_path / "course"))
    head = (course / "course.toml").read_text("utf-8")
    (course / "course.toml").write_text(head + '\nroster = "class.csv"\n', encoding="utf-8")
    (course / "class.csv").write_text("name\nAna\n")
    (course / "graders" / "another_lab.py").write_text("X = 1\n")
    with made_zip(course, program, tmp_path) as archive:
        names = archive.namelist()
        told = tomllib.loads(archive.read("course/course.toml").decode())["course"]
        modes = {i.filename: i.external_attr >> 16 & 0o777 for i in archive.infolist()}
    assert not [name for name in names if "/samples/" in name or "class.csv" in name or "__pycache__" in name]
    assert told["assignments"] == [LAB]
    assert "roster" not in told
    assert (modes["setup.sh"], modes["run_autograder"]) == (0o755, 0o755)


def test_the_same_course_gives_the_same_zip(made: Path, program: Callable[..., str], tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        made_zip(made, program, tmp_path / name).close()
    assert (tmp_path / "a" / "autograder.zip").read_bytes() == (
        tmp_path / "b" / "autograder.zip"
    ).read_bytes()


def test_everything_is_pinned(made: Path, program: Callable[..., str], tmp_path: Path) -> None:
    with made_zip(made, program, tmp_path) as archive:
        lines = archive.read("requirements.txt").decode().split()
        subprocess.run(["bash", "-n", "-c", archive.read("setup.sh").decode()], check=True)
    assert all(line.count("==") == 1 for line in lines)
    assert {"numpy", "ipykernel", "jinja2", "msgspec"} <= {line.split("==")[0] for line in lines}
    assert not [line for line in lines if line.startswith(("tensorflow", "pytest", "ruff"))]
    assert any(line.startswith("tensorflow") for line in requirements(("tensorflow",)))


def test_an_archive_of_the_zip_s_own_is_read_by_unzip(
    made: Path, program: Callable[..., str], tmp_path: Path
) -> None:
    with made_zip(made, program, tmp_path) as archive:
        assert archive.testzip() is None
        assert zipfile.is_zipfile(io.BytesIO((tmp_path / "autograder.zip").read_bytes()))
