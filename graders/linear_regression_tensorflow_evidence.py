"""What the checks of this lab rest on: reading fits, histories and claims, and telling one mistake from another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coteja.checking import (
    Comparison,
    Expected,
    KerasModel,
    Message,
    Misconception,
    Picture,
    Series,
    Verdict,
    Work,
    _,
    compare,
    curve_picture,
    history_curves,
    loss_name,
    near,
    needs_a_look,
    number_in,
    part,
    parts,
    plain,
    points_of,
    read_model,
    unmet,
    unread,
)

from .linear_regression_tensorflow_mistakes import (
    ACTIVATION,
    DEFAULT_RATE,
    LOSS_NOT_CHANGED,
    NO_BIAS,
    STOPPED_EARLY,
    TYPED_IN,
    WRONG_SIGN,
)

TRUE = (2.0, -3.0, 5.0)
RATE = 0.02
RATES = (0.0001, 0.001, 0.1, 1.0)
#: The rates that come nearer, and those that run away.
LEARNING, DIVERGING = RATES[:2], RATES[2:]
EPOCHS = 30
SIZES = (1000, 100_000)
UPDATES = {1000: 32, 100_000: 3125}
LOSSES = ("mse", "huber")
#: A model's loss in words.
LOSS_WORDS: dict[str, Message] = {
    "mse": _("mean squared error"),
    "mae": _("mean absolute error"),
    "huber": _("the Huber loss"),
    "": _("none"),
}
#: The least distance that is always allowed: a start or a batch of another kind, a few epochs more or less.
LEAST = 0.15
#: An untrained bias alone costs 25 less what its first epoch takes away; a model that was trained before costs less.
UNTRAINED = 20.0
#: A loss that is above this in the end has not arrived: the lab's own border for "slow".
SLOW = 2.0
#: Beyond this a weight has left every sensible scale.
ENORMOUS = 1e4
#: Two readings of one float32.
SAME = 1e-4
#: Layers that change no number, and those that are an activation of their own.
SILENT_LAYERS = ("Dense", "InputLayer", "Flatten", "Reshape", "Dropout", "Sequential", "Functional")
ACTIVATION_LAYERS = ("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax")

Fit = np.ndarray


# ------------------------------------------------------------------------------------- weights and biases


def flat(value: Any) -> np.ndarray:
    """All numbers of a value in one array, whatever lists, tuples, arrays or dictionaries they lie in; empty if one is none."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        parts_of_it = [flat(item) for item in value]
        whole = all(item.size for item in parts_of_it)
        return np.concatenate(parts_of_it) if parts_of_it and whole else np.empty(0)
    array = np.asarray(value)
    return array.astype(float).reshape(-1) if array.dtype.kind in "biuf" else np.empty(0)


def fit_of(work: Work, weights: str, biases: str) -> Fit:
    """The two weights and the bias that a student kept, shape (3,).

    Both may be the whole list that get_weights returns: first the weights, then the bias.
    """
    w, b = flat(work.value(weights)), flat(work.value(biases))
    w = w[:2] if w.size == 3 else w
    b = b[2:] if b.size == 3 else b
    if w.size != 2:
        raise unmet(
            _(
                "{name} should be the two weights, but has {count} values.",
                name=work.name(weights),
                count=w.size,
            ),
            _("get_weights() returns two things: the weights, of shape (2, 1), and the bias, of shape (1,)."),
        )
    if b.size != 1:
        raise unmet(
            _("{name} should be one number, but has {count} values.", name=work.name(biases), count=b.size)
        )
    return np.concatenate([w, b])


def fit_in(model: KerasModel) -> Fit:
    """The two weights and the bias that a model holds; empty when it is not one neuron."""
    held = np.concatenate([model.kernel.reshape(-1), model.bias.reshape(-1)])
    return held if held.size == 3 else np.empty(0)


