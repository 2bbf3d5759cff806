"""The sample class of linear-regression-tensorflow: notebooks as students hand them in, and the points each must get."""

from __future__ import annotations

from sample_class import Notebook, Sample, cut_off, forget_metadata, untouched

ASSIGNMENT = "linear-regression-tensorflow"


def points(base: float = 16, q1: float = 12, q2: float = 24, q3: float = 18) -> dict[str, float]:
    """Automatic points by question; full where nothing is said."""
    return {"base": base, "q1": q1, "q2": q2, "q3": q3}


NONE = points(0, 0, 0, 0)

# --------------------------------------------------------------------------------------------- written answers

GOOD_ES = {
    "base": """
        Sí está resuelto: me salieron pesos 2.01 y -3.00 y sesgo 4.98, y en la figura los puntos están sobre la línea de 45 grados. En la parte 1
        eran 100 iteraciones y el sesgo iba por 3.17. Aquí cada época tiene 32 lotes (el último no va lleno), entonces en 30 épocas son 960
        actualizaciones, y además la tasa es 0.02 y el MSE no está dividido entre dos, así que cada paso es más grande.
    """,
    "q1": """
        Cambió el tiempo: cada época tarda como ochenta veces más, porque tiene 3125 actualizaciones y antes 32. Los pesos y el sesgo
        no cambiaron. Dos épocas son 6250 actualizaciones, más que las 960 de antes, por eso alcanzan. Al correr otra vez la celda los pesos cambian
        unas centésimas. No es por los datos, porque con cien veces más datos varía igual: es porque cada lote de 32 jala un poquito distinto.
    """,
    "q2": """
        A 0.0001 los pesos ya están en 2 y -3 pero el sesgo va por 0.89, le faltan épocas, no está resuelto aunque la figura se parezca. A 0.001
        el sesgo llegó a 4.26 y sigue bajando la pérdida. A 0.1 la pérdida pasa a inf en la primera época y después nan; a 1 es nan desde
        el principio. inf es que el número ya no cupo y nan es restar inf con inf: ya no hay pesos, entonces no hay línea. La que separa
        está entre 0.001 y 0.1: cada actualización multiplica el error por 1 - 2*33.3*tasa, y eso pasa de -1 en 0.03. Probé 0.02 y 0.04.
    """,
    "q3": """
        La pendiente de Huber en d=1 es 1 y en d=50 también es 1, o sea que una meta equivocada jala igual que cualquiera. La de MSE es 2d: en 50
        jala cincuenta veces más. Por eso mismo Huber va despacio desde lejos, sus pasos no crecen. El sesgo de MSE salió cerca
        de 10 porque el promedio de las metas subió 0.1*50 = 5. Con datos limpios llegan a lo mismo: (2.0, -3.0, 4.98) y (1.97, -3.00, 4.99).
    """,
}
GOOD_EN = {
    "base": """
        Yes. My weights are 1.99 and -3.02 and the bias 5.01, and the points lie on the 45-degree line. 30 epochs are not 30 steps: there are
        32 batches in 1000 observations, so 960 updates, against 100 in part 1. The rate is also twice as large and MSE is not halved.
    """,
    "q1": """
        Each epoch takes much longer (3125 updates instead of 32) and the answer is the same. Two epochs are already 6250 updates. Running it
        again moves the weights by a few hundredths, the same as with 1000 observations, so it comes from the batches and not from the data.
    """,
    "q2": """
        0.0001: weights fine, bias only 0.88, loss 17, so it is not solved, it needs more epochs (I'd say ten times more). 0.001: bias 4.27,
        loss 0.9. 0.1 overflows to inf and then nan in the first epochs, 1.0 is nan at once. nan is not a number, there are no outputs, so there
        is no line. An update multiplies the weights' error by 1 - 66.7*rate, beyond -1 above 0.03, so between 0.001 and 0.1.
    """,
    "q3": """
        The slope of Huber is never more than 1, so a target that is off by 50 pulls no harder than one that is off by 1. With MSE it pulls 50
        times as hard. For the same reason Huber needs more epochs when it starts far away. MSE's bias went to about 10 = 5 + 10 % of 50. On clean
        data both give (2, -3, 5).
    """,
}
SHORT_ES = {
    "base": "Sí, los pesos salen cerca de 2 y -3 y el sesgo casi 5. Aquí hay más actualizaciones que en la parte 1.",
    "q1": "Tarda más cada época pero llega a lo mismo, porque hay más actualizaciones en cada época.",
    "q2": "Con 0.0001 le falta al sesgo. 0.001 es la mejor. Con 0.1 y 1 se va a nan, eso quiere decir que ya no hay número.",
    "q3": "Huber no se deja jalar por los valores raros porque su pendiente es fija. MSE sí y por eso el sesgo sale en 10.",
}
SHORT_EN = {
    "base": "Weights are about 2 and -3, bias about 5. 30 epochs are many more updates than 100.",
    "q1": "Slower, same answer.",
    "q2": "0.001 is the best one. 0.0001 is too slow, 0.1 and 1 explode to nan.",
    "q3": "Huber's slope is bounded so outliers do not pull it. MSE ends at a bias of 10.",
}


