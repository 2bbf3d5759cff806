"""For GitHub Actions: summary, annotations, outputs, exit code; and the action's own steps, run by a real shell."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from coteja.interop.github import Annotation

LAB = "first-step"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def shown(
    made: Path, program: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    monkeypatch.chdir(made)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    said = program("export", "github", LAB, "--course", made, code=1)
    return {name: (tmp_path / name).read_text("utf-8") for name in ("summary", "output")} | {"said": said}


def test_an_annotation_stands_at_the_line_of_the_answer_in_the_student_s_language(
    shown: dict[str, str], made: Path
) -> None:
    command = next(line for line in shown["said"].splitlines() if "in/ben.ipynb" in line)
    found = re.match(r"::error file=in/ben\.ipynb,line=(\d+),title=One step · 5\.4 / 10::", command)
    assert found, command
    row = (made / "in" / "ben.ipynb").read_text("utf-8").splitlines()[int(found[1]) - 1]
    assert "# [q2-" in row
    assert "Subtract rate times gradient" in command


def test_right_work_has_no_annotation(shown: dict[str, str]) -> None:
    assert "ana.ipynb" not in shown["said"]


def test_a_notebook_that_cannot_be_read_is_annotated_at_its_first_line(shown: dict[str, str]) -> None:
    assert re.search(r"^::error file=in/zoe\.ipynb,line=1,", shown["said"], re.MULTILINE)


def test_the_summary_is_each_student_s_page_in_their_language(shown: dict[str, str]) -> None:
    assert "Mínimo" in shown["summary"] or "Un paso" in shown["summary"]
    assert "One step" in shown["summary"]


def test_the_outputs_are_those_of_the_student_with_least(shown: dict[str, str]) -> None:
    found = dict(line.split("=", 1) for line in shown["output"].splitlines())
    assert set(found) == {"points", "max_points", "percent", "status"}
    assert found["percent"] == "0.0"


def test_nothing_that_a_student_writes_becomes_a_workflow_command(shown: dict[str, str]) -> None:
    commands = [line for line in shown["said"].splitlines() if line.startswith("::")]
    assert all(line.startswith(("::error file=in/", "::warning file=in/")) for line in commands)
    assert not [line for line in commands if "owned" in line and not line.startswith("::error file=in/eve")]
    assert "\x1b" not in shown["said"]


@given(st.text(), st.text(), st.text())
def test_an_annotation_is_always_one_line_with_three_properties(file: str, title: str, text: str) -> None:
    command = Annotation("error", file, 3, title, text).command()
    assert not {"\n", "\r"} & set(command)
    properties = command.removeprefix("::error ").split("::")[0]
    assert [p.split("=")[0] for p in properties.split(",")] == ["file", "line", "title"]


@pytest.mark.parametrize(("threshold", "code"), [(0, 0), (69, 0), (70, 1), (100, 1)])
def test_the_threshold_decides_the_exit_code(
    threshold: float, code: int, made: Path, program: Callable[..., str], tmp_path: Path
) -> None:
    sample = made / "in" / "ben.ipynb"
    program("grade", LAB, sample, "--course", made, "--no-gradebook", "--out", tmp_path)
    written = program(
        "export", "github", LAB, "--course", made, "--out", tmp_path, "--threshold", threshold, code=code
    )
    assert ("Below the threshold" in written) == bool(code)


def run_action(course: Path, place: Path, *, around: Sequence[str] = ()) -> dict[str, int]:
    """Every `run` of action.yml by bash, as the runner does it; installing and uploading are the runner's."""
    steps = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]
    inputs = {
        "assignment": LAB,
        "notebook": "in/ben.ipynb",
        "course": ".",
        "threshold": "75",
        "junit": str(place / "junit.xml"),
        "trust-students": "false",
    }
    env = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "RUNNER_TEMP": str(place),
        "GITHUB_STEP_SUMMARY": str(place / "summary"),
        "GITHUB_OUTPUT": str(place / "output"),
    }
    codes = {}
    for step in steps:
        if "run" not in step or "install" in step.get("if", ""):
            continue
        own = {key: _filled(value, inputs) for key, value in step.get("env", {}).items()}
        done = subprocess.run(
            [*around, "bash", "-eo", "pipefail", "-c", step["run"]],
            cwd=course,
            env=env | own,
            capture_output=True,
            text=True,
            timeout=120,
        )
        codes[step["name"]] = done.returncode
        assert "Traceback" not in done.stderr
    return codes


def test_the_action_s_own_steps_mark_a_push(made: Path, tmp_path: Path) -> None:
    assert run_action(made, tmp_path) == {"Mark": 0, "JUnit": 0, "Show": 1}
    assert "5.4 / 10" in (tmp_path / "summary").read_text("utf-8")
    assert "percent=69.3" in (tmp_path / "output").read_text("utf-8")
    assert (tmp_path / "junit.xml").read_bytes().startswith(b"<?xml")


#: Makes this process and all that it starts a runner that allows no namespaces, then does what follows.
NO_NAMESPACES = (
    "unshare", "--user", "--map-root-user", "bash", "-c",
    'for kind in user mnt pid net ipc; do echo 0 > /proc/sys/user/max_${kind}_namespaces || exit 77; done; exec "$@"',
    "runner",
)  # fmt: skip


def test_on_a_runner_without_namespaces_the_lower_rung_marks_the_same(made: Path, tmp_path: Path) -> None:
    """Landlock, seccomp and limits: GitHub's Ubuntu images forbid user namespaces."""
    if (
        not shutil.which("unshare")
        or subprocess.run([*NO_NAMESPACES, "true"], capture_output=True).returncode
    ):
        pytest.skip("this machine cannot be made a runner without namespaces")
    assert run_action(made, tmp_path, around=NO_NAMESPACES) == {"Mark": 0, "JUnit": 0, "Show": 1}
    result = json.loads(next((tmp_path / "marked" / "results").glob("*.json")).read_text("utf-8"))
    assert result["isolation"]["rung"] == "landlock"
    assert "percent=69.3" in (tmp_path / "output").read_text("utf-8")


def test_no_input_is_put_into_a_script_as_text() -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]
    assert not [step["name"] for step in steps if "${{" in step.get("run", "")]


def _filled(text: str, inputs: dict[str, str]) -> str:
    return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: inputs[found[1]], text)
