"""Raise real walls and run pieces of code behind them: `python -I driver.py REQUEST_FILE`, the answer as
JSON on stdout.

It plays the template process. The test process stays outside and plays the trusted side. Each piece of code
gets `report`, which sends a value to the tests, and `place`, where it may write.
"""

# System calls are meant, by their own names: pathlib would hide which.
# ruff: noqa: PTH103, PTH123, PTH208

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import sys
import time
import traceback
from typing import Any

ORDINARY = 65_432
PIECE_S = 8.0


def become_ordinary(readable: list[str]) -> None:
    """Become a user without any power, but able to read the interpreter even in root's closed home."""
    from coteja.sandbox import syscalls

    closed = [path for path in readable if path.startswith("/root/")]
    if closed:
        syscalls.unshare(syscalls.NEWNS)
        syscalls.mount("/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)
        trees = [(path, syscalls.clone_tree(path)) for path in closed]
        syscalls.mount("/root", "tmpfs", 0, "mode=755")
        for path, fd in trees:
            os.makedirs(path)
            syscalls.attach_tree(fd, path)
    os.setgroups([])
    os.setresgid(ORDINARY, ORDINARY, ORDINARY)
    os.setresuid(ORDINARY, ORDINARY, ORDINARY)
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)  # as after executing a program


def deny_namespaces() -> None:
    """Refuse unshare and mount, as Docker's default profile does."""
    import errno
    import struct

    from coteja.sandbox import syscalls

    unshare, mount = {"x86_64": (272, 165), "aarch64": (97, 40)}[syscalls.MACHINE]
    refuse = 0x0005_0000 | errno.EPERM
    program = [
        (0x20, 0, 0, 0),
        (0x15, 1, 0, unshare),
        (0x15, 0, 1, mount),
        (6, 0, 0, refuse),
        (6, 0, 0, 0x7FFF_0000),
    ]
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    syscalls.set_seccomp(b"".join(struct.pack("HBBI", *instruction) for instruction in program))


def run_piece(outer: Any, code: str, slot: int, keep: list[int]) -> dict[str, Any]:
    """Run one piece behind a child's wall; tell what it reported and how it ended."""
    from coteja.sandbox import wall

    hear, tell = os.pipe()
    begun = time.perf_counter()
    pid = outer.fork()
    if pid == 0:
        try:
            place = wall.raise_child_wall(outer, slot=slot, keep_fds=[2, tell, *keep])
            wall_ms = (time.perf_counter() - begun) * 1000

            def report(value: Any) -> None:
                os.write(tell, json.dumps(value).encode() + b"\n")

            exec(
                compile(code, "piece", "exec"),
                {"report": report, "place": place, "ctypes": ctypes, "wall_ms": wall_ms},
            )
        except BaseException as error:
            traceback.print_exc()
            os.write(tell, json.dumps(f"raised {type(error).__name__}: {error}").encode() + b"\n")
        finally:
            os._exit(0)
    os.close(tell)
    heard = b""
    deadline = time.monotonic() + PIECE_S
    ended = False
    while not ended and time.monotonic() < deadline:
        ended = bool(os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT))
        if select.select([hear], [], [], 0.002)[0]:
            heard += os.read(hear, 1 << 16)
    over_disk = outer.over_disk(slot)
    if not ended:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    outer.reap_strays(set())
    outer.clean(slot)
    while select.select([hear], [], [], 1.0)[0] and (part := os.read(hear, 1 << 16)):
        heard += part
    silent = not select.select([hear], [], [], 0)[0]
    os.close(hear)
    said = [json.loads(line) for line in heard.splitlines()]
    return {
        "said": said,
        "status": os.waitstatus_to_exitcode(status),
        "timeout": not ended,
        "outlived": silent,  # nobody holds the pipe any more once all are dead
        "over_disk": over_disk,
        "left": sorted(os.listdir(outer.scratch)) if outer.scratch else [],
        "ms": (time.perf_counter() - begun) * 1000,
    }


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    sys.path.insert(0, request["source"])
    from coteja.sandbox import wall

    if request["ordinary"]:
        become_ordinary(request["wall"]["read_only"])
    if request["deny_namespaces"]:
        deny_namespaces()
    try:
        outer = wall.raise_outer_wall(wall.WallConfig(**request["wall"]))
    except wall.WallError as error:
        print(json.dumps({"error": str(error)}), flush=True)
        return
    pieces = {
        name: run_piece(outer, code, slot, request["keep"])
        for slot, (name, code) in enumerate(request["pieces"].items())
    }
    answer = {"rung": outer.rung, "reasons": outer.reasons, "uid": outer.uid(0), "pieces": pieces}
    print(json.dumps(answer), flush=True)
    if request["linger"]:
        time.sleep(30)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)
