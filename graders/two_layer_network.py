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
    Part,
    Step,
    Verdict,
    Work,
    _,
    check,
    check_curves_figure,
    compare,
    curve_picture,
    failed,
    is_constant,
    largest_difference,
    line_called,
    near,
    needs_a_look,
    part,
    partial,
    parts,
    passed,
    same_start,
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
    explanation=_("You measure with mean squared error but still go downhill on cross-entropy: dZ2 = A2 − Y is the "
                  "slope of the old cost. The new cost may well fall at first, and then it takes other steps than its own slope says."),
    next_step=_("Derive mean((A2 − Y)²) with respect to Z2: the chain rule passes through the sigmoid, which leaves a "
                "factor that cross-entropy had cancelled. Then compare with finite differences."),
)
SIGMOID_SLOPE_FORGOTTEN = Misconception(
    id="sigmoid-slope-forgotten",
    name=_("The derivative of the sigmoid is missing"),
    explanation=_("Your gradient stops at A2: it has 2(A2 − Y), the slope with respect to A2, where the slope with respect to Z2 is needed."),
    next_step=_("Between Z2 and A2 stands the sigmoid. Multiply by its derivative, A2(1 − A2)."),
)
NEVER_UPDATED = Misconception(
    id="never-updated",
    name=_("The parameters never change"),
    explanation=_("Your cost is the same number at every iteration: each one starts again from the same weights, because the updated "
                  "parameters are not kept, or because they are made anew inside the loop."),
    next_step=_("In the loop, put what update_parameters returns back into parameters, and keep initialize_parameters outside of it."),
)
DIFFERENT_STARTS = Misconception(
    id="different-starts",
    name=_("Two things changed at once"),
    explanation=_("Your curves begin at different costs, so each rate had other weights to start from. Whether the rate or "
                  "the luck of the start made the difference, nobody can tell."),
    next_step=_("Call np.random.seed(2) right before initialize_parameters for every rate. Then costs[0] is the same number in all of them."),
)
CONTINUED_TRAINING = Misconception(
    id="continued-training",
    name=_("One rate went on where another had stopped"),
    explanation=_("A curve of yours begins at the cost where another one ends: that rate did not start afresh, it went on "
                  "training a network that had already been trained."),
    next_step=_("Make new parameters for every rate (seed first), and see that update_parameters does not change the ones it was given."),
)
ZERO_START_UNUSED = Misconception(
    id="zero-start-unused",
    name=_("The zero start was never used"),
    explanation=_("The run from zeros gives the costs of a random start. The zero parameters may exist, but the training "
                  "makes its own random ones and never sees yours."),
    next_step=_("Pass your zeros to model as its start, and look at the first cost: with all weights zero every output is 0.5."),
)
SUM_NOT_MEAN = Misconception(
    id="sum-not-mean",
    name=_("A sum where a mean is asked for"),
    explanation=_("Your cost is as many times too large as there are examples: it adds them up and does not divide by m. "
                  "With four inputs, every value is exactly four times what it should be."),
    next_step=_("Divide by m, the number of columns of Y, in the cost (and in the gradients, too)."),
)
MISLABELLED_CURVES = Misconception(
    id="mislabelled-curves",
    name=_("A curve under the name of another"),
    explanation=_("The curve that your legend calls cross-entropy is not one: an untrained network costs about 0.7 or more "
                  "there, and this curve begins far lower, where mean squared error does. Two runs of the same loss are being compared."),
    next_step=_("Plot the costs of question 1 under the name cross-entropy, and the costs of this question under MSE."),
)
MISSING_MEAN = Misconception(
    id="missing-mean-in-gradient",
    name=_("The gradient is not divided by m"),
    explanation=_("Every gradient of yours is m times as steep as your own cost is. It points the right way, but each step is m times too long."),
    next_step=_("The cost is a mean over m examples, so its slope is one as well: divide dW1, db1, dW2 and db2 by m."),
)
WRONG_SIGN = Misconception(
    id="wrong-sign",
    name=_("Uphill instead of downhill"),
    explanation=_("The sign is turned around: the steps go up the slope, and the cost rises."),
    next_step=_("The gradient points uphill. Subtract learning_rate times the gradient, and see that dZ2 is A2 − Y and not Y − A2."),
)
RATE_TWICE = Misconception(
    id="learning-rate-twice",
    name=_("The learning rate counts twice"),
    explanation=_("Each step is learning_rate² times the gradient. At a rate of 0.3 that is 0.09: the network learns, far too slowly."),
    next_step=_("Multiply by the learning rate in one place only: in update_parameters."),
)
TANH_SLOPE = Misconception(
    id="tanh-slope",
    name=_("The derivative of tanh is another one"),
    explanation=_("The output layer's gradients are right, the hidden layer's are not. The derivative of tanh is 1 − A1², with the square."),
    next_step=_("Look at dZ1: W2ᵀ dZ2 times (1 − A1²), element by element."),
)
CONSTANT_START = Misconception(
    id="constant-start",
    name=_("All weights start alike"),
    explanation=_("Both hidden neurons start with the same weights, so they compute the same, get the same gradient and "
                  "stay twins. Ones, or any other constant, are the same trap as zeros."),
    next_step=_("Draw every parameter with np.random.randn, so that no two neurons are alike."),
)
MISSING_KEEPDIMS = Misconception(
    id="missing-keepdims",
    name=_("The bias grew a second column"),
    explanation=_("A bias of shape (2, 1) minus a gradient of shape (2,) gives a (2, 2) array: NumPy stretches both, and says nothing."),
    next_step=_("Sum with axis=1 and keepdims=True, so that db1 has the shape of b1."),
)
COST_AFTER_UPDATE = Misconception(
    id="cost-after-update",
    name=_("Off by one iteration"),
    explanation=_("Your list begins one update late: its first cost is that of a network which has already been trained once."),
    next_step=_("Store the cost before the update, so that costs[0] is the untrained network's."),
)
#: Mistakes in the gradient or the step that leave a trace of their own in a cost curve.
TRACES = (GRADIENT_NOT_CHANGED, SIGMOID_SLOPE_FORGOTTEN, MISSING_MEAN, WRONG_SIGN, RATE_TWICE, TANH_SLOPE, CONSTANT_START)

