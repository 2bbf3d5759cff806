"""The sample class of two-layer-network: notebooks as students hand them in, and the points each must get."""

from __future__ import annotations

import json

import nbformat

from sample_class import (
    Notebook,
    Sample,
    as_format_3,
    as_utf16,
    cut_off,
    forget_metadata,
    points,
    untouched,
)

ASSIGNMENT = "two-layer-network"
NONE = points(0, 0, 0)


# --------------------------------------------------------------------------------------------- written answers

GOOD_ES = {
    "q1": """
        Con todos los pesos en cero las dos neuronas ocultas calculan tanh(0) = 0, o sea lo mismo, y la salida es 0.5 para las cuatro
        entradas. Por eso el costo sale 0.693147 = ln 2 desde la primera iteración. Además W2 = 0, entonces dZ1 es cero y a W1 no le
        llega nada, y como A1 = 0 tampoco cambia W2. Si empezaran en uno sí se moverían, pero las dos igual: reciben el mismo gradiente y
        siguen siendo la misma neurona repetida, así que la red no gana nada con tener dos.
    """,
    "q2": """
        Le diría que cambió dos cosas a la vez, la tasa y los pesos iniciales, y así no se sabe cuál de las dos ayudó. En mis curvas las tres
        empiezan en 1.052558. A las 1000 iteraciones gana 0.5 (0.355), pero a las 10,000 se quedó en 0.347 y ya no baja, y la
        de 0.1 llegó a 0.007. Yo elegiría 0.1 si puedo esperar. La de 0.01 va lenta: todavía está en 0.693. Una lenta podría llegar
        con más iteraciones, la atascada ya no.
    """,
    "q3": """
        Los costos están en unidades distintas: la entropía puede ser muy grande y el MSE nunca pasa de 1, entonces 0.10 contra 0.69 no
        dice quién va mejor. Comparé cuántas entradas acierta cada red: MSE acierta 4 y entropía cruzada 3 con la misma tasa y el
        mismo inicio. Eso vale para tasa 0.3 y 1000 iteraciones, no digo que siempre. Si dejo el gradiente viejo, bajo por la pendiente
        de otra función: falta el A2(1-A2) que sale de derivar la sigmoide.
    """,
}
GOOD_EN = {
    "q1": """
        With zeros both hidden neurons output tanh(0) = 0 and every prediction is 0.5, so the cost is ln 2 = 0.693147 and stays there.
        The gradient of W2 is dZ2 times A1, and A1 is zero; the gradient of W1 goes through W2, and that is zero too. My
        zero_parameters are still all 0 after 1000 iterations. With ones they would move, but both neurons would get the same gradient
        forever, so it is like having only one.
    """,
    "q2": """
        I'd tell her that the rate was not the only thing that changed. Mine all begin at 1.052558. After 1000 iterations 0.5 looks best
        (0.355) and after 10,000 it is 0.1 (0.007), because 0.5 got stuck at 0.347. 0.01 crawls, it is still near 0.693 where
        it would be by guessing. So it depends on how long you can train.
    """,
    "q3": """
        The numbers are not in the same units, so a lower one means nothing. I compared how many inputs are predicted right: 4 with MSE and 3
        with cross-entropy, same start, same rate, 1000 iterations. With the old gradient we would go down a slope that does not
        belong to the cost we print; the A2(1-A2) factor from the sigmoid would be missing. I would not say MSE is better in general.
    """,
}
SHORT_ES = {
    "q1": "Porque si todo es cero las neuronas hacen lo mismo y no aprenden nada, el costo no cambia de 0.693. Con unos creo que pasaría igual.",
    "q2": "Pues que tiene que usar la misma semilla. Yo elegiría 0.1 porque es la que llega más abajo al final, la 0.5 se atasca.",
    "q3": "Porque no miden lo mismo. Yo comparé los aciertos. Si dejo el gradiente de antes no sería la derivada de la función nueva.",
}
SHORT_EN = {
    "q1": "Because everything is zero both neurons do the same thing and get the same gradient (zero), so nothing changes.",
    "q2": "Use the same seed. 0.1 wins in the long run, 0.5 is faster but gets stuck.",
    "q3": "They are different functions. I counted right answers. The gradient has to belong to the loss.",
}


def good(nb: Notebook) -> None:
    nb.write(**(GOOD_ES if nb.language == "es" else GOOD_EN))


def short(nb: Notebook) -> None:
    nb.write(**(SHORT_ES if nb.language == "es" else SHORT_EN))


# ---------------------------------------------------------------------------------------- right but different


