"""The program as people call it: exit codes, sentences instead of tracebacks, and an instant --help."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LAB = "two-layer-network"


def coteja(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "coteja", *arguments], cwd=cwd, capture_output=True, text=True, timeout=120
    )


def test_help_imports_nothing_heavy(root: Path) -> None:
    code = (
        "import sys; from coteja.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('numpy', 'IPython', 'nbformat', 'jinja2', 'rich', 'msgspec', 'babel') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip().endswith("[]")


def test_every_command_has_help_and_is_in_the_readme(root: Path) -> None:
    from coteja.cli.app import _COMMANDS

    readme = (root / "README.md").read_text(encoding="utf-8")
    for command in _COMMANDS:
        shown = coteja(command, "--help", cwd=root)
        assert shown.returncode == 0
        assert "Usage:" in shown.stdout
        assert f"coteja {command}" in readme


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["grade", "two-layer-netwrok", "."], 2, "Did you mean two-layer-network?"),
        (["grade", LAB, "nowhere"], 2, "nowhere: no such file or folder."),
        (["release", LAB, "--lang", "fr"], 2, "--lang fr: the course has es, en."),
        (["regrade", LAB, "--out", "empty-place"], 1, "nothing has been marked here yet"),
        (["check", "nowhere.ipynb"], 2, "nowhere.ipynb: no such file."),
        (["frobnicate"], 2, "No such command"),
    ],
)
def test_a_wrong_call_gets_one_sentence_and_its_exit_code(
    arguments: list[str], code: int, sentence: str, root: Path
) -> None:
    done = coteja(*arguments, cwd=root)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_lab_whose_packages_are_missing_is_refused_before_anything_runs(root: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "sitecustomize.py"  # an interpreter without TensorFlow, whatever is installed here
    hidden.write_text(
        "import importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name in ('tensorflow', 'keras') else find(name, *a)\n"
    )
    for command in (
        ["grade", "linear-regression-tensorflow", "."],
        ["calibrate", "linear-regression-tensorflow"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "coteja", *command],
            cwd=root, capture_output=True, text=True, timeout=120,
            env={**os.environ, "PYTHONPATH": str(tmp_path), "COTEJA_GRADEBOOK": str(tmp_path / "gradebook.db")},
        )  # fmt: skip
        assert done.returncode == 3
        assert done.stderr == (
            "coteja: linear-regression-tensorflow needs tensorflow and keras, which are not installed here. "
            'Install them: pip install "coteja[tensorflow]".\n'
        )


def test_outside_of_a_course_the_sentence_says_what_was_looked_for(tmp_path: Path) -> None:
    done = coteja("release", LAB, cwd=tmp_path)
    assert done.returncode == 2
    assert "course.toml" in done.stderr


def test_release_as_json_names_the_notebooks(root: Path, tmp_path: Path) -> None:
    done = coteja("release", LAB, "--out", str(tmp_path), "--json", cwd=root)
    told = json.loads(done.stdout)
    assert [Path(path).exists() for path in told["notebooks"]] == [True, True]


def test_doctor_tells_what_it_measured(root: Path) -> None:
    done = coteja("doctor", "--json", cwd=root)
    findings = {finding["name"]: finding for finding in json.loads(done.stdout)}
    assert findings["language es"]["ok"]
    assert findings["tensorflow"]["ok"], "its absence is told, and is no fault"
    there = importlib.util.find_spec("tensorflow") is not None
    assert findings["tensorflow"]["value"][0].isdigit() == there
    assert findings["isolation"]["value"] in ("namespaces", "landlock", "none")