# ------------------------------------------------------------------------- q1: the network and its start


@check("q1", points=1, title=_("forward_prop gives one output between 0 and 1 for each example"), public=True,
       proved_by="random_costs")
def forward_outputs(work: Work, expected: Expected) -> Verdict:
    for case in work.probe("forward_prop"):
        step = first_of(case, "forward_prop")
        examples = np.asarray(step.args[0]).shape[1]
        outputs = outputs_of(step)
        if outputs.size != examples:
            return failed(_("For {examples} examples, A2 has {found} values.", examples=examples, found=outputs.size),
                          next_step=_("A2 has shape (1, m): one output for each column of X."))
        if not np.all((outputs >= 0) & (outputs <= 1)):
            return failed(_("An output of A2 is {found}, outside of 0 to 1.", found=worst_of(outputs)),
                          next_step=_("The last layer ends with the sigmoid, 1 / (1 + exp(−Z2))."))
    return passed(_("One output for each example, all between 0 and 1."))


@check("q1", points=2, title=_("forward_prop computes the network's outputs, with weights you have not seen"),
       rests_on=["forward_outputs"], proved_by="random_costs")
def forward_values(work: Work, expected: Expected) -> Verdict:
    evidence = []
    for case in work.probe("forward_prop"):
        step = first_of(case, "forward_prop")
        evidence.append(compare(_("outputs A2"), outputs_of(step).reshape(-1), output(step.expected).reshape(-1), CLOSE))
    return all_agree(evidence, _("Your outputs agree with the reference on every new network."),
                     _("Your outputs differ from the reference. Check tanh in the hidden layer, the sigmoid in the last, and that the biases are added."))


