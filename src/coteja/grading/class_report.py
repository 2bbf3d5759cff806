"""Writes the report of a class beside its results: a page a language, report.json, scores.csv."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import msgspec

from coteja.classreport.render import render_class
from coteja.classreport.result import ClassReport
from coteja.classreport.scores import scores_csv
from coteja.classreport.summary import summarise
from coteja.course.load import Course
from coteja.grading.class_data import class_data
from coteja.grading.marking import Places
from coteja.i18n import translator
from coteja.model.assignment import Assignment, Language
from coteja.recording.files import write_whole


def write_report(
    course: Course,
    assignment: Assignment,
    places: Places,
    languages: Sequence[Language],
    *,
    now: datetime,
    anonymous: bool = False,
) -> tuple[ClassReport, list[Path]]:
    """Make the report and write its files, report.json last; an anonymous one into a folder that can be given away.

    Raises CotejaError when nothing was marked.
    """
    folder = places.root / "anonymous" if anonymous else places.root
    data = class_data(places, assignment.id, assignment.title)
    report = summarise(
        data,
        made_at=now.isoformat(timespec="seconds"),
        hide_names=secrets.token_bytes(32) if anonymous else None,
    )
    files = {f"class.{language}.html": b"" for language in languages}
    for language in languages:
        page = render_class(
            report,
            translator(
                language, course.info.locale(language), course_catalogues=[course.catalogue(language)]
            ),
            other_languages={other: f"class.{other}.html" for other in languages if other != language},
            links=lambda file, wanted: feedback_link(places, file, wanted),
            course_templates=course.templates(),
        )
        files[f"class.{language}.html"] = page.encode("utf-8", "replace")
    files["scores.csv"] = scores_csv(report)
    files["report.json"] = dump_report(report)
    for name, content in files.items():
        write_whole(folder / name, content)
    return report, [folder / name for name in files]


def feedback_link(places: Places, file: str, language: Language) -> str | None:
    """Where the feedback of one submission is, from the report: in `language`, else in any other."""
    folder = places.feedback(file)
    wanted = folder / f"feedback.{language}.html"
    found = wanted if wanted.is_file() else next(iter(sorted(folder.glob("feedback.*.html"))), None)
    return f"feedback/{quote(file)}/{quote(found.name, errors='replace')}" if found else None


def dump_report(report: ClassReport) -> bytes:
    """A report as its JSON file."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"
