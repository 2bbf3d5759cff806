"""Lab B's truth against LABS.md, against an independent implementation, and against its own known mistakes."""

from __future__ import annotations

import copy
import math
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coteja.calibration.measure import largest_spread
from coteja.checking import Expected, largest_difference
from coteja.course.expected import read_expected

PRINTED = [
    "1.052558",
    "0.695402",
    "0.693668",
    "0.693206",
    "0.692966",
    "0.692779",
    "0.692587",
    "0.692352",
    "0.692030",
    "0.691539",
    "0.690679",
]
EXPECTED = Path(__file__).parents[2] / "reference" / "expected" / "two-layer-network.json"
#: What the graders ask of two right computations at the least (graders/two_layer_network.py, CLOSE).
CLOSE = 1e-5
#: (role, mistake, mistake) that cannot be told apart by what they leave in that role. None are known.
TWINS: set[tuple[str, str, str]] = set()
#: (mistake, role) where a mistake leaves the truth: two runs of squared error, and only one has the wrong name.
UNHARMED = {("mislabelled-curves", "mse_costs")}


def complex_step(loss: Any, parameters: dict[str, Any], step: float = 1e-30) -> dict[str, Any]:
    """The slope of a real-analytic `loss` at each parameter: Im f(x + ih) / h, exact to rounding.

    Squire and Trapp: Using complex variables to estimate derivatives of real functions (SIAM Review, 1998).
    """
    slopes = {}
    for name, value in parameters.items():
        slope = np.zeros(value.shape)
        for index in np.ndindex(value.shape):
            moved = {key: np.array(other, dtype=complex) for key, other in parameters.items()}
            moved[name][index] += 1j * step
            slope[index] = loss(moved).imag / step
        slopes["d" + name] = slope
    return slopes


def own_outputs(parameters: dict[str, Any], X: Any) -> list[Any]:
    """A2 of a network with one output, example by example, from the definition and without a matrix product."""
    outputs = []
    for x in X.T:
        hidden = [
            np.tanh(sum(w * value for w, value in zip(row, x, strict=True)) + b[0])
            for row, b in zip(parameters["W1"], parameters["b1"], strict=True)
        ]
        z = sum(w * a for w, a in zip(parameters["W2"][0], hidden, strict=True)) + parameters["b2"][0, 0]
        outputs.append(1 / (1 + np.exp(-z)))
    return outputs


def own_cross_entropy(parameters: dict[str, Any], X: Any, Y: Any) -> Any:
    """The mean over the examples of -log of what the network gives to the right answer."""
    given_to_truth = [a if y else 1 - a for a, y in zip(own_outputs(parameters, X), Y[0], strict=True)]
    return -sum(np.log(p) for p in given_to_truth) / len(given_to_truth)


def own_squared_error(parameters: dict[str, Any], X: Any, Y: Any) -> Any:
    """The mean over the examples of the squared error."""
    errors = [a - y for a, y in zip(own_outputs(parameters, X), Y[0], strict=True)]
    return sum(e * e for e in errors) / len(errors)


def own_training(
    start: dict[str, Any], *, rate: float, iterations: int
) -> tuple[dict[str, Any], list[float]]:
    """The lab's 2-2-1 network on XOR in Python's own numbers, example by example, last example first."""
    W1, b1 = start["W1"].tolist(), start["b1"][:, 0].tolist()
    W2, b2 = start["W2"][0].tolist(), float(start["b2"][0, 0])
    examples = [((1, 1), 0), ((1, 0), 1), ((0, 1), 1), ((0, 0), 0)]
    costs = []
    for _ in range(iterations + 1):
        cost, slope_b2 = 0.0, 0.0
        slope_W1, slope_b1, slope_W2 = [[0.0, 0.0], [0.0, 0.0]], [0.0, 0.0], [0.0, 0.0]
        for x, y in examples:
            hidden = [math.tanh(b1[k] + W1[k][1] * x[1] + W1[k][0] * x[0]) for k in (0, 1)]
            output = 1 / (1 + math.exp(-(b2 + W2[1] * hidden[1] + W2[0] * hidden[0])))
            cost -= math.log(output if y else 1 - output)
            slope_b2 += output - y
            for k in (0, 1):
                slope_W2[k] += (output - y) * hidden[k]
                back = (output - y) * W2[k] * (1 - hidden[k] * hidden[k])
                slope_b1[k] += back
                slope_W1[k] = [s + back * v for s, v in zip(slope_W1[k], x, strict=True)]
        costs.append(cost / 4)
        b2 -= rate * slope_b2 / 4
        for k in (0, 1):
            W2[k] -= rate * slope_W2[k] / 4
            b1[k] -= rate * slope_b1[k] / 4
            W1[k] = [w - rate * s / 4 for w, s in zip(W1[k], slope_W1[k], strict=True)]
    trained = {"W1": W1, "b1": [[b] for b in b1], "W2": [W2], "b2": [[b2]]}
    return {name: np.array(value) for name, value in trained.items()}, costs


