"""One notebook.py for every language: read and held against the assignment, renamed by tokens, solutions removed."""

from __future__ import annotations

import ast
import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coteja.course.source import read_source, remove_solutions, rename, render_cells
from coteja.errors import CourseError

LAB = """# %% [markdown] lang="es" question="q1"
# Hola

# %% [markdown] lang="en" question="q1"
# Hello

# %%
# es: Los datos, en español
# en: The data, in English
# both
costs = [1.0]  # costs

# %% answer="q1-train" tags=["slow"]
def f(costs):
    total = 0
    ### BEGIN SOLUTION
    for cost in costs:
        total += cost  # the secret

    ### END SOLUTION
    return total

# %% [markdown] lang="es" written=true
# Escribe

# %% [markdown] lang="en" written=true
# Write

# %% question="q2"
print(f(costs), "costs")
"""


@pytest.fixture
def read(tmp_path, assignment):
    """Read a notebook.py with that text, `old` replaced by `new`."""

    def read_text(text=LAB, old="", new=""):
        assert old in text
        path = tmp_path / "notebook.py"
        path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
        return read_source(path, assignment)

    return read_text


@pytest.fixture
def render(read, assignment):
    """The cells in a language."""

    def render_text(language, *, solutions=False, text=LAB):
        return render_cells(read(text), assignment, language, stub="YOUR CODE HERE", solutions=solutions)

    return render_text


# ------------------------------------------------------------------------------------------- reading


def test_cells_carry_on_their_question_until_another_is_named(read):
    assert [cell.question for cell in read()] == [*["q1"] * 6, "q2"]
    assert [cell.tags for cell in read() if cell.answer] == [("slow",)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('tags=["slow"]', "slwo=true", ["cell 4", "unknown key 'slwo'", "answer", "written"]),
        ('question="q2"', 'question="q7"', ["cell 7", "'q7'", "q1, q2"]),
        ('[markdown] lang="es" written', "[markdown] written", ["cell 5", "language", "None"]),
        ('[markdown] lang="en" question', '[markdown] lang="fr" question', ["cell 2", "'fr'"]),
        ('# %% question="q2"', '# %% question="q2" lang="fr"', ["cell 7", "'fr'"]),
        ("    ### END SOLUTION\n", "", ["cell 4", "1 x '### BEGIN SOLUTION'", "0 x '### END SOLUTION'"]),
        ("    ### BEGIN SOLUTION\n", "", ["cell 4", "0 x '### BEGIN SOLUTION'", "1 x '### END SOLUTION'"]),
        (' answer="q1-train"', "", ["cell 4", "solution", "answer="]),
        ('# %% [markdown] lang="en" written=true\n# Write\n', "", ["es: 2", "en: 1"]),
        ('# %% question="q2"', '# %% question="q2" answer="q1-train"', ["two answer cells", "'q1-train'"]),
        ('[markdown] lang="es" question="q1"', '[markdown] lang="es" answer="a"', ["cell 1", "must be code"]),
    ],
)
def test_what_is_wrong_is_said_with_file_cell_expected_and_found(read, old, new, said):
    with pytest.raises(CourseError, match=r"notebook\.py") as caught:
        read(old=old, new=new)
    for part in said:
        assert part in str(caught.value)


def test_a_written_answer_needs_a_question_that_has_one(read):
    with pytest.raises(CourseError, match="written"):
        read('# %% [markdown] lang="es" question="q2" written=true\n# A\n\n# %% [markdown] lang="en"\n# B\n')


@pytest.mark.parametrize(
    "body",
    [
        "### END SOLUTION\nsecret = 1\n### BEGIN SOLUTION\n",
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION\nsecret = 1\n### END SOLUTION\n",
    ],
    ids=["end before begin", "one inside another"],
)
def test_solutions_that_would_leave_a_part_of_them_behind_are_refused(read, body):
    with pytest.raises(CourseError, match=r"cell 1 .*solution"):
        read(f'# %% question="q1" answer="a"\n{body}')


def test_a_cell_that_is_no_python_is_refused_with_its_line_and_magics_are_left_to_ipython(read):
    with pytest.raises(CourseError, match=r"notebook\.py: cell 1, line 2 is not valid Python"):
        read("# %%\nx = 1\ny = (\n")
    assert len(read("# %%\n# %matplotlib inline\nx = 1\n")) == 1


