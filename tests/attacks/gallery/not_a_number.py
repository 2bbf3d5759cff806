# tries = "NaN and infinity everywhere, for comparisons that are written the wrong way round"
# intenta = "NaN e infinito en todas partes, por si una comparación está escrita al revés"
# kind = "cheat"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def weigh(x):
    return float("nan") if len(x) % 2 else float("inf")


# %%
# [q2-count]
answer = np.nan
drawing, axes = plt.subplots(figsize=(2, 2))
axes.plot([np.nan] * 5)
axes.plot([np.inf] * 5)
