"""Runs the gallery of hostile notebooks and writes docs/attacks.json, docs/attacks.md and docs/attacks.es.md.

    python tools/attack_matrix.py                    every attack on every rung that this machine has
    python tools/attack_matrix.py --peers PYTHON     and those in PEERS with nbgrader and otter-grader, which PYTHON has
    python tools/attack_matrix.py --no-rungs ...     leaves the rungs as they were measured last; with no --peers either,
                                                     only the pages are written

What was not measured again stays as it was. tests/attacks/test_matrix.py holds the pages against the gallery.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
sys.path.insert(0, str(ROOT / "tests" / "attacks"))

from arena import EPILOGUE, FULL, PRELUDE, Attack, gallery, live_markup  # noqa: E402
from marked import RUNGS, Marked, NoSuchRungError, mark_gallery  # noqa: E402

import coteja  # noqa: E402

Data = dict[str, Any]
TOOLS = {"nbgrader": "nbgrader", "otter": "otter-grader"}
KINDS = ("cheat", "theft", "injection", "escape", "harm")
TIMEOUT_S = 180
#: Attacks that cannot harm the machine that they are run on without walls, and say something about other graders.
PEERS = frozenset((
    "always_equal", "claims_its_mark", "dropped_lines", "dropped_nodes", "ends_the_process", "frame_walking", "gc_hunt",
    "lying_subclass", "patched_display", "patched_grader_classes", "patched_numpy", "reads_siblings", "reads_the_course",
    "reads_the_environment", "reads_the_gradebook", "reads_the_tests", "results_that_run_code", "rewritten_tests",
    "scripts_in_outputs", "scripts_in_written_answers", "shadowed_builtins", "skipped_cells", "solution_from_the_course",
    "stubbed_kernel", "swallowed_errors", "typed_in", "writes_to_the_gradebook",
))  # fmt: skip
#: The rest of the machine read-only, a /tmp and processes of its own: for what has no walls. $1 is its place.
ALONE = """
set -e
place=$1; shift
mount --bind "$place" /mnt
mount -t tmpfs tmpfs /tmp
mkdir -p "$place"
mount --move /mnt "$place"
mount -o remount,bind,ro /
cd "$place"
exec "$@"
"""
UNSHARE = ("unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child", "--mount-proc", "--ipc")


# ---------------------------------------------------------------------------------------------------- measuring


def measure_rung(attacks: Sequence[Attack], rung: str) -> Data:
    """What each attack achieved on one rung, and what all of them left behind. Raises NoSuchRungError."""
    with mark_gallery(attacks, rung) as marked:
        arena = marked.arena
        left = {
            "processes": len(marked.processes),
            "files": len(marked.files),
            "changed": len(marked.changed),
            "connections": len(arena.connections),
            "evidence": len(marked.evidence.splitlines()),
        }
        return {"attacks": {a.name: achieved(marked, a) for a in attacks}, "left": left}


def achieved(marked: Marked, attack: Attack) -> Data:
    """What one attack achieved."""
    result = marked.result(attack.name)
    return {
        "points": result.points,
        "status": result.status,
        "won": len(marked.won(attack)),
        "stolen": len(marked.stolen(attack)),
        "live": len(marked.live(attack)),
    }


def measure_peer(tool: str, python: Path, attacks: Sequence[Attack]) -> Iterator[tuple[str, Data]]:
    """What each attack achieved with one of the other graders, run as its users run it."""
    with tempfile.TemporaryDirectory(prefix="attacked-") as folder:
        built = Path(folder) / "built"
        built.mkdir()
        _run_peer(python, built, "build", tool)
        honest = _attack_peer(tool, python, built, None)
        if honest["neighbour"] != FULL:
            raise SystemExit(
                f"{tool}: an honest notebook has {honest['neighbour']} of {FULL:g}; the comparison is void."
            )
        for attack in attacks:
            yield attack.name, _attack_peer(tool, python, built, attack)


def _attack_peer(tool: str, python: Path, built: Path, attack: Attack | None) -> Data:
    """One attack in a copy of the course of its own; with None only the honest neighbour is graded."""
    with tempfile.TemporaryDirectory(prefix="attacked-") as folder:
        place = Path(folder) / "place"
        shutil.copytree(built, place)
        job = place / "job.json"
        told = {"cells": attack.cells if attack else [], "tags": list(attack.tags) if attack else []}
        job.write_text(json.dumps({**told, "prelude": PRELUDE, "epilogue": EPILOGUE}))
        try:
            _run_peer(python, place, "attack", tool, str(job))
            found: Data = json.loads(job.with_suffix(".out").read_text())
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as fault:
            # The grader itself hangs or is gone: nobody has a mark.
            print(tool, attack.name if attack else "honest", fault, file=sys.stderr)
            found = {"score": None, "neighbour": None, "stolen": [], "won": [], "ran": False}
        pages = (place / "course" / "feedback" / "attacker").rglob("*.html")
        live = (
            attack is not None
            and attack.kind == "injection"
            and any(live_markup(p.read_text()) for p in pages)
        )
        found["won"] = [how.replace(str(place), "...") for how in found["won"]]
        return {**found, "live": live}


def _run_peer(python: Path, place: Path, what: str, tool: str, *more: str) -> None:
    home = place / "home"
    for name in ("home", "tmp"):
        (place / name).mkdir(exist_ok=True)
    env = {
        "PATH": f"{python.parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "TMPDIR": str(place / "tmp"),
        "MPLBACKEND": "agg",
        **{f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")},
        "IPYTHONDIR": str(home / "ipython"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "LANG": "C.UTF-8",
    }
    worker = [str(python), str(ROOT / "tools" / "attack_peers.py"), what, tool, str(place), *more]
    with (place / "worker.log").open("ab") as log:
        subprocess.run(
            [*UNSHARE, "sh", "-c", ALONE, "sh", str(place), *worker],
            env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=TIMEOUT_S, check=True,
        )  # fmt: skip


def described(python: Path | None, kept: Data) -> Data:
    """On what it was measured."""
    machine = {
        "date": datetime.now(UTC).date().isoformat(),
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "python": platform.python_version(),
        "coteja": coteja.__version__,
    }
    for tool in TOOLS.values() if python else ():
        code = f"import importlib.metadata as m; print(m.version({tool!r}))"
        machine[tool] = subprocess.run(
            [str(python), "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
    return {**kept, **machine}


# ---------------------------------------------------------------------------------------------------- the pages

TEXT: dict[str, dict[str, str]] = {
    "en": {
        "page": """\