@st.composite
def networks(draw: st.DrawFn) -> tuple[dict[str, Any], Any, Any]:
    """Parameters of some size with data that fit: moderate numbers, so that no output saturates."""
    n_x, n_h, m = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 5))
    numbers = st.floats(-2, 2, allow_subnormal=False)
    shapes = {"W1": (n_h, n_x), "b1": (n_h, 1), "W2": (1, n_h), "b2": (1, 1)}
    parameters = {name: draw(arrays(float, shape, elements=numbers)) for name, shape in shapes.items()}
    X = draw(arrays(float, (n_x, m), elements=numbers))
    Y = draw(arrays(float, (1, m), elements=st.sampled_from([0.0, 1.0])))
    return parameters, X, Y


# ----------------------------------------------------------------------------------- the figures of LABS.md


def test_the_eleven_printed_costs_come_out_to_six_decimals(truth):
    assert [f"{cost:.6f}" for cost in truth["random_costs"][::100]] == PRINTED


def test_from_zeros_the_cost_is_ln_2_at_every_iteration(truth):
    assert len(truth["zero_costs"]) == 1001
    np.testing.assert_allclose(truth["zero_costs"], np.log(2), rtol=0, atol=1e-12)


def test_from_zeros_the_weights_never_move(truth):
    for name in ("W1", "W2"):
        assert not truth["zero_parameters"][name].any(), name


def test_any_constant_start_keeps_the_hidden_neurons_twins(net):
    X, Y = net.xor_data()
    begin = net.initialize_parameters_constant(2, 2, 1, 0.7)
    trained, _costs = net.train(begin, X, Y, learning_rate=0.3, iterations=300)
    np.testing.assert_array_equal(trained["W1"][0], trained["W1"][1])
    np.testing.assert_array_equal(trained["b1"][0], trained["b1"][1])
    assert trained["W2"][0, 0] == trained["W2"][0, 1]
    assert not np.array_equal(trained["W1"], begin["W1"]), "it learned nothing at all, so twins prove nothing"


def test_the_sum_of_squares_of_the_untrained_network_is_what_a_real_report_printed(net, mistaken):
    X, Y = net.xor_data()
    A2, _cache = net.forward_prop(X, net.start())
    assert f"{np.sum((A2 - Y) ** 2):.6f}" == "1.430116"
    assert {f"{cost:.6f}" for cost in mistaken["sum-never-updated"]["mse_costs"]} == {"1.430116"}


@pytest.mark.parametrize(
    ("rate", "iteration", "cost"),
    [
        (0.5, 1000, "0.3551"),
        (0.3, 1000, "0.6907"),
        (0.1, 1000, "0.6930"),
        (0.01, 1000, "0.7080"),
        (0.5, 10_000, "0.3469"),
        (0.3, 10_000, "0.3471"),
        (0.1, 10_000, "0.0068"),  # 0.006845; LABS.md rounds it twice, to 0.0069
        (0.01, 10_000, "0.6930"),
    ],
)
def test_each_rate_ends_where_labs_md_says(long_costs, rate, iteration, cost):
    assert f"{long_costs[rate][iteration]:.4f}" == cost


