"""The sample class on disk is what tools/make_samples.py makes, and scores.toml speaks of exactly those files."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path

from coteja.course.load import find_course

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "assignments" / "two-layer-network" / "samples"


def test_the_samples_are_what_the_tool_makes():
    spec = importlib.util.spec_from_file_location("make_samples", ROOT / "tools" / "make_samples.py")
    assert spec
    assert spec.loader
    tool = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = tool
    spec.loader.exec_module(tool)
    made = tool.files(find_course(ROOT))
    there = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in (".ipynb", ".toml")}
    different = [name for name in sorted(made.keys() | there.keys()) if made.get(name) != there.get(name)]
    assert different == [], "run tools/make_samples.py"


def test_every_notebook_has_its_score():
    scored = [s["file"] for s in tomllib.loads((FOLDER / "scores.toml").read_text("utf-8"))["sample"]]
    assert sorted(scored) == sorted(path.name for path in FOLDER.glob("*.ipynb"))
    assert len(scored) >= 24
