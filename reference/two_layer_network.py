"""Lab B, the truth: a two-layer network learns XOR, in NumPy alone.

    Z1 = W1 X + b1      A1 = tanh(Z1)      Z2 = W2 A1 + b2      A2 = sigmoid(Z2)

X has shape (n_x, m), one column an example; W1 (n_h, n_x), b1 (n_h, 1), W2 (n_y, n_h), b2 (n_y, 1),
A2 (n_y, m). Function names and signatures are those of the class code, so that the same calls run on a
student's functions and on these. All are pure and keep the dtype of what they are given.
The mistakes that students make are in `two_layer_network_mistakes`, beside it.

References
----------
Goodfellow, Bengio, Courville: Deep Learning (2016), 6.5 (back-propagation), 8.4 (initialisation
breaks symmetry).
LeCun, Bottou, Orr, Müller: Efficient BackProp (1998), 4.6; Glorot, Bengio: Understanding the difficulty of
training deep feedforward neural networks (2010): why weights start at random, and at which scale.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Parameters = dict[str, Array]
Step = tuple[str, tuple[Any, ...]]
Case = list[Step]

SEED = 2
RATE = 0.3
RATES = (0.5, 0.1, 0.01)
ITERATIONS = 1000
LONG_ITERATIONS = 10_000
#: How far a parameter is moved for a finite difference: the cube root of the precision, about.
NUDGE = 1e-5
NAMES = ("W1", "b1", "W2", "b2")


def xor_data(dtype: Any = np.float64) -> tuple[Array, Array]:
    """The four inputs, X (2, 4), and what XOR says of them, Y (1, 4); both are read-only."""
    X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]], dtype=dtype)
    Y = np.array([[0, 1, 1, 0]], dtype=dtype)
    X.flags.writeable = Y.flags.writeable = False
    return X, Y


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), element by element; the exponent is never positive, so it cannot overflow."""
    small = np.exp(-np.abs(z))
    return np.asarray(np.where(z >= 0, 1 / (1 + small), small / (1 + small)))


def initialize_parameters(n_x: int, n_h: int, n_y: int, seed: int = SEED) -> Parameters:
    """W1, b1, W2, b2 in this order from a standard normal, as the class code draws them.

    The generator is NumPy's legacy one, own to the call: the printed costs come from it.
    """
    rng = np.random.RandomState(seed)
    return {
        "W1": rng.randn(n_h, n_x),
        "b1": rng.randn(n_h, 1),
        "W2": rng.randn(n_y, n_h),
        "b2": rng.randn(n_y, 1),
    }


def initialize_parameters_constant(n_x: int, n_h: int, n_y: int, value: float) -> Parameters:
    """All parameters alike: the hidden neurons are twins and stay twins, whatever the value."""
    shapes = {"W1": (n_h, n_x), "b1": (n_h, 1), "W2": (n_y, n_h), "b2": (n_y, 1)}
    return {name: np.full(shape, float(value)) for name, shape in shapes.items()}


def initialize_parameters_zeros(n_x: int, n_h: int, n_y: int) -> Parameters:
    """All parameters zero."""
    return initialize_parameters_constant(n_x, n_h, n_y, 0.0)


def forward_prop(X: Array, parameters: Parameters) -> tuple[Array, dict[str, Array]]:
    """A2 of shape (n_y, m), and what backward_prop needs again."""
    Z1 = parameters["W1"] @ X + parameters["b1"]
    A1 = np.tanh(Z1)
    Z2 = parameters["W2"] @ A1 + parameters["b2"]
    A2 = sigmoid(Z2)
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


def loss_function(A2: Array, Y: Array) -> float:
    """Cross-entropy in nats: -sum(Y log A2 + (1 - Y) log(1 - A2)) / m; not finite where A2 is 0 or 1."""
    return float(-np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / Y.shape[1])


def mse_function(A2: Array, Y: Array) -> float:
    """Mean squared error: sum((A2 - Y)^2) / m."""
    return float(np.sum((A2 - Y) ** 2) / Y.shape[1])


