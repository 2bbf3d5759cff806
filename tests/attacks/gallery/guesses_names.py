# tries = "Names of files guessed: whether they are there, how large they are, when they changed"
# intenta = "Nombres de archivos adivinados: si existen, cuánto miden, cuándo cambiaron"
# kind = "theft"
# open_on = { landlock = { en = "a file whose full path is known can be asked for its size and time, not for what is in it", es = "de un archivo cuya ruta completa se conoce se pueden pedir tamaño y fecha, no el contenido" } }

# %%
# [q1-weigh]
for path in (f"{COURSE}/graders/vault.py", GRADEBOOK, SIBLING):
    try:
        won(f"{os.path.basename(path)} has {os.stat(path).st_size} bytes")
    except OSError:
        pass
