# tries = "What cannot be read here asked of the grader: paths and templates in answers, errors and figures that it might expand"
# intenta = "Lo que aquí no se puede leer, pedido al calificador: rutas y plantillas en respuestas, errores y figuras que podría expandir"
# kind = "injection"

# %%
# [q1-weigh]
def weigh(x):
    raise ValueError(
        "{{ cycler.__init__.__globals__.os.environ }} {% include '/etc/passwd' %} {detail.__class__} %(env)s ${COTEJA_ATTACK_SECRET} $(id)"
    )


# %%
# [q2-count]
answer = [f"<!--#include file='{COURSE}/graders/vault.py'-->", "{found.__init__.__globals__}"]
drawing, axes = plt.subplots(figsize=(2, 2))
axes.plot([1, 2], label="{{ page.__class__.__mro__ }} {title} {0} {}")
axes.set_title("{{ 7 * 86417 }} {title.__class__}")

# %% [markdown]
# {{ 7 * 86417 }} {% include "/etc/passwd" %} ![](file:///etc/passwd) <!--#exec cmd="id"-->
