"""Lab A, part 2, in Keras: one neuron trained by stochastic gradient descent on mini-batches.

    outputs = inputs kernel + bias        inputs (n, 2), kernel (2, 1), bias (1,), outputs (n, 1)

For each batch of m observations  parameter <- parameter - rate * d/dparameter mean(loss over the batch),  the batches being a
new random partition in each epoch. Keras' mean squared error is not halved: its slope is 2 d / m, and by E[x^2] = 100/3
one update multiplies the weights' error by 1 - 66.7 rate, so that 0.03 is the critical rate here.
With one batch of all observations it is the full-batch descent of `linear_regression`, to the precision of float32;
the tests hold the two against each other. TensorFlow is imported by the functions alone, never by the module.

References
----------
Robbins, Monro: A stochastic approximation method, Ann. Math. Statist. 22 (1951), 400-407.
Bottou, Curtis, Nocedal: Optimization methods for large-scale machine learning, SIAM Review 60 (2018), 4.2: at a constant
rate the iterates come near the optimum and then scatter around it, however many data there are.
Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks (2010): Keras' default start.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import linear_regression as lr

Array = NDArray[Any]

BATCH = 32
EPOCHS = 30
#: Uniform on plus and minus this: sqrt(6 / (inputs + units)), Keras' GlorotUniform for two inputs and one unit.
START = (6 / 3) ** 0.5


@dataclass(frozen=True, slots=True)
class Run:
    """A training: weights (2, 1), biases (1,), and the mean loss of each epoch (epochs,); float64.

    All three may hold infinities and NaN. An epoch's loss is the mean over its batches, each taken before its update.
    """

    weights: Array
    biases: Array
    losses: Array

    @property
    def fit(self) -> Array:
        """The three numbers in one array, shape (3,)."""
        return np.concatenate([self.weights.ravel(), self.biases])


def library() -> Any:
    """Keras, imported when it is first asked for: on the processor alone, and without its greetings."""
    for name, value in (
        ("TF_CPP_MIN_LOG_LEVEL", "3"),
        ("TF_ENABLE_ONEDNN_OPTS", "0"),
        ("CUDA_VISIBLE_DEVICES", "-1"),
        ("KERAS_BACKEND", "tensorflow"),
    ):
        os.environ.setdefault(name, value)
    import keras

    return keras


def build_model(rate: float, loss: str = "mse") -> Any:
    """The lab's model: Sequential, one Dense(1), SGD at `rate`. `loss` is "mse" or "huber" (delta 1)."""
    keras = library()
    model = keras.Sequential([keras.Input(shape=(2,)), keras.layers.Dense(1)])
    chosen = keras.losses.Huber(delta=1.0) if loss == "huber" else loss
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=float(rate)), loss=chosen)
    return model


@lru_cache(maxsize=4)
def _traced(loss: str) -> Any:
    """One model for each loss, to be set to any start: tracing a new one takes longer than training it."""
    return build_model(0.01, loss)


def start(rng: np.random.Generator) -> lr.Start:
    """Keras' own start: weights by GlorotUniform, shape (2, 1), bias 0, shape (1,)."""
    return rng.uniform(-START, START, size=(2, 1)), np.zeros(1)


def train(
    inputs: Array,
    targets: Array,
    *,
    rate: float,
    start: lr.Start,
    epochs: int = EPOCHS,
    loss: str = "mse",
    batch_size: int = BATCH,
    seed: int | None = None,
) -> Run:
    """Train from `start`. `seed` shuffles the observations; without one they stay in their order."""
    model = _traced(loss)
    if seed is not None:
        library().utils.set_random_seed(seed)
    model.optimizer.learning_rate = float(rate)
    model.set_weights([np.asarray(part) for part in start])
    trained = model.fit(
        inputs, targets, batch_size=batch_size, epochs=epochs, shuffle=seed is not None, verbose=0
    )
    weights, biases = (np.asarray(part, dtype=float) for part in model.get_weights())
    return Run(weights, biases, np.array(trained.history["loss"], dtype=float))


def run(
    inputs: Array,
    targets: Array,
    rate: float,
    rng: np.random.Generator,
    *,
    loss: str = "mse",
    epochs: int = EPOCHS,
) -> Run:
    """One training as a student's: a start and a shuffling of its own, both from `rng`."""
    seed = int(rng.integers(2**31))
    return train(inputs, targets, rate=rate, start=start(rng), epochs=epochs, loss=loss, seed=seed)