def good(nb: Notebook) -> None:
    nb.write(**(GOOD_ES if nb.language == "es" else GOOD_EN))


def short(nb: Notebook) -> None:
    nb.write(**(SHORT_ES if nb.language == "es" else SHORT_EN))


# ---------------------------------------------------------------------------------------- right but different


def perfect(nb: Notebook) -> None:
    good(nb)
    nb.printed("base-train", "[ 2.0124 -2.9981] [4.9817] 0.35121\n")


def functional(nb: Notebook) -> None:
    """The functional API, functions under other names, the history's dictionary in place of the object."""
    good(nb)
    nb.rewrite(
        "base-model",
        """
        def neurona(alfa, perdida=None):
            x = tf.keras.layers.Input((2,), name="datos")
            y = tf.keras.layers.Dense(units=1, activation="linear", kernel_initializer="random_uniform", name="neurona")(x)
            m = tf.keras.models.Model(inputs=x, outputs=y)
            m.compile(tf.keras.optimizers.SGD(alfa), perdida or tf.keras.losses.MeanSquaredError())
            return m
    """,
    )
    nb.rewrite(
        "base-train",
        """
        X, Y = generar_datos(1000)
        modelo = neurona(0.02)
        t0 = time.time()
        historial = modelo.fit(X, Y, epochs=30, verbose=0).history
        segundos = time.time() - t0
        pesos = modelo.layers[-1].kernel.numpy()
        sesgos = modelo.layers[-1].bias.numpy()[0]
    """,
    )
    nb.edit("base-figure", "modelo.predict(entradas, verbose=0)", "modelo(X).numpy()")
    nb.edit("base-figure", "ax.scatter(metas, salidas, s=4)", "ax.plot(Y, salidas, 'o', markersize=2)\nax.plot([-50, 60], [-50, 60], 'r')")  # fmt: skip
    nb.edit("q1-train", "construir_modelo(0.02)", "neurona(0.02)")
    nb.edit("q1-train", "segundos / 30", "round(segundos / 30, 4)")
    nb.rewrite(
        "q2-train",
        """
        historiales_por_tasa, pesos_por_tasa, sesgos_por_tasa = {}, {}, {}
        for alfa in np.array([0.0001, 0.001, 0.1, 1]):
            m = neurona(float(alfa))
            h = m.fit(X, Y, epochs=30, verbose=0)
            historiales_por_tasa[alfa] = np.array(h.history["loss"])
            pesos_por_tasa[alfa] = m.layers[-1].kernel
            sesgos_por_tasa[alfa] = m.layers[-1].bias
    """,
    )
    nb.rewrite(
        "q3-train",
        """
        modelo_huber = neurona(0.02, "huber")
        historial_huber = modelo_huber.fit(X, Y, epochs=30, verbose=0).history
        Y_malas = agregar_atipicas(Y)
        m_mse, m_huber = neurona(0.02), neurona(0.02, tf.keras.losses.Huber(delta=1.0))
        for m in (m_mse, m_huber):
            m.fit(X, Y_malas, epochs=30, verbose=0)
        ajustes_limpios = {"mse": ajuste_de(modelo), "huber": ajuste_de(modelo_huber)}
        ajustes_atipicos = {"mse": ajuste_de(m_mse), "huber": ajuste_de(m_huber)}
        epocas_por_perdida = {"mse": epocas_necesarias(historial["loss"]), "huber": epocas_necesarias(historial_huber["loss"])}
    """,
    )


