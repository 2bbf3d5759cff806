"""Thin, typed wrappers round the Linux calls that Python's standard library does not offer.

Every wrapper raises `OSError` whose text names the call and its target, so that `phrase` can say what the
kernel refused. Importing this module is harmless on any platform; calling a wrapper elsewhere than on Linux
raises `OSError(ENOSYS)`.
"""

# System calls are meant, by their own names: pathlib would hide which.
# ruff: noqa: PTH123

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from typing import Any

MACHINE = platform.machine()
_LIBC: Any = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

# Namespaces (sched.h)
NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000
NEWUSER, NEWPID, NEWNET = 0x1000_0000, 0x2000_0000, 0x4000_0000
ALL_NAMESPACES = NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET

# mount(2), umount2(2)
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
MNT_DETACH = 2

# prctl(2)
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_SET_KEEPCAPS = 36, 38, 47, 8
_AMBIENT_RAISE, _AMBIENT_CLEAR_ALL = 2, 4

# capabilities(7), as bit numbers
CAP_CHOWN, CAP_DAC_READ_SEARCH, CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN = 0, 2, 5, 6, 7, 21
_CAPABILITY_VERSION_3 = 0x2008_0522

# System calls without a libc wrapper. Those numbered 424 and above are the same on every architecture.
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_OPEN_TREE, _MOVE_MOUNT, _MOUNT_SETATTR = 428, 429, 442
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_AT_FDCWD, _AT_EMPTY_PATH, _AT_RECURSIVE = -100, 0x1000, 0x8000
_OPEN_TREE_CLONE, _MOVE_MOUNT_F_EMPTY_PATH = 1, 4
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 1, 2, 4


class WallError(Exception):
    """A wall could not be raised. The text says what was tried, what the kernel said and what to do."""


def phrase(error: OSError) -> str:
    """Say in one plain English phrase what was refused, with the errno's name."""
    name = errno.errorcode.get(error.errno or 0, "unknown errno")
    # Our own wrappers put the call into strerror; the library's errors have the path apart.
    where = f" ({error.filename})" if error.filename else ""
    return f"{error.strerror}{where} [{name}]"


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _libc() -> Any:
    if _LIBC is None:
        raise OSError(errno.ENOSYS, f"this call exists on Linux only, not on {sys.platform}")
    return _LIBC


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else os.fsencode(text)


def unshare(flags: int) -> None:
    """Leave the namespaces named by `flags` for new ones."""
    _checked(_libc().unshare(ctypes.c_int(flags)), f"unshare({flags:#x})")


def setns(fd: int, kind: int) -> None:
    """Enter the namespace that `fd` refers to."""
    _checked(_libc().setns(ctypes.c_int(fd), ctypes.c_int(kind)), "setns")


def prctl(option: int, a: int = 0, b: int = 0) -> int:
    """Call prctl with up to two whole-number arguments."""
    zero = ctypes.c_ulong(0)
    result = _libc().prctl(ctypes.c_int(option), ctypes.c_ulong(a), ctypes.c_ulong(b), zero, zero)
    return _checked(result, f"prctl({option}, {a})")


