"""The public checks as otter-grader's tests: doctests that print nothing when a check holds.

`coteja release --with otter` puts this module, and all that it imports, into the notebook (interop/otter_bundle.py): it
must run with the standard library, NumPy and Babel alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coteja.i18n import Translator
from coteja.model.message import message as _
from coteja.model.result import Outcome
from coteja.selfcheck.live import look


class Looker:
    """What one notebook carries, and what was found when it was last looked at."""

    def __init__(self, carried: Mapping[str, Any]) -> None:
        self._public = carried["public"]
        self._say = Translator(str(carried["language"]), str(carried["locale"]), (), carried["messages"])
        self._found: dict[str, Outcome] = {}

    def look(self, question: str, namespace: Mapping[str, Any]) -> None:
        """Run the question's public checks once; its tests, which follow at once, tell what they found."""
        self._found = {}
        self._found = {outcome.check: outcome for outcome in look(self._public, question, dict(namespace))}

    def tell(self, check: str) -> None:
        """Print nothing when the check holds, else what it says; doctest counts what is printed as a failure."""
        outcome = self._found.get(check)
        if outcome is None:
            print(self._say.say(_("This could not be looked at.")))
        elif outcome.status != "passed":
            print("\n".join(self._lines(outcome)))

    def _lines(self, outcome: Outcome) -> list[str]:
        texts = [outcome.title, outcome.message]
        if outcome.misconception is not None:
            texts += [outcome.misconception.name, outcome.misconception.explanation]
        if outcome.next_step is not None:
            texts.append(outcome.next_step)
        return [self._say.say(text).strip() for text in texts]
