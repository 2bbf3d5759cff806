"""A gallery of attacks. Each is run behind real walls, as root and as an ordinary user, and must be repelled.

An attack is a piece of code that reports True if it got what it wanted. Those marked `OPEN_WITHOUT` are also run without walls, where
they must succeed: so it is the wall that repels them, and not a slip in the attack.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="walls need Linux")

REAL_ROOT = sys.platform == "linux" and os.geteuid() == 0
MACHINE = os.uname().machine if sys.platform == "linux" else ""
ORDINARY = 65_432
DISK_BYTES, INODES, PROCESSES, FILE_BYTES = 24 << 20, 600, 40, 16 << 20

PRELUDE = """
import os, sys, socket, signal, struct, mmap, resource, subprocess
libc = ctypes.CDLL(None, use_errno=True)
HIDDEN, FOLDER, PORT, PATH, DGRAM, NAME, SLEEPER, PARENT, OWNED = {targets!r}
def works(attempt):
    try: attempt()
    except (OSError, ValueError): return False
    return True
def call(number, *arguments):
    return libc.syscall(number, *arguments) >= 0
def can_open(path, flags=os.O_RDONLY):
    return works(lambda: os.close(os.open(path, flags)))
"""

# By name: the code, after the prelude. Numbers of system calls: x86-64, arm64.
NETWORK = {
    "connect to a port of the machine": "report(works(lambda: socket.create_connection(('127.0.0.1', PORT), 1)))",
    "open a datagram socket": "report(works(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)))",
    "open a netlink socket": "report(works(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)))",
    "look up a name": "report(works(lambda: socket.socket(socket.AF_INET6)))",
    "connect to a local service by path": "report(works(lambda: socket.socket(socket.AF_UNIX).connect(PATH)))",
    "connect to an abstract socket": "report(works(lambda: socket.socket(socket.AF_UNIX).connect('\\0' + NAME)))",
    "redirect a pair of datagram sockets": """
def redirect():
    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.sendto(b"gotcha", DGRAM)
report(works(redirect))""",
}
FILES = {
    "read a hidden file": "report(can_open(HIDDEN))",
    "list a hidden folder": "report(works(lambda: os.listdir(FOLDER)))",
    "read the rest of the checkout": "report(can_open(os.path.dirname(FOLDER_OF_SOURCE) + '/pyproject.toml'))",
    "list the checkout": (
        "checkout = os.path.dirname(FOLDER_OF_SOURCE)\n"  # below /tmp, the way to what may be read is there, and no more
        "report(works(lambda: os.listdir(checkout)) and 'pyproject.toml' in os.listdir(checkout))"
    ),
    "read the machine's files": "report(can_open('/etc/hostname') or can_open('/etc/machine-id') or can_open('/etc/fstab'))",
    "link to a hidden file and read the link": "report(works(lambda: os.link(HIDDEN, 'link')) and can_open('link'))",
    "go through the root of a process": "report(can_open(f'/proc/self/root{HIDDEN}') or can_open(f'/proc/{SLEEPER}/root{HIDDEN}'))",
    "write to a file of the same owner": "report(can_open(OWNED, os.O_WRONLY))",
    "create a file beside the hidden one": "report(can_open(FOLDER + '/new', os.O_CREAT | os.O_WRONLY))",
    "poison the libraries": "report(can_open(sys.prefix + '/poison.pth', os.O_CREAT | os.O_WRONLY))",
    "poison the grader's sources": "report(can_open(FOLDER_OF_SOURCE + '/poison.py', os.O_CREAT | os.O_WRONLY))",
    "write to the system": "report(can_open('/usr/poison', os.O_CREAT | os.O_WRONLY) or can_open('/etc/poison', os.O_CREAT | os.O_WRONLY))",
}
PROCESSES_ = {
    "signal a process of the same owner": "report(works(lambda: os.kill(SLEEPER, 0)))",
    "signal the trusted side": "report(works(lambda: os.kill(PARENT, 0)))",
    "signal the template": "report(os.getppid() > 0 and works(lambda: os.kill(os.getppid(), 0)))",
    "signal through a pidfd": "report(works(lambda: signal.pidfd_send_signal(os.pidfd_open(SLEEPER), 0)))",
    "read an environment": "report(can_open(f'/proc/{SLEEPER}/environ'))",
    "read the trusted side's environment": "report(can_open(f'/proc/{PARENT}/environ'))",
    "read the template's environment": "report(os.getppid() > 0 and can_open(f'/proc/{os.getppid()}/environ'))",
    "read a command line": "report(can_open(f'/proc/{SLEEPER}/cmdline'))",
    "read a process's memory": "report(can_open(f'/proc/{SLEEPER}/mem'))",
    "see a process": "report(works(lambda: os.listdir(f'/proc/{SLEEPER}/task')))",
    "trace a process": """
