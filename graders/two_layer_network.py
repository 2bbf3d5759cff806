"""Lab B, what is checked: the network and its start, learning rates compared fairly, mean squared error.

Reads like the rubric, question by question; what a mistake is called stands first, what helps to see it last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coteja.checking import (
    Comparison,
    Expected,
    Message,
    Misconception,
    Picture,
    Step,
    Verdict,
    Work,
    _,
    agreement,
    alignment,
    alike,
    answers,
    check,
    check_curves_figure,
    claimed,
    compare,
    curve_picture,
    failed,
    finite_differences,
    is_constant,
    judge_claims,
    line_called,
    near,
    number_in,
    part,
    partial,
    parts,
    passed,
    plain,
    same_start,
    unread,
    word_in,
    yes_or_no,
)

PARAMETERS = ("W1", "b1", "W2", "b2")
RATES = (0.5, 0.1, 0.01)
ITERATIONS = 1000
LONG_ITERATIONS = 10_000
#: What a network that knows nothing costs: it answers 0.5 to everything.
KNOWS_NOTHING = float(np.log(2))
#: What two right computations of one function may differ by, single precision included.
CLOSE = 1e-5

# ------------------------------------------------------------------------------------------ mistakes

GRADIENT_NOT_CHANGED = Misconception(
    id="gradient-not-changed",
    name=_("The loss changed, its gradient did not"),
    explanation=_(
        "You measure with mean squared error but still go downhill on cross-entropy: dZ2 = A2 − Y is the slope of the "
        "old cost. Your new cost falls at first and then lingers near 0.25, which is what answering 0.5 to everything costs."
    ),
    next_step=_(
        "Derive mean((A2 − Y)²) with respect to Z2: the chain rule passes through the sigmoid, which leaves a "
        "factor that cross-entropy had cancelled. Then compare with finite differences."
    ),
)
SIGMOID_SLOPE_FORGOTTEN = Misconception(
    id="sigmoid-slope-forgotten",
    name=_("The derivative of the sigmoid is missing"),
    explanation=_(
        "Your gradient stops at A2: it has 2(A2 − Y), the slope with respect to A2, where the slope with respect to Z2 is needed."
    ),
    next_step=_("Between Z2 and A2 stands the sigmoid. Multiply by its derivative, A2(1 − A2)."),
)
NEVER_UPDATED = Misconception(
    id="never-updated",
    name=_("The parameters never change"),
    explanation=_(
        "Your first cost and your last one are the same number: each iteration starts again from the same weights, "
        "because the updated parameters are not kept, or because they are made anew inside the loop."
    ),
    next_step=_(
        "In the loop, put what update_parameters returns back into parameters, and keep initialize_parameters outside of it."
    ),
)
DIFFERENT_STARTS = Misconception(
    id="different-starts",
    name=_("Two things changed at once"),
    explanation=_(
        "Your curves begin at different costs, so each rate had other weights to start from. Whether the rate or "
        "the luck of the start made the difference, nobody can tell."
    ),
    next_step=_(
        "Call np.random.seed(2) right before initialize_parameters for every rate. Then costs[0] is the same number in all of them."
    ),
)
CONTINUED_TRAINING = Misconception(
    id="continued-training",
    name=_("One rate went on where another had stopped"),
    explanation=_(
        "A curve of yours begins at the cost where another one ends: that rate did not start afresh, it went on "
        "training a network that had already been trained."
    ),
    next_step=_(
        "Make new parameters for every rate (seed first), and see that update_parameters does not change the ones it was given."
    ),
)
ZERO_START_UNUSED = Misconception(
    id="zero-start-unused",
    name=_("The zero start was never used"),
    explanation=_(
        "The run from zeros gives the costs of a random start. The zero parameters may exist, but the training "
        "makes its own random ones and never sees yours."
    ),
    next_step=_(
        "Pass your zeros to model as its start, and look at the first cost: with all weights zero every output is 0.5, and that costs ln 2."
    ),
)
SUM_NOT_MEAN = Misconception(
    id="sum-not-mean",
    name=_("A sum where a mean is asked for"),
    explanation=_(
        "Your cost is as many times too large as there are examples: it adds them up and does not divide by m. "
        "With four inputs, every value is exactly four times what it should be."
    ),
    next_step=_("Divide by m, the number of columns of Y, in the cost (and in the gradients, too)."),
)
MISLABELLED_CURVES = Misconception(
    id="mislabelled-curves",
    name=_("A curve under the name of another"),
    explanation=_(
        "The curve that your legend calls cross-entropy is not one: an untrained network costs about 0.7 or more "
        "there, and this curve begins far lower, where mean squared error does. Two runs of the same loss are being compared."
    ),
    next_step=_(
        "Plot the costs of question 1 under the name cross-entropy, and the costs of this question under MSE."
    ),
)
MISSING_MEAN = Misconception(
    id="missing-mean-in-gradient",
    name=_("The gradient is not divided by m"),
    explanation=_(
        "Every gradient of yours is m times as steep as your own cost is. It points the right way, but each step is m times too long."
    ),
    next_step=_(
        "The cost is a mean over m examples, so its slope is one as well: divide dW1, db1, dW2 and db2 by m."
    ),
)
WRONG_SIGN = Misconception(
    id="wrong-sign",
    name=_("Uphill instead of downhill"),
    explanation=_("The sign is turned around: the steps go up the slope, and the cost rises."),
    next_step=_(
        "The gradient points uphill. Subtract learning_rate times the gradient, and see that dZ2 is A2 − Y and not Y − A2."
    ),
)
RATE_TWICE = Misconception(
    id="learning-rate-twice",
    name=_("The learning rate counts twice"),
    explanation=_(
        "Each step is learning_rate² times the gradient. At a rate of 0.3 that is 0.09: the network learns, far too slowly."
    ),
    next_step=_("Multiply by the learning rate in one place only: in update_parameters."),
)
TANH_SLOPE = Misconception(
    id="tanh-slope",
    name=_("The derivative of tanh is another one"),
    explanation=_(
        "The output layer's gradients are right, the hidden layer's are not. The derivative of tanh is 1 − A1², with the square."
    ),
    next_step=_("Look at dZ1: W2ᵀ dZ2 times (1 − A1²), element by element."),
)
CONSTANT_START = Misconception(
    id="constant-start",
    name=_("All weights start alike"),
    explanation=_(
        "Both hidden neurons start with the same weights, so they compute the same, get the same gradient and "
        "stay twins. Ones, or any other constant, are the same trap as zeros."
    ),
    next_step=_("Draw every parameter with np.random.randn, so that no two neurons are alike."),
)
MISSING_KEEPDIMS = Misconception(
    id="missing-keepdims",
    name=_("The bias grew a second column"),
    explanation=_(
        "A bias of shape (2, 1) minus a gradient of shape (2,) gives a (2, 2) array: NumPy stretches both, and says nothing."
    ),
    next_step=_("Sum with axis=1 and keepdims=True, so that db1 has the shape of b1."),
)
COST_AFTER_UPDATE = Misconception(
    id="cost-after-update",
    name=_("Off by one iteration"),
    explanation=_(
        "Your list begins one update late: its first cost is that of a network which has already been trained once."
    ),
    next_step=_("Store the cost before the update, so that costs[0] is the untrained network's."),
)
#: A count of right predictions, and the parameters that it counts for.
COUNTED = {"cross_entropy_predictions": "random_parameters", "mse_predictions": "mse_parameters"}
#: Mistakes in the gradient or the step that leave a trace of their own in a cost curve.
TRACES = (
    GRADIENT_NOT_CHANGED,
    SIGMOID_SLOPE_FORGOTTEN,
    MISSING_MEAN,
    WRONG_SIGN,
    RATE_TWICE,
    TANH_SLOPE,
    CONSTANT_START,
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
            name in found and near(found[name].reshape(-1), np.zeros(found[name].size), CLOSE),
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
    moved = {name: bool(np.any(np.abs(found[name]) > CLOSE)) for name in PARAMETERS if name in found}
    lines = [
        agreement(_("did {name} move?", name=name), yes_or_no(claim[name]), [yes_or_no(moved[name])])
        for name in moved
    ]
    return judge_claims(lines, _("What you claim is what your parameters show."))


# ------------------------------------------------------------------- q2: learning rates, compared fairly


@check("q2", points=1, title=_("There are costs for all three rates"), public=True)
def three_rates(work: Work, expected: Expected) -> Verdict:
    curves = work.curves("rate_costs", RATES, length=LONG_ITERATIONS + 1)
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


# ------------------------------------------------------------------------------------ what helps to see


def first_of(case: Sequence[Step], function: str) -> Step:
    """The first call of `function` in a probe's case."""
    return next(step for step in case if step.function == function)


