// Rewrites the lines of the drawings in the pages that are named as arguments: each point as the
// step from the one before, which a server compresses far better. The first argument is svgpath's
// folder.
const { readFileSync, writeFileSync } = require("node:fs");
const [folder, ...files] = process.argv.slice(2);
const svgpath = require(folder);

const stepwise = (_, path) => {
  const line = svgpath(path);
  if (line.err) throw new Error(`${line.err}: ${path}`);
  return ` d="${line.rel().round(2)}"`;
};
for (const file of files)
  writeFileSync(file, readFileSync(file, "utf8").replace(/ d="(M[^"]+)"/g, stepwise));
