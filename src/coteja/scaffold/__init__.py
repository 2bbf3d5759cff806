"""Makes a new course: a copy of the tiny one beside this module, in the languages and with the title asked for.

The files in `course/` are a whole working course themselves; `tools/make_scaffold.py` keeps what is computed in it up to
date, and the tests mark it. Here it is only cut down to the chosen languages.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import coteja
from coteja.errors import UsageError
from coteja.i18n import SOURCE_LANGUAGE

FILES = Path(__file__).parent / "course"
#: The languages that the tiny lab is written in.
LANGUAGES = ("es", "en")
DEFAULT_TITLES = {"es": "Mi curso de redes neuronales", "en": "My neural-network course"}
#: What an empty folder may hold: a repository without a commit is as good as empty.
_NO_CONTENT = {".git"}


def new_course(folder: Path, *, languages: Sequence[str], titles: Mapping[str, str]) -> list[Path]:
    """Write a course into `folder`, which must be new or empty. Returns the paths written.

    All of it is written elsewhere first: `folder` becomes a course whole or not at all.

    Raises
    ------
    UsageError
        There is something in `folder` already, or a title cannot be one.
    """
    folder = folder.absolute()
    _refuse_content(folder)
    made = course_files(languages, titles)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".coteja-new-") as temporary:
        ready = Path(temporary) / "course"
        for name, data in made.items():
            path = ready / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        if folder.exists():  # perhaps somebody's working directory: fill it, course.toml last
            for entry in sorted(ready.iterdir(), key=lambda path: path.name == "course.toml"):
                shutil.move(entry, folder / entry.name)
        else:
            ready.rename(folder)
    return [folder / name for name in made]


def _refuse_content(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: this is a file. Name a folder that is new or empty.")
    found = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
    if content := [name for name in found if name not in _NO_CONTENT]:
        raise UsageError(
            f"{folder}: this folder is not empty (it holds {', '.join(content[:3])}"
            f"{', …' if len(content) > 3 else ''}). A course is made in a folder that is new or empty: name another."
        )


def course_files(languages: Sequence[str], titles: Mapping[str, str]) -> dict[str, bytes]:
    """Every file of the new course by its path in it."""
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown or not languages:
        raise UsageError(
            f"--lang {unknown[0] if unknown else ''}: the lab that a course begins with is written in "
            f"{' and '.join(LANGUAGES)}. Begin with one of them, and add a language later: docs/authoring.md."
        )
    wanted = [language for language in LANGUAGES if language in languages]
    shown = {language: _title(language, titles.get(language)) for language in wanted}
    made = {}
    for path in sorted(FILES.rglob("*")):
        name = path.relative_to(FILES).as_posix()
        if path.is_file() and path.suffix != ".pyc" and (kept := _named(name, wanted)):
            made[kept] = _in_languages(name, path.read_bytes(), wanted, shown)
    return made


def _title(language: str, title: str | None) -> str:
    title = DEFAULT_TITLES[language] if title is None else title.strip()
    if not title or not title.isprintable():
        raise UsageError(f"--title-{language}: {title!r} is no title. Write one line of text.")
    return title


def _named(name: str, wanted: Sequence[str]) -> str | None:
    """The file's path in the new course; None when it is only there for a language that was not asked for."""
    language = re.search(r"(?:locale/|README\.)([a-z]{2})(?:/|\.md)", name)
    if name == "README.md":
        return name if "en" in wanted else None
    if name == "README.es.md":
        return None if "es" not in wanted else "README.md" if "en" not in wanted else name
    if name.endswith(".ipynb"):
        sample = json.loads((FILES / name).read_text(encoding="utf-8"))
        return name if sample["metadata"]["coteja"]["language"] in wanted else None
    if language is not None and language[1] == SOURCE_LANGUAGE:
        return None  # sentences are written in English: there is nothing to translate
    return name if language is None or language[1] in wanted else None


def _in_languages(name: str, data: bytes, wanted: Sequence[str], titles: Mapping[str, str]) -> bytes:
    """The file's content with the title, and without what is in other languages."""
    if name.endswith((".ipynb", ".json", ".po")):
        return data
    text = data.decode("utf-8").replace("@VERSION@", coteja.__version__)
    if name.endswith("scores.toml"):
        head, *samples = text.split("\n[[sample]]\n")
        samples = [s for s in samples if re.search(rf'^language = "({"|".join(wanted)})"$', s, flags=re.M)]
        text = "\n[[sample]]\n".join([head, *samples])
    elif name.endswith(".toml"):
        text = re.sub(
            r"\{ (?:es|en) = .*? \}(?=$|,)", lambda table: _table(table[0], wanted), text, flags=re.M
        )
        text = re.sub(
            r'^languages = \["es", "en"\]$', f"languages = {json.dumps(list(wanted))}", text, flags=re.M
        )
    elif name.endswith("notebook.py"):
        text = _notebook(text, wanted)
    elif name.endswith(".md") and len(wanted) == 1:
        text = re.sub(r"^\*\[.*\n\n", "", text, flags=re.M)  # the link to the other language
    for language, title in titles.items():
        # TOML's basic strings are written as JSON's.
        quoted = json.dumps(title, ensure_ascii=False)[1:-1] if name.endswith(".toml") else title
        text = text.replace(f"@TITLE_{language.upper()}@", quoted)
    return text.encode("utf-8")


def _table(text: str, wanted: Sequence[str]) -> str:
    """`{ es = "...", en = "..." }` with the wanted languages alone."""
    pairs = re.findall(r'(es|en) = ("[^"]*")', text)
    return "{ " + ", ".join(f"{lang} = {value}" for lang, value in pairs if lang in wanted) + " }"


def _notebook(text: str, wanted: Sequence[str]) -> str:
    other = "|".join(language for language in LANGUAGES if language not in wanted)
    if not other:
        return text
    cells = re.split(r"^(?=# %%)", text, flags=re.M)
    kept = "".join(cell for cell in cells if not re.match(rf'# %% .*lang="({other})"', cell))
    return re.sub(rf"^ *# ({other}): .*\n", "", kept, flags=re.M)