def perfect(nb: Notebook) -> None:
    good(nb)
    nb.printed(
        "q1-train",
        """
        0 1.052558 0.693147
        100 0.695402 0.693147
        200 0.693668 0.693147
        300 0.693206 0.693147
        400 0.692966 0.693147
        500 0.692779 0.693147
        600 0.692587 0.693147
        700 0.692352 0.693147
        800 0.69203 0.693147
        900 0.691539 0.693147
        1000 0.690679 0.693147
    """,
    )


NETWORK_CLASS = """
    class Red:
        \"\"\"Red de dos capas: tanh y sigmoide.\"\"\"

        def __init__(self, pesos):
            self.W1, self.b1, self.W2, self.b2 = (np.array(p, dtype=float) for p in pesos)

        @classmethod
        def al_azar(cls, entradas, ocultas, salidas):
            return cls([np.random.randn(ocultas, entradas), np.random.randn(ocultas, 1),
                        np.random.randn(salidas, ocultas), np.random.randn(salidas, 1)])

        def adelante(self, X):
            self.X = X
            self.A1 = np.tanh(np.dot(self.W1, X) + self.b1)
            self.A2 = 1.0 / (1.0 + np.exp(-(np.dot(self.W2, self.A1) + self.b2)))
            return self.A2

        def atras(self, dZ2):
            m = self.X.shape[1]
            dZ1 = np.dot(self.W2.T, dZ2) * (1 - np.square(self.A1))
            return (dZ1.dot(self.X.T) / m, dZ1.mean(axis=1, keepdims=True),
                    dZ2.dot(self.A1.T) / m, dZ2.mean(axis=1, keepdims=True))

        def paso(self, gradientes, tasa):
            for p, g in zip((self.W1, self.b1, self.W2, self.b2), gradientes):
                p -= tasa * g

        def parametros(self):
            return {"W1": self.W1, "b1": self.b1, "W2": self.W2, "b2": self.b2}

        def aciertos(self, X, Y):
            return int(((self.adelante(X) > 0.5) == Y).sum())


    def entropia(A, Y):
        return float(-(Y * np.log(A) + (1 - Y) * np.log(1 - A)).mean())


    def ecm(A, Y):
        return float(((A - Y) ** 2).mean())


    def dz_entropia(A, Y):
        return A - Y


    def dz_ecm(A, Y):
        return 2 * (A - Y) * A * (1 - A)
"""
TRAIN_CLASS = """
    def entrenar(red, X, Y, iteraciones, tasa, costo=entropia, dz=dz_entropia):
        historia = []
        for _ in range(iteraciones + 1):
            A = red.adelante(X)
            historia.append(costo(A, Y))
            red.paso(red.atras(dz(A, Y)), tasa)
        return historia
"""


def with_a_class(nb: Notebook) -> None:
    good(nb)
    nb.rewrite("q1-forward", NETWORK_CLASS)
    nb.rewrite("q1-backward", "# todo está en la clase Red, arriba")
    nb.rewrite("q1-model", TRAIN_CLASS)
    nb.rewrite(
        "q1-train",
        """
        np.random.seed(2)
        red = Red.al_azar(2, 2, 1)
        costos_aleatorio = entrenar(red, X, Y, 1000, 0.3)
        parametros_aleatorio = red.parametros()

        red_ceros = Red([np.zeros((2, 2)), np.zeros((2, 1)), np.zeros((1, 2)), np.zeros((1, 1))])
        costos_ceros = entrenar(red_ceros, X, Y, 1000, 0.3)
        parametros_ceros = red_ceros.parametros()
    """,
    )
    nb.rewrite(
        "q2-train",
        """
        costos_por_tasa = {}
        for tasa in [0.5, 0.1, 0.01]:
            np.random.seed(2)
            costos_por_tasa[tasa] = entrenar(Red.al_azar(2, 2, 1), X, Y, 10000, tasa)
    """,
    )
    nb.rewrite("q3-mse", "# ecm y dz_ecm están arriba, con la clase")
    nb.rewrite(
        "q3-train",
        """
        np.random.seed(2)
        red_mse = Red.al_azar(2, 2, 1)
        costos_mse = entrenar(red_mse, X, Y, 1000, 0.3, ecm, dz_ecm)
        parametros_mse = red_mse.parametros()
        aciertos_mse = red_mse.aciertos(X, Y)
        aciertos_entropia = red.aciertos(X, Y)
    """,
    )