def model_fit(work: Work, role: str) -> Fit:
    """As `fit_in`, for the model of a role; empty when there is none."""
    return (
        fit_in(read_model(work, role))
        if work.has(role) and isinstance(work.value(role), dict)
        else np.empty(0)
    )


def typed_by_hand(fit: Fit) -> bool:
    """Whether all three numbers end after two decimals: a float32 that was learned hardly ever does."""
    return bool(np.all(np.abs(fit - np.round(fit, 2)) < 1e-6))


def fits_of(work: Work, role: str) -> dict[str, Fit]:
    """The three numbers of each loss in a dictionary; ends the check when one is missing."""
    found = {loss_name(str(key)): flat(value) for key, value in work.mapping(role).items()}
    for loss in LOSSES:
        if found.get(loss, np.empty(0)).size != 3:
            raise unmet(
                _(
                    '{name}["{loss}"] should be three numbers: both weights and the bias.',
                    name=work.name(role),
                    loss=loss,
                ),
                _("fit_of(model) gives them."),
            )
    return found


def tolerance_of(expected: Expected, role: str, key: Any = None, *, least: float = LEAST) -> np.ndarray:
    """How far each number of an expected value may lie, from the reference's own scatter."""
    deviation = expected.deviations.get(role, 0.0)
    if key is not None:
        deviation = deviation.get(key, 0.0) if isinstance(deviation, dict) else 0.0
    return np.maximum(least, expected.radius(role) * np.asarray(deviation, dtype=float).reshape(-1))


