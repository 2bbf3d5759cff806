"""The sample class of linear-regression-numpy, marked for real."""

from __future__ import annotations

from marked_class import *  # noqa: F403 (the tests are the same for every lab)

LAB = "linear-regression-numpy"
#: A notebook computes for several seconds. Left out are those whose mistake or whose shape another one, or a test of its own, has as well.
SOME = {
    "diego_ajú.ipynb",
    "hannah-schmidt.ipynb",
    "Lab A - Brenda Xocoy.ipynb",
    "luis_pedro (2).ipynb",
    "kevin-morales.ipynb",
    "emma_wilson.ipynb",
    "noah-evans.ipynb",
    "mario_sac.ipynb",
    "reporte_grupo_3.ipynb",
    "byron_tot.ipynb",
    "saul_caal.ipynb",
}
