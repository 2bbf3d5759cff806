"""What a figure of curves must show: labelled axes, a legend, one curve for each series, and the real data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coteja.checking.api import Part, part
from coteja.checking.compare import MAX_POINTS
from coteja.model.figure import Axes, Figure, Line
from coteja.model.message import Message, message
from coteja.model.result import Picture, Series


def check_curves_figure(
    figure: Figure,
    curves: Mapping[str, ArrayLike],
    *,
    tolerance: float = 1e-6,
    names: Mapping[str, Sequence[str]] | None = None,
) -> list[Part]:
    """The rubric's lines for a figure that must draw each of `curves` (legend text -> values).

    A curve counts as drawn when some line shows its values or evenly thinned ones (every 10th, every 100th).
    A legend entry counts as right when it contains the key's text ("0.5", "MSE") and stands at that curve.
    `names` gives other words for a curve, any of which will do: {"zeros": ["zero", "cero"]}. A single curve needs
    no legend unless `names` says what it is to be called.
    """
    words = {label: tuple((names or {}).get(label, (label,))) for label in curves}
    drawn = {label: _find(figure, values, tolerance, words, label) for label, values in curves.items()}
    axes = [a for a in figure.axes if a.lines]
    labelled = bool(axes) and all(a.x_label.strip() and a.y_label.strip() for a in axes)
    legend = bool(axes) and (any(a.legend for a in axes) or len(axes) >= len(curves) > 1)
    count = sum(line is not None for line in drawn.values())
    right = sum(line is not None and _names(line, figure, label, words) for label, line in drawn.items())
    lines = [
        part(
            labelled,
            message("both axes are labelled"),
            otherwise=message("Name both axes: ax.set_xlabel(...) and ax.set_ylabel(...)."),
        ),
        part(
            legend,
            message("there is a legend"),
            otherwise=message("Give each curve a label and call ax.legend()."),
        ),
        part(
            count == len(curves),
            message("every curve is drawn, with your own data"),
            weight=2,
            otherwise=_missing(drawn),
        ),
        part(
            count > 0 and right == len(curves),
            message("each curve has its own name in the legend"),
            otherwise=message("Look at which label stands at which curve."),
        ),
    ]
    return lines if len(curves) > 1 or names else [lines[0], lines[2]]


def check_diagonal_figure(figure: Figure, *, points: int = 20, share: float = 0.05) -> list[Part]:
    """The rubric's lines for a figure that must plot outputs against targets, whichever way around.

    Near the 45-degree line is: half of the points lie within `share` of the range that they cover. At least `points` of
    them are wanted, as a scatter plot or as a line's points.
    """
    axes = [a for a in figure.axes if a.lines or a.scatter]
    clouds = [cloud for a in axes for cloud in points_of(a)]
    clouds = [cloud for cloud in clouds if len(cloud) >= points]
    return [
        part(
            bool(axes) and all(a.x_label.strip() and a.y_label.strip() for a in axes),
            message("both axes are labelled"),
            otherwise=message("Name both axes: ax.set_xlabel(...) and ax.set_ylabel(...)."),
        ),
        part(
            bool(clouds),
            message("there is one point for each observation, or for many of them"),
            weight=2,
            otherwise=message("Draw the outputs against the targets, one point an observation."),
        ),
        part(
            any(near_diagonal(cloud, share) for cloud in clouds),
            message("the points lie along the 45-degree line"),
            weight=2,
            otherwise=message("Points far from the 45-degree line are outputs that miss their targets."),
        ),
    ]


def diagonal_picture(figure: Figure) -> Picture | None:
    """Outputs against targets as the student drew them, over the 45-degree line that was expected; None without points."""
    clouds = [cloud[np.isfinite(cloud).all(axis=1)] for axes in figure.axes for cloud in points_of(axes)]
    cloud = max(clouds, key=len, default=np.empty((0, 2)))
    if len(cloud) < 2:
        return None
    cloud = cloud[:: -(-len(cloud) // MAX_POINTS)]
    ends = [float(cloud[:, 0].min()), float(cloud[:, 0].max())]
    title = message("Your points over the 45-degree line")
    return Picture(
        title=title,
        x_label=message("as on your x axis"),
        y_label=message("as on your y axis"),
        series=(
            Series(label=message("45-degree line"), x=ends, y=[*ends], kind="expected"),
            Series(
                label=message("your points"),
                x=cloud[:, 0].tolist(),
                y=cloud[:, 1].tolist(),
                kind="found",
                points=True,
            ),
        ),
        description=title,
    )


def points_of(axes: Axes) -> list[NDArray[np.float64]]:
    """Every collection of points of a pair of axes, shape (n, 2): scatter plots, and the points of lines."""
    return [
        *axes.scatter,
        *(np.column_stack([line.x, line.y]) for line in axes.lines if line.x.size == line.y.size),
    ]


def near_diagonal(cloud: NDArray[np.float64], share: float = 0.05) -> bool:
    """Whether half of the points lie within `share` of the covered range from the line y = x, and not all on it."""
    finite = cloud[np.isfinite(cloud).all(axis=1)]
    if len(finite) < max(2, len(cloud) / 2):
        return False
    width = float(np.ptp(finite))
    miss = float(np.median(np.abs(finite[:, 1] - finite[:, 0])))
    # Exactly on it is a guide line, or targets drawn against themselves: data have noise.
    return 1e-9 * width < miss <= share * width


def line_called(figure: Figure, words: Sequence[str]) -> Line | None:
    """The first line whose legend entry contains one of `words`, or None."""
    return next(
        (line for line in figure.lines if any(_mentions(_legend_text(line, figure), w) for w in words)), None
    )


def _missing(drawn: Mapping[str, Line | None]) -> Message:
    absent = next((label for label, line in drawn.items() if line is None), "")
    return message(
        "The curve for {name} is not in the figure, or shows other values than your variable.", name=absent
    )


def _find(
    figure: Figure, values: ArrayLike, tolerance: float, words: Mapping[str, Sequence[str]], label: str
) -> Line | None:
    """The line that shows `values`; where several do, the one that is also named so."""
    wanted = np.asarray(values, dtype=float).reshape(-1)
    showing = [line for line in figure.lines if _shows(line.y, wanted, tolerance)]
    return next(
        (line for line in showing if _names(line, figure, label, words)), showing[0] if showing else None
    )


def _shows(drawn: np.ndarray, wanted: np.ndarray, tolerance: float) -> bool:
    if drawn.size < 5 or drawn.size > wanted.size + 1:
        return False
    for step in {
        1,
        max(1, round(wanted.size / drawn.size)),
        max(1, (wanted.size - 1) // max(1, drawn.size - 1)),
    }:
        thinned = wanted[::step]
        size = min(drawn.size, thinned.size)
        if abs(drawn.size - thinned.size) <= 1 and np.allclose(
            drawn[:size], thinned[:size], rtol=0, atol=tolerance, equal_nan=True
        ):
            return True
    return False


def _names(line: Line, figure: Figure, label: str, words: Mapping[str, Sequence[str]]) -> bool:
    text = _legend_text(line, figure)
    fitting = [len(word) for word in words[label] if _mentions(text, word)]
    if not fitting:
        return False
    # A label that names another curve by a longer word is that other curve's; by one as long, it is nobody's.
    others = [
        word for other, known in words.items() if other != label for word in known if word not in words[label]
    ]
    return not any(len(word) >= max(fitting) and _mentions(text, word) for word in others)


def _legend_text(line: Line, figure: Figure) -> str:
    """The legend's text for this line: its own label, or by position when legend() was given a list."""
    if line.label and not line.label.startswith("_"):
        return line.label
    for axes in figure.axes:
        if axes.legend and any(line is other for other in axes.lines):
            position = next(i for i, other in enumerate(axes.lines) if other is line)
            return axes.legend[position] if position < len(axes.legend) else ""
        if any(line is other for other in axes.lines):
            return f"{axes.title} {axes.y_label}"
    return ""


def _mentions(text: str, label: str) -> bool:
    plain, wanted = _plain(text), _plain(label)
    if wanted.replace(".", "").isdigit():
        # "0.5" must not be found in "0.05", but in "α=0,5", "lr-0.5" and "5e-1".
        numbers = re.findall(r"(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", plain)
        return any(abs(float(number) - float(wanted)) < 1e-12 for number in numbers)
    return wanted in plain


def _plain(text: str) -> str:
    """Lower case, no accents, a point for the decimal comma."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return bare.replace(",", ".")