def within(found: Fit, truth: Any, tolerance: np.ndarray) -> np.ndarray:
    """Number by number, whether it lies within its tolerance; what is not finite does not."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(found - np.asarray(truth, dtype=float).reshape(-1)) <= tolerance)


def compared(found: Fit, truth: Any, tolerance: np.ndarray) -> list[Comparison]:
    """Two lines of evidence: the weights, the bias."""
    wanted, slack = np.asarray(truth, dtype=float).reshape(-1), np.broadcast_to(tolerance, (3,))
    return [
        compare(_("weights"), found[:2], wanted[:2], float(slack[:2].max())),
        compare(_("bias"), found[2], wanted[2], float(slack[2])),
    ]


def fit_mistake(found: Fit) -> Misconception | None:
    """The mistake that three wrong numbers tell of."""
    if not np.isfinite(found).all():
        return None
    if near(found, -np.array(TRUE), 0.5):
        return WRONG_SIGN
    if near(found[:2], TRUE[:2], 0.5) and -0.5 < found[2] < TRUE[2] - 0.4:
        return STOPPED_EARLY
    return None


def ran_away(values: np.ndarray) -> bool:
    """Whether numbers left all bounds: infinite, not a number, or enormous."""
    return not np.isfinite(values).all() or bool(np.abs(values).max() > ENORMOUS)


def judge_fit(found: Fit, held: Fit, expected: Expected, roles: tuple[str, str], success: Message) -> Verdict:
    """Three numbers against the reference's and against the model that they must come from.

    What is near but not the model's own is judged by the model: half of the points are for having trained one.
    """
    truth = np.concatenate([expected.array(role).reshape(-1) for role in roles])
    tolerance = np.concatenate(
        [np.broadcast_to(tolerance_of(expected, role), expected.array(role).size) for role in roles]
    )
    right = within(found, truth, tolerance)
    shown = compared(found, truth, tolerance)
    if held.size == 3 and not near(found, held, SAME * (1 + float(np.abs(np.nan_to_num(held)).max()))):
        trained = bool(within(held, truth, tolerance).all())
        lines = [
            compare(_("the model's weights"), found[:2], held[:2], SAME),
            compare(_("the model's bias"), found[2], held[2], SAME),
        ]
        text = _(
            "The model that you kept holds ({a}, {b}) and {c}; your numbers are others.",
            a=held[0],
            b=held[1],
            c=held[2],
        )
        mistake = TYPED_IN if right.all() else None
        return Verdict(
            0.5 if trained else 0.0,
            text,
            comparisons=tuple(lines),
            misconception=mistake,
            next_step=TYPED_IN.next_step,
        )
    if right.all():
        return Verdict(1.0, success, comparisons=tuple(shown))
    share = (0.5 if right[:2].all() else 0.0) + (0.25 if right[2] else 0.0)
    text = _(
        "You have weights ({a}, {b}) and bias {c}; near (2, −3) and 5 was expected.",
        a=found[0],
        b=found[1],
        c=found[2],
    )
    step = _("Check the rate, the number of epochs and the loss that the model was compiled with.")
    return Verdict(
        share,
        text,
        comparisons=tuple(shown),
        misconception=fit_mistake(found),
        next_step=None if fit_mistake(found) else step,
    )


# ------------------------------------------------------------------------------------------------- models


def odd_layers(model: KerasModel) -> list[str]:
    """Layers of kinds that the lab does not speak of: a person decides what they do."""
    return [layer.kind for layer in model.layers if layer.kind not in SILENT_LAYERS + ACTIVATION_LAYERS]


def judge_shape(model: KerasModel) -> Verdict:
    """One neuron: two inputs, one output, a bias, no activation."""
    if not model.weights and not model.trained_layers:
        return Verdict(
            0.0,
            _("The model has no weights yet."),
            next_step=_("Give it its input, tf.keras.Input(shape=(2,)), or call fit, before you look at it."),
        )
    active = [a for layer in model.layers if (a := layer.activation) not in ("", "linear")]
    active += [layer.kind for layer in model.layers if layer.kind in ACTIVATION_LAYERS]
    matrices = [w for layer in model.layers for w in layer.weights if w.ndim == 2] or [model.kernel]
    lines = [
        part(
            len(matrices) == 1 and matrices[0].shape[-1:] == (1,),
            _("one layer with one neuron"),
            otherwise=_("A linear regression is one single layer, Dense(1)."),
        ),
        part(
            model.kernel.shape[:1] == (2,),
            _("two inputs"),
            otherwise=_("Each observation has two inputs: tf.keras.Input(shape=(2,))."),
        ),
        part(model.bias.size == 1, _("one bias"), otherwise=NO_BIAS.next_step),
        part(not active, _("no activation function"), otherwise=ACTIVATION.next_step),
    ]
    verdict = parts(lines, success=_("One neuron with two weights and a bias, and no activation function."))
    if verdict.fraction == 1.0:
        return verdict
    if odd_layers(model):
        text = _(
            "Your model has a layer of the kind {kind}; a person will look at it.", kind=odd_layers(model)[0]
        )
        return verdict.but(message=text, look=True)
    mistake = ACTIVATION if active else NO_BIAS if model.bias.size == 0 else None
    return verdict.but(misconception=mistake) if mistake else verdict


def judge_compiled(model: KerasModel, loss: str) -> Verdict:
    """Plain SGD at rate 0.02 with the loss that is asked for."""
    if not model.optimizer:
        return needs_a_look(
            _("I cannot see what the model was compiled with; a person will look at it."),
            next_step=_("Call compile with an optimizer and a loss, and train with fit."),
        )
    known = model.loss in LOSS_WORDS or "huber" not in model.loss.casefold()
    right_loss = model.loss == loss
    lines = [
        part(
            right_loss,
            _("the loss is {loss}", loss=LOSS_WORDS[loss]),
            weight=2,
            otherwise=_("The model was compiled with {found}.", found=LOSS_WORDS.get(model.loss, model.loss)),
        ),
        part(
            model.optimizer == "SGD",
            _("the optimizer is SGD"),
            otherwise=_("The optimizer is {found}; use tf.keras.optimizers.SGD.", found=model.optimizer),
        ),
        part(
            near(model.learning_rate, RATE, 1e-6),
            _("the learning rate is 0.02"),
            otherwise=_("The learning rate is {found}.", found=model.learning_rate),
        ),
    ]
    verdict = parts(lines, success=_("Compiled as the lab asks for."))
    if verdict.fraction == 1.0:
        return verdict
    if not right_loss and (not known or model.loss not in LOSS_WORDS):
        text = _("I do not know the loss {name}; a person will look at it.", name=model.loss[:40])
        return verdict.but(message=text, look=True)
    if not right_loss and loss == "huber":
        return verdict.but(misconception=LOSS_NOT_CHANGED, next_step=LOSS_NOT_CHANGED.next_step)
    if right_loss and near(model.learning_rate, 0.01, 1e-6):
        return verdict.but(misconception=DEFAULT_RATE, next_step=DEFAULT_RATE.next_step)
    if math.isnan(model.learning_rate) or model.optimizer in ("LossScaleOptimizer", "TFOptimizer"):
        return verdict.but(look=True)
    return verdict


# ----------------------------------------------------------------------------------------------- pictures


def over_reference(
    work: Work, expected: Expected, role: str, curve: np.ndarray, *, log_y: bool = True
) -> Picture:
    """The student's losses over the reference's median."""
    truth = expected.array(role)
    return curve_picture(
        title=_("Your losses over the reference's"),
        x_label=_("epoch"),
        y_label=_("loss"),
        found={work.name(role): curve},
        expected={_("reference"): truth},
        log_y=log_y,
        description=_(
            "{name} goes from {first} to {last}; the reference goes from {first_expected} to {last_expected}.",
            name=work.name(role),
            first=curve[0],
            last=curve[-1],
            first_expected=truth[0],
            last_expected=truth[-1],
        ),
    )


def diagonal_picture(axes: Sequence[Any]) -> Picture:
    """A student's points from left to right, over the line on which outputs equal targets."""
    clouds = [cloud for pair in axes for cloud in points_of(pair) if len(cloud) >= 20]
    cloud = clouds[0] if clouds else np.empty((0, 2))
    cloud = cloud[np.isfinite(cloud).all(axis=1)]
    cloud = cloud[np.argsort(cloud[:, 0])]
    cloud = (
        cloud[np.unique(np.linspace(0, len(cloud) - 1, min(len(cloud), 80)).astype(int))]
        if len(cloud)
        else cloud
    )
    ends = [float(cloud[0, 0]), float(cloud[-1, 0])] if len(cloud) else [-45.0, 55.0]
    series = [Series(label=_("45-degree line"), x=ends, y=list(ends), kind="expected")]
    if len(cloud):
        series.append(
            Series(
                label=_("your points"),
                x=[float(x) for x in cloud[:, 0]],
                y=[float(y) for y in cloud[:, 1]],
                kind="found",
            )
        )
    return Picture(
        title=_("Outputs against targets"),
        x_label=_("the horizontal axis of your figure"),
        y_label=_("the vertical axis of your figure"),
        series=tuple(series),
        description=_("Where outputs equal targets, all points lie on the 45-degree line."),
    )


