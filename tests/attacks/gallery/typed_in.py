# tries = "The right number typed in instead of computed"
# intenta = "El número correcto escrito a mano en lugar de calculado"
# kind = "cheat"
# must = { points = 1 }
# peers = ["nbgrader", "otter"]

# %%
# [q2-count]
first = 7
answer = 77.0
