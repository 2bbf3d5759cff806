"""Written answers that say the same come together; those that only look alike do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coteja.grading.likeness import alike, said

LONG = "El costo se queda en ln 2 porque con pesos cero todas las neuronas ocultas calculan lo mismo"


def groups(*texts: str, share: float = 0.92) -> list[list[str]]:
    return alike(texts, lambda text: text, share=share)


@pytest.mark.parametrize(
    "other",
    [
        LONG.upper(),
        f"  {LONG}.\n",
        LONG.replace("porque con", "porque, con"),
        LONG.replace("calculan", "calculán"),
        LONG.replace("todas las neuronas", "las neuronas todas"),
        LONG.replace("calculan", "calcula"),
    ],
)
def test_the_same_words_are_together(other: str) -> None:
    assert groups(LONG, other) == [[LONG, other]]


@pytest.mark.parametrize(
    "other",
    [
        LONG.replace("se queda", "no se queda"),
        LONG.replace("ln 2", "ln 3"),
        "El costo baja porque la tasa de aprendizaje es pequeña y los pesos se actualizan cada vez",
        "",
    ],
)
def test_a_negation_a_number_or_other_words_are_not(other: str) -> None:
    assert len(groups(LONG, other)) == 2


def test_short_answers_are_together_only_when_they_are_equal() -> None:
    assert groups("La tasa 0.1", "la tasa 0.1.", "La tasa 0.5") == [
        ["La tasa 0.1", "la tasa 0.1."],
        ["La tasa 0.5"],
    ]


def test_signs_that_calculate_count() -> None:
    assert len(groups("a + b", "a - b")) == 2


def test_the_largest_group_comes_first_and_its_commonest_wording_stands_for_it() -> None:
    found = groups("otra cosa", LONG + " siempre", LONG, LONG)
    assert found == [[LONG, LONG, LONG + " siempre"], ["otra cosa"]]


@given(st.lists(st.text(max_size=80), max_size=12))
def test_every_answer_is_in_exactly_one_group(texts: list[str]) -> None:
    numbered = list(enumerate(texts))
    found = alike(numbered, lambda item: item[1], share=0.92)
    assert sorted(item for group in found for item in group) == numbered
    assert [len(group) for group in found] == sorted((len(group) for group in found), reverse=True)


@given(st.text(max_size=80))
def test_case_and_space_do_not_say_anything(text: str) -> None:
    assert said(f"  {text.lower()}\n") == said(text.lower())
    assert said(text) == said(text.casefold())
