import { expect, test } from "@playwright/test";
import { accessible, choose, fits, listen, signIn } from "./support";

const file = (name: string, lines: string[]) => ({ name, mimeType: "text/csv", buffer: Buffer.from(lines.join("\n") + "\n") });

const ITEMS = file("장비.csv", [
  "장비코드,장비명,종류,담당자,위치",
  "web-01,웹 서버 1,웹서버,김하나,서울",
  "web-02,웹 서버 2,웹서버,이두리,부산",
  "db-01,주문 DB,데이터베이스,김하나,서울",
]);
const RELATIONS = file("연결.csv", ["출발,도착,관계", "web-01,db-01,사용", "web-02,db-01,사용", "web-09,db-01,사용"]);
const TICKETS = file("티켓.csv", [
  "번호,장비코드,접수시각,우선순위,담당자,제목",
  "T-1,web-01,2026-11-02 09:10,긴급,박세영,응답 없음",
  "T-2,db-01,2026-11-03 10:00,보통,김하나,용량 부족",
  "T-3,db-01,언젠가,보통,김하나,시각이 틀린 행",
]);

test("files are understood, tried, imported, and what is wrong is named by line and field", async ({ page }) => {
  await signIn(page);
  await page.goto("/import");
  await page.getByTestId("file-input").setInputFiles([ITEMS, RELATIONS, TICKETS]);
  await expect(page.getByTestId("import-file")).toHaveCount(3);
  await accessible(page);

  await page.getByRole("button", { name: "시험 가져오기" }).click();
  const check = page.getByTestId("import-check");
  await expect(check.getByTestId("rejects")).toContainText("web-09");
  await expect(check.getByTestId("rejects")).toContainText("언젠가");

  await page.getByRole("button", { name: "가져오기", exact: true }).click();
  const run = page.getByTestId("import-run");
  await expect(run.getByRole("heading", { name: "가져왔습니다" })).toBeVisible();
  await expect(run.getByTestId("rejects")).toContainText("연결.csv");
  const csv = await page.request.get((await run.getByRole("link", { name: /거부 행/ }).getAttribute("href"))!);
  expect(await csv.text()).toContain("web-09");

  await page.goto("/cis");
  await expect(page.getByText("web-01")).toBeVisible();
});

test("what came in can be asked for by its own names", async ({ page }) => {
  await signIn(page);
  await page.goto("/");
  await page.getByTestId("question").fill("우선순위가 긴급인 티켓은 몇 건이야?");
  await page.getByTestId("question").press("Enter");
  await expect(page.getByTestId("answer")).toContainText("1건");
});

const TIES = file("묶음.csv", ["갑,을,병", "web-01,db-01,사용", "web-02,db-01,사용"]);

test("a half-made mapping survives a change of language, another page and a reload", async ({ page }) => {
  const said = listen(page);
  await signIn(page);
  await page.goto("/import");
  await page.getByTestId("file-input").setInputFiles([TIES]);
  await expect(page.getByTestId("import-file")).toHaveCount(1);
  const kind = page.locator(".row-kind select");
  const column = page.locator(".mc select");
  const given = async () => [await kind.inputValue(), ...(await column.evaluateAll((all) => all.map((s) => (s as HTMLSelectElement).value)))];
  const wanted = ["relations", "source", "target", "type"];
  await kind.selectOption("relations");
  for (const at of [0, 1, 2]) {
    // corrected one after the other by keyboard: the focus stays where it is
    await column.nth(at).focus();
    await column.nth(at).selectOption(wanted[at + 1]);
    await expect(column.nth(at)).toBeFocused();
  }
  expect(await given()).toEqual(wanted);

  await choose(page, "언어", "English");
  await expect(page.getByRole("heading", { name: "Import data" })).toBeVisible();
  expect(await given()).toEqual(wanted);
  await choose(page, "Language", "한국어");

  await page.getByRole("link", { name: /구성 항목/ }).first().click();
  await expect(page).toHaveURL(/\/cis/);
  await page.goBack();
  await expect(column.first()).toBeVisible();
  expect(await given()).toEqual(wanted);

  await page.reload();
  await expect(column.first()).toBeVisible();
  expect(await given()).toEqual(wanted);

  await page.getByRole("button", { name: "묶음.csv 빼기" }).click();
  await expect(page.getByRole("button", { name: "파일 고르기" })).toBeVisible();
  expect(said).toEqual([]);
});

