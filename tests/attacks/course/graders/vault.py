"""What the vault's checks ask. They show the student's own texts as much as any lab's would."""

import numpy as np

from coteja.checking import (
    Expected,
    Verdict,
    Work,
    _,
    check,
    compare,
    curve_picture,
    failed,
    near,
    passed,
)


@check("q1", points=5, title=_("Your function weighs"))
def weighs(work: Work, expected: Expected) -> Verdict:
    for (step,) in work.probe("weigh"):
        if not near(step.array(), step.expected, 1e-9):
            return failed(
                _("It returned {found}.", found=step.value()),
                comparisons=[compare(_("weight"), step.array(), step.expected, 1e-9)],
            )
    return passed(_("It does."))


@check("q2", points=1, title=_("The number is right"))
def value(work: Work, expected: Expected) -> Verdict:
    if near(work.array("answer"), expected.array("answer"), 1e-9):
        return passed(_("It is."))
    return failed(_("You say {found}.", found=work.value("answer")))


@check("q2", points=3, title=_("The number follows its parameter"))
def follows(work: Work, expected: Expected) -> Verdict:
    again, truth = work.counterfactual("another_first")
    if near(again.number("answer"), truth.array("answer"), 1e-9):
        return passed(_("It follows."))
    return failed(_("It was typed in."))


@check("q2", points=1, title=_("The figure shows squares"))
def drawn(work: Work, expected: Expected) -> Verdict:
    figure = work.figure("drawing")
    named = {line.label: line.y for line in figure.lines}
    truth = np.arange(5.0) ** 2
    picture = curve_picture(title=_("Your figure"), found=named, expected={_("squares"): truth})
    if any(near(y, truth, 1e-9) for y in named.values()):
        return passed(_("It does."), picture=picture)
    return failed(_("The title is {title}.", title=figure.axes[0].title), picture=picture)
