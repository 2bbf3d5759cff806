"""The sample class of linear-regression-numpy: notebooks as students hand them in, and the points each must get."""

from __future__ import annotations

from sample_class import Notebook, Sample, cut_off, forget_metadata, untouched

ASSIGNMENT = "linear-regression-numpy"


def points(
    base: float = 14,
    q1: float = 7,
    q2: float = 9,
    q3: float = 16,
    q4: float = 9,
    q5: float = 9,
    q6: float = 6,
) -> dict[str, float]:
    """Automatic points by question; full where nothing is said."""
    return {"base": base, "q1": q1, "q2": q2, "q3": q3, "q4": q4, "q5": q5, "q6": q6}


NONE = points(0, 0, 0, 0, 0, 0, 0)

# --------------------------------------------------------------------------------------------- written answers

GOOD_ES = {
    "q1": """
        Tardó como 40 veces más. Los pesos salieron 2.000 y -3.000, más exactos que con 1000 (2.004 y -2.996), pero el sesgo quedó igual,
        3.16. La figura se ve más llena y la línea es la misma. O sea que con más datos se llega al mismo lugar, solo que con menos ruido.
    """,
    "q2": """
        Debería faltarle 5·0.99^100 = 1.83, y al mío le faltan 1.84 con mil, cien mil y un millón. El gradiente es un promedio: con más observaciones
        se calcula mejor, pero no es más grande, entonces cada paso mueve el sesgo lo mismo. Con 1000 iteraciones sí llegó a 4.99. Lo que
        mejora con un millón es la precisión de los pesos.
    """,
    "q3": """
        0.0001: de 230 bajó a 126, pesos (0.57, -0.85), la línea sale acostada. 0.001: bajó a 10.7, los pesos ya casi, pero el sesgo va por 0.45.
        0.1: sube a 1e78, los pesos cambian de signo y cada vez son más grandes, no oscila, se va. 1: la pérdida llega a 1e303 y los pesos a 1e152.
        |1-33.3a|>1 desde 0.06. Las cuatro tardaron lo mismo porque hacen las mismas cuentas.
    """,
    "q4": """
        La pérdida solo se imprime; lo que mueve los pesos es la pendiente, y esa no la cambié en el primero. Al cambiarla cada paso es del doble, así
        que es igual que entrenar la pérdida de la clase con tasa 0.02, y el sesgo llega a 4.34.
    """,
    "q5": """
        La pendiente de |d| es +1 o -1, no importa si faltan 30 o 0.3. Por eso baja en línea recta y L2 no, porque su pendiente es d y se va haciendo
        chiquita. Con metas equivocadas por mucho, L1 las jala igual que a las demás y L2 les haría demasiado caso.
    """,
    "q6": """
        Nada, solo cambié los números con que se generan los datos. La red no sabe cuál es la función. El error de los pesos se multiplica por 0.67 en cada
        iteración y el del sesgo por 0.99, por eso el sesgo va en -7.6 y los pesos ya están.
    """,
}
GOOD_EN = {
    "q1": """
        It took about 40 times as long. Weights 2.0003 and -2.9996 instead of 2.006 and -3.01, the bias is 3.17 in both. The plot is denser, the line
        is the same line. More data gives less scatter, not another answer.
    """,
    "q2": """
        5*0.99^100 = 1.83 should be missing, and in mine 1.82 is. The gradient is a mean over the observations, so a million of them don't make it
        bigger. What helps is more iterations: with 1000 the bias is 4.998. The million gave me more exact weights.
    """,
    "q3": """
        0.0001 hardly moves (loss 231 to 125), 0.001 is slow (10.8, bias 0.46). 0.1 and 1 blow up: 1e78 and 1e303, weights 1e38 and 1e152, with no line at
        all. The error flips sign every time but gets 2.3 times larger, so it's not an oscillation. Critical rate: 2/33.3 = 0.06. Same time
        for all.
    """,
    "q4": """
        The loss is only a number we look at. The slope moves the weights, and with the old slope they end in the same place. With the new slope it is the
        same as rate 0.02 with the class loss.
    """,
    "q5": """
        The slope of the absolute value is 1 or -1 wherever you are, so equal steps. A wrong target pulls no harder than others.
    """,
    "q6": """
        Nothing in the algorithm. Only the data. The weights' error shrinks by a third each iteration and the bias's by 1 %.
    """,
}


