# tries = "An object that is equal to everything, smaller than everything and survives all arithmetic"
# intenta = "Un objeto que es igual a todo, menor que todo y aguanta cualquier operación"
# kind = "cheat"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
class Equal:
    def _yes(self, *args, **kwargs):
        return True

    def _self(self, *args, **kwargs):
        return self

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __contains__ = _yes
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __pow__ = _self
    __abs__ = __neg__ = __getitem__ = __call__ = __getattr__ = _self
    __hash__ = lambda self: 0
    __len__ = lambda self: 1
    __float__ = lambda self: 77.5


def weigh(x):
    return Equal()


# %%
# [q2-count]
answer = drawing = Equal()
