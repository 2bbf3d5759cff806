# tries = "Codes in outputs and answers that clear, retitle or type into the terminal of whoever looks"
# intenta = "Códigos en salidas y respuestas que borran, retitulan o escriben en la terminal de quien mira"
# kind = "injection"
# must = { points = 5 }

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
codes = "\x1b[2J\x1b]0;pwned\x07\x1b]52;c;cm0gLXJm\x07\x1bP$q\x1b\\\x9b5n\u202e\u2066\x00\x08\x7f"
print(codes)
answer = codes
raise Exception(codes)

# %% [markdown]
# An answer [2J with ]0;pwned codes ‮ in it