test("an import is taken out as one", async ({ page }) => {
  await signIn(page);
  await page.goto("/import");
  await page.locator(".past").filter({ hasText: "가져왔습니다" }).first().click();
  await page.getByTestId("undo-import").click();
  await page.getByRole("dialog").getByRole("button", { name: "되돌리기" }).click();
  await expect(page.getByRole("heading", { name: "되돌렸습니다" })).toBeVisible();
  await page.goto("/");
  await expect(page.getByTestId("no-data")).toBeVisible();
});

test("the files to begin with fit together in the order they are offered", async ({ page }) => {
  await signIn(page);
  for (const language of ["한국어", "English"]) {
    await page.goto("/import");
    const what = page.locator(".what");
    await expect(what).toHaveCount(4);
    const names: string[] = [];
    for (let at = 0; at < 4; at++) {
      const begun = page.waitForEvent("download");
      await what.nth(at).getByRole("button").last().click();
      const file = await begun;
      names.push(`test-results/first/${file.suggestedFilename()}`);
      await file.saveAs(names[at]);
    }
    await page.getByTestId("file-input").setInputFiles(names);
    await expect(page.getByTestId("import-file")).toHaveCount(4);
    const english = language === "English";
    await page.getByRole("button", { name: english ? "Import" : "가져오기", exact: true }).click();
    const run = page.getByTestId("import-run");
    await expect(run.getByRole("heading", { name: english ? "Imported" : "가져왔습니다" })).toBeVisible();
    await expect(run.locator(".kpi").first()).toContainText("10");
    await expect(run.getByTestId("rejects")).toHaveCount(0);
    await page.getByTestId("undo-import").click();
    await page.getByRole("dialog").getByRole("button", { name: english ? "Undo the import" : "되돌리기" }).click();
    await expect(run.getByRole("heading", { name: english ? "Undone" : "되돌렸습니다" })).toBeVisible();
    await choose(page, english ? "Language" : "언어", english ? "한국어" : "English");
  }
});

test("a large import is cancelled while it is at work, leaves nothing, and completes when it is started again", async ({ page }) => {
  await signIn(page);
  await page.goto("/import");
  const rows = Array.from({ length: 60_000 }, (_, n) => `C-${n},big-${n % 2},2026-11-02 09:10,긴급,${n % 500},응답 없음`);
  const large = file("접수.csv", ["번호,장비코드,접수시각,우선순위,담당자,제목", ...rows]);
  await page.getByTestId("file-input").setInputFiles([file("큰장비.csv", ["장비코드,장비명,종류", "big-0,큰 서버 0,서버", "big-1,큰 서버 1,서버"]), large]);
  const files = page.getByTestId("import-file");
  await expect(files).toHaveCount(2);
  await expect(files.filter({ hasText: "접수.csv" })).toContainText("약 ");

  const begin = page.getByRole("button", { name: "가져오기", exact: true });
  await begin.click();
  await page.getByTestId("cancel-import").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("파일과 매핑은 남아");
  await dialog.getByRole("button", { name: "가져오기 취소" }).click();
  const run = page.getByTestId("import-run");
  await expect(run.getByRole("heading", { name: "취소했습니다" })).toBeVisible();
  await expect(run).toContainText("반영된 것은 없습니다");
  const there = await page.request.get("/api/v1/cis?text=big-");
  expect((await there.json()).data.total).toBe(0);

  await run.getByRole("button", { name: "파일과 매핑으로 돌아가기" }).click();
  await expect(files).toHaveCount(2);
  await begin.click();
  await expect(run.getByRole("heading", { name: "가져왔습니다" })).toBeVisible({ timeout: 90_000 });
  await expect(run.locator(".kpi").first()).toContainText("60,002");
  await page.getByTestId("undo-import").click();
  await page.getByRole("dialog").getByRole("button", { name: "되돌리기" }).click();
  await expect(run.getByRole("heading", { name: "되돌렸습니다" })).toBeVisible({ timeout: 60_000 });
});

