"""One neuron: its slope, its training, its figure."""

from coteja.checking import (
    Expected,
    Misconception,
    Verdict,
    Work,
    _,
    check,
    check_curves_figure,
    compare,
    curve_picture,
    failed,
    is_decreasing,
    near,
    parts,
    passed,
)

UPHILL = Misconception(
    id="uphill",
    name=_("Uphill instead of downhill"),
    explanation=_("The cost rises: the step goes along the gradient, not against it."),
    next_step=_("Subtract the gradient."),
)
NOT_DIVIDED = Misconception(
    id="not-divided",
    name=_("A sum where a mean is asked for"),
    explanation=_("Each step is as many times too long as there are examples."),
    next_step=_("Divide the gradient by the number of examples."),
)


@check(
    "q1", points=2, title=_("The gradient is the slope of your own cost"), public=True, proved_by="trained"
)
def slope_of_cost(work: Work, expected: Expected) -> Verdict:
    for case in work.probe("slopes"):
        slope, up0, down0, up1, down1 = case
        found = slope.array()
        measured = [(up0.array() - down0.array()) / 2e-5, (up1.array() - down1.array()) / 2e-5]
        if not near(found, measured, 1e-5):
            return failed(_("It is not."), comparisons=[compare(_("gradient"), found, measured, 1e-5)])
    return passed(_("It is, for every new neuron."))


@check("q1", points=1, title=_("The cost falls"), public=True)
def falls(work: Work, expected: Expected) -> Verdict:
    costs = work.curve("costs", length=30)
    if is_decreasing(costs):
        return passed(_("It falls, from {start} to {end}.", start=costs[0], end=costs[-1]))
    return failed(_("It does not fall."), misconception=UPHILL if costs[-1] > costs[0] else None)


@check("q1", points=3, title=_("The costs of the training"), rests_on=["falls"])
def trained(work: Work, expected: Expected) -> Verdict:
    found, truth = work.curve("costs", length=30), expected.array("costs")
    picture = curve_picture(
        title=_("Your costs"), found={_("yours"): found}, expected={_("reference"): truth}
    )
    evidence = [compare(_("costs"), found, truth, expected.tolerance("costs"))]
    if evidence[0].ok:
        return passed(_("They are right."), comparisons=evidence, picture=picture)
    wrong = expected.mistake("costs", "not-divided")
    known = NOT_DIVIDED if wrong is not None and near(found, wrong, 1e-5) else None
    return failed(_("They are others."), comparisons=evidence, picture=picture, misconception=known)


@check("q2", points=3, title=_("The figure shows your costs"))
def figure(work: Work, expected: Expected) -> Verdict:
    lines = check_curves_figure(
        work.figure("cost_figure"), {"cost": work.curve("costs")}, names={"cost": ["cost", "costo"]}
    )
    return parts(lines, success=_("Everything is there."))


@check("q2", points=1, title=_("What you claim is what your costs say"))
def claim(work: Work, expected: Expected) -> Verdict:
    costs = work.curve("costs")
    if bool(work.value("learned")) == bool(costs[-1] < costs[0]):
        return passed(_("They agree."))
    return failed(_("Your own costs say otherwise."))
