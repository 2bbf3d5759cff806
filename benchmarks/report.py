"""Turns the figures into docs/benchmarks.md, docs/benchmarks.es.md and the plot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from words import TEXT

#: tool -> its name in the tables
NAMES = {"coteja": "Coteja", "nbgrader": "nbgrader", "otter": "otter-grader", "otter2": "otter-grader ×2"}
COLOURS = {
    "coteja": "#0b6e4f",
    "nbgrader": "#c8702a",
    "otter": "#6a4c93",
    "otter2": "#a58fc0",
    "bare": "#8a8a8a",
}
#: What was set out to be reached: lab -> peer -> how many times its throughput.
TARGETS = {
    "numpy-lab": {"nbgrader": 20, "otter": 30},
    "keras-lab": {"nbgrader": 12, "otter": 12, "otter2": 12},
}
TARGET_RECORDING_S, TARGET_CHECKS_S, TARGET_REGRADE_S = 0.05, 0.1, 20

Data = dict[str, Any]


def write(data: Data, docs: Path) -> None:
    """Write both documents and the plot."""
    (docs / "images").mkdir(parents=True, exist_ok=True)
    plot(data, docs / "images" / "benchmarks.svg")
    for language, name in (("en", "benchmarks.md"), ("es", "benchmarks.es.md")):
        (docs / name).write_text(document(data, language))


def document(data: Data, language: str) -> str:
    """One whole document."""
    say, machine = TEXT[language], data["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    described = say["machine"].format(**machine, versions_line=versions)
    parts = [
        say["title"],
        say["intro"].format(count=data["submissions"]),
        described,
        say["throughput"],
        table(data, language),
        say["plot"],
        say["costs"],
        costs(data, language),
        say["growth"],
        growth(data, language),
        say["method"].format(count=data["submissions"]),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def table(data: Data, language: str) -> str:
    """Seconds a submission, ratios, memory."""
    say = TEXT[language]
    rows = [say["throughput_head"], "|---|---|---:|---:|---:|---:|---:|---:|"]
    for lab_id, lab in data["labs"].items():
        for tool, used in lab["tools"].items():
            ratio = lab["ratios"].get(tool)
            target = TARGETS.get(lab_id, {}).get(tool)
            faster = "" if ratio is None else f"**{ratio:.1f}×**" + (f" (≥ {target})" if target else "")
            rows.append(
                f"| {lab['title']} | {NAMES[tool]} | {used['wall_s']:.3f} | {3600 / used['wall_s']:,.0f} | {faster} "
                f"| {used['cpu_s']:.3f} | {used['largest_mb']:.0f} | {used['tree_mb']:.0f} |"
            )
        bare = lab["bare"]
        rows.append(
            f"| {lab['title']} | {say['bare']} | {bare['wall_s']:.3f} | {3600 / bare['wall_s']:,.0f} | "
            f"{bare['wall_s'] / lab['tools']['coteja']['wall_s']:.1f}× | {bare['cpu_s']:.3f} | {bare['largest_mb']:.0f} | |"
        )
    return "\n".join(rows)


def costs_of(lab: Data) -> dict[str, float]:
    """Where a submission's CPU seconds go, from how the total grows with their number."""
    grown, again = lab["growth"], lab["regrade"]
    per_submission = _slope([(g["count"], g["cpu_s"]) for g in grown])
    checks = (
        (again["cpu_s"] - again["few_cpu_s"]) / (again["count"] - again["few"])
        if again["count"] > again["few"]
        else 0
    )
    if not checks:
        checks = again["cpu_s"] / again["count"]
    return {
        "own": lab["floor"]["own_s"],
        "forked": lab["floor"]["forked_s"],
        "all": per_submission,
        "checks": checks,
        "recording": per_submission - checks - lab["floor"]["own_s"],
        "start": max(0.0, grown[0]["cpu_s"] - grown[0]["count"] * per_submission),
    }


def _slope(points: list[tuple[int, float]]) -> float:
    """CPU seconds a further submission: between the smallest run and the largest."""
    (few, least), (many, most) = points[0], points[-1]
    return (most - least) / (many - few)


def costs(data: Data, language: str) -> str:
    """Overhead above the student's own code, and regrading."""
    rows = [TEXT[language]["costs_head"], "|---|---:|---:|---:|---:|---:|---:|"]
    for lab in data["labs"].values():
        found, again = costs_of(lab), lab["regrade"]
        rows.append(
            f"| {lab['title']} | {found['own']:.3f} | {found['forked']:.3f} | {found['recording']:.3f} "
            f"| {found['checks']:.3f} | {found['start']:.1f} | {again['wall_s']:.1f} ({again['count']:,}) |"
        )
    return "\n".join(rows)


def growth(data: Data, language: str) -> str:
    """From one submission to a thousand."""
    rows = [TEXT[language]["growth_head"], "|---|---:|---:|---:|---:|---:|---:|"]
    for lab in data["labs"].values():
        for g in lab["growth"]:
            parent = [mb for _at, mb in g["parent_mb"]]
            early = parent[len(parent) // 4] if parent else 0.0
            rows.append(
                f"| {lab['title']} | {g['count']:,} | {g['wall_s']:.1f} | {g['wall_s'] / g['count']:.3f} "
                f"| {g['cpu_s'] / g['count']:.3f} | {early:.0f} → {parent[-1] if parent else 0:.0f} | {g['tree_mb']:.0f} |"
            )
    return "\n".join(rows)


def plot(data: Data, path: Path) -> None:
    """Seconds a submission by tool; cost and memory by number of submissions."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "coteja"
    import matplotlib.pyplot as plt

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 3.8), layout="constrained")
    labels, values, colours = [], [], []
    for lab in data["labs"].values():
        seconds = {
            **{tool: used["wall_s"] for tool, used in lab["tools"].items()},
            "bare": lab["bare"]["wall_s"],
        }
        for tool, value in seconds.items():
            labels.append(f"{lab['title']}: {NAMES.get(tool, 'bare nbclient')}")
            values.append(value)
            colours.append(COLOURS[tool])
    bars = left.barh(labels, values, color=colours)
    left.bar_label(bars, [f"{value:.2g} s" for value in values], padding=3, fontsize=8)
    left.set(
        xscale="log", xlim=(min(values) / 2, max(values) * 4), title="Seconds a submission (logarithmic)"
    )
    left.invert_yaxis()
    left.tick_params(axis="y", labelsize=8)
    for lab in data["labs"].values():
        counts = [g["count"] for g in lab["growth"]]
        middle.plot(counts, [g["wall_s"] / g["count"] for g in lab["growth"]], "o-", label=lab["title"])
        times = lab["growth"][-1]["parent_mb"]
        right.plot([t for t, _mb in times], [mb for _t, mb in times], label=f"{lab['title']}, {counts[-1]:,}")
    middle.set(xscale="log", yscale="log", xlabel="submissions", title="Coteja: seconds a submission")
    right.set(xlabel="seconds", ylim=(0, None), title="Coteja: memory of the marking process, MiB")
    for axes in (middle, right):
        axes.grid(visible=True, alpha=0.3)
        axes.legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
