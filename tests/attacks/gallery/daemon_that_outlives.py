# tries = "A daemon in a session of its own that ignores signals and waits until the run is over"
# intenta = "Un demonio en sesión propia que ignora señales y espera a que termine la ejecución"
# kind = "escape"
# must = { points = 5 }
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
import signal
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        for handle in range(3, 500):
            try:
                os.close(handle)
            except OSError:
                pass
        time.sleep(45)
    os._exit(0)
