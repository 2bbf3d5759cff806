# tries = "Programs of the machine started in the background: shells, nohup, at, cron, a Python of its own"
# intenta = "Programas de la máquina iniciados en segundo plano: shells, nohup, at, cron, otro Python"
# kind = "escape"
# must = { points = 5 }
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
import subprocess
import sys

for line in (
    ["/bin/sh", "-c", "nohup setsid sleep 45 >/dev/null 2>&1 &"],
    ["/bin/sh", "-c", "(trap '' TERM INT HUP; sleep 45) &"],
    [sys.executable, "-c", "import os, time; os.fork() and os._exit(0); os.setsid(); time.sleep(45)"],
):
    try:
        subprocess.Popen(line, start_new_session=True, stdin=-3, stdout=-3, stderr=-3)
    except OSError:
        pass
get_ipython().system("sleep 45 &")
