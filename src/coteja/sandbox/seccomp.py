"""The seccomp filter: which system calls a student's code may not make, as a classic BPF program.

It is a deny-list: scientific libraries use too many calls for an allow-list to stay right. What it denies is
the kernel's rarely used surface, new namespaces, all sockets but local ones, and memory that no limit
counts. Calls newer than those reviewed here look to the program as if the kernel did not have them.

References
----------
Linux, Documentation/userspace-api/seccomp_filter.rst; include/uapi/linux/{seccomp,filter}.h.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterator

from coteja.sandbox import syscalls

_AUDIT_ARCH = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_FIRST_UNREVIEWED = 463
_X32_BIT = 0x4000_0000

# Numbers of each call on x86-64 and on arm64; None: the architecture does not have it.
_NUMBERS: dict[str, tuple[int | None, int | None]] = {
    # what looks into or changes other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "pidfd_getfd": (438, 438), "kcmp": (312, 272),
    "migrate_pages": (256, 238), "move_pages": (279, 239),
    # namespaces, mounts, roots
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "unshare": (272, 97), "setns": (308, 268), "move_mount": (429, 429), "open_tree": (428, 428),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "statmount": (457, 457), "listmount": (458, 458),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    # wide and error-prone parts of the kernel
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "fanotify_init": (300, 262),
    "memfd_secret": (447, 447), "mbind": (237, 235), "set_mempolicy": (238, 237), "personality": (135, 92),
    "modify_ldt": (154, None), "lookup_dcookie": (212, 18),
    # the machine
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224),
    "swapoff": (168, 225), "acct": (163, 89), "syslog": (103, 116), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "adjtimex": (159, 171), "clock_adjtime": (305, 266), "sethostname": (170, 161),
    "setdomainname": (171, 162), "iopl": (172, None), "ioperm": (173, None), "vhangup": (153, 58),
    "nfsservctl": (180, 42),
    # memory and messages that outlive a process or that no limit counts
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "msgget": (68, 186), "msgsnd": (69, 189),
    "msgrcv": (70, 188), "msgctl": (71, 187), "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191),
    "semtimedop": (220, 192), "memfd_create": (319, 279),
    # looked at more closely below
    "clone": (56, 220), "clone3": (435, 435), "socket": (41, 198), "socketpair": (53, 199),
    "ioctl": (16, 29), "mmap": (9, 222),
    # denied where there are no namespaces
    "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "truncate": (76, 45),
    "setpriority": (141, 140), "ioprio_set": (251, 30), "prlimit64": (302, 261),
    "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    # pretended where there are no namespaces and no uid of one's own
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14),
    "lremovexattr": (198, 15), "fremovexattr": (199, 16),
}  # fmt: skip

_NOT_THERE = frozenset(
    {"shmget", "shmat", "shmctl", "msgget", "msgsnd", "msgrcv", "msgctl", "memfd_create"}
    | {"semget", "semop", "semctl", "semtimedop"}
)
_EXAMINED = frozenset({"clone", "clone3", "socket", "socketpair", "ioctl", "mmap"})
_HOST_ONLY = frozenset({"connect", "bind", "listen", "truncate", "setpriority", "ioprio_set"})
_SELF_ONLY = frozenset(
    {"prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr"}
)
_PRETENDED = frozenset(
    {"chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat", "utime", "utimes"}
    | {"futimesat", "utimensat", "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr"}
    | {"fremovexattr"}
)
_DENIED = frozenset(_NUMBERS) - _NOT_THERE - _EXAMINED - _HOST_ONLY - _SELF_ONLY - _PRETENDED

# BPF opcodes, and where things lie in struct seccomp_data
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_AT_NUMBER, _AT_ARCH = 0, 4
_ALLOW, _KILL, _ERROR = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
_PRETEND = _ERROR  # error 0: the call is not made, and says that it was

_AF_UNIX, _SOCK_STREAM, _SOCK_SEQPACKET = 1, 1, 5
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_MAP_SHARED_ANONYMOUS = 0x21

Instruction = tuple[int, int, int, int]
"""Opcode, how many to skip if true, how many if false, constant."""


def _argument(index: int) -> int:
    """Return where the low half of an argument lies (both architectures are little-endian)."""
    return 16 + 8 * index


def _when(number: int, body: list[Instruction]) -> Iterator[Instruction]:
    """Run `body`, which must end in a return on each of its paths, for one system call."""
    yield _IF_EQUAL, 0, len(body), number
    yield from body


def _refuse(number: int, error: int) -> Iterator[Instruction]:
    return _when(number, [(_RETURN, 0, 0, _ERROR | error)])


def _allow_only(number: int, index: int, value: int, error: int) -> Iterator[Instruction]:
    """Allow a call if one of its arguments has this value."""
    return _when(
        number,
        [
            (_LOAD, 0, 0, _argument(index)),
            (_IF_EQUAL, 1, 0, value),
            (_RETURN, 0, 0, _ERROR | error),
            (_RETURN, 0, 0, _ALLOW),
        ],
    )


def _examined(numbers: dict[str, int]) -> Iterator[Instruction]:
    """Yield the rules that look at arguments and hold on every rung."""
    # The flags of clone3 lie behind a pointer: without it, libraries fall back to clone.
    yield from _refuse(numbers["clone3"], errno.ENOSYS)
    yield from _when(
        numbers["clone"],
        [
            (_LOAD, 0, 0, _argument(0)),
            (_IF_ANY_BIT, 0, 1, syscalls.ALL_NAMESPACES),
            (_RETURN, 0, 0, _ERROR | errno.EPERM),
            (_RETURN, 0, 0, _ALLOW),
        ],
    )
    # Typing into somebody's terminal.
    yield from _when(
        numbers["ioctl"],
        [
            (_LOAD, 0, 0, _argument(1)),
            (_IF_EQUAL, 2, 0, _TIOCSTI),
            (_IF_EQUAL, 1, 0, _TIOCLINUX),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, _ERROR | errno.EPERM),
        ],
    )
    # Shared anonymous memory is not counted by RLIMIT_DATA.
    yield from _when(
        numbers["mmap"],
        [
            (_LOAD, 0, 0, _argument(3)),
            (_AND, 0, 0, _MAP_SHARED_ANONYMOUS),
            (_IF_EQUAL, 0, 1, _MAP_SHARED_ANONYMOUS),
            (_RETURN, 0, 0, _ERROR | errno.ENOMEM),
            (_RETURN, 0, 0, _ALLOW),
        ],
    )


def _local_sockets(numbers: dict[str, int]) -> Iterator[Instruction]:
    """Yield the rules for a process in a network namespace of its own: local sockets and no others."""
    yield from _allow_only(numbers["socket"], 0, _AF_UNIX, errno.EAFNOSUPPORT)
    yield from _allow_only(numbers["socketpair"], 0, _AF_UNIX, errno.EAFNOSUPPORT)


def _no_sockets(numbers: dict[str, int]) -> Iterator[Instruction]:
    """Yield the rules for a process that shares the host's network and processes.

    Even local sockets must go, for they reach the host's services; so must pairs of datagram sockets, which
    can be redirected to any address. Landlock does not cover scheduling, priorities and limits of other
    processes of one's uid.
    """
    yield from _refuse(numbers["socket"], errno.EAFNOSUPPORT)
    yield from _when(
        numbers["socketpair"],
        [
            (_LOAD, 0, 0, _argument(0)),
            (_IF_EQUAL, 0, 4, _AF_UNIX),
            (_LOAD, 0, 0, _argument(1)),
            (_AND, 0, 0, 0xF),  # the rest are flags
            (_IF_EQUAL, 2, 0, _SOCK_STREAM),
            (_IF_EQUAL, 1, 0, _SOCK_SEQPACKET),
            (_RETURN, 0, 0, _ERROR | errno.EAFNOSUPPORT),
            (_RETURN, 0, 0, _ALLOW),
        ],
    )
    for name in sorted(_HOST_ONLY & numbers.keys()):
        yield from _refuse(numbers[name], errno.EPERM)
    for name in sorted(_SELF_ONLY & numbers.keys()):
        yield from _allow_only(numbers[name], 0, 0, errno.EPERM)


def _instructions(*, own_namespaces: bool, own_uid: bool) -> Iterator[Instruction]:
    column = 0 if syscalls.MACHINE == "x86_64" else 1
    numbers = {name: pair[column] for name, pair in _NUMBERS.items()}
    known = {name: number for name, number in numbers.items() if number is not None}
    yield _LOAD, 0, 0, _AT_ARCH
    yield _IF_EQUAL, 1, 0, _AUDIT_ARCH[syscalls.MACHINE]
    yield _RETURN, 0, 0, _KILL  # 32-bit calls have other numbers
    yield _LOAD, 0, 0, _AT_NUMBER
    yield _IF_AT_LEAST, 0, 1, _X32_BIT
    yield _RETURN, 0, 0, _KILL
    yield _IF_AT_LEAST, 0, 1, _FIRST_UNREVIEWED
    yield _RETURN, 0, 0, _ERROR | errno.ENOSYS
    for name in sorted(_DENIED & known.keys()):
        yield from _refuse(known[name], errno.EPERM)
    for name in sorted(_NOT_THERE):
        yield from _refuse(known[name], errno.ENOSYS)
    yield from _examined(known)
    yield from _local_sockets(known) if own_namespaces else _no_sockets(known)
    if not own_namespaces and not own_uid:
        # Landlock does not cover modes, owners and times, and the files of the one who grades have the same
        # owner.
        for name in sorted(_PRETENDED & known.keys()):
            yield from _when(known[name], [(_RETURN, 0, 0, _PRETEND)])
    yield _RETURN, 0, 0, _ALLOW


def build(*, own_namespaces: bool, own_uid: bool) -> bytes:
    """Return the filter for `syscalls.set_seccomp`.

    Parameters
    ----------
    own_namespaces
        Whether the process has network and process namespaces of its own; without them it gets no sockets at
        all.
    own_uid
        Whether its uid is nobody else's; without that, changes of modes, owners and times are pretended.
    """
    if syscalls.MACHINE not in _AUDIT_ARCH:
        raise OSError(errno.ENOSYS, f"seccomp: no system call numbers known for {syscalls.MACHINE}")
    program = _instructions(own_namespaces=own_namespaces, own_uid=own_uid)
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)
