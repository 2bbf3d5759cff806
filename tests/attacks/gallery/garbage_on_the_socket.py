# tries = "Garbage on the run's own socket: four gigabytes announced, lengths that lie, JSON that is none, hanging up"
# intenta = "Basura en el socket de la ejecución: cuatro gigabytes anunciados, longitudes falsas, JSON roto, colgar"
# kind = "harm"
# must = { points = 5 }

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
import random
import socket
import struct


def is_ours(handle):
    try:
        return os.readlink(f"/proc/self/fd/{handle}").startswith("socket:")
    except OSError:
        return False


handle = min((int(name) for name in os.listdir("/proc/self/fd") if is_ours(name)), default=None)
channel = socket.socket(fileno=os.dup(handle))

for attempt in random.sample(
    [
        struct.pack("<II", 0xFFFFFFFF, 0),
        struct.pack("<II", 2, 0xFFFFFFFF) + b"{}",
        struct.pack("<II", 6_000_001, 0) + b"[" + b"[]," * 2_000_000,
        struct.pack("<II", 200_000, 0) + b"[" * 200_000,
        struct.pack("<II", 1_000_000, 0) + b"1" * 1_000_000,
        os.urandom(10_000),
    ],
    3,
):
    try:
        channel.sendall(attempt)
    except OSError:
        pass
channel.shutdown(socket.SHUT_RDWR)
