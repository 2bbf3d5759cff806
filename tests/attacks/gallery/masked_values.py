# tries = "Results that are masked, so that no comparison can fail"
# intenta = "Resultados enmascarados, para que ninguna comparación pueda fallar"
# kind = "cheat"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def weigh(x):
    return np.ma.masked_array(0.0, mask=True)


# %%
# [q2-count]
answer = np.ma.masked_array([0.0], mask=[True])
