# tries = "Objects that pretend to be figures with the right curve in them"
# intenta = "Objetos que fingen ser figuras con la curva correcta"
# kind = "cheat"

# %%
# [q1-weigh]
class Line:
    get_ydata = get_xdata = get_xydata = lambda self, *args, **kwargs: [0, 1, 4, 9, 16]
    get_label = lambda self: "squares"


class Axes:
    lines = [Line()]
    get_lines = lambda self: self.lines
    get_title = get_xlabel = get_ylabel = lambda self: "squares"
    __getattr__ = lambda self, name: lambda *args, **kwargs: []


class Figure:
    axes = [Axes()]
    get_axes = lambda self: self.axes


def weigh(x):
    return Figure()


# %%
# [q2-count]
answer = Axes()
drawing = Figure()
