"""Lab A, part 2, what is checked: one neuron in Keras, more data, four learning rates, the Huber loss.

Reads like the rubric, question by question. A student's numbers are random, so each is held against the reference's
scatter, or against the student's own model and data.
"""

from __future__ import annotations

import numpy as np

from coteja.checking import (
    Comparison,
    Expected,
    Verdict,
    Work,
    _,
    agreement,
    answers,
    check,
    check_curves_figure,
    check_diagonal_figure,
    choice_in,
    claimed,
    compare,
    curve_picture,
    failed,
    judge_claims,
    line_called,
    loss_curve,
    loss_name,
    near,
    number_in,
    part,
    partial,
    parts,
    passed,
    plain,
    read_model,
    unread,
    yes_or_no,
)

from .linear_regression_tensorflow_evidence import (
    DIVERGING,
    ENORMOUS,
    EPOCHS,
    LEARNING,
    LOSS_WORDS,
    LOSSES,
    RATES,
    SAID,
    SAME,
    SIZES,
    TRUE,
    UNTRAINED,
    UPDATES,
    behaviour_said,
    behaviours,
    compared,
    diagonal_picture,
    diverged,
    fit_of,
    fits_of,
    flat,
    is_fresh,
    judge_compiled,
    judge_fit,
    judge_shape,
    line_answers,
    loss_said,
    model_fit,
    over_reference,
    ran_away,
    rate_curves,
    rate_fits,
    steps_in,
    tolerance_of,
    typed_by_hand,
    wanted_curves,
    within,
)
from .linear_regression_tensorflow_mistakes import (
    CONTINUED_TRAINING,
    INTEGER_RATE,
    LINE_AT_DIVERGENCE,
    LOSS_NOT_CHANGED,
    MISLABELLED_CURVES,
    NAN_AS_SUCCESS,
    NO_OUTLIERS,
    OBSERVATIONS_FOR_UPDATES,
    OSCILLATES_ONLY,
    STOPPED_EARLY,
    TYPED_IN,
)

# -------------------------------------------------------------------------------------- base: one neuron in Keras


@check("base", points=3, title=_("The model is one neuron: two inputs, a bias, no activation"), public=True)
def one_neuron(work: Work, expected: Expected) -> Verdict:
    return judge_shape(read_model(work, "model"))


@check(
    "base",
    points=3,
    title=_("The model was compiled with SGD at rate 0.02 and mean squared error"),
    public=True,
)
def compiled(work: Work, expected: Expected) -> Verdict:
    return judge_compiled(read_model(work, "model"), "mse")


@check("base", points=2, title=_("The loss falls, over 30 epochs"), public=True)
def loss_falls(work: Work, expected: Expected) -> Verdict:
    losses = loss_curve(work, "history", model="model")
    text = _(
        "{count} epochs; the loss goes from {first} to {last}.",
        count=losses.size,
        first=losses[0],
        last=losses[-1],
    )
    if not np.isfinite(losses[-1]) or (losses.size > 1 and losses[-1] >= losses[0]):
        return failed(
            text,
            next_step=_(
                "The rate of this question is 0.02. At a much larger one the loss grows without bound."
            ),
        )
    if abs(losses.size - EPOCHS) > 1:
        return partial(0.75, text, next_step=_("Train for 30 epochs: fit(..., epochs=30)."))
    return passed(text)


