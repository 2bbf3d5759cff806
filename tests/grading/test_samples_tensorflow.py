"""The sample class of linear-regression-tensorflow, marked for real where TensorFlow is installed."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from marked_class import *  # noqa: F403 (the tests are the same for every lab)

LAB = "linear-regression-tensorflow"
#: A notebook trains for most of a minute. These are mistakes that only Keras allows, and each way to build a model.
SOME = {
    "Luis Pedro Chocooj.ipynb",
    "nadia-rahman.ipynb",
    "gabriela_mux.ipynb",
    "oscar-pop.ipynb",
    "byron_sis.ipynb",
    "reporte-grupo-2.ipynb",
    "axel_morales.ipynb",
    "rosa-xiloj.ipynb",
}
pytestmark = pytest.mark.skipif(
    find_spec("tensorflow") is None, reason="TensorFlow is not installed: pip install 'coteja[tensorflow]'"
)