@check("q1", points=1, title=_("loss_function gives one number, never negative"), public=True, proved_by="random_costs")
def loss_number(work: Work, expected: Expected) -> Verdict:
    for case in work.probe("loss_function"):
        found = first_of(case, "loss_function").array()
        if found.size != 1:
            return failed(_("loss_function returned {found} values; the cost is one number for all examples.", found=found.size))
        if not np.isfinite(found).all() or found.reshape(-1)[0] < 0:
            return failed(_("loss_function returned {found}; a cost is finite and at least 0.", found=found.reshape(-1)[0]),
                          next_step=_("The logarithm of a number below 1 is negative: mind the minus sign before the sum."))
    return passed(_("One number, never negative."))


@check("q1", points=2, title=_("loss_function is the mean cross-entropy"), rests_on=["loss_number"], proved_by="random_costs")
def loss_values(work: Work, expected: Expected) -> Verdict:
    return mean_loss(work, "loss_function", "loss_function")


@check("q1", points=4, title=_("backward_prop gives the slope of your own cost, as finite differences find it"), public=True,
       proved_by="random_costs")
def gradients(work: Work, expected: Expected) -> Verdict:
    return slopes(work, "gradients", "backward_prop")


@check("q1", points=2, title=_("update_parameters takes one step downhill"), public=True, proved_by="random_costs")
def update_step(work: Work, expected: Expected) -> Verdict:
    right, uphill, twice = [], [], []
    for case in work.probe("update_parameters"):
        step = first_of(case, "update_parameters")
        if step.value() is None:
            return partial(0.5, _("update_parameters returned nothing."),
                           next_step=_("Return the new dictionary, and leave the one you were given as it was: it may be somebody's start."))
        before, grads, rate = step.args[0], step.args[1], float(step.args[2])
        after = {name: entry(step, name) for name in PARAMETERS}
        right += [near(after[n], before[n] - rate * grads["d" + n], CLOSE) for n in PARAMETERS]
        uphill += [near(after[n], before[n] + rate * grads["d" + n], CLOSE) for n in PARAMETERS]
        twice += [near(after[n], before[n] - rate**2 * grads["d" + n], CLOSE) for n in PARAMETERS]
    if all(right):
        return passed(_("Each parameter moved by the learning rate times its gradient, downhill."))
    text = _("{held} of {total} parameters moved by the learning rate times their gradient, downhill.", held=sum(right), total=len(right))
    mistake = WRONG_SIGN if all(uphill) else RATE_TWICE if all(twice) else None
    return partial(0.0 if mistake else sum(right) / len(right) / 2, text, misconception=mistake)


@check("q1", points=2, title=_("predict answers 1 above one half and 0 elsewhere"), proved_by="random_costs")
def predictions(work: Work, expected: Expected) -> Verdict:
    right = total = 0
    for case in work.probe("predict"):
        step = first_of(case, "predict")
        found, wanted = step.array().reshape(-1), np.asarray(step.expected, dtype=float).reshape(-1)
        if found.size != wanted.size:
            return failed(_("predict gave {found} answers for {total} examples.", found=found.size, total=wanted.size))
        if not np.isin(found, (0.0, 1.0)).all():
            return failed(_("predict gave {found}, which is neither 0 nor 1.", found=worst_of(found)),
                          next_step=_("Compare A2 with 0.5: predict returns the answer, not the probability."))
        right, total = right + int(np.sum(found == wanted)), total + wanted.size
    text = _("{right} of {total} answers are right, on networks you have not seen.", right=right, total=total)
    return passed(text) if right == total else partial(max(0.0, right / total - 0.5), text)


@check("q1", points=1, title=_("initialize_parameters draws four parameters of the right shapes"), public=True, proved_by="random_costs")
def start_shapes(work: Work, expected: Expected) -> Verdict:
    lines: list[Part] = []
    alike = False
    for case in work.probe("initialize_parameters"):
        step = first_of(case, "initialize_parameters")
        n_x, n_h, n_y = (int(size) for size in step.args[:3])
        found = {name: entry(step, name) for name in PARAMETERS}
        shapes = {"W1": (n_h, n_x), "b1": (n_h, 1), "W2": (n_y, n_h), "b2": (n_y, 1)}
        lines += [part(found[name].shape == shape, _("shape of {name}", name=name),
                       otherwise=_("{name} should have shape {shape}.", name=name, shape=str(shape))) for name, shape in shapes.items()]
        alike = alike or (found["W1"].size > 1 and is_constant(found["W1"].reshape(-1)))
        lines.append(part(not is_constant(found["W1"].reshape(-1)), _("the weights differ from one another"),
                          otherwise=_("Draw W1 and W2 with np.random.randn.")))
        lines.append(part(np.all(found["b1"] != 0), _("the biases are drawn as well"),
                          otherwise=_("In this lab b1 and b2 come from np.random.randn, too.")))
    return parts(lines, success=_("Four parameters, of the right shapes, all drawn at random."),
                 misconception=CONSTANT_START if alike else None)


