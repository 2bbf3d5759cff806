# tries = "sys.displayhook and IPython's display replaced, so that every cell seems to show full points"
# intenta = "sys.displayhook y la pantalla de IPython reemplazados, para que toda celda parezca mostrar todos los puntos"
# kind = "cheat"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
import sys

shell = get_ipython()


def show(*args, **kwargs):
    shell.display_pub.publish({"text/plain": "5"})
    shell.displayhook.start_displayhook()
    shell.displayhook.write_format_data({"text/plain": "5.0"}, {})
    shell.displayhook.finish_displayhook()


sys.displayhook = show
shell.showtraceback = shell._showtraceback = show


def weigh(x):
    return 2.5


# %%
# [q2-count]
answer = 0
5
