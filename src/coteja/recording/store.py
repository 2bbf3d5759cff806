"""Keeps recordings on disk, each under the digest of what went in; written whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import nbformat

from coteja.errors import CotejaError
from coteja.model.codec import WireError, from_json, to_json
from coteja.model.recording import CallResult, CellError, ProbeRun, Recording
from coteja.model.values import Value
from coteja.recording.protocol import Recorded


class RecordingStore:
    """A folder of recordings: `<key>/recording.json` and `<key>/executed.ipynb`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, key: str, recorded: Recorded) -> None:
        """Write a recording under `key`, over what was there."""
        place = self.folder / key
        place.mkdir(parents=True, exist_ok=True)
        write_whole(place / "executed.ipynb", nbformat.writes(recorded.notebook).encode("utf-8", "replace"))
        write_whole(place / "recording.json", dump_recording(recorded.recording))

    def load(self, key: str) -> Recording:
        """Read a recording back. Raises CotejaError when it is missing or damaged."""
        path = self.folder / key / "recording.json"
        try:
            return load_recording(path.read_bytes())
        except FileNotFoundError:
            raise CotejaError(
                f"{path}: this recording is missing. Run `coteja grade` again for this submission."
            ) from None
        except (ValueError, KeyError, TypeError, WireError, msgspec.MsgspecError) as fault:
            raise CotejaError(
                f"{path}: this recording is damaged ({fault}). Run `coteja grade` again for this submission."
            ) from None

    def keys(self) -> list[str]:
        """The keys of all recordings, sorted."""
        return sorted(path.parent.name for path in self.folder.glob("*/recording.json"))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file by renaming: a reader sees the old one or the new one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)  # noqa: PTH101 (mkstemp makes it private; reports are read by others)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def dump_recording(recording: Recording) -> bytes:
    """A recording as JSON; student values through the codec, so that every bit survives."""
    probes = {name: _plain_probe(run) for name, run in recording.probes.items()}
    plain = msgspec.structs.replace(recording, artefacts={}, probes={})
    stored = {
        "recording": msgspec.to_builtins(plain),
        "values": to_json({"artefacts": recording.artefacts, "probes": probes}),
    }
    return json.dumps(stored, ensure_ascii=True, sort_keys=True).encode()


def load_recording(data: bytes) -> Recording:
    """Read what `dump_recording` wrote."""
    stored = json.loads(data)
    plain = msgspec.convert(stored["recording"], Recording)
    values = from_json(stored["values"])
    probes = {name: _probe(item) for name, item in values["probes"].items()}
    return msgspec.structs.replace(plain, artefacts=values["artefacts"], probes=probes)


def _plain_probe(run: ProbeRun) -> dict[str, Any]:
    return {
        "cases": [[[name, list(args)] for name, args in case] for case in run.cases],
        "results": [
            [[r.value, [r.error.name, r.error.value, r.function] if r.error else None] for r in case]
            for case in run.results
        ],
        "missing": list(run.missing),
        "failure": run.failure,
    }


def _probe(item: dict[str, Any]) -> ProbeRun:
    return ProbeRun(
        cases=[[(name, tuple(args)) for name, args in case] for case in item["cases"]],
        results=[[_call_result(value, error) for value, error in case] for case in item["results"]],
        missing=tuple(item["missing"]),
        failure=item["failure"],
    )


def _call_result(value: Value, error: list[str] | None) -> CallResult:
    if error is None:
        return CallResult(value=value)
    return CallResult(error=CellError(name=error[0], value=error[1]), function=error[2])