def output(returned: Any) -> np.ndarray:
    """A2 of what forward_prop returns: the first of two things, or the only one."""
    alone = not isinstance(returned, tuple | list) or len(returned) != 2
    return np.asarray(returned if alone else returned[0], dtype=float)


def outputs_of(step: Step) -> np.ndarray:
    """A2 of a call of forward_prop; ends the check if there are no numbers there."""
    try:
        return output(step.value())
    except (TypeError, ValueError):
        return step.array()


def worst_of(values: np.ndarray) -> float:
    """The value farthest from one half."""
    return float(values.reshape(-1)[np.argmax(np.abs(values.reshape(-1) - 0.5))])


def all_agree(evidence: list[Comparison], yes: Message, no: Message) -> Verdict:
    """Passed when every comparison holds; else failed, showing the ones that do not first."""
    wrong = [line for line in evidence if not line.ok]
    return failed(no, comparisons=wrong[:3]) if wrong else passed(yes, comparisons=evidence[:3])


def mean_loss(work: Work, probe: str, function: str) -> Verdict:
    """A loss called with outputs never seen: the mean, or a known way to miss it."""
    steps = [
        step
        for case in work.probe(probe)
        for step in case
        if step.function == function and step.expected is not None
    ]
    found = np.array([step.array().mean() if step.array().size else np.nan for step in steps])
    wanted = np.array([float(np.asarray(step.expected)) for step in steps])
    examples = np.array([np.asarray(step.args[1]).shape[1] for step in steps])
    shown = [
        compare(_("cost of {count} examples", count=m), f, w, CLOSE)
        for f, w, m in zip(found, wanted, examples, strict=True)
    ]
    shown = list({str(line.expected): line for line in shown}.values())[:3]
    if alike(found, wanted, CLOSE):
        return passed(_("Your cost agrees with the reference on every new case."), comparisons=shown)
    if alike(found, wanted * examples, CLOSE):
        return partial(
            0.5,
            _("Your cost is m times too large, on every new case."),
            comparisons=shown,
            misconception=SUM_NOT_MEAN,
        )
    if alike(found, wanted / 2, CLOSE):
        return partial(
            0.5,
            _("Your cost is half of what it should be, on every new case."),
            comparisons=shown,
            next_step=_("Divide by m, not by 2m."),
        )
    if alike(found, wanted / np.log(2), CLOSE):
        return partial(
            0.5,
            _("Your cost uses the logarithm to base 2."),
            comparisons=shown,
            next_step=_("Use np.log, the natural logarithm."),
        )
    return failed(
        _("Your cost differs from the reference."),
        comparisons=shown,
        next_step=_("Work out one example by hand, and compare term by term."),
    )


