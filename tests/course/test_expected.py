"""The file of expected artefacts: the same data give the same bytes, and they read back as they were."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from coteja.course.expected import ExpectedData, dump_expected, read_expected
from coteja.errors import CourseError

STORED = Path(__file__).parents[2] / "reference" / "expected" / "two-layer-network.json"


@pytest.fixture
def data():
    """An artefact of each shape, and a mistake."""
    return ExpectedData(
        artefacts={
            "costs": np.array([1.0, np.nan, np.inf]),
            "rates": {0.5: np.zeros(2), 0.1: np.ones(2)},
            "n": 3,
        },
        spread={"costs": 1e-7, "rates": 0.25, "n": 0.0},
        mistakes={"never-updated": {"costs": np.ones(3)}},
    )


def test_what_was_written_reads_back(tmp_path, data):
    path = tmp_path / "lab.json"
    path.write_text(dump_expected("lab", data), encoding="utf-8")
    found = read_expected(path)
    np.testing.assert_equal(dict(found.artefacts), dict(data.artefacts))
    np.testing.assert_equal(found.mistakes["never-updated"]["costs"], np.ones(3))
    assert found.spread == data.spread
    assert list(found.artefacts["rates"]) == [0.5, 0.1]


def test_the_same_data_give_the_same_bytes_in_whatever_order(data):
    turned = ExpectedData(dict(reversed(data.artefacts.items())), data.spread, data.mistakes)
    assert dump_expected("lab", data) == dump_expected("lab", turned)


def test_the_committed_file_is_as_it_would_be_written():
    assert dump_expected(STORED.stem, read_expected(STORED)) == STORED.read_text(encoding="utf-8")


def test_a_missing_file_says_how_to_make_it(tmp_path):
    with pytest.raises(
        CourseError, match=r"lab\.json: the expected artefacts are missing.*coteja calibrate lab\."
    ):
        read_expected(tmp_path / "lab.json")


def damaged():
    """Files that are not ours, by what is wrong with them."""
    item = {"spread": 0.0, "value": {"t": "none"}, "buffers": []}
    good = {"schema": "coteja-expected/1", "artefacts": {"n": item}, "mistakes": {}}
    return {
        "other schema": {**good, "schema": "coteja-expected/0"},
        "no schema": {"artefacts": {}, "mistakes": {}},
        "no object": [1],
        "artefacts are a list": {**good, "artefacts": [item]},
        "no mistakes": {"schema": "coteja-expected/1", "artefacts": {}},
        "mistakes are a list": {**good, "mistakes": [{}]},
        "no spread": {**good, "artefacts": {"n": {"value": {"t": "none"}, "buffers": []}}},
        "a bad value": {**good, "artefacts": {"n": {**item, "value": {"t": "pickle"}}}},
    }


@pytest.mark.parametrize("what", damaged())
def test_a_file_that_is_not_ours_is_refused_and_says_how_to_make_it(tmp_path, what):
    path = tmp_path / "lab.json"
    path.write_text(json.dumps(damaged()[what]), encoding="utf-8")
    with pytest.raises(CourseError, match=r"lab\.json: .*coteja calibrate"):
        read_expected(path)


def test_a_file_that_is_no_json_is_refused(tmp_path):
    path = tmp_path / "lab.json"
    path.write_text("<<<<<<< HEAD", encoding="utf-8")
    with pytest.raises(CourseError, match=r"lab\.json: not a file of expected artefacts"):
        read_expected(path)
