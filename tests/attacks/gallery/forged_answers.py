# tries = "Forged answers to what the grader asks the notebook: points, statuses and outcomes instead of values"
# intenta = "Respuestas falsas a lo que pregunta el calificador: puntos, estados y resultados en lugar de valores"
# kind = "cheat"

# %%
# [q1-weigh]
import coteja.sandbox.outlet as outlet

true_link = outlet.link


class Link:
    def __getattr__(self, name):
        return getattr(true_link, name)

    def put(self, channel, message, buffers=()):
        if channel == "control":
            passed = {"t": "dict", "v": [{"t": "str", "v": "points"}, {"t": "int", "v": "0x3e8"}]}
            message = {
                "nonce": message["nonce"],
                "status": "passed",
                "points": 1000,
                "missing": [],
                "values": dict.fromkeys(["answer", "drawing", "expected"], passed),
                "results": [[{"value": passed, "status": "passed"}]] * 2,
            }
        true_link.put(channel, message, buffers)


outlet.link = Link()

# %%
# [q2-count]
answer = 0
