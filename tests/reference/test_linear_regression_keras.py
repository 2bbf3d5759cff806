"""Lab A, part 2: Keras against the full-batch descent in NumPy, against theory, and what was stored of both."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from coteja.course.expected import read_expected
from coteja.course.modules import load_module
from coteja.feedback.explain import explain_error
from coteja.model.recording import CellError

ROOT = Path(__file__).parents[2]
EXPECTED = read_expected(ROOT / "reference" / "expected" / "linear-regression-tensorflow.json")
needs_tensorflow = pytest.mark.skipif(
    find_spec("tensorflow") is None, reason="TensorFlow is not installed: pip install 'coteja[tensorflow]'"
)
pytestmark = pytest.mark.filterwarnings("ignore")  # TensorFlow's own, on import


@pytest.fixture(scope="module")
def lab() -> ModuleType:
    """The lab's reference; its neighbours are `lab.net` (Keras) and `lab.lr` (NumPy)."""
    return load_module(ROOT / "reference" / "linear_regression_tensorflow.py")


def test_loading_the_reference_does_not_import_tensorflow():
    code = (
        "import sys; from pathlib import Path; from coteja.course.modules import load_module\n"
        f"for name in ('', '_mistakes'): load_module(Path({str(ROOT)!r}) / 'reference' / f'linear_regression_tensorflow{{name}}.py')\n"
        "print([m for m in ('tensorflow', 'keras') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@needs_tensorflow
@pytest.mark.parametrize("rate", [0.001, 0.01, 0.028])
@pytest.mark.parametrize(("loss", "function", "slope"), [("mse", "l2", "l2_slope"), ("huber", "huber", "huber_slope")])  # fmt: skip
def test_one_batch_of_everything_is_the_full_batch_descent(lab, rate, loss, function, slope):
    rng = np.random.default_rng(1)
    inputs, targets = lab.lr.make_data(500, rng=rng)
    start = lab.net.start(rng)
    keras = lab.net.train(inputs, targets, rate=rate, start=start, epochs=40, loss=loss, batch_size=500)
    weights, biases, losses = lab.lr.train(
        inputs, targets, learning_rate=rate, iterations=40, start=start,
        loss=getattr(lab.lr, function), slope=getattr(lab.lr, slope),
    )  # fmt: skip
    np.testing.assert_allclose(keras.losses, losses, rtol=2e-5)
    np.testing.assert_allclose(keras.weights, weights, atol=2e-5)
    np.testing.assert_allclose(keras.biases, biases, atol=2e-5)


@needs_tensorflow
@pytest.mark.parametrize("loss", ["mse", "huber"])
def test_the_numpy_twin_goes_the_same_way_batch_by_batch(lab, loss):
    twin = load_module(ROOT / "reference" / "linear_regression_tensorflow_variants.py")
    rng = np.random.default_rng(4)
    inputs, targets = lab.lr.make_data(200, rng=rng)
    start = lab.net.start(rng)
    keras = lab.net.train(inputs, targets, rate=lab.RATE, start=start, epochs=5, loss=loss)
    numpy = twin.train(inputs, targets, rate=lab.RATE, start=start, epochs=5, loss=loss)
    np.testing.assert_allclose(numpy.losses, keras.losses, rtol=1e-4)
    np.testing.assert_allclose(numpy.fit, keras.fit, atol=1e-4)


@needs_tensorflow
def test_batches_move_the_bias_as_theory_says(lab):
    """960 updates, each of which multiplies the bias's error by 1 - 2 rate."""
    run = lab.learning_rates(float, np.random.default_rng(5))
    for rate in (0.0001, 0.001):
        assert run["rate_biases"][rate][0] == pytest.approx(5 * (1 - (1 - 2 * rate) ** 960), abs=0.1)
    assert not np.isfinite(run["rate_biases"][0.1]).any()
    assert np.isnan(run["rate_histories"][1.0]).all()


@needs_tensorflow
def test_the_same_generator_gives_the_same_run(lab):
    first, again = (lab.one_neuron(float, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first["history"], again["history"])


@needs_tensorflow
def test_keras_refuses_a_whole_number_in_the_words_that_feedback_waits_for(lab):
    keras = lab.net.library()
    with pytest.raises(ValueError, match="should be float") as refused:
        keras.optimizers.SGD(learning_rate=1)
    told = explain_error(CellError(name="ValueError", value=str(refused.value)))
    assert told.id.startswith("Keras wants the learning rate with a decimal point")


# --------------------------------------------------------------------- what was stored, without TensorFlow


def test_the_stored_median_is_the_labs_truth():
    at = EXPECTED.artefacts
    for weights, biases in (("weights", "biases"), ("large_weights", "large_biases")):
        np.testing.assert_allclose(np.ravel(at[weights]), [2, -3], atol=0.05)
        np.testing.assert_allclose(np.ravel(at[biases]), [5], atol=0.05)
    assert at["rate_biases"][0.0001][0] == pytest.approx(0.87, abs=0.05)
    assert at["rate_biases"][0.001][0] == pytest.approx(4.27, abs=0.05)
    for rate in (0.1, 1.0):
        assert not np.isfinite(at["rate_histories"][rate][-1])
        assert not np.isfinite(at["rate_weights"][rate]).any()
    np.testing.assert_allclose(at["clean_fits"]["huber"], [2, -3, 5], atol=0.05)
    np.testing.assert_allclose(at["outlier_fits"]["huber"], [2, -3, 5.11], atol=0.1)
    np.testing.assert_allclose(at["outlier_fits"]["mse"], [2, -3, 10], atol=0.6)
    assert at["epochs_by_loss"]["huber"] > at["epochs_by_loss"]["mse"] + 2


def test_the_batches_noise_is_in_the_stored_deviations():
    deviation = np.ravel(EXPECTED.deviations["weights"])
    assert (deviation > 0.01).all()
    assert (deviation < 0.08).all()
    more_data = np.ravel(EXPECTED.deviations["large_weights"])
    assert (more_data > 0.01).all(), "a hundred times more data do not take the batches' noise away"


def test_each_stored_mistake_lies_outside_of_what_is_right():
    at, wrong = EXPECTED.artefacts, EXPECTED.mistakes
    assert abs(wrong["stopped-early"]["biases"][0] - at["biases"][0]) > 3
    assert wrong["continued-training"]["rate_histories"][0.001][0] < 20 < at["rate_histories"][0.001][0]
    assert abs(wrong["loss-not-changed"]["outlier_fits"]["huber"][2] - at["outlier_fits"]["huber"][2]) > 3
    assert abs(wrong["no-outliers"]["outlier_fits"]["mse"][2] - at["outlier_fits"]["mse"][2]) > 3


def test_the_file_is_small():
    assert (ROOT / "reference" / "expected" / "linear-regression-tensorflow.json").stat().st_size < 200_000
