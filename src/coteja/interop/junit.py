"""JUnit XML, as GitLab, Jenkins, Azure and GitHub's test reporters read it: a suite a student, a case a check.

https://github.com/testmoapp/junitxml
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from coteja.feedback.plain import plain
from coteja.feedback.view import state_of
from coteja.i18n import Translator
from coteja.interop.marked import Marked
from coteja.model.result import Outcome, SubmissionResult


def junit(marked: Sequence[Marked], translators: dict[str, Translator]) -> bytes:
    """The file. Each student's suite is in the language of the notebook."""
    root = ET.Element("testsuites", name="coteja")
    for m in marked:
        root.append(_suite(m.result, translators[m.result.language]))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _suite(result: SubmissionResult, translator: Translator) -> ET.Element:
    suite = ET.Element(
        "testsuite",
        name=f"{_text(result.assignment)} · {_text(result.student)}",
        time=f"{result.seconds:.3f}",
    )
    if result.recorded_at:
        suite.set("timestamp", result.recorded_at)
    if result.points is None:
        case = ET.SubElement(suite, "testcase", classname=_text(result.assignment), name=_text(result.source))
        said = [translator.say(note) for note in result.notes]
        ET.SubElement(case, "error", message=_text(" ".join(said)))
    for question in result.questions if result.points is not None else ():
        for outcome in question.outcomes:
            suite.append(_case(outcome, result, translator))
    cases = list(suite)
    suite.set("tests", str(len(cases)))
    for tag, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in cases)))
    return suite


def _case(outcome: Outcome, result: SubmissionResult, translator: Translator) -> ET.Element:
    points = f"{translator.fixed(outcome.points, 2)} / {translator.fixed(outcome.max_points, 2)}"
    case = ET.Element(
        "testcase",
        classname=_text(f"{result.assignment}.{outcome.question}"),
        name=_text(f"{translator.say(outcome.title)} ({points})"),
    )
    said = _text(translator.say(outcome.message))
    step = _text(translator.say(outcome.next_step)) if outcome.next_step else ""
    state = state_of(outcome)
    if state in ("failed", "partial"):
        ET.SubElement(case, "failure", message=said, type=state).text = step
    elif state in ("error", "look"):
        ET.SubElement(case, "error", message=said, type=state)
    elif state == "skipped":
        ET.SubElement(case, "skipped", message=said)
    return case


def _text(text: str) -> str:
    """What XML 1.0 can hold: `plain` leaves no control character, and two code points are no characters."""
    return plain(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
