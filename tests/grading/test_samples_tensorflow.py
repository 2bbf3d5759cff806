"""The sample class of linear-regression-tensorflow, marked for real where TensorFlow is installed."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from marked_class import *  # noqa: F403 (the tests are the same for every lab)

LAB = "linear-regression-tensorflow"
pytestmark = pytest.mark.skipif(
    find_spec("tensorflow") is None, reason="TensorFlow is not installed: pip install 'coteja[tensorflow]'"
)
