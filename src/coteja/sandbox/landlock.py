"""Landlock: which files may be read or written, no TCP, no signals to and no abstract sockets of others."""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable

from coteja.sandbox import syscalls

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
READ = EXECUTE | READ_FILE | READ_DIR
DEVICE = WRITE_FILE | READ_FILE | READ_DIR | TRUNCATE | IOCTL_DEV
_ON_FILES = (
    EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
)  # the rest is EINVAL on anything but a directory

SIGNAL_SCOPE_ABI = 6
"""From this version on, Landlock keeps a child from signalling anything outside its own wall."""


def _file_rights(abi: int) -> int:
    """Return every right over files that this version of Landlock can take away."""
    rights = (1 << 13) - 1
    if abi >= 2:
        rights |= 1 << 13  # rename or link from one directory to another
    if abi >= 3:
        rights |= TRUNCATE
    if abi >= 5:
        rights |= IOCTL_DEV
    return rights


def _attributes(abi: int) -> bytes:
    """Pack the request: all rights over files, TCP bind and connect, abstract sockets and signals."""
    rights = _file_rights(abi)
    if abi >= SIGNAL_SCOPE_ABI:
        return struct.pack("QQQ", rights, 3, 3)
    if abi >= 4:
        return struct.pack("QQ", rights, 3)
    return struct.pack("Q", rights)


def restrict(*, read: Iterable[str], write: Iterable[str], devices: Iterable[str]) -> None:
    """Allow reading, writing and device access beneath these paths and nothing else, for good.

    Paths that do not exist are passed over: nothing is lost by not allowing them.
    """
    abi = syscalls.landlock_abi()
    rights = _file_rights(abi)
    ruleset = syscalls.landlock_create(_attributes(abi))
    try:
        for paths, access in ((read, READ), (write, rights & ~IOCTL_DEV), (devices, DEVICE & rights)):
            for path in paths:
                _allow(ruleset, path, access)
        syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
        syscalls.landlock_enforce(ruleset)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        is_directory = stat.S_ISDIR(os.fstat(fd).st_mode)
        syscalls.landlock_allow(ruleset, fd, access if is_directory else access & _ON_FILES)
    finally:
        os.close(fd)
