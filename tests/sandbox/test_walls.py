"""The walls as their callers see them: which rung, what a child gets, what is left when it is dead."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="walls need Linux")

REAL_ROOT = sys.platform == "linux" and os.geteuid() == 0
RUNGS = ("namespaces", "landlock")
USERS = pytest.mark.parametrize(
    "ordinary", [pytest.param(False, id="root", marks=pytest.mark.skipif(not REAL_ROOT, reason="not root")),
                 pytest.param(True, id="user")]
)  # fmt: skip
EACH_RUNG = pytest.mark.parametrize("rung", RUNGS)
ALIVE = "report('alive')"


def behind(run_behind: Any, pieces: dict[str, str], **options: Any) -> Any:
    result = run_behind(pieces, **options)
    if result.error and options.get("rung") in RUNGS:
        pytest.skip(result.error)
    return result


@USERS
def test_the_best_rung_here_runs_a_child(run_behind: Any, ordinary: bool) -> None:
    result = behind(run_behind, {"alive": ALIVE}, ordinary=ordinary)
    assert result.rung != "none", result.reasons
    assert result.said("alive") == "alive"


@USERS
def test_without_namespaces_the_landlock_rung_is_taken_and_the_reason_given(
    run_behind: Any, ordinary: bool
) -> None:
    result = behind(run_behind, {"alive": ALIVE}, ordinary=ordinary, deny_namespaces=True)
    assert result.rung == "landlock"
    assert "EPERM" in result.reasons["namespaces"]
    assert result.said("alive") == "alive"


def test_a_forced_rung_that_cannot_be_had_is_an_error_in_a_sentence(run_behind: Any) -> None:
    result = run_behind({"alive": ALIVE}, rung="namespaces", deny_namespaces=True)
    assert "'namespaces' was asked for but cannot be had" in result.error
    assert "EPERM" in result.error
    assert "doctor" in result.error


def test_an_unknown_rung_is_an_error(run_behind: Any) -> None:
    assert "Unknown rung 'bunker'" in run_behind({"alive": ALIVE}, rung="bunker").error


def test_the_lowest_rung_gives_a_directory_and_limits(run_behind: Any) -> None:
    result = run_behind({"disk": "import os; open('x', 'w').close(); report(os.listdir())"}, rung="none")
    assert result.rung == "none"
    assert result.said("disk") == ["x"]


@EACH_RUNG
@USERS
def test_a_child_can_write_in_each_of_its_places_and_import_lazily(
    run_behind: Any, rung: str, ordinary: bool
) -> None:
    code = """
import os, tempfile, colorsys
for folder in (place.work, place.home, place.tmp):
    with open(f"{folder}/mine", "w") as file:
        file.write("text")
    os.unlink(f"{folder}/mine")
with tempfile.TemporaryFile() as file:
    file.write(b"text")
report([os.getcwd() == place.work, os.path.expanduser("~") == place.home, os.listdir(".")])
"""
    result = behind(run_behind, {"write": code}, rung=rung, ordinary=ordinary)
    assert result.said("write") == [True, True, []]


@EACH_RUNG
@USERS
def test_a_child_can_start_programs_and_its_own_interpreter(
    run_behind: Any, rung: str, ordinary: bool
) -> None:
    code = """
import subprocess, sys
report([subprocess.check_output(["echo", "one"], text=True),
        subprocess.check_output([sys.executable, "-I", "-c", "import colorsys; print('two')"], text=True)])
"""
    result = behind(run_behind, {"start": code}, rung=rung, ordinary=ordinary)
    assert result.said("start") == ["one\n", "two\n"]


@USERS
def test_a_terminal_can_be_opened_for_a_command(run_behind: Any, ordinary: bool) -> None:
    code = "import os; a, b = os.openpty(); os.write(b, b'x'); report(os.read(a, 1).decode())"
    assert behind(run_behind, {"pty": code}, rung="namespaces", ordinary=ordinary).said("pty") == "x"


@EACH_RUNG
def test_only_the_kept_file_descriptors_stay_open(run_behind: Any, rung: str) -> None:
    hear, tell = os.pipe()
    try:
        code = f"""
import os
def is_open(fd):
    try: return bool(os.fstat(fd))
    except OSError: return False
