"""The docs say what is: links lead somewhere, both languages match, the schema and the tutorial are the code's."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
TINY = ROOT / "tests" / "data" / "tiny-course"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])
SPANISH = [page for page in PAGES if page.name.endswith(".es.md")]
#: The code blocks of docs/authoring.md that are files, in order.
TUTORIAL = (
    "course.toml",
    "assignments/line/assignment.toml",
    "assignments/line/notebook.py",
    "reference/line.py",
    "reference/line_mistakes.py",
    "graders/line.py",
)


def _load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("update_docs", ROOT / "tools" / "update_docs.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def blocks(text: str) -> list[tuple[str, str]]:
    """Language and text of each fenced code block."""
    return re.findall(r"^```(\w*)\n(.*?)^```", text, flags=re.M | re.S)


def code(text: str) -> list[tuple[str, str]]:
    """The code blocks; of what a program says (`text`) only that it is there: it speaks the page's language."""
    return [(language, "" if language == "text" else body) for language, body in blocks(text)]


def prose(text: str) -> str:
    """The text without its fenced code blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)


def test_the_result_page_and_its_schema_are_as_the_code_says() -> None:
    tool = _load_tool()
    assert (DOCS / "results.md").read_text(encoding="utf-8") == tool.page_text(), "run tools/update_docs.py"
    assert (DOCS / "result.schema.json").read_text(encoding="utf-8") == tool.schema_text(), (
        "run tools/update_docs.py"
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(<?([^)>\s]+)>?\)", prose(page.read_text(encoding="utf-8")))
    relative = [target.split("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]
    assert [target for target in relative if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", [p for p in SPANISH if p.parent == DOCS], ids=lambda page: page.name)
def test_both_languages_have_the_same_headings_and_code(page: Path) -> None:
    spanish = page.read_text(encoding="utf-8")
    english = page.with_name(page.name.replace(".es.md", ".md")).read_text(encoding="utf-8")
    levels = [re.findall(r"^(#+) ", prose(text), flags=re.M) for text in (spanish, english)]
    assert levels[0] == levels[1]
    assert code(spanish) == code(english)


def test_the_tutorial_s_files_are_those_that_are_tested() -> None:
    text = (DOCS / "authoring.md").read_text(encoding="utf-8")
    shown = [body for language, body in blocks(text) if language in ("toml", "python")]
    stored = [(TINY / name).read_text(encoding="utf-8") for name in TUTORIAL]
    stored[0] = stored[0].replace('["line", "neuron"]', '["line"]')
    assert (
        shown[: len(stored)] == stored
    )  # what follows shows counterfactual runs: tests/grading/test_counterfactual.py