def slopes(work: Work, probe: str, backward: str) -> Verdict:
    """The student's gradients against finite differences of the student's own cost."""
    found: dict[str, list[np.ndarray]] = {name: [] for name in PARAMETERS}
    truth: dict[str, list[np.ndarray]] = {name: [] for name in PARAMETERS}
    examples, errors, tolerance = [], [], 1e-4
    for case in work.probe(probe):
        step = first_of(case, backward)
        slope, noise = finite_differences(case, step, PARAMETERS)
        tolerance = max(tolerance, noise)
        examples.append(np.asarray(step.args[1]).shape[1])
        outputs = outputs_of(first_of(case, "forward_prop")).reshape(-1)
        errors.append(
            float(np.mean(outputs - np.ravel(step.args[1]))) if outputs.size == examples[-1] else np.inf
        )
        for name in PARAMETERS:
            tried = ~np.isnan(slope[name])
            own = step.entry("d" + name).reshape(-1)
            if own.size != tried.size:
                return failed(
                    _(
                        "{name} has {found} values, its parameter has {wanted}.",
                        name="d" + name,
                        found=own.size,
                        wanted=tried.size,
                    ),
                    next_step=_("Sum over the examples with axis=1, and mind which matrix is transposed."),
                )
            found[name].append(own[tried])
            truth[name].append(slope[name][tried])
    # A cost that never changes would make any gradient of zeros right.
    sloped = any(np.any(slope) for name in PARAMETERS for slope in truth[name])
    right = {
        name: (sloped and all(alike(f, t, tolerance) for f, t in zip(found[name], truth[name], strict=True)))
        or is_reference(work, probe, backward, name)
        for name in PARAMETERS
    }
    shown = [
        compare(
            _("slope of {name}", name=name),
            np.concatenate(found[name])[:4],
            np.concatenate(truth[name])[:4],
            tolerance,
        )
        for name in PARAMETERS
    ]
    if all(right.values()):
        return passed(_("Every gradient is the slope of your own cost."), comparisons=shown)
    if not any(slope.size for name in PARAMETERS for slope in truth[name]):
        for step in case:
            step.value()  # no cost came back: this ends the check with what the function raised
    mistake, worth = (
        slope_mistake(found, truth, examples, errors, tolerance, right) if sloped else (None, 0.0)
    )
    if mistake is not None:
        return partial(
            worth,
            _("Your gradients are not the slope of your own cost."),
            comparisons=shown,
            misconception=mistake,
        )
    return partial(
        sum(right.values()) / 4,
        _("{held} of 4 gradients are the slope of your own cost.", held=sum(right.values())),
        comparisons=shown,
        next_step=where_to_look(right, found, truth, tolerance),
    )


