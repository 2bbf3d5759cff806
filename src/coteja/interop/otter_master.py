"""Reads an `otter assign` master notebook with otter's own reader: cells, questions, tests, and what has no place here."""

from __future__ import annotations

import doctest
import re
import warnings
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any, Literal

from nbformat import NotebookNode

from coteja.errors import CourseError, MachineError
from coteja.interop.imported import read_foreign

try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of otter's own dependencies, to whoever imports them
        import yaml
        from otter.assign import blocks, solutions, utils
        from otter.assign.assignment import Assignment
        from otter.assign.blocks import BlockType
        from otter.assign.notebook_transformer import NotebookTransformer
        from otter.assign.question_config import QuestionConfig
        from otter.assign.tests_manager import AssignmentTestsManager
        from otter.test_files.abstract_test import TestFile
except ModuleNotFoundError as missing:
    raise MachineError(
        f"Reading otter-grader's notebooks needs otter-grader itself ({missing.name} is not installed). "
        'Install it: pip install "coteja[otter]".'
    ) from None

#: What only otter's own set-up needs: the import, the grader, and its calls.
_OTTER_LINE = re.compile(
    r"^\s*(import otter\b|from otter\b|\w+\s*=\s*otter\.Notebook\(|"
    r"grader\.(check|check_all|export|to_pdf|run_plugin|add_plugin_files)\()"
)
_PROMPT = re.compile(r"^\s*(\"\"\"|''')?\s*# (BEGIN|END) PROMPT\s*$")
_MARK = re.compile(r"\s*# ?SOLUTION( NO PROMPT)?\s*$")
_BLOCK = re.compile(r"^\s*# (BEGIN|END) SOLUTION( NO PROMPT)?\s*$")

CellKind = Literal["text", "given", "answer", "written"]


@dataclass(frozen=True, slots=True)
class MasterTest:
    """One test case with the points that otter gives it. `body`: a doctest, or the source of a function."""

    body: str
    function: bool
    hidden: bool
    points: float
    success: str
    failure: str


@dataclass(frozen=True, slots=True)
class MasterQuestion:
    """One question. `by_hand`: the points that a person gives, None where nobody does; `solution`: the written one."""

    name: str
    tests: tuple[MasterTest, ...]
    all_or_nothing: bool
    by_hand: float | None
    solution: str

    @property
    def points(self) -> float:
        """What its tests are worth together."""
        return sum(test.points for test in self.tests)


@dataclass(frozen=True, slots=True)
class MasterCell:
    """One cell. Of an answer, `source` is the author's and `prompt` what otter leaves for students."""

    kind: CellKind
    cell_type: str
    source: str
    question: str | None
    prompt: str = ""


@dataclass(slots=True)
class Master:
    """The notebook as it was read. `left`: sentences on what did not come along."""

    path: Path
    name: str
    questions: list[MasterQuestion] = field(default_factory=list)
    cells: list[MasterCell] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


class _Tests(AssignmentTestsManager):
    """Otter's own manager of tests, which also says what it has read."""

    def questions(self) -> list[QuestionConfig]:
        return list(self._questions.values())

    def resolved(self, name: str) -> list[Any]:
        """The question's test cases, each with its points."""
        info = self._create_test_file_info(name)
        return (
            list(TestFile.resolve_test_file_points(info["points"], info["test_cases"]))
            if info["test_cases"]
            else []
        )


