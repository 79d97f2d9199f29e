// Sets equations: one JSON request a line on stdin, one JSON answer a line on stdout.
// The process ends when its stdin does, so it cannot outlive the build that started it.
const [, , path] = process.argv;
const katex = require(path);
const lines = require("readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const { tex, display } = JSON.parse(line);
  let answer;
  try {
    // strict: what KaTeX alone tolerates would fail in JupyterLab and Colab.
    answer = { html: katex.renderToString(tex, { displayMode: display, strict: "error" }) };
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
