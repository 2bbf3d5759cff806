"""Runs untrusted notebooks and brings back what they left behind: the only stage that touches student code."""

from coteja.recording.plan import make_plan, peek
from coteja.recording.protocol import Recorded, Recorder
from coteja.recording.read import read_notebook
from coteja.recording.store import RecordingStore

__all__ = ["Recorded", "Recorder", "RecordingStore", "make_plan", "peek", "read_notebook"]
