"""Results of Lab B as the checks would make them: perfect, mistaken, broken, unreadable, hostile."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from coteja.i18n import Translator, translator
from coteja.model.message import message as _
from coteja.model.recording import CellError, Isolation
from coteja.model.result import (
    CellProblem,
    Comparison,
    Misconception,
    Outcome,
    Picture,
    QuestionResult,
    Series,
    SubmissionResult,
    WrittenAnswer,
)

TITLE = {"es": "Una red de dos capas aprende XOR", "en": "A two-layer network learns XOR"}
MARKED_AT = datetime(2026, 3, 14, 15, 9, tzinfo=UTC)
X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]], dtype=float)
Y = np.array([[0, 1, 1, 0]], dtype=float)


def train(
    rate: float, *, seed: int = 2, mse: bool = False, own_gradient: bool = True, iterations: int = 1000
) -> list[float]:
    """The costs of the lab's 2-2-1 network."""
    rng = np.random.RandomState(seed)
    W1, b1, W2, b2 = rng.randn(2, 2), rng.randn(2, 1), rng.randn(1, 2), rng.randn(1, 1)
    costs = []
    for _i in range(iterations + 1):
        A1 = np.tanh(W1 @ X + b1)
        A2 = 1 / (1 + np.exp(-(W2 @ A1 + b2)))
        cross = -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))
        costs.append(float(np.mean((A2 - Y) ** 2) if mse else cross))
        dZ2 = 2 * (A2 - Y) * A2 * (1 - A2) if mse and own_gradient else A2 - Y
        dZ1 = (W2.T @ dZ2) * (1 - A1**2)
        W2, b2 = W2 - rate * dZ2 @ A1.T / 4, b2 - rate * dZ2.mean(axis=1, keepdims=True)
        W1, b1 = W1 - rate * dZ1 @ X.T / 4, b1 - rate * dZ1.mean(axis=1, keepdims=True)
    return costs


def series(label: Any, curve: list[float], kind: Any) -> Series:
    """A curve thinned as `curve_picture` thins it."""
    index = range(0, len(curve), 4)
    return Series(label=label, x=[float(i) for i in index], y=[curve[i] for i in index], kind=kind)


def picture(title: str, *curves: Series, description: str | None = None, **options: Any) -> Picture:
    """A picture of costs over iterations."""
    return Picture(
        title=_(title),
        x_label=_("iteration"),
        y_label=_("cost"),
        series=curves,
        description=_(description or title),
        **options,
    )


def outcome(
    check: str, question: str, title: str, status: Any, points: float, of: float, text: Any, **more: Any
) -> Outcome:
    """An outcome; `text` a sentence or a message."""
    said = _(text) if isinstance(text, str) else text
    return Outcome(
        check=check,
        question=question,
        title=_(title),
        status=status,
        points=points,
        max_points=of,
        message=said,
        **more,
    )


OLD_GRADIENT = Misconception(
    id="loss-without-gradient",
    name=_("The loss changed, but its gradient did not"),
    explanation=_(
        "Your cost is the mean squared error, but backward_prop still starts from dZ2 = A2 - Y. "
        "That is the gradient of the cross-entropy. "
        "The network therefore minimises one thing while you look at another."
    ),
    next_step=_("Derive the mean squared error through the sigmoid: dZ2 = 2 * (A2 - Y) * A2 * (1 - A2)."),
)
OTHER_STARTS = Misconception(
    id="different-starts",
    name=_("Each learning rate began from other random weights"),
    explanation=_(
        "Your three curves begin at three different costs. So two things changed at once, the learning rate "
        "and the start, and the figure cannot tell which of them made the difference."
    ),
    next_step=_(
        "Call np.random.seed(2) right before each training, so that every run starts from the same weights."
    ),
)
RUN = {
    "seconds": 8.42,
    "cpu_seconds": 7.9,
    "peak_memory_mb": 143.0,
    "isolation": Isolation(
        rung="namespaces", facts={"files": "ok", "network": "ok", "processes": "ok", "disk": "ok"}
    ),
    "versions": {"python": "3.11.7", "numpy": "2.4.6", "matplotlib": "3.11.2"},
    "recorded_at": "2026-03-14T15:08:51+00:00",
}
QUESTION_TITLES = {
    "q0": {
        "es": "La red: propagación hacia adelante y hacia atrás",
        "en": "The network: forward and backward propagation",
    },
    "q1": {"es": "Comenzar con pesos en cero", "en": "Starting with weights of zero"},
    "q2": {"es": "Tres tasas de aprendizaje", "en": "Three learning rates"},
    "q3": {
        "es": "Error cuadrático medio en lugar de entropía cruzada",
        "en": "Mean squared error instead of cross-entropy",
    },
}


