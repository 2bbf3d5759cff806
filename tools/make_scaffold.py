"""Makes what is computed in the tiny course of `coteja new`: its expected artefacts and its samples.

python tools/make_scaffold.py
"""

from __future__ import annotations

from pathlib import Path

from coteja.calibration import calibrate
from coteja.course.load import find_course
from sample_class import Notebook, Sample, files, write

FILES = Path(__file__).resolve().parents[1] / "src" / "coteja" / "scaffold" / "course"
LAB = "first-step"


def right_es(nb: Notebook) -> None:
    """Every point, and an explanation."""
    nb.write(
        q2="La pérdida sube, de 29.7 a 118.7: el mínimo está cerca de 2 y el paso de 0.2 llega hasta 5.97, más lejos del fondo que "
        "donde empezó. La derivada dice hacia dónde baja, no cuánto falta."
    )


def right_en(nb: Notebook) -> None:
    """Every point, and an explanation."""
    nb.write(
        q2="It goes up, from 29.7 to 118.7. The bottom is near w = 2, but the step goes to 5.97, on the other side and higher up. "
        "The gradient only knows how steep it is at 0."
    )


def uphill(nb: Notebook) -> None:
    """The gradient is added; the axes have no names."""
    rate, weight = ("tasa", "peso") if nb.language == "es" else ("rate", "weight")
    nb.edit("q2-step", f"{weight} - {rate}", f"{weight} + {rate}")
    nb.edit("q2-figure", 'ax.set_xlabel("w")\nax.set_ylabel("L")\n', "")
    nb.write(
        q2="Baja más rápido porque el paso es más grande."
        if nb.language == "es"
        else "It falls faster because the step is larger."
    )


WRONG = {"q1": 5.0, "q2": 5.4}
SAMPLES = [
    Sample("ana-lopez.ipynb", "everything right, in Spanish", right_es),
    Sample("luis-tzoc.ipynb", "uphill, and no names at the axes", uphill, WRONG, mistakes=["uphill"]),
    Sample("emily-carter.ipynb", "everything right, in English", right_en, language="en"),
    Sample("james-reed.ipynb", "uphill, and no names at the axes", uphill, WRONG, "en", mistakes=["uphill"]),
]


def main() -> None:
    """Write the files."""
    course = find_course(FILES)
    path, text = calibrate(course, LAB)
    path.write_text(text, encoding="utf-8")
    made = files(course, LAB, SAMPLES)
    head, *samples = made["scores.toml"].decode().split("\n[[sample]]\n")
    head = "# What each sample is and must get: points by question, status, and the mistakes that must be called by name.\n"
    made["scores.toml"] = "\n[[sample]]\n".join([head, *samples]).encode()
    write(course.folder(LAB) / "samples", made)


if __name__ == "__main__":
    main()
