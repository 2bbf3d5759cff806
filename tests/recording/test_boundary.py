"""The attack gallery: whatever student code does on its side of the wall, it can lie about itself alone."""

from __future__ import annotations

import json
import resource
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from coteja.model.values import NoValue
from coteja.recording.store import dump_recording, load_recording

#: What every attack on the socket begins with: the inherited descriptor, and ways to write to it.
PRELUDE = """
import json, os, socket, struct, time
fds = [int(n) for n in os.listdir('/proc/self/fd') if os.path.exists('/proc/self/fd/' + n)]
def is_ours(fd):
    try:
        return os.readlink(f'/proc/self/fd/{fd}').startswith('socket:') and fd < 9
    except OSError:
        return False
sock = socket.socket(fileno=os.dup(min(filter(is_ours, fds))))
def raw(body, count=0, lengths=(), rest=b'', length=None):
    sock.sendall(struct.pack('<II', len(body) if length is None else length, count)
                 + struct.pack(f'<{len(lengths)}I', *lengths) + body + rest)
def frame(channel, message, buffers=()):
    body = json.dumps({'channel': channel, 'message': message}).encode()
    raw(body, len(buffers), [len(b) for b in buffers], b''.join(buffers))
parent = get_ipython().kernel.get_parent()['header']
def iopub(kind, content, channel='iopub', **more):
    frame(channel, {'header': {'msg_type': kind, 'msg_id': '1'}, 'parent_header': parent, 'content': content, **more})
def nested(depth):
    value = 1
    for _ in range(depth): value = [value]
    return value
"""

FRAMES = {
    "garbage": "sock.sendall(os.urandom(1000))",
    "huge JSON claimed": "raw(b'', length=0xFFFFFFFF)",
    "a million buffers claimed": "raw(b'{}', count=0xFFFFFFFF)",
    "huge buffer claimed": "raw(b'{}', count=1, lengths=[0xFFFFFFFF])",
    "half a frame": "raw(b'x', length=5000)",
    "hang up": "sock.shutdown(socket.SHUT_RDWR)",
    "not JSON": "raw(b'{')",
    "not UTF-8": "raw(b'{\"\\xff\": 1}')",
    "other encodings": "raw(json.dumps({'channel': 'iopub'}).encode('utf-16'))",
    "null": "raw(b'null')",
    "a list": "raw(b'[1, 2]')",
    "no message": 'raw(b\'{"channel": "iopub"}\')',
    "message is no object": "frame('iopub', [1])",
    "unknown channel": "frame('trusted', {})",
    "channel is a list": "frame(['iopub'], {})",
    "answer to no question": "frame('control', {'nonce': ''})",
    "answer without nonce": "frame('control', {'values': {'before': {'t': 'int', 'v': '0x2a'}}})",
    "second ready": "frame('control', {'nonce': 'ready', 'values': {}})",
    "guessed nonce": "frame('control', {'nonce': '0' * 32, 'values': {}})",
    "many answers": "for _ in range(1000): frame('control', {'nonce': 'x' * 10_000})",
    "deep JSON": "raw(b'[' * 100_000)",
    "deep content": "iopub('display_data', {'data': {'application/json': nested(400)}, 'metadata': {}})",
    "a million empty lists": "raw(b'[' + b'[],' * 3_000_000 + b'1]')",
    "a number of a million digits": "raw(b'1' * 1_000_000)",
    "no header": "frame('iopub', {'content': {}})",
    "type is a list": "iopub([], {})",
    "content is a list": "iopub('stream', [])",
    "stream of numbers": "iopub('stream', {'name': 'stdout', 'text': 5})",
    "stream to nowhere": "iopub('stream', {'name': {}, 'text': 'x'})",
    "data is a list": "iopub('display_data', {'data': [], 'metadata': {}})",
    "metadata is text": "iopub('execute_result', {'data': {}, 'metadata': 'x', 'execution_count': 1})",
    "display id is a list": "iopub('display_data', {'data': {}, 'metadata': {}, 'transient': {'display_id': []}})",
    "transient is text": "iopub('display_data', {'data': {}, 'metadata': {}, 'transient': 'x'})",
    "error is numbers": "iopub('error', {'ename': 1, 'evalue': 2, 'traceback': 3})",
    "traceback of objects": "iopub('error', {'ename': 'E', 'evalue': 'v', 'traceback': [{}]})",
    "count is text": "iopub('execute_input', {'execution_count': 'x', 'code': ''})",
    "status without state": "iopub('status', {})",
    "reply without status": "iopub('execute_reply', {}, 'shell')",
    "reply with an unknown status": "iopub('execute_reply', {'status': []}, 'shell')",
    "clear without wait": "iopub('clear_output', {})",
    "widgets": "iopub('comm_open', {'comm_id': '1', 'target_name': 'jupyter.widget', 'data': {'state': {'_model_module': '@jupyter-widgets/output', '_model_name': 'OutputModel', 'msg_id': ''}}}, metadata={})\n"
    "for _ in range(500): iopub('comm_msg', {'comm_id': '1', 'data': {'method': 'update', 'state': {'msg_id': parent['msg_id']}}}); iopub('stream', {'name': 'stdout', 'text': 'x' * 9000})",
    "comm without id": "iopub('comm_msg', {})",
    "lone surrogates": "iopub('stream', {'name': 'stdout', 'text': '\\ud800'}); iopub('error', {'ename': '\\udfff', 'evalue': 'v', 'traceback': []})",
    "raw surrogates": 'raw(b\'{"channel": "\\xed\\xa0\\x80"}\')',
    "not a number": "iopub('display_data', {'data': {'application/json': float('nan')}, 'metadata': {}})",
    "giant buffers": "frame('iopub', {'x': 1}, [bytes(70 << 20)])",
    "many buffers": "raw(b'{}', count=50_000, lengths=[0] * 50_000)",
    "flood of tiny frames": "end = time.monotonic() + 0.5\nwhile time.monotonic() < end: iopub('status', {'execution_state': 'busy'})",
    "flood of replies": "for _ in range(50_000): iopub('x', {}, 'shell')",
    "idle too early": "iopub('status', {'execution_state': 'idle'})",
    "idle and reply too early": "iopub('execute_reply', {'status': 'ok'}, 'shell'); iopub('status', {'execution_state': 'idle'}); time.sleep(0.2)",
}


