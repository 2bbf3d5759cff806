"""The page and the Markdown: what they say, in which language, and that no student's text becomes markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from markdown_it import MarkdownIt

from coteja.errors import CourseError
from coteja.feedback import render_html, render_markdown
from coteja.i18n import Translator, packaged_templates
from coteja.model.message import message as _
from coteja.model.result import SubmissionResult

from .conftest import HOSTILE, MARKED_AT, TITLE

RESULTS = ("perfect", "mistaken", "broken", "unreadable", "hostile")
TAGS = {
    *("html", "head", "meta", "title", "link", "style", "body", "header", "main", "footer", "nav", "section"),
    *(
        "article",
        "div",
        "span",
        "p",
        "a",
        "h1",
        "h2",
        "h3",
        "h4",
        "b",
        "i",
        "bdi",
        "ol",
        "ul",
        "li",
        "dl",
        "dt",
        "dd",
    ),
    *(
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "figure",
        "figcaption",
        "details",
        "summary",
        "pre",
        "code",
    ),
    *("blockquote", "svg", "desc", "path", "line", "circle", "text"),
}
VOID = {"meta", "link"}


class Page(HTMLParser):
    """Collects the tags, attributes and text of a page, and checks that tags are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.headings: list[int] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        assert len(attrs) == len(dict(attrs))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


Render = Callable[..., str]


@pytest.fixture(params=RESULTS)
def result(request: pytest.FixtureRequest) -> SubmissionResult:
    """Each of the results in turn."""
    value: SubmissionResult = request.getfixturevalue(request.param)
    return value


@pytest.fixture(params=("es", "en"))
def language(request: pytest.FixtureRequest) -> Translator:
    """Each language in turn."""
    value: Translator = request.getfixturevalue(request.param)
    return value


def html(result: SubmissionResult, translator: Translator, **options: Any) -> str:
    """The page, with a link to the other language."""
    other = "en" if translator.language == "es" else "es"
    links = {other: f"feedback.{other}.html"}
    return render_html(
        result, translator, assignment_title=TITLE, other_languages=links, marked_at=MARKED_AT, **options
    )


def markdown(result: SubmissionResult, translator: Translator, **options: Any) -> str:
    """The Markdown, with a link to the other language."""
    other = "en" if translator.language == "es" else "es"
    links = {other: f"feedback.{other}.md"}
    return render_markdown(
        result, translator, assignment_title=TITLE, other_languages=links, marked_at=MARKED_AT, **options
    )


# --- safety ---


def test_a_page_has_only_tags_of_ours_and_no_handler(result: SubmissionResult, language: Translator) -> None:
    page = Page(html(result, language))
    assert page.open == []
    for tag, attributes in page.tags:
        assert tag in TAGS
        assert not [name for name in attributes if name.startswith("on")]


