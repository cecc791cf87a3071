import { expect, test, type Page } from "@playwright/test";
import { accessible, signIn } from "./support";

test.beforeEach(async ({ page }) => signIn(page));

// Cookies count only from the product's own pages.
const headers = { origin: process.env.BASE_URL! };

async function call(page: Page, method: "get" | "post", path: string, data?: object) {
  const answer = await page.request[method](path, { headers, ...(data ? { data } : {}) });
  const body = await answer.json();
  expect(body.code, JSON.stringify(body)).toBe(0);
  return body.data;
}

/** A run of so many searches one after the other. */
async function begin(page: Page, rounds: number): Promise<{ run_id: string; thread_id: string }> {
  const search = { id: "look", kind: "tool", tool: "event.search", cache_s: 0, args: { select: { kind: "event" }, limit: 1000 } };
  const nodes = [
    { id: "again", kind: "loop", until: "false", max: rounds, body: search },
    { id: "s1", kind: "tool", tool: "ci.search", args: { limit: 3 } },
    { id: "answer", kind: "compose", blocks: [{ from: "s1", say: "list", options: {} }] },
  ];
  const plan = { goal: `오래 걸리는 실행 ${rounds}`, lang: "ko", origin: { by: "user" }, confidence: 1, timeout_ms: 120_000, root: { id: "root", kind: "seq", nodes } };
  return call(page, "post", "/api/v1/plans/run", { plan });
}

test("a page that is loaded again in the middle of a run goes on with it until its answer", async ({ page }) => {
  test.setTimeout(90_000);
  const { run_id, thread_id } = await begin(page, 150);
  await page.goto(`/threads/${thread_id}`);
  await expect(page.getByTestId("plan").last()).toBeVisible();
  await page.reload();
  expect((await call(page, "get", `/api/v1/runs/${run_id}`)).run.status, "the run is too short for this test").toBe("running");
  await expect(page.getByTestId("plan").last()).toBeVisible();
  await expect(page.getByTestId("answer").last()).toBeVisible({ timeout: 60_000 });
  const run = await call(page, "get", `/api/v1/runs/${run_id}`);
  expect(run.run.takeovers).toBe(0);
  const { items } = await call(page, "get", `/api/v1/runs/${run_id}/steps?limit=2000`);
  expect(new Set(items.map((step: { path: string }) => step.path)).size).toBe(items.length);
});

test("a run is stopped from its page and from the conversation, and says so", async ({ page }) => {
  test.setTimeout(60_000);
  const first = await begin(page, 900);
  await page.goto(`/runs/${first.run_id}`);
  await page.getByTestId("trace").getByRole("button", { name: "중지" }).click();
  await expect(page.getByTestId("run-status")).toHaveAttribute("data-status", "cancelled");
  await accessible(page);

  const second = await begin(page, 900);
  await page.goto(`/threads/${second.thread_id}`);
  await page.getByTestId("stop").click();
  await expect.poll(async () => (await call(page, "get", `/api/v1/runs/${second.run_id}`)).run.status).toBe("cancelled");
  await expect(page.getByTestId("answer").last()).toBeVisible();
});

test("a golden answer that comes out otherwise is told with the numbers that differ", async ({ page }) => {
  test.setTimeout(60_000);
  const asked = await call(page, "post", "/api/v1/ask", { question: "구성 항목은 모두 몇 개야?" });
  const note = `수가 바뀌면 알림 ${Date.now()}`;
  await call(page, "post", "/api/v1/golden", { run_id: asked.run_id, rules: { note, every_min: 0, same_moment: false } });

  const form = { file: { name: "one-more.csv", mimeType: "text/csv", buffer: Buffer.from("code,name,kind\none-more-1,하나 더,server\n") } };
  const upload = await (await page.request.post("/api/v1/imports/files", { headers, multipart: form })).json();
  const mapping = { name: "one more", files: [{ file: "one-more.csv", rows: "items", code: "code", name: "name", kind: "kind" }] };
  const id = await call(page, "post", "/api/v1/imports", { uploads: [upload.data.id], mapping });
  await expect.poll(async () => (await call(page, "get", `/api/v1/imports/${id}`)).state).toBe("done");
  try {
    await page.goto("/runs/golden");
    await page.getByTestId("golden").getByText(note).click();
    await page.getByRole("button", { name: "지금 점검" }).click();
    const check = page.getByTestId("golden-check").first();
    await expect(check).toHaveAttribute("data-outcome", "changed");
    await expect(check).toContainText(/\d/);
    await accessible(page);
  } finally {
    await call(page, "post", `/api/v1/imports/${id}/undo`, {});
  }
});