def seeded(nb: Notebook) -> None:
    """Runs that go wrong earn parts of points by chance: a seed, as many a student sets one, keeps the chance still."""
    nb.add("base-data", "np.random.seed(7)")


def good(nb: Notebook) -> None:
    nb.write(**(GOOD_ES if nb.language == "es" else GOOD_EN))


# ---------------------------------------------------------------------------------------- right but different


def perfect(nb: Notebook) -> None:
    good(nb)


def in_float32(nb: Notebook) -> None:
    """Single precision throughout, as on a small machine."""
    good(nb)
    nb.edit(
        "base-data", "return entradas, metas", "return entradas.astype(np.float32), metas.astype(np.float32)"
    )
    nb.edit("base-train", "size=(2, 1))", "size=(2, 1)).astype(np.float32)")
    nb.edit("base-train", "size=1)", "size=1).astype(np.float32)")
    nb.edit(
        "base-train",
        "pesos = pesos - tasa * entradas.T @ s",
        "pesos = pesos - np.float32(tasa) * (entradas.T @ s)",
    )
    nb.edit(
        "base-train", "sesgos = sesgos - tasa * np.sum(s)", "sesgos = sesgos - np.float32(tasa) * s.sum()"
    )


def flat_shapes(nb: Notebook) -> None:
    """Weights of shape (2,), a bias that is a float, targets of shape (n,), losses as an array."""
    good(nb)
    nb.rewrite(
        "base-data",
        """
        rng = np.random.default_rng()

        def make_data(n, w1, w2, b):
            inputs = rng.uniform(-10, 10, (n, 2))
            return inputs, inputs @ [w1, w2] + b + rng.uniform(-1, 1, n)
    """,
    )
    nb.rewrite(
        "base-loss",
        """
        def half_l2(outputs, targets):
            d = np.ravel(outputs) - np.ravel(targets)
            return (d ** 2).mean() / 2

        def half_l2_slope(outputs, targets):
            return (np.ravel(outputs) - np.ravel(targets)) / np.size(targets)
    """,
    )
    nb.rewrite(
        "base-train",
        """
        def train(inputs, targets, learning_rate=0.01, iterations=100, loss=half_l2, slope=half_l2_slope):
            w, b, history = rng.uniform(-.1, .1, 2), float(rng.uniform(-.1, .1)), np.zeros(iterations)
            for k in range(iterations):
                out = inputs @ w + b
                history[k] = loss(out, targets)
                s = slope(out, targets)
                w, b = w - learning_rate * s @ inputs, b - learning_rate * s.sum()
            return w, b, history
    """,
    )
    nb.rewrite("q4-loss", "def l2(o, t):\n    return np.mean((o - np.ravel(t)) ** 2) if np.ndim(o) == 1 else np.mean((o - t) ** 2)\n\n"
               "def l2_slope(o, t):\n    return 2 * (np.ravel(o) - np.ravel(t)) / np.size(t)")  # fmt: skip
    nb.rewrite("q5-loss", "def l1(o, t):\n    return np.abs(np.ravel(o) - np.ravel(t)).mean()\n\n"
               "def l1_slope(o, t):\n    return np.sign(np.ravel(o) - np.ravel(t)) / np.size(t)")  # fmt: skip


