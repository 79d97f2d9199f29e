// Reads CSS on standard input, writes the rules of it that the files named as arguments can use.
// The first argument is the folder of PurgeCSS. A name is used if it stands anywhere in a file.
const { readFileSync } = require("node:fs");
const [folder, ...files] = process.argv.slice(2);
const { PurgeCSS } = require(folder);

const content = files.map((file) => ({ raw: readFileSync(file, "utf8"), extension: "html" }));
const variables = new Set(content.flatMap(({ raw }) => raw.match(/--[\w-]+/g) ?? []));
const options = {
  content,
  css: [{ raw: readFileSync(0, "utf8") }],
  variables: true,
  keyframes: true,
  dynamicAttributes: ["data-theme", "data-mode", "open"], // which scripts set
  safelist: { variables: [...variables] },
};
new PurgeCSS().purge(options).then(([{ css }]) => process.stdout.write(css));
