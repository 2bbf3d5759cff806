"""Builds the notebook that students get: no solutions, nothing hidden, the same bytes every time."""

from coteja.release.build import build_cells, build_notebook, notebook_bytes

__all__ = ["build_cells", "build_notebook", "notebook_bytes"]
