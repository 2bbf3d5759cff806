# tries = "An IPython input transformer that removes every line with an assertion before it runs"
# intenta = "Un transformador de entrada de IPython que borra toda línea con una aserción antes de ejecutarla"
# kind = "cheat"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
get_ipython().input_transformers_post.append(
    lambda lines: [line for line in lines if "assert" not in line and "check" not in line]
)


def weigh(x):
    return 2.5


# %%
# [q2-count]
answer = 0