def question(name: str, *outcomes: Outcome, **more: Any) -> QuestionResult:
    """A question that adds up its outcomes."""
    return QuestionResult(
        question=name,
        title=QUESTION_TITLES[name],
        points=sum(o.points for o in outcomes),
        max_points=sum(o.max_points for o in outcomes),
        outcomes=outcomes,
        **more,
    )


def submission(*questions: QuestionResult, **more: Any) -> SubmissionResult:
    """A submission that adds up its questions."""
    fields: dict[str, Any] = {
        "assignment": "two-layer-network",
        "student": "Ana Lucía Pérez",
        "source": "perez-ana-lucia.ipynb",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "recording": "9f86d081",
        "language": "es",
        "status": "waiting",
        "points": sum(q.points for q in questions),
        "max_points": sum(q.max_points for q in questions),
        "pending_points": sum(
            q.written.max_points for q in questions if q.written and q.written.points is None
        ),
        "questions": questions,
        **RUN,
        **more,
    }
    return SubmissionResult(**fields)


def _good_start() -> QuestionResult:
    reference = train(0.3)
    return question(
        "q0",
        outcome(
            "costs",
            "q0",
            "The eleven costs of the random start",
            "passed",
            12,
            12,
            "All eleven costs agree with the reference.",
            public=True,
            comparisons=(
                Comparison(
                    label=_("first cost"), expected=reference[0], found=reference[0], tolerance=1e-6, ok=True
                ),
                Comparison(
                    label=_("last cost"),
                    expected=reference[1000],
                    found=reference[1000],
                    tolerance=1e-6,
                    ok=True,
                ),
            ),
            picture=picture(
                "Cost with a random start",
                series(_("reference"), reference, "expected"),
                series("costos", reference, "found"),
            ),
        ),
        outcome(
            "gradients",
            "q0",
            "backward_prop agrees with numerical gradients",
            "passed",
            8,
            8,
            "Your gradients are right on five new inputs.",
        ),
    )


def _zero_start(points: float | None = None) -> QuestionResult:
    return question(
        "q1",
        outcome(
            "zero_costs",
            "q1",
            "The cost stays at ln 2",
            "passed",
            10,
            10,
            "The cost is 0.693147 at every iteration.",
            comparisons=(
                Comparison(label=_("cost"), expected=0.693147, found=0.693147, tolerance=1e-6, ok=True),
            ),
        ),
        written=WrittenAnswer(
            text="Porque con todos los pesos en cero las dos neuronas ocultas calculan lo mismo,\n"
            "y su gradiente es el mismo:\n  dW1 = 0\nNunca se rompe la simetría.",
            max_points=10,
            points=points,
        ),
    )


@pytest.fixture
def perfect() -> SubmissionResult:
    """Everything right and read: 100 of 100."""
    rates = {rate: train(rate) for rate in (0.5, 0.1, 0.01)}
    mse = train(0.3, mse=True)
    return submission(
        _good_start(),
        _zero_start(points=10),
        question(
            "q2",
            outcome(
                "three_rates",
                "q2",
                "Three costs from the same start",
                "passed",
                20,
                20,
                "The three curves start from the same cost and agree with the reference.",
                picture=picture(
                    "Cost for each learning rate",
                    *(series(rate, curve, "expected") for rate, curve in rates.items()),
                    *(series(rate, curve, "found") for rate, curve in rates.items()),
                ),
            ),
            written=WrittenAnswer(text="Depende de cuánto se entrene.", max_points=20, points=20),
        ),
        question(
            "q3",
            outcome(
                "mse_costs",
                "q3",
                "The mean squared error falls with its own gradient",
                "passed",
                20,
                20,
                "Your cost ends at 0.1034, as the reference.",
                picture=picture(
                    "Mean squared error",
                    series(_("reference"), mse, "expected"),
                    series("costos_mse", mse, "found"),
                ),
            ),
        ),
        status="marked",
    )


