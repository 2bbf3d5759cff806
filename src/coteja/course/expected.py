"""Reads and writes reference/expected/<assignment>.json: what must come out, its spread, and what mistakes yield."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coteja.errors import CourseError
from coteja.model.codec import WireError, from_json, to_json
from coteja.model.values import Value

SCHEMA = "coteja-expected/1"


@dataclass(frozen=True, slots=True)
class ExpectedData:
    """The file's content: artefacts, spreads and deviations by role, mistakes by id and role.

    `deviations`, where an experiment is random: the standard deviation over seeds, in the artefact's own structure.
    """

    artefacts: Mapping[str, Value]
    spread: Mapping[str, float]
    mistakes: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    deviations: Mapping[str, Value] = field(default_factory=dict)


def read_expected(path: Path) -> ExpectedData:
    """Read the expected artefacts. Raises CourseError when the file is missing or not ours."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["schema"] != SCHEMA:
            raise CourseError(
                f"{path}: schema {stored['schema']!r}, expected {SCHEMA!r}. Make it again: coteja calibrate."
            )
        return ExpectedData(
            artefacts={role: from_json(item) for role, item in stored["artefacts"].items()},
            spread={role: float(item["spread"]) for role, item in stored["artefacts"].items()},
            mistakes={
                m: {role: from_json(item) for role, item in roles.items()}
                for m, roles in stored["mistakes"].items()
            },
            deviations={
                role: from_json(item["deviation"])
                for role, item in stored["artefacts"].items()
                if "deviation" in item
            },
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
    stored = {
        "schema": SCHEMA,
        "assignment": assignment,
        "artefacts": {
            role: {
                "spread": data.spread.get(role, 0.0),
                **({"deviation": to_json(data.deviations[role])} if role in data.deviations else {}),
                **to_json(value),
            }
            for role, value in data.artefacts.items()
        },
        "mistakes": {
            m: {role: to_json(value) for role, value in roles.items()} for m, roles in data.mistakes.items()
        },
    }
    return json.dumps(stored, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
