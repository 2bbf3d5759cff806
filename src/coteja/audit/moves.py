"""Whole cells: split, moved, swapped, made a class, with cells of the student's own and results in other containers."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import libcst as cst
import libcst.matchers as m

from coteja.audit.code import Cell, Draft, Facts, uses

_SCRATCH = (
    "print('hola')",
    "import sys\nprint('aviso: nada', file=sys.stderr)",
    "import warnings\nwarnings.warn('this is only a warning')",
    "import this_package_is_not_there",
    "1 / 0",
    "%matplotlib inline",
    "%config InlineBackend.figure_format = 'png'",
    "# nada por aquí",
    "",
    "try:\n    help_me\nexcept NameError:\n    pass",
    "my_notes = {'date': '2024-02-29', 'mood': ['good', 1.5]}\nmy_notes",
    "from collections import Counter\nCounter('abracadabra')",
)

_CONSTANTS = {"None", "True", "False"}


def _definitions(tree: cst.Module) -> list[cst.FunctionDef]:
    return [node for node in tree.body if isinstance(node, cst.FunctionDef)]


def _computed(default: cst.BaseExpression | None) -> bool:
    """Whether a parameter's default is there only once other lines have run: another function, a result."""
    return default is not None and bool(
        m.findall(default, m.Call() | m.Name(m.MatchIfTrue(lambda name: name not in _CONSTANTS)))
    )