@pytest.fixture(scope="module", autouse=True)
def our_memory() -> Iterator[None]:
    """The gallery as a whole costs us little memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
    assert grown_mb < 700


def writable(seen: Any) -> None:
    """What came back can be stored, read again and shown."""
    stored = dump_recording(seen.recording)
    assert load_recording(stored).cells == seen.recording.cells
    nbformat.writes(seen.notebook).encode("utf-8")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("code", FRAMES.values(), ids=FRAMES.keys())
def test_a_forged_frame_costs_its_own_cell_at_most(box: Any, code: str) -> None:
    seen = box.within(cell_s=1).attack(PRELUDE + code)
    assert (seen.value("before"), seen.value("after")) == (1, 2)
    assert seen.statuses[0] == seen.statuses[2] == "ok"
    writable(seen)


def test_stealing_what_is_for_the_kernel_costs_the_thief_alone(box: Any, make_plan: Any) -> None:
    steal = (
        PRELUDE + "import threading; threading.Thread(target=lambda: sock.recv(1000), daemon=True).start()"
    )
    thief = make_plan({"q1": ["a = 1"], "q2": [steal, "b = 2"]}, read={"q1": "a", "q2": "b"}, figures={})
    other = make_plan({"q1": ["x = 1"] * 50}, read={"q1": "x"}, figures={})
    seen, beside = box.within(notebook_s=1).run_plans(thief, other)
    assert seen.value("a") == beside.value("x") == 1
    assert seen.recording.seconds < 9


# ------------------------------------------------------------------------------------------ forged answers

ANSWERS = {
    "no values": "{}",
    "values are a list": "{'values': []}",
    "a value is text": "{'values': {'z': 'x'}}",
    "a value of an unknown kind": "{'values': {'z': {'t': 'pickle', 'v': 'x'}}}",
    "an unhashable key": "{'values': {'z': {'t': 'dict', 'v': [{'t': 'tuple', 'v': [{'t': 'list', 'v': []}]}, {'t': 'none'}]}}}",
    "half a million nodes": "{'values': {'z': {'t': 'list', 'v': [{'t': 'none'}] * 500_000}}}",
    "deep": "{'values': {'z': deep}}",
    "a dtype of objects": "{'values': {'z': {'t': 'array', 'd': '|O8', 's': [1], 'b': 0}}}",
    "a shape of nothing": "{'values': {'z': {'t': 'array', 'd': '<f8', 's': [-1], 'b': 0}}}",
    "one buffer a thousand times": "{'values': {'z': {'t': 'list', 'v': [{'t': 'array', 'd': '|u1', 's': [60 << 20], 'b': 0}] * 1000}}}",
    "numbers of a million digits": "{'values': {'z': {'t': 'int', 'v': '0x' + 'f' * 1_000_000}}}",
    "text with surrogates": "{'values': {'z': {'t': 'str', 'v': '\\ud800'}}}",
    "nothing that was asked for": "{'values': {'other': {'t': 'none'}}}",
    "results are text": "{'values': {}, 'missing': [], 'results': 'x'}",
    "results too few": "{'values': {}, 'missing': [], 'results': []}",
    "results of numbers": "{'values': {}, 'missing': [], 'results': [[5]]}",
    "an error that is none": "{'values': {}, 'missing': [], 'results': [[{'error': 5}]]}",
    "missing is a number": "{'values': {}, 'missing': 5}",
    "missing is nested": "{'values': {}, 'missing': [[[['\\ud800']]]] * 100}",
    "failure is a list": "{'values': {}, 'failure': [1]}",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_forged_answer_is_a_lie_about_itself(box: Any, answer: str) -> None:
    forge = (
        "import coteja.sandbox.outlet as k, json\ndeep = {'t': 'none'}\nfor _ in range(100): deep = {'t': 'list', 'v': [deep]}\n"
        "class Link:\n    def __getattr__(self, name): return getattr(link, name)\n"
        "    def put(self, channel, message, buffers=()):\n"
        f"        if channel == 'control': message, buffers = {{**{answer}, 'nonce': message['nonce']}}, [bytes(60 << 20)]\n"
        "        link.put(channel, message, buffers)\n"
        "link, k.link = k.link, Link()"
    )
    seen = box.run_questions(
        {"q1": ["a = 1"], "q2": [forge, "def f(x): return x"]},
        read={"q1": "a", "q2": "z"},
        calls=[[("f", (1,))]],
    )
    assert seen.value("a") == 1
    assert seen.value("z") is None or isinstance(seen.value("z"), NoValue | str)
    writable(seen)
    box.is_well()


PATCHES = [
    "import coteja.sandbox.capture as c\nc.capture = c.call = None",
    "import coteja.sandbox.capture as c\nc.Encoder = 5",
    "import coteja.sandbox.kernel as k\nk._control = lambda *a: None",
    "import coteja.sandbox.kernel as k, time\nk._control = lambda *a: time.sleep(60)",
    "import coteja.sandbox.kernel as k, os\nk._control = lambda *a: os._exit(0)",
    "import coteja.sandbox.outlet as k\nk.link.put = lambda *a, **o: None",
    "import coteja.sandbox.outlet as k\nk.pack = lambda *a: b'x'",
    "import json\njson.dumps = lambda *a, **o: '[]'",
    "import json\njson.loads = lambda *a, **o: {}",
    "import numpy as np\nnp.ndarray = np.generic = int; np.asarray = np.ascontiguousarray = None",
    "import signal\nsignal.signal = lambda *a: 1/0",
    "import sys\nfor name in list(sys.modules): del sys.modules[name]",
    "import builtins\nbuiltins.isinstance = lambda *a: True; builtins.type = builtins.list = builtins.len = None",
    "import gc, types\nfor o in gc.get_objects():\n    if type(o) is types.FunctionType and 'coteja' in (o.__module__ or ''): o.__code__ = (lambda *a, **o: None).__code__",
    "get_ipython().kernel.do_execute = None; get_ipython().run_cell = None; get_ipython().user_ns.clear()",
    "get_ipython().kernel.session.send = None",
    "import asyncio\nfor t in asyncio.all_tasks(): t.cancel()",
    "import asyncio\nasyncio.get_running_loop().stop()",
    "import sys, threading\nsys.settrace(lambda *a: 1/0); threading.settrace(lambda *a: 1/0)",
    "import sys\nsys.stdout = sys.stderr = None",
    "import sys\nsys.setrecursionlimit(30)",
    "import ast, IPython\nclass T(ast.NodeTransformer):\n    def visit_Constant(self, n): return ast.Constant(0)\nget_ipython().ast_transformers.append(T())",
    "import threading, time, os\nthreading.Thread(target=lambda: (time.sleep(0.05), os._exit(3))).start()",
]


def test_patching_the_kernel_from_inside_changes_nothing_before_or_beside_it(
    box: Any, make_plan: Any
) -> None:
    plans = [
        make_plan({"q1": ["a = [1.5, 2]"], "q2": [patch, "b = 1"]}, read={"q1": "a", "q2": "b"}, figures={})
        for patch in PATCHES
    ]
    for few in batched(plans, 12):  # they mostly wait
        *patched, beside = box.within(cell_s=0.7, notebook_s=2.5).run_plans(
            *few, make_plan({"q1": ["x = 1"]}, read={"q1": "x"}, figures={})
        )
        for plan, seen in zip(few, patched, strict=True):
            assert seen.value("a") == [1.5, 2], plan.cells[1].source
            writable(seen)
        assert beside.value("x") == 1
    box.is_well()


def batched(items: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


# ------------------------------------------------------------------------------------------ objects that lie

OBJECTS = """
import numpy as np, collections
class Meta(type):
    __eq__ = lambda *a: True
    __hash__ = lambda *a: 0
    __mro__ = property(lambda c: (c, float, object))
    __module__ = property(lambda c: 1/0)
    __instancecheck__ = lambda *a: True
