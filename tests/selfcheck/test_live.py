"""The student's own look in a live kernel: the notebook file alone is enough."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from coteja.course.load import Course
from coteja.grading.lab import Lab, load_lab
from coteja.grading.releasing import released_bytes

LAB = "two-layer-network"


@pytest.fixture(scope="module")
def lab(course: Course) -> Lab:
    return load_lab(course, LAB)


def run_in_jupyter(notebook: bytes, folder: Path) -> nbformat.NotebookNode:
    """Run a notebook in a stock kernel, in a folder that holds nothing but the notebook."""
    path = folder / "my-work.ipynb"
    path.write_bytes(notebook)
    node = nbformat.reads(notebook.decode(), as_version=4)
    NotebookClient(
        node, timeout=120, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    ).execute()
    return node


def looks(node: nbformat.NotebookNode) -> dict[str, nbformat.NotebookNode]:
    found = {}
    for cell in node.cells:
        if cell.metadata.get("coteja", {}).get("kind") == "check":
            found[cell.metadata.coteja.question] = next(
                o for o in cell.outputs if "text/html" in o.get("data", {})
            )
    return found


@pytest.mark.filterwarnings("ignore")
def test_a_right_solution_sees_that_everything_public_holds(lab: Lab, tmp_path: Path) -> None:
    shown = looks(run_in_jupyter(released_bytes(lab, "es", solutions=True), tmp_path))
    assert set(shown) == {"q1", "q2", "q3"}
    for output in shown.values():
        assert "✗" not in output.data["text/plain"]
        assert "✓" in output.data["text/plain"]
        assert 'lang="es"' in output.data["text/html"]


@pytest.mark.filterwarnings("ignore")
def test_an_unanswered_notebook_is_told_so_in_its_language(lab: Lab, tmp_path: Path) -> None:
    shown = looks(run_in_jupyter(released_bytes(lab, "en"), tmp_path))
    assert "still has its placeholder" in shown["q1"].data["text/plain"]
    assert "<script" not in shown["q1"].data["text/html"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            'coteja.check("q9")',
            ["no hay tal pregunta, 'q9'. Este cuaderno tiene: q1", "there is no such question"],
        ),
        ('coteja.check("q1", notebook="no.ipynb")', ["no hay ningún archivo 'no.ipynb'", "there is no file"]),
        (
            'coteja.check("q1", notebook="bare.ipynb")',
            ["bare.ipynb no trae las revisiones", "carries no checks"],
        ),
        (
            'import os; os.remove("my-work.ipynb"); coteja.check("q1")',
            ["no sé qué cuaderno es este", "I cannot tell which notebook"],
        ),
    ],
)
def test_what_cannot_be_looked_at_is_told_in_both_languages(
    call: str, said: list[str], lab: Lab, tmp_path: Path
) -> None:
    released = nbformat.reads(released_bytes(lab, "es").decode(), as_version=4)
    released.cells = [nbformat.v4.new_code_cell(f"import coteja\n{call}")]
    released.metadata.coteja.public, public = {}, released.metadata.coteja.public
    nbformat.write(released, tmp_path / "bare.ipynb")  # as a platform leaves it that takes metadata away
    released.metadata.coteja.public = public
    shown = run_in_jupyter(nbformat.writes(released).encode(), tmp_path).cells[0].outputs
    assert [output.output_type for output in shown] == ["stream"]
    assert all(sentence in shown[0].text for sentence in said)


def test_check_from_the_command_line_exits_0_when_all_holds_and_1_when_not(lab: Lab, tmp_path: Path) -> None:
    for solutions, code in ((True, 0), (False, 1)):
        path = tmp_path / f"solved-{solutions}.ipynb"
        path.write_bytes(released_bytes(lab, "es", solutions=solutions))
        done = subprocess.run(
            [sys.executable, "-m", "coteja", "check", str(path), "--json"],
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == code, done.stderr
        assert set(json.loads(done.stdout)["questions"]) == {"q1", "q2", "q3"}


def test_a_notebook_that_forges_its_outcomes_gets_no_traceback(lab: Lab, tmp_path: Path) -> None:
    notebook = json.loads(released_bytes(lab, "es"))
    notebook["metadata"]["coteja"]["public"]["checks"] = (
        "from IPython.display import display\n"
        "display({'application/vnd.coteja.outcomes+json': [{'check': 7}], 'text/plain': ''}, raw=True)\n"
        "raise SystemExit"
    )
    path = tmp_path / "forged.ipynb"
    path.write_text(json.dumps(notebook))
    done = subprocess.run(
        [sys.executable, "-m", "coteja", "check", str(path)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_checks_that_a_notebook_carries_never_run_outside_of_the_sandbox(lab: Lab, tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    notebook = json.loads(released_bytes(lab, "es"))
    notebook["metadata"]["coteja"]["public"]["checks"] = f"open({str(witness)!r}, 'w').write('out')"
    path = tmp_path / "hostile.ipynb"
    path.write_text(json.dumps(notebook))
    subprocess.run([sys.executable, "-m", "coteja", "check", str(path)], capture_output=True, timeout=120)
    assert not witness.exists()


def test_when_it_is_marked_what_the_notebook_carries_is_ignored(
    lab: Lab, course: Course, tmp_path: Path
) -> None:
    notebook = json.loads(released_bytes(lab, "es"))
    notebook["metadata"]["coteja"]["public"] = {"checks": "raise SystemExit", "questions": "none"}
    (tmp_path / "ana.ipynb").write_text(json.dumps(notebook))
    done = subprocess.run(
        [sys.executable, "-m", "coteja", "grade", LAB, str(tmp_path), "--course", str(course.root), "--out",
         str(tmp_path / "out"), "--json"],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"][0]["points"] == 0