os.write({tell}, b"x")
report([fd for fd in range(1024) if is_open(fd)])
"""
        result = behind(run_behind, {"fds": code}, rung=rung, keep=(tell,))
        assert select.select([hear], [], [], 1)[0]
        fds = result.said("fds")
        assert tell in fds
        assert len(fds) == 3  # standard error, the report's pipe, and ours
    finally:
        os.close(hear)
        os.close(tell)


@EACH_RUNG
def test_a_daemon_dies_with_its_child_and_nothing_is_left_on_disk(run_behind: Any, rung: str) -> None:
    daemon = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(20)
    os._exit(0)
os.wait()
for depth in range(30):
    os.mkdir("deep"); os.chdir("deep")
os.chmod(".", 0); report("left")
"""
    result = behind(run_behind, {"daemon": daemon, "next": ALIVE}, rung=rung)
    piece = result.pieces["daemon"]
    assert piece["said"] == ["left"]
    assert not piece["outlived"]
    assert piece["left"] == []
    assert piece["ms"] < 2000
    assert result.said("next") == "alive"


@EACH_RUNG
@pytest.mark.parametrize(
    "how", ["the guardian is asked to end", "the guardian is killed", "the trusted side dies"]
)
def test_everything_dies_when(run_behind: Any, driver: Any, rung: str, how: str) -> None:
    """The template, its child and a daemon all hold one pipe: its end says that they are gone."""
    behind(run_behind, {"alive": ALIVE}, rung=rung)  # skips where there is no such rung
    hear, tell = os.pipe()
    code = f"import os, time\nif os.fork() == 0: os.setsid()\nos.write({tell}, b'.')\ntime.sleep(20)"
    line = driver.command({"stay": code}, rung=rung, keep=(tell,))
    starter = """
import subprocess, sys, time
subprocess.Popen(sys.argv[2:], pass_fds=[int(sys.argv[1])])
time.sleep(20)
"""
    if how == "the trusted side dies":
        line = [sys.executable, "-I", "-c", starter, str(tell), *line]
    process = subprocess.Popen(line, env=driver.environment(), pass_fds=[tell], stdout=subprocess.DEVNULL)
    os.close(tell)
    try:
        for _ in range(2):
            assert select.select([hear], [], [], 5)[0], "the child did not start"
            os.read(hear, 1)
        (process.terminate if how == "the guardian is asked to end" else process.kill)()
        begun = time.monotonic()
        assert select.select([hear], [], [], 4)[0], "something lives on"
        assert os.read(hear, 1) == b""
        assert time.monotonic() - begun < 4
    finally:
        process.kill()
        process.wait()
        os.close(hear)


def test_a_disk_that_fills_is_seen_on_the_landlock_rung(run_behind: Any) -> None:
    code = "f = open('big', 'wb'); f.write(bytes(3 << 20)); f.flush(); report(1)"
    result = behind(run_behind, {"big": code, "small": ALIVE}, rung="landlock", disk_bytes=2 << 20)
    assert result.pieces["big"]["over_disk"]
    assert not result.pieces["small"]["over_disk"]


@EACH_RUNG
def test_the_canaries_measure_what_holds(run_behind: Any, scratch: str, rung: str) -> None:
    facts = canaries(run_behind, scratch, rung=rung)
    expected = dict.fromkeys(("files", "network", "processes", "disk", "memory", "kernel"), "ok") | {
        "daemon": True
    }
    if rung == "landlock":
        assert facts.pop("disk").startswith("open: ")
        del expected["disk"]
    assert facts == expected


@pytest.mark.skipif(not REAL_ROOT, reason="an ordinary user cannot do all of it even without a wall")
def test_the_canaries_see_a_missing_wall(run_behind: Any, scratch: str) -> None:
    facts = canaries(run_behind, scratch, rung="none", memory_bytes=1 << 50)
    open_areas = {area for area, said in facts.items() if str(said).startswith("open: ")}
    assert open_areas >= {"files", "network", "processes", "disk", "kernel"}


def canaries(run_behind: Any, scratch: str, *, rung: str, memory_bytes: int = 4 << 30) -> dict[str, Any]:
    hidden = Path(scratch) / "answers" / "hidden.txt"
    hidden.parent.mkdir(exist_ok=True)
    hidden.write_text("42")
    name = f"coteja-{os.getpid()}-{os.urandom(4).hex()}"
    hear, tell = os.pipe()
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as by_path, \
            socket.socket(socket.AF_UNIX) as abstract:  # fmt: skip
        by_path.bind(f"{scratch}/{name}")
        abstract.bind(f"\0{name}")
        for listener in (by_path, abstract):
            listener.listen()
        probe = {
            "hidden_file": str(hidden),
            "tcp_port": tcp.getsockname()[1],
            "abstract_socket": name,
            "unix_path": f"{scratch}/{name}",
            "parent_pid": os.getpid(),
            "disk_bytes": 256 << 20,
            "memory_bytes": 4 << 30,
            "daemon_fd": tell,
        }
        code = f"from coteja.sandbox.canaries import run_canaries; report(run_canaries({probe!r}))"
        result = behind(run_behind, {"canaries": code}, rung=rung, keep=(tell,), memory_bytes=memory_bytes)
    os.close(tell)
    assert select.select([hear], [], [], 2)[0], "the daemon lives on"
    os.close(hear)
    facts = result.said("canaries")
    assert isinstance(facts, dict), facts
    return facts


