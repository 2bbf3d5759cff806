"""Draws the histogram of a class as SVG, with its text alternative. Colours come from the page's style sheet."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from coteja.classreport.result import Bin
from coteja.feedback.svg import nice_step
from coteja.i18n import Translator

_FOOT, _HEAD = 44, 36


@dataclass(frozen=True, slots=True)
class Size:
    """The whole drawing in pixels, and how many edges of bins get one label."""

    width: int
    height: int
    every: int


WIDE = Size(width=860, height=270, every=1)
NARROW = Size(width=340, height=230, every=2)


def draw_histogram(
    bins: tuple[Bin, ...], translator: Translator, *, name: str, size: Size, median: float | None
) -> Markup:
    """The histogram as an `<svg>` element. `name` must be unique on the page: it makes the ids."""
    highest = max((b.count for b in bins), default=0)
    step = max(1, round(nice_step(highest, 4))) if highest else 1
    top = step * -(-highest // step) or 1
    left, right = 14 + 8 * len(translator.number(top)), size.width - 22
    bottom = size.height - _FOOT
    room, width = bottom - _HEAD, (right - left) / max(1, len(bins))
    parts = []
    for tick in range(0, top + 1, step):
        y = bottom - room * tick / top
        kind = "grid" if tick else "axis"
        parts.append(f'<line class="{kind}" x1="{left:g}" x2="{right:g}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_text(translator.number(tick), left - 8, y + 4, "end", "tick"))
    for i, bar in enumerate(bins):
        x, height = left + i * width, room * bar.count / top
        if bar.count:
            shown = max(height, 1.5)
            parts.append(
                f'<rect class="bar" x="{x + 2:.1f}" y="{bottom - shown:.1f}" width="{width - 4:.1f}" '
                f'height="{shown:.1f}" rx="2"/>'
            )
            parts.append(
                _text(translator.number(bar.count), x + width / 2, bottom - height - 6, "middle", "key")
            )
    for i in range(0, len(bins) + 1, size.every):
        edge = bins[i].low if i < len(bins) else bins[-1].high if bins else 1.0
        parts.append(_text(percent(edge, translator), left + i * width, bottom + 18, "middle", "tick"))
    if median is not None:
        x = left + (right - left) * median
        parts.append(f'<path class="median line" d="M{x:.1f} {_HEAD - 8}V{bottom}"/>')
        parts.append(f'<path class="median" d="M{x - 5:.1f} {_HEAD - 16}h10l-5 8z"/>')
    label = translator.text("points earned, of those marked so far")
    parts.append(_text(label, (left + right) / 2, bottom + 38, "middle", "label"))
    title = translator.text("Histogram of the scores")
    about = " ".join(in_words(bins, translator))
    return Markup(  # noqa: S704 (every text in it went through escape)
        f'<svg class="plot" viewBox="0 0 {size.width} {size.height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">'
        f"{escape(title)}</title>"
        f'<desc id="{name}-desc">{escape(about)}</desc>{"".join(parts)}</svg>'
    )


def in_words(bins: tuple[Bin, ...], translator: Translator) -> list[str]:
    """Each bar that is not empty as a sentence: the histogram's text alternative."""
    return [
        translator.text(
            "{low} to {high}: {count}.",
            low=percent(bar.low, translator),
            high=percent(bar.high, translator),
            count=bar.count,
        )
        for bar in bins
        if bar.count
    ]


def percent(share: float, translator: Translator, decimals: int = 0) -> str:
    """A share as a percentage by locale.

    >>> from coteja.i18n import translator
    >>> percent(0.305, translator("en"), 1)
    '30.5 %'
    """
    return f"{translator.fixed(share * 100, decimals)} %"


def _text(text: str, x: float, y: float, anchor: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
