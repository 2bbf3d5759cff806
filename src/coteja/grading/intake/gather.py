"""Walks what was handed in: folders, single notebooks and archives become one flat list of notebooks."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import yaml

from coteja.errors import UsageError
from coteja.grading.intake.archive import HIDDEN, MAX_SIDECAR_BYTES, SIDECARS, Place, unpack
from coteja.grading.intake.names import printable
from coteja.grading.intake.roster import Person
from coteja.model.intake import Clock, Listed

_LINK = "a link, not a file; put the file itself here; it is not read"
_FOLDER_LINK = "a link to a folder; it is not followed"
_NOT_REGULAR = "not a regular file; it is not read"
#: Lies beside each notebook in nbgrader's exchange; nothing of it is needed here.
SECRET = "submission_secret.txt"  # noqa: S105 (a file's name)
_SKIPPED = {".ipynb_checkpoints", ".git", "__pycache__", "__MACOSX"}

Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A notebook: its path (an archive counts as a folder), where its bytes lie, and the file's own time.

    The first `given` parts of the path are the instructor's; what follows came with what was handed in.
    """

    parts: Parts
    given: int
    file: Path
    shown: str
    time: datetime | None
    clock: Clock
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Gradescope:
    """What Gradescope says of one submission: who, and when."""

    people: tuple[Person, ...]
    created_at: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """All notebooks, what lies beside them (by folder), and the files that are none."""

    notebooks: list[Found] = field(default_factory=list)
    stamps: dict[Parts, str] = field(default_factory=dict)
    gradescope: dict[Parts, Gradescope] = field(default_factory=dict)
    listed: list[Listed] = field(default_factory=list)

    def refuse(self, shown: str, said: str) -> None:
        """List a file that is not read."""
        self.listed.append(Listed(source=printable(shown), why="refused", said=said))


def gather(paths: Iterable[Path], place: Place | None, zone: tzinfo) -> Gathered:
    """Every notebook in `paths`. Archives are opened where there is a `place` to unpack them to.

    Raises
    ------
    UsageError
        A path that is not there, or nothing in it is a notebook.
    """
    out = Gathered()
    named = list(dict.fromkeys(paths))
    for path in named:
        before, listed = len(out.notebooks), len(out.listed)
        parts = Path(os.path.abspath(path)).parts  # noqa: PTH100 (a link that the instructor names keeps its name)
        if fault := _not_for_us(path, alone=len(named) == 1):
            out.refuse(str(path), fault)
        elif path.is_dir():
            _walk(path, parts, place, zone, out)
        elif path.is_file():
            _take_file(path, parts, place, zone, out)
        else:
            raise UsageError(f"{printable(str(path))}: no such file or folder.")
        if len(out.notebooks) == before and not any(item.why == "refused" for item in out.listed[listed:]):
            where = "in this folder or below it" if path.is_dir() else "in this archive"
            raise UsageError(f"{printable(str(path))}: no notebook (*.ipynb) {where}.")
    return out


def _not_for_us(path: Path, *, alone: bool) -> str:
    """Why a named path is not read, "" where it is: `handed-in/*` names what strangers put there."""
    if path.is_symlink():
        if path.is_dir():
            return "" if alone else _FOLDER_LINK
        return _LINK
    return _NOT_REGULAR if path.exists() and not path.is_file() and not path.is_dir() else ""


def _take_file(path: Path, parts: Parts, place: Place | None, zone: tzinfo, out: Gathered) -> None:
    if path.suffix.lower() == ".zip" and place is not None:
        _open(path, parts, len(parts), place, zone, out, owner="")
    else:
        out.notebooks.append(Found(parts, len(parts) - 1, path, str(path), _mtime(path), "file"))


