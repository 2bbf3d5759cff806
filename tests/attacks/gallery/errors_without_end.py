# tries = "An error whose message has fifty megabytes, one whose text never comes, and a chain of ten thousand"
# intenta = "Un error cuyo mensaje mide cincuenta megabytes, uno cuyo texto nunca llega y una cadena de diez mil"
# kind = "harm"
# must = { points = 0 }

# %%
# [q1-weigh]
class Endless(Exception):
    def __str__(self):
        while True:
            pass


def weigh(x):
    raise Endless(x)


raise ValueError("x" * (50 << 20))

# %%
# [q2-count]
error = ValueError("first")
for number in range(10_000):
    error = type("E", (ValueError,), {"__cause__": error})(number)
    error.__context__ = error.__cause__
raise Endless from error