# Attacks

[Español](attacks.es.md)

Every hostile notebook of the [gallery](../tests/attacks/gallery), each a real attack on planted secrets, marks, neighbours or the grader
itself. All run in `make test`, on every rung of the [ladder](isolation.md) that the machine has. Where one gets through on a rung, the table says
what that gives.

{summary}

Some were handed to nbgrader {nbgrader} and otter-grader {otter} too: the same cells in the same lab as those tools have it, hidden tests
with the same points, with their defaults (but 20 s a cell with nbgrader), beside an honest neighbour, in a throw-away folder
with the rest of the machine read-only. They have no walls of their own: what would harm the machine, or means nothing there, was not run.
These are the gallery's attacks as they stand: one that is blocked may get through when it is tailored to that grader. Neither runs a notebook again under other parameters, so there an answer counts
that was typed in.

Measured on {date}, {system}, Python {python}, Coteja {coteja}; `python tools/attack_matrix.py` measures again
([figures](attacks.json)). What was handed in as a file, links, pipes, archives and broken notebooks, is attacked in
[other tests](../tests/attacks/files.py).
""",
        "head": "| attack | what it tries | `namespaces` | `landlock` | nbgrader | otter-grader |",
        "all": "On `{rung}`, {closed} of {count} are blocked.",
        "no_rung": "`{rung}` was not to be had.",
        "through": "With {tool}, {open} of {count} get through.",
        "left": "Left behind on `{rung}`: {what}.",
        "kind_cheat": "marks that were not earned",
        "kind_theft": "what is nobody's business",
        "kind_injection": "into what others read",
        "kind_escape": "out of the sandbox",
        "kind_harm": "harm to the grader and to others",
        "blocked": "blocked",
        "not_run": "not run",
        "more": "**{score} of 10**, {deserved} deserved",
        "none": "**no mark**, {deserved} deserved",
        "no_mark": "blocked, with no mark at all",
        "stolen": "**reads** {what}",
        "tests": "the hidden tests",
        "solution": "the solution",
        "sibling": "another's work",
        "environment": "the environment",
        "ran": "**runs code in the grader**",
        "live": "**runs in the feedback page**",
        "won": "**gets through**",
        "neighbour": "**an honest neighbour has {score}**",
        "no_neighbour": "**an honest neighbour has no mark**",
        "open": "**open**",
    },
    "es": {
        "page": """\