@pytest.fixture
def mistaken() -> SubmissionResult:
    """Two mistakes that have a name, a figure half right, one check skipped: what most students will see."""
    rates = {rate: train(rate) for rate in (0.5, 0.1, 0.01)}
    others = {rate: train(rate, seed=seed) for rate, seed in zip(rates, (2, 7, 11), strict=True)}
    mse, kept = train(0.3, mse=True), train(0.3, mse=True, own_gradient=False)
    return submission(
        _good_start(),
        _zero_start(),
        question(
            "q2",
            outcome(
                "same_start",
                "q2",
                "The three rates start from the same weights",
                "failed",
                0,
                8,
                _("The first costs differ by up to {distance}.", distance=0.3131),
                misconception=OTHER_STARTS,
                next_step=OTHER_STARTS.next_step,
                comparisons=tuple(
                    Comparison(
                        label=_("first cost at rate {rate}", rate=rate),
                        expected=rates[rate][0],
                        found=others[rate][0],
                        tolerance=1e-6,
                        ok=abs(rates[rate][0] - others[rate][0]) < 1e-6,
                    )
                    for rate in rates
                ),
                picture=picture(
                    "Cost for each learning rate",
                    *(series(rate, curve, "expected") for rate, curve in rates.items()),
                    *(series(rate, curve, "found") for rate, curve in others.items()),
                    description="With the same start the three dashed curves begin at one point.",
                ),
            ),
            outcome(
                "best_rate",
                "q2",
                "Which rate is best after 1000 iterations",
                "skipped",
                0,
                4,
                _(
                    "Not looked at, because it rests on “{cause}”. Mend that first.",
                    cause=_("The three rates start from the same weights"),
                ),
            ),
            outcome(
                "figure",
                "q2",
                "One figure with a labelled curve each",
                "partial",
                6,
                8,
                _("{held} of {total} parts are right.", held=3, total=4),
                next_step=_("Give each curve a label and call ax.legend()."),
                comparisons=tuple(
                    Comparison(label=_(text), expected=_("yes"), found=_("yes" if ok else "no"), ok=ok)
                    for text, ok in (
                        ("both axes are labelled", True),
                        ("there is a legend", False),
                        ("every curve is drawn, with your own data", True),
                        ("each curve has its own name in the legend", True),
                    )
                ),
            ),
            written=WrittenAnswer(text="La mejor tasa es 0.1 porque oscila menos.", max_points=10),
        ),
        question(
            "q3",
            outcome(
                "mse_costs",
                "q3",
                "The mean squared error falls with its own gradient",
                "failed",
                0,
                12,
                _(
                    "Your cost ends at {found}, and {expected} was expected.",
                    found=kept[1000],
                    expected=mse[1000],
                ),
                misconception=OLD_GRADIENT,
                next_step=OLD_GRADIENT.next_step,
                comparisons=(
                    Comparison(
                        label=_("first cost"), expected=mse[0], found=kept[0], tolerance=1e-6, ok=True
                    ),
                    Comparison(
                        label=_("cost after 1000 iterations"),
                        expected=mse[1000],
                        found=kept[1000],
                        tolerance=0.0005,
                        ok=False,
                    ),
                ),
                picture=picture(
                    "Mean squared error over the iterations",
                    series(_("reference"), mse, "expected"),
                    series("costos_mse", kept, "found"),
                ),
            ),
            outcome(
                "mse_gradient",
                "q3",
                "backward_prop gives the gradient of the mean squared error",
                "failed",
                0,
                6,
                "On new inputs your dW2 is what the cross-entropy would give.",
                misconception=OLD_GRADIENT,
            ),
            outcome(
                "class_instead",
                "q3",
                "The comparison of the two losses",
                "failed",
                0,
                4,
                "Your comparison is stored in a way that I do not know.",
                look=True,
            ),
            written=WrittenAnswer(text="", max_points=10),
        ),
        notes=(_("Your notebook had two cells marked as the answer to one question: the first was taken."),),
        status="needs_a_look",
    )


TRACEBACK = (
    "\x1b[31m---------------------------------------------------------------------------\x1b[39m\n"
    "\x1b[31mValueError\x1b[39m                                Traceback (most recent call last)\n"
    "\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[7]\x1b[39m\x1b[32m, line 12\x1b[39m\n"
    "\x1b[32m     10\x1b[39m A1 = np.tanh(Z1)\n"
    "\x1b[32m     11\x1b[39m \x1b[38;5;66;03m# capa de salida\x1b[39;00m\n"
    "\x1b[32m---> \x1b[39m\x1b[32m12\x1b[39m Z2 = np.dot(W2.T, A1) + b2\n\n"
    "\x1b[31mValueError\x1b[39m: shapes (2,1) and (2,4) not aligned: 1 (dim 1) != 2 (dim 0)\n"
)


