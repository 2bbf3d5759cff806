"""From stored files to rows: what is broken, half written or of something else is listed, and the rest is read."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec
import pytest

from coteja.classreport.data import ClassData
from coteja.errors import CotejaError
from coteja.grading import class_data as reading
from coteja.grading.class_data import class_data
from coteja.grading.intake.store import keep_intake
from coteja.grading.marking import Places, dump_result
from coteja.model.intake import IntakeFile, Listed

from .conftest import NOT_SQUARED, TITLE, Stored, result

GOOD = dump_result(result("Ana", 1, 1, 1))
#: What may lie in results/ instead of a result, and what is said of it.
BROKEN = {
    "empty.json": (b"", "It is not whole"),
    "half.json": (GOOD[: len(GOOD) // 2], "It is not whole"),
    "zeros.json": (b"\0" * 500, "It is not whole"),
    "text.json": (b"I was here", "It is not whole"),
    "latin1.json": (GOOD.replace(b"Ana", b"Mar\xeda"), "It is not whole"),
    "list.json": (b"[1, 2, 3]", "It is not whole"),
    "null.json": (b"null", "It is not whole"),
    "deep.json": (b'{"questions":' + b"[" * 200_000, "It is not whole"),
    "nan.json": (GOOD.replace(b'"points": 10.0', b'"points": NaN'), "It is not whole"),
    "huge.json": (GOOD.replace(b'"points": 10.0', b'"points": 1e300'), "It is not whole"),
    "below.json": (GOOD.replace(b'"points": 10.0', b'"points": -10.0'), "It is not whole"),
    "0-title.json": (GOOD.replace(b'"The slope is right"', b"5"), "It is not whole"),
    "status.json": (GOOD.replace(b'"passed"', b'"won"'), "It is not whole"),
    "package.json": (b'{"name": "left-pad"}', "It is not a result"),
    "recording.json": (b'{"schema": "coteja-class/1"}', "its schema is “coteja-class/1”"),
    "other.json": (GOOD.replace(b'"line"', b'"xor"'), "another assignment, xor"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_no_result_is_listed_with_a_sentence_and_the_rest_is_read(
    name: str, stored: Stored
) -> None:
    content, sentence = BROKEN[name]
    assert content != GOOD
    places = stored([result("Beto", 1, 0, 1), result("Caro", 1, 1, 1)])
    (places.root / "results" / name).write_bytes(content)
    data = class_data(places, "line", TITLE)
    (left_out,) = data.unread
    assert left_out.file == name
    assert sentence in str(left_out.said)
    assert sorted(row.student for row in data.submissions) == ["Beto", "Caro"]
    assert len(data.outcomes) == 6


def test_a_folder_a_dangling_link_and_a_pipe_are_listed_and_never_waited_for(stored: Stored) -> None:
    places = stored([result("Ana", 1, 1, 1)])
    folder = places.root / "results"
    (folder / "a.json").mkdir()
    (folder / "b.json").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "c.json")
    data = class_data(places, "line", TITLE)
    assert [(u.file, str(u.said)) for u in data.unread] == [(f"{x}.json", "It is not a file.") for x in "abc"]
    assert len(data.submissions) == 1


def test_a_file_too_large_for_a_result_is_listed(stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    places = stored([result("Ana", 1, 1, 1), result("Beto", 1, 1, 1)])
    monkeypatch.setattr(reading, "MAX_RESULT_BYTES", len(GOOD) + 1000)
    with places.result("s001").open("ab") as file:
        file.write(b" " * 2000)
    data = class_data(places, "line", TITLE)
    assert [str(u.said) for u in data.unread] == ["It is too large for a result."]


def test_a_result_that_is_larger_than_the_buffer_is_read_whole(stored: Stored) -> None:
    places = stored([result("Ana", 1, 1, 1), result("Beto", 1, 1, 1)])
    text = dump_result(result("Ana", 1, 1, 1)).replace(b'"text": "', b'"text": "' + b"x" * (3 << 20))
    places.result("s000").write_bytes(text)
    data = class_data(places, "line", TITLE)
    assert [row.student for row in data.submissions] == ["Ana", "Beto"]
    assert data.unread == ()


def test_hidden_parts_of_files_still_being_written_are_not_looked_at(stored: Stored) -> None:
    places = stored([result("Ana", 1, 1, 1)])
    (places.root / "results" / ".x7.part").write_bytes(GOOD[:50])
    assert class_data(places, "line", TITLE).unread == ()


def test_nothing_marked_is_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CotejaError, match=r"nothing has been marked here yet\. Run `coteja grade` first\."):
        class_data(Places(tmp_path), "line", TITLE)


def test_nothing_but_broken_files_is_a_sentence_that_names_the_first(stored: Stored) -> None:
    places = stored([])
    for name in ("a.json", "b.json"):
        (places.root / "results" / name).write_bytes(b"{")
    with pytest.raises(
        CotejaError, match=re.escape("none of 2 files is a result of line. a.json: It is not whole")
    ):
        class_data(places, "line", TITLE)


def test_of_two_results_of_one_student_the_one_marked_last_counts(stored: Stored) -> None:
    old, new = (result("Ana", share, 1, 1, marked_at=f"2026-03-1{day}") for share, day in ((0, 4), (1, 5)))
    for results in ([old, new], [new, old]):
        data = class_data(stored(results), "line", TITLE)
        (row,) = data.submissions
        assert row.points == 10
        assert {o.file for o in data.outcomes} == {row.file}
        (left_out,) = data.unread
        assert str(left_out.said) == f"It is an older result of the same student: {row.file}.json counts."


def test_where_a_check_stands_on_the_page_is_that_page_s_own_order(stored: Stored) -> None:
    ana, beto = result("Ana", 1, 1, 1), result("Beto", 0, 1, 1)
    turned = msgspec.structs.replace(beto.questions[0], outcomes=beto.questions[0].outcomes[::-1])
    data = class_data(
        stored([ana, msgspec.structs.replace(beto, questions=(turned, beto.questions[1]))]), "line", TITLE
    )
    anchors = {(o.file, o.check): o.anchor for o in data.outcomes}
    assert anchors["s000", "slope"] == "q1-1"
    assert anchors["s001", "slope"] == "q1-2"


def test_who_of_the_roster_handed_in_nothing_and_what_was_not_placed_comes_from_the_intake(
    stored: Stored,
) -> None:
    places = stored([result("Ana", 1, 1, 1)])
    listed = (
        Listed(source="old.ipynb", why="set_aside", said="another attempt"),
        Listed(source="notes.pdf", why="not_a_notebook", said="not a notebook"),
    )
    keep_intake(places.root, IntakeFile(missing=("Ana", "Beto"), listed=listed))
    data = class_data(places, "line", TITLE)
    assert data.missing == ("Beto",)  # Ana has a result, whatever the list says
    assert [(u.source, u.why) for u in data.unplaced] == [("notes.pdf", "not_a_notebook")]


def test_a_damaged_intake_is_listed_and_the_results_are_read(stored: Stored) -> None:
    places = stored([result("Ana", 1, 1, 1)])
    (places.root / "intake.json").write_bytes(b"{")
    data = class_data(places, "line", TITLE)
    assert [u.file for u in data.unread] == ["intake.json"]
    assert len(data.submissions) == 1


def test_rows_hold_what_a_report_needs_of_a_mistake(stored: Stored) -> None:
    data: ClassData = class_data(stored([result("Ana", 0, 1, 1, mistake=NOT_SQUARED)]), "line", TITLE)
    (made,) = [o for o in data.outcomes if o.misconception]
    assert (made.misconception, made.anchor, str(made.said)) == ("not-squared", "q1-1", "Yours is 1.5.")
    assert str(data.mistakes["not-squared"].name) == "The errors were not squared"