def wanted_curves(curves: Mapping[float, np.ndarray]) -> Picture:
    """What the figure of the rates should show: the student's own losses, one curve a rate."""
    return curve_picture(
        title=_("What the figure should show: your own losses, one curve for each rate"),
        x_label=_("epoch"),
        y_label=_("loss"),
        found={},
        expected={f"{rate:g}": curve for rate, curve in curves.items()},
        log_y=True,
    )


# -------------------------------------------------------------------------------------------------- rates


def by_rate(work: Work, role: str) -> dict[float, Any]:
    """What a dictionary holds for the lab's rates; a rate may be missing. 0.1, "0.1" and NumPy's 0.1 are the same."""
    found = {}
    for key, value in work.mapping(role).items():
        number = number_in(key)
        for rate in RATES:
            if number is not None and abs(number - rate) <= 1e-6 * rate:
                found[rate] = value
    return {rate: found[rate] for rate in RATES if rate in found}


def rate_curves(work: Work) -> dict[float, np.ndarray]:
    """The losses of each rate that is there."""
    found = {
        rate: history_curves(value).get("loss") for rate, value in by_rate(work, "rate_histories").items()
    }
    return {rate: curve for rate, curve in found.items() if curve is not None}


def rate_fits(work: Work) -> dict[float, Fit]:
    """The three numbers of each rate that is there."""
    weights = by_rate(work, "rate_weights")
    biases = by_rate(work, "rate_biases") if work.has("rate_biases") else {}
    found = {}
    for rate, value in weights.items():
        w, b = flat(value), flat(biases.get(rate, []))
        whole = np.concatenate([w[:2], b[-1:] if b.size else w[2:]])
        if whole.size == 3 and w.size in (2, 3):
            found[rate] = whole
    return found