def _backward(X: Array, dZ2: Array, cache: dict[str, Array], parameters: Parameters) -> dict[str, Array]:
    """From dZ2, already divided by m, back to the parameters: dZ1 = W2' dZ2 * (1 - A1^2)."""
    dZ1 = (parameters["W2"].T @ dZ2) * (1 - cache["A1"] ** 2)
    return {
        "dW1": dZ1 @ X.T,
        "db1": np.sum(dZ1, axis=1, keepdims=True),
        "dW2": dZ2 @ cache["A1"].T,
        "db2": np.sum(dZ2, axis=1, keepdims=True),
    }


def backward_prop(X: Array, Y: Array, cache: dict[str, Array], parameters: Parameters) -> dict[str, Array]:
    """Gradients of the cross-entropy: dZ2 = (A2 - Y) / m, since the sigmoid's slope cancels."""
    return _backward(X, (cache["A2"] - Y) / X.shape[1], cache, parameters)


def backward_prop_mse(
    X: Array, Y: Array, cache: dict[str, Array], parameters: Parameters
) -> dict[str, Array]:
    """Gradients of the mean squared error: dZ2 = 2 (A2 - Y) A2 (1 - A2) / m."""
    A2 = cache["A2"]
    return _backward(X, 2 * (A2 - Y) * A2 * (1 - A2) / X.shape[1], cache, parameters)


def update_parameters(parameters: Parameters, grads: dict[str, Array], learning_rate: float) -> Parameters:
    """One step downhill; the parameters that were given stay as they are."""
    return {name: parameters[name] - learning_rate * grads["d" + name] for name in NAMES}


def predict(X: Array, parameters: Parameters) -> Array:
    """1 where A2 is above one half, else 0; integers of shape (1, m)."""
    A2, _cache = forward_prop(X, parameters)
    return np.asarray(A2 > 0.5, dtype=int)


Loss = Callable[[Array, Array], float]
Gradient = Callable[[Array, Array, dict[str, Array], Parameters], dict[str, Array]]
Update = Callable[[Parameters, dict[str, Array], float], Parameters]


def train(
    parameters: Parameters,
    X: Array,
    Y: Array,
    *,
    learning_rate: float,
    iterations: int,
    loss: Loss = loss_function,
    gradient: Gradient = backward_prop,
    update: Update = update_parameters,
) -> tuple[Parameters, Array]:
    """Full-batch gradient descent: parameters <- parameters - learning_rate * gradient, iterations + 1 times.

    Returns
    -------
    parameters
        After `iterations + 1` updates, as the class code's `for i in range(0, iterations + 1)` leaves them;
        of the dtype of those given.
    costs
        Shape (iterations + 1,), float64: costs[i] is the cost before update i, so costs[0] is the untrained
        network's. With 1000 iterations `costs[::100]` are the eleven costs that the class code prints.
    """
    costs = np.empty(iterations + 1)
    for i in range(iterations + 1):
        A2, cache = forward_prop(X, parameters)
        costs[i] = loss(A2, Y)
        parameters = update(parameters, gradient(X, Y, cache, parameters), learning_rate)
    return parameters, costs


def start(dtype: Any = np.float64) -> Parameters:
    """The agreed start: seed 2, two inputs, two hidden neurons, one output."""
    return cast(initialize_parameters(2, 2, 1), dtype)


def cast(parameters: Parameters, dtype: Any) -> Parameters:
    """The same parameters in another precision."""
    return {name: value.astype(dtype) for name, value in parameters.items()}


def right_answers(parameters: Parameters) -> int:
    """How many of the four inputs the network gets right."""
    X, Y = xor_data()
    return int(np.sum(predict(X, parameters) == Y))


def random_start(dtype: Any = np.float64) -> dict[str, Any]:
    """Question 1: cross-entropy from the random start at rate 0.3."""
    X, Y = xor_data(dtype)
    parameters, costs = train(start(dtype), X, Y, learning_rate=RATE, iterations=ITERATIONS)
    return {
        "random_costs": costs,
        "random_parameters": parameters,
        "cross_entropy_predictions": right_answers(parameters),
    }


