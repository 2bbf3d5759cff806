"""Trying a wall in a process that is thrown away, so that a refusal leaves nothing half-done."""

from __future__ import annotations

import os
import select
from collections.abc import Callable

from coteja.sandbox import guardian, syscalls

WELL = b"+"
_TRIAL_S = 10.0


def why_not(attempt: Callable[[int], None]) -> str | None:
    """Run `attempt` in a process of its own; return what was refused, None if it went well.

    Parameters
    ----------
    attempt
        It gets a file descriptor, the only open one, on which it must write `WELL` when all is done. It may
        fork and never return.
    """
    hear, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        _run(attempt, tell)
    os.close(tell)
    answer = b""
    try:
        while select.select([hear], [], [], _TRIAL_S)[0]:
            part = os.read(hear, 4096)
            if not part:
                break
            answer += part
        else:
            answer = f"the trial did not end within {_TRIAL_S:.0f} s".encode()
    finally:
        os.close(hear)
        guardian.end_guarded(pid)
    if answer == WELL:
        return None
    return answer.decode(errors="replace") or "the trial ended without a word"


def _run(attempt: Callable[[int], None], tell: int) -> None:
    """Run the attempt, tell what goes wrong, and exit."""
    try:
        guardian.close_all_but([tell])
        attempt(tell)
    except OSError as error:
        os.write(tell, syscalls.phrase(error).encode())
    except BaseException as error:  # noqa: BLE001 (whatever it is, this process ends here and says why)
        os.write(tell, f"{type(error).__name__}: {error}".encode())
    finally:
        os._exit(0)
