"""What the checks of this lab rest on: reading weights, biases and curves, and telling one mistake from another."""

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
    Unmet,
    Verdict,
    Work,
    _,
    alike,
    check_diagonal_figure,
    compare,
    curve_picture,
    diagonal_picture,
    failed,
    near,
    near_diagonal,
    part,
    partial,
    parts,
    passed,
    points_of,
    unmet,
)

from .linear_regression_numpy_mistakes import (
    MISSING_MEAN,
    NEVER_UPDATED,
    RATE_TWICE,
    STILL_HALVED,
    WRONG_FUNCTION,
    WRONG_SIGN,
)

RATES = (0.0001, 0.001, 0.1, 1.0)
ITERATIONS = 100
LONG_ITERATIONS = 1000
L1_LONG_ITERATIONS = 3000
TRUE = (2.0, -3.0, 5.0)
CLOSE = 1e-5
#: No run that a notebook has time for takes so long: a time above it is a clock's reading.
LONGEST_S = 3600.0
#: Above this a loss has left every sensible scale; the lab's own border for "overflows".
ENORMOUS = 1e100
#: The largest exponents of double and single precision; what overflowed counts as just having reached the first.
TOP = 308.0
SINGLE_TOP = 38.0
#: The rate above which the weights' error grows: 2 / E[x^2] of inputs uniform on (-10, 10).
CRITICAL_RATE = 0.06
Pair = tuple[np.ndarray, float]


# ------------------------------------------------------------------------------------- weights and biases


def weights_of(work: Work, role: str) -> np.ndarray:
    """The two weights, whatever their shape; ends the check when there are not two."""
    found = work.array(role).reshape(-1)
    if found.size != 2:
        raise unmet(
            _(
                "{name} has {count} values; there is one weight for each of the two inputs.",
                name=work.name(role),
                count=found.size,
            ),
            _("Keep what your training returns: weights of shape (2, 1)."),
        )
    return found


def result_of(work: Work, weights: str, biases: str) -> Pair:
    """Weights and bias of a run."""
    return weights_of(work, weights), work.number(biases)


def _tolerance(expected: Expected, role: str, scale: float = 1.0) -> float:
    return _bound(expected, role, expected.deviation(role) * scale)


def tolerance_at(expected: Expected, role: str, rate: float) -> float:
    """How far a run at `rate` may end from the reference's; new small weights still count at the small rates."""
    return _bound(expected, role, expected.deviations_of(role).get(rate, np.zeros(1)))


def _bound(expected: Expected, role: str, deviation: np.ndarray) -> float:
    return _short(max(0.1, expected.radius(role) * float(np.max(deviation, initial=0.0))))


def _short(value: float) -> float:
    """Two digits are enough for a tolerance, and for a time."""
    return float(f"{value:.2g}")


def hits(found: Pair, expected: Expected, weights: str, biases: str, scale: float = 1.0) -> tuple[bool, bool]:
    """Whether weights, and bias, are where the reference's runs end."""
    return (
        near(found[0], expected.array(weights).reshape(-1), _tolerance(expected, weights, scale)),
        near(found[1], expected.array(biases).reshape(-1)[0], _tolerance(expected, biases, scale)),
    )


def compared(found: Pair, expected: Expected, weights: str, biases: str) -> list[Comparison]:
    """The two lines of evidence."""
    return [
        compare(_("weights"), found[0], expected.array(weights).reshape(-1), _tolerance(expected, weights)),
        compare(_("bias"), found[1], expected.array(biases).reshape(-1)[0], _tolerance(expected, biases)),
    ]


def same_run(found: Pair, expected: Expected, mistake: Misconception, weights: str, biases: str) -> bool:
    """Whether a run ended where that mistake ends, within a tenth or so."""
    wrong_weights, wrong_bias = expected.mistake(weights, mistake.id), expected.mistake(biases, mistake.id)
    if wrong_weights is None or wrong_bias is None:
        return False
    return near(found[0], wrong_weights.reshape(-1), 0.15) and near(found[1], wrong_bias.reshape(-1)[0], 0.15)


