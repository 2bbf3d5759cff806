"""Brings the catalogues up to date: adds new sentences, still to be translated, and drops obsolete ones.

    python tools/update_catalogues.py           writes the .po files
    python tools/update_catalogues.py --check   writes nothing; exit code 1 when a file would change

The order is that of the files and of the text in them; no line numbers, so that a catalogue changes only when
a sentence does. Translations are kept by their English sentence. tests/test_catalogues.py uses the same
functions.
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import normalize, read_po

ROOT = Path(__file__).resolve().parents[1]
#: Calls that hold a sentence in their first argument, or a singular and a plural in their first two.
KEYWORDS = {
    "_": None, "message": None, "text": None, "gettext": None,
    "ngettext": (1, 2), "plural": (1, 2),
}  # fmt: skip
PLURAL_FORMS = "nplurals=2; plural=(n != 1);"
LANGUAGES = {"es": "es_GT", "en": "en"}

MessageId = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Domain:
    """A catalogue and the folders whose sentences are in it."""

    name: str
    folders: tuple[str, ...]
    locale: str
    root: Path = ROOT

    def path(self, language: str) -> Path:
        """Where the catalogue for `language` is."""
        return self.root / self.locale / language / "LC_MESSAGES" / f"{self.name}.po"


ENGINE = Domain("coteja", ("src/coteja", "templates"), "templates/locale")
GRADERS = Domain("graders", ("graders",), "graders/locale")
#: The course that `coteja new` copies: its sentences are its own.
NEW_COURSE = ROOT / "src" / "coteja" / "scaffold" / "course"
SCAFFOLD = Domain("graders", ("graders",), "graders/locale", NEW_COURSE)


def domains() -> list[Domain]:
    """The domains that have any source: a course may have no graders yet."""
    return [domain for domain in (ENGINE, GRADERS, SCAFFOLD) if next(_sources(domain), None)]


def sentences(domain: Domain) -> dict[MessageId, str]:
    """Every sentence of a domain and the file where it stands first, in order."""
    found: dict[MessageId, str] = {}
    for path in _sources(domain):
        for key in READERS[path.suffix](path):
            if key:
                found.setdefault(key, path.relative_to(domain.root).as_posix())
    return found


def _in_python(path: Path) -> Iterator[MessageId]:
    """From the syntax tree: extractors that go by tokens take `message["key"]` for a call, or do not, by version."""
    calls = (node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call))
    for call in sorted(calls, key=lambda call: (call.end_lineno, call.end_col_offset)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        count = len(KEYWORDS.get(name) or (1,)) if name in KEYWORDS else 0
        texts = [
            a.value for a in call.args[:count] if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        if count and len(texts) == count:
            yield texts[0] if count == 1 else (texts[0], texts[1])


def _in_template(path: Path) -> Iterator[MessageId]:
    with path.open("rb") as file:
        options = {"trimmed": "true", "silent": "false"}
        for _line, sentence, _comments, _context in extract("jinja2", file, KEYWORDS, (), options):
            yield (sentence[0], sentence[1]) if isinstance(sentence, tuple | list) else sentence


READERS = {".py": _in_python, ".j2": _in_template}


def _sources(domain: Domain) -> Iterator[Path]:
    for folder in domain.folders:
        for path in sorted((domain.root / folder).rglob("*")):
            if path.suffix in READERS and (domain.root == NEW_COURSE or NEW_COURSE not in path.parents):
                yield path


def read(path: Path) -> Catalog:
    """A catalogue, empty when there is no file."""
    data = path.read_bytes() if path.is_file() else b""
    return read_po(io.BytesIO(data))


def updated(found: dict[MessageId, str], old: Catalog, *, domain: str, locale: str) -> str:
    """The text of a catalogue with exactly the sentences `found`, translated as far as `old` does."""
    header = {
        "Project-Id-Version": domain,
        "Language": locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS,
    }
    lines = ['msgid ""', 'msgstr ""', *(f'"{name}: {value}\\n"' for name, value in header.items())]
    where = ""
    for sentence, file in found.items():
        lines.append("")
        if file != where:
            lines += [f"# {file}", ""]
            where = file
        lines += _entry(sentence, _translation(old, sentence))
    return "\n".join(lines) + "\n"


def _translation(old: Catalog, sentence: MessageId) -> tuple[str, ...]:
    entry = old.get(sentence[0] if isinstance(sentence, tuple) else sentence)
    said = entry.string if entry else ""
    return (said,) if isinstance(said, str) else tuple(said)


def _entry(sentence: MessageId, said: tuple[str, ...]) -> Iterable[str]:
    if isinstance(sentence, str):
        return [f"msgid {_quoted(sentence)}", f"msgstr {_quoted(said[0])}"]
    one, many = [*said, "", ""][:2]
    return [
        f"msgid {_quoted(sentence[0])}",
        f"msgid_plural {_quoted(sentence[1])}",
        f"msgstr[0] {_quoted(one)}",
        f"msgstr[1] {_quoted(many)}",
    ]


def _quoted(text: str) -> str:
    return str(normalize(text, width=110))


def main(arguments: list[str] | None = None) -> int:
    """Update (or check) every catalogue and say what is still to be translated."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit 1 when a catalogue is not up to date"
    )
    options = parser.parse_args(arguments)
    stale = 0
    for domain in domains():
        found = sentences(domain)
        for language, locale in LANGUAGES.items():
            path = domain.path(language)
            old = read(path)
            # English needs no translations: an entry would only say its sentence again.
            text = updated(found if language != "en" else {}, old, domain=domain.name, locale=locale)
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                stale += 1
                if not options.check:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text, encoding="utf-8")
            empty = sum(not all(_translation(old, key)) for key in found) if language != "en" else 0
            print(f"{path.relative_to(ROOT)}: {len(found)} sentences, {empty} to translate")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
