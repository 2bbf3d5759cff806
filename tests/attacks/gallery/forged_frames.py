# tries = "Forged frames on the run's own socket: a cell that is done, a probe that is answered, points that are given"
# intenta = "Tramas falsas en el socket de la ejecución: una celda terminada, una pregunta respondida, puntos dados"
# kind = "cheat"

# %%
# [q1-weigh]
import socket
import struct


def is_ours(handle):
    try:
        return os.readlink(f"/proc/self/fd/{handle}").startswith("socket:")
    except OSError:
        return False


handle = min((int(name) for name in os.listdir("/proc/self/fd") if is_ours(name)), default=None)
channel = socket.socket(fileno=os.dup(handle))


def frame(kind, message):
    body = json.dumps({"channel": kind, "message": message}).encode()
    channel.sendall(struct.pack("<II", len(body), 0) + body)


def iopub(kind, content, where="iopub"):
    parent = get_ipython().kernel.get_parent()["header"]
    frame(where, {"header": {"msg_type": kind, "msg_id": "1"}, "parent_header": parent, "content": content})


def weigh(x):
    frame(
        "control",
        {"nonce": "ready", "results": [[{"value": {"t": "float", "v": "0x1p1"}}]] * 2, "missing": []},
    )
    return 2.5


iopub(
    "execute_reply", {"status": "ok", "points": 1000, "execution_count": 1, "user_expressions": {}}, "shell"
)
iopub("status", {"execution_state": "idle"})

# %%
# [q2-count]
frame("control", {"nonce": "", "values": {"answer": {"t": "int", "v": hex(77)}}, "points": 1000})
