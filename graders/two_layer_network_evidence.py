"""What the checks of this lab rest on: reading calls and curves, and telling one mistake from another."""

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
    choice_in,
    claimed,
    compare,
    curve_picture,
    failed,
    finite_differences,
    is_constant,
    judge_claims,
    near,
    needs_a_look,
    numbers_in,
    partial,
    passed,
    plain,
    unread,
    word_in,
)

from .two_layer_network_mistakes import (
    CONSTANT_START,
    COST_AFTER_UPDATE,
    GRADIENT_NOT_CHANGED,
    MISSING_KEEPDIMS,
    MISSING_MEAN,
    NEVER_UPDATED,
    SIGMOID_SLOPE_FORGOTTEN,
    SUM_NOT_MEAN,
    TRACES,
    WRONG_SIGN,
)

PARAMETERS = ("W1", "b1", "W2", "b2")
RATES = (0.5, 0.1, 0.01)
ITERATIONS = 1000
LONG_ITERATIONS = 10_000
#: What a network that knows nothing costs: it answers 0.5 to everything.
KNOWS_NOTHING = float(np.log(2))
#: What two right computations of one function may differ by, single precision included.
CLOSE = 1e-5


def first_of(case: Sequence[Step], function: str) -> Step:
    """The first call of `function` in a probe's case."""
    return next(step for step in case if step.function == function)


def output(returned: Any) -> np.ndarray:
    """A2 of what forward_prop returns: the first of two things, or the only one."""
    alone = not isinstance(returned, tuple | list) or len(returned) != 2
    given = np.asarray(returned if alone else returned[0])
    if np.iscomplexobj(given):  # NumPy would drop the imaginary part, and say so on stderr
        given = np.where(given.imag == 0, given.real, np.nan)
    return np.asarray(given, dtype=float)


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
    found = np.array([step.number() for step in steps])
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
    # A cost that a parameter never changes would make a gradient of zeros right there.
    moves = {name: any(np.any(slope) for slope in truth[name]) for name in PARAMETERS}
    sloped = any(moves.values())
    right = {
        name: (
            moves[name] and all(alike(f, t, tolerance) for f, t in zip(found[name], truth[name], strict=True))
        )
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


#: Said of costs that are as straight as `np.linspace` makes them.
RULED = _(
    "These costs lie on a straight line, as no training leaves them: a person will look at how they were computed."
)


def is_ruled(curve: np.ndarray) -> bool:
    """Whether a curve is a straight line, or one on a logarithmic axis, but for rounding: no training of this network is."""
    if curve.size < 10 or not np.isfinite(curve).all() or is_constant(curve):
        return False
    drawn = [curve, np.log(curve)] if curve.min() > 0 else [curve]
    return any(bool(np.ptp(np.diff(values)) <= 1e-9 * np.ptp(values)) for values in drawn)


def elsewhere(costs: np.ndarray, truth: np.ndarray, tolerance: float, shown: Mapping[str, Any]) -> Verdict:
    """A curve that no known mistake explains: credit for one that falls."""
    if is_ruled(costs):
        return needs_a_look(RULED, **shown)
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
    with np.errstate(invalid="ignore"):  # curves of infinities meet nowhere
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
    said = choice_in(claimed(work, role), RATES)
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
    numbers = numbers_in(value)
    if not numbers:
        return unread(plain(value))
    number = numbers[0]
    is_share = array.dtype.kind == "f" and near(number, wanted / 4, CLOSE)
    is_count, is_percentage = near(number, wanted, CLOSE), near(number, 25 * wanted, 0.5) and wanted > 0
    if is_count or is_percentage or is_share:
        return str(wanted)
    others = numbers[1:-1] if numbers[-1] == 4 else numbers[1:]  # "3 of 4" is 3, and "of the 4, 3" is not 4
    return unread(plain(value)) if wanted in others else f"{number:g}"
