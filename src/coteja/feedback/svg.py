"""Draws a `Picture` as SVG: the student's curves, solid, over the expected ones, dashed.

Colours come from the page's style sheet through classes (`s1` ... `s6`, `expected`, `found`), so that dark
mode and print work inside the drawing; marks tell the curves apart without colour.
The numbers of a student may be anything: gaps, nothing at all, 1e151.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

from coteja.feedback.plain import plain, shorten
from coteja.i18n import Translator
from coteja.model.result import Picture, Series

#: A linear picture of positive values that span more than this is drawn on a logarithmic scale.
WIDE_SPAN = 1e6
COLOURS = 6
_CHARACTER = 6.6  # width of an average character at the drawing's font size
_ROW = 22
_LARGEST, _SMALLEST = sys.float_info.max, math.ulp(0.0)
_LABEL_LENGTH = 34
_TALLEST = 4000  # with a legend of more rows than anyone draws

#: The points of a run: x in the first row, y in the second, shape (2, n).
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of the plotted area in pixels, and how many ticks fit in it."""

    width: int
    height: int
    x_ticks: int
    y_ticks: int


WIDE = Size(width=720, height=286, x_ticks=8, y_ticks=5)
NARROW = Size(width=340, height=236, x_ticks=4, y_ticks=5)


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps values to the range 0 to 1, and says where its ticks are."""

    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool = False

    def place(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where `values` lie between the axis' ends: 0 to 1."""
        if self.log:
            low, high = math.log10(self.low), math.log10(self.high)
            return np.asarray((np.log10(values) - low) / (high - low))
        # Halved, so that the span of two huge ends does not overflow.
        return np.asarray((values / 2 - self.low / 2) / (self.high / 2 - self.low / 2))


@dataclass(frozen=True, slots=True)
class Curve:
    """A series ready to be drawn: its runs of points without a gap, its label, its colour's class."""

    runs: tuple[Points, ...]
    label: str
    colour: str
    expected: bool
    mark: int
    points: bool = False


# --- axes ---


def nice_step(span: float, count: int) -> float:
    """A step of 1, 2 or 5 times a power of ten that divides `span` into about `count` parts.

    >>> nice_step(1.1, 5)
    0.2
    """
    rough = span / max(1, count)
    power = float(f"1e{math.floor(math.log10(rough))}")
    factor = next((f for f in (1, 2, 5) if rough <= 1.2 * f * power), 10)
    return factor * power


def linear_axis(values: Sequence[float], count: int) -> Axis:
    """An axis that holds `values` with ticks at round numbers. A constant gets room above and below."""
    low, high = min(values), max(values)
    if high / 2 - low / 2 <= 1e-12 * max(abs(low), abs(high)):
        room = abs(low) * 0.1 or 1.0
        low, high = max(-_LARGEST, low - room), min(_LARGEST, high + room)
    # Work on a scale near one: 1e151 and 1e-300 are then nothing special.
    unit = _power(math.floor(math.log10(max(abs(low), abs(high))))) or _SMALLEST
    step = nice_step(high / unit - low / unit, count)
    first, last = math.floor(low / unit / step + 1e-9), math.ceil(high / unit / step - 1e-9)
    ticks = [tick for i in range(first, last + 1) if math.isfinite(tick := round(i * step, 12) * unit)]
    return Axis(min(low, ticks[0]), max(high, ticks[-1]), tuple(ticks))


def log_axis(values: Sequence[float], count: int) -> Axis:
    """A logarithmic axis for positive `values`: ticks at powers of ten, with 2 and 5 times when few."""
    first, last = math.floor(math.log10(min(values)) + 1e-9), math.ceil(math.log10(max(values)) - 1e-9)
    last = max(last, first + 1)
    stride = math.ceil(nice_step(last - first, count)) if last - first > count else 1
    ticks = [_power(n) for n in range(first, last + 1) if n % stride == 0]
    if last - first == 1:
        ticks = [m * _power(first) for m in (1, 2, 5)] + [_power(last)]
    ticks = [tick for tick in ticks if 0 < tick < math.inf]
    low, high = _power(first) or _SMALLEST, min(_power(last), _LARGEST)
    return Axis(min(low, *values), max(high, *values), tuple(ticks), log=True)


