import { expect, test } from "@playwright/test";
import { accessible, ask, fits, signIn } from "./support";

test.beforeEach(async ({ page }) => signIn(page));

test("runs are listed, narrowed and kept in the address", async ({ page }) => {
  await ask(page, "구성 항목은 모두 몇 개야?");
  await page.goto("/runs");
  await expect(page.getByRole("row").filter({ hasText: "구성 항목은 모두 몇 개야?" }).first()).toBeVisible();
  await accessible(page);
  await page.keyboard.press("/");
  await page.keyboard.type("이런 질문은 없습니다");
  await expect(page.getByText("맞는 것이 없습니다").first()).toBeVisible();
  await expect(page).toHaveURL(/q=/);
  await page.getByRole("button", { name: "조건 지우기" }).click();
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  await page.getByRole("button", { name: "내 실행" }).click();
  await expect(page).toHaveURL(/who=me/);
  await page.reload();
  await expect(page.getByRole("button", { name: "내 실행" })).toHaveAttribute("aria-current", "true");
});

test("two chosen runs are compared in a sentence, step by step, and by what differs", async ({ page }) => {
  await ask(page, "종류별 구성 항목 수를 알려줘");
  await ask(page, "구성 항목은 모두 몇 개야?");
  await page.goto("/runs");
  await expect(page.getByRole("row").nth(2)).toBeVisible();
  await page.getByRole("grid").focus();
  await page.keyboard.press("x");
  await expect(page.getByTestId("compare")).toContainText("하나 더 고르면");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(page.getByTestId("verdict")).not.toBeEmpty();
  await expect(page.getByTestId("compare").getByRole("table")).toHaveCount(2);
  await expect(page).toHaveURL(/a=.*b=/);
  await accessible(page);
});

test("a run that is chosen opens with Enter", async ({ page }) => {
  await page.goto("/runs");
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  await page.getByRole("grid").focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}/);
  await expect(page.getByTestId("trace")).toBeVisible();
});

test("a right answer is pinned, asked again and found the same", async ({ page }) => {
  await ask(page, "구성 항목은 모두 몇 개야?");
  await page.getByTestId("pin").last().getByRole("button").click();
  const form = page.getByTestId("pin-form");
  await form.getByLabel("메모").fill("늘 맞아야 하는 수");
  await form.getByRole("button", { name: "기준으로 고정" }).click();
  await expect(page.getByText("기준 질문으로 고정했습니다")).toBeVisible();

  await page.goto("/runs/golden");
  await expect(page.getByTestId("golden")).toContainText("늘 맞아야 하는 수");
  await accessible(page);
  await page.getByRole("button", { name: "지금 점검" }).click();
  await expect(page.getByTestId("golden-check")).toHaveAttribute("data-outcome", "same");
  const body = await (await page.request.get("/api/v1/golden")).json();
  expect(body.data[0].last.outcome).toBe("same");
});

test("lists of runs fit a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ["/runs", "/runs/golden"]) {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
    await fits(page);
    await accessible(page);
  }
});
