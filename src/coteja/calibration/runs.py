"""The runs of a calibration: which there are, and computing them, in parallel and never one twice."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from functools import cache
from inspect import signature
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any, Literal

import numpy as np

from coteja.course.load import Course
from coteja.course.modules import call_author, load_module
from coteja.errors import CourseError
from coteja.model.codec import WireError, from_json, to_json
from coteja.model.values import Value
from coteja.recording.files import write_whole

Kind = Literal["experiment", "mistake"]
Yield = dict[str, Value]
#: Where finished runs lie, in the course's folder; not to be committed.
CACHE = ".calibration"
#: How many runs of each random experiment the bounds are fitted on, where neither author nor command says otherwise.
RUNS = 200
#: Other bit generators than NumPy's own default must give the same distribution.
BITS = ("PCG64", "MT19937", "Philox")
#: What a run yields is computed in this process as long as no more than so many seconds of it are to be expected.
POOL_AFTER_S = 3.0
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `variant`: "" is the reference itself. `seed`: None where the lab fixes every number."""

    kind: Kind
    name: str
    variant: str = ""
    dtype: str = "float64"
    bits: str = "PCG64"
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Tables:
    """The author's functions by name: experiments, other correct implementations of them, mistakes."""

    experiments: Mapping[str, Callable[..., Any]]
    variants: Mapping[str, Mapping[str, Callable[..., Any]]]
    mistakes: Mapping[str, Callable[..., Any]]
    functions: Mapping[str, Mapping[str, Callable[..., Any]]]
    seeds: int
    runs: int
    false_rejects: float | None
    ideals: Mapping[str, Value]
    tell_apart: Sequence[tuple[str, str]]


def load_tables(course: Course, assignment: str) -> Tables:
    """What the lab's reference modules declare. Raises CourseError where one is missing or not a dictionary."""
    path = course.reference_path(assignment)
    reference = load_module(path)
    wrong, other = course.mistakes_path(assignment), course.variants_path(assignment)
    mistakes = load_module(wrong) if wrong.is_file() else None
    variants = load_module(other) if other.is_file() else None
    return Tables(
        experiments=_table(reference, "EXPERIMENTS", path),
        variants=_table(variants, "VARIANTS", other) if variants else {},
        mistakes=_table(mistakes, "MISTAKES", wrong) if mistakes else {},
        functions=getattr(mistakes, "FUNCTIONS", {}),
        seeds=int(getattr(reference, "SEEDS", 0)),
        runs=int(getattr(variants, "RUNS", RUNS)),
        false_rejects=getattr(reference, "FALSE_REJECTS", None),
        ideals=getattr(reference, "IDEALS", {}),
        tell_apart=tuple(getattr(mistakes, "TELL_APART", ())),
    )


def _table(module: ModuleType, name: str, path: Path) -> dict[str, Any]:
    table = getattr(module, name, None)
    if not isinstance(table, dict):
        raise CourseError(
            f"{path}: {name} is missing: a dictionary of name -> function. docs/authoring.md shows one."
        )
    return table


def compute(course: Course, assignment: str, tables: Tables, run: Run) -> Yield:
    """What one run yields, by role. Raises CourseError where the author's function raises or yields no dictionary."""
    what = f"{run.kind} {run.name}" + (f", variant {run.variant}," if run.variant else "")
    path = module_of(course, assignment, run)
    generator = np.random.Generator(getattr(np.random, run.bits)(run.seed)) if run.seed is not None else None
    if run.kind == "mistake":
        function = tables.mistakes[run.name]
        arguments = [generator] if generator is not None and signature(function).parameters else []
    else:
        function = (tables.variants[run.variant] if run.variant else tables.experiments)[run.name]
        arguments = [getattr(np, run.dtype), *([generator] if generator is not None else [])]
    found = call_author(path, what, function, *arguments)
    if not isinstance(found, dict):
        raise CourseError(
            f"{path}: {what} returned a {type(found).__name__}; a dictionary of role -> value was expected."
        )
    return found


#: A worker's own copy of the author's functions: modules do not travel between processes.
_loaded: list[tuple[Course, str, Tables]] = []


