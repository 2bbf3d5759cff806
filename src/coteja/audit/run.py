"""Runs an audit: variants and mutants through the real recorder and the real checks, several at a time."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from coteja.audit import behaviour
from coteja.audit.accepted import judged, rules_of
from coteja.audit.card import Card, Lost, Rejected, Tried, check_cards
from coteja.audit.code import Cell, Draft, Facts, diff, draft_of, facts_of, solved
from coteja.audit.kept import Kept
from coteja.audit.mutants import Mutant, mutants
from coteja.audit.variants import Variant, variants
from coteja.calibration.interval import rate_of
from coteja.course.load import read_toml
from coteja.errors import CourseError, UsageError
from coteja.grading.checking import check_recording
from coteja.grading.lab import Lab
from coteja.grading.linting.samples import SCORES, Scores
from coteja.model.assignment import Language, Limits
from coteja.model.message import Message
from coteja.model.recording import Recording, RunPlan, Submission
from coteja.model.result import Outcome
from coteja.recording.plan import guess_language, make_plan
from coteja.recording.read import read_notebook
from coteja.recording.record import SandboxRecorder

#: Two different draws of the probes' inputs and of every random number: what is alike under both is equivalent.
SECRETS = (11, 12)
N = TypeVar("N", Variant, Mutant)


@dataclass(frozen=True, slots=True)
class Options:
    """How much to run. `variants` and `mutants`: at most so many (None: the default, all mutants)."""

    variants: int = 300
    mutants: int | None = None
    seed: int = 0
    workers: int = 2
    settings: Mapping[str, float] = field(default_factory=dict)
    progress: Callable[[str, int, int], None] = lambda _what, _done, _of: None
    kept: Path | None = None


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one notebook: of a variant that lost points, of a mutant; and checks that failed on it."""

    rejected: Rejected | None = None
    tried: Tried | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One notebook as it ran and what the checks said."""

    recording: Recording
    outcomes: Sequence[Outcome]

    def wrong(self) -> list[Outcome]:
        """The checks that took points or ask for a look; not those that were skipped for another's sake."""
        lost = [o for o in self.outcomes if o.points < o.max_points - 1e-9 or o.look or o.status == "error"]
        return [o for o in lost if o.status != "skipped"] or lost


class Bench:
    """Records drafts of one lab and checks them."""

    def __init__(self, lab: Lab, recorder: SandboxRecorder, settings: Mapping[str, float]) -> None:
        self.lab, self.recorder = lab, recorder
        self.templates = {language: lab.template(language) for language in lab.assignment.languages}
        self.lines = _settings(lab, settings)

    async def run(self, name: str, draft: Draft, secret: int) -> Run:
        """One draft with the probes' inputs of `secret`."""
        recording = (await self.recorder.record(self._plan(name, draft, secret))).recording
        return Run(recording, await asyncio.to_thread(check_recording, self.lab, recording))

    def _plan(self, name: str, draft: Draft, secret: int) -> RunPlan:
        submission = Submission(
            student=name, path=f"{name}.ipynb", sha256=hashlib.sha256(draft.text().encode()).hexdigest()
        )
        plan = make_plan(
            submission,
            draft.notebook(),
            self.lab.assignment,
            self.templates[draft.language],
            draft.language,
            cases=self.lab.draw(secret),
            parameters=self.lab.draw_parameters(secret),
            simple=self.lab.simple,
        )
        cells = [
            msgspec.structs.replace(c, source="\n".join((c.source, *self.lines[draft.language])))
            if c.parameters
            else c
            for c in plan.cells
        ]
        return msgspec.structs.replace(plan, cells=tuple(cells))


def _settings(lab: Lab, settings: Mapping[str, float]) -> dict[Language, list[str]]:
    """The assignments that stand after the parameters cell, as for a counterfactual run."""
    known = {role: a for role, a in lab.assignment.artefacts().items() if a.kind == "parameter"}
    for role in settings:
        if role not in known:
            raise UsageError(
                f"--set {role}: {lab.assignment.id} has no parameter of that name"
                + (f" (it has {', '.join(known)})." if known else "; none of its artefacts is one.")
            )
    return {
        language: [
            f"{name} = {value!r}"
            for role, value in settings.items()
            for name in known[role].all_names(language)
        ]
        for language in lab.assignment.languages
    }


