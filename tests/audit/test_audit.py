"""An audit of the tiny course's neuron, for real: the recorder, the sandbox, the checks, the report."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec import structs

from coteja.audit import run as audit_run
from coteja.audit.accepted import Rule, judged, rules_of
from coteja.audit.card import Card, Rejected, Tried
from coteja.audit.code import Cell, Draft, solved
from coteja.audit.kept import FILE, Kept
from coteja.audit.render import render
from coteja.audit.run import Bench, Options, audit
from coteja.course.load import find_course
from coteja.errors import CourseError, UsageError
from coteja.grading.lab import Lab, load_lab
from coteja.recording.record import SandboxRecorder

TINY = Path(__file__).parents[1] / "data" / "tiny-course"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the audit keeps what it has found."""
    return tmp_path_factory.mktemp("audit") / FILE


@pytest.fixture(scope="module")
def card(neuron: Lab, kept: Path) -> Card:
    """A fixed sample, so many that every check has something to catch; stopped at its fifth notebook, and gone on with."""

    def stop(_what: str, done: int, _of: int) -> None:
        if done == 5:
            raise InterruptedError

    with pytest.raises(ExceptionGroup):
        asyncio.run(audit(neuron, Options(variants=16, mutants=40, seed=1, kept=kept, progress=stop)))
    assert 5 <= len(kept.read_bytes().splitlines()) < 16
    with kept.open("ab") as file:
        file.write(b'{"key": "half a li')  # as a machine that went down leaves it
    return asyncio.run(audit(neuron, Options(variants=16, mutants=40, seed=1, kept=kept)))


