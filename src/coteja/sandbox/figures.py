"""Keeps every figure that the student's code makes, so that its curves can be read after the cell has closed it.

Matplotlib calls the functions named in `rcParams["figure.hooks"]` for each new pyplot figure
(https://matplotlib.org/stable/users/explain/customizing.html); the inline backend closes figures at the end of a
cell, but what we hold on to can still be read.
"""

from __future__ import annotations

import sys
from typing import Any

HOOK = f"{__name__}:remember"
MAX_FIGURES = 50
_figures: list[Any] = []
_stale: list[bool] = []


def remember(figure: Any) -> None:
    """Called by Matplotlib for each new figure."""
    if _stale:
        forget()
    if len(_figures) < MAX_FIGURES:
        _figures.append(figure)


def install() -> None:
    """Ask Matplotlib to call `remember`, if Matplotlib has been imported and does not do so already."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is None or "matplotlib.pyplot" not in sys.modules:
        return
    hooks = list(matplotlib.rcParams.get("figure.hooks", []))
    if HOOK not in hooks:
        matplotlib.rcParams["figure.hooks"] = [*hooks, HOOK]


def made() -> list[Any]:
    """The figures made since the last `forget`, oldest first; those still open count even without the hook."""
    helpers = sys.modules.get("matplotlib._pylab_helpers")
    still_open = [] if helpers is None else [m.canvas.figure for m in helpers.Gcf.get_all_fig_managers()]
    return [*_figures, *(f for f in still_open if not any(f is known for known in _figures))]


def forget() -> None:
    """Begin anew: the next question's figures."""
    _figures.clear()
    _stale.clear()


def next_cell() -> None:
    """A live notebook runs its next cell: if that makes a figure, earlier ones no longer count.

    A student who mends a figure and runs its cell again must not be shown the faults of the old one.
    """
    install()
    _stale[:] = [True]
