"""The author's figure of a calibration: for each artefact where correct runs lie, the bound, and where each mistake lies."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from coteja.calibration.plan import Plan
from coteja.checking.diagnosis import TRUTH
from coteja.checking.features import features
from coteja.model.profile import Profile, distance
from coteja.model.values import Value

if TYPE_CHECKING:
    from coteja.calibration.calibrate import Calibration

#: Distances are drawn on a logarithmic axis; what is nearer or farther is drawn at its ends.
NEAREST, FARTHEST = 1e-2, 1e5
COLUMNS = 2
CORRECT, MISTAKE, BOUND = "#1b6e3c", "#9a3324", "#444444"


def draw(found: Calibration, form: str) -> bytes:
    """The figure as a file: `form` is "svg", "png" or "pdf". The same calibration gives the same bytes.

    One panel for each artefact, one row for correct runs and for each mistake that changes it, the distance from the truth
    across: of artefacts that scatter in standard deviations (the farthest number), of others in scales of their features.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    roles = [role for role in found.data.profiles.get(TRUTH, {}) if _rows(found, role)]
    panels = {role: _rows(found, role) for role in roles}
    heights = [0.75 + 0.2 * len(rows) for rows in panels.values()]
    lines = [max(heights[i : i + COLUMNS]) for i in range(0, len(heights), COLUMNS)] or [1.0]
    with rc_context({"svg.hashsalt": "coteja", "svg.fonttype": "none"}):
        figure = Figure(figsize=(13, 0.6 + sum(lines)), layout="constrained")
        FigureCanvasAgg(figure)
        grid = figure.subplots(
            len(lines), COLUMNS, squeeze=False, gridspec_kw={"height_ratios": lines}, sharex=True
        ).reshape(-1)
        for axes, (role, rows) in zip(grid, panels.items(), strict=False):
            _panel(axes, role, rows, found)
        for axes in grid[len(panels) :]:
            axes.set_axis_off()
        for axes in grid[: len(panels)][-COLUMNS:]:
            axes.set_xlabel("distance from the truth")
            axes.tick_params(labelbottom=True)
        out = io.BytesIO()
        metadata = {"Date": None} if form == "svg" else {"CreationDate": None} if form == "pdf" else None
        figure.savefig(out, format=form, dpi=110, metadata=metadata)
    return out.getvalue()


def _panel(axes: Any, role: str, rows: Mapping[str, Sequence[float]], found: Calibration) -> None:
    names = list(rows)
    for y, name in enumerate(names):
        x = np.clip(rows[name], NEAREST, FARTHEST)
        colour = MISTAKE if name != TRUTH else CORRECT
        axes.scatter(x, np.full(len(x), y), s=9, alpha=0.4 if len(x) > 5 else 1.0, color=colour, linewidths=0)
    radius = found.data.radii.get(role)
    unit = "scales of its features"
    if radius is not None:
        axes.axvline(radius, color=BOUND, linewidth=1)
        axes.annotate(
            f"{radius:g}", (radius, -0.65), xytext=(3, 0), textcoords="offset points", fontsize=7, color=BOUND
        )
        unit = "standard deviations"
    axes.set_xscale("log")
    axes.set_xlim(NEAREST / 1.5, FARTHEST * 1.5)
    axes.set_ylim(len(names) - 0.4, -1.1)
    axes.set_yticks(range(len(names)), [name or "correct" for name in names], fontsize=7)
    axes.tick_params(axis="x", labelsize=7)
    axes.set_title(f"{role}, in {unit}", fontsize=9, loc="left")
    axes.spines[["top", "right"]].set_visible(False)


def _rows(found: Calibration, role: str) -> dict[str, list[float]]:
    """Class -> the distance of each of its runs from the truth, for the classes that say something of the role."""
    data, plan = found.data, found.plan
    runs = {TRUTH: _of_experiments(plan), **plan.mistakes}
    rows: dict[str, list[float]] = {}
    for name, its in runs.items():
        values = [found.runs[run][role] for run in its if role in found.runs[run]]
        far = [_far(value, role, found) for value in values]
        if known := [d for d in far if d is not None]:
            rows[name] = known
    return rows if TRUTH in rows and data.profiles[TRUTH].get(role) is not None else {}


def _of_experiments(plan: Plan) -> list[Any]:
    return [run for table in (plan.base, plan.more) for its in table.values() for run in its]


def _far(value: Value, role: str, found: Calibration) -> float | None:
    data = found.data
    if role in data.radii:
        return distance(value, data.artefacts[role], data.deviations[role])
    vector = features(value, data.artefacts[role])
    return None if vector is None else _in_scales(vector, data.profiles[TRUTH][role])


def _in_scales(vector: np.ndarray, profile: Profile) -> float:
    return float(np.sqrt(np.mean(((vector - profile.centre) / profile.scale) ** 2)))
