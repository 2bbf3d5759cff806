"""Reads zip archives of strangers: members come out under names of our own, in a private folder, within limits.

No member's name is ever used as a path, so none can climb out; what is a link, a device, encrypted, too large or
swollen is refused with a sentence, and costs itself alone.
"""

from __future__ import annotations

import errno
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import IO

from coteja.errors import MachineError
from coteja.model.intake import Listed, Why
from coteja.recording.files import MAX_NOTEBOOK_BYTES

MAX_MEMBERS = 20_000
MAX_TOTAL_BYTES = 4 << 30
MAX_NESTED_BYTES = 256 << 20
#: A member may swell this much; below FREE_BYTES nobody is hurt.
MAX_RATIO = 200
FREE_BYTES = 10 << 20
MAX_SIDECAR_BYTES = 64 << 20
#: Files that say something about the notebooks beside them.
SIDECARS = ("timestamp.txt", "submission_metadata.yml")
HIDDEN = "a hidden file, since its name begins with a dot; it is not read"

_CHUNK = 1 << 20
_ENTRY = b"PK\x01\x02"
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
)


class _Refused(Exception):  # noqa: N818 (no error: the member's own fault, and its sentence)
    """A member, or a whole archive, that is not read; says why."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file out of an archive: its path there, where it lies now, and its time in the archive."""

    parts: tuple[str, ...]
    file: Path
    shown: str
    time: datetime | None
    owner: str = ""


