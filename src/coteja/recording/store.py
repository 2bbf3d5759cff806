"""Keeps recordings on disk, each under the digest of what went in; written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import nbformat

from coteja.errors import CotejaError
from coteja.model.codec import from_json, to_json
from coteja.model.recording import CallResult, CarriedRun, CellError, CounterfactualRun, ProbeRun, Recording
from coteja.recording.files import write_whole
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
        self.save_recording(key, recorded.recording)

    def save_recording(self, key: str, recording: Recording) -> None:
        """Write a recording under `key` without its notebook, which stays as it is."""
        write_whole(self.folder / key / "recording.json", dump_recording(recording))

    def load(self, key: str) -> Recording:
        """Read a recording back. Raises CotejaError when it is missing or damaged."""
        path = self.folder / key / "recording.json"
        try:
            return load_recording(path.read_bytes())
        except FileNotFoundError:
            raise CotejaError(
                f"{path}: this recording is missing. Run `coteja grade` again for this submission."
            ) from None
        except (
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
            RecursionError,
            msgspec.MsgspecError,
        ) as fault:
            raise CotejaError(
                f"{path}: this recording is damaged ({fault}). Run `coteja grade` again for this submission."
            ) from None

    def keys(self) -> list[str]:
        """The keys of all recordings, sorted."""
        return sorted(path.parent.name for path in self.folder.glob("*/recording.json"))


def dump_recording(recording: Recording) -> bytes:
    """A recording as JSON; student values through the codec, so that every bit survives.

    Each value by itself: the codec's bounds on depth and number are meant for one.
    """
    plain = msgspec.structs.replace(
        recording, artefacts={}, probes={}, counterfactuals={}, carried=(), simple={}
    )
    stored = {
        "recording": msgspec.to_builtins(plain),
        **_plain_captured(recording),
        "simple": {name: _plain_probe(run) for name, run in recording.simple.items()},
        "carried": [
            {"bases": run.bases, "questions": run.questions, **_plain_captured(run)}
            for run in recording.carried
        ],
    }
    return json.dumps(stored, ensure_ascii=True, sort_keys=True).encode()


def load_recording(data: bytes) -> Recording:
    """Read what `dump_recording` wrote."""
    try:
        stored = msgspec.json.decode(data)  # five times as fast on a long recording
    except msgspec.DecodeError:
        stored = json.loads(data)  # lone surrogates in a student's text
    plain = msgspec.convert(stored["recording"], Recording)
    carried = tuple(
        CarriedRun(bases=tuple(item["bases"]), questions=tuple(item["questions"]), **_captured(item))
        for item in stored.get("carried", ())
    )
    simple = {name: _probe(item) for name, item in stored.get("simple", {}).items()}
    return msgspec.structs.replace(plain, carried=carried, simple=simple, **_captured(stored))


def _plain_captured(run: Recording | CarriedRun) -> dict[str, Any]:
    return {
        "artefacts": {role: to_json(value) for role, value in run.artefacts.items()},
        "probes": {name: _plain_probe(probe) for name, probe in run.probes.items()},
        "counterfactuals": {
            name: _plain_counterfactual(other) for name, other in run.counterfactuals.items()
        },
    }


def _captured(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "artefacts": {role: from_json(value) for role, value in item["artefacts"].items()},
        "probes": {name: _probe(probe) for name, probe in item["probes"].items()},
        "counterfactuals": {
            name: _counterfactual(other) for name, other in item.get("counterfactuals", {}).items()
        },
    }


def _plain_counterfactual(run: CounterfactualRun) -> dict[str, Any]:
    return {
        "parameters": {role: to_json(value) for role, value in run.parameters.items()},
        "artefacts": {role: to_json(value) for role, value in run.artefacts.items()},
        "failure": run.failure,
    }


def _counterfactual(item: dict[str, Any]) -> CounterfactualRun:
    return CounterfactualRun(
        parameters={role: from_json(value) for role, value in item["parameters"].items()},
        artefacts={role: from_json(value) for role, value in item["artefacts"].items()},
        failure=item["failure"],
    )


def _plain_probe(run: ProbeRun) -> dict[str, Any]:
    return {
        "cases": [[[name, [to_json(arg) for arg in args]] for name, args in case] for case in run.cases],
        "results": [[_plain_result(result) for result in case] for case in run.results],
        "missing": list(run.missing),
        "failure": run.failure,
    }


def _probe(item: dict[str, Any]) -> ProbeRun:
    return ProbeRun(
        cases=[[(name, tuple(map(from_json, args))) for name, args in case] for case in item["cases"]],
        results=[[_call_result(result) for result in case] for case in item["results"]],
        missing=tuple(item["missing"]),
        failure=item["failure"],
    )


def _plain_result(result: CallResult) -> dict[str, Any]:
    if result.error is None:
        return {"value": to_json(result.value)}
    return {"error": [result.error.name, result.error.value, result.function]}


def _call_result(item: dict[str, Any]) -> CallResult:
    if "error" not in item:
        return CallResult(value=from_json(item["value"]))
    name, value, function = item["error"]
    return CallResult(error=CellError(name=name, value=value), function=function)
