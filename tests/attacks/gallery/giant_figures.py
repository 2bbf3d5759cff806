# tries = "A figure with a million points, hundreds of curves and a size of a million inches"
# intenta = "Una figura con un millón de puntos, cientos de curvas y un tamaño de un millón de pulgadas"
# kind = "harm"
# must = { points = 9 }

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
answer = 11 * first
drawing, axes = plt.subplots()
axes.plot(np.arange(1e6), label="x" * 1_000_000)
axes.plot(np.zeros((2, 300)))
drawing.set_size_inches(1e6, 1e6)
plt.close(drawing)
