"""A small course whose lab is random: the mean of draws, and what students do wrong with it."""

from __future__ import annotations

import textwrap
from pathlib import Path

from coteja.course.load import Course, find_course

FILES = {
    "course.toml": """
        [course]
        title = { es = "Curso", en = "Course" }
        languages = ["es", "en"]
        assignments = ["draws"]
    """,
    "assignments/draws/assignment.toml": """
        id = "draws"
        title = { es = "Sorteos", en = "Draws" }
        languages = ["es", "en"]
        preload = ["numpy"]
        [[question]]
        id = "q1"
        title = { es = "Media", en = "Mean" }
        points = 2
        [[question.artefact]]
        role = "mean"
        kind = "number"
        names = { es = "media", en = "mean" }
        [[question.artefact]]
        role = "walk"
        kind = "curve"
        names = { es = "paseo", en = "walk" }
        [[question.probe]]
        name = "half"
    """,
    "assignments/draws/notebook.py": """
        # %% question="q1" answer="q1-code"
        ### BEGIN SOLUTION
        mean = 0.0
        ### END SOLUTION
    """,
    "reference/draws.py": """
        import numpy as np

        SEEDS = 20
        FALSE_REJECTS = 1e-4
        IDEALS = {"mean": 3.0}

        def half(x):
            return x / 2

        def draws(dtype, rng):
            x = (3 + rng.normal(size=200)).astype(dtype)
            return {"mean": float(x.mean()), "walk": np.cumsum(x)}

        def draw_half(rng):
            return [[("half", (float(rng.integers(3, 9)),))] for _ in range(3)]

        EXPERIMENTS = {"draws": draws}
        PROBES = {"half": draw_half}
    """,
    "reference/draws_variants.py": """
        import numpy as np
        from . import draws

        def backwards(dtype, rng):
            x = (3 + rng.normal(size=200)).astype(dtype)[::-1]
            return {"mean": float(sum(x) / len(x)), "walk": np.cumsum(x)}

        VARIANTS = {"reference": draws.EXPERIMENTS, "backwards": {"draws": backwards}}
    """,
    "reference/draws_mistakes.py": """
        import numpy as np
        from . import draws

        def summed(rng):
            right = draws.draws(np.float64, rng)
            return {"mean": 200 * right["mean"]}

        def squared(rng):
            right = draws.draws(np.float64, rng)
            return {"mean": right["mean"] ** 2, "walk": np.cumsum(right["walk"])}

        def doubled(rng):
            return {}

        MISTAKES = {"summed": summed, "squared": squared, "doubled": doubled}
        FUNCTIONS = {"doubled": {"half": lambda x: 2 * x}}
    """,
    "graders/draws.py": """
        from coteja.checking import _, check, failed, near, passed, Misconception

        def named(id):
            return Misconception(id=id, name=_("Name"), explanation=_("Why"), next_step=_("Next"))

        SUMMED, SQUARED, DOUBLED = map(named, ("summed", "squared", "doubled"))

        @check("q1", points=2, title=_("The mean"))
        def mean(work, expected):
            right = near(work.number("mean"), expected.array("mean"), 1)
            return passed(_("Right.")) if right else failed(_("Wrong."))
    """,
}


def write_course(root: Path) -> Course:
    """Write it; its expected artefacts are still to be calibrated."""
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
    return find_course(root)
