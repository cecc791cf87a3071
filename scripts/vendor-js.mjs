// Copies the libraries that are loaded when first needed out of node_modules; copies again after an upgrade.
import { copyFileSync, existsSync, mkdirSync, statSync } from "node:fs";

const files = [["node_modules/echarts/dist/echarts.min.js", "public/vendor/echarts.min.js"]];

mkdirSync("public/vendor", { recursive: true });
for (const [from, to] of files) {
  const same = existsSync(to) && statSync(to).size === statSync(from).size;
  if (!same) copyFileSync(from, to);
}
