import { expect, test } from "@playwright/test";
import { accessible, ask, fits, signIn } from "./support";

test.beforeEach(async ({ page }) => signIn(page));

test("a word added for a kind is understood by the next question, and a word that is taken is refused", async ({ page }) => {
  await page.goto("/words");
  const rows = page.getByTestId("term");
  await expect(rows.first()).toBeVisible();
  await accessible(page);
  const first = rows.first();
  const name = (await first.locator("b").innerText()).trim();
  const box = first.getByRole("textbox");
  await box.fill("가나다라장비");
  await box.press("Enter");
  await expect(first.getByText("가나다라장비")).toBeVisible();

  const other = rows.nth(1).getByRole("textbox");
  await other.fill("가나다라장비");
  await other.press("Enter");
  await expect(rows.nth(1).getByRole("alert")).toContainText(name);

  await page.goto("/");
  const answer = await ask(page, "가나다라장비는 모두 몇 개야?");
  await expect(answer).toHaveAttribute("data-status", "answered");
  await page.goto("/words");
  await rows.first().getByRole("button", { name: /가나다라장비/ }).click();
  await expect(rows.first().getByText("가나다라장비")).toHaveCount(0);
});

test("words fit a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/words?tab=metrics");
  await expect(page.getByTestId("term").first()).toBeVisible();
  await fits(page);
  await accessible(page);
});
