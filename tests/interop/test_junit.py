"""JUnit XML: what GitLab, Jenkins and test reporters read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

LAB = "first-step"


@pytest.fixture(scope="module")
def suites(made: Path, program: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> ET.Element:
    file = tmp_path_factory.mktemp("junit") / "deep" / "junit.xml"
    program("export", "junit", LAB, file, "--course", made, code=1)
    return ET.fromstring(file.read_bytes())


def suite(suites: ET.Element, student: str) -> ET.Element:
    return next(s for s in suites if s.get("name") == f"{LAB} · {student}")


def test_a_student_is_a_suite_and_a_check_is_a_case(suites: ET.Element) -> None:
    own = suite(suites, "ana")
    assert [own.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["6", "0", "0", "0"]
    assert {case.get("classname") for case in own} == {f"{LAB}.q1", f"{LAB}.q2"}


def test_a_failure_says_what_was_found_and_what_to_do(suites: ET.Element) -> None:
    failed = [case for case in suite(suites, "ben") if case.find("failure") is not None]
    assert failed[0].find("failure").get("message") == "The step leads elsewhere."  # type: ignore[union-attr]
    assert failed[0].findtext("failure") == "Subtract rate times gradient from the weight."


def test_an_unreadable_notebook_is_an_error(suites: ET.Element) -> None:
    own = suite(suites, "zoe")
    assert [own.get(name) for name in ("tests", "errors")] == ["1", "1"]


def test_the_counts_add_up(suites: ET.Element) -> None:
    for name in ("tests", "failures", "errors", "skipped"):
        assert int(suites.get(name, "")) == sum(int(s.get(name, "")) for s in suites)


def test_hostile_text_is_text(suites: ET.Element) -> None:
    everything = ET.tostring(suites, encoding="unicode")
    assert "<script>" not in everything
    assert {element.tag for element in suites.iter()} <= {
        *("testsuites", "testsuite", "testcase", "failure", "error", "skipped")
    }
