# tries = "Numbers of other processes, guessed by asking /proc for each"
# intenta = "Los números de otros procesos, adivinados al preguntarle a /proc por cada uno"
# kind = "theft"
# open_on = { landlock = { en = "process numbers can be seen; nothing of a process can be read, traced or signalled", es = "se ven los números de proceso; nada de un proceso se puede leer, rastrear ni señalar" } }

# %%
# [q1-weigh]
if os.path.exists(f"/proc/{VICTIM}"):
    won(f"there is a process {VICTIM}")
