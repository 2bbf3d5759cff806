"""The seam between those who want a recording and whatever runs the notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from nbformat import NotebookNode

from coteja.model.recording import Isolation, Recording, RunPlan


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording and the executed notebook that goes with it."""

    recording: Recording
    notebook: NotebookNode


class Recorder(Protocol):
    """Runs one plan in isolation. Never raises for what student code does: that is part of the recording."""

    @property
    def isolation(self) -> Isolation:
        """How student code is kept apart, as measured on this machine."""
        ...

    @property
    def usable(self) -> bool:
        """Whether more submissions can be recorded."""
        ...

    async def record(self, plan: RunPlan) -> Recorded:
        """Run every cell, capture after each question, end everything that was started."""
        ...
