"""class_report.py: `coteja report` over ten thousand stored results, on one core: seconds, CPU, memory.

The results are those of a real class, marked here (or given with --marked), each as often as it takes, under another
name and with other outcomes: about one check in eight comes out differently, so that no two distributions are alike.

    python benchmarks/class_report.py [--count 10000] [--marked DIR] [--keep DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import run
from msgspec.structs import replace

from coteja.grading.marking import dump_result, read_result
from coteja.model.result import Outcome, QuestionResult, SubmissionResult

ROOT = Path(__file__).parents[1]
LAB = "two-layer-network"
GOAL_S = 5.0


def marked_class(folder: Path) -> list[SubmissionResult]:
    """The lab's own sample class, marked for real."""
    samples = ROOT / "assignments" / LAB / "samples"
    command = [sys.executable, "-m", "coteja", "grade", LAB, str(samples), "--out", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return [read_result(file) for file in sorted(folder.glob("results/*.json"))]


def varied(result: SubmissionResult, number: int, chance: random.Random) -> SubmissionResult:
    """Another student's result, of the same size, with outcomes of its own."""
    questions = tuple(_varied(question, chance) for question in result.questions)
    return replace(
        result,
        student=f"{result.student}-{number:05}",
        name=f"{chance.choice(['Ana', 'José', 'Rigoberto', 'María'])} {chance.choice(['Choc', 'Núñez', 'Paz'])} {number}",
        questions=questions,
        points=None if result.points is None else round(sum(q.points for q in questions), 2),
        seconds=result.seconds * chance.uniform(0.7, 1.6),
        peak_memory_mb=result.peak_memory_mb * chance.uniform(0.9, 1.3),
    )


def _varied(question: QuestionResult, chance: random.Random) -> QuestionResult:
    outcomes = tuple(_outcome(o, chance) for o in question.outcomes)
    return replace(question, outcomes=outcomes, points=round(sum(o.points for o in outcomes), 2))


def _outcome(outcome: Outcome, chance: random.Random) -> Outcome:
    if chance.random() > 1 / 8 or outcome.status in ("skipped", "error"):
        return outcome
    share, status = chance.choice([(0.0, "failed"), (0.5, "partial"), (1.0, "passed")])
    return replace(outcome, status=status, points=round(outcome.max_points * share, 2))


def make(count: int, results: list[SubmissionResult], folder: Path) -> int:
    """Write `count` varied results; how many bytes that is."""
    chance = random.Random(20260314)
    (folder / "results").mkdir(parents=True)
    size = 0
    for number in range(count):
        data = dump_result(varied(results[number % len(results)], number, chance))
        (folder / "results" / f"student-{number:05}.json").write_bytes(data)
        size += len(data)
    return size


def main() -> None:
    """Make the class, report on it, print what that cost as JSON. Exit code 1 above the goal, in seconds of the core itself."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--marked", type=Path, help="A folder that `coteja grade` wrote for the lab.")
    parser.add_argument("--keep", type=Path, help="Make the class here, and use it again when it is there.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coteja-benchmark-") as temporary:
        folder = options.keep or Path(temporary) / "class"
        if not (folder / "results").is_dir():
            if options.marked:
                results = [read_result(file) for file in sorted(options.marked.glob("results/*.json"))]
            else:
                results = marked_class(Path(temporary) / "marked")
            make(options.count, results, folder)
        files = list((folder / "results").glob("*.json"))
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        command = [sys.executable, "-m", "coteja", "report", LAB, "--course", str(ROOT), "--out", str(folder)]
        usages = [run(command, cwd=Path(temporary)) for _ in range(3)]
        best = min(usages, key=lambda usage: usage.wall_s)
        said = json.loads((folder / "report.json").read_bytes())
        assert said["submissions"] == len(files), "the report must count every result"
    print(
        json.dumps(
            {
                "results": len(files),
                "wall_s": [round(usage.wall_s, 2) for usage in usages],
                "cpu_s": [round(usage.cpu_s, 2) for usage in usages],
                "largest_mb": round(best.largest_mb),
                "goal_s": GOAL_S,
            }
        )
    )
    sys.exit(best.cpu_s > GOAL_S)


if __name__ == "__main__":
    main()