@check("q1", points=1, title=_("From a random start the cost falls"), public=True)
def random_costs_fall(work: Work, expected: Expected) -> Verdict:
    costs = work.curve("random_costs", length=ITERATIONS + 1)
    if is_constant(costs):
        return failed(_("Your cost is {found} at every iteration.", found=costs[0]), misconception=NEVER_UPDATED)
    if not costs[-1] < costs[0]:
        return failed(_("Your cost begins at {first} and ends at {last}.", first=costs[0], last=costs[-1]),
                      next_step=_("Try one update by hand: does the cost fall? If it rises, look at the sign of the step."))
    return passed(_("Your cost begins at {first} and ends at {last}.", first=costs[0], last=costs[-1]))


@check("q1", points=4, title=_("The costs of the random start are those of this network"))
def random_costs(work: Work, expected: Expected) -> Verdict:
    return trajectory(work, expected, "random_costs")


@check("q1", points=3, title=_("From zeros, the cost does what this network's must"))
def zero_costs(work: Work, expected: Expected) -> Verdict:
    costs = work.curve("zero_costs", length=ITERATIONS + 1)
    picture = over_reference(work, expected, "zero_costs", costs)
    shown = {"picture": picture, "comparisons": [compare(_("first cost"), costs[0], KNOWS_NOTHING, CLOSE),
                                                 compare(_("last cost"), costs[-1], KNOWS_NOTHING, CLOSE)]}
    if near(costs, np.full_like(costs, KNOWS_NOTHING), CLOSE):
        return passed(_("From zeros the cost stays at ln 2, to the last iteration."), **shown)
    if near(costs, np.full_like(costs, 4 * KNOWS_NOTHING), CLOSE):
        return partial(2 / 3, _("The cost stays at {found}, which is 4 ln 2.", found=costs[0]), misconception=SUM_NOT_MEAN, **shown)
    if is_random_run(work, expected, costs):
        return failed(_("The run from zeros begins at {found}: zeros cannot give that cost.", found=costs[0]),
                      misconception=ZERO_START_UNUSED, **shown)
    if abs(costs[0] - KNOWS_NOTHING) > CLOSE and twins(work):
        return failed(_("The run begins at {found}: its weights were all alike, but not zero.", found=costs[0]),
                      misconception=CONSTANT_START, **shown)
    if abs(costs[0] - KNOWS_NOTHING) > CLOSE:
        return failed(_("The run begins at {found}. With every weight zero each output is 0.5, and the cost is ln 2.", found=costs[0]), **shown)
    return failed(_("The run begins at ln 2, as it must, but ends at {found}: something moved that had no slope.", found=costs[-1]),
                  next_step=_("Look at your gradients for all-zero weights: which of them are not zero?"), **shown)


@check("q1", points=2, title=_("After training from zeros, the parameters are what they must be"), rests_on=["zero_costs"])
def zero_parameters(work: Work, expected: Expected) -> Verdict:
    found = parameters_of(work, "zero_parameters")
    lines = [part(name in found and near(found[name].reshape(-1), np.zeros(found[name].size), CLOSE),
                  _("{name} after training", name=name), otherwise=_("{name} moved away from zero, which its gradient does not allow.", name=name))
             for name in PARAMETERS]
    return parts(lines, success=_("All four are where they began, as their gradients say."))


