"""Messages, numbers and dates in the reader's language: gettext catalogues through Babel.

Sentences are written in English in the code (the msgid); `locale/<language>/LC_MESSAGES/<domain>.po` holds
the other languages. The engine's catalogue lies in the templates, a course's own in its `graders/locale`.
The catalogues are read as they are: there is no compiled file to forget.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from coteja.model.message import Message, Param, fill

#: The language that the code's own sentences are in.
SOURCE_LANGUAGE = "en"
ENGINE_DOMAIN = "coteja"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def packaged_templates() -> Path:
    """The folder of templates and catalogues: inside the installed wheel, else at the checkout's root."""
    inside = Path(__file__).parent / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "templates"


@lru_cache(maxsize=32)
def load_catalogue(path: Path) -> NullTranslations:
    """One `.po` file as translations; an absent file is an empty catalogue."""
    if not path.is_file():
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import Translations

    with path.open("rb") as file:
        catalogue = read_po(file)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    translations: NullTranslations = Translations(compiled)
    return translations


def catalogue_path(folder: Path, language: str, domain: str) -> Path:
    """Where the catalogue of `domain` for `language` lies below `folder`."""
    return folder / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


@dataclass(frozen=True, eq=False)
class Translator:
    """Says messages, numbers and dates in one language. Two are equal when they are the same one."""

    language: str
    locale: str
    catalogues: tuple[NullTranslations, ...]
    extra: Mapping[str, str]

    def text(self, sentence: str, /, **params: Param) -> str:
        """Translate an English sentence and fill in its parameters."""
        return self.say(Message(id=sentence, params=dict(params)))

    def text_of(self, sentence: str) -> str:
        """The translation of a sentence with its `{names}` still in it."""
        return self._lookup(sentence)

    def say(self, message: Message | Param) -> str:
        """A message in this language; a number by its locale; text as it is."""
        if isinstance(message, Message):
            template = self._lookup(message.id)
            return fill(template, {name: self.say(value) for name, value in message.params.items()})
        if isinstance(message, int | float):
            return self.number(message)
        return message

    def _lookup(self, sentence: str) -> str:
        if self.language == SOURCE_LANGUAGE:
            return sentence
        if sentence in self.extra:
            return self.extra[sentence]
        for catalogue in self.catalogues:
            found = catalogue.gettext(sentence)
            if found != sentence:
                return found
        return sentence

    def plural(self, one: str, many: str, count: float) -> str:
        """The sentence for `count`, with `{count}` filled in. A fraction counts as many."""
        text = one if count == 1 else many
        whole = int(count) if count == int(count) else 2
        for catalogue in self.catalogues:
            found = catalogue.ngettext(one, many, whole)
            if found not in (one, many):
                text = found
                break
        return fill(text, {"count": self.number(count)})

    def number(self, value: float, digits: int = 6) -> str:
        """A number by locale, to `digits` significant digits; powers of ten when very large or small.

        >>> translator("es", "es_GT").number(1234.5)
        '1,234.5'
        >>> translator("es", "es_GT").number(-2.43453e151)
        '-2.435×10¹⁵¹'
        """
        return _number(value, digits, self.locale)

    def fixed(self, value: float, decimals: int = 1) -> str:
        """A number with at most `decimals` decimals, as points and seconds are shown."""
        return _decimal(round(value, decimals) + 0.0, "#,##0." + "#" * decimals, self.locale)

    def moment(self, when: datetime) -> str:
        """A date and time by locale."""
        from babel.dates import format_datetime

        return str(format_datetime(when, "medium", locale=self.locale))

    def one_of(self, texts: Mapping[str, str]) -> str:
        """The text of an author's table for this language (any other when it is missing)."""
        return texts.get(self.language) or next(iter(texts.values()), "")

    def gettext_callables(self) -> dict[str, Any]:
        """What Jinja's i18n extension installs."""
        return {"gettext": self._lookup, "ngettext": self.plural}


# Babel parses the locale and the pattern at each call, and most numbers of a page stand on the next one as well.
@lru_cache(maxsize=10_000)
def _decimal(value: float | Decimal, pattern: str | None, locale: str) -> str:
    from babel.numbers import format_decimal

    return str(format_decimal(value, format=pattern, locale=locale))


@lru_cache(maxsize=10_000)
def _number(value: float, digits: int, locale: str) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
    if value == int(value) and abs(value) < 1e15:
        return _decimal(int(value), None, locale)
    rounded = Decimal(f"{Decimal(value):.{digits}g}")
    if not 1e-3 <= abs(value) < 1e7:
        mantissa, exponent = f"{Decimal(value):.{digits - 1 if digits > 6 else 3}e}".split("e")
        shown = _decimal(Decimal(mantissa), "0." + "#" * 15, locale)
        return f"{shown}×10{str(int(exponent)).translate(_SUPERSCRIPT)}"
    return _decimal(rounded, "#,##0." + "#" * 15, locale)


def translator(
    language: str,
    locale: str | None = None,
    *,
    course_catalogues: Iterable[Path] = (),
    extra: Mapping[str, str] | None = None,
) -> Translator:
    """A translator for `language`: the course's catalogues first, then the engine's own.

    `extra` maps sentences to their translations (what a notebook carries for its public checks).
    """
    paths = [*course_catalogues, catalogue_path(packaged_templates(), language, ENGINE_DOMAIN)]
    return Translator(
        language=language,
        locale=locale or {"es": "es_GT"}.get(language, language),
        catalogues=tuple(load_catalogue(path) for path in paths),
        extra=extra or {},
    )
