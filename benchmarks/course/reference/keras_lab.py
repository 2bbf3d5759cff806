"""The truth of the Keras lab: what its network must come close to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Case = list[tuple[str, tuple[Any, ...]]]


def run_fit(dtype: Any) -> dict[str, Any]:
    """The line that the data come from."""
    return {"weights": np.array([[2.0], [-3.0]], dtype), "bias": 5.0}


PROBES: dict[str, Callable[[np.random.Generator], list[Case]]] = {}
EXPERIMENTS: dict[str, Callable[[Any], dict[str, Any]]] = {"fit": run_fit}
