// Draws every <width>x<height>_<name>.zpl of a folder as a PNG of 8 dots a mm beside it.
// usage: node render_zpl.cjs FOLDER FOLDER_WITH_NODE_MODULES
const fs = require("node:fs");
const path = require("node:path");
const { createRequire } = require("node:module");

const [folder, installed] = process.argv.slice(2).map((given) => path.resolve(given));
const DOTS_PER_MM = 8;

async function main() {
  const { api } = await createRequire(path.join(installed, "package.json"))("zpl-renderer-js").ready;
  for (const name of fs.readdirSync(folder).filter((entry) => entry.endsWith(".zpl"))) {
    const [width, height] = name.split("_")[0].split("x").map(Number);
    const file = path.join(folder, name);
    const picture = await api.zplToBase64Async(fs.readFileSync(file, "utf8"), width, height, DOTS_PER_MM);
    fs.writeFileSync(file.replace(/\.zpl$/, ".png"), Buffer.from(picture, "base64"));
  }
}

main().then(
  () => process.exit(0), // the renderer keeps a timer running
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
