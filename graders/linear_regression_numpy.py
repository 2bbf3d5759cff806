"""Lab A, part 1, what is checked: the class model, more data, four rates, two other losses, another function.

Reads like the rubric, question by question. What is random in a student's work is held against the median of the
reference's runs, within six standard deviations of theirs; what a run shows is held against the student's own numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from coteja.checking import (
    Comparison,
    Expected,
    Verdict,
    Work,
    _,
    agreement,
    alike,
    answers,
    check,
    check_curves_figure,
    claimed,
    compare,
    curve_picture,
    failed,
    judge_claims,
    near,
    part,
    partial,
    parts,
    passed,
    plain,
    points_of,
    word_in,
    yes_or_no,
)

from .linear_regression_numpy_evidence import (
    CRITICAL_RATE,
    ITERATIONS,
    L1_LONG_ITERATIONS,
    LONG_ITERATIONS,
    LONGEST_S,
    RATES,
    TRUE,
    behaviours,
    curve_ends,
    diagonal,
    diverged,
    follows,
    hits,
    judge_result,
    line_answers,
    loss_value,
    over_reference,
    ran_away,
    result_of,
    runs,
    slope_value,
    solved,
    time_grows,
    tolerance_at,
    trained,
    training_mistake,
)
from .linear_regression_numpy_mistakes import (
    GRADIENT_NOT_CHANGED,
    LINE_AT_DIVERGENCE,
    MISSING_MEAN,
    NEVER_UPDATED,
    NO_NOISE,
    OBSERVATIONS_FOR_ITERATIONS,
    OSCILLATES_ONLY,
    OVERFLOW_AS_SUCCESS,
    RATE_TWICE,
    STOPPED_EARLY,
    TYPED_IN,
    WRONG_FUNCTION,
    WRONG_SIGN,
)

#: How a claim's words are shown, whatever language and spelling they came in.
SAID = {
    "slow": _("slow"),
    "diverges": _("diverges"),
    "overflows": _("overflows"),
    "iterations": _("iterations"),
    "observations": _("observations"),
}
BEHAVIOURS = {
    "slow": ("lent", "slow", "despacio"),
    "diverges": ("diverg", "explot", "explod", "crece", "grows"),
    "overflows": ("desbord", "overflow", "inf", "nan"),
}

# ------------------------------------------------------------------------------------- the class model


@check(
    "base",
    points=2,
    title=_("make_data gives inputs and noisy targets of any such function"),
    public=True,
    proved_by="class_result",
)
def data_made(work: Work, expected: Expected) -> Verdict:
    noise = []
    for case in work.probe("make_data"):
        step = case[0]
        n, w1, w2, b = step.args
        value = step.value()
        try:
            inputs, targets = (np.asarray(part_, dtype=float) for part_ in value)
        except (TypeError, ValueError):
            return failed(
                _("{name} should return two arrays: the inputs and the targets.", name=step.function),
                next_step=_("End it with `return` and both, inputs first."),
            )
        if inputs.shape != (n, 2) or targets.size != n:
            return failed(
                _(
                    "For {n} observations the inputs have shape {shape} and there are {count} targets.",
                    n=n,
                    shape=str(inputs.shape),
                    count=targets.size,
                ),
                next_step=_("Inputs have one row an observation and two columns; targets have shape (n, 1)."),
            )
        if np.abs(inputs).max() > 10 or np.ptp(inputs) < 15:
            return partial(
                0.5,
                _("The inputs go from {low} to {high}.", low=inputs.min(), high=inputs.max()),
                next_step=_("Draw them uniformly between -10 and 10."),
            )
        noise.append(targets.reshape(-1) - inputs @ np.array([w1, w2], dtype=float) - b)
    rest = np.concatenate(noise)
    shown = [compare(_("largest distance of a target from the function"), np.abs(rest).max(), 1.0, 0.1)]
    if np.abs(rest).max() > 1.001:
        return failed(
            _(
                "Your targets are up to {far} away from the function; the noise is 1 at most.",
                far=np.abs(rest).max(),
            ),
            comparisons=shown,
            misconception=WRONG_FUNCTION if np.median(np.abs(rest)) > 2 else None,
        )
    if np.std(rest) < 0.1:
        return partial(0.5, _("Your targets are the function itself, or nearly."), misconception=NO_NOISE)
    return passed(
        _("Inputs, function and noise are what they should be, on two new functions."), comparisons=shown
    )


@check(
    "base",
    points=1,
    title=_("half_l2 is half the mean of the squared errors"),
    public=True,
    proved_by="class_result",
)
def half_l2_value(work: Work, expected: Expected) -> Verdict:
    return loss_value(work, "half_l2", "half_l2", lambda o, t: np.sum((o - t) ** 2) / 2 / len(t))


@check(
    "base",
    points=2,
    title=_("half_l2_slope is the slope of your own loss"),
    public=True,
    proved_by="class_result",
)
def half_l2_slope_value(work: Work, expected: Expected) -> Verdict:
    return slope_value(work, "half_l2", "half_l2", "half_l2_slope", lambda o, t: (o - t) / len(t))


@check(
    "base",
    points=3,
    title=_("Your training learns from data that you have not seen"),
    proved_by="class_result",
)
def training(work: Work, expected: Expected) -> Verdict:
    shown, right = [], True
    for case in work.probe("train"):
        step = case[0]
        found, losses = trained(step)
        truth = step.expected
        wanted = np.asarray(truth[0], dtype=float).reshape(-1), float(np.asarray(truth[1]).reshape(-1)[0])
        shown += [
            compare(_("weights"), found[0], wanted[0], 0.1),
            compare(_("bias"), found[1], wanted[1], 0.25),
        ]
        iterations = int(step.args[3])
        if not (near(found[0], wanted[0], 0.1) and near(found[1], wanted[1], 0.25)):
            right = False
            mistake = training_mistake(step, found)
            if mistake is not None:
                return failed(
                    _("Your training ends where a known mistake leads."),
                    comparisons=shown,
                    misconception=mistake,
                )
        elif abs(losses.size - iterations) > 1:
            return partial(
                2 / 3,
                _(
                    "For {wanted} iterations it returned {found} losses.",
                    wanted=iterations,
                    found=losses.size,
                ),
                comparisons=shown,
                next_step=_("Store the loss of every iteration, before the update."),
            )
    if right:
        return passed(_("On new data, at other rates, it ends where the reference does."), comparisons=shown)
    return failed(
        _("On new data it does not end where the reference does."),
        comparisons=[line for line in shown if not line.ok],
        next_step=_(
            "Check that the rate and the number of iterations are taken from the arguments, and both weights and bias are updated."
        ),
    )


@check("base", points=3, title=_("Weights near 2 and −3, and a bias on its way, after 100 iterations"))
def class_result(work: Work, expected: Expected) -> Verdict:
    found = result_of(work, "weights", "biases")
    if near(found[0], TRUE[:2], 0.1) and near(found[1], TRUE[2], 0.2):
        return partial(
            2 / 3,
            _(
                "Weights and bias have arrived, with a bias of {found}: that takes more than 100 iterations.",
                found=found[1],
            ),
            next_step=_("The class model stops after 100 iterations; how it goes on is question 2."),
        )
    return judge_result(
        work,
        expected,
        "weights",
        "biases",
        success=_("After 100 iterations the weights are there, and the bias is on its way to 5."),
        known=(RATE_TWICE, NEVER_UPDATED, WRONG_SIGN, MISSING_MEAN, WRONG_FUNCTION),
    )


@check("base", points=1, title=_("The losses fall as this network's do"))
def class_losses(work: Work, expected: Expected) -> Verdict:
    curve, shown = curve_ends(work, expected, "losses", ITERATIONS)
    picture = over_reference(work, expected, "losses", curve)
    if all(line.ok for line in shown):
        return passed(
            _("From {first} to {last}.", first=curve[0], last=curve[-1]), comparisons=shown, picture=picture
        )
    falls = bool(np.isfinite(curve).all() and curve[-1] < curve[0])
    return partial(
        0.5 if falls else 0.0,
        _("Your losses go from {first} to {last}.", first=curve[0], last=curve[-1]),
        comparisons=shown,
        picture=picture,
    )


@check("base", points=2, title=_("The figure plots outputs against targets"), public=True)
def base_figure(work: Work, expected: Expected) -> Verdict:
    return diagonal(work, "base_figure", "biases")


# ------------------------------------------------------------------------ q1, q2: more data, more iterations


@check("q1", points=4, title=_("With a hundred thousand observations, the same limits"))
def result_q1(work: Work, expected: Expected) -> Verdict:
    return judge_result(
        work,
        expected,
        "weights_q1",
        "biases_q1",
        success=_("The same weights, and the same bias, with less scatter."),
    )


@check("q1", points=1, title=_("A hundred times the data takes longer"))
def seconds_q1(work: Work, expected: Expected) -> Verdict:
    return time_grows(work, "seconds", "seconds_q1")


@check("q1", points=2, title=_("The figure plots outputs against targets"), public=True)
def figure_q1(work: Work, expected: Expected) -> Verdict:
    return diagonal(work, "figure_q1", "biases_q1")


@check("q2", points=3, title=_("With a million observations, the same limits"))
def result_q2(work: Work, expected: Expected) -> Verdict:
    return judge_result(
        work,
        expected,
        "weights_q2",
        "biases_q2",
        success=_("A million observations, and the bias is still on its way."),
    )


@check("q2", points=1, title=_("Ten times the data takes longer"))
def seconds_q2(work: Work, expected: Expected) -> Verdict:
    return time_grows(work, "seconds_q1", "seconds_q2")


@check("q2", points=3, title=_("With 1000 iterations the bias arrives"))
def long_run(work: Work, expected: Expected) -> Verdict:
    verdict = judge_result(
        work,
        expected,
        "long_weights",
        "long_biases",
        success=_("After 1000 iterations the bias has come to 5."),
        known=(STOPPED_EARLY,),
    )
    curve = work.array("long_losses").reshape(-1) if work.has("long_losses") else np.empty(0)
    if verdict.fraction == 1.0 and abs(curve.size - LONG_ITERATIONS) > 1:
        return verdict.but(
            fraction=2 / 3,
            message=_("The result is right; {name} has {found} losses, 1000 were expected.",
                      name=work.name("long_losses"), found=curve.size),
        )  # fmt: skip
    return verdict


@check("q2", points=2, title=_("What the bias needs to come to 5"))
def bias_claim(work: Work, expected: Expected) -> Verdict:
    said = word_in(
        claimed(work, "bias_needs_more"),
        {"iterations": ("iterac", "iterat", "pasos", "steps"), "observations": ("observ", "datos", "data")},
    )
    line = agreement(_("what the bias still needs"), said, ["iterations"], words=SAID)
    verdict = judge_claims([line], _("Yes: more steps, not more rows."))
    return (
        verdict.but(misconception=OBSERVATIONS_FOR_ITERATIONS, next_step=None)
        if said == "observations"
        else verdict
    )


# ----------------------------------------------------------------------------------------- q3: four rates


@check("q3", points=1, title=_("There are losses and a time for each of the four rates"), public=True)
def four_rates(work: Work, expected: Expected) -> Verdict:
    curves = work.curves("rate_losses", RATES, length=ITERATIONS)
    seconds = work.arrays("rate_seconds", RATES)
    lines = [
        part(
            seconds[rate].size == 1 and bool(0 < seconds[rate].reshape(-1)[0] < LONGEST_S),
            _("a time for rate {rate}", rate=rate),
            otherwise=_("Measure how long each rate took: time.perf_counter() before and after."),
        )
        for rate in RATES
    ]
    return parts(lines, success=_("Four rates, {count} losses each.", count=curves[0.1].size))


@check("q3", points=4, title=_("At each rate the losses go where that rate leads"), rests_on=["four_rates"])
def rate_curves(work: Work, expected: Expected) -> Verdict:
    curves, truths = work.curves("rate_losses", RATES), expected.curves("rate_losses")
    right = {rate: follows(curves[rate], truths[rate], rate) for rate in RATES}
    lines = [
        Comparison(
            label=_("last loss at rate {rate}", rate=rate),
            expected=float(truths[rate][-1]),
            found=float(curves[rate][-1]),
            ok=right[rate],
        )
        for rate in RATES
    ]
    picture = curve_picture(
        title=_("Your losses at four rates, over the reference's"),
        y_label=_("loss"),
        found={str(rate): curve for rate, curve in curves.items()},
        expected={str(rate): truth for rate, truth in truths.items()},
        description=_(
            "Last losses: {a} at rate 0.0001, {b} at 0.001, {c} at 0.1, {d} at 1.",
            **{name: curves[rate][-1] for name, rate in zip("abcd", RATES, strict=True)},
        ),
        log_y=True,
    )
    shown: dict[str, Any] = {"comparisons": lines, "picture": picture}
    if all(right.values()):
        return passed(_("Two rates are slow, two diverge, each as fast as it must."), **shown)
    same = all(alike(curves[rate], curves[0.1], 1e-6) for rate in RATES)
    next_step = (
        _("All four curves are the same: the rate never reaches the update.")
        if same
        else _(
            "Print the first three losses at the rate that differs, and compare them with the reference's."
        )
    )
    return partial(
        sum(right.values()) / len(RATES),
        _("At {count} of 4 rates your losses go where they must.", count=sum(right.values())),
        next_step=next_step,
        **shown,
    )


@check(
    "q3",
    points=3,
    title=_("At each rate weights and bias end where that rate leads"),
    rests_on=["four_rates"],
)
def rate_results(work: Work, expected: Expected) -> Verdict:
    lines = []
    truth_w, truth_b = expected.curves("rate_weights"), expected.curves("rate_biases")
    for rate, (found, _losses) in runs(work).items():
        wanted = truth_w[rate].reshape(-1), float(truth_b[rate].reshape(-1)[0])
        if rate < CRITICAL_RATE:
            ok = near(found[0], wanted[0], tolerance_at(expected, "rate_weights", rate)) and near(
                found[1], wanted[1], tolerance_at(expected, "rate_biases", rate)
            )
        else:
            ok = ran_away(found[0], wanted[0])
        lines.append(
            Comparison(
                label=_("weights at rate {rate}", rate=rate),
                expected=_numbers(wanted[0]),
                found=_numbers(found[0]),
                ok=ok,
            )
        )
    count = sum(line.ok for line in lines)
    if count == len(RATES):
        return passed(_("At all four rates, also where numbers are astronomical."), comparisons=lines)
    return partial(
        count / len(RATES),
        _("At {count} of 4 rates weights and bias end where they must.", count=count),
        comparisons=lines,
        next_step=_("All four runs use the same 1000 observations, and each begins with new small weights."),
    )


def _numbers(values: np.ndarray) -> str:
    return "(" + ", ".join(f"{value:.4g}" for value in values) + ")"


@check(
    "q3",
    points=2,
    title=_("One figure shows one named curve for each rate"),
    public=True,
    rests_on=["four_rates"],
)
def rate_figure(work: Work, expected: Expected) -> Verdict:
    curves = work.curves("rate_losses", RATES)
    drawn = {f"{rate:g}": curve for rate, curve in curves.items()}
    return parts(
        check_curves_figure(work.figure("rate_figure"), drawn),
        success=_("One curve for each rate, each under its name."),
    )


@check(
    "q3",
    points=1,
    title=_("Another figure has a panel of outputs against targets for each rate"),
    public=True,
)
def line_figure(work: Work, expected: Expected) -> Verdict:
    panels = [
        axes for axes in work.figure("line_figure").axes if any(len(cloud) >= 20 for cloud in points_of(axes))
    ]
    return parts(
        [
            part(
                len(panels) >= len(RATES),
                _("four panels with points"),
                weight=2,
                otherwise=_(
                    "There are {count} panels with points; draw one for each rate.", count=len(panels)
                ),
            ),
            part(
                bool(panels) and all(axes.x_label.strip() and axes.y_label.strip() for axes in panels),
                _("both axes are labelled"),
                otherwise=_("Name both axes of every panel."),
            ),
        ],
        success=_("Four panels, one for each rate."),
    )


@check(
    "q3", points=2, title=_("What you say of each rate agrees with your own losses"), rests_on=["four_rates"]
)
def behaviour_claim(work: Work, expected: Expected) -> Verdict:
    claim, curves = answers(work, "behaviour", RATES), work.curves("rate_losses", RATES)
    lines = [
        agreement(
            _("at rate {rate}", rate=rate),
            word_in(claim[rate], BEHAVIOURS),
            behaviours(curves[rate]),
            words=SAID,
        )
        for rate in RATES
    ]
    verdict = judge_claims(lines, _("What you claim is what your losses show."))
    swings = [rate for rate in RATES if "oscil" in plain(claim[rate]) and diverged(curves[rate])]
    if swings and not any(line.ok for line, rate in zip(lines, RATES, strict=True) if rate in swings):
        count = sum(line.ok for line in lines)
        text = _("{held} of {total} answers are what your losses show.", held=count, total=len(lines))
        return verdict.but(misconception=OSCILLATES_ONLY, look=False, message=text, next_step=None)
    return verdict


@check(
    "q3",
    points=2,
    title=_("What you say of solutions and lines agrees with your own weights"),
    rests_on=["four_rates"],
)
def line_claim(work: Work, expected: Expected) -> Verdict:
    line, solves = answers(work, "line_45", RATES), answers(work, "solves", RATES)
    lines, mistake = [], None
    for rate, (found, losses) in runs(work).items():
        said, says_solved = yes_or_no(line[rate]), yes_or_no(solves[rate])
        truth = "yes" if solved(found, 0.1) else "no"
        lines.append(agreement(_("solved at rate {rate}?", rate=rate), says_solved, [truth]))
        lines.append(
            agreement(_("45-degree line at rate {rate}?", rate=rate), said, line_answers(found, losses))
        )
        if diverged(losses) and says_solved == "yes":
            mistake = OVERFLOW_AS_SUCCESS
        elif diverged(losses) and said == "yes":
            mistake = mistake or LINE_AT_DIVERGENCE
    verdict = judge_claims(lines, _("What you claim is what your weights show."))
    return verdict.but(misconception=mistake, next_step=None) if mistake is not None else verdict


@check("q3", points=1, title=_("Where more iterations would help"), rests_on=["four_rates"])
def more_iterations_claim(work: Work, expected: Expected) -> Verdict:
    claim, curves = answers(work, "more_iterations", RATES), work.curves("rate_losses", RATES)
    lines = [
        agreement(
            _("would more iterations help at rate {rate}?", rate=rate),
            yes_or_no(claim[rate]),
            ["no" if diverged(curves[rate]) else "yes"],
        )
        for rate in RATES
    ]
    return judge_claims(lines, _("Where the loss falls, time helps; where it grows, time makes it worse."))


# ------------------------------------------------------------------------------------------- q4: the L2-norm


@check("q4", points=1, title=_("l2 is the mean of the squared errors"), public=True, proved_by="l2_result")
def l2_value(work: Work, expected: Expected) -> Verdict:
    return loss_value(work, "l2", "l2", lambda o, t: np.sum((o - t) ** 2) / len(t))


@check("q4", points=1, title=_("l2_slope is the slope of your own l2"), public=True, proved_by="l2_result")
def l2_slope_value(work: Work, expected: Expected) -> Verdict:
    return slope_value(work, "l2", "l2", "l2_slope", lambda o, t: 2 * (o - t) / len(t))


@check("q4", points=3, title=_("With the new loss and its own slope, the bias gets further"))
def l2_result(work: Work, expected: Expected) -> Verdict:
    return judge_result(
        work,
        expected,
        "l2_weights",
        "l2_biases",
        success=_("With its own slope each step is twice as long, and the bias gets to about 4.34."),
        known=(GRADIENT_NOT_CHANGED,),
    )


@check("q4", points=2, title=_("With the new loss alone, twice the numbers and the same weights"))
def mixed_result(work: Work, expected: Expected) -> Verdict:
    curve, shown = curve_ends(work, expected, "mixed_losses", ITERATIONS)
    found = result_of(work, "mixed_weights", "mixed_biases")
    weights_right, bias_right = hits(found, expected, "mixed_weights", "mixed_biases")
    return parts(
        [
            part(
                shown[0].ok,
                _("the losses begin twice as high"),
                otherwise=_("The printed loss is the L2-norm without the half."),
            ),
            part(
                weights_right and bias_right,
                _("weights and bias end where the class model's do"),
                otherwise=_("This run keeps the old slope: half_l2_slope."),
            ),
        ],
        success=_("The loss doubles, and the weights never notice."),
        comparisons=shown,
        picture=over_reference(work, expected, "mixed_losses", curve),
    )


@check("q4", points=2, title=_("What you say of the two runs agrees with your own biases"))
def further_claim(work: Work, expected: Expected) -> Verdict:
    base = work.number("biases")
    lines = []
    for role, biases, label in (
        ("mixed_further", "mixed_biases", _("further with the loss alone changed?")),
        ("l2_further", "l2_biases", _("further with the slope changed as well?")),
    ):
        moved = work.number(biases) - base
        lines.append(agreement(label, yes_or_no(claimed(work, role)), ["yes" if moved > 0.4 else "no"]))
    return judge_claims(lines, _("What you claim is what your biases show."))


# ------------------------------------------------------------------------------------------- q5: the L1-norm


@check("q5", points=1, title=_("l1 is the mean of the absolute errors"), public=True, proved_by="l1_result")
def l1_value(work: Work, expected: Expected) -> Verdict:
    return loss_value(work, "l1", "l1", lambda o, t: np.sum(np.abs(o - t)) / len(t))


@check("q5", points=1, title=_("l1_slope is the slope of your own l1"), public=True, proved_by="l1_result")
def l1_slope_value(work: Work, expected: Expected) -> Verdict:
    return slope_value(work, "l1", "l1", "l1_slope", lambda o, t: np.sign(o - t) / len(t))


@check("q5", points=2, title=_("After 100 iterations L1 is still on its way"))
def l1_result(work: Work, expected: Expected) -> Verdict:
    verdict = judge_result(
        work,
        expected,
        "l1_weights",
        "l1_biases",
        success=_("Steps of one size: after 100 of them neither weights nor bias have arrived."),
        known=(GRADIENT_NOT_CHANGED,),
    )
    if work.has("l1_losses"):
        curve = work.curve("l1_losses", length=ITERATIONS)
        return verdict.but(picture=over_reference(work, expected, "l1_losses", curve))
    return verdict


@check("q5", points=2, title=_("After 3000 iterations L1 has arrived"))
def l1_long_result(work: Work, expected: Expected) -> Verdict:
    found = result_of(work, "l1_long_weights", "l1_long_biases")
    shown = [compare(_("weights"), found[0], TRUE[:2], 0.1), compare(_("bias"), found[1], TRUE[2], 0.3)]
    if all(line.ok for line in shown):
        return passed(_("Slowly, and in the end it is there."), comparisons=shown)
    return partial(
        0.5 if shown[0].ok else 0.0,
        _("After 3000 iterations the weights are {weights} and the bias is {bias}.",
          weights=_numbers(found[0]), bias=found[1]),
        comparisons=shown,
        next_step=_("Each step moves the bias by 0.01 at most: count how many it takes to come to 5."),
    )  # fmt: skip


@check("q5", points=1, title=_("One figure shows both runs, named"), public=True)
def l1_figure(work: Work, expected: Expected) -> Verdict:
    curves = {
        "100": work.curve("l1_losses", length=ITERATIONS),
        "3000": work.curve("l1_long_losses", length=L1_LONG_ITERATIONS),
    }
    return parts(
        check_curves_figure(work.figure("l1_figure"), curves),
        success=_("Both runs are in the figure, each under its name."),
    )


@check("q5", points=2, title=_("What you say of L1 agrees with your own weights"))
def l1_claim(work: Work, expected: Expected) -> Verdict:
    claim = answers(work, "l1_solved", (100, 3000))
    lines = []
    for iterations, weights, biases in (
        (100, "l1_weights", "l1_biases"),
        (3000, "l1_long_weights", "l1_long_biases"),
    ):
        truth = "yes" if solved(result_of(work, weights, biases), 0.2) else "no"
        label = _("solved after {iterations} iterations?", iterations=iterations)
        lines.append(agreement(label, yes_or_no(claim[iterations]), [truth]))
    return judge_claims(lines, _("What you claim is what your weights show."))


# -------------------------------------------------------------------------------------- q6: another function


@check("q6", points=2, title=_("The same algorithm finds 13, 7 and a bias on its way to −12"))
def result_q6(work: Work, expected: Expected) -> Verdict:
    return judge_result(
        work,
        expected,
        "weights_q6",
        "biases_q6",
        success=_("The algorithm did not know the function, and found it."),
    )


@check("q6", points=1, title=_("With 1000 iterations it has arrived"))
def long_q6(work: Work, expected: Expected) -> Verdict:
    return judge_result(
        work, expected, "long_weights_q6", "long_biases_q6", success=_("13, 7 and −12, from the data alone.")
    )


@check("q6", points=3, title=_("Run again with another function, your notebook finds that one"))
def follows_parameters(work: Work, expected: Expected) -> Verdict:
    again, truth = work.counterfactual("another_function")
    found = {
        role: again.array(role).reshape(-1)
        for role in ("weights_q6", "biases_q6", "long_weights_q6", "long_biases_q6")
    }
    wanted = {role: truth.array(role).reshape(-1) for role in found}
    # Its data are others than the reference's: the slower and larger a bias, the further apart.
    within = {"weights_q6": 0.15, "biases_q6": 0.8, "long_weights_q6": 0.15, "long_biases_q6": 0.3}
    lines = [
        compare(_("{name}, with other values", name=work.name(role)), found[role], wanted[role], within[role])
        for role in found
    ]
    held = sum(line.ok for line in lines)
    if held == len(lines):
        return passed(_("Your results follow the data, whatever the function."), comparisons=lines)
    typed = [
        role
        for role in found
        if work.has(role)
        and np.isfinite(found[role]).all()
        and near(found[role], work.array(role).reshape(-1), 1e-9)
    ]
    if typed:
        return partial(
            held / len(lines),
            _("With another function {name} is still what it was.", name=work.name(typed[0])),
            comparisons=lines,
            misconception=TYPED_IN,
        )
    return partial(
        held / len(lines),
        _("With another function {held} of 4 results are right.", held=held),
        comparisons=lines,
        next_step=_("Use new_w1, new_w2 and new_b in make_data, in this order."),
    )
