"""What a notebook can do as it can in Jupyter, and what it cannot do to the rest of its own recording."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from msgspec.structs import replace

from coteja.model.recording import CounterfactualPlan
from coteja.model.values import NoValue


def _all_may_read(program: str) -> bool:
    return all(p.stat().st_mode & 0o5 == 0o5 for p in Path(program).resolve().parents)


LOOP = "while True: pass"
STUBBORN = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"


# ------------------------------------------------------------------------------------------ as in Jupyter


def test_magics_shell_commands_and_top_level_await_work(each_box: Any) -> None:
    seen = each_box.run(
        "%time a = 1",
        "%%timeit -n1 -r1\npass",
        "%%writefile notes.txt\nhola",
        "print(open('notes.txt').read())",
        "import asyncio\nb = await asyncio.sleep(0, 7)",
        "name = 'mundo'\n!echo hola {name}",
        "c = !echo uno; echo dos",
        "%env COLOUR=blue\n%matplotlib inline\n%load_ext autoreload\n%autoreload 2",
        read="a b c",
    )
    assert set(seen.statuses) == {"ok"}
    assert (seen.value("a"), seen.value("b"), seen.value("c")) == (1, 7, ["uno", "dos"])
    assert "Wall time" in seen.text(0)
    assert seen.text(3) == "hola\n\n"
    assert seen.text(5).strip() == "hola mundo"


def test_outputs_are_those_that_jupyter_would_have_saved(box: Any) -> None:
    seen = box.run(
        "1 + 1",
        "from IPython.display import HTML, clear_output, display\nHTML('<b>x</b>')",
        "h = display('first', display_id=True)",
        "h.update('second')",
        "print('gone'); clear_output(); print('stays')",
        "import os, sys, subprocess\nos.system('echo from C')\nprint('later', file=sys.stderr)\n_ = subprocess.run(['echo', 'from a child'])",
        "1/0",
        "None;",
    )
    assert seen.data(0) == [{"text/plain": "2"}]
    assert seen.data(1)[0]["text/html"] == "<b>x</b>"
    assert seen.data(2) == [{"text/plain": "'second'"}]
    assert seen.text(4) == "stays\n"
    assert seen.text(5) == "from C\nfrom a child\n"
    assert seen.text(5, "stderr") == "later\n"
    error = seen.cell(6).error
    assert (error.name, error.value) == ("ZeroDivisionError", "division by zero")
    assert "ZeroDivisionError" in error.traceback
    nbformat.validate(seen.notebook)


def test_every_cell_runs_after_an_error_and_warnings_do_no_harm(box: Any) -> None:
    seen = box.run(
        "import warnings, logging, sys",
        "warnings.warn('old'); logging.warning('x'); print('GPU not found', file=sys.stderr)",
        "raise ValueError('x')",
        "def broken(:",
        "a = 5",
        read="a",
    )
    assert seen.statuses == ["ok", "ok", "error", "error", "ok"]
    assert seen.cell(3).error.name == "SyntaxError"
    assert seen.value("a") == 5
    assert seen.recording.status == "complete"


def test_input_is_refused_at_once(box: Any) -> None:
    seen = box.run(
        "name = input('¿Cómo te llamas? ')", "import getpass; getpass.getpass()", "a = 1", read="a"
    )
    assert [c.error.name for c in seen.recording.cells[:2]] == ["StdinNotImplementedError"] * 2
    assert seen.value("a") == 1
    assert seen.recording.seconds < 1.5


def test_a_cell_that_was_moved_up_is_run_again_at_the_end(box: Any) -> None:
    seen = box.run("total = sum(costs)", "costs = [1, 2, 3]", "print(nowhere)", read="total")
    assert seen.statuses == ["ok", "ok", "error"]
    assert seen.value("total") == 6


def test_figures_of_cells_run_again_stay_with_their_question(box: Any) -> None:
    plot = "import matplotlib.pyplot as plt\nplt.plot(data); plt.title({!r})"
    seen = box.run_questions(
        {"q1": [plot.format("one")], "q2": [plot.format("two"), "data = [1, 2]"]},
        read={},
        figures={"q1": "first", "q2": "second"},
    )
    assert [axes["title"] for axes in seen.value("first")] == ["one"]
    assert [axes["title"] for axes in seen.value("second")] == ["two"]


def test_artefacts_are_taken_after_their_question_and_not_at_the_end(box: Any) -> None:
    seen = box.run_questions(
        {"q1": ["a = 1", "b = 1"], "q2": ["a = 2", "c = a"]}, read={"q1": "a b late", "q2": "c"}
    )
    assert (seen.value("a"), seen.value("b"), seen.value("c")) == (1, 1, 2)
    assert seen.value("late") == NoValue("missing")
    seen = box.run_questions({"q1": ["a = 1"], "q2": ["late = 3"]}, read={"q1": "a late"})
    assert seen.value("late") == 3


# ------------------------------------------------------------------------------------------ figures

PLOT = "fig, ax = plt.subplots()\nax.plot([1, 2], [3, 4], label='l'); ax.set_xlabel('x'); ax.set_title('t'); ax.legend()"


@pytest.mark.parametrize(
    "code",
    [
        "%matplotlib inline\n" + PLOT,
        PLOT + "\nplt.show()",
        PLOT + "\nplt.close('all')",
        PLOT + "\nfig.savefig('x.png')\nfig = None",
        "plt.plot([1, 2], [3, 4], label='l'); plt.xlabel('x'); plt.title('t'); plt.legend(); plt.show()",
        "matplotlib.use('agg')\n" + PLOT,
        PLOT + "\nwanted = fig",
        PLOT + "\nwanted = ax\nplt.figure()",
        PLOT + "\nwanted = [fig, ax]",
        "plt.rcdefaults()\n" + PLOT + "\nplt.show()\nwanted = fig",
    ],
)
def test_a_figure_is_seen_however_it_was_made(box: Any, code: str) -> None:
    seen = box.run("import matplotlib, matplotlib.pyplot as plt", code, figures="wanted")
    assert seen.statuses == ["ok", "ok"]
    (axes,) = seen.value("wanted")
    assert (axes["title"], axes["xlabel"], axes["legend"]) == ("t", "x", ["l"])
    np.testing.assert_array_equal(axes["lines"][0]["y"], [3, 4])


def test_inline_figures_are_in_the_notebook_and_subplots_are_all_seen(box: Any) -> None:
    seen = box.run(
        "import matplotlib.pyplot as plt\nfig, axs = plt.subplots(2, 2)\nfor i, a in enumerate(axs.flat): a.set_title(str(i))",
        "1",
        figures="axs",
    )
    assert [axes["title"] for axes in seen.value("axs")] == ["0", "1", "2", "3"]
    assert "image/png" in seen.data(0)[0]


# ------------------------------------------------------------------------------------------ loops, ends, floods


def test_an_endless_loop_is_interrupted_and_the_rest_runs(each_box: Any) -> None:
    seen = each_box.run("a = 1", LOOP, "b = 2", read="a b")
    assert seen.statuses == ["ok", "timeout", "ok"]
    assert seen.cell(1).error.name == "KeyboardInterrupt"
    assert (seen.value("a"), seen.value("b")) == (1, 2)
    assert seen.recording.seconds < 3


def test_whatever_waits_is_interrupted(box: Any, make_plan: Any) -> None:
    waits = [
        "import time; time.sleep(60)",
        "import asyncio; await asyncio.sleep(60)",
        "import subprocess; subprocess.run(['sleep', '60'])",
        "!sleep 60",
        "import threading; threading.Event().wait()",
    ]
    for seen in box.run_plans(
        *(make_plan({"q1": [w, "a = 1"]}, read={"q1": "a"}, figures={}) for w in waits)
    ):
        assert seen.statuses[1] == "ok"
        assert seen.value("a") == 1
        assert seen.recording.seconds < 6


def test_what_ignores_the_interrupt_is_ended_and_the_rest_runs_without_it(box: Any, make_plan: Any) -> None:
    loops = [
        STUBBORN,
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + LOOP,
        "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [2])\n" + LOOP,
        "import re\nre.match('(a+)+$', 'a' * 40 + 'b')",
    ]
    plans = [make_plan({"q1": ["a = 1", loop, "b = 2"]}, read={"q1": "a b"}, figures={}) for loop in loops]
    for seen in box.run_plans(*plans):
        assert seen.statuses == ["ok", "timeout", "ok"]
        assert (seen.value("a"), seen.value("b")) == (1, 2)


@pytest.mark.parametrize(
    "code", ["exit()", "quit()", "exit", "import sys; sys.exit()", "raise SystemExit(3)"]
)
def test_a_polite_exit_ends_nothing(each_box: Any, code: str) -> None:
    seen = each_box.run("a = 1", code, "import time; time.sleep(0.3)", "b = 2", read="a b")
    assert seen.statuses[2:] == ["ok", "ok"]
    assert (seen.value("a"), seen.value("b")) == (1, 2)


@pytest.mark.parametrize(
    "code",
    [
        "import os; os._exit(0)",
        "import os; os.abort()",
        "import ctypes; ctypes.string_at(0)",
        "import os; os.closerange(3, 999)",
    ],
)
def test_a_process_that_ends_costs_its_cell_alone(each_box: Any, code: str) -> None:
    seen = each_box.attack(code)
    assert seen.statuses[0] == seen.statuses[2] == "ok"
    assert seen.statuses[1] in ("died", "timeout")
    assert seen.cell(1).error.name == "ProcessEnded"
    assert (seen.value("before"), seen.value("after")) == (1, 2)
    assert seen.recording.status == "cut_short"


def test_three_deadly_cells_cost_three_cells(box: Any) -> None:
    seen = box.run("a = 1", *["import os; os._exit(0)"] * 3, "b = 2", read="a b")
    assert seen.statuses == ["ok", "died", "died", "died", "ok"]
    assert (seen.value("a"), seen.value("b")) == (1, 2)


def test_a_notebook_that_takes_too_long_keeps_what_it_had(box: Any) -> None:
    sleep = "import time; time.sleep(0.9)"
    seen = box.within(notebook_s=3).run_questions(
        {"q1": ["a = 1", sleep, sleep], "q2": ["b = 2"], "q3": ["import os; os._exit(0)", sleep, "c = 3"]},
        read={"q1": "a", "q2": "b", "q3": "c"},
    )
    assert (seen.value("a"), seen.value("b")) == (1, 2)
    assert seen.recording.status == "cut_short"
    assert seen.recording.seconds < 5
    assert seen.statuses == ["ok", "ok", "ok", "ok", "died", "not_run", "not_run"]


@pytest.mark.parametrize(
    "hopeless", [LOOP, STUBBORN, "import os; os._exit(0)"], ids=["loop", "stubborn", "end"]
)
def test_a_cell_that_never_ended_is_left_out_of_the_run_under_other_parameters(
    box: Any, make_plan: Any, hopeless: str
) -> None:
    cells = {"q1": ["first = 2", f"tried = 'reached'\n{hopeless}", "total = first + 3"]}
    plan = make_plan(cells, read={"q1": "tried total"}, figures={})
    (question,) = plan.questions
    other = CounterfactualPlan(
        name="another_first",
        question="q1",
        parameters={"first": 40},
        assignments="first = 40",
        artefacts=question.artefacts,
    )
    given = (replace(plan.cells[0], parameters=True), *plan.cells[1:])
    (seen,) = box.within(cell_s=1).run_plans(replace(plan, cells=given, counterfactuals=(other,)))
    again = seen.recording.counterfactuals["another_first"]
    assert seen.statuses == ["ok", "died" if "exit" in hopeless else "timeout", "ok"]
    assert seen.value("total") == 5
    assert again.artefacts == {"tried": NoValue("missing"), "total": 43}
    assert again.failure == ""


def test_half_a_question_is_looked_at_when_time_is_over(box: Any) -> None:
    work = "a = 1\ndef f(): return 2"
    seen = box.within(notebook_s=0.5).run(
        work, "import time; time.sleep(0.6)", "b = 1", read="a b", calls=[[("f", ())]]
    )
    assert seen.statuses == ["ok", "timeout", "timeout"]
    assert seen.value("a") == 1
    assert seen.probe().results[0][0].value == 2
    assert seen.value("b") == NoValue("missing")


def test_a_gigabyte_of_print_is_cut_and_costs_nothing(each_box: Any) -> None:
    seen = each_box.attack("line = 'x' * 1_000_000\nfor _ in range(1000): print(line)")
    assert seen.statuses == ["ok", "ok", "ok"]
    assert len(seen.text(1)) < 1_100_000
    assert seen.text(1).endswith("[...]\n")


def test_a_flood_of_small_prints_keeps_its_cell(box: Any) -> None:
    seen = box.run("for i in range(10_000): print(i, end='\\r', flush=True)", "a = 1", read="a")
    assert seen.statuses == ["ok", "ok"]
    assert seen.text(0).endswith("9999\r")
    assert len(seen.notebook.cells[0].outputs) < 800


@pytest.mark.parametrize(
    "code",
    [
        "import os\nwhile True: os.write(1, b'x' * 65536)",
        "!yes",
        "from IPython.display import display\nwhile True: display('x' * 5000)",
    ],
    ids=["descriptor", "yes", "display"],
)
def test_a_flood_past_the_streams_ends(box: Any, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("client", "record"):  # the flood and a busy machine slow down the interrupt, too
        monkeypatch.setattr(f"coteja.recording.{module}.GRACE_S", 15.0)
    seen = box.attack(code)
    assert (seen.value("before"), seen.value("after")) == (1, 2)
    assert seen.statuses[1] in ("timeout", "died", "ok")  # IPython has `!cmd` end well when interrupted
    assert len(nbformat.writes(seen.notebook)) < 12 << 20


@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np; x = np.ones(30 << 27)",
        "x = bytearray(30 << 30)",
        "import numpy as np; x = []\nwhile True: x.append(np.empty(1 << 23))",
    ],
    ids=["array", "bytes", "bit by bit"],
)
def test_thirty_gigabytes_are_a_memory_error(each_box: Any, code: str) -> None:
    seen = each_box.attack(code)
    assert seen.cell(1).error.name in ("MemoryError", "_ArrayMemoryError")
    assert (seen.value("before"), seen.value("after")) == (1, 2)


def test_a_full_disk_is_an_error_or_an_end(each_box: Any) -> None:
    seen = each_box.attack(
        "for i in range(100):\n    with open(f'f{i}', 'wb') as f: f.write(b'x' * (4 << 20))\nimport time; time.sleep(1.5)"
    )
    assert seen.statuses[1] in ("error", "died")
    assert (seen.value("before"), seen.value("after")) == (1, 2)


def test_a_fork_bomb_is_bounded(each_box: Any) -> None:
    bomb = "import os, time\nchildren = 0\ntry:\n    for children in range(500):\n        if os.fork() == 0:\n            time.sleep(30); os._exit(0)\nexcept OSError: pass"
    seen = each_box.attack(bomb, read="children")
    assert seen.value("children") < 70


def test_threads_tasks_and_subprocesses_that_go_on_do_not_disturb(each_box: Any) -> None:
    seen = each_box.run(
        "import threading, time, asyncio, subprocess, sys\nstate = {}\n"
        "def busy():\n    n = 0\n    while True:\n        n += 1; state[n % 1000] = n; print(n)\n"
        "threading.Thread(target=busy, daemon=True).start()",
        "async def later():\n    while True:\n        await asyncio.sleep(0.001); state['task'] = 1\ntask = asyncio.get_running_loop().create_task(later())",
        "p = subprocess.Popen(['sleep', '100'])\nq = subprocess.Popen([sys.executable, '-c', 'while True: print(1)'], close_fds=False)",
        "import os\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(100)",
        "a = 1\nawait asyncio.sleep(0.05)",
        "def f(x): return x + 1",
        read="a state",
        calls=[[("f", (1,))]],
    )
    assert seen.value("a") == 1
    assert isinstance(seen.value("state"), dict)
    assert seen.probe().results[0][0].value == 2
    each_box.is_well()


# ------------------------------------------------------------------------------------------ one by one


def test_two_submissions_at_once_do_not_see_each_other(each_box: Any, make_plan: Any) -> None:
    leave = (
        "import os, time, builtins, tempfile, numpy as np\nopen('mine.txt', 'w').write('ana')\n"
        "open(os.path.expanduser('~/mine.txt'), 'w').write('ana'); open(tempfile.gettempdir() + '/mine.txt', 'w').write('ana')\n"
        "os.environ['MINE'] = 'ana'; builtins.mine = 'ana'; np.mine = 'ana'; mine = 'ana'; time.sleep(0.5)"
    )
    look = (
        "import os, time, builtins, tempfile, numpy as np\ntime.sleep(0.25)\n"
        "found = [os.listdir('.'), os.listdir(os.path.expanduser('~')), os.path.exists(tempfile.gettempdir() + '/mine.txt'),\n"
        "         'MINE' in os.environ, hasattr(builtins, 'mine'), hasattr(np, 'mine'), 'mine' in globals()]"
    )
    nobody, somebody, again = (
        make_plan({"q1": [code]}, read={"q1": "found"}, figures={}) for code in (leave, look, look)
    )
    for found in (each_box.run_plans(nobody, somebody)[1], *each_box.run_plans(again)):
        here, home, *others = found.value("found")
        assert "mine.txt" not in here + home
        assert others == [False] * 5


def test_random_numbers_differ_from_child_to_child(box: Any) -> None:
    code = "import numpy as np, random\na = [np.random.rand(), random.random(), np.random.default_rng().random()]"
    first, second = (box.run(code, read="a").value("a") for _ in range(2))
    assert all(x != y for x, y in zip(first, second, strict=True))


def test_probes_call_functions_with_inputs_of_their_own(box: Any) -> None:
    seen = box.run(
        "import numpy as np\ndef twice(x):\n    x *= 2\n    return x",
        "class Net:\n    def forward(self, x): return {'a': x, 'f': lambda: 1}\nnet = Net()",
        "class Trap:\n    def __getattr__(self, name): return {}[name]\ntrap = Trap()",
        calls=[
            [("twice", (np.arange(3.0),)), ("twice", ({"$step": 0},))],
            [("forward", (1,)), ("twice", ({"$step": 0, "$item": "a"},))],
            [("twice", ("x", "y")), ("twice", ({"$step": 0},))],
        ],
    )
    first, second, third = seen.probe().results
    np.testing.assert_array_equal(first[1].value, [0, 4, 8])
    assert second[0].value["f"].kind == "function"
    assert second[1].value == 2
    assert third[0].error.name == "TypeError"
    assert third[1].error == third[0].error


def test_probes_of_functions_that_are_not_there_say_so(box: Any) -> None:
    assert box.run("a = 1", calls=[[("nowhere", (1,))]]).probe().missing == ("nowhere",)


def test_inputs_differ_from_submission_to_submission(course: Any) -> None:
    from coteja.grading.lab import load_lab

    lab = load_lab(course, "two-layer-network")
    first, second, again = (lab.draw(seed) for seed in (1, 2, 1))
    assert repr(first) != repr(second)
    assert repr(first) == repr(again)


def test_nothing_is_kept_from_one_recording_to_the_next(box: Any, open_files: None) -> None:
    for _ in range(4):
        box.run("a = list(range(10))", "import os; os._exit(0)", read="a")
    assert box.recorder._template._forked == box.recorder._template._ends == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="we are an ordinary user already")
@pytest.mark.skipif(not _all_may_read(sys.executable), reason="this interpreter is root's alone")
@pytest.mark.parametrize("rung", ["best", "landlock"])
def test_an_ordinary_user_can_record(rung: str) -> None:
    script = (
        "import asyncio, json, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from conftest import Box\n"
        "box = Box(sys.argv[2])\n"
        "seen = box.attack('import os; os._exit(0)')\n"
        "shell = box.run('!echo hola')\n"
        "print(json.dumps([seen.recording.isolation.rung, seen.statuses, seen.value('after'), shell.text(0).strip()]))\n"
        "box.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(Path(__file__).parent), rung],
        user=65534,
        group=65534,
        extra_groups=[],
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    if "could reach" in done.stderr:
        pytest.skip(done.stderr.strip().splitlines()[-1])
    assert done.stdout, done.stderr
    _rung, statuses, after, echoed = json.loads(done.stdout)
    assert (statuses, after, echoed) == (["ok", "died", "ok"], 2, "hola")


def test_processes_that_are_too_large_only_together_are_ended(each_box: Any) -> None:
    greedy = (
        "import os, time\n"
        "for _ in range(5):\n"
        "    if os.fork() == 0:\n"
        "        held = bytearray(b'x') * (300 << 20)\n"
        "        time.sleep(20)\n"
        "        os._exit(0)\n"
        "time.sleep(20)"
    )
    seen = each_box.within(cell_s=15).run("x = 1", greedy, "y = 2", read="x y")
    assert seen.statuses == ["ok", "died", "ok"]
    assert (seen.value("x"), seen.value("y")) == (1, 2)
    assert seen.cell(1).seconds < 10
