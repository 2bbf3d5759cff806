"""How much memory a child and everything that it started hold together.

The kernel limits each process by itself; a control group that would limit them together needs rights that most machines
do not give. So the template looks, a few times a second, and ends a child that is over.
"""

from __future__ import annotations

from pathlib import Path

_FIELDS = ("RssAnon:", "RssShmem:")


def process_bytes(pid: int | str = "self") -> int:
    """Anonymous and shared memory of one process that is resident, in bytes; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith(_FIELDS))


def descendants(pid: int) -> list[int]:
    """The process and all its living descendants."""
    found = [pid]
    for each in found:
        try:
            tasks = [task / "children" for task in Path(f"/proc/{each}/task").iterdir()]
            found += [int(child) for task in tasks for child in task.read_text(encoding="ascii").split()]
        except (OSError, ValueError):
            continue
    return found


def tree_bytes(pid: int, shared: int) -> int:
    """Memory of a child's whole tree beyond the `shared` bytes that each of its processes got from the template.

    Never too much: pages that a fork still shares with the template are not counted.
    """
    return sum(max(0, process_bytes(each) - shared) for each in descendants(pid))