def _power(exponent: int) -> float:
    return float(f"1e{exponent}")


def wants_log(picture: Picture) -> bool:
    """Whether the y axis is logarithmic: as the author asked, or because nothing could be seen otherwise."""
    found = [_points(series) for series in picture.series]
    values = np.concatenate([points[1, _drawable(points)] for points in found]) if found else np.empty(0)
    if not (values > 0).any():
        return False
    if picture.y_scale == "log":
        return True
    return bool(values.min() > 0 and values.max() / WIDE_SPAN > values.min())


# --- series ---


def _points(series: Series) -> Points:
    """All points of a series; a gap is not a number."""
    count = min(len(series.x), len(series.y))
    return np.array([series.x[:count], series.y[:count]], dtype=np.float64)


def _drawable(points: Points) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(points).all(axis=0))


def _runs(series: Series, *, log: bool) -> tuple[Points, ...]:
    """The series cut at its gaps: what a logarithm cannot show is a gap too."""
    points = _points(series)
    drawable = _drawable(points)
    if log:
        drawable &= points[1] > 0
    if drawable.all():
        return (points,) if drawable.size else ()
    ends = np.flatnonzero(np.diff(drawable)) + 1
    first = 0 if drawable[0] else 1
    return tuple(np.split(points, ends, axis=1)[first::2])


def curves_of(picture: Picture, translator: Translator, *, log: bool) -> list[Curve]:
    """The curves in drawing order: expected ones first, so that the student's lie over them.

    An expected curve takes the colour of the student's curve with the same label; without one it is grey.
    """
    named = [(series, _label(series, translator)) for series in picture.series]
    found = list(dict.fromkeys(label for series, label in named if series.kind == "found"))
    expected = [label for series, label in named if series.kind == "expected"]
    colours = {label: f"s{i % COLOURS + 1}" for i, label in enumerate(found)}
    alone = len(found) == 1 and len(expected) == 1
    curves = []
    for series, label in named:
        is_expected = series.kind == "expected"
        neutral = is_expected and (alone or label not in colours)
        curves.append(
            Curve(
                runs=_runs(series, log=log),
                label=label,
                colour="neutral" if neutral else colours[label],
                expected=is_expected,
                mark=0 if is_expected or series.points else found.index(label),
                points=series.points,
            )
        )
    return sorted(curves, key=lambda curve: not curve.expected)


def _label(series: Series, translator: Translator) -> str:
    return plain(translator.say(series.label)) or "?"


# --- the drawing ---


def draw(
    picture: Picture, translator: Translator, *, name: str, size: Size = WIDE, description: str = ""
) -> Markup:
    """The picture as an `<svg>` element. `name` must be unique on the page: it makes the ids.

    `description` is the text alternative; the picture's own when it is empty.
    """
    log = wants_log(picture)
    curves = curves_of(picture, translator, log=log)
    runs = [run for curve in curves for run in curve.runs]
    legend, top = _legend(curves, translator, size)
    body = [legend]
    height = top + size.height
    if runs:
        points = np.concatenate(runs, axis=1)
        body.append(_plot(picture, translator, curves, points, size=size, top=top, log=log))
    else:
        text = plain(translator.text("There are no finite values to draw."))
        body.append(_text(text, size.width / 2, top + 24, "middle", "label"))
        height = top + 40
    title = escape(plain(translator.say(picture.title)))
    about = escape(description or plain(translator.say(picture.description)))
    return Markup(  # noqa: S704 (every text in it went through escape)
        f'<svg class="plot" viewBox="0 0 {size.width} {height:g}" role="img" '
        f'aria-labelledby="{escape(name)}-title {escape(name)}-desc">'
        f'<title id="{escape(name)}-title">{title}</title><desc id="{escape(name)}-desc">{about}</desc>'
        f"{''.join(body)}</svg>"
    )


