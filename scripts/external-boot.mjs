// Moves the script that starts the program out of index.html into a file, so that the page needs no inline script
// and the content security policy can forbid them all.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const dir = process.env.TRUNK_STAGING_DIR;
const page = join(dir, "index.html");
let count = 0;
const html = readFileSync(page, "utf8").replace(/<script type="module"[^>]*>([\s\S]+?)<\/script>/g, (whole, code) => {
  if (!code.includes("init(")) return whole; // the reloader of `trunk serve` stays as it is
  const hash = createHash("sha256").update(code).digest("hex").slice(0, 16);
  writeFileSync(join(dir, `boot-${hash}.js`), code.trim() + "\n");
  count += 1;
  return `<script type="module" src="/boot-${hash}.js"></script>`;
});
if (count !== 1) {
  console.error(`external-boot: expected one script that starts the program, found ${count}`);
  process.exit(1);
}
writeFileSync(page, html);
