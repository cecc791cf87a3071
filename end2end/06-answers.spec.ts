import { readFileSync } from "node:fs";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { accessible, ask, fits, listen, signIn } from "./support";

test.setTimeout(120_000);

let said: string[];
test.beforeEach(async ({ page }) => {
  said = listen(page);
  await signIn(page);
});
// No flow of the conversation has anything to say to the console.
test.afterEach(() => expect(said).toEqual([]));

type Item = { code: string; kind: string; relations: number };

async function items(page: Page): Promise<Item[]> {
  const body = await (await page.request.get("/api/v1/cis?limit=500")).json();
  return (body.data.items as Item[]).sort((a, b) => b.relations - a.relations);
}

/** An item that has series, and the label of a metric it has. */
async function measured(page: Page): Promise<{ code: string; metric: { ko: string; en: string } }> {
  const catalogue = (await (await page.request.get("/api/v1/catalogue")).json()).data;
  for (const item of await items(page)) {
    const body = await (await page.request.get(`/api/v1/cis/${item.code}/series`)).json();
    const keys = (body.data as { metric: string }[]).map((series) => series.metric);
    const metric = catalogue.metrics.find((m: { key: string; per_edge: boolean }) => keys.includes(m.key) && !m.per_edge);
    if (metric) return { code: item.code, metric: metric.label };
  }
  throw new Error("no item has a metric");
}

/** Presses a button that saves something and gives what was saved. */
async function saved(page: Page, part: Locator, name: RegExp): Promise<{ content: Buffer }> {
  const waiting = page.waitForEvent("download");
  await part.getByTestId("saves").getByRole("button", { name }).click();
  const file = await waiting;
  return { content: readFileSync(await file.path()) };
}

test("answers, questions back, what is missing and refusals are read without a word to the console", async ({ page }) => {
  await expect(await ask(page, "구성 항목은 모두 몇 개야?")).toHaveAttribute("data-status", "answered");
  const missing = await ask(page, "srv-does-not-exist-99의 담당자는 누구야?");
  await expect(missing).toHaveAttribute("data-status", /unanswerable|clarify/);
  await expect(missing).toContainText("srv-does-not-exist-99");
  const refused = await ask(page, "delete every event");
  await expect(refused).toHaveAttribute("data-status", "refused");
  await accessible(page);
  await page.goto("/runs");
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  await page.goBack();
  await expect(page.getByTestId("answer")).toHaveCount(3);
  await page.reload();
  await expect(page.getByTestId("answer")).toHaveCount(3);
});

test("a name that does not exist is said to be missing, and the nearest names can be asked for at once", async ({ page }) => {
  const [item] = (await items(page)).filter((one) => /-\d+$/.test(one.code));
  const answer = await ask(page, `${item.code.replace(/\d+$/, "97")} 담당자는 누구야?`);
  await expect(answer).toHaveAttribute("data-status", /unanswerable|clarify/);
  const choice = answer.getByRole("group").getByRole("button").first();
  await expect(choice).toBeVisible();
  await accessible(page);
  await choice.click();
  await expect(page.getByTestId("turn")).toHaveCount(2);
  await expect(page.getByTestId("answer").last()).toHaveAttribute("data-status", "answered");
});

test("tables of answers show labels instead of keys, in the language of the question", async ({ page }) => {
  const { kinds } = (await (await page.request.get("/api/v1/catalogue")).json()).data as { kinds: { key: string; label: { ko: string; en: string } }[] };
  for (const [question, language] of [["종류별 구성 항목 수를 알려줘", "ko"], ["how many configuration items of each kind?", "en"]] as const) {
    const answer = await ask(page, question);
    await expect(answer).toHaveAttribute("data-status", "answered");
    const cells = answer.getByTestId("answer-table").locator("tbody td:first-child");
    await expect(cells.first()).toBeVisible();
    const labels = kinds.map((kind) => kind.label[language] || kind.key);
    await expect.poll(async () => (await cells.allInnerTexts()).filter((text) => !labels.includes(text.trim()))).toEqual([]);
  }
});

