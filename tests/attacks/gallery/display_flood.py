# tries = "One output of a hundred megabytes, a hundred thousand small ones, and one that is replaced for ever"
# intenta = "Una salida de cien megabytes, cien mil pequeñas y una que se reemplaza para siempre"
# kind = "harm"
# must = { points = 5 }
# harms = true

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
from IPython.display import clear_output, display

display({"text/plain": "x" * (100 << 20)}, raw=True)
for number in range(100_000):
    display(number)
handle = display(0, display_id=True)
while True:
    handle.update("y" * 10_000)
    clear_output(wait=True)
