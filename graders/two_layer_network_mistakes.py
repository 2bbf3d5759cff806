"""The mistakes that this lab recognises by name: what happened, how one sees it, what to do next."""

from __future__ import annotations

from coteja.checking import Misconception, _

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
SUM_NEVER_UPDATED = Misconception(
    id="sum-never-updated",
    name=_("A sum of squares that never falls"),
    explanation=_(
        "Every cost of this question is the same, 1.43 or so: it is the sum of the four squared errors, not their mean, of a network "
        "that is never trained."
    ),
    next_step=_(
        "Divide by m in mse_function. Then see that the loop keeps the parameters that update_parameters returns."
    ),
)