def is_reference(work: Work, probe: str, backward: str, name: str) -> bool:
    """Whether a gradient is the reference's own: right, even where the student's cost is not."""
    steps = [first_of(case, backward) for case in work.probe(probe)]
    return all(
        s.expected is not None
        and near(s.entry("d" + name).reshape(-1), np.ravel(s.expected["d" + name]), CLOSE)
        for s in steps
    )


def slope_mistake(
    found: Mapping[str, list[np.ndarray]],
    truth: Mapping[str, list[np.ndarray]],
    examples: list[int],
    errors: list[float],
    tolerance: float,
    right: Mapping[str, bool],
) -> tuple[Misconception | None, float]:
    """A mistake that all four gradients share, and what the rest is worth."""

    def all_are(factor: list[float]) -> bool:
        return all(
            alike(f, t * k, tolerance * max(1.0, k))
            for n in PARAMETERS
            for f, t, k in zip(found[n], truth[n], factor, strict=True)
        )

    bias = np.array([f.sum() for f in found["b2"]])
    if all_are([-1.0] * len(examples)):
        return WRONG_SIGN, 0.25
    if all_are([float(m) for m in examples]):
        return MISSING_MEAN, 0.5
    if all_are([1.0 / m for m in examples]):
        return SUM_NOT_MEAN, 0.5
    if right["b2"]:
        return None, 0.0
    if alike(bias, np.array(errors), CLOSE):
        return GRADIENT_NOT_CHANGED, 0.0
    if alike(bias, 2 * np.array(errors), CLOSE):
        return SIGMOID_SLOPE_FORGOTTEN, 0.25
    return None, 0.0


def where_to_look(
    right: Mapping[str, bool],
    found: Mapping[str, list[np.ndarray]],
    truth: Mapping[str, list[np.ndarray]],
    tolerance: float,
) -> Message:
    """The next step, from which gradients are right."""
    if all(alike(f, t / 2, tolerance) for n in PARAMETERS for f, t in zip(found[n], truth[n], strict=True)):
        return _("Every gradient is half of the slope: the square's derivative has a factor of 2.")
    if right["W2"] and right["b2"]:
        return _(
            "The output layer is right; look at dZ1: the way back through W2, and the derivative of tanh."
        )
    if right["W1"] and right["b1"]:
        return _("The hidden layer is right; look at dW2 and db2.")
    return _("Begin with db2, the simplest one: it is the mean of dZ2. Then go on with dW2.")


def trajectory(work: Work, expected: Expected, role: str) -> Verdict:
    """A cost curve against the reference's; what differs is held against the mistakes that leave a trace."""
    costs, truth = work.curve(role), expected.array(role)
    tolerance = expected.tolerance(role, at_least=CLOSE)
    shown: dict[str, Any] = {
        "picture": over_reference(work, expected, role, costs),
        "comparisons": [
            compare(_("first cost"), costs[0], truth[0], tolerance),
            compare(_("last cost"), costs[-1], truth[-1], tolerance),
        ],
    }
    match alignment(costs, truth, tolerance):
        case "whole":
            return passed(_("Your costs follow the reference from the first to the last."), **shown)
        case "late":
            return partial(
                0.75,
                _("Your costs are the reference's, one iteration late."),
                misconception=COST_AFTER_UPDATE,
                **shown,
            )
        case "thinned":
            return partial(
                0.5,
                _("Your costs are right, but only every 100th is there."),
                next_step=_("Store the cost of every iteration."),
                **shown,
            )
    if abs(costs.size - truth.size) > 1:
        return failed(
            _("There are {found} costs, {wanted} were expected.", found=costs.size, wanted=truth.size),
            next_step=_("Store the cost of every iteration, from 0 to 1000."),
            **shown,
        )
    if is_constant(costs):
        return failed(
            _("Your cost is {found} at every iteration.", found=costs[0]),
            misconception=NEVER_UPDATED,
            **shown,
        )
    if alignment(costs / 4, truth, tolerance):
        return partial(
            0.75, _("Each of your costs is four times the reference's."), misconception=SUM_NOT_MEAN, **shown
        )
    mistake = trace(work, expected, role, costs, tolerance)
    if mistake is not None:
        return partial(
            0.5,
            _("Your loop does its part; the costs are exactly those of a known mistake."),
            misconception=mistake,
            **shown,
        )
    return elsewhere(costs, truth, tolerance, shown)