def with_methods(nb: Notebook) -> None:
    """A class whose methods carry the lab's names, but take what a method takes."""
    good(nb)
    nb.rewrite(
        "q1-forward",
        """
        class Network:
            def __init__(self, W1, b1, W2, b2):
                self.W1, self.b1, self.W2, self.b2 = W1, b1, W2, b2

            def forward_prop(self, X):
                self.A1 = np.tanh(self.W1 @ X + self.b1)
                self.A2 = 1 / (1 + np.exp(-(self.W2 @ self.A1 + self.b2)))
                return self.A2

            def backward_prop(self, X, Y, dZ2):
                m = X.shape[1]
                dZ1 = (self.W2.T @ dZ2) * (1 - self.A1 ** 2)
                return dZ1 @ X.T / m, dZ1.sum(1, keepdims=True) / m, dZ2 @ self.A1.T / m, dZ2.sum(1, keepdims=True) / m

            def update_parameters(self, grads, learning_rate):
                dW1, db1, dW2, db2 = grads
                self.W1 = self.W1 - learning_rate * dW1
                self.b1 = self.b1 - learning_rate * db1
                self.W2 = self.W2 - learning_rate * dW2
                self.b2 = self.b2 - learning_rate * db2

            def predict(self, X):
                return self.forward_prop(X) > 0.5

            def parameters(self):
                return dict(W1=self.W1, b1=self.b1, W2=self.W2, b2=self.b2)


        def random_network():
            np.random.seed(2)
            return Network(np.random.randn(2, 2), np.random.randn(2, 1), np.random.randn(1, 2), np.random.randn(1, 1))
    """,
    )
    nb.rewrite("q1-backward", "# see the class")
    nb.rewrite(
        "q1-model",
        """
        def cross_entropy(A, Y):
            return -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))


        def fit(net, iterations, rate, loss=cross_entropy, slope=lambda A, Y: A - Y):
            costs = []
            for i in range(iterations + 1):
                A = net.forward_prop(X)
                costs.append(loss(A, Y))
                net.update_parameters(net.backward_prop(X, Y, slope(A, Y)), rate)
            return costs
    """,
    )
    nb.rewrite(
        "q1-train",
        """
        net = random_network()
        random_costs = fit(net, 1000, 0.3)
        random_parameters = net.parameters()
        flat = Network(np.zeros((2, 2)), np.zeros((2, 1)), np.zeros((1, 2)), np.zeros((1, 1)))
        zero_costs = fit(flat, 1000, 0.3)
        zero_parameters = flat.parameters()
    """,
    )
    nb.rewrite("q2-train", "rate_costs = {r: fit(random_network(), 10_000, r) for r in (0.5, 0.1, 0.01)}")
    nb.rewrite(
        "q3-mse",
        """
        def mse_function(A2, Y):
            return np.mean((A2 - Y) ** 2)


        def mse_slope(A, Y):
            return 2 * (A - Y) * A * (1 - A)
    """,
    )
    nb.rewrite(
        "q3-train",
        """
        mse_net = random_network()
        mse_costs = fit(mse_net, 1000, 0.3, mse_function, mse_slope)
        mse_parameters = mse_net.parameters()
        mse_predictions = np.sum(mse_net.predict(X) == Y)
        cross_entropy_predictions = np.sum(net.predict(X) == Y)
    """,
    )


def in_float32(nb: Notebook) -> None:
    short(nb)
    for name, shape in (("W1", "n_h, n_x"), ("b1", "n_h, 1"), ("W2", "n_y, n_h"), ("b2", "n_y, 1")):
        nb.edit(
            "q1-forward",
            f"{name} = np.random.randn({shape})",
            f"{name} = np.random.randn({shape}).astype(np.float32)",
        )
    nb.edit(
        "q1-forward",
        'Z1 = parameters["W1"] @ X',
        'X = np.asarray(X, dtype=np.float32)\n    Z1 = parameters["W1"] @ X',
    )
    nb.edit(
        "q1-backward",
        "m = X.shape[1]",
        "m = np.float32(X.shape[1])\n    X, Y = X.astype(np.float32), Y.astype(np.float32)",
    )
    nb.edit(
        "q1-backward", "parameters[name] - learning_rate *", "parameters[name] - np.float32(learning_rate) *"
    )
    nb.edit(
        "q3-mse",
        "m = X.shape[1]",
        "m = np.float32(X.shape[1])\n    X, Y = X.astype(np.float32), Y.astype(np.float32)",
    )