def subclassed(nb: Notebook) -> None:
    """A subclass of keras.Model, `import keras`, a line printed for each epoch, warnings about a GPU on stderr."""
    short(nb)
    nb.rewrite(
        "base-model",
        """
        import sys
        import warnings

        import keras


        class Neuron(keras.Model):
            def __init__(self):
                super().__init__()
                self.out = keras.layers.Dense(1)

            def call(self, x):
                return self.out(x)


        def build_model(rate, loss="mean_squared_error"):
            m = Neuron()
            m.build((None, 2))
            m.compile(optimizer=keras.optimizers.SGD(rate), loss=loss, metrics=["mae"])
            return m


        print("2026-11-25 18:03:11.482: W external/local_xla/xla/stream_executor/cuda: Could not find cuda drivers on your machine, "
              "GPU will not be used.", file=sys.stderr)
        warnings.warn("no GPU found")
    """,
    )
    nb.edit("base-train", ", verbose=0", "")
    nb.edit("q2-train", ", verbose=0", ", verbose=2")
    nb.edit("q3-train", "tf.keras.losses.Huber()", "keras.losses.huber", count=2)


def other_dress(nb: Notebook) -> None:
    """Keys as text, History objects in the dictionary, plt alone, get_weights whole, claims as lists and words."""
    good(nb)
    nb.edit("base-train", "pesos, sesgos = modelo.get_weights()", "pesos = sesgos = modelo.get_weights()")
    nb.edit("base-train", "print(pesos.ravel(), sesgos, ", "print(pesos, ")
    nb.rewrite(
        "base-figure",
        """
        plt.figure(figsize=(6, 6))
        plt.scatter(modelo.predict(entradas), metas, alpha=0.3)
        plt.xlabel("salida del modelo"); plt.ylabel("meta"); plt.title("45 grados")
        plt.grid(); plt.show()
    """,
    )
    nb.edit("q1-claims", "{1000: 32, 100_000: 3125}", "[32, np.ceil(100_000 / 32)]")
    nb.edit("q1-claims", "cambia_la_respuesta = False", 'cambia_la_respuesta = "No, es la misma"')
    nb.rewrite(
        "q2-train",
        """
        historiales_por_tasa = {}
        pesos_por_tasa = {}
        sesgos_por_tasa = {}
        for t in ["0.0001", "0.001", "0.1", "1"]:
            m = construir_modelo(float(t))
            historiales_por_tasa[t] = m.fit(entradas, metas, batch_size=32, epochs=30, verbose=0,
                                            callbacks=[tf.keras.callbacks.TerminateOnNaN()])
            pesos_por_tasa[t], sesgos_por_tasa[t] = m.weights
    """,
    )
    nb.rewrite(
        "q2-figure",
        """
        for t in historiales_por_tasa:
            plt.semilogy(historiales_por_tasa[t].history["loss"], label="tasa = " + t)
        plt.xlabel("épocas"); plt.ylabel("pérdida (MSE)"); plt.legend(); plt.show()
    """,
    )
    nb.edit("q2-claims", '{0.0001: "slow", 0.001: "good", 0.1: "diverges", 1.0: "nan"}', '["Lenta", "buena", "Diverge (NaN)", "nan"]')  # fmt: skip
    nb.edit("q2-claims", "{0.0001: False, 0.001: True, 0.1: False, 1.0: False}", '["No, le falta", "sí", "no", "no"]')  # fmt: skip
    nb.edit("q2-claims", "mejor_tasa = 0.001", 'mejor_tasa = "0.001"')
    nb.edit("q3-claims", 'perdida_robusta = "huber"', 'perdida_robusta = "La de Huber"')


def metadata_lost(nb: Notebook) -> None:
    good(nb)
    forget_metadata(nb)


# ------------------------------------------------------------------------------------------------- mistakes