NEURON = """
    class Neurona:
        \"\"\"Una neurona lineal.\"\"\"

        def __init__(self):
            self.w = np.random.uniform(-0.1, 0.1, (2, 1))
            self.b = np.random.uniform(-0.1, 0.1)
            self.historia = []

        def salida(self, x):
            return x.dot(self.w) + self.b

        def aprender(self, x, y, alfa=0.01, pasos=100, tipo="mitad"):
            for _ in range(pasos):
                d = self.salida(x) - y
                if tipo == "l1":
                    self.historia.append(np.abs(d).mean())
                    g = np.sign(d)
                else:
                    factor = 1 if tipo == "mitad" else 2
                    self.historia.append((d ** 2).mean() * (0.5 if tipo == "mitad" else 1))
                    g = d if tipo in ("mitad", "mixto") else factor * d
                self.w -= alfa * x.T.dot(g) / len(x)
                self.b -= alfa * g.mean()
            return self.w, self.b, self.historia


    def mis_datos(n, a, b, c):
        x = np.random.uniform(-10, 10, (n, 2))
        return x, x.dot([[a], [b]]) + c + np.random.uniform(-1, 1, (n, 1))
"""


def with_a_class(nb: Notebook) -> None:
    """A class with names of its own in place of the functions."""
    good(nb)
    nb.rewrite("base-data", NEURON)
    nb.rewrite("base-loss", "pass  # la pérdida está en la clase")
    nb.rewrite("base-train", "pass  # el entrenamiento está en la clase")
    nb.rewrite(
        "base-run",
        """
        entradas, metas = mis_datos(1000, 2, -3, 5)
        t = time.perf_counter()
        pesos, sesgos, perdidas = Neurona().aprender(entradas, metas)
        segundos = time.perf_counter() - t
    """,
    )
    nb.edit("q1-run", "generar_datos", "mis_datos")
    nb.edit(
        "q1-run", "entrenar(entradas_q1, metas_q1, 0.01, 100)", "Neurona().aprender(entradas_q1, metas_q1)"
    )
    nb.edit("q2-run", "generar_datos", "mis_datos")
    nb.edit(
        "q2-run", "entrenar(entradas_q2, metas_q2, 0.01, 100)", "Neurona().aprender(entradas_q2, metas_q2)"
    )
    nb.edit(
        "q2-run", "entrenar(entradas, metas, 0.01, 1000)", "Neurona().aprender(entradas, metas, pasos=1000)"
    )
    nb.edit(
        "q3-run", "entrenar(entradas, metas, una_tasa, 100)", "Neurona().aprender(entradas, metas, una_tasa)"
    )
    nb.rewrite("q4-loss", "pass")
    nb.rewrite(
        "q4-run",
        """
        pesos_mixto, sesgos_mixto, perdidas_mixto = Neurona().aprender(entradas, metas, tipo="mixto")
        pesos_l2, sesgos_l2, perdidas_l2 = Neurona().aprender(entradas, metas, tipo="l2")
    """,
    )
    nb.rewrite("q5-loss", "pass")
    nb.edit("q5-run", "entrenar(entradas, metas, 0.01, 100, norma_l1, pendiente_l1)",
            'Neurona().aprender(entradas, metas, tipo="l1")')  # fmt: skip
    nb.edit("q5-run", "entrenar(entradas, metas, 0.01, 3000, norma_l1, pendiente_l1)",
            'Neurona().aprender(entradas, metas, pasos=3000, tipo="l1")')  # fmt: skip
    nb.edit("q6-run", "generar_datos", "mis_datos")
    nb.edit(
        "q6-run", "entrenar(entradas_q6, metas_q6, 0.01, 100)", "Neurona().aprender(entradas_q6, metas_q6)"
    )
    nb.edit(
        "q6-run",
        "entrenar(entradas_q6, metas_q6, 0.01, 1000)",
        "Neurona().aprender(entradas_q6, metas_q6, pasos=1000)",
    )