def other_order(nb: Notebook) -> None:
    """Other names inside, arrays for lists, extra cells, a warning on stderr; the claims as a list."""
    good(nb)
    nb.rewrite(
        "q1-backward",
        """
        def backward_prop(X, Y, cache, parameters):
            n = Y.size
            A2, A1 = cache["A2"], cache["A1"]
            error = (A2 - Y) / n
            delta = (1 + A1) * (1 - A1) * np.outer(parameters["W2"], error)
            grads = {}
            grads["db2"] = error.sum(keepdims=True)
            grads["dW2"] = np.einsum("oi,hi->oh", error, A1)
            grads["db1"] = delta.sum(axis=1)[:, None]
            grads["dW1"] = np.einsum("hi,xi->hx", delta, X)
            return grads


        def update_parameters(parameters, grads, learning_rate):
            new = parameters.copy()
            for key in grads:
                new[key[1:]] = new[key[1:]] - grads[key] * learning_rate
            return new
    """,
    )
    nb.add(
        "q1-model",
        "### Mis notas\nAntes de entrenar reviso que los gradientes tengan las formas correctas.",
        kind="markdown",
    )
    nb.add(
        "q1-model",
        """
        np.random.seed(0)
        p = initialize_parameters(2, 2, 1)
        a2, c = forward_prop(X, p)
        for nombre, g in backward_prop(X, Y, c, p).items():
            print(nombre, g.shape)
    """,
    )
    nb.add(
        "q1-figure",
        """
        import sys, warnings
        warnings.warn("esto es solo una prueba")
        print("listo", file=sys.stderr)
        np.log(np.array([0.0]))   # RuntimeWarning a propósito
    """,
    )
    nb.edit("q1-model", "return parameters, costs", "return parameters, np.array(costs)")
    nb.edit(
        "q1-claim",
        'se_movio = {"W1": False, "b1": False, "W2": False, "b2": False}',
        "se_movio = [False, False, False, False]",
    )


def cost_of_shape_one(nb: Notebook) -> None:
    """A cost of shape (1,) for cross-entropy and () for MSE, 1000 costs instead of 1001, predictions of shape (4,)."""
    short(nb)
    nb.edit(
        "q1-forward",
        "return float(-np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m)",
        "logs = Y * np.log(A2) + (1 - Y) * np.log(1 - A2)\n    return -np.sum(logs, axis=1) / m",
    )
    nb.edit("q1-forward", "return (A2 > 0.5).astype(int)", "return A2.reshape(-1) > 0.5")
    nb.edit("q1-model", "range(iterations + 1)", "range(iterations)")
    nb.edit("q1-train", "range(0, 1001, 100)", "range(0, 1000, 100)")
    nb.edit(
        "q1-train", "round(random_costs[i], 6), round(zero_costs[i], 6)", "random_costs[i], zero_costs[i]"
    )
    nb.rewrite(
        "q2-train",
        """
        rate_costs = {}
        for rate in ("0.5", "0.1", "0.01"):
            np.random.seed(2)
            trained, rate_costs[rate] = model(X, Y, initialize_parameters(2, 2, 1), 10_000, float(rate))
    """,
    )
    nb.edit("q2-claims", "rate_costs[rate][1000]", "rate_costs[rate][999]")
    nb.edit("q3-mse", "return float(np.mean((A2 - Y) ** 2))", "return np.array(np.mean(np.square(Y - A2)))")
    nb.edit(
        "q3-train",
        "int(np.sum(predict(X, mse_parameters) == Y))",
        "100 * np.mean(predict(X, mse_parameters) == Y)",
    )
    nb.edit(
        "q3-train",
        "int(np.sum(predict(X, random_parameters) == Y))",
        "100 * np.mean(predict(X, random_parameters) == Y)",
    )


def english_words(nb: Notebook) -> None:
    """English words in the Spanish notebook, figures drawn with plt alone, two panels, a log scale."""
    good(nb)
    nb.rewrite(
        "q1-figure",
        """
        plt.figure(figsize=(8, 4))
        plt.plot(range(1001), costos_aleatorio, 'b-', label='inicio aleatorio')
        plt.plot(range(1001), costos_ceros, 'r--', label='inicio en ceros')
        plt.xlabel('iteración'); plt.ylabel('costo'); plt.legend(); plt.grid(True)
        plt.show()
    """,
    )
    nb.rewrite(
        "q2-figure",
        """
        for tasa in costos_por_tasa:
            plt.semilogx(costos_por_tasa[tasa], label='tasa = ' + str(tasa))
        plt.title('Tasas de aprendizaje')
        plt.xlabel('iteraciones')
        plt.ylabel('costo')
        plt.legend()
        plt.show()
    """,
    )
    nb.edit(
        "q2-claims",
        '{0.5: "stuck", 0.1: "converges", 0.01: "crawls"}',
        '{"0.5": "Stuck", "0.1": "Converges", "0.01": "crawls "}',
    )
    nb.rewrite(
        "q3-figure",
        """
        fig, (izq, der) = plt.subplots(1, 2, figsize=(9, 3))
        izq.plot(costos_aleatorio)
        izq.set_title('Entropía cruzada')
        der.plot(costos_mse, color='orange')
        der.set_title('MSE')
        for panel in (izq, der):
            panel.set_xlabel('iteración')
            panel.set_ylabel('costo')
        plt.tight_layout()
    """,
    )
    nb.edit("q3-claim", 'resuelve_xor = "mse"', 'resuelve_xor = "Only MSE"')