def split_cells(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """A cell in two, between two of its statements."""
    places = [(i, cell, tree) for i, cell, tree in draft.own() if len(tree.body) > 1]
    if not places:
        return None
    i, cell, tree = rng.choice(places)
    at = rng.randrange(1, len(tree.body))
    first = tree.with_changes(body=tree.body[:at], footer=[]).code
    rest = cst.Module(body=tree.body[at:]).code
    if "plt" in uses(first)[0] & uses(rest)[0]:
        return (
            None  # Jupyter shows and closes a figure at the end of its cell: the rest would draw on another
        )
    return draft.with_source(i, first).with_cell(i + 1, Cell(rest, question=cell.question))


def functions_first(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """Every function of the notebook in one cell, before the first of its own cells."""
    moved: list[str] = []
    seen: set[str] = set()
    own = list(draft.own())
    for i, _cell, tree in own:
        functions = _definitions(tree)
        names = {f.name.value for f in functions}
        # Defined twice, or with a default that the notebook computes: the order matters.
        computed = any(_computed(p.default) for f in functions for p in f.params.params)
        if not functions or names & seen or computed:
            continue
        seen |= names
        rest = [node for node in tree.body if not isinstance(node, cst.FunctionDef)]
        moved.append(cst.Module(body=functions).code)
        header = "\n".join(line for line in tree.code.splitlines()[:1] if line.startswith("# ["))
        body = cst.Module(body=rest).code if rest else "pass\n"
        draft = draft.with_source(i, f"{header}\n{body}" if header else body)
    if not moved:
        return None
    return draft.with_cell(own[0][0], Cell("\n\n".join(moved)))


def swapped_cells(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """Two neighbouring answer cells the other way around, where neither needs the other."""
    own = [(i, cell) for i, cell, _tree in draft.own()]
    pairs = []
    for (i, a), (j, b) in itertools.pairwise(own):
        (read_a, written_a), (read_b, written_b) = uses(a.source), uses(b.source)
        # Both draw random numbers, or both draw figures: then the order is the experiment's.
        shared = {"np", "plt", "random", "time", "tf", "keras"} & read_a & read_b
        apart = not (written_a & (read_b | written_b)) and not (written_b & read_a)
        if a.question == b.question and apart and not shared:
            pairs.append((i, j))
    if not pairs:
        return None
    i, j = rng.choice(pairs)
    cells = list(draft.cells)
    cells[i], cells[j] = cells[j], cells[i]
    return replace(draft, cells=tuple(cells))


def a_class(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """The functions of a cell as static methods of a class, and their names bound to them."""
    places = [
        (i, tree)
        for i, _cell, tree in draft.own()
        if _definitions(tree) and not m.findall(tree, m.ClassDef())
    ]
    if not places:
        return None
    i, tree = rng.choice(places)
    functions = _definitions(tree)
    static = cst.Decorator(cst.Name("staticmethod"))
    methods = [f.with_changes(decorators=[static, *f.decorators]) for f in functions]
    holder = cst.ClassDef(name=cst.Name("MiRed"), body=cst.IndentedBlock(body=methods))
    bound = [cst.parse_statement(f"{f.name.value} = MiRed.{f.name.value}") for f in functions]
    last = max(k for k, node in enumerate(tree.body) if isinstance(node, cst.FunctionDef))
    before = [n for n in tree.body[: last + 1] if not isinstance(n, cst.FunctionDef)]
    body = [*before, holder, *bound, *tree.body[last + 1 :]]
    return draft.with_source(i, tree.with_changes(body=body).code)


def scratch_cells(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """Cells of the student's own: notes, a warning on stderr, a trial that failed."""
    for _n in range(rng.randint(1, 3)):
        at = rng.randrange(1, len(draft.cells) + 1)
        question = draft.cells[at - 1].question
        if rng.random() < 0.2:
            new = Cell("**Nota:** revisar esto después.", cell_type="markdown", question=question)
        else:
            new = Cell(rng.choice(_SCRATCH), question=question)
        draft = draft.with_cell(at, new)
    return draft


def prints(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """More output than was asked for, and the figures shown."""
    own = list(draft.own())
    chosen = [place for place in own if rng.random() < 0.5] or own[:1]
    for i, cell, tree in chosen:
        written = sorted(
            n for n in uses(cell.source)[1] if cell.source.startswith(n) or f"\n{n} =" in cell.source
        )
        lines = [f"print(type({rng.choice(written)}))"] if written else ["print('listo')"]
        lines += ["plt.show()"] if facts.pyplot and "plt." in cell.source else []
        draft = draft.with_source(i, tree.code.rstrip("\n") + "\n" + "\n".join(lines) + "\n")
    return draft if chosen else None


_RESHAPED = {
    "array": (
        "np.ravel({0})",
        "np.ravel({0}).tolist()",
        "np.reshape({0}, (1, -1))",
        "np.reshape({0}, (-1, 1))",
        "list(np.ravel({0}))",
        "np.asarray({0}).T",
    ),
    "curve": (
        "np.array({0})",
        "np.reshape({0}, (-1, 1))",
        "tuple({0})",
        "[np.array([v]) for v in np.ravel({0})]",
        "[float(v) for v in np.ravel({0})]",
    ),
    "number": (
        "np.float64({0})",
        "np.array([{0}]).reshape(-1)",
        "[float(np.ravel({0})[0])]",
        "float(np.ravel({0})[0])",
    ),
}


def containers(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """Results as lists, rows for columns, (2,) for (2, 1): those that no later cell reads, and that are one column."""
    if not facts.numpy:
        return None
    own = list(draft.own())
    places = []
    for i, cell, _tree in own:
        later = {name for j, other, _t in own if j > i for name in uses(other.source)[0]}
        written = uses(cell.source)[1] & facts.shapeless.keys() - later
        places += [(i, name) for name in sorted(written)]
    if not places:
        return None
    inserted: dict[int, list[str]] = {}
    for i, name in [place for place in places if rng.random() < 0.6] or places[:1]:
        new = rng.choice(_RESHAPED[facts.shapeless[name]]).format(name)
        alone = f"if np.size({name}) == max(np.shape({name}), default=1):\n    "
        inserted.setdefault(i, []).append(
            (alone if facts.shapeless[name] == "array" else "") + f"{name} = {new}"
        )
    for i in sorted(inserted, reverse=True):
        # Captured after the question's last cell of all, whether check or answer.
        cell = draft.cells[i]
        draft = draft.with_cell(i + 1, Cell("\n".join(inserted[i]), question=cell.question))
    return draft
