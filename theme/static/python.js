// Python in a worker: it runs one cell at a time, and tells the page what happens.
const RUNTIME = new URL("runtime/", import.meta.url);
const BOOK = "/book"; // where the book's own modules are unpacked
const LONGEST = 100_000; // characters that a cell may write

let files, python, cells, current;
const say = (message) => postMessage({ id: current, ...message });

// ---- fetching, with progress, and kept for the next page ----

const ask = self.fetch;

// Pyodide fetches what it needs by itself; what is in the list is counted, and kept.
self.fetch = async (request, options) => {
  const address = String(request.url ?? request);
  const name = address.split("/").at(-1);
  if (!files?.sizes[name]) return ask(request, options);
  const kept = await self.caches?.open(files.version).catch(() => null);
  const found = await kept?.match(address);
  if (found) return found;
  const response = await ask(request, options);
  if (!response.ok) throw new Error(`${name} could not be loaded (${response.status})`);
  const body = await counted(response, files.sizes[name]);
  const { headers } = response;
  const type = { "content-type": headers.get("content-type") ?? "application/octet-stream" };
  if (name.endsWith(".wasm")) type["content-type"] = "application/wasm";
  await kept?.put(address, new Response(body, { headers: type })).catch(() => null);
  return new Response(body, { headers: type });
};

let [loaded, expected, purpose] = [0, 0, ""];

async function counted(response, [size, packed]) {
  const parts = [];
  expected += packed;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    loaded += (value.length / size) * packed;
    const [now, all] = [loaded, expected].map((bytes) => (bytes / 1e6).toFixed(1));
    say({ state: `Loading ${purpose}: ${now} of ${all} MB` });
  }
  return new Blob(parts);
}

async function load(what, work) {
  [loaded, expected, purpose] = [0, 0, what];
  return work();
}

async function bytes(name) {
  return (await self.fetch(new URL(name, RUNTIME))).arrayBuffer();
}

// ---- starting ----

async function start() {
  say({ state: "Loading Python …" });
  const list = await ask(new URL("files.json", RUNTIME)).catch(() => null);
  if (!list?.ok) throw new Error("missing");
  files = await list.json();
  for (const name of (await self.caches?.keys().catch(() => [])) ?? []) {
    if (name.startsWith("python-") && name !== files.version) await self.caches.delete(name);
  }
  // loadPyodide never settles where its WebAssembly cannot be had, so try for it first.
  new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  await load("Python", async () => {
    const [book, { loadPyodide }] = await Promise.all([
      bytes(files.book),
      import(new URL("pyodide.mjs", RUNTIME)),
      bytes("pyodide.asm.wasm"),
      bytes("python_stdlib.zip"),
    ]);
    // Matplotlib's own backend for Pyodide wants a page, and a worker has none.
    python = await loadPyodide({ env: { HOME: "/home/pyodide", MPLBACKEND: "agg" } });
    python.unpackArchive(book, "zip", { extractDir: BOOK });
  });
  python.runPython(`import sys; sys.path.insert(0, "${BOOK}")`);
  python.setStdout({ write });
  python.setStderr({ write });
  python.runPython("sys.stdout.reconfigure(line_buffering=True)");
  cells = python.pyimport("cells");
}

const PURPOSE = { matplotlib: "figures", numpy: "NumPy", "scikit-learn": "scikit-learn" };

// Pyodide only mentions that a file is missing, or has another checksum than its list says.
async function brought(name) {
  let trouble;
  const options = { messageCallback() {}, errorCallback: (words) => (trouble = words) };
  await python.loadPackage(name, options);
  if (trouble) throw new Error(`${name} did not come whole. Try again later.`);
}

// The packages that the cells import, and the data, if they read any.
async function prepare(sources) {
  const modules = new Set(sources.flatMap((source) => cells.reached(source).toJs()));
  for (const [module, name] of Object.entries(files.packages)) {
    if (!modules.has(module) || name in python.loadedPackages) continue;
    if (files.absent.includes(name)) throw new Error(`This copy of the book comes without ${name}.`);
    await load(PURPOSE[name] ?? name, () => brought(name));
  }
  if (files.readers.some((module) => modules.has(module)) && !prepare.data) {
    await load("the book's data", async () => {
      python.unpackArchive(await bytes(files.data), "zip", { extractDir: BOOK });
    });
    prepare.data = true;
  }
}

// ---- running ----

let [written, pending, last] = [0, "", 0];
const decoder = new TextDecoder();

function write(buffer) {
  pending += decoder.decode(buffer, { stream: true });
  if (performance.now() - last > 50) flush(); // one message for many lines
  return buffer.length;
}

function flush() {
  let text = pending.slice(0, Math.max(0, LONGEST - written));
  if (written <= LONGEST && written + pending.length > LONGEST) {
    text += `\n… the rest is not shown: a cell may write ${LONGEST} characters\n`;
  }
  written += pending.length;
  [pending, last] = ["", performance.now()];
  if (text) say({ text });
}

const TASKS = {
  async plan({ sources, target, ran }) {
    const order = cells.plan(python.toPy(sources), target, python.toPy(ran)).toJs();
    await prepare(order.map((k) => sources[k] ?? ""));
    return { order };
  },
  async run({ source, name, doing = "Running …" }) {
    await prepare([source]);
    [written, pending, last] = [0, "", 0];
    say({ state: doing });
    const begin = performance.now();
    const result = JSON.parse(cells.run(source, name));
    flush();
    return { seconds: (performance.now() - begin) / 1000, ...result };
  },
};

let ready;
onmessage = async ({ data }) => {
  current = data.id;
  try {
    await (ready ??= start());
    say({ done: true, ...(await TASKS[data.task](data)) });
  } catch (error) {
    if (!cells) ready = undefined; // a start that failed is tried again
    say({ done: true, failed: words(error) });
  }
};

function words(error) {
  if (error.message === "missing") {
    return "This copy of the book was built without Python; the menu at the top says where else it runs.";
  }
  if (typeof WebAssembly === "undefined" || error instanceof WebAssembly.CompileError) {
    return "This browser does not run WebAssembly, which Python needs here: try another one.";
  }
  if (error instanceof TypeError && !navigator.onLine) return "Python is not loaded yet, and there is no connection.";
  return `Python could not be used: ${error.message}`;
}
