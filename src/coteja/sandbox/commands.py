"""`!command` in a notebook."""

from __future__ import annotations

import os
import subprocess

from IPython.utils.process import system as system_with_terminal


def system(command: str) -> int:
    """`!command` as IPython runs it; where the wall leaves no terminals, through a pipe."""
    try:
        terminal = os.openpty()
    except OSError:
        return _system_piped(command)
    for fd in terminal:
        os.close(fd)
    return int(system_with_terminal(command))


def _system_piped(command: str) -> int:
    with subprocess.Popen(
        ["/bin/sh", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None  # noqa: S101 (it is a pipe)
        try:
            while raw := os.read(process.stdout.fileno(), 65536):
                print(raw.decode(errors="replace"), end="", flush=True)
        except KeyboardInterrupt:
            process.kill()
    # As IPython has it: a shell's 128 + n is the signal n.
    return process.returncode if process.returncode <= 128 else 128 - process.returncode