@check("base", points=2, title=_("The last loss is that of a solved problem: only the noise is left"))
def final_loss(work: Work, expected: Expected) -> Verdict:
    losses, truth = loss_curve(work, "history", model="model"), expected.array("history")
    least = max(0.1, expected.radius("history") * float(expected.deviation("history")[-1]))
    shown = {
        "comparisons": [compare(_("last loss"), losses[-1], truth[-1], least)],
        "picture": over_reference(work, expected, "history", losses),
    }
    if near(losses[-1], truth[-1], least):
        return passed(
            _(
                "What is left is the noise: its mean square is a third, and the steps shake the weights a little."
            ),
            **shown,
        )
    if near(losses[-1], truth[-1] / 2, 0.05):
        return partial(
            0.5,
            _("Your last loss is half of what mean squared error gives."),
            next_step=_("Compile with loss='mse': this looks like Huber, or like a loss divided by two."),
            **shown,
        )
    if losses[-1] < truth[-1]:
        return failed(
            _("Your last loss is smaller than the noise in the targets allows."),
            next_step=_("Use the targets that make_data returns: their noise is part of the experiment."),
            **shown,
        )
    return partial(
        0.25 if losses[-1] < losses[0] else 0.0,
        _("Your last loss is {found}; something is still to be learned.", found=losses[-1]),
        next_step=_("Check the rate and the number of epochs. Does the loss still fall at the end?"),
        **shown,
    )


@check("base", points=4, title=_("Weights and bias are the model's own, near (2, −3) and 5"))
def weights(work: Work, expected: Expected) -> Verdict:
    held = model_fit(work, "model")
    verdict = judge_fit(
        fit_of(work, "weights", "biases"),
        held,
        expected,
        ("weights", "biases"),
        _("Weights and bias are where they should be, and the model holds the same numbers."),
    )
    if held.size or verdict.fraction == 0.0:
        return verdict
    return verdict.but(
        fraction=verdict.fraction / 2,
        message=_("There is no model of one neuron that holds these numbers, so they count half."),
        next_step=_("Keep the trained model in {name}.", name=work.name("model")),
    )


@check(
    "base", points=2, title=_("The figure shows outputs against targets, on the 45-degree line"), public=True
)
def result_figure(work: Work, expected: Expected) -> Verdict:
    figure = work.figure("result_figure")
    return parts(
        check_diagonal_figure(figure),
        success=_("Outputs against targets, along the 45-degree line."),
        picture=diagonal_picture(figure.axes),
    )


# ---------------------------------------------------------------------------------------------- q1: more data


@check("q1", points=2, title=_("A model was trained on 100,000 observations"), public=True)
def large_trained(work: Work, expected: Expected) -> Verdict:
    losses = loss_curve(work, "large_history")
    text = _(
        "{count} epochs; the loss goes from {first} to {last}.",
        count=losses.size,
        first=losses[0],
        last=losses[-1],
    )
    if not np.isfinite(losses[-1]) or losses[-1] > 1.1 * losses[0]:
        return failed(text, next_step=_("Rate 0.02, batches of 32, a new model: all as before."))
    steps = steps_in(work, "large_history")
    if steps is not None and steps < 1000:
        return partial(
            0.5,
            _("An epoch of this training had {steps} updates.", steps=steps),
            next_step=_("Use 100,000 observations, and batches of 32 as before."),
        )
    return passed(text)


@check("q1", points=3, title=_("With more data the same weights and bias come out"))
def large_answer(work: Work, expected: Expected) -> Verdict:
    return judge_fit(
        fit_of(work, "large_weights", "large_biases"),
        np.empty(0),
        expected,
        ("large_weights", "large_biases"),
        _("The same three numbers as with 1000 observations, within what the batches shake them."),
    )


@check("q1", points=3, title=_("An epoch takes longer with more data"))
def slower_epochs(work: Work, expected: Expected) -> Verdict:
    given = {number_in(key): flat(value) for key, value in work.mapping("seconds_per_epoch").items()}
    times = {size: given.get(float(size), np.empty(0)) for size in SIZES}
    measured = {size: time.size == 1 and bool(time[0] > 0) for size, time in times.items()}
    both = all(measured.values())
    lines = [
        part(
            measured[size],
            _("a time for {count} observations", count=size),
            otherwise=_(
                "Keep the seconds of one epoch under the key {count}: time.perf_counter() before and after fit, divided by the epochs.",
                count=size,
            ),
        )
        for size in SIZES
    ]
    lines.append(
        part(
            both and bool(times[SIZES[1]][0] > times[SIZES[0]][0]),
            _("an epoch of 100,000 takes longer than one of 1000"),
            weight=2,
            otherwise=_(
                "An epoch of 100,000 observations has about a hundred times as many updates. Divide the time of each fit by its own number of epochs."
            ),
        )
    )
    if not both:
        return parts(lines, success=_("An epoch takes longer."))
    ratio = float(times[SIZES[1]][0] / times[SIZES[0]][0])
    return parts(
        lines,
        success=_("An epoch of 100,000 takes {ratio} times as long as one of 1000.", ratio=round(ratio, 1)),
    )


