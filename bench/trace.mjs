// Measures the page of a run with thirty thousand steps: `node bench/trace.mjs ADDRESS LOGIN PASSWORD` against a running
// server. How long until the first rows stand and until all steps are there, frame times while the tree is scrolled from
// end to end, how long the other views take, and the memory of the page.
import { chromium } from "@playwright/test";

const [address, login, password] = process.argv.slice(2);
const LOOPS = 10;
const ROUNDS = 1000;
const FRAMES = 300;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});

const tool = (id) => ({ id, kind: "tool", tool: "ci.search", args: { limit: 1 } });
const loop = (n) => ({
  id: `loop${n}`,
  kind: "loop",
  until: "false",
  max: ROUNDS,
  body: { id: `round${n}`, kind: "seq", nodes: [tool(`a${n}`), tool(`b${n}`)] },
});
const plan = {
  goal: "thirty thousand steps",
  lang: "en",
  origin: { by: "user" },
  confidence: 1.0,
  timeout_ms: 300_000,
  budget: { steps: 60_000, calls: 60_000, rows: 1_000_000, bytes: 268_435_456, tokens: 0, money: 0, depth: 1 },
  root: {
    id: "root",
    kind: "seq",
    nodes: [
      ...Array.from({ length: LOOPS }, (_, n) => loop(n)),
      tool("end"),
      { id: "answer", kind: "compose", blocks: [{ from: "end", say: "list" }] },
    ],
  },
};

const quantile = (values, q) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];

try {
  const context = await browser.newContext({ locale: "ko-KR", viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${address}/signin`);
  await page.locator("input[autocomplete=username]").fill(login);
  await page.locator("input[type=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.getByTestId("account").waitFor();

  const headers = { origin: address };
  const call = async (path, data) => {
    const answer = await (data ? page.request.post(address + path, { data, headers }) : page.request.get(address + path, { headers }));
    const body = await answer.json();
    if (body.code !== 0) throw new Error(`${path}: ${JSON.stringify(body)}`);
    return body.data;
  };
  const begun = Date.now();
  const { run_id: run } = await call("/api/v1/plans/run", { plan });
  let summary;
  do {
    await page.waitForTimeout(500);
    ({ run: summary } = await call(`/api/v1/runs/${run}`));
  } while (summary.status === "running");
  console.log(`run: ${summary.steps} steps, ${summary.status}, ${Math.round(summary.total_ms ?? Date.now() - begun)} ms`);

  await page.goto(`${address}/runs`);
  await page.getByRole("row").nth(1).waitFor();
  await page.waitForTimeout(2000);
  const opened = Date.now();
  await page.goto(`${address}/runs/${run}`);
  await page.getByRole("treeitem").first().waitFor();
  console.log(`first rows: ${Date.now() - opened} ms after opening the address`);
  const rows = page.getByTestId("trace-tree");
  const tall = () => rows.evaluate((element) => Math.round(element.getBoundingClientRect().height / 24));
  while ((await tall()) < summary.steps) await page.waitForTimeout(50);
  console.log(`all ${await tall()} rows: ${Date.now() - opened} ms`);

  const scroll = (pixels) => page.evaluate(async ([frames, pixels]) => {
    const list = document.querySelector(".trace-list");
    const step = pixels || (list.scrollHeight - list.clientHeight) / frames;
    list.scrollTop = 0;
    const times = [];
    let last = await new Promise(requestAnimationFrame);
    for (let n = 1; n <= frames; n += 1) {
      list.scrollTop = n * step;
      const now = await new Promise(requestAnimationFrame);
      times.push(now - last);
      last = now;
    }
    return times;
  }, [FRAMES, pixels]);
  // A turn of the wheel moves by about a hundred pixels; whoever drags the bar sees a new screen at every frame.
  for (const [name, pixels] of [["scrolling by 100 pixels a frame", 100], [`dragging from end to end in ${FRAMES} frames`, 0]]) {
    const frames = await scroll(pixels);
    console.log(
      `${name}: median ${quantile(frames, 0.5).toFixed(1)} ms, p95 ${quantile(frames, 0.95).toFixed(1)} ms, longest ${Math.max(...frames).toFixed(1)} ms`,
    );
  }
  console.log(`rows that exist: ${await page.getByRole("treeitem").count()}`);

  for (const [name, view, there] of [["flame graph", "플레임", ".flame-block"], ["log", "로그", '[role="treeitem"]']]) {
    const since = Date.now();
    await page.getByRole("button", { name: view, exact: true }).click();
    await page.locator(there).first().waitFor();
    console.log(`${name}: ${Date.now() - since} ms`);
  }
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  const heap = metrics.find((metric) => metric.name === "JSHeapUsedSize").value;
  const wasm = await page.evaluate(() => performance.measureUserAgentSpecificMemory?.().then((m) => m.bytes).catch(() => 0));
  console.log(`memory of the page: JavaScript ${(heap / 1e6).toFixed(0)} MB${wasm ? `, all ${(wasm / 1e6).toFixed(0)} MB` : ""}`);
} finally {
  await browser.close();
}