def extra_cells(nb: Notebook) -> None:
    """Cells of its own, warnings, text on stderr, claims in other words, figures by plt alone."""
    good(nb)
    nb.add(
        "base-data", "import sys, warnings\nwarnings.warn('solo una prueba')\nprint('hola', file=sys.stderr)"
    )
    nb.add("q1-run", "entradas.mean(), entradas.std()")
    nb.rewrite(
        "base-figure",
        """
        plt.figure()
        plt.plot(metas, entradas @ pesos + sesgos, "o", alpha=0.3)
        plt.xlabel("meta")
        plt.ylabel("salida")
        figura_base = plt.gcf()
    """,
    )
    nb.edit("q2-claim", 'al_sesgo_le_faltan = "iterations"', 'al_sesgo_le_faltan = "más Iteraciones"')
    nb.edit(
        "q3-claims",
        'comportamiento = {0.0001: "slow", 0.001: "slow", 0.1: "diverges", 1: "overflows"}',
        'comportamiento = ["muy lenta", "Lenta", "diverge", "se desborda (inf)"]',
    )
    nb.edit(
        "q3-claims",
        "resuelve = {0.0001: False, 0.001: False, 0.1: False, 1: False}",
        'resuelve = {"0.0001": "no", "0.001": "no", "0.1": "no", "1": "no"}',
    )


def in_english_words(nb: Notebook) -> None:
    """The Spanish notebook, filled in with the English names of a friend's."""
    good(nb)
    nb.edit("q1-run", "pesos_q1, sesgos_q1", "weights_q1, biases_q1", count=1)
    nb.edit("q1-run", "print(pesos_q1.ravel(), sesgos_q1, segundos_q1)", "print(weights_q1, biases_q1)")
    nb.edit("q1-figure", "pesos_q1 + sesgos_q1", "weights_q1 + biases_q1")


# ------------------------------------------------------------------------------------------- real mistakes


def gradient_kept(nb: Notebook) -> None:
    """The loss is passed to the training, its slope is not."""
    seeded(nb)
    good(nb)
    nb.edit("q4-run", "norma_l2, pendiente_l2)", "norma_l2)")
    nb.edit("q4-claim", "l2_mas_lejos = True", "l2_mas_lejos = False")
    nb.edit("q5-run", "norma_l1, pendiente_l1)", "norma_l1)", count=2)


def stopped_early(nb: Notebook) -> None:
    """3.19 taken for the answer; more observations believed to help."""
    seeded(nb)
    good(nb)
    nb.edit("q2-run", "entrenar(entradas, metas, 0.01, 1000)", "entrenar(entradas, metas, 0.01, 100)")
    nb.edit("q2-claim", '"iterations"', '"observaciones"')
    nb.edit(
        "q6-run", "entrenar(entradas_q6, metas_q6, 0.01, 1000)", "entrenar(entradas_q6, metas_q6, 0.01, 100)"
    )
    nb.write(q2="El sesgo da 3.19, eso es lo que encontró la red. Con más observaciones se va a acercar a 5.")


def line_everywhere(nb: Notebook) -> None:
    """The 45-degree line claimed at rates that diverged."""
    good(nb)
    nb.edit("q3-claims", "linea_45 = {0.0001: False, 0.001: False, 0.1: False, 1: False}",
            "linea_45 = {0.0001: False, 0.001: True, 0.1: True, 1: True}")  # fmt: skip


def overflow_solved(nb: Notebook) -> None:
    """inf read as a success; 0.1 said to oscillate."""
    good(nb)
    nb.edit("q3-claims", "resuelve = {0.0001: False, 0.001: False, 0.1: False, 1: False}",
            "resuelve = {0.0001: False, 0.001: False, 0.1: False, 1: True}")  # fmt: skip
    nb.edit("q3-claims", '0.1: "diverges"', '0.1: "oscila"')


def uphill(nb: Notebook) -> None:
    """The sign of the update."""
    seeded(nb)
    good(nb)
    nb.edit("base-train", "weights - learning_rate", "weights + learning_rate")
    nb.edit("base-train", "biases - learning_rate", "biases + learning_rate")