@check("q1", points=3, title=_("You know how many updates an epoch has"))
def updates(work: Work, expected: Expected) -> Verdict:
    claim = answers(work, "updates_per_epoch", SIZES)
    own = {1000: steps_in(work, "history"), 100_000: steps_in(work, "large_history")}
    lines = []
    for size in SIZES:
        number = number_in(claim[size])
        said = unread(plain(claim[size])) if number is None else f"{number:g}"
        allowed = [f"{UPDATES[size]:g}"] + ([f"{own[size]:g}"] if own[size] else [])
        lines.append(
            agreement(
                _("updates in one epoch of {count} observations", count=size), said, dict.fromkeys(allowed)
            )
        )
    verdict = judge_claims(lines, _("One update for each batch of 32, the last one included."))
    if verdict.fraction == 1.0:
        return verdict
    if any(number_in(claim[size]) == size for size in SIZES):
        return verdict.but(
            misconception=OBSERVATIONS_FOR_UPDATES, next_step=OBSERVATIONS_FOR_UPDATES.next_step
        )
    return verdict.but(next_step=_("Observations divided by 32, rounded up."))


@check("q1", points=1, title=_("What you say of the answer agrees with your own numbers"))
def answer_claim(work: Work, expected: Expected) -> Verdict:
    large = fit_of(work, "large_weights", "large_biases")
    small = fit_of(work, "weights", "biases")
    with np.errstate(invalid="ignore"):
        apart = not bool((np.abs(large - small) <= 0.5).all())
    line = agreement(
        _("did the answer change?"),
        yes_or_no(claimed(work, "answer_changes")),
        [yes_or_no(apart)],
    )
    return judge_claims([line], _("What you claim is what your numbers show."))


# ------------------------------------------------------------------------------------- q2: learning rates


@check("q2", points=2, title=_("There are losses for all four rates"), public=True)
def four_rates(work: Work, expected: Expected) -> Verdict:
    curves = rate_curves(work)
    missing = [rate for rate in RATES if rate not in curves]
    text = _("There are losses for {count} of 4 rates.", count=len(curves))
    if not missing:
        return passed(text)
    refused = any(
        e.name == "ValueError" and "learning_rate` should be float" in e.value
        for e in work.raised.get("q2", ())
    )
    return partial(
        len(curves) / len(RATES),
        text,
        misconception=INTEGER_RATE if refused else None,
        next_step=INTEGER_RATE.next_step
        if refused
        else _(
            "Keep the list of losses under each rate as the key: 0.0001, 0.001, 0.1 and 1.0. The first one missing is {rate}.",
            rate=missing[0],
        ),
    )


@check("q2", points=3, title=_("Each rate begins with a new model"), public=True, rests_on=["four_rates"])
def fresh_models(work: Work, expected: Expected) -> Verdict:
    curves = {rate: curve for rate, curve in rate_curves(work).items() if rate in LEARNING}
    if not curves:
        return failed(
            _("There are no losses at 0.0001 and 0.001, the rates at which one can see it."),
            next_step=_("Train at these rates, too."),
        )
    lines = [
        Comparison(
            label=_("first loss at rate {rate}", rate=rate),
            expected=_("more than {border}", border=UNTRAINED),
            found=float(curve[0]),
            ok=is_fresh(curve),
        )
        for rate, curve in curves.items()
    ]
    if all(line.ok for line in lines):
        return passed(_("Both small rates begin with the loss of an untrained neuron."), comparisons=lines)
    return failed(
        _("A neuron that knows nothing loses more than {border} in its first epoch.", border=UNTRAINED),
        comparisons=lines,
        misconception=CONTINUED_TRAINING,
    )


