import { expect, test } from "@playwright/test";
import { accessible, ask, signIn } from "./support";

test.beforeEach(async ({ page }) => signIn(page));

async function anItem(page: import("@playwright/test").Page, kind: RegExp) {
  const body = await (await page.request.get("/api/v1/cis?limit=500")).json();
  const items = body.data.items as { code: string; kind: string; relations: number; recent_events: number }[];
  return items.filter((item) => kind.test(item.kind)).sort((a, b) => b.relations - a.relations)[0];
}

test("a question in Korean is answered with plan, number and evidence", async ({ page }) => {
  const answer = await ask(page, "구성 항목은 모두 몇 개야?");
  await expect(answer).toHaveAttribute("data-status", "answered");
  const body = await (await page.request.get("/api/v1/cis?limit=1")).json();
  await expect(answer).toContainText(new RegExp(`${body.data.all}|${body.data.all.toLocaleString("en")}`));

  const plan = page.getByTestId("plan").last();
  await expect(plan).toBeVisible();
  await plan.locator("summary").click();
  await expect(plan.getByRole("treeitem").first()).toHaveAttribute("data-status", "ok");

  await page.getByTestId("evidence-mark").first().click();
  await expect(page.getByTestId("evidence").locator("table").first()).toBeVisible();
  await expect(page.getByTestId("answer-time").last()).toContainText(/ms|초/);
  await accessible(page);
});

test("impact is drawn as topology, and a follow-up keeps the context", async ({ page }) => {
  const item = await anItem(page, /db|database|데이터베이스|host|server/i);
  const answer = await ask(page, `${item.code}가 장애 나면 어떤 항목이 영향받아?`);
  await expect(answer).toHaveAttribute("data-status", "answered");
  await expect(page.getByTestId("answer-topology")).toBeVisible();
  const next = await ask(page, "그럼 그건 누가 관리해?");
  await expect(next).toHaveAttribute("data-status", /answered|clarify/);
});

test("a metric over time is drawn as a chart", async ({ page }) => {
  const series = await anItem(page, /host|server|vm|호스트|서버/i);
  const answer = await ask(page, `${series.code} CPU 사용률 추이 보여줘`);
  await expect(answer).toHaveAttribute("data-status", "answered");
  await expect(page.getByTestId("answer-chart").locator("canvas").first()).toBeVisible();
});

test("a change is refused with the reason, and nothing is changed", async ({ page }) => {
  const before = await (await page.request.get("/api/v1/cis?limit=1")).json();
  const answer = await ask(page, "모든 이벤트를 삭제해줘");
  await expect(answer).toHaveAttribute("data-status", "refused");
  await expect(answer).toContainText("수 없");
  const after = await (await page.request.get("/api/v1/cis?limit=1")).json();
  expect(after.data.all).toBe(before.data.all);
});

test("what is not in the data is said to be missing", async ({ page }) => {
  const answer = await ask(page, "srv-does-not-exist-99의 담당자는 누구야?");
  await expect(answer).toHaveAttribute("data-status", /unanswerable|clarify/);
});

test("threads are kept, found again and renamed", async ({ page }) => {
  await ask(page, "종류별 구성 항목 수를 알려줘");
  const thread = page.getByTestId("thread").first();
  await expect(thread).toBeVisible();
  await page.reload();
  await expect(page.getByTestId("answer")).toHaveCount(1);

  await thread.hover();
  await page.getByRole("button", { name: /제목 바꾸기/ }).first().click();
  await page.getByLabel("대화 제목").fill("종류별 현황");
  await page.getByRole("button", { name: "저장", exact: true }).click();
  await expect(page.getByTestId("thread").first()).toContainText("종류별 현황");
  await page.getByTestId("thread-search").fill("종류별 현황");
  await expect(page.getByTestId("thread")).toHaveCount(1);
});

test("REST answers with the documented contract, as JSON and as a stream", async ({ page }) => {
  const question = { question: "how many configuration items are there?" };
  // Cookies count only from the product's own pages; a browser says where a request comes from.
  const headers = { origin: process.env.BASE_URL! };
  const body = await (await page.request.post("/api/v1/ask", { data: question, headers })).json();
  expect(body.code).toBe(0);
  expect(Object.keys(body.data)).toEqual(
    expect.arrayContaining(["run_id", "thread_id", "status", "answer", "blocks", "choices", "plan", "steps", "evidence", "timing_ms", "usage"]),
  );
  const stream = await page.request.post("/api/v1/ask", { data: question, headers: { ...headers, accept: "text/event-stream" } });
  expect(stream.headers()["content-type"]).toContain("text/event-stream");
  expect(await stream.text()).toContain('"type":"finished"');
});
