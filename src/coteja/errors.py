"""The exceptions of Coteja: one base, one branch for each place a fault can lie.

CotejaError
 ├── CourseError       the course's files are wrong; the author mends them (exit code 1)
 ├── SubmissionError   one submission cannot be read or run; it alone needs a look (exit code 1)
 ├── UsageError        the command was asked for something that does not exist (exit code 2)
 └── MachineError      this machine lacks something (exit code 3)

Each message is a sentence: where, what was expected, what was found, what to do.
"""

from __future__ import annotations

from typing import Any


class CotejaError(Exception):
    """Base of every error that Coteja raises on purpose."""

    exit_code = 1


class CourseError(CotejaError):
    """A course's file is wrong: says file, key, what was expected, what was found."""


class SubmissionError(CotejaError):
    """One submission cannot be read; the batch goes on without it. `message` is the sentence to translate."""

    def __init__(self, message: Any) -> None:
        super().__init__(str(message))
        self.message = message


class UsageError(CotejaError):
    """The command line names something that is not there."""

    exit_code = 2


class MachineError(CotejaError):
    """This machine lacks what the work needs (isolation, a library, disk)."""

    exit_code = 3