def elsewhere(costs: np.ndarray, truth: np.ndarray, tolerance: float, shown: Mapping[str, Any]) -> Verdict:
    """A curve that no known mistake explains: credit for one that falls."""
    falls = bool(np.isfinite(costs).all() and costs[-1] < costs[0])
    if not near(costs[0], truth[0], tolerance):
        return partial(
            0.5 if falls else 0.0,
            _(
                "Your first cost is {found}; from the agreed start it is {wanted}.",
                found=costs[0],
                wanted=truth[0],
            ),
            next_step=_(
                "Call np.random.seed(2) right before initialize_parameters(2, 2, 1), which draws W1, b1, W2, b2 in this order."
            ),
            **shown,
        )
    return partial(
        0.25 if falls else 0.0,
        _("You begin where you should and then leave the reference's curve."),
        next_step=_("Compare the second cost: it depends on one single update. Check the gradient first."),
        **shown,
    )


def trace(
    work: Work, expected: Expected, role: str, costs: np.ndarray, tolerance: float
) -> Misconception | None:
    """The mistake whose own curve this is, if there is one."""
    for mistake in TRACES:
        curve = expected.mistake(role, mistake.id)
        if curve is not None and any(alignment(costs / scale, curve, tolerance) for scale in (1, 4)):
            return mistake
    trained = role.replace("costs", "parameters")
    b1 = parameters_of(work, trained).get("b1", np.zeros((2, 1))) if work.has(trained) else np.zeros((2, 1))
    if b1.ndim == 2 and b1.shape[1] > 1:
        return MISSING_KEEPDIMS
    return CONSTANT_START if twins(work, trained) else None


def twins(work: Work, role: str) -> bool:
    """Whether both hidden neurons ended up alike, and not at zero."""
    found = parameters_of(work, role) if work.has(role) else {}
    w1, w2 = found.get("W1", np.zeros(0)), found.get("W2", np.zeros(0)).reshape(-1)
    if w1.shape != (2, 2) or w2.size != 2 or near(w1, np.zeros((2, 2)), CLOSE):
        return False
    return near(w1[0], w1[1], CLOSE) and near(w2[0], w2[1], CLOSE)


def over_reference(work: Work, expected: Expected, role: str, costs: np.ndarray) -> Picture:
    """The student's curve drawn over the reference's."""
    return curve_picture(
        title=_("Your costs over the reference's"),
        x_label=_("iteration"),
        y_label=_("cost"),
        found={work.name(role): costs},
        expected={_("reference"): expected.array(role)},
        description=_(
            "{name} goes from {first} to {last}; the reference goes from {first_expected} to {last_expected}.",
            name=work.name(role),
            first=costs[0],
            last=costs[-1],
            first_expected=expected.array(role)[0],
            last_expected=expected.array(role)[-1],
        ),
    )


def one_step_earlier(curves: Mapping[float, np.ndarray]) -> bool:
    """Whether curves that begin apart meet when each is carried back by one iteration: costs stored after the update."""
    before = [3 * curve[0] - 3 * curve[1] + curve[2] for curve in curves.values() if curve.size > 2]
    first = [curve[0] for curve in curves.values()]
    return len(before) == len(first) and bool(np.ptp(before) < 0.1 * np.ptp(first))


def rate_worth(costs: np.ndarray, truth: np.ndarray, tolerance: float) -> float:
    """1 for the reference's curve, one half for any other whole run that learns, else 0."""
    if alignment(costs, truth, tolerance) in ("whole", "late"):
        return 1.0
    whole = abs(costs.size - truth.size) <= 1 and bool(np.isfinite(costs).all())
    return 0.5 if whole and costs[-1] < costs[0] - CLOSE else 0.0