def read_master(path: Path) -> Master:
    """Read and validate a master notebook; executes nothing of it.

    Raises
    ------
    UsageError
        There is no such file.
    CourseError
        It is no notebook, not in Python, or not as `otter assign` wants it; with otter's own words.
    """
    notebook = _read(path)
    _resolve_config_file(notebook, path)
    assignment = Assignment()
    assignment.master, assignment.lang = path, "python"
    manager = _Tests(assignment)
    try:
        NotebookTransformer(assignment, manager).transform_notebook(deepcopy(notebook))
        cells = blocks.extract_all_fenced_otter_cells(notebook.cells)
        master = Master(path=path, name=str(assignment.name or ""))
        walked = _Walk(assignment, master)
        walked.run([cell for cell in cells if not utils.is_ignore_cell(cell)])
        master.questions = [_question(manager, config, walked) for config in manager.questions()]
    except (ValueError, TypeError, AssertionError, KeyError, SyntaxError, OSError, yaml.YAMLError) as fault:
        raise CourseError(f"{path}: otter assign cannot read this notebook: {_sentence(fault)}") from None
    except Exception as fault:
        if type(fault) is not utils.AssignNotebookFormatException:  # it descends from Exception alone
            raise
        raise CourseError(f"{path}: otter assign cannot read this notebook: {_sentence(fault)}") from None
    if not master.questions:
        raise CourseError(
            f"{path}: there is no question in it. Expected raw cells that begin with # BEGIN QUESTION, as in the notebook that "
            "`otter assign` takes, not in what it makes of it."
        )
    master.left += _left(assignment)
    return master


def _sentence(fault: Exception) -> str:
    text = " ".join(str(fault).split())[:400] or type(fault).__name__
    return text if text.endswith(".") else f"{text}."


def _read(path: Path) -> NotebookNode:
    notebook = read_foreign(path, "the notebook that `otter assign` takes")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.setdefault("outputs", [])
    return notebook


def _resolve_config_file(notebook: NotebookNode, path: Path) -> None:
    """Otter looks for `config_file` in the working directory; here it lies beside the notebook."""
    for cell in notebook.cells:
        if not utils.get_source(cell)[0].strip() or not blocks.is_assignment_config_cell(cell):
            continue
        try:
            config = blocks.get_cell_config(cell)
        except yaml.YAMLError as fault:
            raise CourseError(
                f"{path}: the assignment's config is not valid YAML: {_sentence(fault)}"
            ) from None
        if isinstance(config, dict) and isinstance(config.get("config_file"), str):
            config["config_file"] = str(path.resolve().parent / config["config_file"])
            cell.cell_type, cell.source = "raw", "# ASSIGNMENT CONFIG\n" + yaml.safe_dump(config)


def _question(manager: _Tests, config: QuestionConfig, walked: _Walk) -> MasterQuestion:
    ok_format = bool(manager.assignment.tests.ok_format)
    tests = []
    for case in manager.resolved(config.name):
        body = dedent(case.body)
        if ok_format:
            doctest.DocTestParser().get_examples(body)  # raises where doctest could not read it
        tests.append(
            MasterTest(
                body=body,
                function=not ok_format,
                hidden=bool(case.hidden),
                points=float(case.points),
                success=str(case.success_message or ""),
                failure=str(case.failure_message or ""),
            )
        )
    by_hand = config.points if isinstance(config.points, int | float) else 0
    return MasterQuestion(
        name=str(config.name),
        tests=tuple(tests),
        all_or_nothing=bool(config.all_or_nothing),
        by_hand=float(by_hand) if config.manual else None,
        solution="\n\n".join(walked.written.get(config.name, [])),
    )