@check("q1", points=3, title=_("One figure shows both runs, named"), public=True)
def start_figure(work: Work, expected: Expected) -> Verdict:
    random, zero = work.name("random_costs"), work.name("zero_costs")
    curves = {random: work.curve("random_costs"), zero: work.curve("zero_costs")}
    words = {random: ("random", "aleat", "azar"), zero: ("zero", "cero")}
    return parts(check_curves_figure(work.figure("start_figure"), curves, names=words),
                 success=_("Both runs are in the figure, each under its name."))


@check("q1", points=2, title=_("Your claim about what moved agrees with your own parameters"))
def moved_claim(work: Work, expected: Expected) -> Verdict:
    claim, found = answers(work, "moved", PARAMETERS), parameters_of(work, "zero_parameters")
    lines = [agreement(_("did {name} move?", name=name), truth(claim[name]), {yes_no(bool(np.any(np.abs(found[name]) > CLOSE)))})
             for name in PARAMETERS if name in found]
    return claims(lines, _("What you claim is what your parameters show."))


# ------------------------------------------------------------------- q2: learning rates, compared fairly


@check("q2", points=4, title=_("All rates leave from the same start"), public=True)
def fair_start(work: Work, expected: Expected) -> Verdict:
    curves = work.curves("rate_costs", RATES, length=LONG_ITERATIONS + 1)
    first = [Comparison(label=_("first cost at rate {rate}", rate=rate), expected=float(curves[RATES[0]][0]), found=float(curve[0]),
                        ok=near(curve[0], curves[RATES[0]][0], CLOSE)) for rate, curve in curves.items()]
    if same_start(curves, tolerance=CLOSE):
        return passed(_("All three curves begin at {first}: only the rate differs.", first=curves[RATES[0]][0]), comparisons=first)
    ends = [curve[-1] for curve in curves.values()]
    continued = any(abs(curve[0] - end) < 1e-3 for curve in curves.values() for end in ends if curve[-1] is not end)
    return failed(_("The curves begin at {a}, {b} and {c}: that is not the same network.", a=curves[0.5][0], b=curves[0.1][0], c=curves[0.01][0]),
                  comparisons=first, misconception=CONTINUED_TRAINING if continued else DIFFERENT_STARTS)


@check("q2", points=6, title=_("The costs at each rate are those of this network"))
def rate_costs(work: Work, expected: Expected) -> Verdict:
    curves, truths = work.curves("rate_costs", RATES), expected.curves("rate_costs")
    tolerance = expected.tolerance("rate_costs", at_least=CLOSE)
    worth = {rate: rate_worth(curves[rate], truths[rate], tolerance) for rate in RATES}
    picture = curve_picture(
        title=_("Your costs at three rates, over the reference's"), x_label=_("iteration"), y_label=_("cost"),
        found={str(rate): curve for rate, curve in curves.items()}, expected={str(rate): truth for rate, truth in truths.items()},
        description=_("Last costs: {a} at rate 0.5, {b} at 0.1, {c} at 0.01.", a=curves[0.5][-1], b=curves[0.1][-1], c=curves[0.01][-1]))
    lines = [Comparison(label=_("costs at rate {rate}", rate=rate), expected=float(truths[rate][-1]), found=float(curves[rate][-1]),
                        tolerance=tolerance, ok=worth[rate] == 1.0) for rate in RATES]
    shown: dict[str, Any] = {"picture": picture, "comparisons": lines}
    if all(w == 1.0 for w in worth.values()):
        return passed(_("At all three rates your costs follow the reference."), **shown)
    if near(curves[0.5], curves[0.1], CLOSE) and near(curves[0.1], curves[0.01], CLOSE):
        return failed(_("All three curves are the same: the rate never reaches the update."),
                      next_step=_("Look at which rate update_parameters gets inside model."), **shown)
    return partial(sum(worth.values()) / len(RATES),
                   _("At {count} of 3 rates your costs follow the reference; a curve from another start, or that learns in another way, earns half.",
                     count=sum(w == 1.0 for w in worth.values())),
                   next_step=_("Each rate begins at the random start of question 1. Compare the first values, then the second ones."), **shown)


@check("q2", points=4, title=_("One figure shows one named curve for each rate"), public=True)
def rate_figure(work: Work, expected: Expected) -> Verdict:
    curves = work.curves("rate_costs", RATES)
    return parts(check_curves_figure(work.figure("rate_figure"), {str(rate): curve for rate, curve in curves.items()}),
                 success=_("One curve for each rate, each under its name."))