def not_divided(nb: Notebook) -> None:
    """No 1/n in the slopes."""
    seeded(nb)
    good(nb)
    nb.edit("base-loss", "return (salidas - metas) / len(metas)", "return salidas - metas")


def rate_twice(nb: Notebook) -> None:
    """The rate multiplies the slope, and then the step."""
    seeded(nb)
    good(nb)
    nb.edit("base-train", "s = pendiente(salidas, metas)", "s = tasa * pendiente(salidas, metas)")


def no_noise(nb: Notebook) -> None:
    """Targets that are the function exactly. Seeded: without the noise's part, the last loss is at the edge of the bounds."""
    nb.add("base-data", "np.random.seed(1)")
    good(nb)
    nb.edit("base-data", " + b + ruido", " + b")


def other_function(nb: Notebook) -> None:
    """2 x1 + 3 x2 + 5."""
    seeded(nb)
    good(nb)
    nb.edit("base-run", "make_data(1000, 2, -3, 5)", "make_data(1000, 2, 3, 5)")


def halved(nb: Notebook) -> None:
    """The new loss is the old one under another name."""
    good(nb)
    nb.edit("q4-loss", "/ len(metas))", "/ 2 / len(metas))")


def typed_in(nb: Notebook) -> None:
    """Question 6 by hand."""
    good(nb)
    nb.rewrite(
        "q6-run",
        """
        pesos_q6 = np.array([[13.002], [6.997]])
        sesgos_q6 = np.array([-7.61])
        pesos_q6_largo = np.array([[13.0], [7.0]])
        sesgos_q6_largo = np.array([-11.99])
    """,
    )


def as_the_report(nb: Notebook) -> None:
    """As the printed reports say: 3.18 solved, more observations would do it, lines at all rates, losses without slopes."""
    seeded(nb)
    nb.write(
        q1="Con 100,000 observaciones el tiempo es mayor y los pesos son 2.0 y -3.0.",
        q2="Los pesos son 2.00003351 -2.99983041 y el sesgo 3.18070216. Con más observaciones se acerca al valor.",
        q3="Con tasa 1 los pesos son -2.43453136e+151 y la gráfica es una línea de 45 grados. Con 0.1 oscila.",
        q4="Los valores de la pérdida son más grandes: 484.3362 229.2614 115.5940 64.7947 41.9488.",
        q5="La pérdida es menor porque no se eleva al cuadrado.",
        q6="Se cambió la función y los pesos cambiaron.",
    )
    nb.edit("q2-run", "entrenar(entradas, metas, 0.01, 1000)", "entrenar(entradas, metas, 0.01, 100)")
    nb.edit("q2-claim", '"iterations"', '"observaciones"')
    nb.edit("q3-claims", "linea_45 = {0.0001: False, 0.001: False, 0.1: False, 1: False}",
            "linea_45 = {0.0001: False, 0.001: True, 0.1: False, 1: True}")  # fmt: skip
    nb.edit("q3-claims", '0.1: "diverges"', '0.1: "oscila"')
    nb.edit("q4-run", "norma_l2, pendiente_l2)", "norma_l2)")
    nb.edit("q4-claim", "l2_mas_lejos = True", "l2_mas_lejos = False")
    nb.edit("q5-run", "norma_l1, pendiente_l1)", "norma_l1)", count=2)


# ------------------------------------------------------------------------------------ not finished, damaged


def half_done(nb: Notebook) -> None:
    """The class model and question 1."""
    nb.write(q1=GOOD_EN["q1"])
    for name in ("q2-run", "q3-run", "q3-figures", "q4-run", "q5-run", "q6-run"):
        nb.rewrite(name, "...")
    nb.rewrite("q4-loss", "...")
    nb.rewrite("q5-loss", "...")
    for name, role in (
        ("q2-claim", "bias_needs_more"),
        ("q4-claim", "l2_further"),
        ("q5-claim", "l1_solved"),
    ):
        nb.rewrite(name, f"{role} = ...")
    nb.rewrite("q3-claims", "...")