test("relation types of a foreign estate are all offered, corrected, followed, and changed later", async ({ page }) => {
  const said = listen(page);
  await signIn(page);
  await page.goto("/import");
  const things = ["code,name,kind", "PS-1,Station,feeder", "HALL-1,Hall,hall", "LINE-1,Line,line"];
  const links = ["from,to,type"];
  for (let n = 0; n < 40; n++) {
    things.push(`MC-${n},Machine ${n},machine`);
    links.push(`LINE-1,MC-${n},arbeitet_mit`);
  }
  links.push("PS-1,HALL-1,feeds");
  for (let n = 0; n < 40; n++) links.push(`MC-${n},HALL-1,located_in`);
  await page.getByTestId("file-input").setInputFiles([file("things.csv", things), file("links.csv", links)]);
  const files = page.getByTestId("import-file");
  await expect(files).toHaveCount(2);
  await files.filter({ hasText: "links.csv" }).getByRole("button").first().click();

  const types = page.getByTestId("relation-type");
  await expect(types).toHaveCount(3);
  const way = (name: string) => types.filter({ hasText: name }).getByRole("combobox");
  await expect(types.filter({ hasText: "feeds" })).toContainText("1");
  await expect(way("feeds")).toHaveValue("to_target");
  await expect(way("located_in")).toHaveValue("none");
  await expect(types.filter({ hasText: "arbeitet_mit" })).toContainText("확인 필요");
  await way("located_in").focus();
  await way("located_in").selectOption("to_source");
  await expect(way("located_in")).toBeFocused();
  await accessible(page);
  await page.getByRole("button", { name: "매핑 YAML" }).click();
  await expect(page.getByRole("dialog").locator("textarea")).toHaveValue(/feeds:\s+impact: to_target/);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "가져오기", exact: true }).click();
  await expect(page.getByRole("heading", { name: "가져왔습니다" })).toBeVisible();
  const hit = async (root: string) => {
    // asked by the page itself: a request from elsewhere has no right to its cookie
    return page.evaluate(async (root) => {
      const body = JSON.stringify({ op: "impact", roots: [root], max_depth: 9 });
      const answer = await fetch("/api/v1/graph/query", { method: "POST", headers: { "content-type": "application/json" }, body });
      return (await answer.json()).data.total;
    }, root);
  };
  expect(await hit("PS-1")).toBe(42);

  await page.goto("/relations");
  const row = page.getByTestId("relation-row").filter({ hasText: "located_in" });
  await expect(row.getByRole("combobox")).toHaveValue("to_source");
  await accessible(page);
  await row.getByRole("combobox").selectOption("none");
  await expect(row).toContainText(/moon@example.org/);
  expect(await hit("PS-1")).toBe(1);
  await page.reload();
  await expect(row.getByRole("combobox")).toHaveValue("none");
  for (const size of [{ width: 390, height: 844 }, { width: 1440, height: 900 }]) {
    await page.setViewportSize(size);
    await fits(page);
  }
  expect(said).toEqual([]);
  await page.goto("/import");
  await page.locator(".past").filter({ hasText: "가져왔습니다" }).first().click();
  await page.getByTestId("undo-import").click();
  await page.getByRole("dialog").getByRole("button", { name: "되돌리기" }).click();
  await expect(page.getByRole("heading", { name: "되돌렸습니다" })).toBeVisible();
});
