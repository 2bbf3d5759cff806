"""Whether two runs of a notebook did the same: all that was captured and all that its functions gave, within rounding."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from coteja.model.recording import Recording
from coteja.model.values import NoValue, Value

RELATIVE, ABSOLUTE = 1e-6, 1e-9
#: What differs between two runs of one notebook (a time, say) is the same as long as it is of the same size.
SIZE = 20.0


def seen(recording: Recording) -> dict[str, Value]:
    """All that a recording says of what the notebook computes, by where it came from."""
    found = {f"artefact {role}": value for role, value in recording.artefacts.items()}
    for name, run in recording.probes.items():
        found[f"probe {name}"] = [
            *run.missing,
            run.failure,
            [[r.value if r.error is None else r.error.name for r in case] for case in run.results],
        ]
    for name, again in recording.counterfactuals.items():
        found |= {f"counterfactual {name} {role}": value for role, value in again.artefacts.items()}
        found[f"counterfactual {name}"] = again.failure
    return found


def unsteady(first: Recording, second: Recording) -> frozenset[str]:
    """What differs between two runs of the same notebook from the same seeds."""
    a, b = seen(first), seen(second)
    return frozenset(key for key in a.keys() | b.keys() if not alike(a.get(key), b.get(key)))


def same(found: Recording, original: Recording, *, loose: Iterable[str] = ()) -> bool:
    """Whether nothing that was captured differs; `loose` keys need only be of the same size."""
    a, b, loose = seen(found), seen(original), frozenset(loose)
    return a.keys() == b.keys() and all(alike(a[key], b[key], sized=key in loose) for key in a)


def alike(a: Value, b: Value, *, sized: bool = False) -> bool:
    """Whether two values have the same structure and the same numbers."""
    if isinstance(a, NoValue) or isinstance(b, NoValue):
        return isinstance(a, NoValue) and isinstance(b, NoValue) and a.kind == b.kind
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(alike(a[key], b[key], sized=sized) for key in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(alike(x, y, sized=sized) for x, y in zip(a, b, strict=True))
    # Shapes that differ by axes of length one are the same to every check (checking.near).
    x, y = np.asarray(a).squeeze(), np.asarray(b).squeeze()
    if x.dtype.kind not in "biufc" or y.dtype.kind not in "biufc":
        return type(a) is type(b) and bool(np.array_equal(x, y))
    if x.shape != y.shape:
        return False
    if sized:
        big, small = np.maximum(np.abs(x), np.abs(y)), np.minimum(np.abs(x), np.abs(y))
        return bool(np.all((np.sign(x) == np.sign(y)) & (big <= SIZE * small)))
    return bool(np.allclose(x, y, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True))