def endless_loop(nb: Notebook) -> None:
    """Question 5 never ends."""
    good(nb)
    nb.edit("q5-run", "pesos_l1, sesgos_l1", "while True: pass\npesos_l1, sesgos_l1", count=1)


def calls_exit(nb: Notebook) -> None:
    """os._exit() in a cell of its own."""
    good(nb)
    nb.add("q3-run", "import os\nos._exit(0)")


SAMPLES = (
    Sample("ana-sofia-tzul.ipynb", "perfect, in Spanish", perfect),
    Sample("oliver-brown.ipynb", "perfect, in English", perfect, language="en"),
    Sample("diego_ajú.ipynb", "single precision throughout", in_float32),
    Sample("hannah-schmidt.ipynb", "weights (2,), a float for the bias, targets (n,)", flat_shapes, language="en"),
    Sample("Lab A - Brenda Xocoy.ipynb", "a class with names of its own in place of the functions", with_a_class),
    Sample("luis_pedro (2).ipynb", "extra cells, warnings, answers in other words", extra_cells),
    Sample("maria-jose.ipynb", "one question with the English names", in_english_words),
    Sample("wendy-coc.ipynb", "metadata lost", lambda nb: (good(nb), forget_metadata(nb))),
    Sample("kevin-morales.ipynb", "the losses of questions 4 and 5 without their slopes", gradient_kept,
           points(q4=6, q5=7), mistakes=("gradient-not-changed",)),
    Sample("andrea_lopez.ipynb", "3.19 for an answer, more observations to help", stopped_early,
           points(q2=4, q6=4.75), mistakes=("stopped-early", "observations-for-iterations")),
    Sample("jorge.cumes.ipynb", "a 45-degree line at rates that diverged", line_everywhere,
           points(q3=15.5), mistakes=("line-at-divergence",)),
    Sample("emma_wilson.ipynb", "inf for a success, 0.1 oscillates", overflow_solved, points(q3=15.25), language="es",
           mistakes=("overflow-as-success", "oscillates-only")),
    Sample("noah-evans.ipynb", "uphill", uphill, points(base=6.2), language="en", mistakes=("wrong-sign",)),
    Sample("silvia_perez.ipynb", "slopes not divided by n", not_divided, points(base=5.2), mistakes=("missing-mean",)),
    Sample("hugo-batz.ipynb", "the rate counts twice", rate_twice, points(base=6.7), mistakes=("learning-rate-twice",)),
    Sample("paola-ixcoy.ipynb", "targets without noise", no_noise, points(base=13), mistakes=("no-noise",)),
    Sample("james-li.ipynb", "another function in the base experiment", other_function, points(base=11), language="en",
           mistakes=("wrong-function",)),
    Sample("mario_sac.ipynb", "L2 still divided by two", halved, points(q4=7.5), mistakes=("still-halved",)),
    Sample("rodrigo-ac.ipynb", "question 6 typed in by hand", typed_in, points(q6=3), mistakes=("typed-in",),
           status="needs_a_look"),
    Sample("reporte_grupo_3.ipynb", "as the printed reports say", as_the_report, points(q2=4, q3=15.25, q4=6, q5=7),
           mistakes=("stopped-early", "observations-for-iterations", "line-at-divergence", "oscillates-only",
                     "gradient-not-changed")),
    Sample("lucy-adams.ipynb", "half done: the class model and question 1", half_done,
           points(q2=0, q3=0, q4=0, q5=0, q6=0), language="en"),
    Sample("byron_tot.ipynb", "empty, as it was released", untouched, NONE, released=True),
    Sample("elena-quim.ipynb", "broken JSON: the download stopped", perfect, NONE, status="needs_a_look", damage=cut_off),
    Sample("saul_caal.ipynb", "a loop that never ends", endless_loop, points(q5=2)),
    Sample("iris-tun.ipynb", "os._exit() in the middle", calls_exit),
)  # fmt: skip
