"""Every example in a docstring gives what stands below it."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import numpy as np
import pytest

SOURCES = Path(__file__).parents[1] / "src"
MODULES = sorted(
    ".".join(path.relative_to(SOURCES).with_suffix("").parts)
    for path in (SOURCES / "coteja").rglob("*.py")
    if re.search(r"^\s+>>> ", path.read_text(encoding="utf-8"), flags=re.M)
)


@pytest.mark.parametrize("module", MODULES)
def test_examples_give_what_they_show(module: str) -> None:
    found = doctest.testmod(importlib.import_module(module), extraglobs={"np": np})
    assert found.attempted
    assert not found.failed