def test_a_missing_source_is_named(tmp_path, assignment):
    with pytest.raises(CourseError, match=r"notebook\.py: the lab's source is missing"):
        read_source(tmp_path / "notebook.py", assignment)


# ------------------------------------------------------------------------------------------ rendering


def test_both_languages_have_the_same_cells(render):
    es, en = render("es"), render("en")
    assert [(c.cell_id, c.kind, c.question) for c in es] == [(c.cell_id, c.kind, c.question) for c in en]
    assert [c.kind for c in es] == ["text", "given", "answer", "written", "given"]
    assert [c.source for c in es if c.cell_type == "markdown"] == ["Hola", "Escribe"]
    assert [c.source for c in en if c.cell_type == "markdown"] == ["Hello", "Write"]


def test_cell_ids_are_unique_even_where_code_is_in_one_language_only(render):
    text = "# %%\na = 1\n\n# %% lang=\"es\"\nb = 'hola'\n\n# %% lang=\"en\"\nb = 'hello'\n\n# %%\nc = 1\n"
    ids = [[cell.cell_id for cell in render(language, text=text)] for language in ("es", "en")]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 3


def test_comments_go_to_their_own_language_and_the_rest_to_both(render):
    es, en = render("es")[1].source, render("en")[1].source
    assert es == "# Los datos, en español\n# both\ncostos = [1.0]  # costs"
    assert en == "# The data, in English\n# both\ncosts = [1.0]  # costs"


def test_a_variable_has_its_name_in_each_language_and_text_keeps_its_own(render):
    assert render("es")[-1].source == 'print(f(costos), "costs")'
    assert render("en")[-1].source == 'print(f(costs), "costs")'


def test_an_answer_begins_with_its_marker_and_a_written_one_has_its_points(render):
    cells = render("en")
    assert cells[2].source.splitlines()[0] == "# [q1-train]"
    assert cells[3].points == 2


@pytest.mark.parametrize("language", ["es", "en"])
def test_without_solutions_none_is_left_and_with_them_no_marker_is(render, language):
    student, author = render(language)[2].source, render(language, solutions=True)[2].source
    assert "secret" not in student
    assert "secret" in author
    for source in (student, author):
        assert "SOLUTION" not in source
        ast.parse(source)


# ------------------------------------------------------------------------------------- remove_solutions


def test_a_solution_gives_way_to_a_stub_indented_as_it_was():
    source = "def f(x):\n    y = 1\n    ### BEGIN SOLUTION\n    y = 2\n\n    z = 3\n    ### END SOLUTION\n    return y"
    assert remove_solutions(source, "HERE") == (
        "def f(x):\n    y = 1\n    # HERE\n    raise NotImplementedError()\n    return y"
    )


blocks = st.lists(
    st.sampled_from(["x = 1", "", "# note", "if x:\n    x = 2", "for i in []:\n    pass"]), max_size=4
)


@given(before=blocks, secret=blocks, after=blocks, depth=st.integers(0, 3), spaces=st.sampled_from([2, 4]))
def test_what_is_left_compiles_at_any_depth_and_keeps_what_stood_around(before, secret, after, depth, spaces):
    def indented(lines, level):
        text = "\n".join(lines)
        return [" " * spaces * level + line if line else "" for line in text.splitlines()]

    heads = [" " * spaces * level + f"def f{level}():" for level in range(depth)]
    body = [*before, "### BEGIN SOLUTION", "answer = 42", *secret, "### END SOLUTION", *after]
    source = "\n".join([*heads, *indented(body, depth)])
    left = remove_solutions(source, "HERE")
    ast.parse(left)
    assert "answer" not in left
    stub = ("# HERE", "raise NotImplementedError()")
    kept = [line for line in left.splitlines() if line and line.strip() not in stub]
    assert kept == [line for line in (*heads, *indented(before, depth), *indented(after, depth)) if line]


def test_every_solution_of_a_cell_is_removed():
    one = "def {0}():\n    ### BEGIN SOLUTION\n    return {0}_secret\n    ### END SOLUTION\n"
    left = remove_solutions(one.format("a") + one.format("b"), "HERE")
    assert left.count("raise NotImplementedError()") == 2
    assert "secret" not in left


