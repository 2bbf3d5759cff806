"""otter_grade.py ARCHIVE JOBS NOTEBOOK...: mark with otter's API and write each one's report beside it."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path


def grade(archive: str, notebook: str) -> None:
    """One submission, in this process: the import is paid once."""
    from otter.api import grade_submission

    results = grade_submission(notebook, archive, quiet=True)
    report = {"score": [results.total, results.possible], "text": results.to_report_str()}
    (Path(notebook).parent / "report.json").write_text(json.dumps(report))


def main(archive: str, jobs: str, *notebooks: str) -> None:
    """All of them, JOBS at a time."""
    if jobs == "1":
        for notebook in notebooks:
            grade(archive, notebook)
        return
    with ProcessPoolExecutor(int(jobs), mp_context=get_context("spawn")) as pool:
        list(pool.map(partial(grade, archive), notebooks))


if __name__ == "__main__":
    main(*sys.argv[1:])