@check(
    "q2",
    points=6,
    title=_("Losses, weights and bias at each rate are those that this rate leads to"),
    rests_on=["four_rates"],
)
def rate_values(work: Work, expected: Expected) -> Verdict:
    curves, fits = rate_curves(work), rate_fits(work)
    truths = {
        rate: np.array(value, dtype=float) for rate, value in by_rate_of(expected, "rate_histories").items()
    }
    lines, share = [], 0.0
    for rate, curve in curves.items():
        fit = fits.get(rate, np.empty(0))
        ok = _follows(curve, truths[rate], rate), fit.size == 3 and _lands(expected, fit, rate)
        share += (0.5 * ok[0] + 0.5 * ok[1]) / len(RATES)
        lines += [
            Comparison(
                label=_("last loss at rate {rate}", rate=rate),
                expected=float(truths[rate][-1]) if rate in LEARNING else _("without bound"),
                found=float(curve[-1]),
                ok=ok[0],
            ),
            Comparison(
                label=_("bias at rate {rate}", rate=rate),
                expected=float(flat(by_rate_of(expected, "rate_biases")[rate])[0])
                if rate in LEARNING
                else _("without bound"),
                found=float(fit[2]) if fit.size else _("none"),
                ok=ok[1],
            ),
        ]
    picture = curve_picture(
        title=_("Your losses at each rate, over the reference's"),
        x_label=_("epoch"),
        y_label=_("loss"),
        found={f"{rate:g}": curve for rate, curve in curves.items()},
        expected={f"{rate:g}": curve for rate, curve in truths.items()},
        log_y=True,
    )
    if share == 1.0:
        return passed(
            _("At all four rates losses, weights and bias are where the rate leads."),
            comparisons=lines,
            picture=picture,
        )
    stale = any(not is_fresh(curve) for rate, curve in curves.items() if rate in LEARNING)
    return partial(
        share,
        _("{right} of {total} results are where the rate leads.", right=round(8 * share), total=8),
        comparisons=lines,
        picture=picture,
        misconception=CONTINUED_TRAINING if stale else None,
        next_step=CONTINUED_TRAINING.next_step
        if stale
        else _("For each rate: a new model, 30 epochs, batches of 32, and its own weights and bias kept."),
    )


def by_rate_of(expected: Expected, role: str) -> dict[float, np.ndarray]:
    """An expected dictionary by the lab's rates."""
    return {float(rate): np.asarray(value, dtype=float) for rate, value in expected.value(role).items()}


def _follows(curve: np.ndarray, truth: np.ndarray, rate: float) -> bool:
    if rate in DIVERGING:
        return diverged(curve)
    return bool(np.isfinite(curve[-1])) and abs(curve[-1] - truth[-1]) <= 0.25 * truth[-1] + 0.1


def _lands(expected: Expected, fit: np.ndarray, rate: float) -> bool:
    if rate in DIVERGING:
        return ran_away(fit)
    truth = np.concatenate(
        [flat(by_rate_of(expected, role)[rate]) for role in ("rate_weights", "rate_biases")]
    )
    slack = [
        *np.broadcast_to(tolerance_of(expected, "rate_weights", rate), 2),
        *tolerance_of(expected, "rate_biases", rate, least=0.2),
    ]
    return bool(within(fit, truth, np.array(slack)).all())


