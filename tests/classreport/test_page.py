"""The class report as a page: both languages, whatever the class, and no text of anybody's becomes markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from coteja.classreport.result import ClassReport
from coteja.classreport.summary import summarise
from coteja.grading.class_data import class_data
from coteja.grading.class_report import dump_report, feedback_link
from coteja.grading.intake.store import keep_intake
from coteja.i18n import Translator, translator
from coteja.model.intake import IntakeFile, Listed
from coteja.model.message import message as _
from coteja.model.result import Misconception, SubmissionResult

from .conftest import MADE_AT, NOT_SQUARED, TITLE, Stored, late, page_of, result, unreadable

HOSTILE = (
    "<script>alert(1)</script>\"><img src=x onerror=alert(2)>' onmouseover=alert(3) {{ 7*7 }} {% raw %} "
    "</svg></style></title><!-- --> &lt;b&gt; \x1b[31mred\x1b[0m \u202eesrever\u202c \x00 {name}"
)
TAGS = {
    *("html", "head", "meta", "title", "link", "style", "body", "header", "main", "footer", "nav", "section", "div"),
    *("span", "p", "a", "h1", "h2", "h3", "b", "i", "q", "bdi", "ul", "li", "dl", "dt", "dd", "figure", "figcaption"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
    *("svg", "desc", "path", "line", "rect", "circle", "text"),
}  # fmt: skip
#: What our own pages link to, and nothing else.
LINK = re.compile(r"#[\w-]+|class\.(es|en)\.html|feedback/[\w.%-]+/feedback\.(es|en)\.html(#q\d+-\d+)?")

Make = Callable[..., ClassReport]


class Page(HTMLParser):
    """Collects a page's tags and text, and checks that tags are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs))
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += "" if "style" in self.open else data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def class_of(size: int) -> list[SubmissionResult]:
    """Everything at once: late work, looks, mistakes, marks by people."""
    varied = [
        result(
            f"2019{i:05}",
            (i % 3) / 2,
            i % 2,
            1,
            name=f"Ana Núñez {i}",
            mistake=NOT_SQUARED,
            late=late(days=i % 3),
        )
        for i in range(size)
    ]
    return [
        *varied,
        result("look", 1, 1, 0, look="claim"),
        result("marked", 1, 1, 1, written=3),
        unreadable("torn"),
    ]


def hostile_class() -> list[SubmissionResult]:
    """Every text that can come from a student is an attack."""
    named = Misconception(
        id=HOSTILE, name=_("{x}", x=HOSTILE), explanation=_("{x}", x=HOSTILE), next_step=_("{x}", x=HOSTILE)
    )
    said = _("You wrote {x}.", x=HOSTILE)
    own = [
        result(HOSTILE, 0, 1, 1, name=HOSTILE, mistake=named, said=said, late=late(), seconds=99.0),
        result(HOSTILE + "2", 1, 1, 0, look="claim", assignment="line"),
        unreadable(HOSTILE + "3", detail=HOSTILE),
    ]
    return [*own, *class_of(9)]


@pytest.fixture
def hostile(stored: Stored) -> ClassReport:
    places = stored(hostile_class())
    (places.root / "results" / "<img src=x onerror=alert(5)>.json").write_text(
        f'{{"schema": "{"<script>"}"}}'
    )
    listed = (Listed(source=HOSTILE, why="not_a_notebook", said=HOSTILE),)
    keep_intake(places.root, IntakeFile(missing=(HOSTILE,), listed=listed))
    data = class_data(places, "line", {"es": HOSTILE, "en": HOSTILE})
    return summarise(data, made_at=MADE_AT)


# --- safety ---


@pytest.mark.parametrize("language", ["es", "en"])
def test_hostile_text_is_text_and_never_a_tag_a_handler_or_a_link(
    hostile: ClassReport, language: str
) -> None:
    html = page_of(hostile, language)
    page = Page(html)
    for tag, attributes in page.tags:
        assert tag in TAGS
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "srcset", "action")
        ]
        link = attributes.get("href")
        assert link is None or LINK.fullmatch(link), link
    shown = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    assert (
        page.text.count(shown) > 12
    )  # title, names, mistake, example, looks, late, missing, files, the largest run
    assert "<img src=x onerror=alert(5)>.json" in page.text
    assert "49" not in re.findall(r"\{\{ 7\*7 \}\}|49", html)
    assert not re.search(r"[\x00\x1b\u202e\ud800-\udfff]", html)


def test_the_page_runs_nothing_and_asks_nothing_from_anywhere(hostile: ClassReport) -> None:
    html = page_of(hostile)
    policy = next(a for tag, a in Page(html).tags if a.get("http-equiv") == "Content-Security-Policy")
    assert (policy["content"] or "").startswith("default-src 'none'; style-src 'unsafe-inline'")
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_a_folder_s_name_cannot_leave_its_place_in_a_link(stored: Stored) -> None:
    places = stored([result("Ana", 1, 1, 1)])
    evil = places.feedback('"><b>#x')
    evil.mkdir()
    (evil / "feedback.en.html").write_text("")
    assert feedback_link(places, '"><b>#x', "en") == "feedback/%22%3E%3Cb%3E%23x/feedback.en.html"
    assert feedback_link(places, "nobody", "en") is None