def _start_worker(course: Course, assignment: str) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    _loaded.append((course, assignment, load_tables(course, assignment)))


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _compute_in_worker(run: Run) -> Yield:
    return compute(*_loaded[-1], run)


class Store:
    """Finished runs on disk, by what they depend on: the sources, the versions of NumPy and Keras, the run itself."""

    def __init__(self, course: Course, assignment: str) -> None:
        self._course, self._assignment = course, assignment
        self._folder = course.root / CACHE / assignment
        self._fingerprint = cache(_fingerprint)

    def read(self, run: Run) -> Yield | None:
        """What the run yielded, or None: never run, or its file is damaged."""
        try:
            stored = json.loads(self._path(run).read_text(encoding="utf-8"))
            return {role: from_json(item) for role, item in stored.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, WireError):
            return None

    def write(self, run: Run, found: Yield) -> None:
        """Keep it, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({str(role): to_json(value) for role, value in found.items()})
        write_whole(self._path(run), text.encode())

    def _path(self, run: Run) -> Path:
        source = self._fingerprint(module_of(self._course, self._assignment, run))
        return self._folder / f"{hashlib.sha256(repr((source, astuple(run))).encode()).hexdigest()[:24]}.json"


def module_of(course: Course, assignment: str, run: Run) -> Path:
    """The author's module that makes the run."""
    if run.kind == "mistake":
        return course.mistakes_path(assignment)
    return course.variants_path(assignment) if run.variant else course.reference_path(assignment)


def _fingerprint(module: Path) -> str:
    """Of a module and every one beside it that it imports, and of the library that computes."""
    sources: dict[Path, bytes] = {}
    todo = [module]
    while todo:
        path = todo.pop()
        if path in sources:
            continue
        sources[path] = path.read_bytes()
        todo += [found for found in _neighbours(path, sources[path]) if found.is_file()]
    digest = hashlib.sha256(np.__version__.encode())
    for path in sorted(sources):
        digest.update(path.name.encode() + b"\0" + sources[path] + b"\0")
    return digest.hexdigest()[:16]


def _neighbours(path: Path, source: bytes) -> Iterator[Path]:
    """The modules beside this one that it imports."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return  # importing it says where
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            names = [node.module] if node.module else [alias.name for alias in node.names]
            yield from (path.with_name(f"{name.split('.')[0]}.py") for name in names)


def compute_all(
    course: Course,
    assignment: str,
    tables: Tables,
    runs: Sequence[Run],
    *,
    jobs: int = 1,
    store: Store | None = None,
    on_run: Callable[[int, int], None] = lambda _done, _all: None,
) -> dict[Run, Yield]:
    """What every run yields, in the order asked for; what is stored is not run again.

    The first runs are made in this process; workers, one thread each, only start where much remains. A run does not depend
    on where it is made, so the result is the same whatever `jobs`.
    """
    found = {run: kept for run in runs if store and (kept := store.read(run)) is not None}

    def done(run: Run, yields: Yield) -> None:
        found[run] = yields
        if store:
            store.write(run, yields)
        on_run(len(found), len(runs))

    todo = [run for run in dict.fromkeys(runs) if run not in found]
    on_run(len(found), len(runs))
    started = time.monotonic()
    while todo and (jobs == 1 or _remaining_s(started, len(found), len(todo)) < POOL_AFTER_S):
        done(todo[0], compute(course, assignment, tables, todo[0]))
        todo = todo[1:]
    if todo:
        with (
            _one_thread_each(),
            ProcessPoolExecutor(
                jobs, get_context("spawn"), initializer=_start_worker, initargs=(course, assignment)
            ) as pool,
        ):
            futures = {pool.submit(_compute_in_worker, run): run for run in todo}
            try:
                for future in as_completed(futures):
                    done(futures[future], future.result())
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return {run: found[run] for run in runs}


def _remaining_s(started: float, done: int, todo: int) -> float:
    return (time.monotonic() - started) / max(1, done) * todo


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Workers read these when they load NumPy; two threads each would only wait for one another."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