def test_an_audit_that_was_stopped_goes_on_where_it_was(card: Card, kept: Path) -> None:
    lines = [line for line in kept.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
    keys = [json.loads(line)["key"] for line in lines]
    assert len(keys) == len(set(keys)) == 16 + 40


def test_what_was_kept_for_another_lab_or_other_settings_is_run_again(
    card: Card, kept: Path, neuron: Lab
) -> None:
    known = Kept(kept, neuron, {})
    key = json.loads(kept.read_text(encoding="utf-8").splitlines()[0])["key"]
    assert known.get(key, dict) is not None
    assert Kept(kept, neuron, {"n": 3.0}).key("variants", "v", "d") != known.key("variants", "v", "d")
    assert known.get(known.key("variants", "another", "notebook"), dict) is None


def test_correct_variants_get_every_point(card: Card) -> None:
    assert card.rejected == ()
    assert (card.false_rejects.errors, card.false_rejects.runs) == (0, 16)


def test_each_mutant_is_caught_or_equivalent_or_listed_with_its_diff(card: Card) -> None:
    assert len(card.mutants) == 40
    for mutant in card.mutants:
        if mutant.fate == "caught":
            assert mutant.checks
        else:
            assert mutant.fate in ("equivalent", "survivor")
            assert mutant.diff.startswith("@@")
    assert card.false_accepts.runs == 40 - card.equivalent
    assert card.accepted == {}
    assert sum(m.fate == "caught" for m in card.mutants) > 25


def test_every_check_says_what_it_caught_and_what_it_alone_did(card: Card, neuron: Lab) -> None:
    assert [c.check for c in card.checks] == [c.name for c in neuron.checks]
    assert all(c.caught >= c.alone >= 0 for c in card.checks)
    assert card.idle == []


def test_the_report_stands_in_html_and_markdown(card: Card) -> None:
    for template in ("audit.html.j2", "audit.md.j2"):
        page = render(card, template)
        assert "False rejects" in page or "false rejects" in page
        assert all(check.check in page for check in card.checks)


def test_what_comes_from_a_notebook_is_escaped_in_the_report(card: Card) -> None:
    evil = "<script>alert(1)</script>\n```\n# break out"
    variant = Rejected(name="v", base=evil, changes=(), lost=(), diff=evil)
    shown = structs.replace(card, rejected=(variant,))
    assert "<script>" not in render(shown, "audit.html.j2")
    assert "````diff\n" in render(shown, "audit.md.j2")


def run_all(lab: Lab, drafts: Sequence[Draft]) -> list[audit_run.Run]:
    async def run() -> list[audit_run.Run]:
        recorder = await SandboxRecorder.start(preload=lab.assignment.preload, limits=lab.assignment.limits)
        try:
            bench = Bench(lab, recorder, {})
            return list(await asyncio.gather(*(bench.run(f"d{i}", d, 7) for i, d in enumerate(drafts))))
        finally:
            recorder.close()

    return asyncio.run(run())


def changed(lab: Lab, old: str, new: str) -> Draft:
    draft = solved(lab, "en")
    at = next(i for i, cell in enumerate(draft.cells) if cell.own and old in cell.source)
    return draft.with_source(at, draft.cells[at].source.replace(old, new))


def test_a_mutant_that_never_ends_costs_only_itself(neuron: Lab) -> None:
    import msgspec

    short = msgspec.structs.replace(neuron.assignment.limits, cell_s=4.0, notebook_s=12.0)

    async def run() -> list[audit_run.Run]:
        recorder = await SandboxRecorder.start(preload=neuron.assignment.preload, limits=short)
        try:
            bench = Bench(neuron, recorder, {})
            endless = changed(neuron, "costs.append(", "while True: pass\n    costs.append(")
            hungry = changed(neuron, "costs.append(", "hoard = [0] * 10**12\n    costs.append(")
            drafts = [endless, hungry, solved(neuron, "en")]
            return [await bench.run(str(i), draft, 7) for i, draft in enumerate(drafts)]
        finally:
            recorder.close()

    endless, hungry, right = asyncio.run(run())
    assert endless.wrong()
    assert hungry.wrong()
    assert right.wrong() == []


def test_a_hostile_notebook_does_not_find_what_an_audit_expects(neuron: Lab) -> None:
    """Baselines, reference and the checks' verdicts stay on this side, as when a class is marked."""
    looking = Cell(
        "import gc, glob, sys\n"
        "seen = [n for n in sys.modules if n.startswith(('coteja.audit', 'coteja.checking', 'coteja.grading', 'coteja_course'))]\n"
        "seen += [type(o).__name__ for o in gc.get_objects() if type(o).__name__ in ('Expected', 'Card', 'Lab', 'Outcome')]\n"
        f"seen += glob.glob({str(TINY)!r} + '/reference/*')\n"
        "costs = seen",
        question="q1",
    )
    draft = solved(neuron, "en")
    at = next(i for i, cell in enumerate(draft.cells) if "costs.append(" in cell.source)
    (found,) = run_all(neuron, [draft.with_cell(at + 1, looking)])
    assert found.recording.artefacts["costs"] == []
    assert found.wrong()


def test_a_solution_that_fails_its_own_checks_is_said_at_once(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "course")
    source = tmp_path / "course" / "assignments" / "neuron" / "notebook.py"
    source.write_text(source.read_text().replace("w - 0.5 *", "w + 0.5 *"))
    lab = load_lab(find_course(tmp_path / "course"), "neuron")
    with pytest.raises(CourseError, match="the solution itself does not get every point: falls says"):
        asyncio.run(audit(lab, Options(variants=1, mutants=1)))


def test_a_check_that_looks_at_nothing_shows_as_survivors_and_as_idle(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "course")
    grader = tmp_path / "course" / "graders" / "neuron.py"
    text = grader.read_text()
    blind = text.replace(
        "    lines = check_curves_figure(",
        '    return passed(_("Everything is there."))\n    lines = check_curves_figure(',
    )
    grader.write_text(blind)
    lab = load_lab(find_course(tmp_path / "course"), "neuron")
    whole = asyncio.run(audit(lab, Options(variants=1, mutants=24, seed=1)))
    assert "figure" in [check.check for check in whole.idle]
    assert any(mutant.cell == "q2-figure" for mutant in whole.survivors)
    assert whole.over(0.02) == ["false rejects", "false accepts"]


def survivor(operator: str, cell: str, line: str) -> Tried:
    return Tried(name="m", operator=operator, cell=cell, line=1, fate="survivor", diff=f"@@\n-old\n+{line}")


def test_a_survivor_that_the_lab_accepts_is_told_with_its_reason_and_not_counted(card: Card) -> None:
    rules = [Rule(operators=("range",), code=r"range\(n [+-] 1\)", because="One iteration more <is right>.")]
    mutants = [
        survivor("range", "q1-train", "    for i in range(n + 1):"),
        survivor("range", "q1-train", "    for i in range(n // 10):"),
        survivor("sign", "q1-train", "    for i in range(n + 1):"),
    ]
    found = judged(mutants, rules)
    assert [mutant.fate for mutant in found] == ["accepted", "survivor", "survivor"]
    shown = structs.replace(card, mutants=tuple(found))
    assert [len(mutants) for mutants in shown.accepted.values()] == [1]
    assert ("range", 0, 0, 1, 1) in shown.by_operator()
    assert "One iteration more &lt;is right&gt;. (1: <code>m</code>)" in render(shown, "audit.html.j2")
    assert "- One iteration more <is right>. (1: `m`)" in render(shown, "audit.md.j2")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('because = "It is right."', "rule 1: it fits every mutant"),
        ('cells = ["q1"]\nbecause = " "', "rule 1: `because` is empty"),
        ('operators = ["sings"]\nbecause = "Right."', "there is no operator 'sings'; there are sign"),
        ('code = "("\nbecause = "Right."', "`code` is no regular expression"),
        ('cell = "q1"\nbecause = "Right."', "unknown field `cell`"),
    ],
)
def test_a_rule_that_accepts_too_much_or_says_not_why_is_refused(
    rule: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "audit.toml").write_text(f"[[accepted]]\n{rule}\n", encoding="utf-8")
    with pytest.raises(CourseError, match=re.escape(said)):
        rules_of(tmp_path)


def test_a_setting_for_what_is_no_parameter_is_refused(neuron: Lab) -> None:
    with pytest.raises(UsageError, match="--set n: neuron has no parameter of that name"):
        asyncio.run(audit(neuron, Options(variants=1, mutants=1, settings={"n": 3})))


def coteja(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "coteja", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, env=os.environ | environment)


def test_the_command_writes_the_report_and_fails_over_a_bound(tmp_path: Path) -> None:
    done = coteja(
        "audit",
        "neuron",
        "--course",
        str(TINY),
        "--limit",
        "3",
        "--out",
        str(tmp_path),
        "--fail-over",
        "0.05",
    )
    assert done.returncode == 1, done.stderr  # three runs do not show that an error is rarer than 5 %
    assert "False rejects: 0 of 3" in done.stdout
    assert "the bound of false rejects is over 0.05" in done.stderr
    stored = json.loads((tmp_path / "audit.json").read_text())
    assert stored["schema"] == "coteja-audit/1"
    assert len(stored["mutants"]) == 3
    assert (tmp_path / "audit.html").stat().st_size > 1000
    assert (tmp_path / "audit.md").read_text().startswith("# Audit of")


def test_without_the_authors_extra_there_is_a_sentence(tmp_path: Path) -> None:
    code = (
        "import importlib.util as u, sys; real = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'libcst' else real(name, *a)\n"
        "from coteja.cli import main; main(['audit', 'neuron', '--course', sys.argv[1]])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(TINY)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    assert 'pip install "coteja[authors]"' in done.stderr
    assert "Traceback" not in done.stderr