@dataclass(slots=True)
class Place:
    """A private folder that members are written to, and how many bytes it may still take."""

    folder: Path
    left: int = MAX_TOTAL_BYTES
    number: int = 0

    def new_file(self, suffix: str) -> Path:
        """A path that is not taken yet."""
        self.number += 1
        return self.folder / f"{self.number:06}{suffix}"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What came out of one archive, the archives inside included."""

    members: list[Member] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)


def unpack(
    archive: Path, shown: str, place: Place, zone: tzinfo, *, came: datetime | None = None
) -> Unpacked:
    """Every notebook and sidecar in `archive`, and in the archives inside it (one level).

    `came`: when the archive itself came, where a student made it: the times inside are then the student's to choose.
    """
    out = Unpacked()
    _unpack(archive, shown, (), place, zone, out, owner="", came=came)
    return out


def _unpack(
    archive: Path,
    shown: str,
    above: tuple[str, ...],
    place: Place,
    zone: tzinfo,
    out: Unpacked,
    *,
    owner: str,
    came: datetime | None,
) -> None:
    def refuse(where: str, said: str, why: Why = "refused") -> None:
        out.listed.append(Listed(source=where, why=why, said=said))

    try:
        _count_entries(archive)
        with zipfile.ZipFile(archive) as opened:
            for parts, info in _members(opened, shown, refuse):
                where = f"{shown}/{'/'.join(parts)}"
                suffix = Path(parts[-1]).suffix.lower()
                nested = suffix == ".zip"
                if suffix not in (".ipynb", ".zip") and parts[-1] not in SIDECARS:
                    refuse(where, "not a notebook (*.ipynb)", "not_a_notebook")
                    continue
                try:
                    if nested and above:
                        raise _Refused("an archive inside an archive inside an archive; it is not opened")
                    file = _write(opened, info, place, suffix)
                except _Refused as fault:
                    refuse(where, str(fault))
                    continue
                time = came or _time_of(info, zone)
                if nested:
                    name = owner or parts[-1][: -len(".zip")]
                    _unpack(file, where, (*above, *parts), place, zone, out, owner=name, came=time)
                    file.unlink()
                else:
                    out.members.append(Member((*above, *parts), file, where, time, owner))
    except _Refused as fault:
        refuse(shown, str(fault))
    except _FAULTS:
        refuse(shown, "not a zip archive that can be read, or a damaged one; ask for it again")
    except OSError as fault:
        _ours(fault)
        refuse(shown, f"cannot be read ({fault.strerror})")


def _count_entries(archive: Path) -> None:
    """Refuse an archive with too many entries before its directory is read into memory."""
    count, tail = 0, b""
    with archive.open("rb") as file:
        while chunk := file.read(_CHUNK):
            count += (tail + chunk).count(_ENTRY)
            if count > 2 * MAX_MEMBERS:  # archives inside, stored as they are, count as well
                raise _Refused(f"it has more than {MAX_MEMBERS} entries; it is not opened")
            tail = chunk[-len(_ENTRY) + 1 :]


def _members(
    opened: zipfile.ZipFile, shown: str, refuse: object
) -> Iterator[tuple[tuple[str, ...], zipfile.ZipInfo]]:
    """The members worth a look by their path, each path once: the last of a name stands, as when unpacking."""
    assert callable(refuse)  # noqa: S101 (a local function above)
    infos = opened.infolist()
    if len(infos) > MAX_MEMBERS:
        raise _Refused(f"it has {len(infos)} entries, more than {MAX_MEMBERS}; it is not opened")
    last: dict[tuple[str, ...], zipfile.ZipInfo] = {}
    for info in infos:
        name = _name_of(info).replace("\\", "/")
        parts = tuple(part for part in name.split("/") if part not in ("", "."))
        if name.endswith("/") or not parts or parts[0] == "__MACOSX" or parts[-1].startswith("._"):
            continue
        if parts[-1].startswith("."):
            if parts[-1].lower().endswith(".ipynb"):
                refuse(f"{shown}/{name}", HIDDEN)
            continue
        if fault := _refusal(name, parts, info):
            refuse(f"{shown}/{name}", fault)
            continue
        if parts in last:
            refuse(f"{shown}/{name}", "stands more than once in the archive; the last of them counts")
            del last[parts]
        last[parts] = info
    yield from last.items()


def _refusal(name: str, parts: tuple[str, ...], info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "its name is an absolute path; it is not read"
    if ".." in parts:
        return "its name climbs out of the archive; it is not read"
    if stat.S_ISLNK(mode):
        return "a link, not a file; it is not followed"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "not a regular file; it is not read"
    if info.flag_bits & 0x1:
        return "encrypted; ask for it without a password"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "packed by a method that is not read; ask for a plain zip archive"
    return ""


def _write(opened: zipfile.ZipFile, info: zipfile.ZipInfo, place: Place, suffix: str) -> Path:
    """Write one member under a name of our own; what it says of its size is never believed."""
    most = {".ipynb": MAX_NOTEBOOK_BYTES, ".zip": MAX_NESTED_BYTES}.get(suffix, MAX_SIDECAR_BYTES)
    file = place.new_file(suffix)
    try:
        with opened.open(info) as source, file.open("xb") as target:
            _copy(source, target, most, info.compress_size, place)
    except _Refused:
        file.unlink()
        raise
    except _FAULTS:
        file.unlink(missing_ok=True)
        raise _Refused("damaged in the archive; ask for it again") from None
    except OSError as fault:
        file.unlink(missing_ok=True)
        _ours(fault)
        raise _Refused(f"cannot be read ({fault.strerror})") from None
    return file


def _copy(source: IO[bytes], target: IO[bytes], most: int, packed: int, place: Place) -> None:
    written = 0
    while chunk := source.read(_CHUNK):
        written += len(chunk)
        place.left -= len(chunk)
        if written > most:
            raise _Refused(f"more than {most >> 20} MiB when unpacked; it is not read")
        if written > FREE_BYTES and written > MAX_RATIO * max(packed, 1):
            raise _Refused(f"swells to more than {MAX_RATIO} times its packed size; it is not read")
        if place.left < 0:
            raise _Refused(
                f"all archives together hold more than {MAX_TOTAL_BYTES >> 30} GiB; it is not read"
            )
        target.write(chunk)


def _ours(fault: OSError) -> None:
    """A full disk is no fault of the archive's."""
    if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE):
        raise MachineError(
            f"Unpacking what was handed in: {fault.strerror}. Make room in the folder for temporary files (TMPDIR)."
        ) from None


def _name_of(info: zipfile.ZipInfo) -> str:
    """The member's name: UTF-8 where it is, marked as such or not (macOS marks it not), else as Windows writes it."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            return _plain(name)
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp850")
    return _plain(name)


def _plain(name: str) -> str:
    """Without signs that would move the cursor or hide the rest of the name."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def _time_of(info: zipfile.ZipInfo, zone: tzinfo) -> datetime | None:
    """The member's time: in UTC where the archive says so, else the wall clock of the course; None for no time."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == 0x5455 and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            return datetime.fromtimestamp(struct.unpack("<i", extra[5:9])[0], UTC)
        extra = extra[4 + size :]
    try:
        when = datetime(*info.date_time, tzinfo=zone)
    except ValueError:
        return None
    return when if when.year > 1980 else None  # 1980 is how "no time" is written
