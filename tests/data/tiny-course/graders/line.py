from coteja.checking import (
    Expected,
    Misconception,
    Verdict,
    Work,
    _,
    check,
    compare,
    failed,
    near,
    part,
    parts,
    passed,
)

SWAPPED = Misconception(
    id="swapped",
    name=_("x and y changed places"),
    explanation=_("Your slope is that of x over y."),
    next_step=_("Divide by the spread of x, not by that of y."),
)


@check(
    "q1",
    points=4,
    title=_("The errors of your line add up to zero, and so do the errors times x"),
    public=True,
)
def errors_cancel(work: Work, expected: Expected) -> Verdict:
    for (step,) in work.probe("fit_line"):
        x, y = step.args
        found = step.array()
        if found.size != 2:
            return failed(_("fit_line returned {count} numbers; two were expected.", count=found.size))
        wrong = y - found[0] * x - found[1]
        if not near([wrong.sum(), (wrong * x).sum()], [0, 0], 1e-8):
            return failed(
                _("They do not."), next_step=_("Set both derivatives of the squared errors to zero.")
            )
    return passed(_("They do, for every new set of points."))


@check("q1", points=2, title=_("fit_line finds the best line"), rests_on=["errors_cancel"])
def best_line(work: Work, expected: Expected) -> Verdict:
    evidence = [
        compare(_("slope and intercept"), step.array(), step.expected, 1e-8)
        for (step,) in work.probe("fit_line")
    ]
    if all(line.ok for line in evidence):
        return passed(_("It does, for every new set of points."), comparisons=evidence)
    return failed(_("Another line has smaller squared errors."), comparisons=evidence)


@check("q1", points=2, title=_("The slope of the data"))
def slope(work: Work, expected: Expected) -> Verdict:
    found, wrong = work.number("slope"), expected.mistake("slope", "swapped")
    evidence = [compare(_("slope"), found, expected.array("slope"), expected.tolerance("slope"))]
    if evidence[0].ok:
        return passed(_("The slope is right."), comparisons=evidence)
    known = SWAPPED if wrong is not None and near(found, wrong, 1e-6) else None
    return failed(_("The slope is another one."), comparisons=evidence, misconception=known)


@check("q1", points=2, title=_("The squared errors of the data"))
def errors(work: Work, expected: Expected) -> Verdict:
    found = work.curve("squared_errors", length=5)
    return parts(
        [
            part(found.size == 5, _("one for each measurement")),
            part((found >= 0).all(), _("none is negative"), otherwise=_("Square them.")),
            part(near(found, expected.array("squared_errors"), 1e-3), _("their values are right"), weight=2),
        ],
        success=_("All five are right."),
    )
