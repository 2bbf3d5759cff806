"""The engine's part that public checks need, as one text that runs where Coteja is not installed.

The sources are those of this package, without their docstrings, under a private name that is a digest of them: an
installed Coteja, or another release's bundle, is neither used nor disturbed. `msgspec` is not everywhere that
otter-grader is; the few structs that travel are as well served by dataclasses.
"""

from __future__ import annotations

import ast
import base64
import bz2
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import coteja
from coteja.i18n import Translator

_ROOT = "coteja.selfcheck.otter"

#: Doctests share no names, but modules: here they find what the first of them made.
LOOKER = "_coteja_looker"

#: Stands in for the part of msgspec that the bundle's modules use.
_MSGSPEC = """
import dataclasses

class Struct:
    def __init_subclass__(cls, **options):
        super().__init_subclass__()
        for name in cls.__dict__.get("__annotations__", {}):
            default = cls.__dict__.get(name)
            if isinstance(default, (dict, list)):
                setattr(cls, name, dataclasses.field(default_factory=default.copy))
        dataclasses.dataclass(frozen=bool(options.get("frozen")), kw_only=True)(cls)
"""
_STRUCTS = "from dataclasses import replace\n"

_BOOT = """
import importlib.abc, importlib.util, json, sys
PACKAGE = {package!r}
SOURCES = {sources!r}
CARRIED = {carried!r}

class Bundle(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name not in SOURCES:
            return None
        holds = any(other.startswith(name + ".") for other in SOURCES)
        return importlib.util.spec_from_loader(name, self, is_package=holds)

    def exec_module(self, module):
        module.__file__ = "/coteja/bundle/in/notebook/" + module.__name__
        exec(compile(SOURCES[module.__name__], module.__name__, "exec"), module.__dict__)

if PACKAGE not in sys.modules:
    sys.meta_path.append(Bundle())
sys.modules[{looker!r}] = importlib.import_module(PACKAGE + ".selfcheck.otter").Looker(json.loads(CARRIED))
"""


def bundle(translator: Translator, public: Mapping[str, Any]) -> str:
    """The text to execute: afterwards `sys.modules` has a `LOOKER` that knows the public checks in the student's language.

    `public` is what the notebook carries for the student's own look (`Lab.public_payload`); nothing else travels.
    """
    sources = _sources()
    package = "coteja_" + hashlib.sha256(repr(sources).encode()).hexdigest()[:12]
    private = {_renamed(name, package): _moved(text, package) for name, text in sources}
    private |= {f"{package}.msgspec": _MSGSPEC, f"{package}.msgspec.structs": _STRUCTS}
    own = {sentence: translator.text_of(sentence) for _name, text in sources for sentence in _texts(text)}
    carried = {
        "language": translator.language,
        "locale": translator.locale,
        "messages": {sentence: said for sentence, said in own.items() if said != sentence}
        | dict(public["messages"]),
        "public": {**public, "checks": _moved(public["checks"], package)},
    }
    shown = json.dumps(carried, ensure_ascii=False, sort_keys=True)
    return _BOOT.format(package=package, sources=private, carried=shown, looker=LOOKER)


def packed(text: str) -> str:
    """A text as letters that need no quoting in Python; bzip2 gives the same ones on every machine."""
    return base64.b85encode(bz2.compress(text.encode("utf-8"), 9)).decode("ascii")


def unpacked(letters: str) -> str:
    """What `packed` was given."""
    return bz2.decompress(base64.b85decode(letters)).decode("utf-8")


@lru_cache(maxsize=1)
def _sources() -> tuple[tuple[str, str], ...]:
    """Every module of ours that the root needs when it is imported, with its packages, by name."""
    found: dict[str, str] = {"coteja": ""}  # our own __init__ watches figures of whoever imports it
    waiting = [_ROOT]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        tree = ast.parse(_file(name).read_text(encoding="utf-8"))
        waiting += [name.rpartition(".")[0], *_imported(tree)]
        found[name] = ast.unparse(_without_docstrings(tree))
    return tuple(sorted(found.items()))


def _file(name: str) -> Path:
    place = Path(coteja.__file__).parent.joinpath(*name.split(".")[1:])
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def _imported(tree: ast.Module) -> list[str]:
    """Our modules that are imported at the top; what a function imports is for other uses of the module."""
    nodes = [node for node in tree.body if isinstance(node, ast.ImportFrom) and _ours(node.module)]
    names = [str(node.module) for node in nodes]
    inside = [f"{node.module}.{alias.name}" for node in nodes for alias in node.names]
    return names + [name for name in inside if _file(name).is_file()]


def _ours(name: str | None) -> bool:
    return name is not None and name.split(".")[0] == "coteja"


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _texts(source: str) -> set[str]:
    """Every text in a source: those that are sentences have translations. Gettext keeps its header under ""."""
    constants = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return {text for text in constants if isinstance(text, str) and text}


def _renamed(name: str, package: str) -> str:
    """A module's private name."""
    first, dot, rest = name.partition(".")
    if first == "msgspec":
        return f"{package}.{name}"
    return f"{package}{dot}{rest}" if first == "coteja" else name


def _moved(source: str, package: str) -> str:
    """A source that imports from the private package what it imported from Coteja and msgspec."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            node.module = _renamed(node.module, package)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if (private := _renamed(alias.name, package)) != alias.name:
                    alias.name, alias.asname = private, alias.asname or alias.name
    return ast.unparse(tree)