@check(
    "q2",
    points=4,
    title=_("One figure shows one named curve for each rate"),
    public=True,
    rests_on=["four_rates"],
)
def rate_figure(work: Work, expected: Expected) -> Verdict:
    curves, figure = rate_curves(work), work.figure("rate_figure")
    seen = {rate: curve for rate, curve in curves.items() if np.isfinite(curve).sum() >= 5}
    if not seen:
        return failed(_("None of your curves has numbers to draw."), picture=wanted_curves(curves))
    lines = check_curves_figure(figure, {f"{rate:g}": curve for rate, curve in seen.items()})
    lines += [
        part(
            line_called(figure, (f"{rate:g}",)) is not None,
            _("the legend names rate {rate}, though nothing of it shows", rate=rate),
            weight=0.5,
            otherwise=_("Draw the rates that diverge as well: the legend then says that the curve is there."),
        )
        for rate in curves
        if rate not in seen
    ]
    lines += [
        part(
            False,
            _("a curve for rate {rate}", rate=rate),
            otherwise=_("Train at rate {rate}, too.", rate=rate),
        )
        for rate in RATES
        if rate not in curves
    ]
    verdict = parts(lines, success=_("One curve for each rate, each under its name."))
    if verdict.fraction == 1.0:
        return verdict
    swapped = False
    for rate, curve in seen.items():
        line = line_called(figure, (f"{rate:g}",))
        if line is not None and not near(line.y, curve, SAME):
            swapped = swapped or any(near(line.y, other, SAME) for other in seen.values())
    if not swapped:
        return verdict.but(picture=wanted_curves(curves))
    return verdict.but(
        misconception=MISLABELLED_CURVES,
        next_step=MISLABELLED_CURVES.next_step,
        picture=wanted_curves(curves),
    )


@check(
    "q2", points=4, title=_("What you say of each rate agrees with your own losses"), rests_on=["four_rates"]
)
def behaviour_claim(work: Work, expected: Expected) -> Verdict:
    claim, curves = answers(work, "behaviour", RATES), rate_curves(work)
    said = {rate: behaviour_said(claim[rate]) for rate in RATES}
    allowed = {rate: behaviours(curves[rate]) if rate in curves else ["?"] for rate in RATES}
    lines = [
        agreement(_("at rate {rate}", rate=rate), said[rate], allowed[rate], words=SAID)
        if rate in curves
        else _unknown(rate)
        for rate in RATES
    ]
    verdict = judge_claims(lines, _("What you claim is what your losses show."))
    wrong = [rate for rate in curves if said[rate] not in allowed[rate]]
    lost = [rate for rate in wrong if "diverges" in allowed[rate]]
    if any(said[rate] == "good" for rate in lost):
        return verdict.but(misconception=NAN_AS_SUCCESS, next_step=NAN_AS_SUCCESS.next_step)
    if any(said[rate] == "oscillates" for rate in lost):
        return verdict.but(misconception=OSCILLATES_ONLY, next_step=OSCILLATES_ONLY.next_step)
    if any(said[rate] == "good" and allowed[rate] == ["slow"] for rate in wrong):
        return verdict.but(misconception=STOPPED_EARLY, next_step=STOPPED_EARLY.next_step)
    return verdict


def _unknown(rate: float) -> Comparison:
    """A line of a claim about a rate that there are no data for."""
    return Comparison(
        label=_("at rate {rate}", rate=rate), expected=_("your own data"), found=_("none"), ok=False
    )


@check(
    "q2",
    points=3,
    title=_("What you say of the 45-degree line agrees with your own weights"),
    rests_on=["four_rates"],
)
def line_claim(work: Work, expected: Expected) -> Verdict:
    claim, fits = answers(work, "line_45", RATES), rate_fits(work)
    said = {rate: yes_or_no(claim[rate]) for rate in RATES}
    lines = [
        agreement(
            _("45-degree line at rate {rate}", rate=rate),
            said[rate],
            _likely_first(line_answers(fits[rate]), said[rate]),
        )
        if rate in fits
        else _unknown(rate)
        for rate in RATES
    ]
    verdict = judge_claims(lines, _("What you claim is what your weights show."))
    if any(said[rate] == "yes" and ran_away(fit) for rate, fit in fits.items()):
        return verdict.but(misconception=LINE_AT_DIVERGENCE, next_step=LINE_AT_DIVERGENCE.next_step)
    return verdict


def _likely_first(allowed: list[str], said: str) -> list[str]:
    """Where both answers will do, the one that was given is the one to show."""
    return [said] if said in allowed else allowed