def zero_start(dtype: Any = np.float64) -> dict[str, Any]:
    """Question 1: from zeros every output is 0.5 for ever, so the cost is ln 2 at every iteration."""
    X, Y = xor_data(dtype)
    parameters, costs = train(
        cast(initialize_parameters_zeros(2, 2, 1), dtype), X, Y, learning_rate=RATE, iterations=ITERATIONS
    )
    return {"zero_costs": costs, "zero_parameters": parameters}


def learning_rates(dtype: Any = np.float64) -> dict[str, Any]:
    """Question 2: three rates from the same start."""
    X, Y = xor_data(dtype)
    runs = {
        rate: train(start(dtype), X, Y, learning_rate=rate, iterations=LONG_ITERATIONS)[1] for rate in RATES
    }
    return {"rate_costs": runs}


def mean_squared_error(dtype: Any = np.float64) -> dict[str, Any]:
    """Question 3: mean squared error with its own gradient, from the same start at the same rate."""
    X, Y = xor_data(dtype)
    parameters, costs = train(
        start(dtype),
        X,
        Y,
        learning_rate=RATE,
        iterations=ITERATIONS,
        loss=mse_function,
        gradient=backward_prop_mse,
    )
    return {"mse_costs": costs, "mse_parameters": parameters, "mse_predictions": right_answers(parameters)}


#: name -> function of a dtype that yields artefacts by role
EXPERIMENTS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "random_start": random_start,
    "zero_start": zero_start,
    "learning_rates": learning_rates,
    "mean_squared_error": mean_squared_error,
}


# --------------------------------------------------- fresh inputs for functions (what a student never sees)


def _network(rng: np.random.Generator, n_x: int, n_h: int, n_y: int) -> Parameters:
    return {
        "W1": rng.normal(size=(n_h, n_x)),
        "b1": rng.normal(size=(n_h, 1)),
        "W2": rng.normal(size=(n_y, n_h)),
        "b2": rng.normal(size=(n_y, 1)),
    }


def _labels(rng: np.random.Generator, m: int) -> Array:
    """Both answers occur."""
    return np.asarray(rng.permutation([0, 1, *rng.integers(0, 2, size=m - 2)]), dtype=float).reshape(1, m)


def draw_forward_prop(rng: np.random.Generator) -> list[Case]:
    """Five networks, the first of the lab's own size; the others have other sizes and numbers of examples."""
    sizes = [
        (2, 2, 4),
        *((int(rng.integers(2, 5)), int(rng.integers(2, 5)), int(rng.integers(3, 8))) for _ in range(4)),
    ]
    return [
        [("forward_prop", (rng.normal(size=(n_x, m)), _network(rng, n_x, n_h, 1)))] for n_x, n_h, m in sizes
    ]


def draw_loss_function(rng: np.random.Generator) -> list[Case]:
    """Five sets of outputs between 0.05 and 0.95, with three to eight examples each."""
    cases: list[Case] = []
    for _ in range(5):
        m = int(rng.integers(3, 9))
        cases.append([("loss_function", (rng.uniform(0.05, 0.95, size=(1, m)), _labels(rng, m)))])
    return cases


def _draw_gradients(rng: np.random.Generator, loss: str, backward: str) -> list[Case]:
    """Three cases: forward, loss, backward; then, for each parameter in the order W1, b1, W2, b2 and each of
    its entries in row-major order, forward and loss with that entry raised by NUDGE, then forward and loss
    with it lowered by NUDGE.
    """
    cases: list[Case] = []
    for _ in range(3):
        m = int(rng.integers(4, 6))
        X, Y, parameters = rng.normal(size=(2, m)), _labels(rng, m), _network(rng, 2, 2, 1)
        case: Case = [
            ("forward_prop", (X, parameters)),
            (loss, ({"$step": 0, "$item": 0}, Y)),
            (backward, (X, Y, {"$step": 0, "$item": 1}, parameters)),
        ]
        for name in NAMES:
            for index in np.ndindex(parameters[name].shape):
                for sign in (1, -1):
                    moved = {key: value.copy() for key, value in parameters.items()}
                    moved[name][index] += sign * NUDGE
                    case += [("forward_prop", (X, moved)), (loss, ({"$step": len(case), "$item": 0}, Y))]
        cases.append(case)
    return cases


