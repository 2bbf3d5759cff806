"""Master notebooks as `otter assign` takes them, written for these tests, and answers to them."""

from __future__ import annotations

from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def raw(source: str) -> NotebookNode:
    return new_raw_cell(source)


def text(source: str) -> NotebookNode:
    return new_markdown_cell(source)


def code(source: str, shows: str = "") -> NotebookNode:
    outputs = [new_output("execute_result", {"text/plain": shows}, execution_count=1)] if shows else []
    return new_code_cell(source, outputs=outputs)


def question(
    config: str, asks: str, *cells: NotebookNode, tests: tuple[NotebookNode, ...] = ()
) -> list[NotebookNode]:
    own = [raw("# BEGIN TESTS"), *tests, raw("# END TESTS")] if tests else []
    return [raw(f"# BEGIN QUESTION\n{config}"), text(asks), *cells, *own, raw("# END QUESTION")]


def solution(*cells: NotebookNode) -> list[NotebookNode]:
    return [raw("# BEGIN SOLUTION"), *cells, raw("# END SOLUTION")]


def notebook(*cells: NotebookNode, **metadata: Any) -> NotebookNode:
    return nbformat.from_dict(new_notebook(cells=list(cells), metadata={**PYTHON, **metadata}))


def waves() -> NotebookNode:
    """Doctests: thirds of a point, listed points, messages, all or nothing, a prompt, a written answer, given cells."""
    return notebook(
        raw("# ASSIGNMENT CONFIG\nname: waves\nexport_cell: false\n"),
        text("# Waves\n\nThree functions and a sentence."),
        code("import otter\ngrader = otter.Notebook()\n\nimport numpy as np\n\ngrid = np.linspace(0, 1, 5)"),
        *question(
            "name: q1",
            "**Question 1.** `square(x)` returns the square of its argument.",
            *solution(code("def square(x):\n    return x**2  # SOLUTION")),
            tests=(
                code("square(1) == 1", "True"),
                code("assert square(0) == 0\nfor n in range(3):\n    assert square(n) == n * n"),
                code("# HIDDEN\nsquare(-2.5) == 6.25", "True"),
            ),
        ),
        text("Between two questions."),
        code("step = grid[1] - grid[0]"),
        *question(
            "name: q 2\npoints: [2, 1.5]",
            "## Question 2: a wave\n\nA sine over `grid`, and its largest value.",
            *solution(
                code(
                    '# BEGIN SOLUTION NO PROMPT\nwave = np.sin(2 * np.pi * grid)\ntop = wave.max()\n# END SOLUTION\n""" # BEGIN PROMPT\n'
                    'wave = ...\ntop = ...\n""" # END PROMPT\ntop'
                )
            ),
            tests=(
                code(
                    '""" # BEGIN TEST CONFIG\nsuccess_message: One value for each point.\n""" # END TEST CONFIG\nwave.shape == grid.shape',
                    "True",
                ),
                code(
                    '""" # BEGIN TEST CONFIG\nhidden: true\nfailure_message: Mind the period.\n""" # END TEST CONFIG\nassert np.isclose(top, 1.0)'
                ),
            ),
        ),
        *question(
            "name: q3\npoints: 2\nall_or_nothing: true",
            "**Question 3.** `halve(values)` returns a new list, and leaves `values` alone.",
            *solution(
                code(
                    "def halve(values):\n    # BEGIN SOLUTION\n    return [value / 2 for value in values]\n    # END SOLUTION"
                )
            ),
            tests=(
                code("halve([2, 4])", "[1.0, 2.0]"),
                code("# HIDDEN\nkept = [2, 4]\n_ = halve(kept)\nkept", "[2, 4]"),
            ),
        ),
        *question(
            "name: q4\nmanual: true\npoints: 4",
            "**Question 4.** Why is a sampled sine not always the sine?",
            raw("# BEGIN PROMPT"),
            text("_Two sentences are enough._"),
            raw("# END PROMPT"),
            *solution(text("Fewer than two samples a period fit a slower wave as well.")),
        ),
    )


#: The code answers of three students, cell by cell; None: the cell as it was handed out.
WAVES: dict[str, list[str | None]] = {
    "right": [
        "def square(x):\n    return x * x",
        "wave = np.sin(2 * np.pi * grid)\ntop = max(wave)",
        "def halve(values):\n    return [v / 2 for v in values]",
    ],
    "wrong": [
        "def square(x):\n    return x * abs(x)",
        "wave = np.sin(np.pi * grid)\ntop = wave[1]",
        "def halve(values):\n    for i in range(len(values)):\n        values[i] /= 2\n    return values",
    ],
    "incomplete": ["def square(x):\n    return x ** 2", None, None],
}


def functions() -> NotebookNode:
    """Test functions (`ok_format: false`): they get the student's variables by name, and raise."""
    return notebook(
        raw("# ASSIGNMENT CONFIG\nexport_cell: false\ntests:\n    ok_format: false\n"),
        text("# Functions"),
        code("import numpy as np"),
        *question(
            "name: q1\npoints: 3",
            "**Question 1.** `mean(values)`.",
            *solution(code("def mean(values):\n    return sum(values) / len(values)  # SOLUTION")),
            tests=(
                code('def test_mean(mean):\n    assert mean([1, 3]) == 2, "two numbers"\n\ntest_mean(mean)'),
                code(
                    '""" # BEGIN TEST CONFIG\nhidden: true\npoints: 2\n""" # END TEST CONFIG\ndef test_all(env):\n'
                    '    assert env["mean"]([0, 0, 3]) == 1\n\ntest_all(globals())'
                ),
            ),
        ),
    )


