"""Python's side of a page: which cells a cell needs, and what a cell gives."""

import ast
import functools
import importlib
import importlib.util
import json
import linecache
import logging
import symtable
import sys
import traceback
from pathlib import Path

OURS = ("rnncore", "rnnbook")
# What changes its arguments; other functions of the book and of NumPy leave them as they are.
CHANGING = {"fit", "load", "train_online", "next"}
# Methods that leave what they belong to as it is.
READING = {
    "all", "any", "argmax", "argmin", "argsort", "astype", "backward", "bptt", "copy", "count",
    "decode", "endswith", "flatten", "format", "forward", "get", "index", "item", "items", "join",
    "keys", "lower", "max", "mean", "min", "ravel", "replace", "reshape", "round", "split",
    "startswith", "std", "strip", "sum", "tolist", "transpose", "upper", "values", "var",
}  # fmt: skip

namespace = {"__name__": "__main__"}


# Which cells have to run before a cell.


class Cell:
    """What one cell takes from the cells above it, what it makes, and what it changes."""

    def __init__(self, source):
        self.uses, self.binds, self.changes, self.imports = set(), set(), set(), set()
        try:
            body = _Apart().visit(ast.parse(source)).body
        except SyntaxError:
            body = []
        later = set()  # what its functions take, when they are called
        for statement in _in_order(body):
            table = symtable.symtable(ast.unparse(statement), "cell", "exec")
            inner = {s.get_name() for t in _tables(table) for s in t.get_symbols() if s.is_global()}
            own = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
            made = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
            is_function = isinstance(statement, ast.FunctionDef | ast.ClassDef)
            self.uses |= (own if is_function else own | inner) - self.binds
            later |= inner
            changed = _changed(statement)  # in a function, what is its own does not count
            self.changes |= (changed & inner if is_function else changed) - self.binds
            self.binds |= made
            self.imports |= {s.get_name() for s in table.get_symbols() if s.is_imported()}
        self.uses |= later - self.binds
        self.uses |= self.changes


class _Apart(ast.NodeTransformer):
    """Turns comprehensions into generators: in Python 3.12 a cell takes their names for its own."""

    def visit_ListComp(self, node):
        self.generic_visit(node)
        return ast.GeneratorExp(node.elt, node.generators)

    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node):
        self.generic_visit(node)
        return ast.GeneratorExp(ast.Tuple([node.key, node.value], ast.Load()), node.generators)


def _in_order(statements):
    """Yield statements as they come when every branch is taken: the head of a block, its body."""
    for statement in statements:
        match statement:
            case ast.For(target, head, body, orelse):
                yield ast.fix_missing_locations(ast.Assign([target], head))
                yield from _in_order(body + orelse)
            case ast.If(head, body, orelse) | ast.While(head, body, orelse):
                yield ast.Expr(head)
                yield from _in_order(body + orelse)
            case ast.With(items, body):
                for item in items:
                    names = [item.optional_vars] if item.optional_vars else []
                    head = item.context_expr
                    yield (
                        ast.fix_missing_locations(ast.Assign(names, head))
                        if names
                        else ast.Expr(head)
                    )
                yield from _in_order(body)
            case ast.Try(body, handlers, orelse, finalbody):
                caught = [line for handler in handlers for line in handler.body]
                yield from _in_order(body + caught + orelse + finalbody)
            case _:
                yield statement


def _tables(table):
    for child in table.get_children():
        yield child
        yield from _tables(child)


def _changed(statement):
    """Return the names of what a statement may change without giving it a new name."""
    found = set()
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=ast.Name(name), args=given, keywords=named):
                if name in CHANGING:
                    found |= {_base(one) for one in [*given, *(key.value for key in named)]}
            case ast.Call(func=ast.Attribute(value, method)):
                if method not in READING:
                    found.add(_base(value))
            case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
                found.add(_base(node))
            case ast.Name(name, ctx=ast.Load()) if "rng" in name:  # every use draws from it
                found.add(name)
    return found - {None}


def _base(node):
    """Return the name at the root of ``name.part[0]``, or None."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def plan(sources, target, ran):
    """Return the numbers of the cells that have to run, in order; the last is `target`.

    Parameters
    ----------
    sources : list of str or None
        The cells of the page; None for one that never runs by itself, such as an exercise.
    target : int
        The cell that was asked for.
    ran : list of (int, str)
        The cells that have run, each with what its source was then, the last run last.
    """
    cells = [source and Cell(source) for source in sources[:target]] + [Cell(sources[target])]
    needed = {k: _needed(cells, k) for k in range(target + 1) if cells[k]}
    fresh = {k for k, source in ran if source == sources[k]}
    lost, more = set(), {None}
    while more - lost:
        lost |= more
        runs = []
        for k in sorted(needed[target][0]):
            if k not in fresh or k in lost or needed[k][0] & {*runs}:
                runs.append(k)
        runs.append(target)
        more = _lost(cells, needed, runs, _owners(sources, ran))
    return runs


def _owners(sources, ran):
    """Return which cell has given each name its value; a reader's answer, also by changing it."""
    owners = {}
    for k, source in ran:
        cell = Cell(source)
        names = cell.binds | cell.changes if sources[k] is None else cell.binds
        owners |= {name: (k, name in cell.imports) for name in names}
    return owners