# Ataques

[English](attacks.md)

Cada cuaderno hostil de la [galería](../tests/attacks/gallery) es un ataque real contra secretos plantados, notas, compañeros o el propio
calificador. Todos se ejecutan en `make test`, en cada peldaño de la [escalera](isolation.es.md) que tenga la máquina. Donde
alguno logra algo en un peldaño, la tabla dice qué.

{summary}

Algunos se entregaron también a nbgrader {nbgrader} y a otter-grader {otter}: las mismas celdas en el mismo laboratorio, hecho a la manera de
esas herramientas, con pruebas ocultas que valen los mismos puntos, con su configuración de fábrica (pero 20 s por celda en nbgrader), junto a un
compañero honesto, en una carpeta desechable y con el resto de la máquina en solo lectura. No tienen barreras propias: lo que dañaría la máquina, o allí no significa nada, no se ejecutó. Ninguna ejecuta el cuaderno
otra vez con otros parámetros, así que allí una respuesta escrita a mano cuenta. Son los ataques de la galería tal como están: uno bloqueado puede tener
éxito si se adapta a ese calificador.

Medido el {date}, {system}, Python {python}, Coteja {coteja}; `python tools/attack_matrix.py` vuelve a medir ([cifras](attacks.json)). Lo que
se entrega como archivo (enlaces, tuberías, archivos comprimidos, cuadernos rotos) se ataca en [otras pruebas](../tests/attacks/files.py).
""",
        "head": "| ataque | qué intenta | `namespaces` | `landlock` | nbgrader | otter-grader |",
        "all": "En `{rung}` se bloquean {closed} de {count}.",
        "no_rung": "No hubo `{rung}`.",
        "through": "Con {tool} logran su fin {open} de {count}.",
        "left": "Quedó algo en `{rung}`: {what}.",
        "kind_cheat": "notas no merecidas",
        "kind_theft": "lo que a nadie le incumbe",
        "kind_injection": "hacia lo que otros leen",
        "kind_escape": "fuera del aislamiento",
        "kind_harm": "daño al calificador y a otros",
        "blocked": "bloqueado",
        "not_run": "no se ejecutó",
        "more": "**{score} de 10**, merecía {deserved}",
        "none": "**sin nota**, merecía {deserved}",
        "no_mark": "bloqueado, sin ninguna nota",
        "stolen": "**lee** {what}",
        "tests": "las pruebas ocultas",
        "solution": "la solución",
        "sibling": "el trabajo de otro",
        "environment": "el entorno",
        "ran": "**ejecuta código en el calificador**",
        "live": "**se ejecuta en la página de comentarios**",
        "won": "**lo logra**",
        "neighbour": "**un compañero honesto tiene {score}**",
        "no_neighbour": "**un compañero honesto queda sin nota**",
        "open": "**abierto**",
    },
}  # fmt: skip


def is_open(attack: Attack, found: Mapping[str, Any]) -> bool:
    """Whether an attack got through on a rung."""
    earned = (found["points"], found["status"]) == (attack.points, attack.status)
    return not earned or any(found[key] for key in ("won", "stolen", "live"))


def on_rung(attack: Attack, rung: str, data: Data, language: str) -> str:
    """One cell of the table, for a rung."""
    say, measured = TEXT[language], data["rungs"].get(rung)
    if measured is None:
        return say["not_run"]
    if not is_open(attack, measured["attacks"][attack.name]):
        return say["blocked"]
    return attack.open_on.get(rung, {}).get(language, say["open"])


def gets_through(attack: Attack, found: Mapping[str, Any]) -> bool:
    """Whether an attack achieved anything with another grader: no mark is a harm only where some was deserved."""
    deserved, score = attack.points or 0.0, found["score"]
    off = deserved > 0 if score is None else abs(score - deserved) > 1e-6
    return off or found["neighbour"] != FULL or any(found[key] for key in ("stolen", "ran", "live", "won"))


def under_peer(attack: Attack, tool: str, data: Data, language: str) -> str:
    """One cell of the table, for another grader."""
    say, found = TEXT[language], data["peers"].get(tool, {}).get(attack.name)
    if found is None:
        return say["not_run"]
    deserved, score = attack.points or 0.0, found["score"]
    parts = []
    if score is None:
        parts += [say["none"].format(deserved=f"{deserved:g}")] if deserved else []
    elif abs(score - deserved) > 1e-6:
        parts.append(say["more"].format(score=f"{score:g}", deserved=f"{deserved:g}"))
    if found["stolen"]:
        parts.append(say["stolen"].format(what=", ".join(say[name] for name in found["stolen"])))
    parts += [say[key] for key in ("ran", "live", "won") if found[key]]
    if found["neighbour"] is None:
        parts.append(say["no_neighbour"])
    elif found["neighbour"] != FULL:
        parts.append(say["neighbour"].format(score=f"{found['neighbour']:g}"))
    return "; ".join(parts) or say["no_mark" if score is None else "blocked"]


def page(data: Data, attacks: Sequence[Attack], language: str) -> str:
    """One whole page."""
    say = TEXT[language]
    summary = []
    for rung in RUNGS:
        if measured := data["rungs"].get(rung):
            closed = sum(not is_open(a, measured["attacks"][a.name]) for a in attacks)
            summary.append(say["all"].format(rung=rung, closed=closed, count=len(attacks)))
            left = ", ".join(f"{what} {number}" for what, number in measured["left"].items() if number)
            summary += [say["left"].format(rung=rung, what=left)] if left else []
        else:
            summary.append(say["no_rung"].format(rung=rung))
    for tool, name in TOOLS.items():
        ran = [a for a in attacks if a.name in data["peers"].get(tool, {})]
        through = sum(gets_through(a, data["peers"][tool][a.name]) for a in ran)
        summary.append(say["through"].format(tool=name, open=through, count=len(ran)))
    machine = data["machine"]
    told = {"nbgrader": machine.get("nbgrader", "-"), "otter": machine.get("otter-grader", "-")}
    text = say["page"].format(**{**machine, **told}, summary="\n".join(f"- {line}" for line in summary))
    rows = [say["head"], "|---|---|---|---|---|---|"]
    for kind in KINDS:
        rows.append(f"| **{say[f'kind_{kind}']}** | | | | | |")
        for attack in (a for a in attacks if a.kind == kind):
            tries = attack.tries if language == "en" else attack.intenta
            cells = [on_rung(attack, rung, data, language) for rung in RUNGS]
            cells += [under_peer(attack, tool, data, language) for tool in TOOLS]
            link = f"[{attack.name}](../tests/attacks/gallery/{attack.name}.py)"
            rows.append(f"| {link} | {tries.replace('|', ' ')} | {' | '.join(cells)} |")
    return f"{text}\n" + "\n".join(rows) + "\n"


def stored() -> Data:
    """What was measured last."""
    path = DOCS / "attacks.json"
    found: Data = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return {"machine": {}, "rungs": {}, "peers": {}} | found


def store(data: Data, attacks: Sequence[Attack]) -> None:
    """Write the figures, without attacks that are no longer in the gallery, and both pages."""
    names = {attack.name for attack in attacks}
    for found in (*(rung["attacks"] for rung in data["rungs"].values()), *data["peers"].values()):
        for name in found.keys() - names:
            del found[name]
    (DOCS / "attacks.json").write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", "utf-8")
    for language, name in (("en", "attacks.md"), ("es", "attacks.es.md")):
        (DOCS / name).write_text(page(data, attacks, language), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--peers", type=Path, metavar="PYTHON", help="an interpreter that has nbgrader and otter-grader"
    )
    parser.add_argument(
        "--attack", action="append", metavar="NAME", help="with --peers: this attack only (repeatable)"
    )
    parser.add_argument("--rungs", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    attacks, data = gallery(), stored()
    python = options.peers.absolute() if options.peers else None  # not resolved: a venv's is a link
    if options.rungs:
        data["rungs"] = {}
        for rung in RUNGS:
            try:
                data["rungs"][rung] = measure_rung(attacks, rung)
            except NoSuchRungError as fault:
                print(f"{rung}: {fault}", file=sys.stderr)
    for tool in TOOLS if python else ():
        chosen = [
            a
            for a in attacks
            if a.name in PEERS and tool in a.peers and (not options.attack or a.name in options.attack)
        ]
        for name, found in measure_peer(tool, python, chosen):
            print(tool, name, found, flush=True)
            data["peers"].setdefault(tool, {})[name] = found
            data["machine"] = described(python, data["machine"])
            store(data, attacks)  # it takes long, and can be cut off
    if options.rungs or python:
        data["machine"] = described(python, data["machine"])
    store(data, attacks)


if __name__ == "__main__":
    main()