def test_where_labs_md_rounds_otherwise_an_independent_network_sides_with_the_reference(net, long_costs):
    _parameters, costs = own_training(net.start(), rate=0.1, iterations=10_000)
    assert f"{costs[-1]:.7f}" == f"{long_costs[0.1][-1]:.7f}" == "0.0068453"


def test_a_network_written_without_matrices_takes_the_same_way(net, truth):
    trained, costs = own_training(net.start(), rate=0.3, iterations=1000)
    np.testing.assert_allclose(costs, truth["random_costs"], rtol=0, atol=1e-13)
    for name, value in trained.items():
        np.testing.assert_allclose(value, truth["random_parameters"][name], rtol=0, atol=1e-12)


def test_the_best_rate_depends_on_how_long_one_trains(long_costs):
    def best(iteration):
        return min(long_costs, key=lambda rate: long_costs[rate][iteration])

    assert best(1000) == 0.5
    assert best(10_000) == 0.1


def test_all_rates_leave_from_the_same_cost(long_costs):
    assert {costs[0] for costs in long_costs.values()} == {long_costs[0.3][0]}


def test_squared_error_with_its_own_gradient_falls_as_labs_md_says(truth, mistaken):
    assert f"{truth['mse_costs'][0]:.4f}" == "0.3575"
    assert f"{truth['mse_costs'][-1]:.4f}" == "0.1034"
    assert f"{mistaken['gradient-not-changed']['mse_costs'][-1]:.4f}" == "0.2488"


def test_after_1000_iterations_squared_error_solves_xor_and_cross_entropy_does_not(truth):
    assert (truth["mse_predictions"], truth["cross_entropy_predictions"]) == (4, 3)


def test_the_data_cannot_be_changed_by_accident(net):
    for array in net.xor_data():
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 5


def test_the_start_is_the_class_code_s_own_draw(net):
    legacy = np.random.RandomState(2)
    for name, shape in {"W1": (2, 2), "b1": (2, 1), "W2": (1, 2), "b2": (1, 1)}.items():
        np.testing.assert_array_equal(net.start()[name], legacy.randn(*shape))


def test_the_stored_artefacts_are_what_the_reference_yields(truth):
    stored = read_expected(EXPECTED).artefacts
    assert set(stored) == set(truth)
    for role in ("random_costs", "zero_costs", "mse_costs"):
        assert largest_difference(stored[role], truth[role]) < 1e-9, role
    for rate, costs in truth["rate_costs"].items():
        assert largest_difference(stored["rate_costs"][rate], costs) < 1e-9, rate


# -------------------------------------------------------------------- against an independent implementation


