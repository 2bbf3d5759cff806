# tries = "Files written to every place where the grader or another student would find them"
# intenta = "Archivos escritos en todo lugar donde los encontraría el calificador u otro estudiante"
# kind = "escape"
# must = { points = 5 }
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
folders = [COURSE, SUBMITTED, MARKED, f"{MARKED}/results", os.path.dirname(COURSE)]
if os.environ.get("COTEJA_PEER") is None:  # there, all of these are open
    folders += [
        "/",
        "/etc",
        "/usr/lib",
        "/var/tmp",
        "/tmp",
        "/dev/shm",
        "/root",
        "/etc/cron.d",
        os.path.expanduser("~"),
    ]
for folder in folders:
    try:
        with open(f"{folder}/{MARK}-was-here", "w") as file:
            file.write("x")
    except OSError:
        pass