def judge_result(
    work: Work,
    expected: Expected,
    weights: str,
    biases: str,
    *,
    success: Message,
    known: Sequence[Misconception] = (),
) -> Verdict:
    """A run's weights and bias against the reference's runs; half for each, and the mistakes that end elsewhere."""
    found = result_of(work, weights, biases)
    shown = compared(found, expected, weights, biases)
    weights_right, bias_right = hits(found, expected, weights, biases)
    if weights_right and bias_right:
        if expected.too_exact(weights, found[0]):
            text = _(
                "Right, and more exact than the noise in the data allows: a person will look at how it was computed."
            )
            return passed(text, comparisons=shown, look=True)
        return passed(success, comparisons=shown)
    mistake = next((m for m in known if same_run(found, expected, m, weights, biases)), None)
    if mistake is None and run_away(found) in known:
        mistake = run_away(found)
    if mistake is not None:
        return failed(
            _("Weights and bias end where a known mistake leads."), comparisons=shown, misconception=mistake
        )
    if weights_right:
        return partial(
            0.5,
            _(
                "The weights are right; the bias is {found}, and {wanted} was expected.",
                found=found[1],
                wanted=shown[1].expected,
            ),
            comparisons=shown,
            next_step=_(
                "In each iteration the bias goes rate times what it still lacks. Check the rate, the number of iterations and its update."
            ),
        )
    return partial(
        0.25 if bias_right else 0.0,
        _("The weights are {found}.", found=f"({found[0][0]:.4g}, {found[0][1]:.4g})"),
        comparisons=shown,
        next_step=_("Try one single update by hand, and compare it with what your training does."),
    )


def run_away(found: Pair) -> Misconception | None:
    """The mistake that a result of the class model's run tells of when it is out of all bounds, or another function's."""
    if not np.isfinite(found[0]).all() or np.abs(found[0]).max() > 1e60:
        return MISSING_MEAN  # a thousand times too long: beyond what a wrong sign can do in 100 iterations
    if np.abs(found[0]).max() > 1e6:
        return WRONG_SIGN
    others = ((2.0, 3.0), (-2.0, 3.0), (-2.0, -3.0), (-3.0, 2.0), (3.0, 2.0))
    return WRONG_FUNCTION if any(near(found[0], other, 0.1) for other in others) else None


def descend(inputs: np.ndarray, targets: np.ndarray, rate: float, iterations: int) -> Pair:
    """Full-batch gradient descent on half the squared error, from zeros: what a mistake in the rate leads to."""
    weights, bias = np.zeros(2), 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        for _i in range(iterations):
            slope = (inputs @ weights + bias - targets.reshape(-1)) / len(inputs)
            weights, bias = weights - rate * inputs.T @ slope, bias - rate * float(slope.sum())
    return weights, bias


def trained(step: Step) -> tuple[Pair, np.ndarray]:
    """Weights, bias and losses of a call of the training; ends the check when they are not there."""
    value = step.value()
    try:
        weights, biases, losses = value
        found = (
            np.asarray(weights, dtype=float).reshape(-1),
            float(np.asarray(biases, dtype=float).reshape(-1)[0]),
        )
        curve = np.asarray([np.asarray(item, dtype=float).reshape(-1)[0] for item in losses])
    except (TypeError, ValueError, IndexError):
        raise unmet(
            _(
                "{name} should return three things: the weights, the biases and the list of losses.",
                name=step.function,
            )
        ) from None
    if found[0].size != 2:
        raise unmet(
            _("{name} returned {count} weights for two inputs.", name=step.function, count=found[0].size)
        )
    return found, curve


