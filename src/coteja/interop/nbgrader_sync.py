"""What Coteja last wrote into an nbgrader gradebook: by it a mark that a person gave there is told from one of ours."""

from __future__ import annotations

from pathlib import Path

import msgspec

from coteja.errors import CotejaError
from coteja.recording.files import write_whole

SYNC_FILE = "nbgrader.json"


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """One written answer as it was handed over: its digest, and the mark that went with it (None: it waited)."""

    answer: str
    points: float | None = None
    comment: str = ""


class Sync(msgspec.Struct, kw_only=True):
    """By database, student's file name and question."""

    schema: str = "coteja-nbgrader/1"
    gradebooks: dict[str, dict[str, dict[str, Given]]] = {}

    def known(self, database: str, name: str) -> dict[str, Given]:
        """What was handed over of one student."""
        return self.gradebooks.get(database, {}).get(name, {})

    def keep(self, database: str, name: str, given: dict[str, Given]) -> None:
        """Remember what was handed over of one student."""
        self.gradebooks.setdefault(database, {})[name] = given


def read_sync(root: Path) -> Sync:
    """What was handed over of the marking in `root`. Raises CotejaError where the file is damaged."""
    path = root / SYNC_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Sync)
    except FileNotFoundError:
        return Sync()
    except msgspec.MsgspecError as fault:
        raise CotejaError(
            f"{path}: this file is damaged ({fault}). It says which marks in nbgrader's gradebook are people's. Put it back "
            "from a copy, or remove it: every mark there then counts as a person's."
        ) from None


def write_sync(root: Path, sync: Sync) -> None:
    """Keep it."""
    write_whole(root / SYNC_FILE, msgspec.json.format(msgspec.json.encode(sync), indent=1) + b"\n")
