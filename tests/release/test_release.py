"""What students receive: the same bytes every time, whole in both languages, and nothing that they must not see."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from coteja.checking.api import Check
from coteja.checking.engine import checks_of
from coteja.checking.public import load_public, public_source, sentences
from coteja.course.load import find_course
from coteja.errors import CourseError
from coteja.grading.lab import load_lab
from coteja.grading.releasing import release, released_bytes
from coteja.model.codec import from_json

ROOT = Path(__file__).parents[2]
LAB = "two-layer-network"
LANGUAGES = ("es", "en")
#: https://github.com/jupyter/nbgrader/blob/main/nbgrader/nbgraderformat/v3.json
NBGRADER_KEYS = {"schema_version", "grade", "locked", "solution", "task", "grade_id", "points"}


@pytest.fixture(scope="module")
def lab():
    """The real lab."""
    return load_lab(find_course(ROOT), LAB)


@pytest.fixture(scope="module")
def released(lab):
    """The students' notebook in each language, as bytes."""
    return {language: released_bytes(lab, language) for language in LANGUAGES}


@pytest.fixture(params=LANGUAGES)
def language(request):
    """Each language in turn."""
    return request.param


@pytest.fixture
def notebook(released, language):
    """The students' notebook, read by nbformat."""
    return nbformat.reads(released[language].decode(), as_version=4)


def texts(tree: Any) -> list[str]:
    """Every piece of text in a JSON tree, keys included."""
    if isinstance(tree, str):
        return [tree]
    if isinstance(tree, dict):
        return [text for pair in tree.items() for part in pair for text in texts(part)]
    return [text for item in tree for text in texts(item)] if isinstance(tree, list) else []


@pytest.fixture
def seen(released, language):
    """All that a student can find in the file, as one text, each line's spaces as one (so that no layout hides it)."""
    return squeezed("\n".join(texts(json.loads(released[language]))))


def squeezed(text: str) -> str:
    """Quotes and spaces do not count: ast.unparse writes them its own way."""
    return re.sub(r"\s+", "", text).replace("'", '"')


def telling_lines(source: str) -> set[str]:
    """The lines of a source that nobody would write by chance, without their layout."""
    lines = {squeezed(line.partition("  #")[0]) for line in source.splitlines()}
    return {
        line
        for line in lines
        if len(line) >= 22 and not line.startswith(("#", "import", "from", "def", '"""'))
    }


# ------------------------------------------------------------------------------------- the same every time


def test_two_releases_give_the_same_bytes(released, language):
    again = load_lab(find_course(ROOT), LAB)
    assert released_bytes(again, language) == released[language]