def test_an_anonymous_page_links_to_nobody(report_of: Make) -> None:
    page = Page(page_of(report_of(class_of(12), hide_names=b"k")))
    assert not [a for _tag, a in page.tags if (a.get("href") or "").startswith("feedback")]
    assert "Núñez" not in page.text


# --- what it says ---


def test_both_languages_say_the_same_in_their_own_words(report_of: Make) -> None:
    report = report_of(class_of(12))
    spanish, english = Page(page_of(report, "es")), Page(page_of(report, "en"))
    assert [tag for tag, _a in spanish.tags] == [tag for tag, _a in english.tags]
    assert spanish.tags[0] == ("html", {"lang": "es"})
    for word in ("Informe de la clase", "Ajustar una recta", "Entregas tardías", "Discriminación", "Mediana"):
        assert word in spanish.text
    for word in ("Class report", "Fit a line", "Late work", "Discrimination", "Median"):
        assert word in english.text
    assert ("a", {"href": "class.en.html", "hreflang": "en", "lang": "en"}) in spanish.tags


def test_no_english_sentence_of_ours_is_left_in_spanish(stored: Stored) -> None:
    class Marking(Translator):
        def _lookup(self, sentence: str) -> str:
            return f"⟦{sentence}⟧"

        def plural(self, _one: str, many: str, _count: float) -> str:
            return f"⟦{many}⟧"

    places = stored([*class_of(12), result("7", 1, 1, 1, max_points=12.0)])
    (places.root / "results" / "7.json").write_bytes(b"7")
    keep_intake(
        places.root, IntakeFile(missing=("7",), listed=(Listed(source="7", why="refused", said="7"),))
    )
    report = summarise(class_data(places, "line", {"xx": "7"}), made_at=MADE_AT)
    outside = Page(page_of(report, translator=Marking("xx", "es_GT", (), {}))).text
    while (inner := re.sub(r"⟦[^⟦⟧]*⟧", "", outside)) != outside:
        outside = inner
    allowed = {"UTC", "Ana", "Núñez", "look", "marked", "torn", "json", "MiB", "Español"}
    allowed |= {word for title in TITLE.values() for word in title.split()}
    allowed |= {
        "Mínimos",
        "cuadrados",
        "afirmación",
        "Least",
        "squares",
        "Your",
        "claim",
    }  # the questions' titles
    assert set(re.findall(r"[A-Za-zÁ-ú]{3,}", outside)) - allowed == set()


def test_a_mistake_shows_its_example_and_leads_to_the_very_check(report_of: Make) -> None:
    page = Page(page_of(report_of([result("Ana", 1, 0, 1, mistake=NOT_SQUARED)])))
    assert "The errors were not squared" in page.text
    assert "Yours is 1.5." in page.text
    assert ("a", {"href": "feedback/s000/feedback.en.html#q1-2"}) in page.tags


def test_the_largest_lists_are_cut_with_a_word_that_says_so(report_of: Make) -> None:
    report = report_of([unreadable(f"s{i:03}") for i in range(203)])
    text = Page(page_of(report)).text
    assert "s199" in text
    assert "s200" not in text
    assert "and 3 more; report.json has them all." in text
    assert b"s202" in dump_report(report)


CLASSES: dict[str, Sequence[SubmissionResult]] = {
    "nothing could be read": [unreadable("Ana"), unreadable("Beto")],
    "one student": [result("Ana", 1, 0.5, 0)],
    "everybody at zero": [result(f"s{i}", 0, 0, 0) for i in range(12)],
    "everybody full marks": [result(f"s{i}", 1, 1, 1, written=5) for i in range(12)],
    "everything": class_of(12),
    "no points to have": [result("Ana", 1, 1, 1, max_points=0.0)],
}


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("language", ["es", "en"])
def test_the_page_is_whole_whatever_the_class(name: str, language: str, report_of: Make) -> None:
    html = page_of(report_of(CLASSES[name]), language)
    page = Page(html)
    ids: list[Any] = [a["id"] for _tag, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    wanted = [x for _tag, a in page.tags for x in (a.get("aria-labelledby") or "").split()]
    wanted += [link[1:] for _tag, a in page.tags if (link := a.get("href") or "").startswith("#")]
    assert set(wanted) <= set(ids)
    headings = [int(tag[1]) for tag, _a in page.tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert not re.search(r"NaN|nan %|\binf\b|\bNone\b(?! was recognised)|Undefined", page.text)


def test_a_class_of_which_nothing_could_be_read_has_no_invented_zero(report_of: Make) -> None:
    text = Page(page_of(report_of(CLASSES["nothing could be read"]))).text
    assert "Nothing has points yet." in text
    assert "Nothing could be checked yet." in text
    assert "median" not in text


def test_rendering_twice_gives_the_same_bytes(report_of: Make, tmp_path: Any) -> None:
    report = report_of(class_of(12))
    assert page_of(report) == page_of(report)
    (tmp_path / "class.html.j2").write_text("{{ title(report.title) }}: {{ report.submissions }}")
    assert page_of(report, course_templates=tmp_path) == "Fit a line: 15"


def test_the_median_is_marked_on_the_histogram_where_it_is(report_of: Make) -> None:
    html = page_of(report_of([result("Ana", 1, 1, 1), result("Beto", 0, 0, 0)]))
    assert html.count('class="median line"') == 2  # the wide drawing and the narrow one
    assert "0 % to 10 %: 1. 90 % to 100 %: 1." in html
    assert translator("es").text("Histogram of the scores") == "Histograma de las notas"
