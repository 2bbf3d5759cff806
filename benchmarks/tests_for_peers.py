"""What nbgrader and otter-grader check: question -> (public test, hidden test). Coteja's graders check the same."""

from __future__ import annotations

_DATA = (
    "assert inputs.shape == (1000, 2)\nassert targets.shape == (1000, 1)",
    "noise = targets - inputs @ np.array([[2.0], [-3.0]]) - 5\nassert np.abs(noise).max() <= 1",
)

TESTS: dict[str, dict[str, tuple[str, str]]] = {
    "numpy-lab": {
        "data": _DATA,
        "predict": (
            "got = predict(np.ones((3, 2)), np.array([[1.0], [2.0]]), 0.5)\n"
            "np.testing.assert_allclose(got, np.full((3, 1), 3.5))",
            "x = np.random.default_rng(7).normal(size=(50, 2))\n"
            "np.testing.assert_allclose(predict(x, np.array([[1.0], [-1.0]]), 2.0), x[:, :1] - x[:, 1:] + 2)",
        ),
        "loss": (
            "assert abs(loss(np.array([[1.0], [3.0]]), np.array([[0.0], [1.0]])) - 1.25) < 1e-12",
            "assert loss(np.zeros((5, 1)), np.zeros((5, 1))) == 0",
        ),
        "train": (
            "assert len(losses) == 100 and losses[-1] < 2\nassert all(np.diff(losses) <= 1e-9)",
            "np.testing.assert_allclose(weights, [[2.0], [-3.0]], atol=0.05)\n"
            "w, b, _ = train(*make_data(1000, seed=1))\n"
            "np.testing.assert_allclose(w, [[2.0], [-3.0]], atol=0.05)",
        ),
    },
    "keras-lab": {
        "data": _DATA,
        "model": ("assert parameter_count == 3", "assert len(model.layers) == 1"),
        "fit": ("assert len(losses) == 5", "assert losses[-1] < losses[0]"),
        "weights": (
            "assert weights.shape == (2, 1)",
            "np.testing.assert_allclose(weights, [[2.0], [-3.0]], atol=0.2)\nassert abs(float(bias[0]) - 5) < 0.75",
        ),
    },
    "two-layer-network": {
        "q1": (
            "assert len(random_costs) == 1001 and random_costs[-1] < random_costs[0]\n"
            "A2, cache = forward_prop(X, random_parameters)\nassert A2.shape == (1, 4)",
            "assert abs(random_costs[-1] - 0.690679) < 1e-4\nassert np.allclose(zero_costs, np.log(2), atol=1e-6)\n"
            "import copy\nstart = initialize_parameters(2, 2, 1)\n"
            "grads = backward_prop(X, Y, forward_prop(X, start)[1], start)\n"
            "for name in ('W1', 'b1', 'W2', 'b2'):\n"
            "    for at in np.ndindex(start[name].shape):\n"
            "        up, down = copy.deepcopy(start), copy.deepcopy(start)\n"
            "        up[name][at] += 1e-6\n        down[name][at] -= 1e-6\n"
            "        slope = (loss_function(forward_prop(X, up)[0], Y) - loss_function(forward_prop(X, down)[0], Y)) / 2e-6\n"
            "        assert abs(slope - grads['d' + name][at]) < 1e-5\n"
            "assert start_figure.axes[0].get_xlabel() and len(start_figure.axes[0].lines) == 2\n"
            "assert not any(moved.values())",
        ),
        "q2": (
            "assert set(rate_costs) == {0.5, 0.1, 0.01}\nassert all(len(costs) == 10_001 for costs in rate_costs.values())",
            "assert len({costs[0] for costs in rate_costs.values()}) == 1\n"
            "assert best_after_1000 == min(rate_costs, key=lambda rate: rate_costs[rate][1000])\n"
            "assert best_after_10000 == min(rate_costs, key=lambda rate: rate_costs[rate][-1])\n"
            "assert rate_behaviour == {0.5: 'stuck', 0.1: 'converges', 0.01: 'crawls'}\n"
            "assert len(rate_figure.axes[0].lines) == 3 and rate_figure.axes[0].get_legend()",
        ),
        "q3": (
            "assert abs(mse_function(np.array([[0.5, 0.5]]), np.array([[0, 1]])) - 0.25) < 1e-12\nassert len(mse_costs) == 1001",
            "assert mse_costs[-1] < mse_costs[0]\nassert mse_predictions == 4\nassert solves_xor == 'mse'\n"
            "assert sum(len(ax.lines) for ax in loss_figure.axes) >= 2",
        ),
    },
}