if libc.ptrace(16, SLEEPER, None, None) == 0:
    os.waitpid(SLEEPER, 0x40000000)
    report(libc.ptrace(17, SLEEPER, None, None) == 0)
else:
    report(False)""",
    "change the limits of a process": "report(works(lambda: resource.prlimit(SLEEPER, resource.RLIMIT_NOFILE, (900, 900))))",
    "lower a process's priority": "report(works(lambda: os.setpriority(os.PRIO_PROCESS, SLEEPER, 5)))",
    "move a process to one core": "report(works(lambda: os.sched_setaffinity(SLEEPER, {0})))",
}
PRIVILEGES = {
    "become root": "report(works(lambda: os.setresuid(0, 0, 0)) and os.getuid() == 0)",
    "hold a capability": "status = open('/proc/self/status').read(); held = int(status.split('CapEff:')[1].split()[0], 16) & ~4; report(held != 0)",
    "gain by a setuid program": "report(libc.prctl(39, 0, 0, 0, 0) != 1)",
    "mount": "report(libc.mount(b'x', os.getcwd().encode(), b'tmpfs', 0, None) == 0)",
    "enter a user namespace": "report(libc.unshare(0x10000000) == 0)",
    "enter a network namespace": "report(libc.unshare(0x40000000) == 0)",
    "clone into a user namespace": """
pid = libc.syscall(56 if os.uname().machine == 'x86_64' else 220, 0x10000000 | 17, None, None, None, None)
if pid == 0: os._exit(0)
report(pid > 0)""",
    "join a namespace": "report(works(lambda: os.close(os.open('/proc/self/ns/mnt', 0))) and libc.setns(os.open('/proc/self/ns/uts', 0), 0) == 0)",
    "change the root": "report(libc.chroot(b'.') == 0)",
    "rename the machine": "report(libc.sethostname(b'x', 1) == 0)",
    "set up io_uring": "report(call(425, 1, ctypes.create_string_buffer(120)))",
    "load a BPF map": "report(call(321 if X86 else 280, 0, struct.pack('IIIII', 2, 4, 4, 1, 0) + bytes(100), 120))",
    "count events": "report(call(298 if X86 else 241, struct.pack('IIQ', 1, 128, 0) + bytes(112), 0, -1, -1, 0))",
    "make a key": "report(call(248 if X86 else 217, b'user', b'coteja-test', b'x', 1, -1))",
    "read the keyring": "report(call(250 if X86 else 219, 0, -3, 0))",
    "handle page faults": "report(call(323 if X86 else 282, 1))",
    "read the kernel's log": "report(call(103 if X86 else 116, 10, None, 0))",
    "clone3": "libc.syscall(435, None, 0); report(ctypes.get_errno() != 38)",
    "hide memory in the kernel": "report(call(447, 0))",
    "read another's memory": "report(call(310 if X86 else 270, SLEEPER, None, 0, None, 0, 0))",
    "compare with a process": "report(call(312 if X86 else 272, SLEEPER, SLEEPER, 1, 0, 0))",
    "change personality": "report(call(135 if X86 else 92, 0x0040000))",
}
RESOURCES = {
    "take 20 GiB": """
try: bytearray(20 << 30)
except MemoryError: report(False)
else: report(True)""",
    "map 20 GiB of shared memory": "report(works(lambda: mmap.mmap(-1, 20 << 30)))",
    "make memory without a name": "report(call(319 if X86 else 279, b'x', 0))",
    "make shared memory that stays": "report(call(29 if X86 else 194, 0, 4096, 0o1600))",
    "make a queue that stays": "report(call(68 if X86 else 186, 0, 0o1600))",
    "raise a limit": "report(works(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))))",
    "write one endless file": f"""
def write():
    with open('big', 'wb', buffering=0) as file:
        for _ in range({(FILE_BYTES >> 20) + 2}): assert file.write(bytes(1 << 20)) == 1 << 20 or file.write(b'x')
report(works(write))""",
}
FORK_BOMB = """
import time
pids = []
try:
    while len(pids) < 400:
        pid = os.fork()
        if pid == 0:
            time.sleep(20); os._exit(0)
        pids.append(pid)
