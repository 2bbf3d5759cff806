"""Lab B, what is checked: the network and its start, learning rates compared fairly, mean squared error.

Reads like the rubric, question by question; what a mistake is called stands first, what helps to see it last.
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
    answers,
    check,
    check_curves_figure,
    claimed,
    compare,
    curve_picture,
    failed,
    is_constant,
    judge_claims,
    line_called,
    near,
    needs_a_look,
    part,
    partial,
    parts,
    passed,
    same_start,
    word_in,
    yes_or_no,
)

from .two_layer_network_evidence import (
    BEHAVIOURS,
    CLOSE,
    ITERATIONS,
    KNOWS_NOTHING,
    LONG_ITERATIONS,
    PARAMETERS,
    RATES,
    RULED,
    SAID,
    all_agree,
    behaviours,
    best_rate,
    count_said,
    first_of,
    is_ruled,
    loss_said,
    mean_loss,
    one_step_earlier,
    output,
    outputs_of,
    over_reference,
    own_count,
    parameters_of,
    rate_worth,
    slopes,
    trajectory,
    twins,
    worst_of,
)
from .two_layer_network_mistakes import (
    CONSTANT_START,
    CONTINUED_TRAINING,
    COST_AFTER_UPDATE,
    COUNTED,
    DIFFERENT_STARTS,
    MISLABELLED_CURVES,
    NEVER_UPDATED,
    RATE_TWICE,
    SUM_NOT_MEAN,
    WRONG_SIGN,
    ZERO_START_UNUSED,
)

# ------------------------------------------------------------------------- q1: the network and its start


@check(
    "q1",
    points=1,
    title=_("forward_prop gives one output between 0 and 1 for each example"),
    public=True,
    proved_by="random_costs",
)
def forward_outputs(work: Work, expected: Expected) -> Verdict:
    for case in work.probe("forward_prop"):
        step = first_of(case, "forward_prop")
        examples = np.asarray(step.args[0]).shape[1]
        outputs = outputs_of(step)
        if outputs.size != examples:
            return failed(
                _("For {examples} examples, A2 has {found} values.", examples=examples, found=outputs.size),
                next_step=_("A2 has shape (1, m): one output for each column of X."),
            )
        if not np.all((outputs >= 0) & (outputs <= 1)):
            return failed(
                _("An output of A2 is {found}, outside of 0 to 1.", found=worst_of(outputs)),
                next_step=_("The last layer ends with the sigmoid, 1 / (1 + exp(−Z2))."),
            )
    return passed(_("One output for each example, all between 0 and 1."))


@check(
    "q1",
    points=2,
    title=_("forward_prop computes the network's outputs, with weights you have not seen"),
    rests_on=["forward_outputs"],
    proved_by="random_costs",
)
def forward_values(work: Work, expected: Expected) -> Verdict:
    evidence = []
    for case in work.probe("forward_prop"):
        step = first_of(case, "forward_prop")
        evidence.append(
            compare(_("outputs A2"), outputs_of(step).reshape(-1), output(step.expected).reshape(-1), CLOSE)
        )
    return all_agree(
        evidence,
        _("Your outputs agree with the reference on every new network."),
        _(
            "Your outputs differ from the reference. Check tanh in the hidden layer, the sigmoid in the last, and that the biases are added."
        ),
    )


@check(
    "q1",
    points=1,
    title=_("loss_function gives one number, never negative"),
    public=True,
    proved_by="random_costs",
)
def loss_number(work: Work, expected: Expected) -> Verdict:
    for case in work.probe("loss_function"):
        found = first_of(case, "loss_function").array()
        if found.size != 1:
            return failed(
                _(
                    "loss_function returned {found} values; the cost is one number for all examples.",
                    found=found.size,
                )
            )
        if not np.isfinite(found).all() or found.reshape(-1)[0] < 0:
            return failed(
                _(
                    "loss_function returned {found}; a cost is finite and at least 0.",
                    found=found.reshape(-1)[0],
                ),
                next_step=_(
                    "The logarithm of a number below 1 is negative: mind the minus sign before the sum."
                ),
            )
    return passed(_("One number, never negative."))


@check(
    "q1",
    points=2,
    title=_("loss_function is the mean cross-entropy"),
    rests_on=["loss_number"],
    proved_by="random_costs",
)
def loss_values(work: Work, expected: Expected) -> Verdict:
    return mean_loss(work, "loss_function", "loss_function")


@check(
    "q1",
    points=4,
    title=_("backward_prop gives the slope of your own cost, as finite differences find it"),
    public=True,
    proved_by="random_costs",
)
def gradients(work: Work, expected: Expected) -> Verdict:
    return slopes(work, "gradients", "backward_prop")


@check(
    "q1",
    points=2,
    title=_("update_parameters takes one step downhill"),
    public=True,
    proved_by="random_costs",
)
def update_step(work: Work, expected: Expected) -> Verdict:
    right, uphill, twice = [], [], []
    for case in work.probe("update_parameters"):
        step = first_of(case, "update_parameters")
        if step.value() is None:
            return partial(
                0.5,
                _("update_parameters returned nothing."),
                next_step=_(
                    "Return the new dictionary, and leave the one you were given as it was: it may be somebody's start."
                ),
            )
        before, grads, rate = step.args[0], step.args[1], float(step.args[2])
        after = {name: step.entry(name) for name in PARAMETERS}
        right += [near(after[n], before[n] - rate * grads["d" + n], CLOSE) for n in PARAMETERS]
        uphill += [near(after[n], before[n] + rate * grads["d" + n], CLOSE) for n in PARAMETERS]
        twice += [near(after[n], before[n] - rate**2 * grads["d" + n], CLOSE) for n in PARAMETERS]
    if all(right):
        return passed(_("Each parameter moved by the learning rate times its gradient, downhill."))
    text = _(
        "{held} of {total} parameters moved by the learning rate times their gradient, downhill.",
        held=sum(right),
        total=len(right),
    )
    mistake = WRONG_SIGN if all(uphill) else RATE_TWICE if all(twice) else None
    return partial(0.0 if mistake else sum(right) / len(right) / 2, text, misconception=mistake)


@check("q1", points=2, title=_("predict answers 1 above one half and 0 elsewhere"), proved_by="random_costs")
def predictions(work: Work, expected: Expected) -> Verdict:
    right = total = 0
    for case in work.probe("predict"):
        step = first_of(case, "predict")
        found, wanted = step.array().reshape(-1), np.asarray(step.expected, dtype=float).reshape(-1)
        if found.size != wanted.size:
            return failed(
                _("predict gave {found} answers for {total} examples.", found=found.size, total=wanted.size)
            )
        if not np.isin(found, (0.0, 1.0)).all():
            return failed(
                _("predict gave {found}, which is neither 0 nor 1.", found=worst_of(found)),
                next_step=_("Compare A2 with 0.5: predict returns the answer, not the probability."),
            )
        right, total = right + int(np.sum(found == wanted)), total + wanted.size
    text = _("{right} of {total} answers are right, on networks you have not seen.", right=right, total=total)
    return passed(text) if right == total else partial(max(0.0, right / total - 0.5), text)


@check(
    "q1",
    points=1,
    title=_("initialize_parameters draws four parameters of the right shapes"),
    public=True,
    proved_by="random_costs",
)
def start_shapes(work: Work, expected: Expected) -> Verdict:
    steps = [first_of(case, "initialize_parameters") for case in work.probe("initialize_parameters")]
    drawn = [{name: step.entry(name) for name in PARAMETERS} for step in steps]
    wanted = []
    for n_x, n_h, n_y in (step.args for step in steps):
        wanted.append({"W1": (n_h, n_x), "b1": (n_h, 1), "W2": (n_y, n_h), "b2": (n_y, 1)})
    lines = [
        part(
            all(found[name].shape == shapes[name] for found, shapes in zip(drawn, wanted, strict=True)),
            _("shape of {name}", name=name),
            otherwise=_("For {sizes}, {name} should have shape {shape}.", sizes=str(steps[0].args), name=name,
                        shape=str(wanted[0][name])),
        )
        for name in PARAMETERS
    ]  # fmt: skip
    lines.append(
        part(
            not any(is_constant(found["W1"].reshape(-1)) for found in drawn),
            _("the weights differ from one another"),
            otherwise=_("Draw W1 and W2 with np.random.randn."),
        )
    )
    lines.append(
        part(
            all(np.all(found["b1"] != 0) for found in drawn),
            _("the biases are drawn as well"),
            otherwise=_("In this lab b1 and b2 come from np.random.randn, too."),
        )
    )
    return parts(lines, success=_("Four parameters, of the right shapes, all drawn at random."))


@check("q1", points=1, title=_("From a random start the cost falls"), public=True)
def random_costs_fall(work: Work, expected: Expected) -> Verdict:
    costs = work.curve("random_costs", length=ITERATIONS + 1)
    if is_constant(costs):
        return failed(
            _("Your cost is {found} at every iteration.", found=costs[0]), misconception=NEVER_UPDATED
        )
    if not costs[-1] < costs[0]:
        return failed(
            _("Your cost begins at {first} and ends at {last}.", first=costs[0], last=costs[-1]),
            next_step=_(
                "Try one update by hand: does the cost fall? If it rises, look at the sign of the step."
            ),
        )
    return passed(_("Your cost begins at {first} and ends at {last}.", first=costs[0], last=costs[-1]))


@check("q1", points=4, title=_("The costs of the random start are those of this network"))
def random_costs(work: Work, expected: Expected) -> Verdict:
    return trajectory(work, expected, "random_costs")


@check("q1", points=3, title=_("The costs from zeros are those of this network"))
def zero_costs(work: Work, expected: Expected) -> Verdict:
    costs = work.curve("zero_costs", length=ITERATIONS + 1)
    picture = over_reference(work, expected, "zero_costs", costs)
    shown = {
        "picture": picture,
        "comparisons": [
            compare(_("first cost"), costs[0], KNOWS_NOTHING, CLOSE),
            compare(_("last cost"), costs[-1], KNOWS_NOTHING, CLOSE),
        ],
    }
    if near(costs, np.full_like(costs, KNOWS_NOTHING), CLOSE):
        return passed(_("From zeros the cost stays at ln 2, to the last iteration."), **shown)
    if near(costs, np.full_like(costs, 4 * KNOWS_NOTHING), CLOSE):
        return partial(
            2 / 3,
            _("The cost stays at {found}, which is 4 ln 2.", found=costs[0]),
            misconception=SUM_NOT_MEAN,
            **shown,
        )
    if abs(costs[0] - KNOWS_NOTHING) > CLOSE:
        zeros_unused = not is_constant(costs) and not twins(work, "zero_parameters")
        return failed(
            _(
                "The run begins at {found}. With every weight zero each output is 0.5, and the cost is ln 2.",
                found=costs[0],
            ),
            misconception=ZERO_START_UNUSED
            if zeros_unused
            else CONSTANT_START
            if twins(work, "zero_parameters")
            else None,
            **shown,
        )
    return failed(
        _(
            "The run begins at ln 2, as it must, but ends at {found}: something moved that had no slope.",
            found=costs[-1],
        ),
        next_step=_("Look at your gradients for all-zero weights: which of them are not zero?"),
        **shown,
    )


@check(
    "q1",
    points=2,
    title=_("The parameters after training from zeros are those of this network"),
    rests_on=["zero_costs"],
)
def zero_parameters(work: Work, expected: Expected) -> Verdict:
    found = parameters_of(work, "zero_parameters")
    lines = [
        part(
            name in found
            and found[name].size > 0
            and near(found[name].reshape(-1), np.zeros(found[name].size), CLOSE),
            _("{name} after training", name=name),
            otherwise=_("{name} moved away from zero, which its gradient does not allow.", name=name),
        )
        for name in PARAMETERS
    ]
    return parts(lines, success=_("All four are where they began, as their gradients say."))


@check("q1", points=3, title=_("One figure shows both runs, named"), public=True)
def start_figure(work: Work, expected: Expected) -> Verdict:
    random, zero = work.name("random_costs"), work.name("zero_costs")
    curves = {random: work.curve("random_costs"), zero: work.curve("zero_costs")}
    words = {random: ("random", "aleat", "azar"), zero: ("zero", "cero")}
    return parts(
        check_curves_figure(work.figure("start_figure"), curves, names=words),
        success=_("Both runs are in the figure, each under its name."),
    )


@check("q1", points=2, title=_("Your claim about what moved agrees with your own parameters"))
def moved_claim(work: Work, expected: Expected) -> Verdict:
    claim, found = answers(work, "moved", PARAMETERS), parameters_of(work, "zero_parameters")
    # Nothing agrees with a parameter that is not there ("?"), and NaN has moved.
    moved = {
        name: yes_or_no(not np.all(np.abs(found[name]) <= CLOSE)) if name in found else "?"
        for name in PARAMETERS
    }
    lines = [
        agreement(_("did {name} move?", name=name), yes_or_no(claim[name]), [moved[name]])
        for name in PARAMETERS
    ]
    return judge_claims(lines, _("What you claim is what your parameters show."))


# ------------------------------------------------------------------- q2: learning rates, compared fairly


@check("q2", points=1, title=_("There are costs for all three rates"), public=True)
def three_rates(work: Work, expected: Expected) -> Verdict:
    curves = work.curves("rate_costs", RATES, length=LONG_ITERATIONS + 1, numbers=True)
    if any(is_ruled(curve) for curve in curves.values()):
        return needs_a_look(RULED)
    sizes = ", ".join(str(curve.size) for curve in curves.values())
    return passed(_("Costs for 0.5, 0.1 and 0.01: {sizes} of them.", sizes=sizes))


@check("q2", points=3, title=_("All rates leave from the same start"), public=True, rests_on=["three_rates"])
def fair_start(work: Work, expected: Expected) -> Verdict:
    curves = work.curves("rate_costs", RATES)
    first = {rate: float(curve[0]) for rate, curve in curves.items()}
    shown = [
        Comparison(
            label=_("first cost at rate {rate}", rate=rate),
            expected=first[0.5],
            found=first[rate],
            ok=near(first[rate], first[0.5], CLOSE),
        )
        for rate in RATES
    ]
    if same_start(curves, tolerance=CLOSE):
        return passed(
            _("All three curves begin at {first}: only the rate differs.", first=first[0.5]),
            comparisons=shown,
        )
    if one_step_earlier(curves):
        return passed(
            _("All three curves come from one start, which you left before the first cost was stored."),
            next_step=COST_AFTER_UPDATE.next_step,
            comparisons=shown,
        )
    ends = {rate: float(curve[-1]) for rate, curve in curves.items()}
    continued = any(abs(first[a] - ends[b]) < CLOSE for a in RATES for b in RATES if a != b)
    return failed(
        _(
            "The curves begin at {a}, {b} and {c}: not at the same network.",
            a=first[0.5],
            b=first[0.1],
            c=first[0.01],
        ),
        comparisons=shown,
        misconception=CONTINUED_TRAINING if continued else DIFFERENT_STARTS,
    )


@check("q2", points=6, title=_("The costs at each rate are those of this network"), rests_on=["three_rates"])
def rate_costs(work: Work, expected: Expected) -> Verdict:
    curves, truths = work.curves("rate_costs", RATES), expected.curves("rate_costs")
    tolerance = expected.tolerance("rate_costs", at_least=CLOSE)
    worth = {rate: rate_worth(curves[rate], truths[rate], tolerance) for rate in RATES}
    picture = curve_picture(
        title=_("Your costs at three rates, over the reference's"),
        x_label=_("iteration"),
        y_label=_("cost"),
        found={str(rate): curve for rate, curve in curves.items()},
        expected={str(rate): truth for rate, truth in truths.items()},
        description=_(
            "Last costs: {a} at rate 0.5, {b} at 0.1, {c} at 0.01.",
            a=curves[0.5][-1],
            b=curves[0.1][-1],
            c=curves[0.01][-1],
        ),
    )
    lines = [
        Comparison(
            label=_("costs at rate {rate}", rate=rate),
            expected=float(truths[rate][-1]),
            found=float(curves[rate][-1]),
            tolerance=tolerance,
            ok=worth[rate] == 1.0,
        )
        for rate in RATES
    ]
    shown: dict[str, Any] = {"picture": picture, "comparisons": lines}
    if all(w == 1.0 for w in worth.values()):
        return passed(_("At all three rates your costs follow the reference."), **shown)
    if all(is_constant(curve) for curve in curves.values()):
        return failed(
            _("Your cost is {found} at every iteration.", found=curves[0.5][0]),
            misconception=NEVER_UPDATED,
            **shown,
        )
    if near(curves[0.5], curves[0.1], CLOSE) and near(curves[0.1], curves[0.01], CLOSE):
        return failed(
            _("All three curves are the same: the rate never reaches the update."),
            next_step=_("Look at which rate update_parameters gets inside model."),
            **shown,
        )
    return partial(
        sum(worth.values()) / len(RATES),
        _(
            "At {count} of 3 rates your costs follow the reference. Another curve that falls earns half.",
            count=sum(w == 1.0 for w in worth.values()),
        ),
        next_step=_(
            "Each rate begins at the random start of question 1. Compare the first values, then the second ones."
        ),
        **shown,
    )


@check(
    "q2",
    points=4,
    title=_("One figure shows one named curve for each rate"),
    public=True,
    rests_on=["three_rates"],
)
def rate_figure(work: Work, expected: Expected) -> Verdict:
    curves = work.curves("rate_costs", RATES)
    return parts(
        check_curves_figure(work.figure("rate_figure"), {str(rate): curve for rate, curve in curves.items()}),
        success=_("One curve for each rate, each under its name."),
    )


@check(
    "q2",
    points=2,
    title=_("Your best rate after 1000 iterations is the best in your own data"),
    rests_on=["three_rates"],
)
def best_after_1000(work: Work, expected: Expected) -> Verdict:
    return best_rate(work, "best_after_1000", ITERATIONS)


@check(
    "q2",
    points=2,
    title=_("Your best rate after 10,000 iterations is the best in your own data"),
    rests_on=["three_rates"],
)
def best_after_10000(work: Work, expected: Expected) -> Verdict:
    return best_rate(work, "best_after_10000", LONG_ITERATIONS)


@check(
    "q2",
    points=2,
    title=_("What you say of each rate agrees with your own curves"),
    rests_on=["three_rates"],
)
def behaviour_claim(work: Work, expected: Expected) -> Verdict:
    claim, curves = answers(work, "rate_behaviour", RATES), work.curves("rate_costs", RATES)
    lines = [
        agreement(
            _("at rate {rate}", rate=rate),
            word_in(claim[rate], BEHAVIOURS),
            behaviours(curves[rate]),
            words=SAID,
        )
        for rate in RATES
    ]
    return judge_claims(lines, _("What you claim is what your curves show."))


# --------------------------------------------------------------------------------- q3: mean squared error


@check("q3", points=3, title=_("mse_function is the mean of the squared errors"), proved_by="mse_costs")
def mse_values(work: Work, expected: Expected) -> Verdict:
    return mean_loss(work, "gradients_mse", "mse_function")


@check(
    "q3",
    points=5,
    title=_("backward_prop_mse gives the slope of your own mse_function, as finite differences find it"),
    public=True,
    proved_by="mse_costs",
)
def gradients_mse(work: Work, expected: Expected) -> Verdict:
    return slopes(work, "gradients_mse", "backward_prop_mse")


@check("q3", points=4, title=_("The costs with mean squared error are those of this network"))
def mse_costs(work: Work, expected: Expected) -> Verdict:
    return trajectory(work, expected, "mse_costs")


@check("q3", points=2, title=_("You counted right predictions for both losses"))
def counted_predictions(work: Work, expected: Expected) -> Verdict:
    lines = []
    for role, trained in COUNTED.items():
        own = own_count(work, trained)
        wanted = int(expected.array(role)) if own is None else own
        said = count_said(work.value(role), wanted) if work.has(role) else ""
        lines.append(agreement(_("right predictions in {name}", name=work.name(role)), said, [str(wanted)]))
    return judge_claims(lines, _("Both counts agree with your trained networks."))


@check("q3", points=3, title=_("One figure shows both losses, each under its own name"), public=True)
def loss_figure(work: Work, expected: Expected) -> Verdict:
    entropy, mse = work.name("random_costs"), work.name("mse_costs")
    curves = {entropy: work.curve("random_costs"), mse: work.curve("mse_costs")}
    figure = work.figure("loss_figure")
    called = line_called(figure, ("entrop",))
    mislabelled = (
        called is not None
        and called.y.size > 0
        and called.y[0] < 0.6
        and not near(called.y[0], curves[entropy][0], CLOSE)
    )
    lines = check_curves_figure(
        figure, curves, names={entropy: ("entrop",), mse: ("mse", "ecm", "cuadr", "squared")}
    )
    verdict = parts(lines, success=_("Both losses are in the figure, each under its own name."))
    if not mislabelled:
        return verdict
    return verdict.but(misconception=MISLABELLED_CURVES, next_step=MISLABELLED_CURVES.next_step)


@check("q3", points=3, title=_("Your claim about which loss solves XOR agrees with your own predictions"))
def fair_claim(work: Work, expected: Expected) -> Verdict:
    said = loss_said(claimed(work, "solves_xor"))
    solved = []
    for role, trained in COUNTED.items():
        own = own_count(work, trained)
        solved.append(own == 4 if own is not None else count_said(work.value(role), 4) == "4")
    word = {
        (True, True): "both",
        (True, False): "cross-entropy",
        (False, True): "mse",
        (False, False): "neither",
    }
    line = agreement(_("which loss solves XOR"), said, [word[solved[0], solved[1]]], words=SAID)
    return judge_claims([line], _("What you claim is what your predictions show."))