@check("q2", points=2, title=_("Your best rate after 1000 iterations is the best in your own data"))
def best_after_1000(work: Work, expected: Expected) -> Verdict:
    return best_rate(work, "best_after_1000", ITERATIONS)


@check("q2", points=2, title=_("Your best rate after 10,000 iterations is the best in your own data"))
def best_after_10000(work: Work, expected: Expected) -> Verdict:
    return best_rate(work, "best_after_10000", LONG_ITERATIONS)


@check("q2", points=2, title=_("What you say of each rate agrees with your own curves"))
def behaviour_claim(work: Work, expected: Expected) -> Verdict:
    claim, curves = answers(work, "rate_behaviour", RATES), work.curves("rate_costs", RATES)
    lines = [agreement(_("at rate {rate}", rate=rate), behaviour_word(claim[rate]), behaviours(curves[rate])) for rate in RATES]
    return claims(lines, _("What you claim is what your curves show."))


# --------------------------------------------------------------------------------- q3: mean squared error


@check("q3", points=3, title=_("mse_function is the mean of the squared errors"), proved_by="mse_costs")
def mse_values(work: Work, expected: Expected) -> Verdict:
    return mean_loss(work, "gradients_mse", "mse_function")


@check("q3", points=5, title=_("backward_prop_mse gives the slope of your own mse_function, as finite differences find it"), public=True,
       proved_by="mse_costs")
def gradients_mse(work: Work, expected: Expected) -> Verdict:
    return slopes(work, "gradients_mse", "backward_prop_mse")


@check("q3", points=4, title=_("The costs with mean squared error are those of this network"))
def mse_costs(work: Work, expected: Expected) -> Verdict:
    return trajectory(work, expected, "mse_costs")


@check("q3", points=2, title=_("You counted right predictions for both losses"))
def counted_predictions(work: Work, expected: Expected) -> Verdict:
    lines = []
    for role, trained in (("cross_entropy_predictions", "random_parameters"), ("mse_predictions", "mse_parameters")):
        wanted = own_count(work, trained)
        wanted = int(expected.array(role)) if wanted is None else wanted
        lines.append(agreement(_("right predictions in {name}", name=work.name(role)), None if not work.has(role) else nearest_count(work, role, wanted),
                               {str(wanted)}))
    return claims(lines, _("Both counts agree with your trained networks."))


@check("q3", points=3, title=_("One figure shows both losses, each under its own name"), public=True)
def loss_figure(work: Work, expected: Expected) -> Verdict:
    entropy, mse = work.name("random_costs"), work.name("mse_costs")
    curves = {entropy: work.curve("random_costs"), mse: work.curve("mse_costs")}
    figure = work.figure("loss_figure")
    called = line_called(figure, ("entrop",))
    mislabelled = called is not None and called.y.size > 0 and called.y[0] < 0.6 and not near(called.y[0], curves[entropy][0], CLOSE)
    return parts(check_curves_figure(figure, curves, names={entropy: ("entrop",), mse: ("mse", "ecm", "cuadr", "squared")}),
                 success=_("Both losses are in the figure, each under its own name."),
                 misconception=MISLABELLED_CURVES if mislabelled else None)


@check("q3", points=3, title=_("Your claim about which loss solves XOR agrees with your own predictions"))
def fair_claim(work: Work, expected: Expected) -> Verdict:
    said = loss_word(work.value("solves_xor"))
    solved = {}
    for role, trained in (("cross_entropy_predictions", "random_parameters"), ("mse_predictions", "mse_parameters")):
        count = own_count(work, trained)
        solved[role] = (nearest_count(work, role, 4) == "4") if count is None else count == 4
    shown = {(True, True): "both", (True, False): "mse", (False, True): "cross-entropy", (False, False): "neither"}
    wanted = shown[solved["mse_predictions"], solved["cross_entropy_predictions"]]
    return claims([agreement(_("which loss solves XOR"), said, {wanted})], _("What you claim is what your predictions show."))