except OSError: pass
report(len(pids))
"""
RACING_BOMB = """
import time
report("started")
deadline = time.monotonic() + 0.3
for _ in range(2):
    if os.fork() == 0:
        os.setsid()
        while True:   # each lives for an instant, in a session of its own, and leaves another
            try:
                if os.fork(): os._exit(0)
            except OSError: pass
time.sleep(0.3)
"""
FILL_DISK = """
total = 0
for number in range(40):
    folder = (place.work, place.home, place.tmp, "/dev/shm")[number % 4]
    try:
        with open(f"{folder}/fill{number}", "wb", buffering=0) as file:
            for _ in range(2): total += file.write(bytes(1 << 20))
    except OSError: pass
report(total)
"""
FILL_INODES = """
count = 0
try:
    for count in range(5000): open(f"{place.tmp}/{count}", "w").close()
except OSError: pass
report(count)
"""
SABOTAGE = """
attempts = [lambda: os.chmod(OWNED, 0o777), lambda: os.utime(OWNED, (1, 1)), lambda: os.truncate(OWNED, 0),
            lambda: os.rename(OWNED, OWNED + "x"), lambda: os.unlink(OWNED), lambda: os.setxattr(OWNED, "user.x", b"1")]
for attempt in attempts: works(attempt)
report("tried")
"""

TABLE = {**NETWORK, **FILES, **PROCESSES_, **PRIVILEGES, **RESOURCES}
LENGTHY = {"a fork bomb": FORK_BOMB, "a racing fork bomb": RACING_BOMB, "sabotage": SABOTAGE}
# Attacks on the kernel that some kernels refuse anyway, or that would do harm, are not tried without a wall.
OPEN_WITHOUT = (
    {*NETWORK, *FILES, *PROCESSES_}
    - {"link to a hidden file and read the link", "poison the libraries", "poison the grader's sources", "write to the system"}
    - {"read the machine's files", "create a file beside the hidden one", "signal through a pidfd"}
) | {"become root", "hold a capability", "gain by a setuid program", "enter a user namespace", "enter a network namespace"} | {
    "clone into a user namespace", "change the root", "set up io_uring", "make memory without a name",
    "map 20 GiB of shared memory",
}  # fmt: skip
COMBINATIONS = [
    pytest.param((rung, ordinary), id=f"{rung}-{'user' if ordinary else 'root'}")
    for rung in ("namespaces", "landlock")
    for ordinary in ((False, True) if REAL_ROOT else (True,))
]


class Targets:
    """What the trusted side owns and an attacker would like: services, files and a process of the same owner."""

    def __init__(self, scratch: str) -> None:
        self.folder = Path(scratch) / "graders"
        self.folder.mkdir(exist_ok=True)
        self.hidden = self.folder / "expected.txt"
        self.hidden.write_text("42")
        self.owned = self.folder / "owned.txt"
        self.owned.write_text("mine")
        self.owned.chmod(0o600)
        user = ORDINARY if REAL_ROOT else os.getuid()
        if REAL_ROOT:
            for path in (self.folder, self.owned):
                os.chown(path, user, user)
        self.state = self.look()
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.name = f"coteja-attack-{os.getpid()}"
        self.path, self.datagrams = f"{scratch}/{self.name}.s", f"{scratch}/{self.name}.d"
        self.sockets = [
            self._listen(self.path),
            self._listen(f"\0{self.name}"),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM),
        ]
        self.sockets[2].bind(self.datagrams)
        for path in (self.path, self.datagrams):
            Path(path).chmod(0o777)
        same_owner = {"user": user, "group": user, "extra_groups": []} if REAL_ROOT else {}
        self.sleeper = subprocess.Popen(["/usr/bin/sleep", "120"], env={"SECRET": "sleeper"}, **same_owner)

    @staticmethod
    def _listen(address: str) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(address)
        listener.listen(64)
        return listener

    def look(self) -> tuple[Any, ...]:
        state = self.owned.stat()
        return state.st_mode, state.st_mtime, state.st_size, os.listxattr(self.owned)

    def prelude(self) -> str:
        targets = (str(self.hidden), str(self.folder), self.tcp.getsockname()[1], self.path, self.datagrams, self.name,
                   self.sleeper.pid, os.getpid(), str(self.owned))  # fmt: skip
        source = str(Path(__file__).parents[2] / "src")
        return (
            PRELUDE.replace("{targets!r}", repr(targets))
            + f"FOLDER_OF_SOURCE = {source!r}\nX86 = {MACHINE == 'x86_64'}\n"
        )

    def close(self) -> None:
        self.sleeper.kill()
        self.sleeper.wait()
        for one in (self.tcp, *self.sockets):
            one.close()


@pytest.fixture(scope="module")
def targets(scratch: str) -> Iterator[Targets]:
    made = Targets(scratch)
    yield made
    made.close()


def attack(run_behind: Any, targets: Targets, rung: str, *, ordinary: bool, pieces: dict[str, str]) -> Any:
    prelude = targets.prelude()
    return run_behind(
        {name: prelude + code for name, code in pieces.items()},
        rung=rung,
        ordinary=ordinary,
        disk_bytes=DISK_BYTES,
        inodes=INODES,
        processes=PROCESSES,
        file_bytes=FILE_BYTES,
        open_files=512,
    )


@pytest.fixture(scope="module", params=COMBINATIONS)
def battle(request: pytest.FixtureRequest, run_behind: Any, targets: Targets) -> Any:
    """All attacks behind one outer wall, each in a child of its own."""
    rung, ordinary = request.param
    pieces = TABLE | LENGTHY | ({"fill": FILL_DISK, "inodes": FILL_INODES} if rung == "namespaces" else {})
    result = attack(run_behind, targets, rung, ordinary=ordinary, pieces=pieces)
    if result.error:
        pytest.skip(result.error)
    return result


@pytest.fixture(scope="module")
def unwalled(run_behind: Any, targets: Targets) -> Any:
    """The same attacks by an ordinary user with limits only, but for those that would do harm."""
    pieces = {name: code for name, code in TABLE.items() if name in OPEN_WITHOUT}
    root_only = {
        "change the root", "become root", "hold a capability", "enter a network namespace", "signal the trusted side",
        "read the trusted side's environment",
    }  # fmt: skip
    as_user = attack(
        run_behind,
        targets,
        "none",
        ordinary=True,
        pieces={n: c for n, c in pieces.items() if n not in root_only},
    )
    as_root = attack(
        run_behind,
        targets,
        "none",
        ordinary=False,
        pieces={n: c for n, c in pieces.items() if n in root_only},
    )
    as_user.pieces.update(as_root.pieces)
    return as_user


@pytest.mark.parametrize("name", TABLE)
def test_an_attack_is_repelled(battle: Any, name: str) -> None:
    assert battle.said(name) is False


@pytest.mark.parametrize("name", sorted(OPEN_WITHOUT))
@pytest.mark.skipif(not REAL_ROOT, reason="some of these need root without a wall")
def test_the_same_attack_succeeds_without_a_wall(unwalled: Any, name: str) -> None:
    if name == "set up io_uring" and Path("/proc/sys/kernel/io_uring_disabled").exists():
        assert unwalled.said(name) is (Path("/proc/sys/kernel/io_uring_disabled").read_text().strip() == "0")
        return
    assert unwalled.said(name) is True


def test_a_fork_bomb_stops_at_the_limit_and_its_processes_die(battle: Any) -> None:
    assert 10 <= battle.said("a fork bomb") <= PROCESSES + 20
    assert not battle.pieces["a fork bomb"]["outlived"]


def test_a_racing_fork_bomb_is_caught(battle: Any) -> None:
    piece = battle.pieces["a racing fork bomb"]
    assert piece["said"] == ["started"]
    assert not piece["outlived"]
    assert piece["ms"] < 4000


def test_a_file_of_the_same_owner_keeps_its_mode_times_content_and_attributes(
    battle: Any, targets: Targets
) -> None:
    assert battle.said("sabotage") == "tried"
    assert targets.look() == targets.state


def test_all_places_to_write_share_one_bounded_disk(battle: Any) -> None:
    if battle.rung != "namespaces":
        pytest.skip("on the landlock rung the disk is watched, not bounded")
    assert DISK_BYTES - (3 << 20) <= battle.said("fill") <= DISK_BYTES
    assert INODES - 50 <= battle.said("inodes") <= INODES


def test_the_targets_are_unharmed(battle: Any, targets: Targets) -> None:
    assert targets.sleeper.poll() is None
    assert sorted(path.name for path in targets.folder.iterdir()) == ["expected.txt", "owned.txt"]


def test_a_child_costs_milliseconds(battle: Any) -> None:
    assert min(piece["ms"] for piece in battle.pieces.values()) < 250
