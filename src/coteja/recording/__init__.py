"""Runs untrusted notebooks and brings back what they left behind: the only stage that touches student code."""

import sys

# nbformat imports jsonschema, and where JupyterLab is installed that compiles a grammar of international URIs, for
# more than a second of every start. Nothing here checks one, and jsonschema copes with its absence.
_absent = sys.modules.setdefault("rfc3987_syntax", None) is None  # type: ignore[arg-type]
import nbformat  # noqa: E402, F401

if _absent:
    del sys.modules["rfc3987_syntax"]

from coteja.recording.plan import make_plan, peek  # noqa: E402
from coteja.recording.protocol import Recorded, Recorder  # noqa: E402
from coteja.recording.read import read_notebook  # noqa: E402
from coteja.recording.store import RecordingStore  # noqa: E402

__all__ = ["Recorded", "Recorder", "RecordingStore", "make_plan", "peek", "read_notebook"]
