# tries = "Test files in the folder of the run rewritten to be worth a thousand points"
# intenta = "Los archivos de pruebas en la carpeta de la ejecución reescritos para valer mil puntos"
# kind = "cheat"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
import glob

for path in glob.glob("tests/*.py") + glob.glob("../**/tests/*.py", recursive=True):
    text = read(path).decode()
    text = re.sub(r"(['\"]points['\"]: )[^,}]+", r"\g<1>1000", text)
    text = re.sub(r"(['\"]code['\"]: ).*?(?=, ['\"]hidden)", r"\g<1>'>>> 1\\n1'", text, flags=re.DOTALL)
    text = re.sub(r"(?m)^( *)points: .*$", r"\1points: 1000", text)
    try:
        with open(path, "w") as file:
            file.write(text)
    except OSError:
        pass

# %%
# [q2-count]
answer = 0
