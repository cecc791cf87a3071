import { expect, test } from "@playwright/test";
import { accessible, choose, fits, listen, signIn } from "./support";

const PAGES = ["/", "/cis", "/events", "/incidents", "/topology", "/import", "/words", "/runs", "/runs/golden", "/settings", "/components", "/nowhere"];

for (const [language, theme] of [["한국어", "어둡게"], ["English", "Dark"]] as const) {
  test(`every page is readable in the dark, in ${language}, wide and narrow`, async ({ page }) => {
    test.setTimeout(180_000);
    const said = listen(page);
    await signIn(page);
    if (language === "English") await choose(page, "언어", "English");
    await choose(page, language === "English" ? "Theme" : "테마", theme);
    for (const path of PAGES) {
      for (const [width, height] of [[1440, 900], [390, 844]] as const) {
        await page.setViewportSize({ width, height });
        await page.goto(path);
        await expect(page.locator("main").first()).toBeVisible();
        await page.waitForLoadState("networkidle");
        await accessible(page);
        await fits(page);
      }
    }
    expect(said).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 900 });
    if (language === "English") await choose(page, "Language", "한국어");
  });
}

test("everything can be reached by keyboard alone", async ({ page }) => {
  await signIn(page);
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog");
  await expect(palette).toBeVisible();
  await page.keyboard.type("구성 항목");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/cis/);
  await page.locator("body").click({ position: { x: 2, y: 2 } });
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await expect(page).toHaveURL(/\/events/);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText("단축키");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});
