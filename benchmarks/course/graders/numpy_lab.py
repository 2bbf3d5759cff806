"""The checks of the NumPy lab: the same that benchmarks/tests_for_peers.py has for the other graders, on fresh inputs."""

from __future__ import annotations

import numpy as np

from coteja.checking import (
    Expected,
    Verdict,
    Work,
    _,
    alike,
    check,
    compare,
    curve_picture,
    failed,
    is_decreasing,
    near,
    part,
    parts,
    passed,
)


@check("data", points=2, title=_("The data have the shape and the noise that were asked for"), public=True)
def data(work: Work, expected: Expected) -> Verdict:
    inputs, targets = work.array("inputs"), work.array("targets")
    if inputs.shape != (1000, 2) or targets.shape != (1000, 1):
        return failed(_("The shapes are not (1000, 2) and (1000, 1)."))
    noise = targets - inputs @ np.array([[2.0], [-3.0]]) - 5
    if np.abs(noise).max() > 1:
        return failed(_("The noise reaches {found}; at most 1 is asked for.", found=np.abs(noise).max()))
    return passed(_("1000 observations, with noise between -1 and 1."))


@check("predict", points=2, title=_("predict computes inputs @ weights + bias"), public=True)
def predictions(work: Work, expected: Expected) -> Verdict:
    return _same_values(work, "predict")


@check("loss", points=2, title=_("loss is half the mean squared error"))
def losses(work: Work, expected: Expected) -> Verdict:
    return _same_values(work, "loss")


def _same_values(work: Work, probe: str) -> Verdict:
    for case in work.probe(probe):
        for step in case:
            if not alike(step.array(), step.expected, 1e-9):
                return failed(
                    _("With new inputs {name} gives other values.", name=probe),
                    comparisons=[compare(_("{name}", name=probe), step.array(), step.expected, 1e-9)],
                )
    return passed(_("Right with inputs that you have not seen."))


@check("train", points=2, title=_("The descent finds the line, on other data as well"))
def descent(work: Work, expected: Expected) -> Verdict:
    curve = work.curve("losses", length=100)
    fresh = work.probe("train")[0][0]
    weights, bias, _losses = fresh.value()
    own = compare(_("your weights"), work.array("weights"), [[2.0], [-3.0]], 0.05)
    picture = curve_picture(
        title=_("The loss of every iteration"),
        found={"losses": curve},
        expected={"losses": expected.array("losses")},
        log_y=True,
    )
    return parts(
        [
            part(own.ok, _("The weights are near 2 and -3")),
            part(curve[-1] < 2 and is_decreasing(curve), _("The loss falls, and ends below 2")),
            part(
                near(weights, fresh.expected[0], 1e-6) and near(bias, fresh.expected[1], 1e-6),
                _("With other data, train gives the reference's weights"),
            ),
        ],
        success=_("The descent finds the line."),
        comparisons=[own, compare(_("your bias"), work.array("bias"), 5.0, 1.0)],
        picture=picture,
    )
