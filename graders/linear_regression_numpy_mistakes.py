"""The mistakes that this lab recognises by name: what happened, how one sees it, what to do next."""

from __future__ import annotations

from coteja.checking import Misconception, _

GRADIENT_NOT_CHANGED = Misconception(
    id="gradient-not-changed",
    name=_("The loss changed, its slope did not"),
    explanation=_(
        "You print another loss, but the steps are those of the old one: weights and bias end where the old slope leads, "
        "whatever the loss says."
    ),
    next_step=_(
        "Derive the new loss with respect to each output, write that in its own slope function, and pass both to your training."
    ),
)
NEVER_UPDATED = Misconception(
    id="never-updated",
    name=_("The weights never change"),
    explanation=_(
        "After all iterations the weights are still the small random numbers that they began as, so nothing was learned."
    ),
    next_step=_(
        "In the loop, put the new weights and biases back into the variables that the next outputs are computed with."
    ),
)
STOPPED_EARLY = Misconception(
    id="stopped-early",
    name=_("Stopped before it arrived"),
    explanation=_(
        "A bias near 3.17 is where 100 iterations leave it, on its way to 5: each iteration takes away 1 % of what is missing. "
        "It is a picture of the journey, not the answer."
    ),
    next_step=_(
        "Train for 1000 iterations and look again: only 0.99^1000 of the way, a few hundred-thousandths, may then be missing."
    ),
)
OBSERVATIONS_FOR_ITERATIONS = Misconception(
    id="observations-for-iterations",
    name=_("Observations taken for iterations"),
    explanation=_(
        "Observations are rows of data; iterations are steps of the training. Your own biases with a thousand, a hundred "
        "thousand and a million observations are all near 3.17: more data made them more precise, not larger."
    ),
    next_step=_("Compare your bias after 100 and after 1000 iterations on the same data, and then decide."),
)
LINE_AT_DIVERGENCE = Misconception(
    id="line-at-divergence",
    name=_("A 45-degree line claimed where the run diverged"),
    explanation=_(
        "At that rate your weights are astronomically large: outputs and targets share no scale, so their points cannot "
        "lie on the line y = x, however straight they look."
    ),
    next_step=_("Read the numbers on both axes of that panel: one goes to about 50, and the other?"),
)
OVERFLOW_AS_SUCCESS = Misconception(
    id="overflow-as-success",
    name=_("Overflow read as success"),
    explanation=_(
        "You say that a rate solved it whose weights ran away to where numbers end. `inf` and `nan` are what is left "
        "when a number no longer fits, not a result."
    ),
    next_step=_("A solved run has weights near (2, −3). Print the weights of that rate, and compare."),
)
OSCILLATES_ONLY = Misconception(
    id="oscillates-only",
    name=_("Divergence taken for oscillation"),
    explanation=_(
        "The weights do change sides in each iteration, but each time they land further away: at rate 0.1 the error is "
        "multiplied by about −2.3. That is divergence."
    ),
    next_step=_("Look at your losses at that rate, one after the other: do they stay within bounds?"),
)
RATE_TWICE = Misconception(
    id="learning-rate-twice",
    name=_("The learning rate counts twice"),
    explanation=_(
        "Each step is rate² times the gradient. At 0.01 that is 0.0001, and after 100 iterations nearly all is still to be learned."
    ),
    next_step=_("Multiply by the learning rate in one place only, where the weights are updated."),
)
WRONG_SIGN = Misconception(
    id="wrong-sign",
    name=_("Uphill instead of downhill"),
    explanation=_("The sign of the step is turned around, so the loss grows in each iteration."),
    next_step=_(
        "The gradient points uphill. Subtract it, and see that d is output − target, not the other way around."
    ),
)
MISSING_MEAN = Misconception(
    id="missing-mean",
    name=_("Not divided by the number of observations"),
    explanation=_(
        "The slope is n times as steep as your own loss is: each step is n times too long, and the run explodes."
    ),
    next_step=_("The loss is a mean over n observations, so its slope is one as well: divide by n."),
)
WRONG_FUNCTION = Misconception(
    id="wrong-function",
    name=_("Another function than the one asked for"),
    explanation=_(
        "Your network learned well what it was shown, but the targets are not those of 2·x1 − 3·x2 + 5: a sign or a coefficient differs."
    ),
    next_step=_("Look at the line that computes the targets, sign by sign."),
)
NO_NOISE = Misconception(
    id="no-noise",
    name=_("Targets without noise"),
    explanation=_(
        "Your targets are the function exactly. Real measurements never are; the noise is part of the experiment."
    ),
    next_step=_(
        "Add np.random.uniform(-1, 1, size=(n, 1)) to the targets, another number for each observation."
    ),
)
STILL_HALVED = Misconception(
    id="still-halved",
    name=_("Still divided by two"),
    explanation=_(
        "Your L2 loss is exactly half of the sum of squares over n: it is the class model's loss under another name."
    ),
    next_step=_("Divide by n alone, and not by 2 as well."),
)
TYPED_IN = Misconception(
    id="typed-in",
    name=_("Numbers typed in by hand"),
    explanation=_(
        "Your notebook was run again with another function in new_w1, new_w2 and new_b, and your results stayed what they were: "
        "they do not come from the data."
    ),
    next_step=_(
        "Make the data with the three variables in place of the numbers 13, 7 and −12, and keep what your training returns."
    ),
)
BIAS_NEVER_UPDATED = Misconception(
    id="bias-never-updated",
    name=_("The bias never changes"),
    explanation=_(
        "Your weights arrive where they should; the bias is still the small random number that it began as, in every run."
    ),
    next_step=_(
        "The bias has a gradient of its own, the sum of the slope over all observations: subtract rate times that in the loop as well."
    ),
)
LOSS_AFTER_UPDATE = Misconception(
    id="loss-after-update",
    name=_("The first loss is missing"),
    explanation=_(
        "Your losses begin with that of a network which has already made a step: each is stored after its update, one iteration late."
    ),
    next_step=_("Store the loss before the update, so that losses[0] is the untrained network's."),
)
SUM_NOT_MEAN = Misconception(
    id="sum-not-mean",
    name=_("A sum where a mean is asked for"),
    explanation=_(
        "Your losses are a thousand times too large, as many times as there are observations: the errors are added up and not "
        "divided by n. Nobody can compare such a loss between data of different sizes."
    ),
    next_step=_("Divide the loss by n, as its slope already is."),
)
POSITIVE_INPUTS = Misconception(
    id="positive-inputs",
    name=_("Inputs on one side of zero only"),
    explanation=_(
        "Your inputs go from 0 to 10 and not from −10 to 10. They are not centred, so each step of the bias disturbs the weights and the "
        "other way around: after 100 iterations both are still far away."
    ),
    next_step=_("Look at the range in the line that draws the inputs; np.min(inputs) should be near −10."),
)
CONTINUED_TRAINING = Misconception(
    id="continued-training",
    name=_("One rate went on where another had stopped"),
    explanation=_(
        "The first loss of a rate is not that of an untrained network: this rate went on training the weights that the one before had left."
    ),
    next_step=_("Draw new weights and a new bias for each rate, inside of the loop or inside of train."),
)
ABSOLUTE_VALUE_FORGOTTEN = Misconception(
    id="absolute-value-forgotten",
    name=_("Errors of both signs cancel"),
    explanation=_(
        "Your L1 loss is the mean of the errors with their signs: those above and those below cancel, and the loss is small, or even "
        "negative, while the network is still wrong."
    ),
    next_step=_("Take np.abs of the differences before you add them up."),
)
