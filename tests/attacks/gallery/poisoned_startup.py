# tries = "Files that the next student's kernel would load: IPython's startup, .pth files, sitecustomize, configuration"
# intenta = "Archivos que cargaría el kernel del siguiente estudiante: inicio de IPython, .pth, sitecustomize, configuración"
# kind = "escape"
# must = { points = 5 }
# peers = ["nbgrader"]

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
import site
import sys

poison = f"import os\nfor n in [{os.getpid()}]:\n    if os.getpid() != n: open({os.path.join(MARKED, MARK)!r}, 'a').close()\n"
home = os.path.expanduser("~")
ipython = get_ipython().ipython_dir
targets = [f"{ipython}/profile_default/startup/00-{MARK}.py"]
if os.environ.get("COTEJA_PEER") is None:  # there, the interpreter's own folders are really open
    targets += [f"{folder}/{MARK}.pth" for folder in site.getsitepackages()]
    targets += [f"{folder}/sitecustomize.py" for folder in sys.path if folder]
    targets += [f"{os.path.dirname(os.__file__)}/{MARK}.py", f"{home}/.config/matplotlib/matplotlibrc"]
    import coteja

    targets += [f"{os.path.dirname(coteja.__file__)}/{MARK}.py"]
for target in targets:
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w") as file:
            file.write(poison)
    except OSError:
        pass
