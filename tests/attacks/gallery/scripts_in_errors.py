# tries = "Markup and terminal codes in the names, messages and tracebacks of exceptions"
# intenta = "Marcas y códigos de terminal en nombres, mensajes y rastros de excepciones"
# kind = "injection"
# peers = ["nbgrader"]

# %%
# [q1-weigh]
script = "<script>alert(86417)</script><img src=x onerror=alert(86417)>"
Evil = type(script, (Exception,), {"__module__": script, "__qualname__": script})


def weigh(x):
    raise Evil(f"</pre></details>{script}\x1b]0;pwned\x07\x1b[2J\u202eabc")


# %%
# [q2-count]
raise Evil(
    f"]]></pre>{script}\x1b[31m\x1b]8;;javascript:alert(86417)\x07click\x1b]8;;\x07\n```\n# heading\n{script}"
)
