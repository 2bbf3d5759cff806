# tries = "A computation of years in one call of C, which no interrupt reaches"
# intenta = "Un cálculo de años en una sola llamada de C, a la que ninguna interrupción llega"
# kind = "harm"
# must = { points = 5 }
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
answer = sum(range(1 << 62))
