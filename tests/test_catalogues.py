"""Every sentence is in every language: none missing, empty, fuzzy, obsolete, or with other parameters."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _load_tool() -> ModuleType:
    path = Path(__file__).parents[1] / "tools" / "update_catalogues.py"
    spec = importlib.util.spec_from_file_location("update_catalogues", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


tool = _load_tool()
DOMAINS = tool.domains()
OTHERS = [language for language in tool.LANGUAGES if language != "en"]


@pytest.fixture(params=DOMAINS, ids=lambda domain: domain.name)
def domain(request: pytest.FixtureRequest) -> object:
    """The engine's catalogue, and the graders' when there are any."""
    return request.param


def names(text: str) -> list[str]:
    """The `{names}` in a sentence."""
    return sorted(re.findall(r"\{(\w*)\}", text))


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated_with_the_same_parameters(domain, language):  # type: ignore[no-untyped-def]
    catalogue = tool.read(domain.path(language))
    for sentence, file in tool.sentences(domain).items():
        singular, *plural = [sentence] if isinstance(sentence, str) else sentence
        entry = catalogue.get(singular)
        assert entry is not None, (
            f"{file}: {singular!r} is not in {domain.path(language)}: run tools/update_catalogues.py"
        )
        assert not entry.fuzzy, singular
        said = [entry.string] if isinstance(entry.string, str) else list(entry.string)
        assert len(said) == (2 if plural else 1), singular
        assert all(text.strip() for text in said), f"{singular!r} is not translated"
        for text, original in zip(said, [singular, *plural], strict=True):
            assert names(text) == names(original), singular


@pytest.mark.parametrize("language", OTHERS)
def test_no_catalogue_keeps_what_is_no_longer_said(domain, language):  # type: ignore[no-untyped-def]
    catalogue = tool.read(domain.path(language))
    assert not catalogue.obsolete
    keys = {key if isinstance(key, str) else key[0] for key in tool.sentences(domain)}
    assert {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in catalogue if entry.id} == keys


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_catalogues_are_as_the_tool_writes_them(domain, language):  # type: ignore[no-untyped-def]
    path = domain.path(language)
    found = tool.sentences(domain) if language != "en" else {}
    text = tool.updated(found, tool.read(path), domain=domain.name, locale=tool.LANGUAGES[language])
    assert path.read_text(encoding="utf-8") == text


def test_english_says_plurals_by_its_own_rule() -> None:
    catalogue = tool.read(tool.ENGINE.path("en"))
    assert catalogue.num_plurals == 2
    assert not [entry for entry in catalogue if entry.id]


def test_sentences_are_found_in_code_and_in_templates() -> None:
    found = tool.sentences(tool.ENGINE)
    assert found["iteration"] == "src/coteja/checking/compare.py"
    assert found["What to do next"].startswith("templates/")
    assert ("{count} more point waits for a person.", "{count} more points wait for a person.") in found