def test_a_page_asks_nothing_from_anywhere(result: SubmissionResult, language: Translator) -> None:
    text = html(result, language)
    page = Page(text)
    for tag, attributes in page.tags:
        assert "src" not in attributes
        assert "srcset" not in attributes
        link = attributes.get("href")
        assert link is None or link.startswith("#") or re.fullmatch(r"feedback\.(es|en)\.html", link), (
            tag,
            link,
        )
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    policy = next(
        a for tag, a in page.tags if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    assert (policy["content"] or "").startswith(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )


def test_hostile_text_is_shown_as_it_was_written(hostile: SubmissionResult, en: Translator) -> None:
    page = Page(html(hostile, en))
    shown = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    assert page.text.count(shown) > 10
    assert "red esrever" in page.text  # without the terminal's codes and the direction override
    assert not re.search(r"[\x00\x1b\u202e\ud800-\udfff]", page.text)
    html(hostile, en).encode()


def test_hostile_text_stays_text_in_markdown(hostile: SubmissionResult, language: Translator) -> None:
    text = markdown(hostile, language)
    text.encode()
    rendered = (
        MarkdownIt("commonmark", {"html": True, "linkify": False})
        .enable(["table", "strikethrough"])
        .render(text)
    )
    # Our own line breaks are the only HTML; our own link the only link.
    page = Page(rendered.replace("<br>", "").replace("<hr />", "<hr></hr>"))
    allowed = {"h1", "h2", "h3", "p", "strong", "em", "a", "ul", "ol", "li", "blockquote", "pre", "code"}
    allowed |= {"table", "thead", "tbody", "tr", "th", "td"}
    assert {tag for tag, _attributes in page.tags} <= allowed
    assert {a["href"] for tag, a in page.tags if tag == "a"} == {
        f"feedback.{'en' if language.language == 'es' else 'es'}.md"
    }
    assert "`tick` | cell | [link](javascript:alert(4))" in page.text
    # Nothing that a reader would turn into a link by itself, outside of code.
    outside = re.sub(r"(?ms)^(`{3,})text$.*?^\1$", "", text)
    assert not re.search(r"https?://|www\.", outside)


def test_a_students_fence_cannot_close_ours(hostile: SubmissionResult, en: Translator) -> None:
    tokens = MarkdownIt().parse(markdown(hostile, en))
    blocks = [token.content for token in tokens if token.type == "fence"]
    assert len(blocks) == 2
    assert all("# " in block for block in blocks)
    assert not [t for t in tokens if t.type == "inline" and t.content in ("out", "heading")]


def test_a_traceback_is_folded_and_free_of_terminal_codes(broken: SubmissionResult, es: Translator) -> None:
    text = html(broken, es)
    assert "\x1b" not in text
    assert "[31m" not in text
    folded = text[text.index('<details class="traceback">') :]
    assert "---&gt; 12 Z2 = np.dot(W2.T, A1) + b2" in folded


# --- what it says ---


def test_the_points_so_far_and_those_that_wait_are_in_the_header(
    mistaken: SubmissionResult, es: Translator
) -> None:
    text = " ".join(Page(html(mistaken, es)).text.split())
    assert "36 de 72 puntos" in text
    assert "Falta que una persona califique 30 puntos más." in text


def test_marked_written_answers_count_in_the_total(perfect: SubmissionResult, en: Translator) -> None:
    text = " ".join(Page(html(perfect, en)).text.split())
    assert "100 of 100 points" in text
    assert "Every check holds" in text
    assert "waiting" not in text.lower()


def test_no_points_is_never_a_zero(unreadable: SubmissionResult, language: Translator) -> None:
    for text in (Page(html(unreadable, language)).text, markdown(unreadable, language)):
        assert language.text("Not scored yet") in text
        assert not re.search(r"\b0 (/|of|de) ", text)
        assert language.text("Nothing of your file was run.") in text or text.startswith("#")


def test_a_mistake_that_cost_two_checks_is_named_once_in_what_to_do_next(
    mistaken: SubmissionResult, en: Translator
) -> None:
    text = html(mistaken, en)
    advice = text[text.index('class="advice"') : text.index('class="question"')]
    assert advice.count("The loss changed, but its gradient did not") == 1
    assert "cost you 18 points" in advice
    # A check that a person must decide has lost nothing yet.
    assert "The comparison of the two losses" not in advice


def test_the_mistake_comes_before_its_evidence(mistaken: SubmissionResult, en: Translator) -> None:
    text = html(mistaken, en)
    card = text[text.index('id="q3-1"') : text.index('id="q3-2"')]
    places = [card.index(part) for part in ("<h4>", "Next step", "<table", '<svg class="plot"')]
    assert places == sorted(places)


def test_every_state_has_its_word(
    mistaken: SubmissionResult, broken: SubmissionResult, es: Translator
) -> None:
    text = Page(html(mistaken, es)).text + Page(html(broken, es)).text
    for word in (
        "Correcto",
        "En parte",
        "Todavía no",
        "Falla nuestra",
        "Lo verá una persona",
        "No se revisó",
    ):
        assert word in text


def test_headings_go_down_one_level_at_a_time(result: SubmissionResult, en: Translator) -> None:
    headings = Page(html(result, en)).headings
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))


