// Runs cells as a page does, in node: node tools/inpage.mjs RUNTIME < cells.json > results
// A line of JSON for each cell: what it wrote, what its last line gives, its error, its seconds.
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const runtime = path.resolve(process.argv[2]);
const file = (name) => new Uint8Array(readFileSync(path.join(runtime, name)));
const files = JSON.parse(readFileSync(path.join(runtime, "files.json"), "utf8"));
const { loadPyodide } = await import(pathToFileURL(path.join(runtime, "pyodide.mjs")));

const env = { HOME: "/home/pyodide", MPLBACKEND: "agg" };
const python = await loadPyodide({ indexURL: `${runtime}/`, env });
for (const name of [files.book, files.data]) python.unpackArchive(file(name), "zip", { extractDir: "/book" });
python.runPython('import sys; sys.path.insert(0, "/book")');
let text = "";
const decoder = new TextDecoder();
const write = (buffer) => ((text += decoder.decode(buffer, { stream: true })), buffer.length);
python.setStdout({ write });
python.setStderr({ write });
const cells = python.pyimport("cells");

for (const [k, source] of JSON.parse(readFileSync(0, "utf8")).entries()) {
  const modules = new Set(cells.reached(source).toJs());
  for (const [module, name] of Object.entries(files.packages)) {
    if (modules.has(module)) await python.loadPackage(name, { messageCallback() {} });
  }
  text = "";
  const begin = process.cpuUsage(); // other work on the machine does not count
  const result = JSON.parse(cells.run(source, `cell ${k + 1}`));
  const { user, system } = process.cpuUsage(begin);
  const seconds = (user + system) / 1e6;
  console.log(JSON.stringify({ written: text, ...result, seconds }));
}
