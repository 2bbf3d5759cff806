"""Otter's own tests in a released notebook, run by otter's own programs where Coteja cannot be imported."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbconvert
import nbformat
import pytest

from coteja.interop.otter_bundle import unpacked
from coteja.scaffold import new_course

LAB = "first-step"
SHOW = """
import json
result = grader.check({question!r})
print(json.dumps([case.passed for case in result.test_case_results]))
print(result)
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, program: Callable[..., str]) -> Path:
    """The tiny course, its lab released with otter's tests."""
    root = tmp_path_factory.mktemp("otter") / "course"
    new_course(root, languages=["es", "en"], titles={})
    program("release", LAB, "--with", "otter", "--course", root)
    return root


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has otter and neither Coteja nor msgspec."""
    import importlib.util

    root = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root], check=True)
    site = next((root / "lib").glob("python3*")) / "site-packages"
    otter = importlib.util.find_spec("otter")
    assert otter is not None
    assert otter.origin is not None
    places = dict.fromkeys(
        [
            str(Path(nbformat.__file__).parents[1]),
            str(Path(otter.origin).parents[1]),
            str(Path(nbconvert.__file__).parents[1]),
        ]
    )
    (site / "peers.pth").write_text("\n".join(places) + "\n", encoding="utf-8")
    (site / "sitecustomize.py").write_text(
        "import sys\nsys.modules['coteja'] = sys.modules['msgspec'] = None\n"
    )
    return root / "bin" / "python"


def released(course: Path, language: str) -> nbformat.NotebookNode:
    return nbformat.read(course / "released" / language / f"{LAB}.ipynb", as_version=4)


def answered(course: Path, language: str, sample: str) -> nbformat.NotebookNode:
    """The released notebook with a sample's answers, and otter where Coteja's own check stands."""
    notebook = released(course, language)
    taken = nbformat.read(course / "assignments" / LAB / "samples" / sample, as_version=4)
    own = {cell.metadata.get("coteja", {}).get("cell"): cell.source for cell in taken.cells}
    for cell in notebook.cells:
        ours = cell.metadata["coteja"]
        if ours["kind"] == "answer":
            cell.source = own[ours["cell"]]
        elif ours["kind"] == "check":
            cell.source = SHOW.format(question=ours["question"])
        elif ours["cell"] == "load-coteja":
            cell.source = "import otter\ngrader = otter.Notebook()"
    return notebook


def ran(python: Path, *arguments: object, where: Path) -> str:
    done = subprocess.run(
        [str(python), "-m", *map(str, arguments)],
        cwd=where,
        env=os.environ | {"PYTHONPATH": "", "IPYTHONDIR": str(where / ".ipython")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def said(python: Path, notebook: nbformat.NotebookNode, where: Path) -> dict[str, tuple[list[bool], str]]:
    """By question, what otter found in each of its cases, and what it printed; run by nbconvert alone."""
    nbformat.write(notebook, where / "work.ipynb")
    ran(
        python,
        "nbconvert",
        "--to",
        "notebook",
        "--execute",
        "--inplace",
        "--log-level=ERROR",
        "work.ipynb",
        where=where,
    )
    found = {}
    for cell in nbformat.read(where / "work.ipynb", as_version=4).cells:
        if cell.metadata["coteja"]["kind"] == "check":
            passed, _line, text = "".join(output.text for output in cell.outputs).partition("\n")
            found[cell.metadata["coteja"]["question"]] = (json.loads(passed), text)
    return found


def test_right_answers_hold_in_otter_where_coteja_is_not(course: Path, bare: Path, tmp_path: Path) -> None:
    found = said(bare, answered(course, "es", "ana-lopez.ipynb"), tmp_path)
    assert found == {
        "q1": ([True, True], "q1 results: All test cases passed!\n"),
        "q2": ([True, True], "q2 results: All test cases passed!\n"),
    }


def test_otter_finds_what_coteja_finds_and_says_it_in_the_notebook_s_language(
    course: Path, bare: Path, tmp_path: Path, program: Callable[..., str]
) -> None:
    notebook = answered(course, "es", "luis-tzoc.ipynb")
    found = said(bare, notebook, tmp_path)
    nbformat.write(notebook, tmp_path / "own.ipynb")
    own = json.loads(program("check", tmp_path / "own.ipynb", "--json", code=1))["questions"]
    for question, outcomes in own.items():
        assert found[question][0] == [True, *(outcome["status"] == "passed" for outcome in outcomes)]
    assert found["q2"][0] == [True, False]
    assert "La figura muestra tus pérdidas, " in found["q2"][1]
    assert "Ponles nombre a los dos ejes" in found["q2"][1]


def test_otter_check_reads_the_same_tests_from_their_folder(course: Path, bare: Path, tmp_path: Path) -> None:
    nbformat.write(answered(course, "en", "emily-carter.ipynb"), tmp_path / "work.ipynb")
    folder = course / "released" / "en" / f"{LAB}-otter-tests"
    assert sorted(path.name for path in folder.iterdir()) == ["q1.py", "q2.py"]
    assert "All tests passed!" in ran(bare, "otter", "check", "work.ipynb", "-t", folder, where=tmp_path)


def bundles(notebook: nbformat.NotebookNode) -> list[str]:
    """What the tests execute, in clear."""
    codes = [
        case["code"]
        for test in notebook.metadata.otter.tests.values()
        for s in test["suites"]
        for case in s["cases"]
    ]
    return [unpacked(letters) for code in codes for letters in re.findall(r"b85decode\('([^']+)'\)", code)]


def test_nothing_hidden_is_in_otter_s_tests(course: Path) -> None:
    grader = (course / "graders" / "first_step.py").read_text(encoding="utf-8")
    checks = re.findall(r'@check\("q\d".*?(public=True)?\)\ndef (\w+)', grader)
    hidden = [name for public, name in checks if not public]
    assert {"any_outputs", "new_weight", "losses", "long_step"} == set(hidden)
    for text in bundles(released(course, "en")) + bundles(released(course, "es")):
        assert "simple_misses" in text  # what is public is there: this looks at the right text
        for secret in [
            *(f"def {name}" for name in hidden),
            "uphill",
            "new_weight, expected",
            "np.mean((outputs - targets) ** 2)",
        ]:
            assert secret not in text


def test_the_bundle_is_the_same_for_any_seed_of_hashes_and_moment(course: Path, tmp_path: Path) -> None:
    for seed in ("1", "2"):
        subprocess.run(
            [
                sys.executable,
                "-m",
                "coteja",
                "release",
                LAB,
                "--with",
                "otter",
                "--course",
                course,
                "--out",
                tmp_path / seed,
            ],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        )
    files = sorted(path.relative_to(tmp_path / "1") for path in (tmp_path / "1").rglob("*.*"))
    assert len(files) == 6
    for file in files:
        assert (tmp_path / "1" / file).read_bytes() == (tmp_path / "2" / file).read_bytes()
    assert not any("Creation-Date" in text for text in bundles(released(course, "es")))


def test_a_question_that_has_no_public_check_any_more_leaves_no_test_behind(
    course: Path, tmp_path: Path, program: Callable[..., str]
) -> None:
    own = shutil.copytree(course, tmp_path / "course")
    grader = own / "graders" / "first_step.py"
    text = grader.read_text(encoding="utf-8")
    grader.write_text(
        text.replace('cost four"), public=True)', 'cost four"))').replace(
            'costs four"), public=True', 'costs four")'
        )
    )
    program("release", LAB, "--with", "otter", "--course", own)
    assert list(released(own, "en").metadata.otter.tests) == ["q2"]
    assert [path.name for path in (own / "released" / "en" / f"{LAB}-otter-tests").iterdir()] == ["q2.py"]


def test_a_release_without_otter_carries_nothing_of_it(
    course: Path, tmp_path: Path, program: Callable[..., str]
) -> None:
    program("release", LAB, "--course", course, "--out", tmp_path)
    assert "otter" not in nbformat.read(tmp_path / "en" / f"{LAB}.ipynb", as_version=4).metadata


def test_the_solved_notebook_carries_no_tests_of_otter(course: Path, program: Callable[..., str]) -> None:
    assert "leave --solution out" in program(
        "release", LAB, "--with", "otter", "--solution", "--course", course, code=2
    )
