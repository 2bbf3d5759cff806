"""Coteja: `coteja grade` over a folder, to feedback in both languages; `coteja regrade`."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from labs import Lab
from measure import Usage, run


def hand_in(lab: Lab, count: int, folder: Path) -> Path:
    """`count` copies of the solved notebook."""
    place = folder / "submitted"
    place.mkdir(parents=True)
    for number in range(count):
        shutil.copy(lab.solved, place / f"student{number:04d}.ipynb")
    return place


def grade(lab: Lab, count: int, folder: Path) -> Usage:
    """Mark `count` submissions; every one must get full marks and its pages."""
    submitted = hand_in(lab, count, folder)
    usage = _run("grade", lab, folder, str(submitted))
    check(lab, count, folder / "out")
    return usage


def regrade(lab: Lab, count: int, folder: Path) -> Usage:
    """Check, score and report what `grade` left in `folder` again."""
    shutil.rmtree(folder / "out" / "feedback")
    usage = _run("regrade", lab, folder)
    check(lab, count, folder / "out")
    return usage


def _run(command: str, lab: Lab, folder: Path, *paths: str) -> Usage:
    out = str(folder / "out")
    arguments = [command, lab.id, *paths, "--course", str(lab.course), "--out", out, "--json"]
    return run([sys.executable, "-m", "coteja", *arguments], cwd=folder)


def check(lab: Lab, count: int, out: Path) -> None:
    """Full marks for all, and four pages each."""
    results = [json.loads(path.read_text()) for path in sorted((out / "results").glob("*.json"))]
    assert len(results) == count, f"{lab.id}: {count} submissions, {len(results)} results"
    wrong = [r["student"] for r in results if r["points"] is None or r["points"] < r["max_points"]]
    assert not wrong, f"{lab.id}: without full marks: {wrong[:5]}"
    pages = list((out / "feedback").glob("*/feedback.*"))
    assert len(pages) == 4 * count, f"{lab.id}: {count} submissions, {len(pages)} pages"


def multiply(out: Path, total: int) -> None:
    """Add results until there are `total`, each of a recording that is already there."""
    results = sorted((out / "results").glob("*.json"))
    for number in range(total - len(results)):
        shutil.copy(results[number % len(results)], out / "results" / f"more{number:04d}.json")