async def audit(lab: Lab, options: Options) -> Card:
    """The report card of a lab's checks."""
    began = time.monotonic()
    assignment = lab.assignment
    _settings(lab, options.settings)  # what is wrong is said before anything is started
    rules = rules_of(lab.course.folder(assignment.id))
    kept = Kept(options.kept, lab, options.settings)
    recorder = await SandboxRecorder.start(preload=assignment.preload, limits=assignment.limits)
    try:
        bench = Bench(lab, recorder, options.settings)
        facts = {language: facts_of(lab, language) for language in assignment.languages}
        own = {language: solved(lab, language) for language in assignment.languages}
        first = own["en" if "en" in own else assignment.languages[0]]
        baselines = [await _baseline(bench, first, facts[first.language], secret) for secret in SECRETS]
        bases = [("solution", draft, facts[language]) for language, draft in own.items()]
        bases += [(name, d, facts[d.language]) for name, d in _samples(lab, bench)]
        changed = list(variants(bases, count=options.variants, seed=options.seed))
        found = await _in_parallel(
            options, kept, "variants", changed, lambda variant: _try_variant(bench, variant)
        )
        rejected = [result.rejected for result in found if result.rejected is not None]
    finally:
        recorder.close()
    limits = _limits(assignment.limits, [b.first.recording for b in baselines])
    recorder = await SandboxRecorder.start(preload=assignment.preload, limits=limits)
    try:
        bench = Bench(lab, recorder, options.settings)
        wrong = mutants(first, limit=options.mutants, seed=options.seed)
        found = await _in_parallel(
            options,
            kept,
            "mutants",
            wrong,
            lambda mutant: _try_mutant(bench, mutant, facts[first.language], baselines),
        )
        tried = judged([result.tried for result in found if result.tried is not None], rules)
        faults = {fault for result in found for fault in result.faults}
    finally:
        recorder.close()
    fates = Counter(t.fate for t in tried)
    caught, survived = fates["caught"], fates["survivor"]
    return Card(
        assignment=assignment.id,
        title=assignment.title.get("en", assignment.id),
        seed=options.seed,
        settings=dict(options.settings),
        bases=tuple(dict.fromkeys(name for name, _d, _f in bases)),
        changes=dict(Counter(c for v in changed for c in v.changes)),
        false_rejects=rate_of(len(rejected), len(changed)),
        rejected=tuple(rejected),
        false_accepts=rate_of(survived, caught + survived),
        equivalent=fates["equivalent"],
        mutants=tuple(tried),
        checks=check_cards([(c.name, c.question, c.points, c.public) for c in lab.checks], tried),
        faults=tuple(sorted(faults)),
        seconds=round(time.monotonic() - began, 1),
        workers=options.workers,
        isolation=recorder.isolation,
        versions=dict(recorder.versions),
    )


def _samples(lab: Lab, bench: Bench) -> Iterator[tuple[str, Draft]]:
    """The samples that are declared to get every point."""
    folder = lab.course.folder(lab.assignment.id) / "samples"
    if not (folder / SCORES).is_file():
        return
    full = {q.id: q.points for q in lab.assignment.questions}
    for sample in read_toml(folder / SCORES, Scores).samples:
        if dict(sample.points) == full and sample.status != "needs_a_look":
            notebook = read_notebook(Path(folder / sample.file)).notebook
            language = guess_language(notebook, lab.assignment, bench.templates)
            yield sample.file, draft_of(notebook, bench.templates[language], language)


@dataclass(frozen=True, slots=True)
class _Baseline:
    """The original twice from the same seeds: the second time says what differs by itself."""

    first: Run
    loose: frozenset[str]


def _seeded(draft: Draft, facts: Facts, secret: int) -> Draft:
    return draft.with_cell(0, Cell(facts.seeding.format(seed=secret)))


async def _baseline(bench: Bench, draft: Draft, facts: Facts, secret: int) -> _Baseline:
    seeded = _seeded(draft, facts, secret)
    first, second = [await bench.run("solution", seeded, secret) for _n in range(2)]
    if first.wrong():
        say = bench.lab.translator("en").say
        worst = first.wrong()[0]
        raise CourseError(
            f"{bench.lab.assignment.id}: the solution itself does not get every point: {worst.check} says "
            f"“{say(worst.message)}”. `coteja lint` looks for such faults; mend it before the audit."
        )
    return _Baseline(first, behaviour.unsteady(first.recording, second.recording))