def _lost(cells, needed, runs, owners):
    """Return the cells that gave a name its value where by now, as the cells run, another has."""
    lost = set()
    for k in runs:
        for name in needed[k][1]:
            makers = [above for above in range(k) if cells[above] and name in cells[above].binds]
            if makers and name in owners:
                wanted = makers[-1], name in cells[makers[-1]].imports
                if owners[name] != wanted and not (owners[name][1] and wanted[1]):
                    lost.add(makers[-1])
        owners |= {name: (k, name in cells[k].imports) for name in cells[k].binds}
    return lost


def _needed(cells, target):
    """Return which cells above a cell needs, directly or through others, and for which names."""
    names, found = set(cells[target].uses), set()
    above = {k: cell for k, cell in enumerate(cells[:target]) if cell}
    imported = set().union(*(cell.imports for cell in above.values()))  # nothing changes a module
    while True:
        more = {
            k
            for k, cell in above.items()
            if k not in found and names & (cell.binds | cell.changes - imported)
        }
        if not more:
            return found, names
        found |= more
        names = names.union(*(cells[k].uses for k in more))


def reached(source):
    """Return the modules that the imports of a cell lead to, those of the book looked through."""
    seen, todo = set(), set(_imported(source))
    while todo:
        seen |= todo
        todo = {name for module in todo for name in _inside(module)} - seen
    return sorted(seen)


@functools.cache
def _imported(source):
    """Return what the imports of a source name, and the packages that it is in."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return set()
    names = set()
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif label := _checked(node):
            names.add(f"rnnbook.exercises.{label.split('-')[0]}")
    return names | {name.split(".")[0] for name in names}


def _checked(node):
    """Return the label in ``check("label", ...)`` or ``hint("label")``, or None."""
    match node:
        case ast.Call(func=ast.Name("check" | "hint"), args=[ast.Constant(str(label)), *_]):
            return label
    return None


@functools.cache
def _inside(name):
    """Return what one of the book's modules imports, and nothing for any other.

    Nothing is imported for that: what a module reads may not be here yet.
    """
    top, *rest = name.split(".")
    found = importlib.util.find_spec(top) if top in OURS else None
    if not found:
        return set()
    place = Path(found.submodule_search_locations[0], *rest)
    files = [file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()]
    return _imported(files[0].read_text(encoding="utf-8")) if files else set()


# Running one.


def run(source, name):
    """Run a cell; return as JSON what its last line gives, or its error and the line of it."""
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    _quiet(reached(source))
    try:
        result = _shown(_value(source, name))
    except BaseException as error:  # exit() too
        result = _failed(error, name)
    sys.stdout.flush()
    sys.stderr.flush()
    return json.dumps(result | _recorded())


def _recorded():
    """Hand over to the page what was said to answers, which it keeps for the reader."""
    records = sys.modules.get("rnnbook.records")
    if not records or not records.unkept:
        return {}
    verdicts = records.unkept[-100:]
    records.unkept.clear()
    return {"record": {"book": sys.modules["rnncore"].__version__, "verdicts": verdicts}}


def _quiet(modules):
    """Keep back what libraries say of a place without threads and without a list of fonts."""
    if "tqdm" in modules:
        importlib.import_module("tqdm").tqdm.monitor_interval = 0
    if "matplotlib" in modules:
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


def _value(source, name):
    tree = ast.parse(source, name)
    if any(map(_checked, ast.walk(tree))):  # which the first exercise of a page imports
        exercises = importlib.import_module("rnnbook.exercises")
        namespace.setdefault("check", exercises.check)
        namespace.setdefault("hint", exercises.hint)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), namespace)
    return last and eval(compile(ast.Expression(last.value), name, "eval"), namespace)


def _shown(value):
    """Write a value as HTML or text, and after it the figures that are still open."""
    result = {}
    if hasattr(value, "_repr_mimebundle_"):
        result["html"] = value._repr_mimebundle_().get("text/html")
    elif hasattr(value, "_repr_html_"):
        result["html"] = value._repr_html_()
    if not result.get("html"):
        result = {} if value is None else {"text": repr(value)}
    if figures := _figures():
        result["html"] = result.get("html", "") + figures
    return result


def _figures():
    pyplot = sys.modules.get("matplotlib.pyplot")
    if not pyplot or not pyplot.get_fignums():
        return ""
    from rnnbook.pictures import curves

    return "".join(curves.svg(pyplot.figure(number)) for number in pyplot.get_fignums())


def _failed(error, name):
    told = traceback.TracebackException.from_exception(error)
    files = [frame.filename for frame in told.stack]
    # From the cell on; what comes before it is this file.
    told.stack[: files.index(name) if name in files else None] = []
    lines = [frame.lineno for frame in told.stack if frame.filename == name]
    line = told.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
    return {"error": "".join(told.format()), "line": line and int(line)}
