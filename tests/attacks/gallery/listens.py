# tries = "A server that waits for others on this machine, to be fed by another student's notebook"
# intenta = "Un servidor que espera a otros en esta máquina, para que lo alimente el cuaderno de otro estudiante"
# kind = "escape"

# %%
# [q1-weigh]
import socket

for family, address in ((socket.AF_INET, ("0.0.0.0", 0)), (socket.AF_INET6, ("::", 0))):
    try:
        server = socket.socket(family)
        server.bind(address)
        server.listen()
        won(f"listens on {server.getsockname()}")
    except OSError:
        pass

# %%
# [q2-count]
shared = 0
for call in (29, 68, 64):  # shmget, msgget, semget on x86-64: they outlive a process
    import ctypes

    if os.uname().machine == "x86_64" and ctypes.CDLL(None).syscall(call, 0x86417, 1, 0o1600) >= 0:
        won(f"left something behind by system call {call}")
