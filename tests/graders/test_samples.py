"""The sample classes on disk are what tools/make_samples.py makes, and each scores.toml speaks of exactly those files."""

from __future__ import annotations

import importlib
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from coteja.course.load import find_course

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "tools"
LABS = [
    lab for lab in find_course(ROOT).info.assignments if (ROOT / "assignments" / lab / "samples").is_dir()
]
#: How many notebooks a lab's class has at the least.
AT_LEAST = {"two-layer-network": 24}


@pytest.fixture(scope="module")
def make_samples() -> ModuleType:
    """The tool, with its neighbours."""
    sys.path.insert(0, str(TOOLS))
    try:
        module = importlib.import_module("make_samples")
        module.classes()
    finally:
        sys.path.remove(str(TOOLS))
    return module


@pytest.mark.parametrize("lab", LABS)
def test_the_samples_are_what_the_tool_makes(lab: str, make_samples: ModuleType) -> None:
    folder = ROOT / "assignments" / lab / "samples"
    made = make_samples.files(find_course(ROOT), lab)
    there = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".ipynb", ".toml")}
    different = [name for name in sorted(made.keys() | there.keys()) if made.get(name) != there.get(name)]
    assert different == [], "run tools/make_samples.py"


@pytest.mark.parametrize("lab", LABS)
def test_every_notebook_has_its_score(lab: str) -> None:
    folder = ROOT / "assignments" / lab / "samples"
    scored = [s["file"] for s in tomllib.loads((folder / "scores.toml").read_text("utf-8"))["sample"]]
    assert sorted(scored) == sorted(path.name for path in folder.glob("*.ipynb"))
    assert len(scored) >= AT_LEAST.get(lab, 16)


def test_every_lab_of_the_course_has_a_class() -> None:
    assert sorted(find_course(ROOT).info.assignments) == sorted(LABS)
