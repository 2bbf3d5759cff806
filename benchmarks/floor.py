"""floor.py NOTEBOOK REPEATS: what the student's own code costs, in CPU seconds, without any grader; prints JSON.

`own`: its code cells executed again and again in one warm process. `forked`: the same in a fresh fork of a process
that has imported what the lab needs, the least that any grader must pay which keeps students apart.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import statistics
import sys
import time

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")
os.environ |= {
    "MPLBACKEND": "agg",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
}


def codes(path: str) -> list[object]:
    """The student's code cells, compiled; without magics and without the grader's own cells."""
    with open(path, encoding="utf-8") as file:
        notebook = json.load(file)
    kept = []
    for number, cell in enumerate(notebook["cells"]):
        ours = cell["metadata"].get("coteja", {})
        if cell["cell_type"] == "code" and ours.get("kind") != "check" and ours.get("cell") != "load-coteja":
            kept.append(compile("".join(cell["source"]), f"cell {number}", "exec"))
    return kept


def once(compiled: list[object]) -> None:
    """Run every cell in a fresh namespace."""
    names: dict[str, object] = {"__name__": "__main__"}
    for code in compiled:
        exec(code, names)
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def forked(compiled: list[object]) -> float:
    """CPU seconds of one run in a fork."""
    pid = os.fork()
    if pid == 0:
        once(compiled)
        os._exit(0)
    _pid, status, usage = os.wait4(pid, 0)
    assert status == 0, f"the forked run ended with {status}"
    return usage.ru_utime + usage.ru_stime


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main(path: str, repeats: str) -> None:
    """Measure and print."""
    compiled = codes(path)
    # What the student prints is not ours.
    report = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    text = json.dumps(json.load(open(path, encoding="utf-8")))
    # Only imported, nothing run: TensorFlow can be forked as long as no model was built.
    for name in ("numpy", "matplotlib.pyplot", "tensorflow", "keras"):
        if name.split(".")[0] in text:
            __import__(name)
    gc.collect()
    gc.freeze()
    in_forks = [forked(compiled) for _ in range(int(repeats))]
    once(compiled)
    own, wall = [], []
    for _ in range(int(repeats)):
        began, at = _cpu(), time.perf_counter()
        once(compiled)
        own.append(_cpu() - began)
        wall.append(time.perf_counter() - at)
    medians = {
        "own_s": statistics.median(own),
        "forked_s": statistics.median(in_forks),
        "wall_s": statistics.median(wall),
    }
    os.write(report, json.dumps(medians).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
