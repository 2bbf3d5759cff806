# tries = "A function that reads the source of the code that tests it, and prints it"
# intenta = "Una función que lee el código de la prueba que la llama, y lo imprime"
# kind = "theft"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
import inspect
import linecache
import sys


def weigh(x):
    frame = sys._getframe(1)
    while frame is not None:
        loot("".join(linecache.getlines(frame.f_code.co_filename, frame.f_globals)))
        loot(frame.f_code.co_consts)
        loot(frame.f_locals)
        frame = frame.f_back
    return 2.5


# %%
# [q2-count]
for cell in get_ipython().user_ns.get("In", []):
    loot(cell)
for folder, _folders, names in os.walk("."):
    for name in names:
        loot(read(os.path.join(folder, name)))
answer = 0