@check("q2", points=2, title=_("Your best rate is the best in your own data"), rests_on=["four_rates"])
def best_rate_claim(work: Work, expected: Expected) -> Verdict:
    curves = rate_curves(work)
    ends = {rate: float(np.nan_to_num(curve[-1], nan=np.inf)) for rate, curve in curves.items()}
    best = min(ends, key=lambda rate: ends[rate])
    said = choice_in(claimed(work, "best_rate"), curves)
    line = agreement(_("best of the four rates"), said, [f"{best:g}"])
    verdict = judge_claims([line], _("Of your own losses, the one at that rate ends lowest."))
    if line.ok:
        return verdict
    shown = [
        Comparison(
            label=_("last loss at rate {rate}", rate=rate),
            expected=ends[best],
            found=float(curve[-1]),
            ok=rate == best,
        )
        for rate, curve in curves.items()
    ]
    told = verdict.but(comparisons=(line, *shown))
    lost = [rate for rate, end in ends.items() if not np.isfinite(end) or end > ENORMOUS]
    if any(f"{rate:g}" == said for rate in lost):
        return told.but(misconception=NAN_AS_SUCCESS, next_step=NAN_AS_SUCCESS.next_step)
    return told


# -------------------------------------------------------------------------------- q3: Huber, and outliers


@check(
    "q3",
    points=4,
    title=_("The Huber model was compiled with the Huber loss, all else as before"),
    public=True,
)
def huber_compiled(work: Work, expected: Expected) -> Verdict:
    return judge_compiled(read_model(work, "huber_model"), "huber")


@check("q3", points=4, title=_("On clean data both losses find the same three numbers"))
def clean_fits(work: Work, expected: Expected) -> Verdict:
    fits, truth = fits_of(work, "clean_fits"), expected.value("clean_fits")
    held = {"mse": model_fit(work, "model"), "huber": model_fit(work, "huber_model")}
    lines, typed = [], False
    for loss in LOSSES:
        slack = tolerance_of(expected, "clean_fits", loss)
        right = within(fits[loss], truth[loss], slack)
        # A model trained once more for this question gives other numbers; only rounded ones are nobody's.
        own = held[loss].size != 3 or near(fits[loss], held[loss], 0.02) or not typed_by_hand(fits[loss])
        typed = typed or (bool(right.all()) and not own)
        lines += [
            part(right[:2].all(), _("weights with {loss}", loss=LOSS_WORDS[loss]), otherwise=_("The weights should be near (2, −3).")),
            part(right[2], _("bias with {loss}", loss=LOSS_WORDS[loss]), otherwise=_("The bias should be near 5.")),
            part(own, _("a model with {loss} can have learned these numbers", loss=LOSS_WORDS[loss]), otherwise=TYPED_IN.next_step),
        ]  # fmt: skip
    evidence = [
        line
        for loss in LOSSES
        for line in compared(fits[loss], truth[loss], tolerance_of(expected, "clean_fits", loss))
    ]
    verdict = parts(
        lines, success=_("Without outliers it makes no difference which loss is used."), comparisons=evidence
    )
    return verdict.but(misconception=TYPED_IN) if typed else verdict