@pytest.fixture
def broken() -> SubmissionResult:
    """A notebook that stopped halfway: an exception, a cell that never ended, a check of ours that failed."""
    blown_up = [0.7, 3.0, 40.0, 5e8, 2e40, 3e96, 2.4e151]
    return submission(
        question(
            "q0",
            outcome(
                "costs",
                "q0",
                "The eleven costs of the random start",
                "failed",
                0,
                12,
                _("There is no variable called {name}.", name="costos"),
                next_step=_(
                    "Give your result the name {name}, exactly so, and run the cell again.", name="costos"
                ),
            ),
            outcome(
                "gradients",
                "q0",
                "backward_prop agrees with numerical gradients",
                "error",
                0,
                8,
                "This check itself failed. It is not your fault: a person will look at it.",
                look=True,
            ),
            problems=(
                CellProblem(
                    index=6,
                    status="error",
                    message=_("Cell {number} stopped with an error.", number=7),
                    error=CellError(
                        name="ValueError",
                        value="shapes (2,1) and (2,4) not aligned: 1 (dim 1) != 2 (dim 0)",
                        traceback=TRACEBACK,
                    ),
                ),
            ),
        ),
        _zero_start(),
        question(
            "q2",
            outcome(
                "three_rates",
                "q2",
                "Three costs from the same start",
                "failed",
                0,
                20,
                "Your cost grows without bound at one of the rates.",
                picture=Picture(
                    title=_("Cost at rate 0.5"),
                    x_label=_("iteration"),
                    y_label=_("cost"),
                    description=_("Cost at rate 0.5"),
                    series=(
                        series(_("reference"), train(0.5), "expected"),
                        Series(
                            label="costos[0.5]",
                            x=[0.0, 150.0, 300.0, 450.0, 600.0, 750.0, 900.0, 1000.0],
                            y=[*blown_up, None],
                            kind="found",
                        ),
                    ),
                ),
            ),
            problems=(
                CellProblem(
                    index=9,
                    status="timeout",
                    message=_(
                        "Cell {number} did not end within {seconds} seconds and was stopped.",
                        number=10,
                        seconds=60,
                    ),
                ),
            ),
        ),
        status="needs_a_look",
    )


@pytest.fixture
def unreadable() -> SubmissionResult:
    """A file that is no notebook: no points, and nobody loses any."""
    return submission(
        points=None,
        max_points=70,
        pending_points=30,
        status="needs_a_look",
        seconds=0.0,
        cpu_seconds=0.0,
        peak_memory_mb=0.0,
        notes=(_("The file is not a notebook: it ends in the middle of line {line}.", line=3817),),
        versions={},
        isolation=Isolation(),
    )


HOSTILE = (
    "<script>alert(1)</script>\"><img src=x onerror=alert(2)>' onmouseover=alert(3) {{ 7*7 }} {% raw %} "
    "`tick` | cell | [link](javascript:alert(4)) ![i](http://evil.example/x.png) http://evil.example "
    "www.evil.example </svg></style><!-- --> ]]> &lt;b&gt; **bold** "
    "\x1b[31mred\x1b[0m \u202eesrever\u202c \x00 \ud800 {name}"
)


@pytest.fixture
def hostile() -> SubmissionResult:
    """Every text that can come from a student's notebook is an attack."""
    h = HOSTILE
    evil = outcome(
        "evil",
        "q0",
        "The eleven costs of the random start",
        "failed",
        0,
        20,
        _("Calling {name} raised {error}: {detail}", name=h, error=h, detail=h),
        misconception=OLD_GRADIENT,
        next_step=_("Give your result the name {name}, exactly so, and run the cell again.", name=h),
        comparisons=(Comparison(label=_("{name}", name=h), expected=1.0, found=h, tolerance=h, ok=False),),
        picture=Picture(
            title=_("{name}", name=h),
            x_label=_("{name}", name=h),
            y_label=_("{name}", name=h),
            description=_("{name}", name=h),
            series=(
                Series(label=h, x=[0.0, 1.0], y=[1.0, 2.0], kind="expected"),
                Series(label=h + "2", x=[0.0, 1.0], y=[2.0, 1.0], kind="found"),
            ),
        ),
    )
    return submission(
        question(
            "q0",
            evil,
            problems=(
                CellProblem(
                    index=0,
                    status="error",
                    message=_("{name}", name=h),
                    error=CellError(name=h, value=h, traceback=h + "\n```\n# out\n~~~~\n</pre>"),
                ),
            ),
            written=WrittenAnswer(
                text=f"{h}\n```\n# heading\n- [ ] task\n````\n---\n    </blockquote>{h}", max_points=10
            ),
        ),
        student=h,
        source=h,
        sha256=h,
        notes=(_("{name}", name=h),),
        versions={h: h},
        isolation=Isolation(rung=h, facts={h: h, "files": h}),
        recorded_at=h,
    )


@pytest.fixture
def es() -> Translator:
    """Spanish as in Guatemala."""
    return translator("es", "es_GT")


@pytest.fixture
def en() -> Translator:
    """English."""
    return translator("en")