def training_mistake(step: Step, found: Pair) -> Misconception | None:
    """The mistake that explains a training on data never seen, if one does."""
    inputs, targets = np.asarray(step.args[0]), np.asarray(step.args[1])
    rate, iterations = float(step.args[2]), int(step.args[3])

    def is_like(other_rate: float) -> bool:
        weights, bias = descend(inputs, targets, other_rate, iterations)
        if not np.isfinite(weights).all() or np.abs(weights).max() > 1e6:
            return not np.isfinite(found[0]).all() or bool(
                np.abs(np.log10(np.abs(found[0]).max() / np.abs(weights).max())) < 10
            )
        return near(found[0], weights, 0.12) and near(found[1], bias, 0.12)

    if np.abs([*found[0], found[1]]).max() <= 0.11:
        return NEVER_UPDATED
    for mistake, other in ((RATE_TWICE, rate**2), (WRONG_SIGN, -rate), (MISSING_MEAN, rate * len(inputs))):
        if is_like(other):
            return mistake
    return None


# ------------------------------------------------------------------------------------------------- losses


def loss_value(work: Work, probe: str, function: str, formula: Any) -> Verdict:
    """A loss called with outputs and targets of our own, against the lab's formula."""
    steps = [step for case in work.probe(probe) for step in case if step.function == function]
    found = np.array([step.number() for step in steps])
    wanted = np.array([formula(*(np.asarray(arg) for arg in step.args)) for step in steps])
    shown = [compare(_("loss of {count} observations", count=len(np.asarray(s.args[0]))), f, w, CLOSE)
             for s, f, w in zip(steps[:3], found, wanted, strict=False)]  # fmt: skip
    if alike(found, wanted, CLOSE):
        return passed(_("Your loss is the lab's, on every new case."), comparisons=shown[:2])
    counts = np.array([len(np.asarray(step.args[0])) for step in steps])
    if alike(found, wanted / 2, CLOSE):
        return partial(0.5, _("Your loss is half of what it should be, on every new case."), comparisons=shown[:2],
                       misconception=STILL_HALVED if probe == "l2" else None)  # fmt: skip
    if alike(found, wanted * 2, CLOSE):
        return partial(
            0.5,
            _("Your loss is twice what it should be, on every new case."),
            comparisons=shown[:2],
            next_step=_("The formula divides by 2n."),
        )
    if alike(found, wanted * counts, CLOSE):
        return partial(
            0.5,
            _("Your loss is n times too large: it is a sum where a mean is asked for."),
            comparisons=shown[:2],
            next_step=_("Divide by the number of observations, len(targets)."),
        )
    return failed(
        _("Your loss differs from the formula."),
        comparisons=shown[:2],
        next_step=_("Work out one observation by hand, and compare term by term."),
    )


def slope_value(work: Work, probe: str, loss: str, slope: str, formula: Any) -> Verdict:
    """A slope against finite differences of the student's own loss."""
    found, wanted, counts, asked_for = [], [], [], []
    for case in work.probe(probe):
        own = next(step for step in case if step.function == slope)
        base = np.asarray(own.args[0]).reshape(-1)
        costs = [(np.asarray(s.args[0]).reshape(-1), s.number()) for s in case if s.function == loss]
        moved = [
            (int(np.flatnonzero(at != base)[0]), at, cost) for at, cost in costs if np.sum(at != base) == 1
        ]
        value = own.array().reshape(-1)
        if value.size != base.size:
            return failed(
                _("For {total} outputs the slope has {found} values.", total=base.size, found=value.size),
                next_step=_("The slope has one value for each output: shape (n, 1), as d has."),
            )
        asked_for += np.ravel(formula(*(np.asarray(arg) for arg in own.args))).tolist()
        for i in range(base.size):
            (low, low_cost), (high, high_cost) = sorted(
                (float(at[i]), cost) for k, at, cost in moved if k == i
            )
            wanted.append((high_cost - low_cost) / (high - low))
            found.append(value[i])
            counts.append(base.size)
    own_slope, truth, n = np.array(found), np.array(wanted), np.array(counts)
    shown = [compare(_("slope at the first outputs"), own_slope[:3], truth[:3], 1e-4)]
    if not np.any(truth):
        return failed(
            _("Your loss does not change with the outputs, so it has no slope to compare with."),
            comparisons=shown,
        )
    if alike(own_slope, truth, 1e-4):
        return passed(_("Your slope is that of your own loss, at every output."), comparisons=shown)
    if alike(own_slope, np.array(asked_for), 1e-6):
        return passed(_("Your slope is the lab's, although your loss is not."), comparisons=shown)
    text = _("Your slope is not that of your own loss.")
    if alike(own_slope, truth * n, 1e-3):
        return partial(0.5, text, comparisons=shown, misconception=MISSING_MEAN)
    if alike(own_slope, -truth, 1e-4):
        return partial(0.25, text, comparisons=shown, misconception=WRONG_SIGN)
    if alike(own_slope, truth / 2, 1e-4):
        return partial(
            0.5,
            text,
            comparisons=shown,
            next_step=_("It is half as steep as your loss: the derivative of d² is 2d."),
        )
    return failed(
        text,
        comparisons=shown,
        next_step=_(
            "Move one output by 0.001, and see by how much your loss changes: that, divided by 0.001, is its slope."
        ),
    )


