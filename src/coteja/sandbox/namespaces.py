"""Namespaces: a world of its own for the template, and one inside it for each child.

The template gets a root that holds nothing of the host but read-only copies of what the interpreter needs.
Each child gets its own processes, network, shared memory, /proc, terminals and a bounded file system for
everything that it writes.
"""

# System calls are meant, by their own names: pathlib would hide which.
# ruff: noqa: PTH100, PTH101, PTH102, PTH103, PTH110, PTH114, PTH115, PTH120, PTH123, PTH211

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass

from coteja.sandbox import guardian, identity, syscalls

LIBRARIES = ("lib", "lib64", "lib32", "bin", "sbin")
ETC = (
    "alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "mime.types",
    "nsswitch.conf", "os-release", "ssl/certs", "ssl/openssl.cnf",
)  # fmt: skip
# Not /dev/zero: a shared mapping of it is memory that no limit counts.
DEVICES = ("null", "full", "random", "urandom")

STUDENT = "/home/student"
STUDENT_ID = 1000
"""The student's uid and gid, as the student sees them."""
_BASE_ID, _IDS = 1_000_000, 65_536
"""Real root gives the template ids that mean nothing outside, so that it owns no file of the host."""
TMP = "/tmp"  # noqa: S108 (a file system of the child's own)
WRITABLE = (TMP, "/dev/shm", STUDENT)  # noqa: S108
_STAGE = TMP
"""The new root is put together on top of a directory that is always there."""

_PASSWD = f"student:x:{STUDENT_ID}:{STUDENT_ID}::{STUDENT}:/bin/bash\nroot:x:0:0::/:/bin/false\n"
_ETC_FILES = {
    "passwd": _PASSWD,
    "group": f"student:x:{STUDENT_ID}:\nroot:x:0:\n",
    "hosts": "127.0.0.1 localhost\n",
}


@dataclass(frozen=True, slots=True)
class World:
    """What the template must know about its own namespaces to make a child's."""

    pid_namespace_fd: int
    many_ids: bool
    """Whether there are ids enough to give each child its own."""


# --- the template -------------------------------------------------------------------------------------------


def enter(read_only: tuple[str, ...]) -> World:
    """Enter new namespaces; return in a new process, the first of its process namespace, in its new root.

    The original process stays outside as a guardian. To be called while there is one thread.
    """
    # Being root is not having its powers: in a container, uid 0 may own nothing and map nobody.
    many_ids = identity.holds(syscalls.CAP_SETUID, syscalls.CAP_SETGID) and identity.ids_mapped(
        _BASE_ID, _IDS
    )
    trees: list[tuple[str, int]] = []
    if identity.holds(syscalls.CAP_SYS_ADMIN):
        # Copy while we may still pass through closed directories, such as somebody's home.
        syscalls.unshare(syscalls.NEWNS)
        syscalls.mount("/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)
        trees = _copy_host(read_only)
    _unshare_with_ids(many_ids=many_ids)
    guardian.fork_and_guard(own_processes=True)
    if not trees:
        syscalls.mount("/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)
        trees = _copy_host(read_only)
    world = World(os.open("/proc/self/ns/pid_for_children", os.O_RDONLY | os.O_CLOEXEC), many_ids)
    _build_root(trees)
    syscalls.set_hostname("sandbox")
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    return world


def _copy_host(read_only: tuple[str, ...]) -> list[tuple[str, int]]:
    """Copy the mounts of all that is shown, each as (path, descriptor), read-only at once."""
    wanted = ["/usr", *(f"/{name}" for name in LIBRARIES if not os.path.islink(f"/{name}"))]
    for path in read_only:
        wanted += [os.path.abspath(path), os.path.realpath(path)]
    devices = [f"/dev/{name}" for name in DEVICES]
    trees = []
    for path in [*_outermost(wanted), *(f"/etc/{name}" for name in ETC), *devices]:
        if not os.path.exists(path):
            continue
        fd = syscalls.clone_tree(path)
        attributes = syscalls.MOUNT_ATTR_RDONLY | syscalls.MOUNT_ATTR_NOSUID
        syscalls.restrict_tree(fd, attributes if path in devices else attributes | syscalls.MOUNT_ATTR_NODEV)
        trees.append((path, fd))
    return trees


def _outermost(paths: Iterable[str]) -> list[str]:
    """Drop the paths that lie below another one."""
    kept: list[str] = []
    for path in sorted(set(paths), key=len):
        if not any(_is_below(path, other) for other in kept):
            kept.append(path)
    return kept


def _is_below(path: str, other: str) -> bool:
    return path == other or path.startswith(other.rstrip("/") + "/")


def _unshare_with_ids(*, many_ids: bool) -> None:
    """Enter all new namespaces, as an identity that the new user namespace knows."""
    uid, gid = os.geteuid(), os.getegid()
    if not many_ids:
        syscalls.unshare(syscalls.ALL_NAMESPACES)
        _map_one(inside=0, uid=uid, gid=gid)
        return
    os.setgroups([])
    # A range can be mapped from outside only: by a helper that stays there until we are in.
    inside, tell = os.pipe()
    hear, done = os.pipe()
    me = os.getpid()
    helper = os.fork()
    if helper == 0:
        os.close(tell)
        os.close(hear)
        try:
            if os.read(inside, 1):
                for name in ("uid_map", "gid_map"):
                    _write(f"/proc/{me}/{name}", f"0 {_BASE_ID} {_IDS}")
                os.write(done, b"+")
        finally:
            os._exit(0)
    os.close(inside)
    os.close(done)
    try:
        syscalls.unshare(syscalls.ALL_NAMESPACES)
        os.write(tell, b"+")
        mapped = os.read(hear, 1)  # ends at the latest when the helper does
    finally:
        os.close(tell)
        os.close(hear)
        os.waitpid(helper, 0)
    if not mapped:
        raise OSError(errno.EPERM, f"writing the map of {_IDS} user ids: Operation not permitted")
    # Now, since the kernel forgets with each change of id that we want to die with our parent.
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)


def _map_one(*, inside: int, uid: int, gid: int) -> None:
    """Know ourselves, and nobody else, by the id `inside` in the new user namespace."""
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{inside} {uid} 1")
    _write("/proc/self/gid_map", f"{inside} {gid} 1")


def _write(path: str, text: str) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def _build_root(trees: list[tuple[str, int]]) -> None:
    """Put the new root together and move into it."""
    nosuid_nodev = syscalls.MS_NOSUID | syscalls.MS_NODEV
    syscalls.mount(_STAGE, "tmpfs", nosuid_nodev, "size=16m,mode=755")
    os.chdir(_STAGE)
    for name in ("proc", "dev/pts", "dev/shm", "tmp", "etc", STUDENT[1:]):
        os.makedirs(name)
    # The template's own scratch; mounted first, since an interpreter may live below it.
    syscalls.mount("tmp", "tmpfs", nosuid_nodev, "size=128m,mode=1777")
    for path, fd in trees:
        _make_target(path[1:], directory=stat.S_ISDIR(os.fstat(fd).st_mode))
        syscalls.attach_tree(fd, path[1:])
    for name in LIBRARIES:
        if os.path.islink(f"/{name}"):
            os.symlink(os.readlink(f"/{name}"), name)
    for name, text in _ETC_FILES.items():
        with open(f"etc/{name}", "w", encoding="ascii") as file:
            file.write(text)
    links = {
        "ptmx": "pts/ptmx",
        "fd": "/proc/self/fd",
        "stdin": "/proc/self/fd/0",
        "stdout": "/proc/self/fd/1",
    }
    for name, target in {**links, "stderr": "/proc/self/fd/2"}.items():
        os.symlink(target, f"dev/{name}")
    # While the host's /proc can still be seen: without that, the kernel refuses a new one.
    syscalls.mount("proc", "proc", nosuid_nodev | syscalls.MS_NOEXEC)
    syscalls.pivot_root_here()
    syscalls.mount("/", None, syscalls.MS_REMOUNT | syscalls.MS_BIND | syscalls.MS_RDONLY | nosuid_nodev)


def _make_target(path: str, *, directory: bool) -> None:
    """Make an empty directory or file to mount something on."""
    if directory:
        os.makedirs(path, exist_ok=True)
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o644))


