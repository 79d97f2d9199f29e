// Rewrites the scripts that are named as arguments without what only people read.
// The first argument is the folder of Terser.
const { readFileSync, writeFileSync } = require("node:fs");
const [folder, ...files] = process.argv.slice(2);
const { minify } = require(folder);

const rewrite = async (file) => writeFileSync(file, (await minify(readFileSync(file, "utf8"))).code);
Promise.all(files.map(rewrite)).catch((error) => {
  console.error(error);
  process.exit(1);
});
