"""The sentences of the benchmark's documents, in both languages."""

from __future__ import annotations

TEXT: dict[str, dict[str, str]] = {
    "en": {
        "title": "# Benchmarks\n\n[Español](benchmarks.es.md)",
        "intro": (
            "Coteja, nbgrader and otter-grader mark the same notebooks, {count} submissions a lab, in one run of "
            "`benchmarks/run.py`. Every tool gave every submission full marks (asserted), and everything up to the written "
            "feedback is timed: for Coteja that is HTML and Markdown in two languages, inside its sandbox."
        ),
        "machine": (
            "Measured on {date}: {processor}, {cpus} cores, {memory_gib} GiB, {system}, Python {python}; "
            "load average before {load_before}, after {load_after}. {versions_line}. Bytecode compiled for all."
        ),
        "throughput": "## Throughput",
        "throughput_head": "| Lab | Tool | s/submission | submissions/hour | Coteja is faster | CPU s/submission | largest process, MiB | all processes, MiB |",
        "bare": "bare nbclient, no grading",
        "plot": "![Seconds a submission by tool, growth, memory](images/benchmarks.svg)",
        "costs": (
            "## Where Coteja's time goes\n\nCPU seconds a submission. *Own*: the student's code cells alone, again and "
            "again in one warm process. *Forked*: the same in a fresh fork, the least that keeping students apart can "
            "cost. *Recording* is what comes on top of *own*; *checks + feedback* includes reading the recording back."
        ),
        "costs_head": "| Lab | own | forked | recording, above own | checks + feedback | start, once | `regrade`, s (submissions) |",
        "growth": "## From one submission to a thousand",
        "growth_head": "| Lab | submissions | seconds | s/submission | CPU s/submission | marking process, MiB (early → end) | all processes, MiB |",
        "method": (
            "## How it is measured\n\n"
            "- Each tool by its own fastest path: one `nbgrader autograde` and one `generate_feedback` over all "
            "submissions; `otter.api.grade_submission` in one process, and in two at a time (×2), which otter does not offer.\n"
            "- The same code cells, compared cell by cell, in each tool's own format; four questions with a public and a "
            "hidden test each (`benchmarks/tests_for_peers.py`, `benchmarks/course/graders/`).\n"
            "- Coteja runs between any two runs of the others; each ratio is against the Coteja runs just before and after.\n"
            "- CPU is that of the whole process tree (`wait4`); memory of all processes counts shared pages once (PSS, "
            "sampled each second), the largest process is its resident size.\n"
            "- Bare nbclient only executes the notebook, with a fresh kernel each: what the others pay before they have checked anything.\n"
            "- CPU a further submission is the slope between the smallest run and the largest; the rest is the start. "
            "`regrade` of 1,000 uses the stored recordings, each as often as it takes.\n\n"
            "Again: `make benchmark`, or `make benchmark ARGS=--quick`. The figures are in [benchmarks.json](benchmarks.json)."
        ),
    },
    "es": {
        "title": "# Mediciones\n\n[English](benchmarks.md)",
        "intro": (
            "Coteja, nbgrader y otter-grader califican los mismos cuadernos, {count} entregas por laboratorio, en una sola "
            "corrida de `benchmarks/run.py`. Cada herramienta dio todos los puntos a cada entrega (se comprueba), y se mide todo "
            "hasta la retroalimentación escrita: en Coteja, HTML y Markdown en dos idiomas, dentro de su aislamiento."
        ),
        "machine": (
            "Medido el {date}: {processor}, {cpus} núcleos, {memory_gib} GiB, {system}, Python {python}; "
            "carga media antes {load_before}, después {load_after}. {versions_line}. Bytecode compilado para todas."
        ),
        "throughput": "## Rendimiento",
        "throughput_head": "| Laboratorio | Herramienta | s/entrega | entregas/hora | Coteja es más rápida | CPU s/entrega | proceso más grande, MiB | todos los procesos, MiB |",
        "bare": "nbclient solo, sin calificar",
        "plot": "![Segundos por entrega según la herramienta, crecimiento, memoria](images/benchmarks.svg)",
        "costs": (
            "## En qué se va el tiempo de Coteja\n\nSegundos de CPU por entrega. *Propio*: solo las celdas del estudiante, una "
            "y otra vez en un proceso ya caliente. *Bifurcado*: lo mismo en un proceso recién bifurcado, lo mínimo que cuesta "
            "separar a los estudiantes. *Grabar* es lo que se suma a *propio*; *revisar + explicar* incluye volver a leer la grabación."
        ),
        "costs_head": "| Laboratorio | propio | bifurcado | grabar, sobre lo propio | revisar + explicar | arranque, una vez | `regrade`, s (entregas) |",
        "growth": "## De una entrega a mil",
        "growth_head": "| Laboratorio | entregas | segundos | s/entrega | CPU s/entrega | proceso que califica, MiB (al inicio → al final) | todos los procesos, MiB |",
        "method": (
            "## Cómo se mide\n\n"
            "- Cada herramienta por su camino más rápido: un `nbgrader autograde` y un `generate_feedback` sobre todas las "
            "entregas; `otter.api.grade_submission` en un proceso, y en dos a la vez (×2), que otter no ofrece.\n"
            "- Las mismas celdas de código, comparadas una por una, en el formato de cada herramienta; cuatro preguntas con una "
            "prueba pública y una oculta cada una (`benchmarks/tests_for_peers.py`, `benchmarks/course/graders/`).\n"
            "- Coteja corre entre cada dos corridas de las otras; cada razón es contra las corridas de Coteja justo antes y después.\n"
            "- La CPU es la de todo el árbol de procesos (`wait4`); la memoria de todos los procesos cuenta una vez las páginas "
            "compartidas (PSS, cada segundo); el proceso más grande, por su memoria residente.\n"
            "- nbclient solo ejecuta el cuaderno, con un kernel nuevo cada vez: lo que las otras pagan antes de haber revisado nada.\n"
            "- La CPU de una entrega más es la pendiente entre la corrida más pequeña y la más grande; el resto es el arranque. "
            "`regrade` de 1,000 usa las grabaciones guardadas, cada una cuantas veces haga falta.\n\n"
            "Para repetirlo: `make benchmark`, o `make benchmark ARGS=--quick`. Los datos están en [benchmarks.json](benchmarks.json)."
        ),
    },
}
