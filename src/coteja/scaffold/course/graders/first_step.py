"""One step downhill, what is checked. Reads like the rubric, question by question."""

from __future__ import annotations

from coteja.checking import (
    Expected,
    Misconception,
    Verdict,
    Work,
    _,
    agreement,
    check,
    check_curves_figure,
    claimed,
    compare,
    failed,
    judge_claims,
    near,
    part,
    parts,
    passed,
    yes_or_no,
)

UPHILL = Misconception(
    id="uphill",
    name=_("The step goes uphill"),
    explanation=_(
        "Your weight moved as far as it should, but to the other side: the gradient points to larger losses."
    ),
    next_step=_("Subtract rate times gradient from the weight."),
)
SUMMED = Misconception(
    id="summed",
    name=_("The gradient is not a mean"),
    explanation=_(
        "Your step is four times as long as it should be: one share for each observation, and no division."
    ),
    next_step=_("Divide the sum over the observations by n, or use np.mean."),
)


@check("q1", points=2, title=_("No miss costs nothing, and missing all by two costs four"), public=True)
def simple_misses(work: Work, expected: Expected) -> Verdict:
    cases = work.probe("mean_squared_error")
    return parts(
        [
            part(
                all(near(exact.number(), 0, 1e-9) for _any, exact, _by_two in cases),
                _("no miss costs nothing"),
                otherwise=_("Where outputs and targets are the same, all differences are zero."),
            ),
            part(
                all(near(by_two.number(), 4, 1e-9) for _any, _exact, by_two in cases),
                _("missing all by two costs four, however many they are"),
                otherwise=_("Square each difference, and take the mean over all of them."),
            ),
        ],
        success=_("Both hold, for every new set of numbers."),
    )


@check("q1", points=3, title=_("The mean squared error of any outputs"), rests_on=["simple_misses"])
def any_outputs(work: Work, expected: Expected) -> Verdict:
    lines = [
        compare(_("mean squared error"), tried.number(), tried.expected, 1e-9)
        for tried, *_others in work.probe("mean_squared_error")
    ]
    if all(line.ok for line in lines):
        return passed(_("It is right, for every new set of numbers."), comparisons=lines)
    return failed(
        _("It is another number."),
        comparisons=lines,
        next_step=_("Try it with two outputs, and compute the same on paper."),
    )


@check("q2", points=4, title=_("The weight after one step"))
def new_weight(work: Work, expected: Expected) -> Verdict:
    found = work.number("new_weight")
    line = compare(_("the new weight"), found, expected.array("new_weight"), expected.tolerance("new_weight"))
    if line.ok:
        return passed(_("Your step leads where it should."), comparisons=[line])
    for known in (UPHILL, SUMMED):
        wrong = expected.mistake("new_weight", known.id)
        if wrong is not None and near(found, wrong, 1e-6):
            return failed(_("The step leads elsewhere."), comparisons=[line], misconception=known)
    return failed(
        _("The step leads elsewhere."),
        comparisons=[line],
        next_step=_("Compute the derivative at weight 0 on paper: four products, their mean, times two."),
    )


@check("q2", points=1, title=_("The losses of all the weights"))
def losses(work: Work, expected: Expected) -> Verdict:
    truth = expected.array("losses")
    line = compare(_("losses"), work.curve("losses", length=truth.size), truth, expected.tolerance("losses"))
    if line.ok:
        return passed(_("One for each weight, and all are right."), comparisons=[line])
    return failed(
        _("They are others."),
        comparisons=[line],
        next_step=_("The outputs of a weight w are w times the inputs."),
    )


@check("q2", points=3, title=_("The figure shows your losses, named"), public=True)
def loss_figure(work: Work, expected: Expected) -> Verdict:
    lines = check_curves_figure(
        work.figure("loss_figure"),
        {"L(w)": work.curve("losses")},
        names={"L(w)": ("L(w)", "loss", "pérdida")},
    )
    return parts(lines, success=_("The figure shows all that it should."))


@check("q2", points=2, title=_("What a longer step does"))
def long_step(work: Work, expected: Expected) -> Verdict:
    said = yes_or_no(claimed(work, "long_step_helps"))
    line = agreement(_("the loss falls with rate 0.2"), said, ["no"])
    return judge_claims([line], _("The longer step lands higher than it started."))