FUNCTIONS: dict[str, list[str | None]] = {
    "half": ["def mean(values):\n    return sum(values) / 2"],
}


def fruit() -> NotebookNode:
    """The shape of otter's own tutorial: its config, pandas, a generator, a table, a plot and a text for a person."""
    return notebook(
        raw(
            "# ASSIGNMENT CONFIG\nrequirements: requirements.txt\nsolutions_pdf: true\nexport_cell:\n"
            '    instructions: "Two files, please."\n'
            "generate: \n    pdf: true\n    filtering: true\n    pagebreaks: true\n    zips: false"
        ),
        text("# Fruit"),
        code(
            "import pandas as pd\nimport numpy as np\n%matplotlib inline\nimport otter\ngrader = otter.Notebook()"
        ),
        *question(
            "name: q1",
            "**Question 1:** `cube` returns the third power of its argument.",
            *solution(code("def cube(x):\n    return x**3 # SOLUTION")),
            tests=(
                code("cube(1) == 1", "True"),
                code("cube(0) == 0", "True"),
                code("# HIDDEN\ncube(-1.5) == -3.375", "True"),
            ),
        ),
        *question(
            "name: q2",
            "**Question 2:** `triangles` yields the triangular numbers without end.",
            *solution(
                code(
                    "def triangles():\n    # BEGIN SOLUTION\n    n, total = 1, 1\n    while True:\n"
                    "        yield total\n        n += 1\n        total += n\n    # END SOLUTION"
                )
            ),
            tests=(
                code("t = triangles()\nassert next(t) == 1\nassert next(t) == 3"),
                code("# HIDDEN\nt = triangles()\nassert [next(t) for _ in range(5)] == [1, 3, 6, 10, 15]"),
            ),
        ),
        *question(
            "name: q3",
            "**Question 3:** Put this into `sold`, and the mean price by fruit, as a series, into `by_fruit`.\n\n"
            "| fruit | price |\n|-----|-----|\n| mango | 5 |\n| papaya | 9 |\n| mango | 6 |",
            *solution(
                code(
                    '# BEGIN SOLUTION NO PROMPT\nsold = pd.DataFrame({"fruit": ["mango", "papaya", "mango"], "price": [5, 9, 6]})\n'
                    'by_fruit = sold.groupby("fruit").mean()["price"]\n# END SOLUTION\n""" # BEGIN PROMPT\n'
                    'sold = ...\nby_fruit = ...\n""" # END PROMPT\nby_fruit'
                )
            ),
            tests=(
                code('len(sold["fruit"].unique()) == 2', "True"),
                code("assert type(by_fruit) == pd.Series"),
                code('# HIDDEN\nbool(np.isclose(by_fruit["mango"], 5.5))', "True"),
                code('# HIDDEN\nassert np.isclose(by_fruit["papaya"], 9)'),
            ),
        ),
        *question(
            "name: q4\nmanual: true",
            "**Question 4:** A bar plot of `by_fruit`.",
            *solution(code("by_fruit.plot.bar(); # SOLUTION")),
        ),
        *question(
            "name: q5\nmanual: true",
            "**Question 5:** Which would you buy, and why?",
            *solution(text("The mango: it costs less.")),
        ),
    )


_CUBE = "def cube(x):\n    return x * x * x"
_TRIANGLES = "def triangles():\n    n = 0\n    while True:\n        n += 1\n        yield n * (n + 1) // 2"
_SOLD = 'sold = pd.DataFrame([("mango", 5), ("papaya", 9), ("mango", 6)], columns=["fruit", "price"])\n'
_PLOT = "by_fruit.plot(kind='bar')"
FRUIT: dict[str, list[str | None]] = {
    "all": [_CUBE, _TRIANGLES, _SOLD + 'by_fruit = sold.groupby("fruit")["price"].mean()', _PLOT],
    "hidden": [
        "def cube(x):\n    return abs(x) ** 3",
        "def triangles():\n    yield 1\n    yield 3\n    yield 6",
        _SOLD + 'by_fruit = sold.groupby("fruit")["price"].max()',
        _PLOT,
    ],
    "frame": [_CUBE, None, _SOLD + 'by_fruit = sold.groupby("fruit").mean()', None],
}


def filled(released: NotebookNode, answers: list[str | None]) -> NotebookNode:
    """A notebook, ours or otter's, with the answers in its answer cells."""
    own = [
        cell
        for cell in released.cells
        if cell.cell_type == "code"
        and (
            cell.metadata.get("coteja", {}).get("kind") == "answer"
            or "otter_answer_cell" in cell.metadata.get("tags", [])
        )
    ]
    for cell, answer in zip(own, answers, strict=True):
        if answer is not None:
            cell.source = answer
    return released