# --- a child ------------------------------------------------------------------------------------------------


def enter_child(read_only: tuple[str, ...], *, disk_bytes: int, inodes: int, uid: int | None) -> None:
    """Give this child, the first of its process namespace, all its other namespaces and its own places to
    write.

    Parameters
    ----------
    read_only
        What must stay visible even below a place to write.
    disk_bytes, inodes
        What all places to write hold together.
    uid
        The child's own id in the template's world; None where there is just one.
    """
    syscalls.unshare(syscalls.NEWNS | syscalls.NEWIPC | syscalls.NEWUTS | syscalls.NEWNET)
    nosuid_nodev = syscalls.MS_NOSUID | syscalls.MS_NODEV
    syscalls.mount("/proc", "proc", nosuid_nodev | syscalls.MS_NOEXEC)
    terminals = "newinstance,ptmxmode=0666,mode=0620"  # `!command` in IPython runs in one
    syscalls.mount("/dev/pts", "devpts", syscalls.MS_NOSUID | syscalls.MS_NOEXEC, terminals)
    _mount_writable(read_only, f"size={disk_bytes},nr_inodes={inodes},mode=755")
    if uid is not None:
        for path in (STUDENT, f"{STUDENT}/work"):
            os.chown(path, uid, uid)
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)  # else our own /proc/self belongs to somebody else
    uid_here, gid_here = os.geteuid(), os.getegid()
    syscalls.unshare(syscalls.NEWUSER)
    _map_one(inside=STUDENT_ID, uid=uid_here, gid=gid_here)


def _mount_writable(read_only: tuple[str, ...], options: str) -> None:
    """Mount one bounded file system and show parts of it at each place to write."""
    paths = _outermost([*read_only, *map(os.path.realpath, read_only)])
    covered = [path for path in paths if any(_is_below(path, place) for place in WRITABLE)]
    trees = [(path, syscalls.clone_tree(path)) for path in covered if os.path.exists(path)]
    syscalls.mount(STUDENT, "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV, options)
    os.mkdir(f"{STUDENT}/work", 0o700)
    for hidden, shown in zip((".tmp", ".shm"), WRITABLE, strict=False):
        path = f"{STUDENT}/{hidden}"
        os.mkdir(path)
        os.chmod(path, 0o1777)  # noqa: S103 (as everybody's /tmp is)
        syscalls.bind(path, shown)
    for path, fd in trees:
        _make_target(path, directory=stat.S_ISDIR(os.fstat(fd).st_mode))
        syscalls.attach_tree(fd, path)
