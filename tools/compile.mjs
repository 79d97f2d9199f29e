// Compiles in Pyodide every module that the pages come to import, but the book's own:
//   node tools/compile.mjs RUNTIME TARGET
// RUNTIME is what the pages load; beneath TARGET each module is written under its name, as .pyc.
import path from "node:path";
import { pathToFileURL } from "node:url";

// Else node prints the whole line of Pyodide's code, a megabyte of it.
process.on("uncaughtException", ({ message }) => {
  console.error(message);
  process.exit(1);
});
const [runtime, target] = process.argv.slice(2).map((folder) => path.resolve(folder));
const { loadPyodide } = await import(pathToFileURL(path.join(runtime, "pyodide.mjs")));
const env = { HOME: "/home/pyodide", MPLBACKEND: "agg" };
const python = await loadPyodide({ indexURL: `${runtime}/`, env });
const options = { messageCallback() {} };
await python.loadPackage(["numpy", "matplotlib", "scikit-learn"], options);
for (const [name, root] of Object.entries({ runtime, target })) {
  python.FS.mkdir(`/${name}`);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, `/${name}`);
}
python.runPython(`
import glob, importlib, importlib.util, io, marshal, pathlib, pkgutil, shutil, sys

for archive in glob.glob("/runtime/book-*.zip") + glob.glob("/runtime/data-*.zip"):
    shutil.unpack_archive(archive, "/book")
sys.path.insert(0, "/book")
import cells, rnnbook, rnncore
import sklearn.linear_model, sklearn.naive_bayes, sklearn.neighbors
import matplotlib.pyplot as plt

for package in rnncore, rnnbook:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
plt.plot([0, 1], label="$x$")  # what a drawing needs is imported when it is drawn
plt.legend()
for kind in "svg", "png":
    plt.savefig(io.BytesIO(), format=kind)

# Never compared with a source, which is not there (PEP 552).
HEAD = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8)
for name, module in list(sys.modules.items()):
    file = getattr(module, "__file__", None) or ""
    for root in "/lib/python312.zip/", "/lib/python3.12/site-packages/":
        if file.startswith(root) and file.endswith(".py"):
            compiled = pathlib.Path("/target", file.removeprefix(root) + "c")
            compiled.parent.mkdir(parents=True, exist_ok=True)
            compiled.write_bytes(HEAD + marshal.dumps(module.__loader__.get_code(module.__spec__.name)))
`);