def finite_difference_gradient(
    loss_values: Sequence[float], parameters: Parameters, *, nudge: float = NUDGE
) -> dict[str, Array]:
    """(loss raised - loss lowered) / (2 nudge), for every entry of every parameter.

    Parameters
    ----------
    loss_values
        Two for each entry, in the order of a gradient probe: W1, b1, W2, b2, entries in row-major order,
        raised before lowered. In a probe's results these are `results[4::2]`.
    parameters
        Give the shapes only.

    Raises
    ------
    ValueError
        There are not two values for each entry.
    """
    entries = sum(parameters[name].size for name in NAMES)
    if len(loss_values) != 2 * entries:
        raise ValueError(
            f"{len(loss_values)} losses for {entries} parameter entries; two are needed for each."
        )
    values = np.asarray(loss_values, dtype=float)
    slopes = (values[0::2] - values[1::2]) / (2 * nudge)
    ends = np.cumsum([parameters[name].size for name in NAMES])[:-1]
    parts = np.split(slopes, ends)
    return {"d" + name: part.reshape(parameters[name].shape) for name, part in zip(NAMES, parts, strict=True)}


def draw_gradients(rng: np.random.Generator) -> list[Case]:
    """The cross-entropy's gradient against finite differences of loss_function."""
    return _draw_gradients(rng, "loss_function", "backward_prop")


def draw_gradients_mse(rng: np.random.Generator) -> list[Case]:
    """The mean squared error's gradient against finite differences of mse_function."""
    return _draw_gradients(rng, "mse_function", "backward_prop_mse")


def draw_update_parameters(rng: np.random.Generator) -> list[Case]:
    """Three networks, gradients and rates; no rate is 1, at which a rate applied twice would not show."""
    cases: list[Case] = []
    for rate in (0.05, 0.3, 0.7):
        n_x, n_h = int(rng.integers(2, 5)), int(rng.integers(2, 5))
        grads = {"d" + name: value for name, value in _network(rng, n_x, n_h, 1).items()}
        cases.append([("update_parameters", (_network(rng, n_x, n_h, 1), grads, rate))])
    return cases


def solved_network() -> Parameters:
    """Weights that solve XOR: the first hidden neuron is OR, the second AND, the output is OR and not AND."""
    return {
        "W1": np.array([[6.0, 6.0], [6.0, 6.0]]),
        "b1": np.array([[-3.0], [-9.0]]),
        "W2": np.array([[6.0, -6.0]]),
        "b2": np.array([[-6.0]]),
    }


def draw_predict(rng: np.random.Generator) -> list[Case]:
    """All four inputs: one network that solves XOR, its opposite, three random ones that are sure."""
    X, _Y = xor_data()
    solved = solved_network()
    opposite = {**solved, "W2": -solved["W2"], "b2": -solved["b2"]}
    networks = [solved, opposite]
    while len(networks) < 5:
        drawn = _network(rng, 2, 2, 1)
        if np.all(np.abs(forward_prop(X, drawn)[0] - 0.5) > 0.02):
            networks.append(drawn)
    return [[("predict", (X, parameters))] for parameters in networks]


def draw_initialize_parameters(rng: np.random.Generator) -> list[Case]:
    """Three sizes other than the lab's."""
    return [
        [
            (
                "initialize_parameters",
                (int(rng.integers(3, 6)), int(rng.integers(3, 6)), int(rng.integers(1, 3))),
            )
        ]
        for _ in range(3)
    ]


#: name of the probe -> what draws its cases
PROBES: dict[str, Callable[[np.random.Generator], list[Case]]] = {
    "forward_prop": draw_forward_prop,
    "loss_function": draw_loss_function,
    "gradients": draw_gradients,
    "gradients_mse": draw_gradients_mse,
    "update_parameters": draw_update_parameters,
    "predict": draw_predict,
    "initialize_parameters": draw_initialize_parameters,
}