def _held(work: Work, role: str) -> float:
    """The number, or NaN: what is wrong with it is told by the check that is about it."""
    try:
        return work.number(role)
    except Unmet:
        return float("nan")


def diagonal(work: Work, role: str, biases: str) -> Verdict:
    """A figure of outputs against targets, with what was drawn over what was expected.

    Outputs lie below their targets by what the bias still lacks, on average, and by no more.
    """
    figure = work.figure(role)
    lines = list(check_diagonal_figure(figure))
    clouds = [c for axes in figure.axes for c in points_of(axes) if len(c) >= 20 and near_diagonal(c)]
    lacks = abs(TRUE[2] - _held(work, biases))
    if clouds and np.isfinite(lacks):
        lines.append(
            part(
                any(abs(float(np.mean(cloud[:, 1] - cloud[:, 0]))) <= lacks + 1 for cloud in clouds),
                _("outputs with their bias"),
                otherwise=_("The points lie beside the line: draw inputs @ weights + biases."),
            )
        )
    return parts(
        lines,
        success=_("The points lie along the 45-degree line."),
        picture=diagonal_picture(figure),
    )


def curve_ends(work: Work, expected: Expected, role: str, length: int) -> tuple[np.ndarray, list[Comparison]]:
    """A loss curve and its first and last values against the reference's."""
    curve, truth, deviation = work.curve(role, length=length), expected.array(role), expected.deviation(role)
    radius = expected.radius(role)
    return curve, [
        compare(
            _("first loss"),
            curve[0],
            truth[0],
            _short(max(0.02 * truth[0], radius * float(deviation[0]))),
        ),
        compare(
            _("last loss"),
            curve[-1],
            truth[-1],
            _short(max(0.1 * truth[-1], radius * float(deviation[-1]))),
        ),
    ]


def over_reference(work: Work, expected: Expected, role: str, curve: np.ndarray) -> Picture:
    """The student's curve over the reference's."""
    truth = expected.array(role)
    return curve_picture(
        title=_("Your losses over the reference's"),
        y_label=_("loss"),
        found={work.name(role): curve},
        expected={_("reference"): truth},
        description=_(
            "{name} goes from {first} to {last}; the reference goes from {first_expected} to {last_expected}.",
            name=work.name(role),
            first=curve[0],
            last=curve[-1],
            first_expected=truth[0],
            last_expected=truth[-1],
        ),
    )


# -------------------------------------------------------------------------------------- divergence: by decades


def decades(values: np.ndarray) -> np.ndarray:
    """The decimal logarithm of a size; what overflowed counts as just having reached the largest number."""
    size = np.abs(np.asarray(values, dtype=float))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log10(size)
    return np.clip(np.where(np.isfinite(size), found, TOP), -TOP, TOP)


