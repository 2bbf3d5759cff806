# tries = "The author's solution, found in the course folder and run as one's own"
# intenta = "La solución del autor, encontrada en la carpeta del curso y ejecutada como propia"
# kind = "cheat"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
solutions = []
for text in everything(COURSE):
    text = text.decode("utf-8", "replace")
    loot(text)
    if '"cells"' in text:
        import json

        text = "\n".join("".join(cell["source"]) + "\n" for cell in json.loads(text)["cells"])
    solutions += re.findall(r"### BEGIN SOLUTION\n(.*?)\n### END SOLUTION", text, re.DOTALL)
for solution in solutions:
    exec(solution)

# %%
# [q2-count]
for solution in solutions:
    exec(solution)
