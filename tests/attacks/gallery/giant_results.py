# tries = "Results that say they are a terabyte large, or have a million digits, or a million parts"
# intenta = "Resultados que dicen medir un terabyte, o tener un millón de cifras o de partes"
# kind = "harm"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def weigh(x):
    return np.broadcast_to(0.0, (1 << 20, 1 << 20))


# %%
# [q2-count]
answer = {number: [[] for _ in range(10)] for number in range(200_000)}
drawing = [1 << 10_000_000, "x" * (100 << 20), np.broadcast_to("x" * 1000, (1 << 30,))]
