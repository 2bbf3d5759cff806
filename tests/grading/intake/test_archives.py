"""Archives of strangers: what is hostile or broken in one is refused by a sentence, and costs itself alone."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from intake_files import notebook, zipped

import coteja.grading.intake.archive as archive_module
from coteja.grading.intake import Intake, Rules, take_in

LAB = "lab-1"


def write(path: Path, entries: list[tuple[zipfile.ZipInfo | str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in entries:
            archive.writestr(entry, content)
    return path


def take(path: Path, place: Path) -> Intake:
    return take_in([path], Rules(LAB), place)


def students(taken: Intake) -> list[str]:
    return [s.student for s in taken.submissions]


def refused(taken: Intake) -> dict[str, str]:
    return {Path(item.source).name: item.said for item in taken.file.listed if item.why == "refused"}


GOOD = ("ana.ipynb", notebook("ana"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../../evil.ipynb", "climbs out"),
        ("a/../../evil.ipynb", "climbs out"),
        ("..\\..\\evil.ipynb", "climbs out"),
        ("/etc/evil.ipynb", "absolute path"),
        ("C:\\evil.ipynb", "absolute path"),
    ],
)
def test_a_member_that_climbs_out_is_refused_and_nothing_is_written_outside(
    name: str, said: str, tmp_path: Path, place: Path
) -> None:
    before = set(tmp_path.rglob("*"))
    path = write(tmp_path / "in.zip", [(name, notebook("evil")), GOOD])
    taken = take(path, place)
    assert students(taken) == ["ana"]
    assert said in refused(taken)["evil.ipynb"]
    written = set(tmp_path.rglob("*")) - before - {path}
    assert all(file.parent == place for file in written)
    assert not Path("/etc/evil.ipynb").exists()


def test_a_link_in_an_archive_is_not_followed(tmp_path: Path, place: Path) -> None:
    link = zipfile.ZipInfo("beto.ipynb")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    taken = take(write(tmp_path / "in.zip", [(link, b"/etc/passwd"), GOOD]), place)
    assert students(taken) == ["ana"]
    assert "a link" in refused(taken)["beto.ipynb"]
    assert not any(path.is_symlink() for path in place.iterdir())


@pytest.mark.parametrize("kind", [stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_a_device_in_an_archive_is_not_read(kind: int, tmp_path: Path, place: Path) -> None:
    device = zipfile.ZipInfo("beto.ipynb")
    device.create_system = 3
    device.external_attr = (kind | 0o666) << 16
    taken = take(write(tmp_path / "in.zip", [(device, b""), GOOD]), place)
    assert students(taken) == ["ana"]
    assert "not a regular file" in refused(taken)["beto.ipynb"]


def test_an_encrypted_member_is_refused_and_the_others_are_read(tmp_path: Path, place: Path) -> None:
    path = write(tmp_path / "in.zip", [("beto.ipynb", notebook("b")), GOOD])
    raw = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + offset] |= 1  # the first entry is beto's
    path.write_bytes(raw)
    taken = take(path, place)
    assert students(taken) == ["ana"]
    assert "encrypted" in refused(taken)["beto.ipynb"]


def test_a_member_that_swells_is_stopped_before_it_is_whole(tmp_path: Path, place: Path) -> None:
    path = write(tmp_path / "in.zip", [("beto.ipynb", bytes(60 << 20)), GOOD])
    assert path.stat().st_size < 100_000
    taken = take(path, place)
    assert students(taken) == ["ana"]
    assert "swells to more than 200 times" in refused(taken)["beto.ipynb"]
    assert sum(file.stat().st_size for file in place.iterdir()) < 10_000


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path, place: Path) -> None:
    path = write(tmp_path / "in.zip", [("beto.ipynb", bytes(60 << 20)), GOOD])
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", 100)
    path.write_bytes(raw)
    taken = take(path, place)
    assert students(taken) == ["ana"]
    assert "damaged" in refused(taken)["beto.ipynb"]


def test_all_archives_together_have_a_limit(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_module.Place.__init__, "__defaults__", (5000, 0))
    big = notebook("x" * 4000)
    path = write(tmp_path / "in.zip", [(f"s{i}.ipynb", big) for i in range(4)])
    taken = take(path, place)
    assert students(taken) == ["s0"]
    assert len(refused(taken)) == 3
    assert "all archives together" in refused(taken)["s3.ipynb"]


def test_an_archive_with_too_many_entries_is_not_opened(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_module, "MAX_MEMBERS", 50)
    inner = tmp_path / "many.zip"
    write(inner, [(f"{i}.txt", b"") for i in range(101)])
    taken = take(write(tmp_path / "in.zip", [("beto.zip", inner.read_bytes()), GOOD]), place)
    assert students(taken) == ["ana"]
    assert "more than 50 entries" in refused(taken)["beto.zip"]


def test_an_archive_inside_is_opened_and_one_inside_that_is_not(tmp_path: Path, place: Path) -> None:
    deepest = zipped({"deep.ipynb": ""})
    inner = zipped({"lab-1.ipynb": "", "more.zip": deepest})
    taken = take(write(tmp_path / "in.zip", [("beto.zip", inner), GOOD]), place)
    assert students(taken) == ["ana", "beto"]
    assert "an archive inside an archive" in refused(taken)["more.zip"]


def test_a_name_that_stands_twice_counts_once(tmp_path: Path, place: Path) -> None:
    path = tmp_path / "in.zip"
    with pytest.warns(UserWarning, match="Duplicate name"):
        write(path, [("ana.ipynb", notebook("old")), ("ana.ipynb", notebook("new"))])
    taken = take(path, place)
    assert students(taken) == ["ana"]
    assert b"new" in Path(taken.submissions[0].path).read_bytes()
    assert "more than once" in refused(taken)["ana.ipynb"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp437", "cp850"])
def test_names_in_other_encodings_are_read_as_they_were_written(
    encoding: str, tmp_path: Path, place: Path
) -> None:
    raw = zipped({"XXXXXXXXXXXXXX.ipynb": notebook()})
    name = "Sofía Núñez.ipynb".encode(encoding)
    own = name[:-6].ljust(14, b"_") + b".ipynb"
    path = tmp_path / "in.zip"
    path.write_bytes(raw.replace(b"XXXXXXXXXXXXXX.ipynb", own))
    assert students(take(path, place))[0].startswith("Sofía Núñez")


def test_signs_that_move_the_cursor_do_not_reach_the_terminal(tmp_path: Path, place: Path) -> None:
    taken = take(write(tmp_path / "in.zip", [("\x1b[2Jana\u202e.ipynb", notebook())]), place)
    assert students(taken) == ["\N{REPLACEMENT CHARACTER}[2Jana\N{REPLACEMENT CHARACTER}"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"not a zip at all" * 50])
def test_an_archive_that_is_none_is_listed_and_the_others_are_read(
    content: bytes, tmp_path: Path, place: Path
) -> None:
    taken = take(write(tmp_path / "in.zip", [("beto.zip", content), GOOD]), place)
    assert students(taken) == ["ana"]
    assert "not a zip archive" in refused(taken)["beto.zip"]


def test_a_damaged_member_is_refused_and_the_others_are_read(tmp_path: Path, place: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("beto.ipynb", b"beto's notebook, which will be damaged")
        archive.writestr(*GOOD)
    path = tmp_path / "in.zip"
    path.write_bytes(out.getvalue().replace(b"will be damaged", b"has been  hurt!", 1))
    taken = take(path, place)
    assert students(taken) == ["ana"]
    assert "damaged" in refused(taken)["beto.ipynb"]


def test_a_method_of_packing_that_may_exhaust_memory_is_not_read(tmp_path: Path, place: Path) -> None:
    out = tmp_path / "in.zip"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("beto.ipynb", notebook(), zipfile.ZIP_LZMA)
        archive.writestr(*GOOD)
    taken = take(out, place)
    assert students(taken) == ["ana"]
    assert "method" in refused(taken)["beto.ipynb"]


def test_links_and_pipes_in_a_folder_are_not_read(tmp_path: Path) -> None:
    import os

    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "ana.ipynb").write_bytes(notebook())
    (folder / "beto.ipynb").symlink_to(folder / "ana.ipynb")
    (folder / "elsewhere").symlink_to("/etc")
    os.mkfifo(folder / "pipe.ipynb")
    taken = take_in([folder], Rules(LAB))
    assert students(taken) == ["ana"]
    assert set(refused(taken)) == {"beto.ipynb", "elsewhere", "pipe.ipynb"}


def test_links_and_pipes_that_a_shell_names_one_by_one_are_not_read_either(tmp_path: Path) -> None:
    import os

    (tmp_path / "ana.ipynb").write_bytes(notebook())
    (tmp_path / "class").mkdir()
    (tmp_path / "beto.ipynb").symlink_to("ana.ipynb")
    (tmp_path / "carla.ipynb").symlink_to("/nowhere")
    (tmp_path / "dora").symlink_to("class")
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "class" / "eva.ipynb").write_bytes(notebook())
    taken = take_in(tmp_path.iterdir(), Rules(LAB))
    assert students(taken) == ["ana", "eva"]
    assert set(refused(taken)) == {"beto.ipynb", "carla.ipynb", "dora", "pipe.ipynb"}


def test_a_link_to_a_folder_is_followed_where_it_is_all_that_was_named(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ana.ipynb").write_bytes(notebook())
    (tmp_path / "link").symlink_to("class")
    assert students(take_in([tmp_path / "link"], Rules(LAB))) == ["ana"]


def test_a_hidden_notebook_is_listed_and_what_a_mac_adds_is_not(tmp_path: Path, place: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("ana.ipynb", ".beto.ipynb", "._ana.ipynb"):
        (folder / name).write_bytes(notebook())
    archive = write(tmp_path / "in.zip", [GOOD, (".beto.ipynb", notebook()), ("._ana.ipynb", b"\0\5\x16\7")])
    for taken in (take_in([folder], Rules(LAB)), take(archive, place)):
        assert students(taken) == ["ana"]
        assert {name: "hidden" in said for name, said in refused(taken).items()} == {".beto.ipynb": True}


def test_a_folder_that_cannot_be_read_is_listed(tmp_path: Path) -> None:
    import os

    folder = tmp_path / "in"
    (folder / "beto").mkdir(parents=True)
    (folder / "ana.ipynb").write_bytes(notebook())
    (folder / "beto").chmod(0)
    if os.access(folder / "beto", os.R_OK):
        pytest.skip("this user may read every folder")
    taken = take_in([folder], Rules(LAB))
    assert students(taken) == ["ana"]
    assert "cannot be read" in refused(taken)["beto"]
