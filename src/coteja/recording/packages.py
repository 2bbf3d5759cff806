"""Which packages of a lab are not installed here: said in one sentence, before anything is run."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from coteja.errors import MachineError

#: What Coteja does not bring by itself -> the extra that does.
EXTRAS = {"tensorflow": "tensorflow", "keras": "tensorflow"}


def missing_packages(modules: Sequence[str]) -> list[str]:
    """The top-level packages of `modules` that cannot be imported here; nothing is imported to find out."""
    roots = dict.fromkeys(name.partition(".")[0] for name in modules)
    return [root for root in roots if find_spec(root) is None]


def require_packages(assignment: str, modules: Sequence[str]) -> None:
    """Refuse to go on with a lab whose packages are not there.

    Raises
    ------
    MachineError
        With what is missing and how to install it.
    """
    missing = missing_packages(modules)
    if not missing:
        return
    extras = dict.fromkeys(EXTRAS[name] for name in missing if name in EXTRAS)
    own = [f'"coteja[{extra}]"' for extra in extras] + [name for name in missing if name not in EXTRAS]
    raise MachineError(
        f"{assignment} needs {' and '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed here. "
        f"Install {'it' if len(missing) == 1 else 'them'}: pip install {' '.join(own)}."
    )