# ------------------------------------------------------------------------------------------------- mistakes


def gradient_kept(nb: Notebook) -> None:
    short(nb)
    nb.edit("q3-mse", "dZ2 = 2 * (A2 - Y) * A2 * (1 - A2)", "dZ2 = A2 - Y")
    nb.edit("q3-claim", 'solves_xor = "mse"', 'solves_xor = "neither"')


def never_updated(nb: Notebook) -> None:
    nb.write(
        q1=SHORT_ES["q1"],
        q2="No entendí por qué no baja, probé con las tres tasas y sale lo mismo.",
        q3=SHORT_ES["q3"],
    )
    nb.edit(
        "q1-model",
        "parameters = update_parameters(parameters, grads, learning_rate)",
        "update_parameters(parameters, grads, learning_rate)",
    )
    nb.edit(
        "q2-claims",
        '{0.5: "stuck", 0.1: "converges", 0.01: "crawls"}',
        '{0.5: "lenta", 0.1: "lenta", 0.01: "lenta"}',
    )
    nb.edit("q3-claim", 'resuelve_xor = "mse"', 'resuelve_xor = "ninguna"')


def different_starts(nb: Notebook) -> None:
    nb.write(
        q1=SHORT_ES["q1"],
        q2="La mejor tasa fue la que bajó más rápido. Las demás empezaron más arriba y por eso no les alcanzó.",
        q3=SHORT_ES["q3"],
    )
    nb.edit("q2-train", "    np.random.seed(2)\n", "")
    nb.edit("q2-train", "for rate in", "np.random.seed(2)\nfor rate in")
    nb.rewrite(
        "q2-claims",
        """
        mejor_en_1000 = min(costos_por_tasa, key=lambda t: costos_por_tasa[t][1000])
        mejor_en_10000 = min(costos_por_tasa, key=lambda t: costos_por_tasa[t][-1])
        comportamiento = {}
        for t, c in costos_por_tasa.items():
            comportamiento[t] = "converge" if c[-1] < 0.05 else "lenta" if c[-1] >= 0.6 else "atascada"
    """,
    )


def zero_start_unused(nb: Notebook) -> None:
    nb.write(
        q1="La inicialización en ceros dio casi lo mismo que al azar, entonces creo que no importa tanto.",
        q2=SHORT_ES["q2"],
        q3=SHORT_ES["q3"],
    )
    nb.add(
        "q1-train",
        """
        def initialize_parameters_zeros(n_x, n_h, n_y):
            return {"W1": np.zeros((n_h, n_x)), "b1": np.zeros((n_h, 1)), "W2": np.zeros((n_y, n_h)), "b2": np.zeros((n_y, 1))}


        def entrenar(X, Y, n_x, n_h, n_y, iteraciones, tasa):
            parametros = initialize_parameters(n_x, n_h, n_y)
            return model(X, Y, parametros, iteraciones, tasa)
    """,
    )
    nb.rewrite(
        "q1-train",
        """
        np.random.seed(2)
        parametros_aleatorio, costos_aleatorio = entrenar(X, Y, 2, 2, 1, 1000, 0.3)

        parametros = initialize_parameters_zeros(2, 2, 1)
        np.random.seed(2)
        parametros_ceros, costos_ceros = entrenar(X, Y, 2, 2, 1, 1000, 0.3)
    """,
    )
    nb.edit(
        "q1-claim",
        'se_movio = {"W1": False, "b1": False, "W2": False, "b2": False}',
        'se_movio = {"W1": True, "b1": True, "W2": True, "b2": True}',
    )


def sum_for_mean(nb: Notebook) -> None:
    short(nb)
    nb.edit("q3-mse", "return float(np.mean((A2 - Y) ** 2))", "return np.sum((A2 - Y) ** 2)")


def mislabelled(nb: Notebook) -> None:
    short(nb)
    nb.rewrite(
        "q3-figure",
        """
        np.random.seed(7)
        otra_vez, costos_otra_vez = model(X, Y, initialize_parameters(2, 2, 1), 1000, 0.3, mse_function, backward_prop_mse)
        figura_perdidas, ax = plt.subplots()
        ax.plot(costos_otra_vez, label="Entropía cruzada")
        ax.plot(costos_mse, label="MSE")
        ax.set_xlabel("iteraciones")
        ax.set_ylabel("costo")
        ax.legend()
    """,
    )


