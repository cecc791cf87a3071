import { expect, test } from "@playwright/test";
import { accessible, fits, signIn } from "./support";

test.beforeEach(async ({ page }) => signIn(page));

test("a template is copied, changed, tried beside the one in use, saved twice, compared and put in force", async ({ page }) => {
  await page.goto("/causes");
  await expect(page.getByTestId("cause-template").first()).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "복사해서 만들기" }).click();
  await page.getByLabel("식별자", { exact: true }).fill("Nacht!");
  await expect(page.getByTestId("cause-faults")).toContainText("key");
  await page.getByLabel("식별자", { exact: true }).fill("night");
  await expect(page.getByTestId("cause-faults")).toHaveCount(0);
  await page.getByLabel("이름 (한국어)").fill("야간 분석");
  await page.getByLabel("자원 수준 변화: 가중치").fill("2");

  await page.getByRole("tab", { name: "시험" }).click();
  await page.getByTestId("cause-try").getByRole("button", { name: "실행" }).click();
  await expect(page.getByTestId("cause-tried")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId("cause-present")).toContainText("기본 원인 분석");

  await page.getByLabel("바꾼 이유").fill("밤에는 자원이 먼저다");
  await page.getByRole("button", { name: "새 버전으로 저장" }).click();
  await expect(page).toHaveURL(/key=night/);
  await page.getByRole("tab", { name: "양식" }).click();
  await page.getByLabel("관계 단계 (1–6)").fill("2");
  await page.getByRole("button", { name: "새 버전으로 저장" }).click();
  await page.getByRole("tab", { name: /^버전/ }).click();
  await expect(page.getByTestId("cause-versions").getByRole("listitem")).toHaveCount(2);
  await expect(page.getByTestId("cause-changes")).toContainText("hops");
  await accessible(page);

  await page.getByRole("button", { name: "적용", exact: true }).click();
  await expect(page.getByTestId("cause-template").filter({ hasText: "야간 분석" })).toContainText("적용 중 v2");
  await page.getByTestId("cause-versions").getByRole("button", { name: "되돌리기" }).click();
  await expect(page.getByTestId("cause-versions").getByRole("listitem")).toHaveCount(3);
});

test("the template as JSON is taken over into the form, and what cannot be read is said", async ({ page }) => {
  await page.goto("/causes?key=night&tab=json");
  const json = page.getByRole("textbox", { name: "JSON" });
  await expect(json).toHaveValue(/rca\.template\/v1/);
  const text = await json.inputValue();
  await json.fill("{ nothing");
  await page.getByRole("button", { name: "양식에 반영", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("JSON");
  await json.fill(text.replace(/"most": \d+/, '"most": 3'));
  await page.getByRole("button", { name: "양식에 반영", exact: true }).click();
  await page.getByRole("tab", { name: "양식" }).click();
  await expect(page.getByLabel("가설 수 (1–10)")).toHaveValue("3");
});

test("templates fit a phone, and the template in force is removed", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/causes?key=night");
  await expect(page.getByLabel("이름 (한국어)")).toHaveValue("야간 분석");
  await fits(page);
  await accessible(page);
  await page.getByRole("button", { name: "제거", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "제거", exact: true }).click();
  await expect(page.getByTestId("cause-template")).toHaveCount(1);
});

test("a hypothesis leads from its finding to the row it rests on", async ({ page }) => {
  await page.goto("/");
  await page.getByTestId("question").fill("지금 무엇이 문제야? 원인이 뭐야?");
  await page.getByTestId("question").press("Enter");
  const answer = page.getByTestId("turn").last().getByTestId("answer");
  await expect(answer).toBeVisible({ timeout: 30_000 });
  const hypotheses = answer.getByTestId("answer-hypotheses");
  if ((await hypotheses.count()) === 0) {
    await expect(answer).toContainText(/이상은 없습니다|정상/);
    return;
  }
  const mark = hypotheses.getByTestId("evidence-mark").first();
  await expect(hypotheses.getByTestId("hypothesis").first()).toContainText("지지");
  await mark.click();
  const row = page.getByTestId("evidence").locator("li.source").first();
  await expect(row.locator("details")).toHaveAttribute("open", "");
  await expect(row.getByRole("table")).toContainText(/CPU|메모리|네트워크|요청량|변경|캐시|스토리지|디스크|대기열|애플리케이션|연결/);
});