def is_fresh(curve: np.ndarray) -> bool:
    """Whether a curve of a small rate begins at an untrained neuron."""
    return bool(curve[0] > UNTRAINED)


def diverged(curve: np.ndarray) -> bool:
    """Whether a loss ends not finite, or above its own start and far from solved."""
    return not np.isfinite(curve[-1]) or bool(curve[-1] > max(curve[0], SLOW))


# ------------------------------------------------------------------------------------- what a claim may say

SAID: dict[str, Message] = {
    "slow": _("slow"),
    "good": _("good"),
    "diverges": _("diverges"),
    "nan": _("not a number (NaN)"),
    "oscillates": _("oscillates"),
    "mse": _("mean squared error"),
    "huber": _("the Huber loss"),
}
_BEHAVIOURS = {
    "oscillates": ("oscil",),
    "nan": ("nan",),
    "diverges": ("diverg", "inf", "explo"),
    "slow": ("lent", "slow", "despacio"),
    "good": ("buen", "good", "converg"),
}


def behaviour_said(value: Any) -> str:
    """The word for a rate in a claim; "diverge (nan)" is one answer, anything else of two words is for a person."""
    text = plain(value)
    fitting = [word for word, stems in _BEHAVIOURS.items() if any(stem in text for stem in stems)]
    if fitting == ["nan", "diverges"]:
        return "nan"
    return fitting[0] if len(fitting) == 1 else unread(text)


def behaviours(curve: np.ndarray) -> list[str]:
    """The words that fit a loss curve, by the lab's own table; whatever ends as NaN has diverged, too."""
    last = curve[-1]
    if not np.isfinite(last):
        return ["nan", "diverges"] if np.isnan(last) else ["diverges", "nan"]
    if diverged(curve):
        return ["diverges"]
    return ["good"] if last <= SLOW else ["slow"]


def line_answers(fit: Fit) -> list[str]:
    """What may be said of the 45-degree line: a run that only lacks its bias lies beside it, and both answers will do."""
    if ran_away(fit):
        return ["no"]
    weights, bias = np.abs(fit[:2] - TRUE[:2]).max(), abs(fit[2] - TRUE[2])
    if weights <= 0.5 and bias < 1:
        return ["yes"]
    return ["yes", "no"] if weights <= 1 else ["no"]


def loss_said(value: Any) -> str:
    """Which loss a claim names: "mse" or "huber"."""
    text = plain(value)
    mse = any(word in text for word in ("mse", "ecm", "cuadr", "squared"))
    huber = "huber" in text
    return "mse" if mse and not huber else "huber" if huber and not mse else unread(text)


def steps_in(work: Work, role: str) -> int | None:
    """How many updates an epoch had, as a History object says; None where only its curves were kept."""
    value = work.artefacts.get(role)
    params = value.get("params") if isinstance(value, dict) else None
    steps = params.get("steps") if isinstance(params, dict) else None
    return steps if isinstance(steps, int) and not isinstance(steps, bool) and steps > 0 else None