def mount(target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    """Mount a pseudo file system of this kind on `target` (or change flags, with `kind` None)."""
    result = _libc().mount(_bytes(kind), _bytes(target), _bytes(kind), ctypes.c_ulong(flags), _bytes(options))
    _checked(result, f"mount {kind or 'flags'} on {target}")


def bind(source: str, target: str) -> None:
    """Show `source` at `target` as well, writable as it is."""
    result = _libc().mount(_bytes(source), _bytes(target), None, ctypes.c_ulong(MS_BIND), None)
    _checked(result, f"bind {source} on {target}")


def detach(target: str) -> None:
    """Unmount `target` and all below it, now or as soon as it is free."""
    _checked(_libc().umount2(_bytes(target), MNT_DETACH), f"umount {target}")


def pivot_root_here() -> None:
    """Make the current directory, a mount point, the root, and drop the old root."""
    number = _PIVOT_ROOT.get(MACHINE)
    if number is None:
        raise OSError(errno.ENOSYS, f"pivot_root: no number known for {MACHINE}")
    _checked(_libc().syscall(number, b".", b"."), "pivot_root")
    detach(".")
    os.chdir("/")


def clone_tree(path: str) -> int:
    """Return a detached copy of the mounts at `path`, as a file descriptor for `attach_tree`."""
    flags = ctypes.c_uint(_OPEN_TREE_CLONE | _AT_RECURSIVE | os.O_CLOEXEC)
    return _checked(_libc().syscall(_OPEN_TREE, _AT_FDCWD, _bytes(path), flags), f"open_tree {path}")


def restrict_tree(fd: int, attributes: int) -> None:
    """Add mount attributes (`MOUNT_ATTR_*`) to a detached copy and everything mounted below it."""
    request = struct.pack("QQQQ", attributes, 0, 0, 0)
    flags = ctypes.c_uint(_AT_EMPTY_PATH | _AT_RECURSIVE)
    result = _libc().syscall(_MOUNT_SETATTR, fd, b"", flags, request, ctypes.c_size_t(len(request)))
    _checked(result, "mount_setattr")


def attach_tree(fd: int, target: str) -> None:
    """Mount a detached copy at `target`, and close its descriptor."""
    flags = ctypes.c_uint(_MOVE_MOUNT_F_EMPTY_PATH)
    result = _libc().syscall(_MOVE_MOUNT, fd, b"", _AT_FDCWD, _bytes(target), flags)
    _checked(result, f"move_mount to {target}")
    os.close(fd)


def set_hostname(name: str) -> None:
    """Name the machine, in this UTS namespace only."""
    _checked(_libc().sethostname(os.fsencode(name), ctypes.c_size_t(len(name))), "sethostname")


def effective_capabilities() -> int:
    """Return the bit set of this process's effective capabilities."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as status:
        line = next(line for line in status if line.startswith("CapEff"))
    return int(line.split()[1], 16)


def set_capabilities(*, keep: int = 0) -> None:
    """Give up every capability but those in the bit set `keep`; those also pass to executed programs."""
    for capability in range(64):
        if (
            not keep >> capability & 1
            and _libc().prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) != 0
        ):
            break  # beyond the last one that this kernel knows, or no right to: then there are none to lose
    prctl(PR_CAP_AMBIENT, _AMBIENT_CLEAR_ALL)
    low, high = keep & 0xFFFF_FFFF, keep >> 32
    data = struct.pack("IIIIII", low, low, low, high, high, high)
    _checked(_libc().capset(struct.pack("Ii", _CAPABILITY_VERSION_3, 0), data), "capset")
    for capability in range(64):
        if keep >> capability & 1:
            prctl(PR_CAP_AMBIENT, _AMBIENT_RAISE, capability)


def set_seccomp(program: bytes) -> None:
    """Install a classic BPF program, given as packed `struct sock_filter`s; needs no_new_privs."""
    buffer = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    zero = ctypes.c_ulong(0)
    _checked(_libc().prctl(PR_SET_SECCOMP, ctypes.c_ulong(2), head, zero, zero), "prctl(PR_SET_SECCOMP)")


def landlock_abi() -> int:
    """Return the version of Landlock that the kernel offers, 0 for none."""
    if _LIBC is None:
        return 0
    return max(0, int(_LIBC.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(1))))


def landlock_create(attributes: bytes) -> int:
    """Return a new, empty Landlock ruleset."""
    result = _libc().syscall(_LANDLOCK_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0))
    return _checked(result, "landlock_create_ruleset")


def landlock_allow(ruleset: int, fd: int, access: int) -> None:
    """Allow `access` beneath the file or directory `fd`."""
    rule = struct.pack("=Qi", access, fd)
    _checked(_libc().syscall(_LANDLOCK_ADD, ruleset, 1, rule, ctypes.c_uint(0)), "landlock_add_rule")


def landlock_enforce(ruleset: int) -> None:
    """Put this thread and all its descendants under the ruleset; needs no_new_privs."""
    _checked(_libc().syscall(_LANDLOCK_RESTRICT, ruleset, ctypes.c_uint(0)), "landlock_restrict_self")
