# tries = "Another student's notebook, and one's own, rewritten after they were handed in"
# intenta = "El cuaderno de otro estudiante, y el propio, reescritos después de entregados"
# kind = "escape"
# must = { points = 5 }
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
import glob

for path in [SIBLING, *glob.glob(f"{SUBMITTED}/**/*.ipynb", recursive=True)]:
    for way in (
        lambda: os.truncate(path, 0),
        lambda: open(path, "w").write("{}"),
        lambda: os.unlink(path),
        lambda: os.rename(path, path + "-gone"),
        lambda: os.chmod(path, 0o4777),
        lambda: os.utime(path, (0, 0)),
    ):
        try:
            way()
        except OSError:
            pass
