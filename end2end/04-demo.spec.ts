import { expect, test } from "@playwright/test";
import { accessible, signIn } from "./support";

test("one button makes the estate of an example company", async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page);
  await page.getByTestId("load-demo").click();
  await expect(page.getByTestId("home").getByRole("heading", { name: "무엇을 확인할까요?" })).toBeVisible({ timeout: 150_000 });
  await expect(page.getByTestId("example").first()).toBeVisible();
  await accessible(page);
});

test("every example on the home page gets an answer", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page);
  await expect(page.getByTestId("example").first()).toBeVisible();
  const count = await page.getByTestId("example").count();
  expect(count).toBeGreaterThan(2);
  for (let at = 0; at < count; at++) {
    await page.goto("/");
    await page.getByTestId("example").nth(at).click();
    await expect(page.getByTestId("answer").last()).toHaveAttribute("data-status", "answered");
  }
});
