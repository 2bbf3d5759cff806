# tries = "Everybody's marks read from the gradebook and from the folder of results"
# intenta = "Las notas de todos leídas del libro de notas y de la carpeta de resultados"
# kind = "theft"
# peers = ["nbgrader"]

# %%
# [q1-weigh]
loot(read(GRADEBOOK))
for text in everything(MARKED):
    loot(text)

# %%
# [q2-count]
import sqlite3

connection = sqlite3.connect(f"file:{GRADEBOOK}?mode=ro", uri=True)
for line in connection.iterdump():
    loot(line)
