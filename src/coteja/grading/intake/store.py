"""Keeps who handed in what beside the results: `intake.json`."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec.structs import replace

from coteja.errors import CotejaError, MachineError
from coteja.model.intake import IntakeFile
from coteja.recording.files import write_whole

INTAKE_FILE = "intake.json"


def load_intake(root: Path) -> IntakeFile:
    """What is known of the submissions marked in `root`; nothing where nothing was kept."""
    path = root / INTAKE_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=IntakeFile)
    except FileNotFoundError:
        return IntakeFile()
    except OSError as fault:
        raise MachineError(
            f"{path}: cannot be read ({fault.strerror}). Name another folder with --out, or mend its permissions."
        ) from None
    except msgspec.MsgspecError as fault:
        raise CotejaError(
            f"{path}: this file is damaged ({fault}). Remove it and run `coteja grade` again."
        ) from None


def keep_intake(root: Path, taken: IntakeFile) -> IntakeFile:
    """Add what was taken in now to what is known; a student who hands in again replaces the own entry."""
    students = {**load_intake(root).students, **taken.students}
    whole = replace(taken, students=students, missing=tuple(k for k in taken.missing if k not in students))
    write_whole(root / INTAKE_FILE, msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n")
    return whole
