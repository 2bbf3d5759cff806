"""The checks of the Keras lab: the same that benchmarks/tests_for_peers.py has for the other graders."""

from __future__ import annotations

import numpy as np

from coteja.checking import Expected, Verdict, Work, _, check, compare, curve_picture, failed, passed


@check("data", points=2, title=_("The data have the shape and the noise that were asked for"), public=True)
def data(work: Work, expected: Expected) -> Verdict:
    inputs, targets = work.array("inputs"), work.array("targets")
    if inputs.shape != (1000, 2) or targets.shape != (1000, 1):
        return failed(_("The shapes are not (1000, 2) and (1000, 1)."))
    noise = targets - inputs @ np.array([[2.0], [-3.0]]) - 5
    if np.abs(noise).max() > 1:
        return failed(_("The noise reaches {found}; at most 1 is asked for.", found=np.abs(noise).max()))
    return passed(_("1000 observations, with noise between -1 and 1."))


@check("model", points=2, title=_("The network has two weights and a bias"), public=True)
def model(work: Work, expected: Expected) -> Verdict:
    line = compare(_("parameters"), work.number("parameter_count"), 3, 0)
    return (passed if line.ok else failed)(_("The network was counted."), comparisons=[line])


@check("fit", points=2, title=_("The loss falls over five epochs"))
def fit(work: Work, expected: Expected) -> Verdict:
    curve = work.curve("losses")
    if len(curve) != 5 or curve[-1] >= curve[0]:
        return failed(_("The loss does not fall over five epochs."))
    picture = curve_picture(
        title=_("The loss of every epoch"),
        found={"losses": curve},
        expected={},
        x_label=_("epoch"),
        log_y=True,
    )
    return passed(_("The loss falls."), picture=picture)


@check("weights", points=2, title=_("The network finds the line"))
def weights(work: Work, expected: Expected) -> Verdict:
    lines = [
        compare(_("your weights"), work.array("weights"), expected.array("weights"), 0.2),
        compare(_("your bias"), work.array("bias"), expected.array("bias"), 0.75),
    ]
    return (passed if all(line.ok for line in lines) else failed)(_("Compared."), comparisons=lines)