def _walk(root: Path, given: Parts, place: Place | None, zone: tzinfo, out: Gathered) -> None:
    def unreadable(fault: OSError) -> None:
        out.refuse(str(fault.filename), f"cannot be read ({fault.strerror})")

    for folder, folders, files in os.walk(root, onerror=unreadable):
        for name in [n for n in folders if (Path(folder) / n).is_symlink()]:
            out.refuse(str(Path(folder) / name), _FOLDER_LINK)
        folders[:] = sorted(n for n in folders if n not in _SKIPPED and not (Path(folder) / n).is_symlink())
        several = sum(n.lower().endswith((".zip", ".ipynb")) for n in files) > 1
        for name in sorted(files):
            path = Path(folder) / name
            parts = (*given, *path.relative_to(root).parts)
            if name.startswith("."):
                if name.lower().endswith(".ipynb") and not name.startswith("._"):  # ._X: what macOS adds to X
                    out.refuse(str(path), HIDDEN)
                continue
            if not stat.S_ISREG(path.lstat().st_mode):
                out.refuse(str(path), _LINK if path.is_symlink() else _NOT_REGULAR)
            elif name.lower().endswith(".ipynb"):
                out.notebooks.append(Found(parts, len(given), path, str(path), _mtime(path), "file"))
            elif name.lower().endswith(".zip") and place is not None:
                owner = name[: -len(".zip")] if several else ""
                _open(path, parts, len(given), place, zone, out, owner=owner)
            elif name == SECRET:
                continue
            elif name in SIDECARS:
                _take_sidecar(path, parts, str(path), out)
            else:
                said = "not a notebook (*.ipynb)"
                out.listed.append(Listed(source=printable(str(path)), why="not_a_notebook", said=said))


def _open(
    path: Path, parts: Parts, given: int, place: Place, zone: tzinfo, out: Gathered, *, owner: str
) -> None:
    unpacked = unpack(path, printable(str(path)), place, zone, came=_mtime(path) if owner else None)
    out.listed.extend(unpacked.listed)
    for member in unpacked.members:
        own = (*parts, *member.parts)
        if member.parts[-1] in SIDECARS:
            _take_sidecar(member.file, own, member.shown, out)
        else:
            whose = member.owner or owner
            out.notebooks.append(Found(own, given, member.file, member.shown, member.time, "archive", whose))


def _take_sidecar(path: Path, parts: Parts, shown: str, out: Gathered) -> None:
    try:
        with path.open("rb") as file:
            text = file.read(MAX_SIDECAR_BYTES).decode("utf-8-sig", "replace")
    except OSError as fault:
        out.refuse(shown, f"cannot be read ({fault.strerror})")
        return
    if parts[-1] == "timestamp.txt":
        out.stamps[parts[:-1]] = text.strip()[:200]
        return
    try:
        entries = _gradescope(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        out.refuse(shown, "not the YAML that Gradescope writes; students are taken from the folders' names")
        return
    out.gradescope.update({(*parts[:-1], name): entry for name, entry in entries.items()})


def _gradescope(text: str) -> dict[str, Gradescope]:
    """Gradescope's submission_metadata.yml. The base loader makes plain text, lists and tables of it, nothing else."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    data = yaml.load(text, Loader=loader)  # noqa: S506 (a base loader constructs no objects)
    if not isinstance(data, Mapping):
        raise ValueError("not a table")  # noqa: TRY004 (the file's fault, not a caller's)
    return {
        str(name): Gradescope(
            people=tuple(_person(p) for p in _list(entry.get(":submitters")) if isinstance(p, Mapping)),
            created_at=str(entry.get(":created_at", "")),
        )
        for name, entry in data.items()
        if isinstance(entry, Mapping)
    }


def _person(said: Mapping[str, object]) -> Person:
    def value_of(key: str) -> str:
        value = said.get(key)
        return value.strip() if isinstance(value, str) and value not in ("~", "null") else ""

    return Person(name=value_of(":name"), id=value_of(":sid"), email=value_of(":email"))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _mtime(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return None