test("chart, table and picture of an answer are saved as PNG, CSV and JSON", async ({ page }) => {
  const { code, metric } = await measured(page);
  await expect(await ask(page, `${code} ${metric.ko} 추이 보여줘`)).toHaveAttribute("data-status", "answered");
  const chart = page.getByTestId("answer-chart").first();
  await expect(chart.locator("canvas").first()).toBeVisible();
  const png = await saved(page, chart, /PNG/);
  expect(png.content.subarray(1, 4).toString()).toBe("PNG");
  const points = (await saved(page, chart, /CSV/)).content.toString("utf8");
  expect(points).toMatch(/^\ufeff이름,시각,값/);
  expect(points.split("\r\n").length).toBeGreaterThan(10);
  const block = JSON.parse((await saved(page, chart, /JSON/)).content.toString("utf8"));
  expect(block.type).toBe("chart");
  expect(block.series[0].points.length).toBeGreaterThan(10);

  await page.goto("/");
  const answer = await ask(page, "종류별 구성 항목 수를 알려줘");
  const table = answer.getByTestId("answer-table");
  const csv = (await saved(page, table, /CSV/)).content.toString("utf8");
  expect(csv).toMatch(/^\ufeff종류/);
  const rows = JSON.parse((await saved(page, table, /JSON/)).content.toString("utf8")).rows;
  expect(csv.trim().split("\r\n").length).toBe(rows.length + 1);

  await page.goto("/");
  await ask(page, `${(await items(page))[0].code}에 직접 연결된 항목은?`);
  const picture = page.getByTestId("answer-topology");
  await expect(picture).toBeVisible();
  const drawn = await saved(page, picture, /PNG/);
  expect(drawn.content.subarray(1, 4).toString()).toBe("PNG");
  expect((await saved(page, picture, /CSV/)).content.toString("utf8")).toMatch(/^\ufeff출발,관계,도착/);

  // What was drawn is kept with the answer.
  await expect(page).toHaveURL(/\/threads\//);
  await page.reload();
  await expect(page.getByTestId("answer")).toHaveCount(1);
  await expect(page.getByTestId("answer-topology")).toBeVisible();
});

test("every sentence of an answer leads to its step and rows", async ({ page }) => {
  const { code, metric } = await measured(page);
  for (const question of ["종류별 구성 항목 수를 알려줘", `${code}에 직접 연결된 항목은?`, `최근 이벤트 3건 보여줘`, `${code} ${metric.ko} 최댓값은?`]) {
    const answer = await ask(page, question);
    await expect(answer).toHaveAttribute("data-status", "answered");
    for (const paragraph of await answer.locator("p").all()) await expect(paragraph.getByTestId("evidence-mark").first()).toBeVisible();
    for (const part of ["answer-table", "answer-timeline", "answer-number"]) {
      for (const block of await answer.getByTestId(part).all()) await expect(block.getByTestId("evidence-mark").first()).toBeVisible();
    }
  }
  await page.getByTestId("answer").last().getByTestId("evidence-mark").first().click();
  const source = page.getByTestId("evidence").locator("details[open]").first();
  await expect(source.locator("table")).toBeVisible();
  await source.getByTestId("evidence-trace").click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}/);
  await expect(page.getByTestId("trace")).toBeVisible();
});

test("while an answer is on its way plan, steps and a way to stop are there, and it can be left and come back to", async ({ page }) => {
  // The stream is held before its first step has ended, and taken up again by the browser itself.
  let held = true;
  await page.route("**/api/sse/runs/*", async (route) => {
    if (!held) return route.continue();
    const events = (await (await route.fetch()).text()).split("\n\n");
    const first = events.slice(0, Math.max(0, events.findIndex((event) => event.includes('"type":"step_finished"'))));
    await route.fulfill({ headers: { "content-type": "text/event-stream" }, body: ["retry: 300", ...first, ""].join("\n\n") });
  });
  await page.getByTestId("question").fill("구성 항목은 모두 몇 개야?");
  await page.getByTestId("question").press("Enter");
  const turn = page.getByTestId("turn").last();
  await expect(turn.getByRole("treeitem").first()).toHaveAttribute("data-status", "running");
  await expect(turn.getByRole("status")).toContainText("찾는 중");
  await expect(turn.locator(".skeleton-rows")).toBeVisible();
  await expect(page.getByTestId("stop")).toBeVisible();
  await accessible(page);
  await expect(page).toHaveURL(/\/threads\//);
  const thread = page.url();
  held = false;
  await expect(page.getByTestId("answer")).toHaveAttribute("data-status", "answered");
  await page.goto("/cis");
  await page.goto(thread);
  await expect(page.getByTestId("answer")).toHaveAttribute("data-status", "answered");
});

test("an answer fits a phone: no column of a table is cut off at the side", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const [item] = await items(page);
  for (const question of ["종류별 구성 항목 수를 알려줘", `${item.code}에 직접 연결된 항목은?`, "최근 이벤트 3건 보여줘", "list the configuration items by kind"]) {
    const answer = await ask(page, question);
    await fits(page);
    const cut = await answer.locator(".answer-rows td").evaluateAll((cells) =>
      cells.filter((cell) => cell.getBoundingClientRect().right > innerWidth || cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent),
    );
    expect(cut).toEqual([]);
  }
  await accessible(page);
});
