// Measures the built user interface: `node bench/page.mjs ADDRESS DIST LOGIN PASSWORD` against a running server.
// What the browser fetches until the first page stands and what it fetches afterwards, in compressed bytes, and the
// largest contentful paint of the sign-in page and the home page, each in a browser without a cache, median of five.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";

const [address, dist, login, password] = process.argv.slice(2);
if (!existsSync(join(dist, "index.html"))) throw new Error(`there is no bundle in ${dist}`);
const LOADS = 5;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/** The bytes of a file as it is sent. */
function sent(path) {
  const file = join(dist, path);
  const packed = `${file}.br`;
  return statSync(existsSync(packed) ? packed : file).size;
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});
const options = { locale: "ko-KR", viewport: { width: 1440, height: 900 } };

/** One load in a browser of its own: when the largest piece was painted, and which files came before and after it. */
async function load(path, storageState) {
  const context = await browser.newContext({ ...options, storageState });
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.largest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.largest = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
  });
  await page.goto(address + path);
  await page.locator("h1:visible").first().waitFor();
  // the other parts are fetched in the meantime, and what is painted late is painted
  await page.waitForTimeout(4000);
  const result = await page.evaluate(() => ({
    largest: window.largest,
    files: performance
      .getEntriesByType("resource")
      .filter((entry) => !entry.name.includes("/api/"))
      .map((entry) => ({ path: new URL(entry.name).pathname, at: entry.startTime })),
  }));
  await context.close();
  return result;
}

async function report(name, path, storageState) {
  const loads = [];
  for (let n = 0; n < LOADS; n += 1) loads.push(await load(path, storageState));
  const paints = loads.map((one) => one.largest);
  console.log(
    `${name}: largest contentful paint ${Math.round(median(paints))} ms (${paints.map((ms) => Math.round(ms)).join(", ")})`,
  );
  const files = new Map();
  for (const { files: seen, largest } of loads) {
    for (const { path, at } of seen) files.set(path, (files.get(path) ?? false) || at < largest);
  }
  const sums = { first: {}, later: {} };
  for (const [file, early] of files) {
    const kind = file.split(".").pop();
    const sum = sums[early ? "first" : "later"];
    sum[kind] = (sum[kind] ?? 0) + sent(file);
  }
  for (const [when, sum] of Object.entries(sums)) {
    console.log(`  ${when}: ${Object.entries(sum).map(([kind, bytes]) => `${kind} ${kb(bytes)}`).join(", ") || "nothing"}`);
  }
}

try {
  const wasm = readdirSync(dist).filter((name) => name.endsWith(".wasm")).map((name) => [name, sent(name)]);
  for (const [name, bytes] of wasm.sort((a, b) => b[1] - a[1])) console.log(`${kb(bytes).padStart(9)}  ${name}`);
  console.log(`${kb(wasm.reduce((sum, [, bytes]) => sum + bytes, 0)).padStart(9)}  all WebAssembly`);

  await report("sign-in page", "/signin");
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(`${address}/signin`);
  await page.locator("input[autocomplete=username]").fill(login);
  await page.locator("input[type=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.getByTestId("account").waitFor();
  const signedIn = await context.storageState();
  await context.close();
  await report("home page", "/", signedIn);
} finally {
  await browser.close();
}
