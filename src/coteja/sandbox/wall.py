"""The walls round a student's code: one round the template process, and one round each child that it forks.

    outer = raise_outer_wall(WallConfig(read_only=(sys.prefix, sys.base_prefix)))   # first thing, one thread
    pid = outer.fork()
    if pid == 0:
        place = raise_child_wall(outer, slot=7, keep_fds=[0, 1, 2, channel])
        ...                                                                        # the student's code
    os.waitpid(pid, 0)
    outer.reap_strays(keep=set())
    outer.clean(7)

There are three rungs, tried from the top: namespaces + Landlock + seccomp + limits; Landlock + seccomp +
limits; limits only.
"""

# System calls are meant, by their own names: pathlib would hide which.
# ruff: noqa: PTH101, PTH120

from __future__ import annotations

import errno
import os
import signal
import sys
import tempfile
from collections.abc import Collection
from dataclasses import dataclass, field

from coteja.sandbox import guardian, identity, landlock, limits, namespaces, private, seccomp, syscalls, trial
from coteja.sandbox.syscalls import WallError

__all__ = ["ChildPlace", "OuterWall", "WallConfig", "WallError", "raise_child_wall", "raise_outer_wall"]

RUNGS = ("namespaces", "landlock", "none")

# What a child may read of /proc and /sys where it shares them with the host: nothing about other processes.
_PROC = (
    "self", "cpuinfo", "filesystems", "loadavg", "meminfo", "stat", "sys/kernel/osrelease",
    "sys/vm/overcommit_memory", "uptime", "version",
)  # fmt: skip
_SYS = (
    "devices/system/cpu",
    "fs/cgroup/cpu.max",
    "fs/cgroup/cpu/cpu.cfs_quota_us",
    "fs/cgroup/cpu/cpu.cfs_period_us",
)

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class WallConfig:
    """What a student's code may see and use.

    Parameters
    ----------
    read_only
        Directories that stay readable: the interpreter's prefix and base prefix, site-packages, our sources.
    disk_bytes, inodes
        All that a child's places to write hold together. On the landlock rung nothing enforces it: ask
        `over_disk`.
    memory_bytes
        Private memory of each process, with what the template had already imported.
    processes, open_files, file_bytes, cpu_s
        Processes and threads of a child; files open in a process; size of a file; seconds of processor time
        of a process.
    rung
        `best`, or the one rung to use.
    """

    read_only: tuple[str, ...]
    disk_bytes: int = 256 * MIB
    inodes: int = 20_000
    memory_bytes: int = 4096 * MIB
    processes: int = 128
    open_files: int = 1024
    file_bytes: int = 256 * MIB
    cpu_s: int = 600
    rung: str = "best"


@dataclass(frozen=True, slots=True)
class ChildPlace:
    """Where a child may write."""

    work: str
    home: str
    tmp: str


@dataclass(frozen=True, slots=True)
class OuterWall:
    """The wall round the template, as it came out. Make it with `raise_outer_wall`."""

    rung: str
    reasons: dict[str, str]
    """Why each higher rung was not reached, in plain English with the errno's name."""
    config: WallConfig
    landlock_abi: int = 0
    first_uid: int | None = None
    """The id of slot 0's child as the template sees it; None where children share the template's id."""
    kept_capabilities: int = 0
    program: bytes = b""
    scratch: str = ""
    pid_namespace_fd: int = -1
    other_tasks: int = 0
    """Processes and threads of our user when the wall was raised: where children share its id, their limit
    counts these too."""
    template_pid: int = field(default_factory=os.getpid)

    def fork(self) -> int:
        """Fork a child, in its own process namespace if the rung has them; return its pid, 0 in the child."""
        if self.pid_namespace_fd < 0:
            return os.fork()
        syscalls.unshare(syscalls.NEWPID)  # concerns children to come, not ourselves
        pid = -1
        try:
            pid = os.fork()
        finally:
            if pid != 0:
                syscalls.setns(self.pid_namespace_fd, syscalls.NEWPID)
        return pid

    def reap_strays(self, keep: set[int]) -> bool:
        """Kill what dead children left running; `keep` holds the pids of those that live.

        Returns whether none is left. On the namespaces rung the kernel has done it already.
        """
        if self.rung == "namespaces" or sys.platform != "linux":
            return True
        return guardian.kill_descendants(keep=keep)

    def clean(self, slot: int) -> None:
        """Remove the private directory of a dead child, once its strays are gone."""
        if self.scratch:
            private.remove_tree(f"{self.scratch}/{slot}")

    def over_disk(self, slot: int) -> bool:
        """Tell whether a child wrote more than it may, to be killed for it (on the landlock rung only)."""
        if not self.scratch:
            return False
        limit = self.config
        return private.exceeds(f"{self.scratch}/{slot}", most_bytes=limit.disk_bytes, most_files=limit.inodes)

    def uid(self, slot: int) -> int | None:
        """Return the id of the child in this slot as the template sees it; None: the template's own."""
        return None if self.first_uid is None else self.first_uid + slot % identity.SLOTS


