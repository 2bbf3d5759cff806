"""The sample class of linear-regression-numpy, marked for real."""

from __future__ import annotations

from marked_class import *  # noqa: F403 (the tests are the same for every lab)

LAB = "linear-regression-numpy"