def test_ids_are_unique_and_every_reference_has_its_target(result: SubmissionResult, en: Translator) -> None:
    page = Page(html(result, en))
    ids = [a["id"] for _tag, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    wanted = [(a.get("aria-labelledby") or "").split() for _tag, a in page.tags]
    wanted += [[link[1:]] for _tag, a in page.tags if (link := a.get("href") or "").startswith("#")]
    assert {name for names in wanted for name in names} <= set(ids)


def test_pages_say_their_language_and_link_to_the_other(perfect: SubmissionResult, es: Translator) -> None:
    page = Page(html(perfect, es))
    assert page.tags[0] == ("html", {"lang": "es"})
    assert ("a", {"href": "feedback.en.html", "hreflang": "en", "lang": "en"}) in page.tags
    assert ("link", {"rel": "alternate", "hreflang": "en", "href": "feedback.en.html"}) in page.tags


def test_no_english_sentence_of_ours_is_left_in_spanish(result: SubmissionResult) -> None:
    # This one marks what it was asked for: whatever the templates print unmarked cannot be translated.
    class Marking(Translator):
        def _lookup(self, sentence: str) -> str:
            return f"⟦{sentence}⟧"

        def plural(self, _one: str, many: str, _count: float) -> str:
            return f"⟦{many}⟧"

    blank = msgspec.structs.replace(
        result,
        student="7",
        source="7",
        sha256="7",
        recorded_at="",
        versions={},
        questions=tuple(
            msgspec.structs.replace(q, title={"xx": "7"}, problems=(), written=None) for q in result.questions
        ),
    )
    plain = Page(
        render_html(
            blank,
            Marking("xx", "es_GT", (), {}),
            assignment_title={"xx": "7"},
            other_languages={},
            marked_at=MARKED_AT,
        )
    ).text
    outside = plain
    while (inner := re.sub(r"⟦[^⟦⟧]*⟧", "", outside)) != outside:
        outside = inner
    words = set(re.findall(r"[A-Za-zÁ-ú]{3,}", outside)) - {"UTC", "costos", "mse", "red"}
    words -= set(re.findall(r"[A-Za-z]{3,}", HOSTILE))
    assert words == set()


def test_rendering_twice_gives_the_same_bytes(result: SubmissionResult, language: Translator) -> None:
    assert html(result, language) == html(result, language)
    assert markdown(result, language) == markdown(result, language)


# --- templates ---


def test_a_courses_template_goes_before_the_packaged_one(
    perfect: SubmissionResult, es: Translator, tmp_path: Path
) -> None:
    (tmp_path / "feedback.css").write_text("body { color: teal }")
    (tmp_path / "feedback.md.j2").write_text(
        '{{ _("Next step") }}: {{ page.student }} {% trans %}Questions{% endtrans %}'
    )
    text = html(perfect, es, course_templates=tmp_path)
    assert "body { color: teal }" in text
    assert "Una red de dos capas" in text
    assert markdown(perfect, es, course_templates=tmp_path) == "Siguiente paso: Ana Lucía Pérez Preguntas"


def test_a_courses_template_is_escaped_whatever_its_name(
    hostile: SubmissionResult, en: Translator, tmp_path: Path
) -> None:
    (tmp_path / "feedback.html.j2").write_text("{% include 'piece.txt' %}")
    (tmp_path / "piece.txt").write_text("{{ page.student }}")
    assert "<script>" not in html(hostile, en, course_templates=tmp_path)


@pytest.mark.parametrize(
    ("template", "said"),
    [("{{ page.no_such_thing }}", "no_such_thing"), ("\n{% if %}", "feedback.html.j2, line 2: ")],
)
def test_a_wrong_template_of_a_course_is_an_error_that_says_where(
    perfect: SubmissionResult, en: Translator, tmp_path: Path, template: str, said: str
) -> None:
    (tmp_path / "feedback.html.j2").write_text(template)
    with pytest.raises(CourseError, match=said):
        html(perfect, en, course_templates=tmp_path)


def test_text_is_readable_on_its_ground_in_light_dark_and_print() -> None:
    style = (packaged_templates() / "feedback.css").read_text()
    light, dark, paper = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    base = _variables(light)
    for colours in (base, base | _variables(dark), base | _variables(paper)):
        for ground in ("paper", "card"):
            for ink in ("ink", "soft", "link", "pass", "part", "fail", "look", "skip"):
                assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
            for curve in ("s1", "s2", "s3", "s4", "s5", "s6", "neutral"):
                assert _contrast(colours[curve], colours[ground]) >= 3, (curve, ground)
        for ink in ("next", "pass", "part", "fail", "look"):
            assert _contrast(colours[ink], colours[f"{ink}-ground"]) >= 4.5, ink
            assert _contrast(colours["ink"], colours[f"{ink}-ground"]) >= 7, ink


def _variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))


def _contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""

    def luminance(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_a_message_that_is_missing_in_the_catalogue_is_said_in_english(
    perfect: SubmissionResult, es: Translator
) -> None:
    odd = msgspec.structs.replace(perfect, notes=(_("No catalogue has this."),))
    assert "No catalogue has this." in html(odd, es)
