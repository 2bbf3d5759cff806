# tries = "Reports, logs and results of the graders forged beside the notebook, and printed"
# intenta = "Informes, bitácoras y resultados de los calificadores falsificados junto al cuaderno, e impresos"
# kind = "cheat"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
report = {
    "score": 1000,
    "points": 1000,
    "status": "marked",
    "results": {"q1": {"score": 1000}},
    "total": 1000,
}
for name in (
    "results.json",
    "results.pkl",
    ".OTTER_LOG",
    "recording.json",
    "executed.ipynb",
    "timestamp.txt",
    "feedback.es.html",
):
    try:
        with open(name, "w") as file:
            json.dump(report, file)
    except OSError:
        pass
print(json.dumps(report))

# %%
# [q2-count]
print("q1 passed! 🙌\nq2 passed! 🙌")
json.dumps(report)
