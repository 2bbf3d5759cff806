"""Times an unchanged `coteja grade` over many stored submissions: `python benchmarks/gradebook.py [COUNT]`.

One sample of the course that `coteja new` makes is marked for real; the others are copies of what that left behind, under
names and bytes of their own. What is timed is the whole command, as a person waits for it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from msgspec.structs import replace

from coteja.course.load import find_course, load_assignment
from coteja.gradebook.store import Gradebook
from coteja.grading.intake import Rules, take_in
from coteja.grading.ledger import Ledger
from coteja.grading.places import Places, dump_result, read_result
from coteja.grading.versions import versions_of, work_digest
from coteja.recording.files import write_whole
from coteja.scaffold import new_course

LAB = "first-step"
LANGUAGES = ("es", "en")


def main(count: int) -> None:
    """Make `count` stored submissions and time the command that finds them unchanged, three times."""
    with tempfile.TemporaryDirectory(prefix="coteja-benchmark-") as place:
        course = Path(place) / "course"
        new_course(course, languages=LANGUAGES, titles={})
        handed = course / "handed-in"
        handed.mkdir()
        sample = (course / "assignments" / LAB / "samples" / "luis-tzoc.ipynb").read_bytes()
        (handed / "student-00000.ipynb").write_bytes(sample)
        grade(course)
        multiply(course, handed, count)
        for _ in range(3):
            seconds, cpu_s, said = timed(course)
            kept = next(line for line in said.splitlines() if line.startswith("Unchanged"))
            print(f"{seconds:6.2f} s, {cpu_s:.2f} s of them CPU: {kept}", flush=True)
            assert f"{count} of {count} " in kept


def multiply(course: Path, handed: Path, count: int) -> None:
    """Copies of the one real submission: notebook, result, pages, recording, and a row in the gradebook."""
    places = Places(course / "marked" / LAB)
    real = read_result(places.result("student-00000"))
    assignment = load_assignment(find_course(course), LAB)
    book = Gradebook.open(str(course / "gradebook.db"))
    ledger = Ledger(book, LAB, versions_of(find_course(course), assignment), "benchmark")
    sample = (handed / "student-00000.ipynb").read_bytes()
    for number in range(1, count):
        (handed / f"student-{number:05d}.ipynb").write_bytes(sample + b"\n" + b" " * number)
    os.chdir(course)
    recording = (places.recordings.folder / real.recording / "recording.json").read_bytes()
    began = time.monotonic()
    for submission in take_in([Path("handed-in")], Rules(LAB)).submissions[1:]:
        name = submission.student
        key = f"{submission.sha256[:16]}-{name}"
        result = replace(
            real, student=name, source=submission.source, sha256=submission.sha256, recording=key
        )
        content = dump_result(result)
        write_whole(places.result(name), content)
        for page in places.feedback("student-00000").iterdir():
            write_whole(places.feedback(name) / page.name, page.read_bytes())
        write_whole(places.recordings.folder / key / "recording.json", recording)
        stamp = places.stamp(name, LANGUAGES)
        ledger.enter(result, name, content, stamp=stamp, work=work_digest([submission]))
    book.close()
    print(f"made {count} stored submissions in {time.monotonic() - began:.0f} s", flush=True)


def grade(course: Path) -> str:
    """Run the command; what it says."""
    command = [sys.executable, "-m", "coteja", "grade", LAB, "handed-in"]
    return subprocess.run(command, cwd=course, check=True, capture_output=True, text=True).stdout


def timed(course: Path) -> tuple[float, float, str]:
    """Wall and CPU seconds of the command, and what it says."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    said = grade(course)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - began, cpu_s, said


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