def as_the_reports(nb: Notebook) -> None:
    """Four of them at once, as in a report that was really handed in."""
    nb.write(
        q1="Al inicializar en ceros la red también aprende, el costo baja igual que con pesos aleatorios, solo que empieza en otro lado.",
        q2="La mejor tasa es 0.1 ya que no oscila. La de 0.5 solo oscila y la de 0.01 no llega.",
        q3="Con MSE el costo es menor que con entropía cruzada por lo tanto es mejor función para este problema.",
    )
    nb.edit(
        "q1-model",
        "def model(X, Y, parameters, iterations, learning_rate, loss=loss_function, gradient=backward_prop):\n    costs = []",
        "def model(X, Y, parameters, iterations, learning_rate, loss=loss_function, gradient=backward_prop):\n"
        "    costs = []\n    parameters = initialize_parameters(2, 2, 1)",
    )
    nb.edit("q1-train", "zeros = {", "initialize_parameters_zeros = {")
    nb.edit(
        "q1-train", "model(X, Y, zeros, 1000, 0.3)", "model(X, Y, initialize_parameters_zeros, 1000, 0.3)"
    )
    nb.edit(
        "q1-train", "model(X, Y, initialize_parameters(2, 2, 1), 1000, 0.3)", "model(X, Y, None, 1000, 0.3)"
    )
    nb.edit(
        "q1-claim",
        'se_movio = {"W1": False, "b1": False, "W2": False, "b2": False}',
        'se_movio = {"W1": True, "b1": True, "W2": True, "b2": True}',
    )
    nb.rewrite(
        "q2-train",
        """
        np.random.seed(42)
        costos_por_tasa = {}
        for tasa in (0.01, 0.1, 0.5):
            parametros, costos_por_tasa[tasa] = model(X, Y, None, 10000, tasa)
    """,
    )
    nb.rewrite(
        "q2-claims",
        """
        mejor_en_1000 = 0.1
        mejor_en_10000 = 0.1
        comportamiento = {0.5: "atascada", 0.1: "converge", 0.01: "lenta"}
    """,
    )
    nb.edit("q3-mse", "dZ2 = 2 * (A2 - Y) * A2 * (1 - A2)", "dZ2 = A2 - Y")
    nb.rewrite(
        "q3-figure",
        """
        _, costos_viejos = model(X, Y, None, 1000, 0.3, mse_function, backward_prop_mse)
        plt.plot(costos_mse, label='MSE')
        plt.plot(costos_viejos, label='Cross-entropy')
        plt.xlabel('iteraciones')
        plt.ylabel('costo')
        plt.legend()
        plt.show()
    """,
    )


def gradient_not_divided(nb: Notebook) -> None:
    short(nb)
    nb.edit("q1-backward", "dW2 = dZ2 @ A1.T / m", "dW2 = dZ2 @ A1.T")
    nb.edit(
        "q1-backward",
        "db2 = np.sum(dZ2, axis=1, keepdims=True) / m",
        "db2 = np.sum(dZ2, axis=1, keepdims=True)",
    )
    nb.edit("q1-backward", "dW1 = dZ1 @ X.T / m", "dW1 = dZ1 @ X.T")
    nb.edit(
        "q1-backward",
        "db1 = np.sum(dZ1, axis=1, keepdims=True) / m",
        "db1 = np.sum(dZ1, axis=1, keepdims=True)",
    )
    nb.rewrite(
        "q2-claims",
        """
        best_after_1000 = min(rate_costs, key=lambda rate: rate_costs[rate][1000])
        best_after_10000 = min(rate_costs, key=lambda rate: rate_costs[rate][-1])
        rate_behaviour = {r: "converges" if c[-1] < 0.05 else "crawls" if c[-1] >= 0.6 else "stuck" for r, c in rate_costs.items()}
    """,
    )
    nb.rewrite("q3-claim", 'solves_xor = "both" if cross_entropy_predictions == 4 else "mse"')


def tanh_without_square(nb: Notebook) -> None:
    short(nb)
    nb.edit("q1-backward", "(1 - A1**2)", "(1 - A1)")
    nb.edit("q3-mse", "(1 - A1**2)", "(1 - A1)")
    nb.rewrite(
        "q2-claims",
        """
        mejor_en_1000 = min(costos_por_tasa, key=lambda t: costos_por_tasa[t][1000])
        mejor_en_10000 = min(costos_por_tasa, key=lambda t: costos_por_tasa[t][-1])
        comportamiento = {t: "converge" if c[-1] < 0.05 else "lenta" if c[-1] >= 0.6 else "atascada" for t, c in costos_por_tasa.items()}
    """,
    )
    nb.rewrite(
        "q3-claim",
        """
        bien = (aciertos_mse == 4, aciertos_entropia == 4)
        resuelve_xor = {(True, True): "ambas", (True, False): "mse", (False, True): "entropía cruzada", (False, False): "ninguna"}[bien]
    """,
    )


