"""One step downhill, what goes wrong: known mistakes, each really made."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import first_step


def uphill() -> dict[str, Any]:
    """The gradient is added where it should be subtracted."""
    return {"new_weight": first_step.step(np.float64, rate=-first_step.RATE)}


def summed() -> dict[str, Any]:
    """The slopes are added up and not divided by n: a step n times too long."""
    return {"new_weight": first_step.step(np.float64, rate=len(first_step.INPUTS) * first_step.RATE)}


#: id of the mistake -> what it yields, by role
MISTAKES = {"uphill": uphill, "summed": summed}
