# tries = "Files of the machine that no student needs: /etc/shadow, root's home, the kernel's log, raw disks"
# intenta = "Archivos de la máquina que ningún estudiante necesita: /etc/shadow, el hogar de root, el registro del kernel, discos"
# kind = "theft"

# %%
# [q1-weigh]
import glob

paths = [
    "/etc/shadow",
    "/etc/gshadow",
    "/etc/sudoers",
    "/etc/machine-id",
    "/dev/kmsg",
    "/dev/mem",
    "/dev/kvm",
    "/dev/fuse",
]
paths += [
    "/var/log/dmesg",
    "/proc/kcore",
    "/proc/kmsg",
    "/proc/kallsyms",
    "/proc/sysrq-trigger",
    *glob.glob("/dev/[sv]d*"),
]
for path in paths:
    try:
        with open(path, "rb", 0) as file:
            if path != "/proc/kallsyms" or set(file.read(16)) - set(b"0 "):
                won(f"can open {path}")
    except OSError:
        pass

# %%
# [q2-count]
for folder in ("/root", "/var/lib", "/var/spool/cron", "/home", "/srv", "/etc/ssh", "/boot"):
    try:
        found = set(os.listdir(folder)) - {"student"}
        if found:
            won(f"can list {folder}")
    except OSError:
        pass
