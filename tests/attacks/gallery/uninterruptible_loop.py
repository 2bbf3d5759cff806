# tries = "A loop that ignores every signal and swallows every exception"
# intenta = "Un ciclo que ignora toda señal y se traga toda excepción"
# kind = "harm"
# must = { points = 5 }
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
import signal

for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
