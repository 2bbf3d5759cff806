# tries = "Its own process stopped, not ended: a grader that waits for an end waits for ever"
# intenta = "El propio proceso detenido, no terminado: quien espere su fin esperará para siempre"
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

os.kill(os.getpid(), signal.SIGSTOP)