def integer_rate(nb: Notebook) -> None:
    """1 typed for 1.0: Keras refuses, and the loop ends before the last rate."""
    nb.write(
        **{
            **SHORT_ES,
            "q2": "Con la tasa 1 me tira error y no supe por qué. Las demás: 0.0001 lenta, 0.001 bien, 0.1 nan.",
        }
    )
    nb.edit("q2-train", "(0.0001, 0.001, 0.1, 1.0)", "[0.0001, 0.001, 0.1, 1]")


def stopped_early(nb: Notebook) -> None:
    nb.write(
        **{
            **SHORT_ES,
            "base": "Los pesos salieron 2.00 y -3.02 y el sesgo 0.89, entonces la función es 2x1 - 3x2 + 0.89.",
        }
    )
    nb.edit("base-train", "construir_modelo(0.02)", "construir_modelo(0.0001)")
    nb.edit("q1-claims", "cambia_la_respuesta = False", "cambia_la_respuesta = True")
    nb.rewrite(
        "q3-train",
        """
        limpio = construir_modelo(0.02)
        historial_limpio = limpio.fit(entradas, metas, batch_size=32, epochs=30, verbose=0)
        modelo_huber = construir_modelo(0.02, tf.keras.losses.Huber())
        historial_huber = modelo_huber.fit(entradas, metas, batch_size=32, epochs=30, verbose=0)
        ajustes_limpios = {"mse": ajuste_de(limpio), "huber": ajuste_de(modelo_huber)}
        epocas_por_perdida = {"mse": epocas_necesarias(historial_limpio.history["loss"]),
                              "huber": epocas_necesarias(historial_huber.history["loss"])}
        metas_atipicas = agregar_atipicas(metas)
        ajustes_atipicos = {}
        for nombre, funcion in (("mse", "mse"), ("huber", tf.keras.losses.Huber())):
            entrenado = construir_modelo(0.02, funcion)
            entrenado.fit(entradas, metas_atipicas, batch_size=32, epochs=30, verbose=0)
            ajustes_atipicos[nombre] = ajuste_de(entrenado)
    """,
    )


def as_the_report(nb: Notebook) -> None:
    """What a printed report says: 0.89 for an answer, observations for iterations, 0.1 that only oscillates, the line at NaN."""
    nb.write(
        base="El modelo aprende los pesos 2.0022 y -3.0191 y el sesgo 4.98, casi igual que en la parte 1.",
        q1="Con más observaciones hay más iteraciones, por eso tarda más y el resultado es más exacto.",
        q2="Con 0.0001 sí resuelve: pesos (2.00, -3.02), sesgo 0.89. Con 0.1 solo oscila pero se sigue cumpliendo la línea de 45 grados. Con 1 da nan.",
        q3="Huber da casi lo mismo que MSE, w (1.97, -3.00) y sesgo 4.99.",
    )
    nb.edit("q1-claims", "{1000: 32, 100_000: 3125}", "{1000: 1000, 100_000: 100_000}")
    nb.edit("q2-claims", '{0.0001: "slow", 0.001: "good", 0.1: "diverges", 1.0: "nan"}', '{0.0001: "buena", 0.001: "buena", 0.1: "oscila", 1.0: "nan"}')  # fmt: skip
    nb.edit("q2-claims", "{0.0001: False, 0.001: True, 0.1: False, 1.0: False}", "{0.0001: True, 0.001: True, 0.1: True, 1.0: False}")  # fmt: skip
    nb.edit("q2-claims", "mejor_tasa = 0.001", "mejor_tasa = 0.0001")


def line_at_divergence(nb: Notebook) -> None:
    short(nb)
    nb.edit("q2-claims", "{0.0001: False, 0.001: True, 0.1: False, 1.0: False}", "{0.0001: True, 0.001: True, 0.1: True, 1.0: True}")  # fmt: skip


def nan_as_success(nb: Notebook) -> None:
    """NaN is smaller than nothing and larger than nothing, so min() keeps whatever came first."""
    nb.write(**{**SHORT_EN, "q2": "1.0 is the best one, its loss is nan so there is no error left."})
    nb.edit("q2-train", "(0.0001, 0.001, 0.1, 1.0)", "(1.0, 0.1, 0.001, 0.0001)")
    nb.edit("q2-claims", '1.0: "nan"', '1.0: "good"')
    nb.edit("q2-claims", "best_rate = 0.001", "best_rate = min(rate_histories, key=lambda r: rate_histories[r][-1])")  # fmt: skip


