"""Reads and writes reference/expected/<assignment>.json: what must come out, how it scatters, and what mistakes yield."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from coteja.errors import CourseError
from coteja.model.codec import WireError, from_json, to_json
from coteja.model.profile import Ideal, Profile
from coteja.model.values import Value

SCHEMA = "coteja-expected/2"
#: The first one has no bounds and no profiles.
READ = ("coteja-expected/1", SCHEMA)


@dataclass(frozen=True, slots=True)
class ExpectedData:
    """The file's content: artefacts, spreads and deviations by role, mistakes by id and role.

    Attributes
    ----------
    deviations
        Where an experiment is random: the standard deviation over seeds, in the artefact's own structure.
    radii, ideals
        How many deviations an honest run may lie from the median at the rate `false_rejects`, and how near it comes to what
        there would be without noise.
    profiles
        Class ("" is the truth) -> role -> where its features lie.
    separation
        Mistake -> how far it is from the truth, and from the mistake most like it.
    accuracy
        What the diagnosis did with runs that nothing was fitted on.
    """

    artefacts: Mapping[str, Value]
    spread: Mapping[str, float]
    mistakes: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    deviations: Mapping[str, Value] = field(default_factory=dict)
    radii: Mapping[str, float] = field(default_factory=dict)
    ideals: Mapping[str, Ideal] = field(default_factory=dict)
    profiles: Mapping[str, Mapping[str, Profile]] = field(default_factory=dict)
    separation: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    accuracy: Mapping[str, Any] = field(default_factory=dict)
    false_rejects: float = 0.0


def read_expected(path: Path) -> ExpectedData:
    """Read the expected artefacts. Raises CourseError when the file is missing or not ours."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["schema"] not in READ:
            raise CourseError(
                f"{path}: schema {stored['schema']!r}, expected {SCHEMA!r}. Make it again: coteja calibrate."
            )
        artefacts = stored["artefacts"]
        return ExpectedData(
            artefacts={role: from_json(item) for role, item in artefacts.items()},
            spread={role: float(item["spread"]) for role, item in artefacts.items()},
            mistakes={
                m: {role: from_json(item) for role, item in roles.items()}
                for m, roles in stored["mistakes"].items()
            },
            deviations={
                role: from_json(item["deviation"]) for role, item in artefacts.items() if "deviation" in item
            },
            radii={role: float(item["radius"]) for role, item in artefacts.items() if "radius" in item},
            ideals={
                role: Ideal(from_json(item["ideal"]), float(item["ideal"]["radius"]))
                for role, item in artefacts.items()
                if "ideal" in item
            },
            profiles={
                name: {role: _profile(item) for role, item in roles.items()}
                for name, roles in stored.get("profiles", {}).items()
            },
            separation={str(m): dict(item) for m, item in stored.get("separation", {}).items()},
            accuracy=dict(stored.get("accuracy", {})),
            false_rejects=float(stored.get("false_rejects", 0.0)),
        )
    except FileNotFoundError:
        raise CourseError(
            f"{path}: the expected artefacts are missing. Make them: coteja calibrate {path.stem}."
        ) from None
    except (KeyError, TypeError, ValueError, AttributeError, WireError) as fault:
        raise CourseError(
            f"{path}: not a file of expected artefacts ({fault}). Make it again: coteja calibrate {path.stem}."
        ) from None


def dump_expected(assignment: str, data: ExpectedData) -> str:
    """The file's text; the same data gives the same bytes."""
    stored: dict[str, Any] = {
        "schema": SCHEMA,
        "assignment": assignment,
        "artefacts": {role: _artefact(data, role) for role in data.artefacts},
        "mistakes": {
            m: {role: to_json(value) for role, value in roles.items()} for m, roles in data.mistakes.items()
        },
    }
    if data.profiles:
        stored |= {
            "profiles": {
                name: {
                    role: {"centre": _plain(item.centre), "scale": _plain(item.scale)}
                    for role, item in roles.items()
                }
                for name, roles in data.profiles.items()
            },
            "separation": data.separation,
            "accuracy": data.accuracy,
            "false_rejects": data.false_rejects,
        }
    return json.dumps(stored, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _artefact(data: ExpectedData, role: str) -> dict[str, Any]:
    item: dict[str, Any] = {"spread": data.spread.get(role, 0.0)}
    if role in data.deviations:
        item["deviation"] = to_json(data.deviations[role])
    if role in data.radii:
        item["radius"] = data.radii[role]
    if role in data.ideals:
        item["ideal"] = {"radius": data.ideals[role].radius, **to_json(data.ideals[role].value)}
    return item | to_json(data.artefacts[role])


def _plain(numbers: Any) -> str:
    """Six digits each, on one line: the file is read by people too, in a diff."""
    return " ".join(f"{number:.6g}" for number in np.asarray(numbers).reshape(-1))


def _profile(item: Mapping[str, str]) -> Profile:
    centre, scale = (np.array([float(word) for word in item[key].split()]) for key in ("centre", "scale"))
    if centre.shape != scale.shape or not np.isfinite(centre).all() or not (scale > 0).all():
        raise ValueError("a profile's centres and scales do not match")
    return Profile(centre, scale)
