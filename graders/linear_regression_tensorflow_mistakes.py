"""The mistakes that this lab recognises by name: what happened, how one sees it, what to do next."""

from __future__ import annotations

from coteja.checking import Misconception, _

INTEGER_RATE = Misconception(
    id="integer-rate",
    name=_("A learning rate without its decimal point"),
    explanation=_(
        "Keras stopped with a ValueError because the rate was typed as the whole number 1. That is a rule of the library, "
        "which wants a decimal number there; it says nothing about what a rate of 1 does to the training."
    ),
    next_step=_("Write 1.0 in place of 1 and run the cell again: what comes then is the mathematics."),
)
STOPPED_EARLY = Misconception(
    id="stopped-early",
    name=_("Stopped before it arrived"),
    explanation=_(
        "The weights are there, the bias is not: it was still on its way to 5 when the training ended. A bias of 0.89, "
        "where 30 epochs at rate 0.0001 leave it, is a picture of the journey and not the answer."
    ),
    next_step=_(
        "Look at the last losses: do they still fall? Then use the rate that is asked for, or more epochs."
    ),
)
OBSERVATIONS_FOR_UPDATES = Misconception(
    id="observations-for-iterations",
    name=_("Observations taken for updates"),
    explanation=_(
        "Observations are rows of data. The weights are updated once for each batch, and a batch holds 32 of them: an epoch "
        "of 1000 observations has 32 updates, not 1000."
    ),
    next_step=_(
        "Divide the observations by 32 and round up: the last batch makes an update although it is not full."
    ),
)
LINE_AT_DIVERGENCE = Misconception(
    id="line-at-divergence",
    name=_("A 45-degree line claimed where the training diverged"),
    explanation=_(
        "At that rate your weights have left all bounds, or are no numbers any more. Their outputs cannot lie on the line "
        "y = x: there is nothing to draw."
    ),
    next_step=_("Print the weights of that rate. What output do they give for the inputs (1, 1)?"),
)
NAN_AS_SUCCESS = Misconception(
    id="nan-as-success",
    name=_("NaN read as success"),
    explanation=_(
        "You call a rate good whose loss is infinite or not a number. `nan` means “not a number”: it is what is left "
        "after numbers grew beyond what a computer can hold, and it is neither small nor the best."
    ),
    next_step=_(
        "Compare losses with np.isfinite first: in min() and in comparisons NaN behaves like no number does."
    ),
)
OSCILLATES_ONLY = Misconception(
    id="oscillates-only",
    name=_("Divergence taken for oscillation"),
    explanation=_(
        "At rate 0.1 the weights do jump from side to side, but each jump is about six times as long as the one before. "
        "That is divergence: no bound holds it, and in the end there are no numbers left."
    ),
    next_step=_("Look at your losses at that rate, one after the other: do they stay within bounds?"),
)
LOSS_NOT_CHANGED = Misconception(
    id="loss-not-changed",
    name=_("Called Huber, trained with mean squared error"),
    explanation=_(
        "What a model goes downhill on is the loss that `compile` was given, and that is still the mean squared error. A new "
        "name for the model, or Huber among the metrics, changes what is printed and not what is learned."
    ),
    next_step=_("Compile the model with loss=tf.keras.losses.Huber(), and train it again."),
)
CONTINUED_TRAINING = Misconception(
    id="continued-training",
    name=_("One rate went on where another had stopped"),
    explanation=_(
        "The first loss of a rate is far smaller than that of an untrained neuron, or no number from the start: this rate "
        "went on training a model that another rate had trained already. Two things changed at once."
    ),
    next_step=_("Build and compile a new model inside the loop, before each fit."),
)
TYPED_IN = Misconception(
    id="typed-in",
    name=_("Numbers that are not the model's"),
    explanation=_(
        "Your numbers lie near the true ones, but your model holds others. They were typed in, or they come from another "
        "training than the model that you kept."
    ),
    next_step=_("Take them out of the trained model: weights and bias are what get_weights() returns."),
)
MISLABELLED_CURVES = Misconception(
    id="mislabelled-curves",
    name=_("A curve under the name of another"),
    explanation=_(
        "A curve in your figure shows the losses of one rate and bears the name of another, so the figure says the opposite of your data."
    ),
    next_step=_(
        "Draw in a loop over your dictionary and use its key as the label: ax.plot(losses, label=str(rate))."
    ),
)
DEFAULT_RATE = Misconception(
    id="default-rate",
    name=_("The library's rate in place of yours"),
    explanation=_(
        "The model was compiled with rate 0.01, which Keras takes when none is said, as in optimizer='sgd'. It may learn all "
        "the same, but no experiment with rates can be made so."
    ),
    next_step=_("Say it: optimizer=tf.keras.optimizers.SGD(learning_rate=0.02)."),
)
NO_BIAS = Misconception(
    id="no-bias",
    name=_("A neuron without its bias"),
    explanation=_("The layer has two weights and no bias, so it can never learn the 5 of the function."),
    next_step=_("Leave use_bias as it is (True) in Dense(1)."),
)
ACTIVATION = Misconception(
    id="activation",
    name=_("An activation function that is not asked for"),
    explanation=_(
        "A linear regression has no activation function. With one, some outputs can never come out: relu gives nothing "
        "below 0, and half of the targets lie there or close to it."
    ),
    next_step=_("Take the activation away: Dense(1) alone is linear."),
)
NO_OUTLIERS = Misconception(
    id="no-outliers",
    name=_("The outliers were never used"),
    explanation=_(
        "With outliers your mean squared error ends where it does on clean data. The copy with wrong targets may exist, "
        "but the training did not see it."
    ),
    next_step=_("Pass what add_outliers returns to fit, in place of the clean targets."),
)
WRONG_SIGN = Misconception(
    id="wrong-sign",
    name=_("The targets with the wrong sign"),
    explanation=_(
        "Weights and bias are those asked for with their signs turned around: the model learned the targets it was shown, "
        "and these were turned around."
    ),
    next_step=_("Look at the line that makes the targets, sign by sign, and do not change the given cell."),
)
FULL_BATCH = Misconception(
    id="full-batch",
    name=_("One batch of all observations"),
    explanation=_(
        "Your losses fall as if the weights were updated once an epoch: thirty times in all, where batches of 32 make 960 updates."
    ),
    next_step=_("Leave batch_size out of fit, or say 32; then count the updates of an epoch again."),
)
FEW_EPOCHS = Misconception(
    id="few-epochs",
    name=_("A single epoch"),
    explanation=_(
        "Your history holds one loss: without `epochs`, fit goes through the data once, and the bias is still on its way."
    ),
    next_step=_("Train for 30 epochs: fit(inputs, targets, epochs=30)."),
)
NO_NOISE = Misconception(
    id="no-noise",
    name=_("Targets without noise"),
    explanation=_(
        "Your last loss is practically zero: your targets are the function exactly. With noise from −1 to 1 a loss of about a third is left, "
        "and no training can take it away."
    ),
    next_step=_("Use the targets that the given cell makes, noise included."),
)
HUBER_FOR_BOTH = Misconception(
    id="huber-for-both",
    name=_("Both models trained with Huber"),
    explanation=_(
        "With outliers your mean squared error ends where Huber does. The outliers should pull it away by about 5: this model was compiled "
        "with Huber as well."
    ),
    next_step=_('Compile one model with loss="mse" and the other one with tf.keras.losses.Huber().'),
)
OUTLIERS_EVERYWHERE = Misconception(
    id="outliers-everywhere",
    name=_("The clean targets are not clean any more"),
    explanation=_(
        "Already on what you call clean data the bias of the mean squared error is near 10: the outliers were written into the targets themselves, "
        "and not into a copy."
    ),
    next_step=_(
        "Run the notebook from the top, and add outliers to targets.copy() or with the given add_outliers."
    ),
)