def loss_not_changed(nb: Notebook) -> None:
    """Huber among the metrics, mean squared error in compile."""
    short(nb)
    nb.edit(
        "base-model",
        "loss=loss)",
        'loss="mse", metrics=None if loss == "mse" else [loss])',
    )
    nb.rewrite(
        "q3-claims",
        """
        # las dos salieron casi igual
        perdida_robusta = min(ajustes_atipicos, key=lambda p: abs(ajustes_atipicos[p] - [2, -3, 5]).max())
        perdida_lenta = max(epocas_por_perdida, key=epocas_por_perdida.get)
    """,
    )
    nb.edit(
        "q3-train",
        'epocas_necesarias(historial_huber.history["loss"])',
        'epocas_necesarias(historial.history["loss"])',
    )


def continued_training(nb: Notebook) -> None:
    """One model for all rates; only its rate is set anew."""
    short(nb)
    nb.rewrite(
        "q2-train",
        """
        rate_histories, rate_weights, rate_biases = {}, {}, {}
        net = build_model(0.0001)
        for rate in (0.0001, 0.001, 0.1, 1.0):
            net.optimizer.learning_rate = rate
            rate_histories[rate] = net.fit(inputs, targets, batch_size=32, epochs=30, verbose=0).history["loss"]
            rate_weights[rate], rate_biases[rate] = net.get_weights()
    """,
    )


def typed_in(nb: Notebook) -> None:
    short(nb)
    nb.edit(
        "base-train",
        "pesos, sesgos = modelo.get_weights()",
        "pesos, sesgos = np.array([[2.0], [-3.0]]), np.array([5.0])",
    )


def mislabelled(nb: Notebook) -> None:
    short(nb)
    nb.rewrite(
        "q2-figure",
        """
        figura_tasas, ax = plt.subplots()
        for curva, nombre in zip(historiales_por_tasa.values(), ["0.001", "0.0001", "0.1", "1"]):
            ax.plot(curva, label=nombre)
        ax.set_xlabel("época")
        ax.set_ylabel("pérdida")
        ax.legend()
    """,
    )


def observations_for_updates(nb: Notebook) -> None:
    nb.write(**{**SHORT_ES, "q1": "Con cien mil hay cien mil iteraciones por época, por eso tarda más."})
    nb.edit("q1-claims", "{1000: 32, 100_000: 3125}", "{1000: len(entradas), 100_000: len(entradas_grande)}")


def default_rate(nb: Notebook) -> None:
    """optimizer="sgd" for the first model: Keras' own 0.01."""
    short(nb)
    nb.edit("base-train", "model = build_model(0.02)", 'model = build_model(0.02)\nmodel.compile(optimizer="sgd", loss="mse")')  # fmt: skip


def no_outliers(nb: Notebook) -> None:
    short(nb)
    nb.edit("q3-train", "entrenado.fit(entradas, metas_atipicas,", "entrenado.fit(entradas, metas,")
    nb.rewrite(
        "q3-claims",
        """
        perdida_robusta = min(ajustes_atipicos, key=lambda p: abs(ajustes_atipicos[p] - [2, -3, 5]).max())
        perdida_lenta = "huber"
    """,
    )


# ------------------------------------------------------------------------------------- half done, damaged, hostile


def half_done(nb: Notebook) -> None:
    """The model and question 1, and then the time was up."""
    nb.write(base=SHORT_EN["base"], q1=SHORT_EN["q1"])
    for name in ("q2-train", "q2-figure", "q2-claims", "q3-train", "q3-claims"):
        nb.rewrite(name, "# YOUR CODE HERE\nraise NotImplementedError()")


def calls_exit(nb: Notebook) -> None:
    short(nb)
    nb.add("q2-train", "import os\nos._exit(0)")


def a_million_points(nb: Notebook) -> None:
    """Every point of every epoch drawn, and the large data, too."""
    short(nb)
    nb.add(
        "q1-claims",
        """
        plt.scatter(large_targets, large_model.predict(large_inputs, batch_size=10_000, verbose=0))
        plt.plot(np.repeat(large_targets, 10), np.repeat(large_targets, 10), "o")
        plt.show()
    """,
    )
    nb.edit("base-figure", "ax.scatter(targets, outputs, s=4)", "ax.scatter(np.tile(targets, (1000, 1)), np.tile(outputs, (1000, 1)), s=4)")  # fmt: skip


