import { expect, test } from "@playwright/test";
import { accessible, choose, listen, signIn } from "./support";

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
