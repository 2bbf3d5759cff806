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
}