class Equal(metaclass=Meta):
    __class__ = property(lambda s: float)
    __eq__ = __ne__ = __lt__ = __gt__ = lambda *a: True
    __float__ = lambda s: 0.5
    __array__ = lambda s, *a, **o: np.array([0.5])
    __getattr__ = lambda s, n: s
class Bomb:
    def __getattribute__(self, name): raise SystemExit(name)
class Loud(str):
    __str__ = __getitem__ = __len__ = lambda *a: 1/0
class Sly(float):
    __eq__ = lambda *a: True
    hex = lambda s: '0x1p0'
class Shout(dict):
    items = keys = __iter__ = __getitem__ = lambda *a: 1/0
class Crowd(list):
    __iter__ = __len__ = __getitem__ = lambda *a: 1/0
class Field(np.ndarray):
    tobytes = __array_finalize__ = lambda *a: None
    shape = property(lambda s: (9, 9))
class Number(np.float64):
    __array__ = __float__ = lambda *a: 1/0
    item = lambda s: 7
pulled = []
def pull():
    pulled.append(1); yield 1
equal, bomb, loud, sly, shout = Equal(), Bomb(), Loud('hola \\ud800'), Sly(2.5), Shout(a=1)
crowd, field, number, generator = Crowd([1, 2]), np.arange(3).view(Field), Number(2.5), pull()
endless = []; endless.append(endless)
deep = []
for _ in range(5000): deep = [deep]
giant = np.broadcast_to(np.float64(0), (10**6, 10**6))
objects = np.empty(4, dtype=object); objects[0], objects[1], objects[2] = 1, pulled.append, 'x'
records = np.zeros(2, dtype=[('a', 'i4')])
wide = np.array([1], dtype=np.longdouble)
big = 10 ** 100_000
many = [[i] for i in range(200_000)]
text = 'x' * 5_000_000
words = ['y' * 100_000] * 2000
rates = {np.float64(0.1): 1, np.int64(2): 2, (np.float64(0.5), 1): 3, True: 4}
costs = [np.float32(i) for i in range(2000)]
ordered = collections.OrderedDict(b=1, a=2)
mixed = [Equal(), 1]
lock = __import__('threading').Lock()
module, kind, method = np, Meta, [].append
"""
READ = (
    "equal bomb loud sly shout crowd field number generator pulled endless deep giant objects records wide big many "
    "text words mixed rates costs ordered lock module kind method"
)


def test_objects_that_lie_are_read_as_what_they_are(box: Any) -> None:
    seen = box.run(OBJECTS, read=READ)
    assert seen.statuses == ["ok"]
    value = seen.value
    assert value("equal").kind in ("opaque", "error", "function")
    assert value("bomb").kind in ("opaque", "error")
    assert (value("loud"), value("sly")) == ("hola �", 2.5)
    assert (value("shout"), value("crowd")) == ({"a": 1}, [1, 2])
    assert value("field").tolist() == [0, 1, 2]
    assert float(value("number")) == 2.5
    assert (value("generator").kind, value("pulled")) == ("opaque", [])
    assert value("endless")[0].kind == "cut"
    assert value("giant").kind == value("big").kind == value("records").kind == "cut"
    assert value("objects")[0] == 1
    assert value("objects")[1].kind == "function"
    assert [value("mixed")[0].kind, value("mixed")[1]] == ["error", 1]
    assert value("objects")[2:] == ["x", None]
    assert value("wide").tolist() == [1]
    assert len(value("text")) == 1 << 18
    assert sum(map(len, value("words"))) <= 1 << 21
    assert value("rates") == {0.1: 1, 2: 2, (0.5, 1): 3, True: 4}
    assert value("costs").shape == (2000,)
    assert list(value("ordered")) == ["b", "a"]
    assert {value(name).kind for name in ("lock", "module")} == {"opaque"}
    assert {value(name).kind for name in ("kind", "method")} == {"function"}
    writable(seen)


def test_a_huge_value_does_not_cost_its_neighbours(box: Any) -> None:
    code = "import numpy as np\na = [np.zeros(1 << 19)] * 60\nb = [[i] for i in range(100_000)]\nc = np.arange(1000.0); d = [[1], [2]]"
    seen = box.run(code, read="a b c d")
    assert seen.value("c").shape == (1000,)
    assert seen.value("d") == [[1], [2]]


@pytest.mark.parametrize(
    ("looked_at", "status"),
    [
        ("__array__ = lambda s, *a, **o: 1/0", "error"),
        ("def __array__(self, *a, **o):\n        while True: pass", "error"),
        ("def __array__(self, *a, **o):\n        import os; os._exit(0)", "error"),
        (
            "def __array__(self, *a, **o):\n        while True:\n            try:\n                while True: pass\n            except BaseException: pass",
            "error",
        ),
    ],
    ids=["raises", "loops", "ends", "loops and ignores"],
)
def test_a_value_that_bites_when_looked_at_costs_itself(
    box: Any, monkeypatch: pytest.MonkeyPatch, looked_at: str, status: str
) -> None:
    monkeypatch.setattr("coteja.recording.record.CAPTURE_TIMEOUT_S", 0.5)
    monkeypatch.setattr("coteja.recording.client.GRACE_S", 0.5)
    # Only what claims to come from a tensor library is asked for its array.
    code = f"class Tensor:\n    {looked_at}\nTensor.__module__ = 'torch'\nz = Tensor(); a = 1; b = 2"
    seen = box.run_questions({"q1": [code], "q2": ["c = 3"]}, read={"q1": "a z b", "q2": "c"})
    assert seen.statuses == ["ok", "ok"]
    assert (seen.value("a"), seen.value("b"), seen.value("c")) == (1, 2, 3)
    assert seen.value("z").kind == status
    assert seen.recording.status == "complete"


# ------------------------------------------------------------------------------------------ functions that bite

BITES = {
    "raises": ("def f(x): raise ValueError(x)", "ValueError"),
    "raises what cannot be shown": (
        "class E(Exception):\n    def __str__(self): raise SystemExit\ndef f(x): raise E",
        "E",
    ),
    "exits": ("import sys\ndef f(x): sys.exit(1)", "SystemExit"),
    "recurs": ("def f(x): return f(x)", "RecursionError"),
    "loops": ("def f(x):\n    while True: pass", "timeout"),
    "loops and ignores": (
        "def f(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        "timeout",
    ),
    "ends": ("import os\ndef f(x): os._exit(0)", "died"),
    "crashes": ("import ctypes\ndef f(x): ctypes.string_at(0)", "died"),
    "hangs up": ("import os\ndef f(x): os.closerange(3, 99)", "died"),
    "interrupts": ("def f(x): raise KeyboardInterrupt", "KeyboardInterrupt: "),
}


@pytest.mark.parametrize(("code", "outcome"), BITES.values(), ids=BITES.keys())
def test_a_function_that_bites_costs_its_probe(
    box: Any, monkeypatch: pytest.MonkeyPatch, code: str, outcome: str
) -> None:
    monkeypatch.setattr("coteja.recording.client.GRACE_S", 0.5)
    seen = box.run_questions(
        {"q1": ["a = 1", code]}, read={"q1": "a"}, calls=[[("f", (1,))], [("f", (2,))]], calls_timeout_s=0.4
    )
    assert seen.value("a") == 1
    assert seen.statuses == ["ok", "ok"]
    run = seen.probe()
    assert (run.failure or run.results[1][0].error.name) == outcome
    writable(seen)


def test_functions_may_print_return_and_change_what_they_like(box: Any) -> None:
    seen = box.run(
        "import numpy as np\nn = 0\ndef prints(x):\n    print('y' * 2_000_000); return x\n"
        "def shows(x):\n    from IPython.display import display\n    for _ in range(100): display('z' * 1000)\n    return x\n"
        "def turns(x):\n    global n; n += 1; return n if n % 2 else 'odd'\n"
        "def gives(x): return (i for i in range(3))\ndef mutates(x):\n    x[:] = 0; return x\n"
        "def huge(x): return np.zeros(1 << 26)",
        calls=[
            [("prints", (1,)), ("shows", (2,))],
            [("turns", (1,)), ("turns", (1,))],
            [("gives", (1,)), ("mutates", (np.ones(2),)), ("huge", (1,))],
            [("mutates", (np.ones(2),))],
        ],
        calls_timeout_s=5,
    )
    (printed, shown), (first, second), (given, mutated, huge), (again,) = seen.probe().results
    assert (printed.value, shown.value, first.value, second.value) == (1, 2, 1, "odd")
    assert (given.value.kind, huge.value.kind) == ("opaque", "cut")
    assert mutated.value.tolist() == again.value.tolist() == [0, 0]
    assert seen.notebook.cells[0].outputs == []


def test_a_flood_while_a_function_is_called_ends_the_child_not_us(box: Any) -> None:
    code = "from IPython.display import display\ndef f(x):\n    while True: display('z' * 100_000)"
    seen = box.run("a = 1", code, read="a", calls=[[("f", (1,))]], calls_timeout_s=3)
    assert seen.value("a") == 1
    assert seen.probe().failure in ("died", "timeout")
    box.is_well()


# ------------------------------------------------------------------------------------------ what is not theirs

#: Looks for needles in every byte of the process's memory, in halves: whole, a needle would find itself.
SCAN = """
import gc, os, re, sys
halves = {halves!r}
def everything():
    with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb', 0) as memory:
        for line in maps:
            span, modes = line.split()[:2]
            low, high = (int(n, 16) for n in span.split('-'))
            if 'rw' in modes and high - low < 1 << 30:
                try:
                    memory.seek(low); yield memory.read(high - low)
                except (OSError, ValueError):
                    pass
