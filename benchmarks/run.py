#!/usr/bin/env python
"""Times Coteja, nbgrader and otter-grader on the same notebooks, in one run; writes docs/benchmarks*.md and the plot.

    make benchmark                      # sets up .venv-peers and runs this with 50 submissions a lab
    python benchmarks/run.py --quick    # five, without the large runs

Every tool must give every submission full marks, else the run stops. Between two runs of the others Coteja is run
again, and each of them is compared with the Coteja runs just before and after it: a machine's mood then hits both.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import labs
import report
import tool_coteja
import tool_nbgrader
import tool_otter
from labs import HERE, Lab
from machine import describe
from measure import Usage, run

ROOT = HERE.parent
Tool = Callable[[Lab, int, Path], Usage]
PEERS: dict[str, Tool] = {
    "nbgrader": tool_nbgrader.grade,
    "otter": tool_otter.grade,
    "otter2": partial(tool_otter.grade, jobs=2),
}
LABS = {
    "numpy-lab": ("NumPy", HERE / "course"),
    "keras-lab": ("Keras", HERE / "course"),
    "two-layer-network": ("Two-layer network", ROOT),
}
GROWTH = {"numpy-lab": (1, 10, 50, 200, 1000), "keras-lab": (1, 10, 50), "two-layer-network": (1, 10, 50)}
QUICK_GROWTH = (1, 10)
REGRADED = 1000


def main() -> None:
    """Run, print, write."""
    options = _options()
    for name in ("PYTHONDONTWRITEBYTECODE", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        os.environ.pop(name, None)
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    if options.again:
        data = json.loads(options.data.read_text())
    else:
        data = {"machine": describe(), "submissions": options.count, "labs": _stored(options)}
        for name in options.labs:
            with tempfile.TemporaryDirectory(prefix="coteja-benchmark-") as folder:
                data["labs"][name] = _time(name, Path(folder).resolve(), options)
            data["machine"]["load_after"] = round(os.getloadavg()[0], 1)
            _write(data, options)
    if options.again:
        _write(data, options)
    print(report.table(data, "en"), report.costs(data, "en"), report.growth(data, "en"), sep="\n\n")


def _stored(options: argparse.Namespace) -> dict[str, Any]:
    """The labs that are not timed now keep their figures."""
    if not options.write or not options.data.is_file():
        return {}
    labs: dict[str, Any] = json.loads(options.data.read_text())["labs"]
    return {name: labs[name] for name in LABS if name in labs}


def _write(data: dict[str, Any], options: argparse.Namespace) -> None:
    """After each lab: a run that is broken off has not been for nothing."""
    if options.write:
        options.data.write_text(json.dumps(data, indent=1) + "\n")
        report.write(data, ROOT / "docs")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("-n", dest="count", type=int, default=50, help="submissions a tool and lab (50)")
    parser.add_argument("--rounds", type=int, default=1, help="how often all tools are run (1)")
    parser.add_argument("--quick", action="store_true", help="5 submissions, no large runs, nothing written")
    parser.add_argument("--labs", nargs="+", choices=list(LABS), default=list(LABS))
    parser.add_argument("--no-write", dest="write", action="store_false", help="only print")
    parser.add_argument("--data", type=Path, default=ROOT / "docs" / "benchmarks.json", help="the figures")
    parser.add_argument("--again", action="store_true", help="write the documents from the stored figures")
    options = parser.parse_args()
    if options.quick:
        options.count, options.write = 5, False
    return options


def _time(name: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    title, course = LABS[name]
    lab = labs.make(name, title, course, folder)
    found: dict[str, Any] = {
        "title": title,
        "floor": _floor(lab, folder),
        "bare": _bare(lab, folder, options),
    }
    found |= _compare(lab, folder, options)
    sizes = QUICK_GROWTH if options.quick else GROWTH[name]
    found["growth"] = _growth(lab, folder, sizes)
    found["regrade"] = _regrade(lab, folder / f"growth-{sizes[-1]}", sizes[-1], options)
    return found


def _say(lab: Lab, what: str, usage: Usage, count: int) -> None:
    print(
        f"{lab.id}: {what}, {count} submissions: {usage.wall_s / count:.3f} s and {usage.cpu_s / count:.3f} s CPU each; "
        f"load {os.getloadavg()[0]:.1f}",
        file=sys.stderr,
        flush=True,
    )


def _floor(lab: Lab, folder: Path) -> dict[str, float]:
    """The student's own code, without any tool."""
    repeats = "5" if lab.id == "two-layer-network" else "15"
    done = subprocess.run(
        [sys.executable, str(HERE / "floor.py"), str(lab.solved), repeats],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _bare(lab: Lab, folder: Path, options: argparse.Namespace) -> dict[str, float]:
    """Only executing, a fresh kernel each: what every other tool pays before it has checked anything."""
    count = min(options.count, 10)
    place = folder / "bare"
    place.mkdir()
    usage = run([sys.executable, str(HERE / "bare.py"), *[str(lab.solved)] * count], cwd=place)
    _say(lab, "bare nbclient", usage, count)
    return {"wall_s": usage.wall_s / count, "cpu_s": usage.cpu_s / count, "largest_mb": usage.largest_mb}


def _compare(lab: Lab, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Coteja and the others in turn."""
    count = options.count
    ours: list[Usage] = []
    others: dict[str, list[Usage]] = {}
    ratios: dict[str, list[float]] = {}

    def once(what: str, tool: Tool) -> Usage:
        place = folder / f"{what}-{sum(map(len, others.values()))}-{len(ours)}"
        place.mkdir()
        usage = tool(lab, count, place)
        shutil.rmtree(place)
        _say(lab, what, usage, count)
        return usage

    for _round in range(options.rounds):
        ours.append(once("coteja", tool_coteja.grade))
        for name, tool in PEERS.items():
            before, other = ours[-1], once(name, tool)
            ours.append(once("coteja", tool_coteja.grade))
            others.setdefault(name, []).append(other)
            ratios.setdefault(name, []).append(2 * other.wall_s / (before.wall_s + ours[-1].wall_s))
    return {
        "tools": {"coteja": _median(ours, count), **{k: _median(v, count) for k, v in others.items()}},
        "ratios": {name: statistics.median(found) for name, found in ratios.items()},
        "coteja_runs_s": [round(usage.wall_s / count, 4) for usage in ours],
    }


def _median(runs: list[Usage], count: int) -> dict[str, float]:
    return {
        "wall_s": statistics.median(u.wall_s for u in runs) / count,
        "cpu_s": statistics.median(u.cpu_s for u in runs) / count,
        "largest_mb": max(u.largest_mb for u in runs),
        "tree_mb": max(u.tree_mb for u in runs),
    }


def _growth(lab: Lab, folder: Path, sizes: tuple[int, ...]) -> list[dict[str, Any]]:
    found = []
    for count in sizes:
        place = folder / f"growth-{count}"
        place.mkdir()
        usage = tool_coteja.grade(lab, count, place)
        _say(lab, "coteja", usage, count)
        found.append({"count": count, **asdict(usage)})
        if count != sizes[-1]:
            shutil.rmtree(place)
    return found


def _regrade(lab: Lab, place: Path, count: int, options: argparse.Namespace) -> dict[str, Any]:
    """Check and report again: what there is, and a thousand."""
    own = tool_coteja.regrade(lab, count, place)
    _say(lab, "coteja regrade", own, count)
    total = count if options.quick else REGRADED
    tool_coteja.multiply(place / "out", total)
    many = own if total == count else tool_coteja.regrade(lab, total, place)
    _say(lab, "coteja regrade", many, total)
    return {"count": total, "few": count, "few_cpu_s": own.cpu_s, **asdict(many)}


if __name__ == "__main__":
    main()