def _plot(
    picture: Picture,
    translator: Translator,
    curves: Sequence[Curve],
    points: Points,
    *,
    size: Size,
    top: int,
    log: bool,
) -> str:
    (left_end, low), (right_end, high) = points.min(axis=1).tolist(), points.max(axis=1).tolist()
    x_axis = linear_axis((left_end, right_end), size.x_ticks)
    y_axis = (log_axis if log else linear_axis)((low, high), size.y_ticks)
    y_texts = tick_labels(y_axis, translator.number)
    left = 10 + _CHARACTER * max(3, *(len(text) for text in y_texts))
    right, bottom = size.width - 20, top + size.height - 42

    def at(points: Points) -> Points:
        x, y = points
        return np.stack(
            [left + x_axis.place(x) * (right - left), bottom - y_axis.place(y) * (bottom - top - 22)]
        )

    x_ticks = at(np.array([x_axis.ticks, [y_axis.low] * len(x_axis.ticks)]))[0].tolist()
    y_ticks = at(np.array([[x_axis.low] * len(y_axis.ticks), y_axis.ticks]))[1].tolist()

    y_label = plain(translator.say(picture.y_label))
    if log:
        y_label = translator.text("{label} (logarithmic scale)", label=y_label)
    parts = [_text(shorten(y_label, 60), 0, top + 6, "start", "label")]
    for y, text in zip(y_ticks, y_texts, strict=True):
        parts.append(f'<line class="grid" x1="{_n(left)}" x2="{_n(right)}" y1="{_n(y)}" y2="{_n(y)}"/>')
        parts.append(_text(text, left - 8, y + 4, "end", "tick"))
    parts.append(f'<line class="axis" x1="{_n(left)}" x2="{_n(right)}" y1="{_n(bottom)}" y2="{_n(bottom)}"/>')
    for x, text in zip(x_ticks, tick_labels(x_axis, translator.number), strict=True):
        parts.append(
            f'<line class="axis" x1="{_n(x)}" x2="{_n(x)}" y1="{_n(bottom)}" y2="{_n(bottom + 4)}"/>'
        )
        parts.append(_text(text, x, bottom + 18, "middle", "tick"))
    x_label = shorten(plain(translator.say(picture.x_label)), 60)
    parts.append(_text(x_label, (left + right) / 2, bottom + 37, "middle", "label"))
    parts += [_curve(curve, at) for curve in curves]
    return "".join(parts)


def tick_labels(axis: Axis, number: Callable[[float, int], str]) -> list[str]:
    """The ticks as text, with as many digits as it takes to tell them apart.

    >>> tick_labels(Axis(0, 1, (0.0, 0.5, 1.0)), lambda value, digits: f"{value:.{digits}g}")
    ['0', '0.5', '1']
    """
    for digits in (6, 9, 12, 15):
        texts = [number(tick, digits) for tick in axis.ticks]
        if len(set(texts)) == len(texts):
            break
    # On a logarithmic axis a power of ten is itself: 10⁹, not 1×10⁹.
    return [text.removeprefix("1×") for text in texts] if axis.log else texts


def _curve(curve: Curve, at: Callable[[Points], Points]) -> str:
    kind = "expected" if curve.expected else "found"
    parts = []
    for run in curve.runs:
        placed = at(run)
        if placed.shape[1] == 1:
            x, y = placed[:, 0].tolist()
            parts.append(f'<circle class="dot {kind} {curve.colour}" cx="{_n(x)}" cy="{_n(y)}" r="3.5"/>')
            continue
        if curve.points:
            parts.append(f'<path class="{kind} points {curve.colour}" d="{_dots(placed)}"/>')
            continue
        parts.append(f'<path class="{kind} {curve.colour}" d="{_path(placed)}"/>')
    if not curve.expected and curve.mark and curve.runs:
        parts += [_mark(curve.mark, curve.colour, x, y) for x, y in at(_marked(curve)).T.tolist()]
    return "".join(parts)


def _dots(placed: Points) -> str:
    """A dot at each point: lines of no length, which round caps make visible."""
    return "".join(f"M{_n(x)} {_n(y)}h0" for x, y in placed.T.tolist())