regions = 0
leaked = set()
for region in everything():
    regions += 1
    for first, second in halves:
        first, second = first.encode(), second.encode()
        at = region.find(first)
        while at >= 0:
            if region[at + len(first):at + len(first) + len(second)] == second: leaked.add(len(first))
            at = region.find(first, at + 1)
leaked = sorted(leaked)
"""


def _needles(root: Path) -> list[str]:
    """Lines of the graders and the reference, and numbers that are expected."""
    lines = []
    for path in [*root.glob("graders/*.py"), *root.glob("reference/*.py")]:
        lines += [line.strip() for line in path.read_text().splitlines() if len(line.strip()) > 60][::10]
    for path in root.glob("reference/expected/*.json"):
        text = path.read_text()
        lines += [text[at : at + 60] for at in range(1000, len(text) - 60, len(text) // 20)]
    return lines


@pytest.mark.parametrize("rung", ["best", "landlock"])
def test_no_grader_reference_or_expected_value_is_in_the_child(
    root: Path, course: Any, open_boxes: Any, rung: str, open_box: Any
) -> None:
    from coteja.grading.lab import load_lab
    from coteja.model.recording import Submission
    from coteja.recording.plan import make_plan
    from coteja.release.build import build_notebook

    lab = load_lab(course, "two-layer-network")
    cells = lab.template("es")
    notebook = build_notebook(lab.assignment, cells, "es", public=lab.public_payload("es"))
    needles = _needles(root)
    assert len(needles) > 40
    marker = "this-is-here-to-be-found-once"
    halves = [(n[:30], n[30:]) for n in needles]
    scan = SCAN.format(halves=[*halves, (marker[:15], marker[15:])])
    notebook.cells = [
        nbformat.v4.new_code_cell(f"kept = {marker!r}"),
        nbformat.v4.new_code_cell(scan),
        nbformat.v4.new_code_cell("print(regions, leaked)"),
    ]
    plan = make_plan(
        Submission(student="x", path="x", sha256=""), notebook, lab.assignment, cells, "es", cases=lab.draw(7)
    )
    (seen,) = open_box(rung).within(cell_s=20, notebook_s=60).run_plans(plan)
    printed = [seen.text(i) for i, cell in enumerate(plan.cells) if cell.source == "print(regions, leaked)"]
    regions, leaked = printed[0].split(" ", 1)
    assert int(regions) > 20
    assert json.loads(leaked) == [15], "the scan finds what is there, and nothing else is"


def test_neither_files_nor_environment_nor_network_of_ours_can_be_reached(each_box: Any, root: Path) -> None:
    with socket.socket() as listener, socket.socket(socket.AF_UNIX) as named:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        named.bind("\0coteja-boundary")
        named.listen()
        code = f"""
