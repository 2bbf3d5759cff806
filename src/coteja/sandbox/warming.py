"""Exercises the kernel before anything is forked, and undoes what that left behind."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from coteja.sandbox import figures

# Exercised before forking, so that no child pays for what the first plot or the first traceback imports.
_WARM_CELLS = (
    "import math, random, os, sys, json, time, functools, itertools, collections",
    "display({'a': 1})",
    "import asyncio; await asyncio.sleep(0)",
    "def _f(x): return 1/x\n_f(0)",
    "%time 1+1",
)
_WARM_NUMPY = (
    "import numpy as _np; _a = _np.random.default_rng(0).normal(size=(60, 60))",
    "_np.linalg.solve(_a, _a); _np.linalg.svd(_a); print(_a[:2]); _a @ _a",
    "_a[:3]",
)
_WARM_PYPLOT = (
    """import matplotlib.pyplot as _p
_g, _x = _p.subplots(); _x.plot([1, 2, 3], [1, 4, 9], 'o-', label='a')
_x.set_xlabel('x'); _x.set_ylabel('$y^2$'); _x.set_title('t'); _x.legend(); _x.grid(); _x.scatter([1], [2])
_p.show()""",
    "_g, _x = _p.subplots(); _x.semilogy([1, 2, 3]); _p.show()",
)


def warm(shell: Any) -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    matplotlib = sys.modules.get("matplotlib")
    settings: dict[str, Any] = {}
    cells = list(_WARM_CELLS)
    if "numpy" in sys.modules:
        cells += _WARM_NUMPY
    if matplotlib is not None and "matplotlib.pyplot" in sys.modules:
        # Settings are kept as they are AFTER the inline backend is active, else figures stop showing.
        shell.run_cell("import matplotlib.pyplot as _p; _p.figure(); _p.close('all')")
        settings = dict(matplotlib.rcParams)
        cells += _WARM_PYPLOT
    for cell in cells:
        shell.run_cell(cell, silent=False, store_history=False)
    if matplotlib is not None and settings:
        _unwarm_pyplot(matplotlib, settings)
    loop.close()
    asyncio.set_event_loop(None)
    import IPython.core.interactiveshell as interactive

    if hasattr(interactive, "_asyncio_event_loop"):
        interactive._asyncio_event_loop = None
    shell.reset(new_session=True, aggressive=False)
    shell.execution_count = 1
    shell._last_traceback = None
    sys.last_traceback = sys.last_value = sys.last_type = None
    for module in list(sys.modules.values()):
        getattr(module, "__warningregistry__", {}).clear()


def _unwarm_pyplot(matplotlib: Any, settings: dict[str, Any]) -> None:
    import matplotlib.pyplot as plt
    from matplotlib_inline import backend_inline

    plt.close("all")
    backend_inline.show._to_draw = []
    backend_inline.show._draw_called = False
    matplotlib.rcParams.update(settings)
    figures.forget()
    figures.install()
