# tries = "Command lines, open files, folders, maps and memory of other processes through /proc"
# intenta = "Líneas de comando, archivos abiertos, carpetas, mapas y memoria de otros procesos por medio de /proc"
# kind = "theft"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
for process in {os.getppid(), GRADER, VICTIM} - {0, os.getpid()}:
    for name in ("cmdline", "maps", "stack", "auxv", "wchan", "timerslack_ns", "mountinfo"):
        if read(f"/proc/{process}/{name}"):
            won(f"read {name} of another process")
    for link in ("cwd", "exe", "root"):
        try:
            won(f"{link} of another process is {os.readlink(f'/proc/{process}/{link}')}")
        except OSError:
            pass

# %%
# [q2-count]
for process in {os.getppid(), GRADER, VICTIM} - {0, os.getpid()}:
    try:
        for number in os.listdir(f"/proc/{process}/fd"):
            loot(read(f"/proc/{process}/fd/{number}"))
            won("saw another's open files")
    except OSError:
        pass