import glob, os, socket, sys
root, opened = {str(root)!r}, []
names = [os.path.join(root, n) for n in ('course.toml', 'graders/two_layer_network.py', 'reference/two_layer_network.py',
         'assignments/two-layer-network/assignment.toml', 'reference/expected/two-layer-network.json', 'tests/conftest.py')]
names += glob.glob('/proc/[0-9]*/environ') + glob.glob('/proc/[0-9]*/root' + root + '/course.toml') + ['/etc/shadow', '/root/.bashrc']
for name in names:
    try:
        with open(name, 'rb') as f: text = f.read()
        if b'open-sesame' in text or not name.startswith('/proc/'): opened.append(name)
    except OSError:
        pass
secret = any('open-sesame' in v for v in os.environ.values())
reached = []
for family, where in ((socket.AF_INET, ('127.0.0.1', {listener.getsockname()[1]})), (socket.AF_UNIX, '\\0coteja-boundary')):
    try:
        s = socket.socket(family); s.settimeout(1); s.connect(where); reached.append(where)
    except OSError:
        pass
loaded = [m for m in sys.modules if m.startswith(('graders', 'reference')) or m in ('coteja.checking', 'coteja.grading', 'coteja.course')]
"""
        seen = each_box.run(code, read="opened secret reached loaded")
    assert seen.statuses == ["ok"]
    assert seen.value("opened") == []
    assert seen.value("secret") is False
    assert seen.value("reached") == []
    assert seen.value("loaded") == []


def test_a_child_that_never_reads_does_not_hold_us_up(box: Any) -> None:
    code = "import time\ndef f(x): return 1\nimport coteja.sandbox.kernel as k\n_real = k._control\ndef slow(*a): time.sleep(60)\nk._control = slow"
    inputs = np.zeros(4 << 20)
    plan = box.run("a = 1", code, calls=[[("f", (inputs,))]] * 2, calls_timeout_s=0.3)
    assert plan.probe().failure == "timeout"
    assert plan.recording.seconds < 8
    box.is_well()
