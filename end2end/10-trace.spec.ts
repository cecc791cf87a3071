import { expect, test, type Page } from "@playwright/test";
import { accessible, ask, fits, signIn } from "./support";

test.beforeEach(async ({ page }) => signIn(page));

/** Asks, and opens the run of the answer. */
async function openRun(page: Page, question: string): Promise<void> {
  await ask(page, question);
  await page.getByTestId("to-trace").last().click();
  await expect(page.getByTestId("trace-tree")).toBeVisible();
}

test("a run is read as tree, flame graph and log, and its steps by keyboard", async ({ page }) => {
  await openRun(page, "종류별 구성 항목 수를 알려줘");
  await expect(page.getByTestId("run-status")).toHaveAttribute("data-status", "answered");
  const rows = page.getByRole("treeitem");
  expect(await rows.count()).toBeGreaterThan(1);
  await page.getByTestId("trace-tree").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(page.locator('[role="treeitem"][aria-selected="true"]')).toHaveCount(1);
  await expect(page).toHaveURL(/step=/);
  await accessible(page);
  for (const name of ["플레임", "로그"]) {
    await page.getByRole("button", { name, exact: true }).click();
    await accessible(page);
  }
});

test("a step shows what went in, what came out, and what of the answer rests on it", async ({ page }) => {
  await ask(page, "종류별 구성 항목 수를 알려줘");
  const source = page.getByTestId("evidence").locator("details").first();
  await source.locator("summary").click();
  await source.getByTestId("evidence-trace").getByRole("link").or(source.getByTestId("evidence-trace")).first().click();
  const detail = page.getByTestId("step-detail");
  await expect(detail).toContainText("입력");
  await expect(detail.getByRole("table").first()).toBeVisible();
  await detail.locator("a.ev").first().click();
  await expect(page).toHaveURL(/\/threads\/.*ev=1/);
  await expect(page.getByTestId("evidence").locator("table").first()).toBeVisible();
});

test("a run is run again from a step; a mistake in its arguments is told on its line", async ({ page }) => {
  await openRun(page, "종류별 구성 항목 수를 알려줘");
  const before = page.url();
  await page.getByTestId("restart").getByRole("button").click();
  const editor = page.getByTestId("args");
  await expect(editor).toBeVisible();
  const first = await editor.inputValue();
  await editor.fill("{ \"select\": ");
  await expect(page.getByText(/JSON 형식이 아닙니다/)).toBeVisible();
  await editor.fill(JSON.stringify({ ...JSON.parse(first), no_such_argument: 1 }, null, 2));
  await page.getByRole("dialog").getByRole("button", { name: "다시 실행" }).click();
  await expect(page.getByRole("dialog").locator(".err").first()).toBeVisible();
  await editor.fill(first);
  await page.getByRole("dialog").getByRole("button", { name: "다시 실행" }).click();
  await expect(page).not.toHaveURL(before);
  await expect(page.getByTestId("run-status")).toHaveAttribute("data-status", "answered");
  await expect(page.locator("main")).toContainText("갈라져 나온 실행");
});

test("a plan is shown first, changed, approved and run", async ({ page }) => {
  await page.getByTestId("plan-first").click();
  await page.getByTestId("question").fill("종류별 구성 항목 수를 알려줘");
  await page.getByTestId("question").press("Enter");
  const proposal = page.getByTestId("proposal");
  await expect(proposal.getByText("실행 전 계획")).toBeVisible();
  // Arguments are words, not code.
  await expect(proposal.locator(".proposal-args").first()).toBeVisible();
  for (const text of await proposal.locator(".proposal-args").allTextContents()) expect(text).not.toMatch(/[{}"]/);
  await accessible(page);
  await proposal.getByRole("button", { name: /인자 고치기/ }).first().click();
  const editor = page.getByTestId("args");
  await editor.fill(await editor.inputValue());
  await page.getByRole("dialog").getByRole("button", { name: "적용" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByTestId("approve-plan").getByRole("button").click();
  await expect(page.getByTestId("answer").last()).toHaveAttribute("data-status", "answered");
  await page.getByTestId("plan-first").click();
});

test("a plan is kept as a template and called by its name", async ({ page }) => {
  await ask(page, "구성 항목은 모두 몇 개야?");
  await page.getByTestId("save-template").last().getByRole("button").click();
  const form = page.getByTestId("template-form");
  await form.getByLabel("이름").fill("Not a name");
  await form.getByRole("button", { name: "저장" }).click();
  await expect(form.locator(".err").first()).toBeVisible();
  const name = `count-${Date.now()}`;
  await form.getByLabel("이름").fill(name);
  await form.getByRole("button", { name: "저장" }).click();
  await expect(page.getByText(`템플릿 ${name}`)).toBeVisible();
  const turns = await page.getByTestId("turn").count();
  await page.getByTestId("templates").getByRole("button").click();
  await page.getByTestId("template").filter({ hasText: name }).click();
  await page.getByRole("dialog").getByRole("button", { name: "다시 실행" }).click();
  await expect(page.getByTestId("turn")).toHaveCount(turns + 1);
  await expect(page.getByTestId("answer").last()).toHaveAttribute("data-status", "answered");
});

test("parts of an answer become files", async ({ page }) => {
  await ask(page, "종류별 구성 항목 수를 알려줘");
  const table = page.getByTestId("answer-table").last().getByTestId("saves");
  for (const [name, ending] of [["CSV 내려받기", ".csv"], ["JSON 내려받기", ".json"]] as const) {
    const [file] = await Promise.all([page.waitForEvent("download"), table.getByRole("button", { name }).click()]);
    expect(file.suggestedFilename()).toContain(ending);
  }
  const chart = page.getByTestId("answer-chart").last();
  if (await chart.count()) {
    await expect(chart.locator("canvas").first()).toBeVisible();
    const [file] = await Promise.all([page.waitForEvent("download"), chart.getByRole("button", { name: "PNG 내려받기" }).click()]);
    expect(file.suggestedFilename()).toContain(".png");
  }
});

test("a run fits a phone", async ({ page }) => {
  await openRun(page, "구성 항목은 모두 몇 개야?");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForLoadState("networkidle");
  await fits(page);
  await accessible(page);
  await page.getByRole("treeitem").nth(1).click();
  const detail = page.getByTestId("step-detail");
  await expect(detail).toBeVisible();
  await fits(page);
  // The tree stays above what is shown of the step, with the chosen row in it.
  const chosen = page.locator('[role="treeitem"][aria-selected="true"]');
  await expect(chosen).toBeInViewport();
  const [row, panel] = [await chosen.boundingBox(), await detail.boundingBox()];
  expect(row!.y + row!.height).toBeLessThanOrEqual(panel!.y + 1);
  await page.getByTestId("trace-tree").focus();
  await page.keyboard.press("ArrowDown");
  await expect(chosen).toBeInViewport();
  await detail.getByRole("button", { name: "단계만 크게 보기" }).click();
  await accessible(page);
  await detail.getByRole("button", { name: "닫기" }).click();
  await expect(detail).toBeHidden();
});
