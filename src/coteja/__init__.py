"""Coteja marks neural-network labs in Jupyter and tells the student why, in Spanish and in English.

In a notebook:

    import coteja
    coteja.check("q1")     # the public checks of question q1, on the variables as they are now

Everything is imported when it is first used, so that `import coteja` costs nothing.
"""

from __future__ import annotations

import sys
from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "check"]


def __getattr__(name: str) -> Any:
    if name == "check":
        from coteja.selfcheck.live import check

        return check
    raise AttributeError(f"module 'coteja' has no attribute {name!r}")


def _watch_figures() -> None:
    """In a notebook: keep the figures that are made from now on, so that `check` can look at them."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return
    from coteja.sandbox import figures

    shell.events.register("pre_run_cell", lambda *_info: figures.next_cell())
    figures.install()


_watch_figures()