def test_release_writes_one_file_a_language_with_these_bytes(lab, released, tmp_path):
    paths = release(lab, list(LANGUAGES), tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == [
        f"{lang}/{LAB}.ipynb" for lang in LANGUAGES
    ]
    assert [path.read_bytes() for path in paths] == [released[lang] for lang in LANGUAGES]


# -------------------------------------------------------------------------------------- nothing hidden in it


def solution_lines() -> set[str]:
    """The lines between the solutions' markers in the author's notebook."""
    source = (ROOT / "assignments" / LAB / "notebook.py").read_text(encoding="utf-8")
    inside = r"### BEGIN SOLUTION\n(.*?)### END SOLUTION"
    told = squeezed(re.sub(inside, "", source, flags=re.S))  # what the lab's own text gives away is no secret
    lines = telling_lines("\n".join(re.findall(inside, source, re.S)))
    return {line for line in lines if line not in told}


def test_no_line_of_a_solution_is_released(seen):
    lines = solution_lines()
    assert len(lines) > 20
    assert [line for line in sorted(lines) if line in seen] == []
    assert "SOLUTION" not in seen


def test_the_same_lines_are_found_in_the_author_s_own_notebook(lab):
    solved = squeezed("\n".join(texts(json.loads(released_bytes(lab, "en", solutions=True)))))
    assert [line for line in sorted(solution_lines()) if line not in solved] == []


def test_every_answer_cell_has_a_placeholder_that_says_so(lab, notebook, language):
    answers = [cell.source for cell in notebook.cells if cell.metadata.coteja.kind == "answer"]
    here = lab.translator(language).text("YOUR CODE HERE")
    assert len(answers) > 8
    for source in answers:
        assert f"# {here}\n" in source
        assert "raise NotImplementedError()" in source
        ast.parse(source)


def grader_functions() -> dict[str, ast.FunctionDef]:
    """Every function of the lab's grader by name."""
    tree = ast.parse((ROOT / "graders" / "two_layer_network.py").read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def body_lines(node: ast.FunctionDef) -> set[str]:
    """A function's lines as ast.unparse writes them, which is how public checks travel."""
    return telling_lines("\n".join(ast.unparse(statement) for statement in node.body))


def test_no_hidden_check_is_released_by_name_or_by_source(lab, released, language, seen):
    hidden = [check for check in lab.checks if not check.public]
    functions = grader_functions()
    roles = set(lab.assignment.artefacts())
    words = set(re.findall(r"\w+", "\n".join(texts(json.loads(released[language])))))
    travelling = {line for c in lab.checks if c.public for line in body_lines(functions[c.name])}
    assert len(hidden) > 8
    for check in hidden:
        assert f"def{check.name}(" not in seen
        # A check may have the name of the variable that it looks at, or one that is an ordinary word.
        if check.name not in roles and "_" in check.name:
            assert check.name not in words
        told = body_lines(functions[check.name]) - travelling
        assert [line for line in sorted(told) if line in seen] == []


def test_the_titles_of_hidden_checks_are_not_released(lab, seen, language):
    say = lab.translator(language)
    public = {say.say(check.title) for check in lab.checks if check.public}
    for check in lab.checks:
        if not check.public and say.say(check.title) not in public:
            assert squeezed(say.say(check.title)) not in seen
            assert squeezed(check.title.id) not in seen


def test_no_hidden_expected_value_is_released(lab, released, language, seen):
    carried = json.loads(released[language])["metadata"]["coteja"]["public"]
    public = {role for role, artefact in lab.assignment.artefacts().items() if artefact.public}
    assert set(carried["expected"]) == public
    stored = json.loads((ROOT / "reference" / "expected" / f"{LAB}.json").read_text(encoding="utf-8"))
    values = [item for role, item in stored["artefacts"].items() if role not in public]
    values += [item for roles in stored["mistakes"].values() for item in roles.values()]
    # Only what is a curve: an array of zeros may stand anywhere.
    buffers = {raw for item in values for raw in item["buffers"] if len(raw) > 1000}
    assert len(buffers) > 10
    for raw in buffers:
        # Not even a part of it: a piece of the middle, cut where base64 begins anew.
        middle = len(raw) // 8 * 4
        assert len(set(raw[middle : middle + 44])) > 5
        assert raw[middle : middle + 44] not in seen
    for printed in ("0.6954", "0.6937", "0.3551", "0.3469", "0.1034", "1.430116"):
        assert printed not in seen


#: What the lab's own text says in words, so a public check may say it as well.
SHAPES = squeezed("""shapes = {"W1": (n_h, n_x), "b1": (n_h, 1), "W2": (n_y, n_h), "b2": (n_y, 1)}""")


def test_no_line_of_the_reference_is_released(seen):
    for name in ("two_layer_network", "two_layer_network_mistakes"):
        tree = ast.parse((ROOT / "reference" / f"{name}.py").read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        code = {line for node in functions for line in body_lines(node) if '"""' not in line}
        assert len(code) > 15
        assert [line for line in sorted(code - {SHAPES}) if line in seen] == []


def drawn_arrays(tree: Any) -> set[bytes]:
    """The arrays of random numbers in a probe's cases."""
    if isinstance(tree, np.ndarray):
        return {tree.tobytes()} if tree.dtype.kind == "f" and not np.isin(tree, (0, 1)).all() else set()
    parts = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list | tuple) else ()
    return {raw for part in parts for raw in drawn_arrays(part)}


def test_public_probes_have_inputs_of_their_own_and_say_nothing_of_what_comes_out(lab, released, language):
    carried = json.loads(released[language])["metadata"]["coteja"]["public"]["probes"]
    declared = {probe.name: probe.public for q in lab.assignment.questions for probe in q.probes}
    assert set(carried) == {name for name, public in declared.items() if public}
    cases = {name: from_json(stored) for name, stored in carried.items()}
    for drawn in cases.values():
        for function, args in (step for case in drawn for step in case):
            assert (type(function), type(args)) == (str, list)
    own = drawn_arrays(cases)
    assert len(own) > 50
    for seed in range(3):
        assert not own & drawn_arrays(lab.draw(seed))


# ---------------------------------------------------------------------------------------- a good notebook


def test_it_is_valid_and_says_its_language_and_assignment(notebook, language):
    nbformat.validate(notebook)
    ours = notebook.metadata.coteja
    assert (ours.schema, ours.assignment, ours.language) == ("coteja-notebook/1", LAB, language)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)


def test_it_carries_no_output_and_no_count(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)


def test_ids_are_unique_in_each_notebook_and_differ_between_languages(released):
    cells = {lang: json.loads(released[lang])["cells"] for lang in LANGUAGES}
    ids = {lang: [cell["id"] for cell in cells[lang]] for lang in LANGUAGES}
    for lang in LANGUAGES:
        assert len(set(ids[lang])) == len(ids[lang])
        ours = [cell["metadata"]["coteja"]["cell"] for cell in cells[lang]]
        assert len(set(ours)) == len(ours)
    assert not set(ids["es"]) & set(ids["en"])


def test_both_languages_have_the_same_cells_in_the_same_order(released):
    def shape(lang):
        return [
            (cell["cell_type"], cell["metadata"]["coteja"], cell["metadata"].get("nbgrader"))
            for cell in json.loads(released[lang])["cells"]
        ]

    assert shape("es") == shape("en")


def test_the_languages_differ_in_every_text(released):
    for es, en in zip(*(json.loads(released[lang])["cells"] for lang in LANGUAGES), strict=True):
        if es["cell_type"] == "markdown":
            assert es["source"] != en["source"]


def test_the_first_cells_say_how_to_check_one_s_own_work(lab, notebook):
    first, second = notebook.cells[:2]
    assert [cell.metadata.coteja.cell for cell in (first, second)] == ["how-to-check", "load-coteja"]
    for question in lab.assignment.questions:
        assert f'`coteja.check("{question.id}")`' in first.source
    assert "import coteja" in second.source
    assert lab.course.info.install in second.source


def test_each_question_ends_its_answers_with_a_check_of_its_own(lab, notebook):
    kinds = [(cell.metadata.coteja.get("question"), cell.metadata.coteja.kind) for cell in notebook.cells]
    for question in lab.assignment.questions:
        own = [kind for name, kind in kinds if name == question.id and kind in ("answer", "check", "written")]
        assert own.count("check") == own.count("written") == 1
        assert own[-2:] == ["check", "written"]
        (cell,) = [
            c
            for c in notebook.cells
            if c.metadata.coteja.kind == "check" and c.metadata.coteja.question == question.id
        ]
        assert cell.source == f'coteja.check("{question.id}")'


def test_nbgrader_s_fields_follow_its_schema_and_rules(lab, notebook):
    ids = []
    for cell in notebook.cells:
        if "nbgrader" not in cell.metadata:
            assert cell.cell_type == "markdown"
            continue
        fields = cell.metadata.nbgrader
        assert fields.keys() <= NBGRADER_KEYS
        assert fields.schema_version == 3
        assert all(type(fields[key]) is bool for key in ("grade", "locked", "solution", "task"))
        assert fields.grade or fields.solution or fields.locked
        assert re.fullmatch(r"[a-zA-Z0-9_\-]+", fields.grade_id)
        ids.append(fields.grade_id)
        assert ("points" in fields) == fields.grade
        assert fields.get("points", 0) >= 0
        assert not fields.task
        if cell.cell_type == "markdown":
            assert fields.grade == fields.solution, "nbgrader: a Markdown cell is both or neither"
        assert not (fields.locked and fields.solution)
    assert len(set(ids)) == len(ids)


def test_nbgrader_s_points_are_those_of_the_assignment(lab, notebook):
    points = {
        c.metadata.nbgrader.grade_id: c.metadata.nbgrader.get("points")
        for c in notebook.cells
        if "nbgrader" in c.metadata
    }
    for question in lab.assignment.questions:
        assert points[f"{question.id}-check"] == question.points
        assert points[f"{question.id}-written"] == question.written.points
    assert sum(value or 0 for value in points.values()) == 100


def test_given_cells_are_locked_and_answers_are_not(notebook):
    for cell in notebook.cells:
        locked = cell.metadata.coteja.kind in ("given", "check")
        assert (cell.metadata.get("editable") is False) == locked
        assert (cell.metadata.get("deletable") is False) == locked


# -------------------------------------------------------------------------------------- public checks' source


def test_the_released_checks_are_the_public_ones_and_run_by_themselves(lab, released, language):
    carried = json.loads(released[language])["metadata"]["coteja"]["public"]
    found = checks_of(load_public(carried["checks"]))
    assert [c.name for c in found] == [c.name for c in lab.checks if c.public]
    assert all(isinstance(c, Check) and c.public for c in found)


def test_public_sentences_travel_with_their_translation_and_no_others_do(lab, released):
    es, en = (json.loads(released[lang])["metadata"]["coteja"]["public"] for lang in LANGUAGES)
    assert en["messages"] == {}
    assert set(es["messages"]) <= set(sentences(es["checks"]))
    assert len(es["messages"]) > 20


GRADER = '''"""About the lab."""
from __future__ import annotations

import numpy as np

from coteja.checking import Verdict, _, check, failed, passed

LIMIT: float = 0.5
USED, ALSO = _("used"), _("also")
ONLY_HIDDEN = "the answer is 42"


class Table:
    size = LIMIT


def deep(x):
    """Says how."""
    return x + Table.size


def helper(x):
    return deep(x)


def secret(x):
    return ONLY_HIDDEN


@check("q1", points=1, title=_("seen"), public=True)
def seen(work, expected):
    """What nobody need read."""
    # nor this comment
    return passed(USED) if helper(1) else failed(_("no"))


@check("q1", points=1, title=_("unseen"))
def unseen(work, expected):
    return passed(_("the truth")) if secret(1) else failed(ALSO)


@check("q1", points=1, title=_("unseen, said"), public=False)
def unseen_too(work, expected):
    return helper(secret(2))
'''


def names_in(source: str) -> set[str]:
    """What a module defines at its top."""
    scope = load_public(source)
    return {name for name, value in scope.items() if name in GRADER and not hasattr(value, "__path__")}


def test_hidden_checks_and_what_only_they_use_do_not_travel():
    source = public_source(GRADER)
    for gone in (
        "unseen",
        "secret",
        "ONLY_HIDDEN",
        "42",
        "the truth",
        "nobody need read",
        "Says how",
        "comment",
        "About",
    ):
        assert gone not in source


def test_what_a_public_check_uses_travels_also_through_others():
    scope = load_public(public_source(GRADER))
    assert {"seen", "helper", "deep", "Table", "LIMIT", "USED"} <= scope.keys()
    assert scope["seen"](None, None).fraction == 1.0
    assert [c.name for c in checks_of(scope)] == ["seen"]


def test_the_names_that_travel_keep_their_order_and_cutting_twice_changes_nothing():
    source = public_source(GRADER)
    assert (
        source.index("LIMIT")
        < source.index("class Table")
        < source.index("def deep")
        < source.index("def seen")
    )
    assert public_source(source) == source == public_source(GRADER)


def test_only_a_literal_true_makes_a_check_public():
    for odd in ("public=bool(1)", "public=1", "public=None"):
        assert "def seen" not in public_source(GRADER.replace("public=True", odd))


def test_a_hidden_check_named_by_a_public_one_is_not_told():
    grader = GRADER.replace("public=True", 'public=True, proved_by="unseen_too", rests_on=["unseen"]')
    assert "unseen" not in public_source(grader)


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("import tensorflow", "'tensorflow'"),
        ("import numpy.linalg, os", "'numpy.linalg'"),
        ("from reference import two_layer_network", "'reference'"),
        ("from coteja.grading.lab import load_lab", "'coteja.grading.lab'"),
        ("try:\n    import torch\nexcept ImportError:\n    pass", "'torch'"),
        ("def late():\n    import scipy", "'scipy'"),
    ],
)
def test_foreign_imports_are_refused_with_file_line_and_what_is_allowed(statement, name):
    with pytest.raises(CourseError) as caught:
        public_source(f"import numpy as np\n{statement}\n", "graders/lab.py")
    said = str(caught.value)
    assert re.match(r"graders/lab\.py, line [23]: imports ", said)
    assert name in said
    assert "coteja.checking, numpy" in said


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("from . import two_layer_network", "write `from .module import name`"),
        ("from .lab_words import word as w", "write `from .module import name`"),
        ("from ..reference import solution", "write `from .module import name`"),
        ("from .numpy import array", "imports '.numpy'"),
    ],
)
def test_only_the_graders_own_modules_are_put_in_its_place(statement, said):
    with pytest.raises(CourseError, match=re.escape(said)):
        public_source(f"{statement}\n", "graders/lab.py", {"lab_words": "word = 1"})


def test_what_a_public_check_takes_from_a_neighbour_travels_and_nothing_else_of_it():
    neighbours = {"lab_words": "import math\nWORD = math.pi\nSECRET = 7\n", "lab_unused": "OTHER = 8"}
    grader = "from .lab_words import WORD, SECRET\n" + GRADER.replace(
        "def seen(work, expected):", "def seen(work, expected):\n    WORD", 1
    )
    source = public_source(grader, "graders/lab.py", neighbours)
    assert "WORD = math.pi" in source
    assert "SECRET" not in source
    assert "OTHER" not in source
    assert "from ." not in source


def test_sentences_are_found_in_order_and_each_once():
    assert sentences('_("b"); f(_("a"), _("b")); _(name); other("c")') == ["b", "a"]