class _Walk:
    """Goes through the cells as otter's transformer does, which does not say whose each cell is."""

    def __init__(self, assignment: Assignment, master: Master) -> None:
        self.assignment, self.master = assignment, master
        self.question: QuestionConfig | None = None
        self.open: list[BlockType] = []
        self.prompt: list[str] = []
        self.has_written = False
        self.written: dict[str, list[str]] = {}

    def run(self, cells: list[NotebookNode]) -> None:
        for cell in cells:
            if blocks.is_assignment_config_cell(cell):
                continue
            if self.open and blocks.is_block_boundary_cell(cell, self.open[-1], end=True):
                self._end(self.open.pop())
                continue
            begun = next((kind for kind in BlockType if blocks.is_block_boundary_cell(cell, kind)), None)
            if begun is not None:
                self.open.append(begun)
                if begun is BlockType.QUESTION:
                    self.question, self.prompt, self.has_written = (
                        QuestionConfig(blocks.get_cell_config(cell)),
                        [],
                        False,
                    )
                continue
            if not self.open or self.open[-1] is not BlockType.TESTS:
                self._cell(cell)

    def _end(self, kind: BlockType) -> None:
        if kind is BlockType.QUESTION:
            if self.prompt:
                self._add("answer", "code", "", "\n".join(self.prompt))
            if self.question is not None and self.question.manual and not self.has_written:
                self._add("written", "markdown", "")
            self.question = None

    def _cell(self, cell: NotebookNode) -> None:
        source = "\n".join(solutions.remove_ignored_lines(utils.get_source(cell)))
        inside = self.open[-1] if self.open else None
        if cell.cell_type == "raw":
            self.master.left.append(f"A raw cell was left out: {source.splitlines()[0][:60]!r}.")
        elif cell.cell_type == "markdown":
            self._markdown(cell, source, inside)
        elif inside is BlockType.PROMPT:
            self.prompt.append(source)
        else:
            self._code(source, inside)

    def _markdown(self, cell: NotebookNode, source: str, inside: BlockType | None) -> None:
        if cell.get("attachments"):
            self.master.left.append(f"A text's attached pictures were left out: {source[:60]!r}.")
        if self.question is None:
            self._add("text", "markdown", source)
        elif inside is BlockType.SOLUTION and not utils.has_tag(cell, solutions.OTTER_INCLUDE_TAG):
            self.written.setdefault(self.question.name, []).append(source)
            if not self.has_written and self.question.manual:
                self._add("written", "markdown", "")
        elif inside is BlockType.PROMPT and self.question.manual:
            self._add("written", "markdown", source)
        else:
            self._add("text", "markdown", source)

    def _code(self, source: str, inside: BlockType | None) -> None:
        lines = source.split("\n")
        if "# BEGIN PLUGIN" in source:
            self.master.left.append("A cell that calls a plugin of otter's was left out.")
            return
        stripped = self.assignment.strip_solutions_from_all_cells and self.question is not None
        if inside is not BlockType.SOLUTION and not stripped:
            self._add("given", "code", _without_otter(lines))
            return
        left = "\n".join([*self.prompt, *solutions.replace_solutions(lines, "python")])
        self.prompt = []
        self._add("answer", "code", _without_otter(list(_solved(lines))), left)

    def _add(self, kind: CellKind, cell_type: str, source: str, prompt: str = "") -> None:
        if kind == "written":
            if self.has_written:
                kind = "text"
            self.has_written = True
        if source.strip() or prompt.strip() or kind == "written":
            name = None if self.question is None else str(self.question.name)
            self.master.cells.append(
                MasterCell(kind, cell_type, source.strip("\n"), name, prompt.strip("\n"))
            )


def _without_otter(lines: list[str]) -> str:
    return "\n".join(line for line in lines if not _OTTER_LINE.match(line))


def _solved(lines: list[str]) -> Iterator[str]:
    """The author's code without otter's marks and prompts."""
    inside_prompt = False
    for line in lines:
        if _PROMPT.match(line):
            inside_prompt = "BEGIN" in line
        elif not inside_prompt and not _BLOCK.match(line):
            yield _MARK.sub("", line)


def _left(assignment: Assignment) -> Iterator[str]:
    """What the assignment's config asks for and a lab does not have."""
    if assignment.seed.variable or (assignment.generate_enabled and assignment.generate.seed is not None):
        yield "Otter sets a seed before each cell when it grades; here cells run as they are. Set it in a cell of the notebook."
    if assignment.files or assignment.autograder_files or assignment.student_files:
        names = ", ".join(
            map(str, [*assignment.files, *assignment.autograder_files, *assignment.student_files])
        )
        yield f"Files that the notebook reads were not copied ({names}): a lab has none. Put small data into a cell."
    if assignment.requirements or assignment.environment:
        yield "Requirements were not taken over: what is installed where you mark is what students' code finds."
    if assignment.plugins or (assignment.generate_enabled and assignment.generate.plugins):
        yield "Otter's plugins do not run here."
    if assignment.generate_enabled and (
        assignment.generate.points_possible is not None or assignment.generate.score_threshold is not None
    ):
        yield "points_possible and score_threshold change otter's total; here the total is the sum of the questions."
    if assignment.tests.url_prefix:
        yield "Tests are not fetched from tests.url_prefix: the public ones travel in the notebook."