@given(network=networks())
@settings(max_examples=40, deadline=None)
def test_gradients_are_the_slopes_of_an_independent_cross_entropy(net, network):
    parameters, X, Y = network
    A2, cache = net.forward_prop(X, parameters)
    found = net.backward_prop(X, Y, cache, parameters)
    wanted = complex_step(lambda moved: own_cross_entropy(moved, X, Y), parameters)
    for name, slope in wanted.items():
        assert found[name].shape == slope.shape
        np.testing.assert_allclose(found[name], slope, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(net.loss_function(A2, Y), own_cross_entropy(parameters, X, Y), rtol=1e-9)


@given(network=networks())
@settings(max_examples=40, deadline=None)
def test_gradients_of_squared_error_are_the_slopes_of_an_independent_one(net, network):
    parameters, X, Y = network
    A2, cache = net.forward_prop(X, parameters)
    found = net.backward_prop_mse(X, Y, cache, parameters)
    wanted = complex_step(lambda moved: own_squared_error(moved, X, Y), parameters)
    for name, slope in wanted.items():
        assert found[name].shape == slope.shape
        np.testing.assert_allclose(found[name], slope, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(net.mse_function(A2, Y), own_squared_error(parameters, X, Y), rtol=1e-9)


@given(z=arrays(float, st.integers(0, 6), elements=st.floats(-1e6, 1e6)))
def test_sigmoid_stays_between_0_and_1_and_is_symmetric_however_large_its_input(net, z):
    found = net.sigmoid(z)
    assert np.all((found >= 0) & (found <= 1))
    np.testing.assert_allclose(found + net.sigmoid(-z), 1.0, rtol=0, atol=1e-15)


def test_sigmoid_agrees_with_its_definition_where_that_can_be_computed(net):
    z = np.linspace(-30, 30, 61)
    np.testing.assert_allclose(net.sigmoid(z), 1 / (1 + np.exp(-z)), rtol=1e-12)


# ------------------------------------------------------------------------------------ precision and purity


def test_single_precision_stays_single_through_a_whole_update(net):
    X, Y = net.xor_data(np.float32)
    parameters = net.start(np.float32)
    A2, cache = net.forward_prop(X, parameters)
    grads = [net.backward_prop(X, Y, cache, parameters), net.backward_prop_mse(X, Y, cache, parameters)]
    updated = [net.update_parameters(parameters, g, 0.3) for g in grads]
    values = [A2, *cache.values(), *(v for d in (*grads, *updated) for v in d.values())]
    assert {value.dtype for value in values} == {np.dtype(np.float32)}


def test_an_experiment_in_single_precision_differs_from_double_but_little(net, truth):
    single = net.mean_squared_error(np.float32)
    assert single["mse_parameters"]["W1"].dtype == np.float32
    assert 0 < largest_difference(single["mse_costs"], truth["mse_costs"]) < 1e-4


@given(network=networks())
@settings(max_examples=20, deadline=None)
def test_no_function_changes_what_it_was_given(net, network):
    parameters, X, Y = network
    A2, cache = net.forward_prop(X, parameters)
    grads = net.backward_prop(X, Y, cache, parameters)
    before = copy.deepcopy((parameters, X, Y, A2, cache, grads))
    net.forward_prop(X, parameters)
    net.loss_function(A2, Y)
    net.mse_function(A2, Y)
    net.backward_prop(X, Y, cache, parameters)
    net.backward_prop_mse(X, Y, cache, parameters)
    net.update_parameters(parameters, grads, 0.3)
    net.predict(X, parameters)
    net.train(parameters, X, Y, learning_rate=0.3, iterations=2)
    np.testing.assert_equal((parameters, X, Y, A2, cache, grads), before)


def test_training_is_the_same_twice_and_leaves_the_global_generator_alone(net):
    state = np.random.get_state()[1].copy()  # noqa: NPY002  (the generator that students seed)
    X, Y = net.xor_data()
    runs = [net.train(net.start(), X, Y, learning_rate=0.3, iterations=5)[1] for _ in range(2)]
    np.testing.assert_array_equal(*runs)
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002


# ------------------------------------------------------------------------------------------ probes

PROBES = (
    "forward_prop",
    "loss_function",
    "gradients",
    "gradients_mse",
    "update_parameters",
    "predict",
    "initialize_parameters",
)


def run_case(net: Any, case: Any) -> list[Any]:
    """Call a case's steps on the reference's own functions, as the sandbox calls a student's."""
    returned: list[Any] = []
    for function, args in case:
        given_args = []
        for arg in args:
            if isinstance(arg, dict) and "$step" in arg:
                earlier = returned[arg["$step"]]
                given_args.append(earlier[arg["$item"]] if "$item" in arg else earlier)
            else:
                given_args.append(arg)
        returned.append(getattr(net, function)(*given_args))
    return returned


def test_these_are_all_the_probes(net):
    assert set(net.PROBES) == set(PROBES)


@pytest.mark.parametrize("name", PROBES)
@pytest.mark.parametrize("seed", [0, 1, 20_240_229])
def test_every_probe_runs_on_the_reference_and_refers_only_backwards(net, name, seed):
    cases = net.PROBES[name](np.random.default_rng(seed))
    assert len(cases) >= 3
    for case in cases:
        for position, (_function, args) in enumerate(case):
            references = [arg["$step"] for arg in args if isinstance(arg, dict) and "$step" in arg]
            assert all(0 <= step < position for step in references)
        for value in run_case(net, case):
            numbers = value[0] if isinstance(value, tuple) else value
            for number in numbers.values() if isinstance(numbers, dict) else [numbers]:
                assert np.isfinite(number).all()


@pytest.mark.parametrize("name", PROBES)
def test_a_probe_s_inputs_come_from_its_generator_alone(net, name):
    draw = net.PROBES[name]
    np.testing.assert_equal(draw(np.random.default_rng(5)), draw(np.random.default_rng(5)))
    with pytest.raises(AssertionError):
        np.testing.assert_equal(draw(np.random.default_rng(5)), draw(np.random.default_rng(6)))


@pytest.mark.parametrize("name", ["gradients", "gradients_mse"])
def test_the_finite_differences_of_a_gradient_probe_agree_with_its_gradient(net, name):
    for case in net.PROBES[name](np.random.default_rng(3)):
        returned = run_case(net, case)
        backward, parameters = returned[2], case[0][1][1]
        position = 3
        for key in net.NAMES:
            for index in np.ndindex(parameters[key].shape):
                up, down = returned[position + 1], returned[position + 3]
                assert case[position][1][1][key][index] == parameters[key][index] + net.NUDGE
                slope = (up - down) / (2 * net.NUDGE)
                assert slope == pytest.approx(backward["d" + key][index], abs=1e-8)
                position += 4
        assert position == len(case) == 3 + 36
        rebuilt = net.finite_difference_gradient(returned[4::2], parameters)
        assert rebuilt.keys() == backward.keys()
        for key, slope in rebuilt.items():
            np.testing.assert_allclose(slope, backward[key], rtol=0, atol=1e-8)


def test_finite_differences_refuse_another_number_of_losses(net):
    with pytest.raises(ValueError, match="3 losses for 9 parameter entries"):
        net.finite_difference_gradient([1.0, 2.0, 3.0], net.start())


def test_no_probed_rate_hides_a_rate_that_is_applied_twice(net):
    rates = [case[0][1][2] for case in net.draw_update_parameters(np.random.default_rng(0))]
    assert all(abs(rate - rate**2) > 1e-2 for rate in rates)


def test_no_probed_prediction_hangs_on_a_rounding(net):
    for case in net.draw_predict(np.random.default_rng(9)):
        X, parameters = case[0][1]
        assert np.min(np.abs(net.forward_prop(X, parameters)[0] - 0.5)) > 0.02


def test_the_solved_network_solves_xor_and_its_opposite_none_of_it(net):
    X, Y = net.xor_data()
    np.testing.assert_array_equal(net.predict(X, net.solved_network()), Y)
    opposite = net.draw_predict(np.random.default_rng(0))[1][0][1][1]
    np.testing.assert_array_equal(net.predict(X, opposite), 1 - Y)
    assert (net.right_answers(net.solved_network()), net.right_answers(opposite)) == (4, 0)


def test_predictions_are_integers_of_shape_1_by_m(net):
    X, _Y = net.xor_data()
    found = net.predict(X, net.start())
    assert found.shape == (1, 4)
    assert found.dtype.kind == "i"


# ----------------------------------------------------------------------------------------- mistakes


@pytest.fixture(scope="session")
def costs(mistaken):
    """What each mistake yields in the roles that are curves of costs."""
    return {m: {r: v for r, v in roles.items() if r.endswith("_costs")} for m, roles in mistaken.items()}


def curves(value: Any) -> dict[Any, Any]:
    """A role's curves by key; a single curve has the key None."""
    return value if isinstance(value, dict) else {None: value}


def apart(a: Any, b: Any) -> float:
    """The largest difference of two values of a role, over the iterations that both have."""
    return max(
        largest_difference(*(np.asarray(x)[: min(len(x), len(y))] for x in (x, y)))
        for (_, x), (_, y) in zip(sorted(curves(a).items()), sorted(curves(b).items()), strict=True)
    )


@pytest.fixture(scope="session")
def tolerance():
    """The tolerance that the graders use for a role: from the committed spreads."""
    data = read_expected(EXPECTED)
    expected = Expected(data.artefacts, data.spread)
    return lambda role: expected.tolerance(role, at_least=CLOSE)


def test_every_mistake_differs_from_the_truth_by_more_than_ten_tolerances(truth, costs, tolerance):
    for mistake, roles in costs.items():
        shows = [role for role in roles if (mistake, role) not in UNHARMED]
        assert shows, mistake
        for role in shows:
            assert apart(roles[role], truth[role]) > 10 * tolerance(role), (mistake, role)


#: How far each mistake lies from the truth in each role, at most, to three digits.
FAR = {
    ("gradient-not-changed", "mse_costs"): 0.145,
    ("sigmoid-slope-forgotten", "mse_costs"): 0.0901,
    ("never-updated", "random_costs"): 0.362,
    ("never-updated", "mse_costs"): 0.254,
    ("sum-never-updated", "mse_costs"): 1.33,
    ("sum-not-mean", "random_costs"): 3.16,
    ("sum-not-mean", "mse_costs"): 1.07,
    ("different-starts", "rate_costs"): 0.672,
    ("continued-training", "rate_costs"): 0.706,
    ("zero-start-unused", "zero_costs"): 0.359,
    ("missing-mean-in-gradient", "random_costs"): 0.688,
    ("missing-mean-in-gradient", "mse_costs"): 0.174,
    ("wrong-sign", "random_costs"): 218,
    ("wrong-sign", "mse_costs"): 0.395,
    ("learning-rate-twice", "random_costs"): 0.166,
    ("learning-rate-twice", "mse_costs"): 0.103,
    ("tanh-slope", "random_costs"): 0.0884,
    ("tanh-slope", "mse_costs"): 0.146,
    ("constant-start", "random_costs"): 0.383,
    ("constant-start", "zero_costs"): 0.743,
    ("constant-start", "mse_costs"): 0.0847,
    ("cost-after-update", "random_costs"): 0.0344,
    ("cost-after-update", "mse_costs"): 0.00157,
    ("mislabelled-curves", "random_costs"): 0.695,
    ("mislabelled-curves", "mse_costs"): 0,
}


def test_each_mistake_lies_as_far_from_the_truth_as_is_stated(truth, costs):
    far = {
        (m, role): apart(value, truth[role]) for m, roles in costs.items() for role, value in roles.items()
    }
    assert far == pytest.approx(FAR, rel=5e-3)


def test_parameters_made_anew_in_each_iteration_cost_the_same_as_never_updated_ones(net, mistaken):
    X, Y = net.xor_data()
    costs = []
    for _ in range(1001):
        parameters = net.start()
        A2, cache = net.forward_prop(X, parameters)
        costs.append(net.loss_function(A2, Y))
        net.update_parameters(parameters, net.backward_prop(X, Y, cache, parameters), 0.3)
    np.testing.assert_array_equal(costs, mistaken["never-updated"]["random_costs"])


def test_rates_compared_from_unseeded_starts_begin_at_different_costs(net, truth):
    X, Y = net.xor_data()
    first = [
        net.loss_function(net.forward_prop(X, net.initialize_parameters(2, 2, 1, seed))[0], Y)
        for seed in (7, 8, 9)
    ]
    assert min(abs(a - b) for a, b in combinations([*first, truth["random_costs"][0]], 2)) > 1e-3


def test_mistakes_that_share_a_role_can_be_told_apart(costs, tolerance):
    twins = set()
    for (a, of_a), (b, of_b) in combinations(costs.items(), 2):
        for role in of_a.keys() & of_b.keys():
            if apart(of_a[role], of_b[role]) <= 10 * tolerance(role):
                twins.add((role, *sorted((a, b))))
    assert twins == TWINS


def test_the_stored_mistakes_are_what_the_mistakes_yield(mistaken, tolerance):
    stored = read_expected(EXPECTED).mistakes
    assert set(stored) == set(mistaken)
    for mistake, roles in mistaken.items():
        assert set(stored[mistake]) == set(roles)
        for role, value in roles.items():
            assert largest_spread(stored[mistake][role], value) <= tolerance(role), (mistake, role)
