// Sets equations: one JSON request a line on stdin, one JSON answer a line on stdout.
// The process ends when its stdin does, so it cannot outlive the build that started it.
const [, , path] = process.argv;
const temml = require(path);
// What Temml alone tolerates, and only complains of, would fail in JupyterLab and Colab.
console.log = console.warn = (complaint) => {
  throw new Error(complaint);
};
// The room behind the name of a function that has no value behind it.
const ALONE = /<mo>\u2061<\/mo><mspace width="0.1667em"><\/mspace>(?=<\/mrow>(?:<\/|<mo sep))/g;
// Without the row around all of it, which an equation is by itself; rows between which it may be
// broken are marked.
const bare = (mathml) =>
  mathml.replace(/^(<math[^>]*>)<mrow>(.*)<\/mrow>(<\/math>)$/s, (all, open, row, close) => {
    let depth = 0;
    for (const [tag] of row.matchAll(/<\/?mrow/g))
      if ((depth += tag === "<mrow" ? 1 : -1) < 0) return all.replace("<math", '<math class="rows"');
    return open + row + close;
  });
const LONG = 30; // letters of TeX, from which on an equation in a line may be broken
const lines = require("readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const { tex, display } = JSON.parse(line);
  const wrap = !display && tex.length > LONG ? "tex" : "none";
  let answer;
  try {
    const options = { displayMode: display, wrap, strict: true, throwOnError: true };
    answer = { mathml: bare(temml.renderToString(tex, options).replace(ALONE, "")) };
  } catch (error) {
    answer = { error: error.message.replace(/\s+/g, " ").trim() };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
