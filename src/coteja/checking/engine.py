"""Runs the checks of a lab over one student's work, in order, and turns verdicts into outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import ModuleType

from msgspec.structs import replace

from coteja.checking.api import Check, Verdict
from coteja.checking.work import Expected, Unmet, Work
from coteja.errors import CourseError
from coteja.model.message import Message, as_param, message
from coteja.model.result import Comparison, Outcome, Status

Report = Callable[[Check, BaseException], None]


def checks_of(module: ModuleType | Mapping[str, object]) -> list[Check]:
    """The checks that a grader module declares, in the order of its text."""
    names = module if isinstance(module, Mapping) else vars(module)
    found = [f.__coteja_check__ for f in names.values() if hasattr(f, "__coteja_check__")]
    return list({c.name: c for c in found}.values())


def validate_checks(checks: Iterable[Check], questions: Mapping[str, float], where: str) -> None:
    """Refuse checks that name an unknown question or check, or whose points do not add up.

    Raises
    ------
    CourseError
        With the file, what was expected and what was found.
    """
    checks = list(checks)
    seen: set[str] = set()
    for declared in checks:
        if declared.question not in questions:
            raise CourseError(
                f"{where}: check {declared.name} is for question {declared.question!r}, which "
                f"assignment.toml does not have (it has {', '.join(questions)})."
            )
        # Only earlier checks may be named, so there can be no cycle.
        unknown = [n for n in (*declared.rests_on,) if n not in seen]
        if unknown:
            raise CourseError(
                f"{where}: check {declared.name} rests on {unknown[0]!r}, which is not a check "
                f"declared above it. Move that check up, or mend the name."
            )
        if declared.proved_by is not None and not any(c.name == declared.proved_by for c in checks):
            raise CourseError(
                f"{where}: check {declared.name} is proved by {declared.proved_by!r}, which is not a check "
                f"of this lab. Mend the name."
            )
        seen.add(declared.name)
    for question, points in questions.items():
        total = sum(c.points for c in checks if c.question == question)
        if abs(total - points) > 1e-9:
            raise CourseError(
                f"{where}: the checks of {question} add up to {total:g} points, but "
                f"assignment.toml says {points:g}. Change one of the two."
            )


def run_checks(
    checks: Iterable[Check], work: Work, expected: Expected, *, on_error: Report = lambda _check, _error: None
) -> list[Outcome]:
    """Run every check, skip what rests on a failure, and never let one check's fault reach another.

    A check that raises gives an outcome of status `error` (our fault: no points are taken, the submission
    needs a look); `on_error` gets the exception, for the log.
    """
    outcomes: dict[str, Outcome] = {}
    declared_checks = list(checks)
    for declared in declared_checks:
        outcomes[declared.name] = _run_one(declared, work, expected, outcomes, on_error)
    # A proof may be declared further down, and what was skipped because of an unproved check is then looked at again.
    # Each round settles at least one check for good, so there are at most as many rounds as checks.
    changed = True
    while changed:
        settled = [_look_again(declared, work, expected, outcomes, on_error) for declared in declared_checks]
        changed = any(settled)
    return list(outcomes.values())


def _look_again(
    declared: Check, work: Work, expected: Expected, outcomes: dict[str, Outcome], on_error: Report
) -> bool:
    """Whether the outcome is another one now."""
    before = outcomes[declared.name]
    if before.status == "skipped":
        outcomes[declared.name] = _run_one(declared, work, expected, outcomes, on_error)
    if declared.proved_by and _is_proved(declared, outcomes):
        outcomes[declared.name] = _proved(declared)
    return outcomes[declared.name].status != before.status


_MISSING_FUNCTION = "There is no function called {name}."


def _is_proved(declared: Check, outcomes: Mapping[str, Outcome]) -> bool:
    own = outcomes[declared.name]
    proof = outcomes.get(declared.proved_by or "")
    return own.message.id == _MISSING_FUNCTION and proof is not None and proof.status == "passed"


def _proved(declared: Check) -> Outcome:
    text = message(
        "I did not find the function by its name, but your results prove that your code does this right."
    )
    return _outcome(declared, "passed", Verdict(1.0, text))


def _run_one(
    declared: Check, work: Work, expected: Expected, outcomes: Mapping[str, Outcome], on_error: Report
) -> Outcome:
    for name in declared.rests_on:
        if name in outcomes and outcomes[name].status in ("failed", "skipped", "error"):
            return _skipped(declared, outcomes[name].title)
    try:
        verdict = declared.function(work, expected)
        if not isinstance(verdict, Verdict):
            raise TypeError(f"check {declared.name} returned a {type(verdict).__name__}, not a verdict")
    except Unmet as end:
        verdict = end.verdict
    except Exception as fault:  # noqa: BLE001 (a check's own fault is an outcome, whatever it is)
        on_error(declared, fault)
        text = message("This check itself failed. It is not your fault: a person will look at it.")
        return _outcome(declared, "error", Verdict(0.0, text, look=True))
    return _outcome(declared, _status(verdict), verdict)


def _status(verdict: Verdict) -> Status:
    share = _share(verdict)
    return "passed" if share == 1.0 else "partial" if share > 0.0 else "failed"


def _share(verdict: Verdict) -> float:
    """The fraction within 0 and 1, whatever a check made of it; NaN earns nothing."""
    return min(1.0, float(verdict.fraction)) if verdict.fraction > 0.0 else 0.0


def _showable(line: Comparison) -> Comparison:
    """The line in plain Python, whatever way a check made it: NaN and infinities as words, NumPy's scalars as numbers."""
    tolerance = None if line.tolerance is None else as_param(line.tolerance)
    return replace(
        line,
        expected=as_param(line.expected),
        found=as_param(line.found),
        tolerance=tolerance,
        ok=bool(line.ok),
    )


def _skipped(declared: Check, cause: Message) -> Outcome:
    text = message("Not looked at, because it rests on “{cause}”. Mend that first.", cause=cause)
    return _outcome(declared, "skipped", Verdict(0.0, text))


def _outcome(declared: Check, status: Status, verdict: Verdict) -> Outcome:
    return Outcome(
        check=declared.name,
        question=declared.question,
        title=declared.title,
        status=status,
        # All of them as they were declared: three checks of a third each make one, not 0.99.
        points=declared.points
        if status == "passed"
        else min(declared.points, round(declared.points * _share(verdict), 2)),
        max_points=declared.points,
        message=verdict.message,
        public=declared.public,
        comparisons=tuple(_showable(line) for line in verdict.comparisons),
        picture=verdict.picture,
        misconception=verdict.misconception,
        next_step=verdict.next_step or (verdict.misconception.next_step if verdict.misconception else None),
        look=bool(verdict.look),
    )