# --- the outer wall -----------------------------------------------------------------------------------------


def raise_outer_wall(config: WallConfig) -> OuterWall:
    """Raise the best wall there is round this process, or the one that `config.rung` names.

    To be called first thing, with one thread. The function may return in another process than it was called
    in: the original one stays outside as a guardian. Open file descriptors stay open.

    Raises
    ------
    WallError
        If the rung that was asked for cannot be had.
    """
    if config.rung not in ("best", *RUNGS):
        raise WallError(f"Unknown rung {config.rung!r}: expected best, {', '.join(RUNGS)}.")
    reasons: dict[str, str] = {}
    for rung in RUNGS if config.rung == "best" else (config.rung,):
        reason = _why_not(rung, config)
        if reason is None:
            try:
                return _raise_rung(rung, config, reasons)
            except OSError as error:  # the trial went well, so this is not to be expected
                raise WallError(
                    f"Raising the wall failed half-way: {syscalls.phrase(error)}. Try again."
                ) from error
        reasons[rung] = reason
    raise WallError(
        f"The sandbox rung '{config.rung}' was asked for but cannot be had here: {reasons[config.rung]}. "
        "Use rung 'best', or see what `coteja doctor` advises."
    )


def _why_not(rung: str, config: WallConfig) -> str | None:
    """Try a rung, with a whole child, in a process that is thrown away; return what was refused, if any."""
    if rung == "none":
        return None
    if sys.platform != "linux":
        return f"it needs Linux, and this is {sys.platform}"
    return trial.why_not(lambda tell: _attempt(rung, config, tell))


def _attempt(rung: str, config: WallConfig, tell: int) -> None:
    """Raise both walls and say so on the descriptor `tell`."""
    outer = _raise_rung(rung, config, {})
    pid = outer.fork()
    if pid == 0:
        raise_child_wall(outer, slot=0, keep_fds=[tell])
        os.write(tell, trial.WELL)
        os._exit(0)
    os.waitpid(pid, 0)


def _raise_rung(rung: str, config: WallConfig, reasons: dict[str, str]) -> OuterWall:
    if rung == "namespaces":
        world = namespaces.enter(config.read_only)
        abi = syscalls.landlock_abi()
        if not abi:  # the rung holds without it, but nothing is lowered silently
            reasons = {**reasons, "landlock": "this kernel has no Landlock, so one of four layers is missing"}
        return OuterWall(
            rung,
            reasons,
            config,
            landlock_abi=abi,
            first_uid=namespaces.STUDENT_ID if world.many_ids else None,
            program=seccomp.build(own_namespaces=True, own_uid=True),
            pid_namespace_fd=world.pid_namespace_fd,
        )
    scratch = tempfile.mkdtemp(prefix="coteja-")
    if sys.platform == "linux":
        guardian.fork_and_guard(own_processes=False, scratch=scratch)
    if rung == "none":
        others = limits.tasks_of_user(os.getuid()) if sys.platform == "linux" else config.processes
        return OuterWall(rung, reasons, config, scratch=scratch, other_tasks=others)
    return _landlock_wall(config, reasons, scratch)


def _landlock_wall(config: WallConfig, reasons: dict[str, str], scratch: str) -> OuterWall:
    """Prepare the middle rung: Landlock itself comes with each child."""
    abi = syscalls.landlock_abi()
    if not abi:
        raise OSError(
            errno.EOPNOTSUPP, "Landlock is not in this kernel, or is not switched on: Operation not supported"
        )
    uid, kept = identity.spare_uid([*config.read_only, os.path.dirname(scratch)])
    if uid is not None:
        os.chmod(scratch, 0o711)  # noqa: S103 (each child's own part is closed to the others)
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)  # one's own uid may not look into the template
    return OuterWall(
        "landlock",
        reasons,
        config,
        landlock_abi=abi,
        first_uid=uid,
        kept_capabilities=kept,
        program=seccomp.build(own_namespaces=False, own_uid=uid is not None),
        scratch=scratch,
        other_tasks=limits.tasks_of_user(os.getuid()) if uid is None else 0,
    )