def _path(placed: Points) -> str:
    """A line through the points. Tenths of a pixel as whole numbers: formatting floats was most of a page's cost."""
    xs, ys = np.rint(placed * 10).astype(int).tolist()
    tenths = _tenths()
    return "M" + "L".join([f"{tenths[x]} {tenths[y]}" for x, y in zip(xs, ys, strict=True)])


@lru_cache(maxsize=1)
def _tenths() -> tuple[str, ...]:
    """Every coordinate that a drawing can have, as text."""
    return tuple(_n(tenth / 10) for tenth in range(10 * max(WIDE.width, _TALLEST)))


def _marked(curve: Curve) -> Points:
    """A few points of a curve that carry its mark, elsewhere for each curve so that marks do not coincide."""
    points = np.concatenate(curve.runs, axis=1)
    total = points.shape[1]
    count = min(4, total)
    chosen = [min(total - 1, int((i + (curve.mark % 5 + 1) / 6) * total / count)) for i in range(count)]
    return points[:, chosen]


def _mark(mark: int, colour: str, x: float, y: float) -> str:
    """The sign of a curve: the first has none, then circle, square, triangle, diamond, cross."""
    r = 4.0
    shapes = (
        f"M{_n(x - r)} {_n(y)}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z",
        f"M{_n(x - r)} {_n(y - r)}h{2 * r}v{2 * r}h{-2 * r}z",
        f"M{_n(x)} {_n(y - r - 1)}l{r + 1} {2 * r}h{-2 * (r + 1)}z",
        f"M{_n(x)} {_n(y - r - 1)}l{r + 1} {r + 1}l{-r - 1} {r + 1}l{-r - 1} {-r - 1}z",
        f"M{_n(x - r)} {_n(y - r)}l{2 * r} {2 * r}m0 {-2 * r}l{-2 * r} {2 * r}",
    )
    return f'<path class="mark {colour}" d="{shapes[(mark - 1) % len(shapes)]}"/>'


def _legend(curves: Sequence[Curve], translator: Translator, size: Size) -> tuple[str, int]:
    """The legend's rows and the height that they take. Equal names on both sides share one entry."""
    parts: list[str] = []
    x, row = 0.0, 0
    for text, curve in _entries(curves, translator):
        label = shorten(text, _LABEL_LENGTH)
        width = 34 + _CHARACTER * len(label) + 18
        if x and x + width - 18 > size.width:
            x, row = 0.0, row + 1
        y = row * _ROW + 12
        kind = "expected" if curve.expected else "found"
        parts.append(f'<path class="{kind} {curve.colour}" d="M{_n(x + 1)} {_n(y)}h25"/>')
        if not curve.expected and curve.mark:
            parts.append(_mark(curve.mark, curve.colour, x + 13.5, y))
        parts.append(_text(label, x + 34, y + 4, "start", "key"))
        x += width
    return "".join(parts), (row + 1) * _ROW + 14 if parts else 14


def _entries(curves: Sequence[Curve], translator: Translator) -> list[tuple[str, Curve]]:
    """What the legend says: the student's curves first, then the expected ones, each named as such."""
    yours, reference = plain(translator.text("yours")), plain(translator.text("expected"))
    found = [curve for curve in curves if not curve.expected]
    expected = [curve for curve in curves if curve.expected]
    entries = [(curve.label, curve) for curve in found]
    if len(found) == 1 and expected:
        entries = [(_named(found[0].label, yours), found[0])]
    elif expected and {c.label for c in expected} <= {c.label for c in found}:
        grey = Curve(runs=(), label=reference, colour="neutral", expected=True, mark=0)
        return [*entries, (translator.text("dashed: what was expected"), grey)]
    return entries + [(_named(curve.label, reference), curve) for curve in expected]


def _named(label: str, side: str) -> str:
    return label if side.casefold() in label.casefold() else f"{label} ({side})"


def _text(text: str, x: float, y: float, anchor: str, kind: str) -> str:
    return f'<text class="{kind}" x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}">{escape(text)}</text>'


def _n(value: float) -> str:
    """A coordinate, short and always the same: one decimal, no minus zero."""
    text = f"{value:.1f}"
    return "0" if text in ("-0.0", "0.0") else text.removesuffix(".0")