def ones_for_zeros(nb: Notebook) -> None:
    short(nb)
    nb.everywhere("np.zeros(", "np.ones(")
    nb.edit(
        "q1-claim",
        'se_movio = {"W1": False, "b1": False, "W2": False, "b2": False}',
        'se_movio = {"W1": True, "b1": True, "W2": True, "b2": True}',
    )


def one_late(nb: Notebook) -> None:
    """The cost is stored after the update."""
    short(nb)
    nb.rewrite(
        "q1-model",
        """
        def model(X, Y, parameters, iterations, learning_rate, loss=loss_function, gradient=backward_prop):
            costs = []
            for i in range(iterations):
                A2, cache = forward_prop(X, parameters)
                parameters = update_parameters(parameters, gradient(X, Y, cache, parameters), learning_rate)
                costs.append(loss(forward_prop(X, parameters)[0], Y))
            return parameters, costs
    """,
    )
    nb.edit("q1-train", "range(0, 1001, 100)", "range(0, 1000, 100)")
    nb.edit("q2-claims", "rate_costs[rate][1000]", "rate_costs[rate][999]")


# ------------------------------------------------------------------------------------- half done, damaged, hostile


def half_done(nb: Notebook) -> None:
    """Question 1, and then the time was up."""
    nb.write(q1=SHORT_ES["q1"])
    for name in ("q2-train", "q2-figure", "q2-claims", "q3-mse", "q3-train", "q3-figure", "q3-claim"):
        nb.rewrite(name, "# TU CÓDIGO AQUÍ\nraise NotImplementedError()")


def copied_and_reordered(nb: Notebook) -> None:
    """Cells copied (metadata and all), and the functions' cell dragged below the one that uses it."""
    good(nb)
    copy = nbformat.from_dict(json.loads(json.dumps(nb.cell("q1-train"))))
    copy["id"] = "copy-1"
    copy.source = (
        copy.source.replace("0.3", "0.9")
        .replace("costos_aleatorio", "costos_prueba")
        .replace("costos_ceros", "costos_prueba_2")
    )
    copy.source = copy.source.replace("parametros_aleatorio", "prueba").replace(
        "parametros_ceros", "prueba_2"
    )
    nb.node.cells.insert(nb.position("q1-train"), copy)
    backward = nb.node.cells.pop(nb.position("q1-backward"))
    nb.node.cells.insert(nb.position("q1-figure"), backward)
    nb.node.cells.append(nb.node.cells.pop(nb.position("given-1")))
    nb.rewrite(
        "q2-claims",
        """
        mejor_en_1000 = 0.5
        mejor_en_10000 = 0.1
        comportamiento = {0.5: "atascada", 0.1: "converge", 0.01: "lenta"}
    """,
    )


def metadata_lost(nb: Notebook) -> None:
    good(nb)
    forget_metadata(nb)


def endless_loop(nb: Notebook) -> None:
    short(nb)
    nb.rewrite(
        "q2-train",
        """
        costos_por_tasa = {}
        tasa = 0.5
        while tasa != 0:
            np.random.seed(2)
            tasa = tasa  # falta pasar a la siguiente
    """,
    )


def calls_exit(nb: Notebook) -> None:
    short(nb)
    nb.add("q3-train", "import sys\nif len(costos_por_tasa) == 3:\n    print('todo bien')\n    sys.exit()")


def calls_os_exit(nb: Notebook) -> None:
    short(nb)
    nb.add("q2-train", "import os\nos._exit(0)")


def prints_a_gigabyte(nb: Notebook) -> None:
    short(nb)
    nb.rewrite(
        "q3-claim",
        """
        linea = "iteracion " * 100_000
        for i in range(1000):
            print(linea)
        resuelve_xor = "mse"
    """,
    )


def eats_memory(nb: Notebook) -> None:
    short(nb)
    nb.add(
        "q2-figure",
        "historia = []\nfor i in range(30):\n    historia.append(np.ones(2**27))   # 1 GB cada una\nprint(len(historia))",
    )