# --------------------------------------------------------------------------------------------- rename

NAMES = {"costs": "costos", "W": "pesos"}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("costs = costs + 1", "costos = costos + 1"),
        ("f(costs=costs)", "f(costos=costos)"),
        ("print('costs', \"costs\")", "print('costs', \"costs\")"),
        ('"""\ncosts\n"""\ncosts', '"""\ncosts\n"""\ncostos'),
        ("costs  # costs", "costos  # costs"),
        ("run.costs", "run.costs"),
        ("run . costs", "run . costs"),
        ("(run.\n  costs)", "(run.\n  costs)"),
        ("(run  # costs\n .costs)", "(run  # costs\n .costs)"),
        ("(run.  # costs\n costs)", "(run.  # costs\n costs)"),
        ("costs.run", "costos.run"),
        ("costs_of = all_costs", "costs_of = all_costs"),
        ("costs, W = W, costs; W", "costos, pesos = pesos, costos; pesos"),
        ("ñ = costs; é = costs", "ñ = costos; é = costos"),
        ("x[...] = costs", "x[...] = costos"),
        ("if costs:\n\tcosts", "if costos:\n\tcostos"),
        ("a = 1\r\ncosts\r\n", "a = 1\r\ncostos\r\n"),
        ("s = 'a\u2028b\x85'  # \x0c\ncosts", "s = 'a\u2028b\x85'  # \x0c\ncostos"),
    ],
)
def test_whole_tokens_are_renamed_and_nothing_else(source, wanted):
    assert rename(source, NAMES) == wanted


def test_names_that_swap_are_swapped_at_once():
    assert rename("a, b = b, a", {"a": "b", "b": "a"}) == "b, a = a, b"


def test_a_cell_that_is_no_python_stays_as_it_is():
    assert rename("%%bash\necho 'costs\n", NAMES) == "%%bash\necho 'costs\n"


identifiers = st.text("abxyzñ_W", min_size=1, max_size=4).filter(lambda s: not keyword.iskeyword(s))
expressions = st.recursive(
    st.sampled_from(["costs", "W", "1.5", "'costs'", "x", "[]"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: f"({p[0]} + {p[1]})"),
        inner.map(lambda e: f"f({e}, k={e})"),
        inner.map(lambda e: f"({e}).costs"),
        inner.map(lambda e: f"[{e} for costs in W]"),
        inner.map(lambda e: f"(lambda costs: {e})"),
    ),
    max_leaves=8,
)
programs = st.lists(
    st.one_of(
        expressions,
        expressions.map(lambda e: f"costs = {e}  # costs, W"),
        expressions.map(lambda e: f"def g(costs, *W):\n    '''costs'''\n    return {e}"),
    ),
    min_size=1,
    max_size=4,
).map("\n".join)


class Renamed(ast.NodeTransformer):
    """The same renaming on the syntax tree: an independent way to the same program."""

    def __init__(self, names):
        self.names = names

    def visit_Name(self, node):
        return ast.Name(self.names.get(node.id, node.id), node.ctx)

    def visit_arg(self, node):
        return ast.arg(self.names.get(node.arg, node.arg), node.annotation)


@given(source=programs, costs=identifiers, w=identifiers)
def test_renaming_gives_the_program_that_renaming_its_tree_gives(source, costs, w):
    if costs == w:
        w += "_"
    names = {"costs": costs, "W": w}
    found = ast.parse(rename(source, names))
    assert ast.dump(found) == ast.dump(Renamed(names).visit(ast.parse(source)))


def test_names_in_the_fields_of_an_f_string_are_renamed_alike_on_every_python() -> None:
    code = """x = f"costs {costs[0]:.3f} {{costs}} {d['costs']} {o.costs}"\ny = f'''{costs}\n{costs!r:>{costs}}'''\n"""
    renamed = rename(code, {"costs": "costos"})
    assert renamed == (
        """x = f"costs {costos[0]:.3f} {{costs}} {d['costs']} {o.costs}"\ny = f'''{costos}\n{costos!r:>{costos}}'''\n"""
    )