test("a chart of an answer becomes a picture", async ({ page }) => {
  const { items } = await call(page, "get", "/api/v1/cis?limit=500");
  const item = (items as { code: string; kind: string }[]).find((one) => /host|server|vm/i.test(one.kind))!;
  const { thread_id } = await call(page, "post", "/api/v1/ask", { question: `${item.code} CPU 사용률 추이 보여줘` });
  await page.goto(`/threads/${thread_id}`);
  const chart = page.getByTestId("answer-chart").last();
  await expect(chart.locator("canvas").first()).toBeVisible();
  const [file] = await Promise.all([page.waitForEvent("download"), chart.getByRole("button", { name: "PNG 내려받기" }).click()]);
  expect(file.suggestedFilename()).toContain(".png");
});

test("a run of thousands of steps is read from end to end without all of its rows", async ({ page }) => {
  test.setTimeout(120_000);
  const look = (id: string) => ({ id, kind: "tool", tool: "ci.search", args: { limit: 1 } });
  const again = (n: number) => ({ id: `again${n}`, kind: "loop", until: "false", max: 500, body: { id: `round${n}`, kind: "seq", nodes: [look(`a${n}`), look(`b${n}`)] } });
  const nodes = [again(0), again(1), look("end"), { id: "answer", kind: "compose", blocks: [{ from: "end", say: "list" }] }];
  const budget = { steps: 10_000, calls: 10_000, rows: 100_000, bytes: 100_000_000, tokens: 0, money: 0, depth: 1 };
  const plan = { goal: "단계가 많은 실행", lang: "ko", origin: { by: "user" }, confidence: 1, timeout_ms: 90_000, budget, root: { id: "root", kind: "seq", nodes } };
  const { run_id } = await call(page, "post", "/api/v1/plans/run", { plan });
  await expect.poll(async () => (await call(page, "get", `/api/v1/runs/${run_id}`)).run.status, { timeout: 90_000 }).toBe("answered");
  const { total } = await call(page, "get", `/api/v1/runs/${run_id}/steps?limit=1`);
  expect(total).toBeGreaterThan(3_000);

  await page.goto(`/runs/${run_id}`);
  const tree = page.getByTestId("trace-tree");
  await expect(page.getByRole("treeitem").first()).toBeVisible();
  await expect.poll(() => tree.evaluate((element) => Math.round(element.getBoundingClientRect().height / 24))).toBeGreaterThanOrEqual(total);
  expect(await page.getByRole("treeitem").count()).toBeLessThan(100);
  // What stands at a place is what is there, however one got there.
  const list = page.locator(".trace-list");
  for (const share of [0.5, 1, 0.25]) {
    await list.evaluate((element, share) => (element.scrollTop = (element.scrollHeight - element.clientHeight) * share), share);
    await expect.poll(() => list.evaluate((element) => {
      const box = element.getBoundingClientRect();
      return document.elementFromPoint(box.left + 40, box.top + box.height / 2)?.closest('[role="treeitem"]') !== null;
    })).toBe(true);
  }
  await tree.focus();
  await page.keyboard.press("End");
  await expect(page.locator('[role="treeitem"][aria-selected="true"]')).toBeInViewport();
  await page.keyboard.press("Home");
  await expect(page.locator('[role="treeitem"][aria-selected="true"]')).toContainText("단계가 많은 실행");
  await accessible(page);
});
