# tries = "The kernel's own reading of variables patched to report whatever would please"
# intenta = "La lectura de variables del propio kernel parchada para informar lo que convenga"
# kind = "cheat"

# %%
# [q1-weigh]
import coteja.sandbox.capture as capture

capture.Encoder.encode = lambda self, value, depth=0: {"t": "bool", "v": True}
capture.call = lambda names, cases, encoder: {
    "missing": [],
    "results": [
        [{"value": {"t": "dict", "v": [{"t": "str", "v": "passed"}, {"t": "bool", "v": True}]}} for _ in case]
        for case in cases
    ],
}

# %%
# [q2-count]
capture._capture_one = lambda *args: {"t": "str", "v": "expected"}
answer = 0