def test_the_filter_can_be_built_for_both_architectures(monkeypatch: pytest.MonkeyPatch) -> None:
    from coteja.sandbox import seccomp, syscalls

    for machine in ("x86_64", "aarch64"):
        monkeypatch.setattr(syscalls, "MACHINE", machine)
        for own in (True, False):
            program = seccomp.build(own_namespaces=own, own_uid=own)
            assert 100 < len(program) // 8 < 4096
    monkeypatch.setattr(syscalls, "MACHINE", "riscv64")
    with pytest.raises(OSError, match="riscv64"):
        seccomp.build(own_namespaces=True, own_uid=True)


@EACH_RUNG
@USERS
def test_an_interpreter_below_tmp_stays_visible_and_its_neighbours_do_not(
    run_behind: Any, scratch: str, rung: str, ordinary: bool
) -> None:
    """A tmpfs on /tmp would hide a virtual environment there; neighbouring files must be hidden."""
    library = Path(scratch) / "venv" / "lib"
    library.mkdir(parents=True, exist_ok=True)
    for path in (library / "module.py", Path(scratch) / "neighbour"):
        path.write_text("x = 1")
    code = f"""
import os
def attempt(path, flags=os.O_RDONLY):
    try: os.close(os.open(path, flags))
    except OSError: return False
    return True
report([attempt("{library}/module.py"), attempt("{library}/module.py", os.O_WRONLY),
        attempt("{library}/new", os.O_WRONLY | os.O_CREAT), attempt("{scratch}/neighbour")])
"""
    result = behind(run_behind, {"look": code}, rung=rung, ordinary=ordinary, more_read_only=(str(library),))
    assert result.said("look") == [True, False, False, False]


@EACH_RUNG
@pytest.mark.skipif(not REAL_ROOT, reason="an ordinary user cannot look into a closed directory of another")
def test_an_interpreter_in_somebodys_closed_home_can_be_used_by_root(
    run_behind: Any, scratch: str, rung: str
) -> None:
    home = Path(scratch) / "closed-home"
    library = home / "lib"
    library.mkdir(parents=True, exist_ok=True)
    (library / "module.py").write_text("x = 1")
    (home / "private").write_text("secret")
    os.chown(home, 65_432, 65_432)
    home.chmod(0o700)
    code = f"""
import os
def attempt(path):
    try: os.close(os.open(path, os.O_RDONLY))
    except OSError: return False
    return True
report([attempt("{library}/module.py"), attempt("{home}/private")])
"""
    result = behind(run_behind, {"look": code}, rung=rung, more_read_only=(str(library),))
    assert result.said("look") == [True, False]


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_than_on_linux_the_lowest_rung_says_why(platform: str, scratch: str) -> None:
    source = Path(__file__).parents[2] / "src"
    code = f"""
import sys; sys.platform = {platform!r}; sys.path.insert(0, {str(source)!r})
from coteja.sandbox import wall
outer = wall.raise_outer_wall(wall.WallConfig(read_only=()))
place = wall.raise_child_wall(outer, slot=0, keep_fds=[0, 1, 2])
import os; os.chdir("/"); outer.clean(0); os.rmdir(outer.scratch)
print(outer.rung, outer.reasons["namespaces"])
"""
    line = [sys.executable, "-I", "-c", code]
    done = subprocess.run(line, capture_output=True, text=True, env={"TMPDIR": scratch})
    assert done.stdout == f"none it needs Linux, and this is {platform}\n", done.stderr


def test_a_tree_with_closed_and_very_deep_directories_is_removed(tmp_path: Path) -> None:
    from coteja.sandbox import private

    top = tmp_path / "top"
    top.mkdir()
    (tmp_path / "outside").write_text("stays")
    here = os.open(top, os.O_RDONLY)
    for _ in range(1500):  # 1500 names of 4 letters: longer than a path may be
        os.mkdir("deep", dir_fd=here)
        below = os.open("deep", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.symlink(tmp_path / "outside", "link", dir_fd=here)
    os.fchmod(here, 0)
    os.close(here)
    private.remove_tree(str(top))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outside"]
    private.remove_tree(str(top))  # gone already: no error
