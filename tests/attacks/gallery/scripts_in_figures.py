# tries = "Markup in the labels, legends and titles of a figure, and numbers that no picture can hold"
# intenta = "Marcas en las etiquetas, leyendas y títulos de una figura, y números que no caben en ningún dibujo"
# kind = "injection"

# %%
# [q1-weigh]
script = "</title></svg><script>alert(86417)</script><img src=x onerror=alert(86417)>"


def weigh(x):
    return {script: script}


# %%
# [q2-count]
drawing, axes = plt.subplots(figsize=(2, 2))
axes.plot([1e308, -1e308, 1e-320, 0, 1], label=f'"{script}')
axes.plot([0, 1], [2, 3], label="'/><script>alert(86417)</script>\u202e")
axes.set_title(script)
axes.set_xlabel(script)
axes.legend()
answer = script