SAMPLES = (
    # right
    Sample("ana-tahuico.ipynb", "perfect, in Spanish", perfect),
    Sample("jack-miller.ipynb", "perfect, in English", perfect, language="en"),
    # right, but different
    Sample("Luis Pedro Chocooj.ipynb", "the functional API, own names, the history's dictionary", functional),
    Sample(
        "nadia-rahman.ipynb",
        "a subclass of keras.Model, output for each epoch, GPU warnings on stderr",
        subclassed,
        language="en",
    ),
    Sample(
        "gabriela_mux.ipynb",
        "keys as text, History objects, TerminateOnNaN, plt alone, claims as lists",
        other_dress,
    ),
    Sample("hugo-batzin.ipynb", "metadata lost", metadata_lost),
    Sample("priscilla-adeyemi.ipynb", "a million points in a scatter plot", a_million_points, language="en"),
    # one mistake each
    Sample(
        "oscar-pop.ipynb",
        "the integer rate 1: Keras refuses",
        integer_rate,
        points(q2=19.63),
        mistakes=("integer-rate",),
    ),
    Sample(
        "tecla_ajanel.ipynb",
        "stopped before it arrived: 0.89 taken for the bias",
        stopped_early,
        points(base=11.75),
        mistakes=("stopped-early",),
    ),
    Sample(
        "wilson_caal.ipynb",
        "the 45-degree line claimed at every rate",
        line_at_divergence,
        points(q2=22.5),
        mistakes=("line-at-divergence",),
    ),
    Sample(
        "daniel-osei 2.ipynb",
        "NaN read as success",
        nan_as_success,
        points(q2=21),
        language="en",
        mistakes=("nan-as-success",),
    ),
    Sample(
        "byron_sis.ipynb",
        "Huber among the metrics, mean squared error in compile",
        loss_not_changed,
        points(q3=12),
        mistakes=("loss-not-changed",),
    ),
    Sample(
        "mei-lin.ipynb",
        "one model for all rates, never built anew",
        continued_training,
        points(q2=21),
        language="en",
        mistakes=("continued-training",),
    ),
    Sample(
        "josefa-raxon.ipynb",
        "weights typed in by hand",
        typed_in,
        points(base=14),
        mistakes=("typed-in",),
    ),
    Sample(
        "edy_coc (1).ipynb",
        "two curves under each other's names",
        mislabelled,
        points(q2=23.33),
        mistakes=("mislabelled-curves",),
    ),
    Sample(
        "ingrid-tzul.ipynb",
        "observations taken for updates",
        observations_for_updates,
        points(q1=9),
        mistakes=("observations-for-iterations",),
    ),
    Sample(
        "thomas-weber.ipynb",
        "the library's default rate",
        default_rate,
        points(base=15.25),
        language="en",
        mistakes=("default-rate",),
    ),
    Sample(
        "marvin.tzoy.ipynb",
        "trained without the outliers",
        no_outliers,
        points(q3=13),
        mistakes=("no-outliers",),
    ),
    Sample(
        "reporte-grupo-2.ipynb",
        "as the printed report says: 0.89 solved, observations as iterations, only oscillates, the line at NaN",
        as_the_report,
        points(q1=9, q2=19.25),
        mistakes=("observations-for-iterations", "oscillates-only", "line-at-divergence"),
    ),
    # not finished
    Sample(
        "sarah-kim.ipynb",
        "half done: the model and question 1",
        half_done,
        points(q2=0, q3=0),
        language="en",
    ),
    Sample("axel_morales.ipynb", "empty, as it was released", untouched, NONE, released=True),
    # damaged, careless
    Sample(
        "rosa-xiloj.ipynb",
        "broken JSON: the download stopped",
        perfect,
        NONE,
        status="needs_a_look",
        damage=cut_off,
    ),
    Sample("kenneth_yoc.ipynb", "os._exit() in the middle", calls_exit),
)
