# tries = "The kernel's own execution replaced by one that reports success and runs nothing"
# intenta = "La ejecución del propio kernel reemplazada por una que informa éxito y no ejecuta nada"
# kind = "cheat"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
async def well(*args, **kwargs):
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}


get_ipython().kernel.do_execute = well

# %%
# [q2-count]
answer = 0