def parameters_of(work: Work, role: str) -> dict[str, np.ndarray]:
    """The numeric parameters of a dictionary, by name; what is no array of numbers is left out."""
    found = {}
    for name, value in work.mapping(role).items():
        try:
            array = np.asarray(value)
        except ValueError:
            continue
        if array.dtype.kind in "biuf":
            found[str(name)] = array.astype(float)
    return found


def own_count(work: Work, role: str) -> int | None:
    """How many of the four inputs the student's own trained network gets right; None without its parameters."""
    found = parameters_of(work, role) if work.has(role) else {}
    try:
        hidden = np.tanh(found["W1"] @ np.array([[0, 0, 1, 1], [0, 1, 0, 1]]) + found["b1"])
        answers_given = (found["W2"] @ hidden + found["b2"]).reshape(-1) > 0
        return int(np.sum(answers_given == np.array([0, 1, 1, 0])))
    except (KeyError, ValueError):
        return None


# -------------------------------------------------------------------------------- what a claim may say

#: How a claim's words are shown, whatever language and spelling they came in.
SAID: dict[str, Message] = {
    "converges": _("converges"),
    "crawls": _("crawls"),
    "stuck": _("stuck"),
    "mse": _("mean squared error"),
    "cross-entropy": _("cross-entropy"),
    "both": _("both of them"),
    "neither": _("neither of them"),
}
BEHAVIOURS = {
    "converges": ("converg",),
    "crawls": ("lent", "crawl", "slow", "despacio"),
    "stuck": ("atasc", "stuck", "estanc", "atrap", "trapped"),
}


def behaviours(costs: np.ndarray) -> list[str]:
    """The words that fit a curve, by the lab's own table."""
    last = float(costs[-1])
    if not np.isfinite(last):
        return list(BEHAVIOURS)
    if last < 0.05:
        return ["converges"]
    if last >= 0.6:
        return ["crawls"]
    still_falls = costs[max(0, costs.size - ITERATIONS - 1)] - last >= 0.001
    return ["stuck", "crawls"] if still_falls else ["stuck"]


def best_rate(work: Work, role: str, iteration: int) -> Verdict:
    """Whether the claimed rate has the lowest cost of the student's own curves at an iteration."""
    curves = work.curves("rate_costs", RATES)
    there = {
        rate: float(np.nan_to_num(curve[min(iteration, curve.size - 1)], nan=np.inf))
        for rate, curve in curves.items()
    }
    best = [f"{rate:g}" for rate, cost in there.items() if cost <= min(there.values()) + 1e-6]
    value = claimed(work, role)
    number = number_in(value)
    said = unread(plain(value)) if number is None else f"{number:g}"
    line = agreement(_("best rate after {iteration} iterations", iteration=iteration), said, best)
    verdict = judge_claims([line], _("Of your own curves, that is the lowest one there."))
    evidence = [
        Comparison(
            label=_("your cost there at rate {rate}", rate=rate),
            expected=min(there.values()),
            found=cost,
            ok=f"{rate:g}" in best,
        )
        for rate, cost in there.items()
    ]
    return verdict if line.ok else verdict.but(comparisons=(line, *evidence))


def loss_said(value: Any) -> str:
    """Which loss a claim names: mse, cross-entropy, both or neither."""
    text = plain(value)
    if any(word in text.split() for word in ("both", "ambas", "ambos", "dos")):
        return "both"
    if any(word in text for word in ("neither", "ningun", "none")):
        return "neither"
    return word_in(text, {"mse": ("mse", "ecm", "cuadr", "squared"), "cross-entropy": ("entrop",)})


def count_said(value: Any, wanted: int) -> str:
    """A count of right predictions, from a count, a share, a percentage, or the four predictions themselves."""
    plain_list = isinstance(value, list | tuple) and all(
        isinstance(item, bool | int | float) for item in value
    )
    array = np.asarray(
        value if plain_list or isinstance(value, np.ndarray | np.generic | int | float) else ""
    )
    if array.dtype.kind in "biuf" and array.size == 4:
        given = array.reshape(-1) > 0.5
        counts = [int(np.sum(given == np.array([False, True, True, False]))), int(np.sum(given))]
        return str(wanted if wanted in counts else counts[0])
    number = number_in(value)
    if number is None:
        return unread(plain(value))
    is_share = array.dtype.kind == "f" and near(number, wanted / 4, CLOSE)
    is_count, is_percentage = near(number, wanted, CLOSE), near(number, 25 * wanted, 0.5) and wanted > 0
    return str(wanted) if is_count or is_percentage or is_share else f"{number:g}"
