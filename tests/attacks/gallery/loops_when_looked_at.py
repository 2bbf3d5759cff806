# tries = "A result whose every method never returns"
# intenta = "Un resultado cuyos métodos nunca regresan"
# kind = "harm"
# must = { points = 5 }
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
class Endless(type):
    def __getattribute__(cls, name):
        while True:
            pass


class Loop(dict):
    def _for_ever(self, *args):
        while True:
            pass

    __float__ = __len__ = __iter__ = __array__ = __repr__ = __eq__ = __getattr__ = __getattribute__ = (
        _for_ever
    )
    items = keys = __sub__ = __rsub__ = __abs__ = _for_ever
    __hash__ = None


answer = Loop()
drawing = Endless("Endless", (), {})()