def follows(curve: np.ndarray, truth: np.ndarray, rate: float) -> bool:
    """Whether a loss curve goes where the rate leads: within 40 %, and where it diverges within a quarter decade an iteration.

    How fast a run diverges depends on its data: over seeds the decades an iteration have a standard deviation of 0.035.
    Single precision overflows at 3e38, where double precision still counts.
    """
    size = min(curve.size, truth.size)
    found, wanted = decades(curve[:size]), decades(truth[:size])
    slack = 0.25 * np.arange(size) if rate >= CRITICAL_RATE else np.zeros(size)
    overflowed = ~np.isfinite(curve[:size]) & (wanted > SINGLE_TOP - 1 - slack)
    return bool(np.all((np.abs(found - wanted) <= 0.15 + slack) | overflowed))


def ran_away(found: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether weights are as astronomical as they must be: within 13 decades of the median, or overflowed on the way."""
    far = np.abs(decades(found) - decades(wanted)) < 13
    return bool(np.all(far | ~np.isfinite(found)))


def diverged(curve: np.ndarray) -> bool:
    """Whether a loss curve ends far above its start, or not finite."""
    return not np.isfinite(curve[-1]) or bool(curve[-1] > 10 * curve[0])


def behaviours(curve: np.ndarray) -> list[str]:
    """The words that fit a loss curve, by the lab's own list; what overflows diverges as well."""
    if not diverged(curve):
        return ["slow"]
    return ["overflows", "diverges"] if not np.isfinite(curve).all() or curve[-1] > ENORMOUS else ["diverges"]


def solved(found: Pair, within: float) -> bool:
    """Whether weights and bias are the true ones."""
    return near(found[0], TRUE[:2], within) and near(found[1], TRUE[2], within)


def line_answers(found: Pair, curve: np.ndarray) -> list[str]:
    """What may be said of the 45-degree line: a run that only lacks its bias lies beside it, and both answers will do."""
    if diverged(curve) or not near(found[0], TRUE[:2], 0.5):
        return ["no"]
    return ["yes"] if near(found[1], TRUE[2], 0.5) else ["yes", "no"]


def runs(work: Work) -> Mapping[float, tuple[Pair, np.ndarray]]:
    """Weights, bias and losses of each rate."""
    weights, biases = (work.arrays(role, RATES) for role in ("rate_weights", "rate_biases"))
    losses = work.curves("rate_losses", RATES)
    for rate in RATES:
        if weights[rate].size != 2 or biases[rate].size != 1:
            raise unmet(
                _(
                    "At rate {rate} there are {count} weights and {biases} biases; two and one were expected.",
                    rate=rate,
                    count=weights[rate].size,
                    biases=biases[rate].size,
                )
            )
    return {
        rate: ((weights[rate].reshape(-1), float(biases[rate].reshape(-1)[0])), losses[rate])
        for rate in RATES
    }


def time_grows(work: Work, fewer: str, more: str) -> Verdict:
    """Two times by their relation alone: how fast a machine is says nothing about a student."""
    short, long = (_short(work.number(role)) for role in (fewer, more))
    shown = [
        Comparison(
            label=_("seconds"), expected=_("more than {short}", short=short), found=long, ok=long > short
        )
    ]
    if not (short > 0 and np.isfinite(long) and long < LONGEST_S):
        return failed(
            _("A time must be a positive number of seconds, and less than an hour."),
            next_step=_("Take time.perf_counter() before and after the training, and subtract."),
        )
    if long > short:
        return passed(_("{short} seconds became {long}.", short=short, long=long), comparisons=shown)
    return failed(
        _("More data took no longer: {short} seconds, then {long}.", short=short, long=long),
        comparisons=shown,
        next_step=_(
            "Measure the training alone, both times in the same way, and with all of the observations."
        ),
    )
