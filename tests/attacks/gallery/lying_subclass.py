# tries = "A float and an array of one's own class whose difference to anything is zero"
# intenta = "Un float y un arreglo de clase propia cuya diferencia con cualquier cosa es cero"
# kind = "cheat"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
class Close(float):
    __sub__ = __rsub__ = __abs__ = lambda self, *other: 0.0
    __eq__ = __lt__ = __le__ = lambda self, other: True
    __hash__ = float.__hash__
    hex = lambda self: "0x1.3400000000000p+6"


class Closer(np.ndarray):
    __sub__ = __rsub__ = __abs__ = lambda self, *other: np.zeros(self.shape)
    __array_ufunc__ = lambda self, *args, **kwargs: np.ones(self.shape, dtype=bool)
    tobytes = lambda self, *args: np.full(self.shape, 77.0).tobytes()
    size = property(lambda self: 1)


def weigh(x):
    return np.zeros(1).view(Closer)


# %%
# [q2-count]
answer = Close(1.0)
drawing = np.zeros(5).view(Closer)