# --- the wall round a child ---------------------------------------------------------------------------------


def raise_child_wall(outer: OuterWall, *, slot: int, keep_fds: Collection[int]) -> ChildPlace:
    """Raise the wall round this process, just forked by `outer.fork`, and go to its place of work.

    Sets HOME and TMPDIR, since the template's are out of reach. Everything that the child forks stays behind
    the same wall.

    Parameters
    ----------
    slot
        A number from 0 that no other living child of this template has.
    keep_fds
        The only file descriptors to stay open.

    Raises
    ------
    WallError
        If any part was refused. The process must then end without running the student's code.
    """
    try:
        return _raise_child_wall(outer, slot=slot, keep_fds=keep_fds)
    except OSError as error:
        raise WallError(
            f"The wall round a child could not be raised on the rung '{outer.rung}': "
            f"{syscalls.phrase(error)}. "
            "Its code was not run; `coteja doctor` tells what this machine offers."
        ) from error


def _raise_child_wall(outer: OuterWall, *, slot: int, keep_fds: Collection[int]) -> ChildPlace:
    config = outer.config
    guardian.close_all_but(keep_fds)
    processes = config.processes
    if sys.platform != "win32":
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.setsid()  # a signal to "my process group" must not reach the template
    if outer.rung == "namespaces":
        namespaces.enter_child(
            config.read_only, disk_bytes=config.disk_bytes, inodes=config.inodes, uid=outer.uid(slot)
        )
        place = ChildPlace(f"{namespaces.STUDENT}/work", namespaces.STUDENT, namespaces.TMP)
    else:
        place = _enter_private(outer, slot)
        processes += outer.other_tasks
    limits.apply(
        memory_bytes=config.memory_bytes,
        cpu_s=config.cpu_s,
        file_bytes=config.file_bytes,
        open_files=config.open_files,
        processes=processes,
    )
    if outer.rung != "none":
        _close_kernel(outer, place)
    os.chdir(place.work)
    os.environ.update(HOME=place.home, TMPDIR=place.tmp)
    tempfile.tempdir = None  # forget where the template's was
    return place


def _enter_private(outer: OuterWall, slot: int) -> ChildPlace:
    """Make a directory of one's own on the shared file system, and become its owner."""
    root = f"{outer.scratch}/{slot}"
    uid = outer.uid(slot)
    private.make(root, uid=uid)
    if uid is not None:
        os.setgroups([])
        if outer.kept_capabilities:
            syscalls.prctl(syscalls.PR_SET_KEEPCAPS, 1)
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    if sys.platform == "linux":
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)  # else our own /proc/self belongs to somebody else
        guardian.die_with_parent(-1, how=signal.SIGKILL)
        if os.getppid() != outer.template_pid:
            os._exit(1)
    return ChildPlace(f"{root}/work", f"{root}/home", f"{root}/tmp")  # noqa: S108 (below a directory of our own)


def _close_kernel(outer: OuterWall, place: ChildPlace) -> None:
    """Give up all rights, for this process and everything that comes of it."""
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    # Before Landlock, which some capabilities see past: CAP_PERFMON reads other processes' environments
    # since Linux 6.16.
    syscalls.set_capabilities(keep=outer.kept_capabilities)
    if outer.landlock_abi:
        read = [*outer.config.read_only, "/usr", *(f"/{name}" for name in namespaces.LIBRARIES)]
        if outer.rung == "namespaces":
            read += ["/etc", "/proc"]
            write = list(namespaces.WRITABLE)
            devices = ["/dev"]
        else:
            read += [f"/etc/{name}" for name in (*namespaces.ETC, "passwd", "group")]
            read += [*(f"/proc/{name}" for name in _PROC), *(f"/sys/{name}" for name in _SYS)]
            write = [place.work, place.home, place.tmp]
            devices = [f"/dev/{name}" for name in namespaces.DEVICES]
            if outer.first_uid is not None and not outer.kept_capabilities:
                # With somebody's uid, or past modes, the child could read their terminals.
                devices += ["/dev/ptmx", "/dev/pts"]
        landlock.restrict(read=read, write=write, devices=devices)
    syscalls.set_seccomp(outer.program)