def _limits(declared: Limits, runs: Sequence[Recording]) -> Limits:
    """Short ones, from the original's own needs: an endless loop costs a few seconds."""
    longest = max((cell.seconds for r in runs for cell in r.cells), default=0.0)
    return msgspec.structs.replace(
        declared,
        cell_s=min(declared.cell_s, 3 + 4 * longest),
        notebook_s=min(declared.notebook_s, 6 + 4 * max(r.seconds for r in runs)),
        memory_mb=min(declared.memory_mb, int(512 + 3 * max(r.peak_memory_mb for r in runs))),
    )


async def _try_variant(bench: Bench, variant: Variant) -> _Result:
    secret = int(hashlib.sha256(variant.name.encode()).hexdigest()[:8], 16)
    run = await bench.run(variant.name, variant.draft, secret)
    wrong = run.wrong()
    if not wrong:
        return _Result()
    return _Result(
        rejected=Rejected(
            name=variant.name,
            base=variant.base,
            changes=variant.changes,
            lost=tuple(_lost(bench.lab, outcome) for outcome in wrong),
            diff=diff(variant.original, variant.draft),
        )
    )


def _lost(lab: Lab, outcome: Outcome) -> Lost:
    say = lab.translator("en").say
    lines = [
        f"{say(c.label)}: {_shown(say, c.expected)} expected, {_shown(say, c.found)} found"
        for c in outcome.comparisons
        if not c.ok
    ]
    return Lost(
        check=outcome.check,
        status=outcome.status,
        points=outcome.points,
        max_points=outcome.max_points,
        said=" ".join([say(outcome.message), *(f"[{line}]" for line in lines[:4])]),
    )


def _shown(say: Callable[..., str], value: object) -> str:
    return say(value) if isinstance(value, Message) else str(value)


async def _try_mutant(bench: Bench, mutant: Mutant, facts: Facts, baselines: Sequence[_Baseline]) -> _Result:
    faults: set[str] = set()
    fate, checks, seconds = "equivalent", tuple[str, ...](), 0.0
    for secret, baseline in zip(SECRETS, baselines, strict=True):
        seeded = _seeded(mutant.draft, facts, secret)
        run = await bench.run(mutant.name, seeded, secret)
        seconds += run.recording.seconds
        caught = bool(run.wrong()) and secret == SECRETS[0]
        late = any(cell.status == "timeout" for cell in run.recording.cells)
        if late or not (caught or _same(run, baseline)):
            # On a busy machine the short limits are met by chance, too: what only that speaks for is run once more.
            run = await bench.run(mutant.name, seeded, secret)
            seconds += run.recording.seconds
        faults.update(f"{o.check}: {mutant.name}" for o in run.outcomes if o.status == "error")
        wrong = run.wrong()
        if wrong and secret == SECRETS[0]:
            fate, checks = "caught", tuple(o.check for o in wrong)
            break
        if wrong or not _same(run, baseline):
            fate = "survivor"
            break
    tried = Tried(
        name=mutant.name,
        operator=mutant.operator,
        cell=mutant.cell,
        line=mutant.line,
        fate=fate,
        checks=checks,
        diff=diff(mutant.original, mutant.draft) if fate != "caught" else "",
        seconds=round(seconds, 1),
    )
    return _Result(tried=tried, faults=tuple(sorted(faults)))


def _same(run: Run, baseline: _Baseline) -> bool:
    return behaviour.same(run.recording, baseline.first.recording, loose=baseline.loose)


async def _in_parallel(
    options: Options,
    kept: Kept,
    what: str,
    items: Sequence[N],
    one: Callable[[N], Coroutine[object, object, _Result]],
) -> list[_Result]:
    gate, done = asyncio.Semaphore(options.workers), 0

    async def run(item: N) -> _Result:
        nonlocal done
        key = kept.key(what, item.name, item.draft.digest())
        result = kept.get(key, _Result)
        if result is None:
            async with gate:
                result = await one(item)
            kept.put(key, result)
        done += 1
        options.progress(what, done, len(items))
        return result

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(run(item)) for item in items]
    return [task.result() for task in tasks]