SAMPLES = (
    # right
    Sample("ana-lopez.ipynb", "perfect, in Spanish", perfect),
    Sample("emily-carter.ipynb", "perfect, in English", perfect, language="en"),
    # right, but different
    Sample("carlos_xicará_lab.ipynb", "a class with Spanish names in place of the functions", with_a_class),
    Sample(
        "Lab B - Daniel Osei.ipynb",
        "a class whose methods carry the functions' names",
        with_methods,
        language="en",
    ),
    Sample("marco_tulio_ramirez.ipynb", "single precision throughout", in_float32),
    Sample(
        "josue-tzoc (1).ipynb",
        "other order, einsum, extra cells, warnings on stderr, arrays for lists",
        other_order,
    ),
    Sample(
        "priya_nair.ipynb",
        "costs of shape (1,) and (), 1000 of them, keys as text, percentages",
        cost_of_shape_one,
        language="en",
    ),
    Sample(
        "LuisFernando_XOR_final_final.ipynb",
        "English words, plt without variables, a log scale, two panels",
        english_words,
    ),
    # one mistake each
    Sample(
        "jennifer-barrios.ipynb",
        "mean squared error with the gradient of cross-entropy",
        gradient_kept,
        points(30, 20, 13),
        language="en",
        mistakes=("gradient-not-changed",),
    ),
    Sample(
        "pedro_cumes.ipynb",
        "parameters never updated",
        never_updated,
        points(25, 20, 20),
        mistakes=("never-updated",),
    ),
    Sample(
        "maria-jose-aguilar.ipynb",
        "learning rates from different random starts",
        different_starts,
        points(30, 15, 20),
        mistakes=("different-starts",),
    ),
    Sample(
        "kevin.morales.ipynb",
        "a zero initialiser that is never used",
        zero_start_unused,
        points(25, 20, 20),
        mistakes=("zero-start-unused",),
    ),
    Sample(
        "tomás-echeverría.ipynb",
        "a sum reported as a mean",
        sum_for_mean,
        points(30, 20, 17.5),
        mistakes=("sum-not-mean",),
    ),
    Sample(
        "sofia_perez_L2.ipynb",
        "two MSE runs, one labelled cross-entropy",
        mislabelled,
        points(30, 20, 18.2),
        mistakes=("mislabelled-curves",),
    ),
    Sample(
        "reporte-grupo-4.ipynb",
        "as the real reports: four mistakes at once",
        as_the_reports,
        points(25, 9.33, 11.2),
        mistakes=("zero-start-unused", "different-starts", "gradient-not-changed", "mislabelled-curves"),
    ),
    Sample(
        "grace_kim.ipynb",
        "gradients not divided by m",
        gradient_not_divided,
        points(26, 20, 20),
        language="en",
        mistakes=("missing-mean-in-gradient",),
    ),
    Sample(
        "byron-ixcoy.ipynb",
        "tanh' written as 1 - A1",
        tanh_without_square,
        points(26, 20, 15.5),
        mistakes=("tanh-slope",),
    ),
    Sample(
        "lucia_batz.ipynb",
        "ones where zeros are asked for",
        ones_for_zeros,
        points(25, 20, 20),
        mistakes=("constant-start",),
    ),
    Sample(
        "oliver-brandt.ipynb",
        "the cost stored after the update",
        one_late,
        points(29, 20, 20),
        language="en",
        mistakes=("cost-after-update",),
    ),
    # not finished
    Sample("andrea-sic.ipynb", "half done: question 1 only", half_done, points(30, 0, 0)),
    Sample("diego_alvarado.ipynb", "empty, as it was released", untouched, NONE, released=True),
    # damaged
    Sample("Untitled12 - Rosa Chub.ipynb", "cells copied and reordered", copied_and_reordered),
    Sample("hector_monzon.ipynb", "metadata lost", metadata_lost),
    Sample("ing_estrada_viejo.ipynb", "notebook format 3", perfect, damage=as_format_3),
    Sample(
        "wendy-caal.ipynb",
        "broken JSON: the download stopped",
        perfect,
        NONE,
        status="needs_a_look",
        damage=cut_off,
    ),
    Sample("Álvaro Quiñónez.ipynb", "UTF-16", perfect, damage=as_utf16),
    # hostile, or careless
    Sample("mynor-lopez.ipynb", "an endless loop", endless_loop, points(30, 0, 20)),
    Sample("brenda_tahay.ipynb", "sys.exit() in the middle", calls_exit),
    Sample("estuardo.paz.ipynb", "os._exit() in the middle", calls_os_exit),
    Sample("fatima-hassan.ipynb", "prints a gigabyte", prints_a_gigabyte, language="en"),
    Sample("rigoberto_choc.ipynb", "asks for 30 GB of memory", eats_memory),
)