@check("q3", points=5, title=_("With outliers Huber stays near the truth, and mean squared error moves away"))
def outlier_fits(work: Work, expected: Expected) -> Verdict:
    fits, truth = fits_of(work, "outlier_fits"), expected.value("outlier_fits")
    slack = {
        "huber": tolerance_of(expected, "outlier_fits", "huber", least=0.2),
        "mse": tolerance_of(expected, "outlier_fits", "mse", least=1.0),
    }
    right = {loss: bool(within(fits[loss], truth[loss], slack[loss]).all()) for loss in LOSSES}
    with np.errstate(invalid="ignore"):
        far = {loss: float(np.abs(fits[loss] - TRUE).max()) for loss in LOSSES}
    # Two trainings with one loss differ by chance: nearer means nearer by more than that (0.1 against 5).
    spoiled = not near(fits["mse"], TRUE, 0.4)  # without outliers there is nothing that Huber could withstand
    lines = [
        part(right["huber"] and spoiled, _("with Huber all three numbers stay near (2, −3) and 5"), weight=2,
             otherwise=_("Train a new model with the Huber loss on the targets with outliers.")),
        part(right["mse"], _("with mean squared error the bias moves away, to about 10"), weight=2,
             otherwise=_("Train a new model with mean squared error on the targets with outliers.")),
        part(far["huber"] < far["mse"] / 2 and spoiled, _("Huber is nearer to the truth"),
             otherwise=_("Compare both fits with (2, −3) and 5.")),
    ]  # fmt: skip
    evidence = [line for loss in LOSSES for line in compared(fits[loss], truth[loss], slack[loss])]
    verdict = parts(
        lines,
        success=_("Huber stays, and mean squared error goes where the outliers pull it."),
        comparisons=evidence,
    )
    if not right["huber"] and within(fits["huber"], truth["mse"], slack["mse"]).all():
        return verdict.but(misconception=LOSS_NOT_CHANGED, next_step=LOSS_NOT_CHANGED.next_step)
    if not spoiled:
        return verdict.but(misconception=NO_OUTLIERS, next_step=NO_OUTLIERS.next_step)
    return verdict


@check("q3", points=2, title=_("Huber needs more epochs from far away"))
def epochs_by_loss(work: Work, expected: Expected) -> Verdict:
    given = {loss_name(str(key)): flat(value) for key, value in work.mapping("epochs_by_loss").items()}
    counts = {loss: given.get(loss, np.empty(0)) for loss in LOSSES}
    there = {loss: count.size == 1 and bool(count[0] >= 1) for loss, count in counts.items()}
    lines = [
        part(
            there[loss],
            _("a number of epochs for {loss}", loss=LOSS_WORDS[loss]),
            otherwise=_("epochs_needed(losses) gives it, from the losses of the training."),
        )
        for loss in LOSSES
    ]
    lines.append(
        part(
            all(there.values()) and bool(counts["huber"][0] > counts["mse"][0]),
            _("more of them with Huber"),
            weight=2,
            otherwise=_("Compare the trainings on clean data: one with mean squared error, one with Huber."),
        )
    )
    verdict = parts(lines, success=_("Huber's steps never grow longer, however far it still has to go."))
    if work.has("huber_history") or work.has("huber_model"):
        losses = loss_curve(work, "huber_history", model="huber_model")
        return verdict.but(picture=over_reference(work, expected, "huber_history", losses))
    return verdict


@check("q3", points=2, title=_("The loss that you call robust is so in your own data"))
def robust_claim(work: Work, expected: Expected) -> Verdict:
    fits = fits_of(work, "outlier_fits")
    with np.errstate(invalid="ignore"):
        far = {loss: float(np.nan_to_num(np.abs(fits[loss] - TRUE).max(), nan=np.inf)) for loss in LOSSES}
    nearest = [loss for loss in LOSSES if far[loss] <= min(far.values())]
    line = agreement(_("the robust loss"), loss_said(claimed(work, "robust_loss")), nearest, words=SAID)
    return judge_claims([line], _("What you claim is what your fits show."))


@check("q3", points=1, title=_("The loss that you call slower is so in your own data"))
def slower_claim(work: Work, expected: Expected) -> Verdict:
    given = {loss_name(str(key)): flat(value) for key, value in work.mapping("epochs_by_loss").items()}
    counts = {loss: float(given[loss][0]) for loss in LOSSES if given.get(loss, np.empty(0)).size == 1}
    if len(counts) < len(LOSSES):
        return failed(
            _("There are no two numbers of epochs to compare."),
            next_step=_("Fill in {name} first.", name=work.name("epochs_by_loss")),
        )
    slower = [loss for loss in LOSSES if counts[loss] >= max(counts.values())]
    line = agreement(_("the slower loss"), loss_said(claimed(work, "slower_loss")), slower, words=SAID)
    return judge_claims([line], _("What you claim is what your numbers show."))
