"""The wheel, installed into a clean environment: carries the templates, not the labs, and marks notebooks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from coteja.scaffold import course_files

LAB = "two-layer-network"


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(root)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return next(out.glob("coteja-*.whl"))


def test_the_wheel_has_templates_and_catalogues_and_no_lab(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "coteja/templates/feedback.html.j2" in names
    assert "coteja/templates/locale/es/LC_MESSAGES/coteja.po" in names
    assert not [n for n in names if n.startswith(("reference", "graders", "assignments", "tests"))]
    scaffold = {name for name in course_files(["es", "en"], {}) if not name.startswith(".git")}
    assert {f"coteja/scaffold/course/{name}" for name in scaffold} <= set(names)
    assert "coteja/scaffold/course/.gitignore" in names
    assert "coteja/scaffold/course/.github/workflows/course.yml" in names
    assert not [n for n in names if "two_layer_network" in n or "two-layer-network" in n]


def test_installed_into_a_clean_environment_it_marks_notebooks_of_the_sample_class(
    wheel: Path, root: Path, tmp_path: Path
) -> None:
    env = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", str(env)], check=True, timeout=120)
    python = env / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check",
                    str(wheel)],
                   check=True, capture_output=True, timeout=600)  # fmt: skip

    def coteja(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        command = [env / "bin" / "coteja", *arguments]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600)

    made = coteja("new", str(tmp_path / "new"), cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    first = coteja("grade", "first-step", "assignments/first-step/samples", "--json", cwd=tmp_path / "new")
    assert first.returncode == 0, first.stderr
    assert sorted(r["points"] for r in json.loads(first.stdout)["results"]) == [10.4, 10.4, 15, 15]

    course = tmp_path / "course"
    for name in ("assignments", "graders", "reference"):
        shutil.copytree(root / name, course / name)
    shutil.copy(root / "course.toml", course)
    samples = course / "assignments" / LAB / "samples"
    files = ["ana-lopez.ipynb", "maria-jose-aguilar.ipynb", "wendy-caal.ipynb"]
    done = coteja("grade", LAB, *(str(samples / file) for file in files), "--json", cwd=course)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert [result["points"] for result in sorted(results, key=lambda r: r["student"])] == [70, 65, None]
    assert (course / "marked" / LAB / "feedback").is_dir()
