# tries = "Exit handlers, finalizers and threads that hold the process when its work is done"
# intenta = "Manejadores de salida, finalizadores e hilos que retienen el proceso cuando ya terminó su trabajo"
# kind = "harm"
# must = { points = 10 }

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
import atexit
import threading
import time


class Endless:
    def __del__(self):
        while True:
            pass


kept = Endless()
kept.itself = kept
atexit.register(time.sleep, 1000)
threading.Thread(target=time.sleep, args=(1000,)).start()
answer = 11 * first
drawing, axes = plt.subplots(figsize=(2, 2))
axes.plot(np.arange(5.0) ** 2, label="squares")
