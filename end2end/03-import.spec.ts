import { expect, test } from "@playwright/test";
import { accessible, signIn } from "./support";

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

test("an import is taken out as one", async ({ page }) => {
  await signIn(page);
  await page.goto("/import");
  await page.locator(".past").first().click();
  await page.getByTestId("undo-import").click();
  await page.getByRole("dialog").getByRole("button", { name: "되돌리기" }).click();
  await expect(page.getByRole("heading", { name: "되돌렸습니다" })).toBeVisible();
  await page.goto("/");
  await expect(page.getByTestId("no-data")).toBeVisible();
});
