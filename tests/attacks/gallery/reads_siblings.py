# tries = "Other students' notebooks read from where they were handed in, and from other runs' folders"
# intenta = "Los cuadernos de otros estudiantes leídos de donde se entregaron y de las carpetas de otras ejecuciones"
# kind = "theft"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
loot(read(SIBLING))
for text in everything(SUBMITTED):
    loot(text)

# %%
# [q2-count]
import glob

for folder in (
    "/tmp",
    os.path.dirname(os.getcwd()),
    os.path.dirname(os.path.dirname(os.getcwd())),
    "/dev/shm",
):
    for path in glob.glob(f"{folder}/*")[:200]:
        if os.path.basename(path).startswith(("coteja-", "0", "1", "2", "3")) and path != os.getcwd():
            try:
                if os.listdir(path) and os.stat(path).st_uid != os.getuid():
                    won(f"can list {path}")
            except OSError:
                pass
