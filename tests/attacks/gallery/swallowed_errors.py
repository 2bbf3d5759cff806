# tries = "An IPython exception handler that says nothing, so that a failing test looks like a passing one"
# intenta = "Un manejador de excepciones de IPython que calla, para que una prueba que falla parezca aprobada"
# kind = "cheat"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
get_ipython().set_custom_exc((Exception,), lambda *args, **kwargs: None)
get_ipython().showtraceback = get_ipython()._showtraceback = lambda *args, **kwargs: None

# %%
# [q2-count]
answer = undefined
