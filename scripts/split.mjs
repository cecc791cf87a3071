// A release is split: what the first page needs comes at once, the rest in files of its own (app/src/pages/parts.rs).
// Cuts the program, makes the JavaScript around it, optimises every file and puts them in the place of what the bundler
// made of the whole. Names carry a hash of the contents, so that browsers may keep the files for ever.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const staging = process.env.TRUNK_STAGING_DIR;
const target = process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, "../target");
const program = join(target, "wasm32-unknown-unknown/wasm-release/frontend.wasm");

// what the browsers of the last years understand, and rustc makes use of
const FEATURES = [
  "bulk-memory", "bulk-memory-opt", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue",
].map((name) => `--enable-${name}`);

const hash = (...contents) =>
  contents.reduce((sum, content) => sum.update(content), createHash("sha256")).digest("hex").slice(0, 16);

async function tool(name, ...args) {
  try {
    await run(name, args, { maxBuffer: 1 << 24 });
  } catch (error) {
    console.error(`split: ${name} failed: ${error.stderr || error.message}`);
    process.exit(1);
  }
}

const work = mkdtempSync(join(tmpdir(), "tobit-split-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
await tool("wasm-split-cli", program, work, "--out-name", "main");
await tool(
  "wasm-bindgen", "--target", "web", "--no-typescript", "--keep-lld-exports", "--out-dir", work, join(work, "main.wasm"),
);
rmSync(join(work, "main.wasm"));

const parts = readdirSync(work).filter((name) => name.endsWith(".wasm"));
const queue = [...parts];
await Promise.all(
  Array.from({ length: Math.min(availableParallelism(), queue.length) }, async () => {
    for (let name; (name = queue.shift()); ) {
      const path = join(work, name);
      await tool("wasm-opt", ...FEATURES, "-Oz", path, "-o", path);
    }
  }),
);

// The two scripts name each other and all parts: they share one hash.
const whole = hash(...[...parts.sort(), "main.js", "__wasm_split.js"].map((name) => readFileSync(join(work, name))));
const names = new Map([["main.js", `frontend-${whole}.js`], ["__wasm_split.js", `parts-${whole}.js`]]);
for (const name of parts) {
  const stem = name === "main_bg.wasm" ? "frontend" : name.replace(/\.wasm$/, "").replace(/^split_/, "part-").replaceAll("_", "-");
  names.set(name, `${stem}-${hash(readFileSync(join(work, name)))}.wasm`);
}
// Files are named where they are fetched; the name of a module inside the program stays as it is.
const renamed = (text) =>
  text.replace(/(\bfrom |new URL\()(["'])(?:\.\/)?([\w.]+)\2/g, (whole, before, quote, name) =>
    names.has(name) ? `${before}${quote}./${names.get(name)}${quote}` : whole,
  );

// out with what the bundler made of the whole
const page = join(staging, "index.html");
let html = readFileSync(page, "utf8");
const [old, ...others] = new Set(html.match(/frontend-[0-9a-f]+(?=\.js)/g));
if (!old || others.length > 0) {
  console.error("split: the page does not name one program");
  process.exit(1);
}
for (const [end, name] of [[".js", "main.js"], ["_bg.wasm", "main_bg.wasm"]]) {
  rmSync(join(staging, old + end));
  html = html.replaceAll(old + end, names.get(name));
}
// the script that knows the parts is fetched along with the program, not after it
html = html.replace("</head>", `<link rel="modulepreload" href="/${names.get("__wasm_split.js")}" crossorigin="anonymous"></head>`);
writeFileSync(page, html);
for (const [from, to] of names) {
  const content = readFileSync(join(work, from));
  writeFileSync(join(staging, to), from.endsWith(".js") ? renamed(content.toString()) : content);
}
