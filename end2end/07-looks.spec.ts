import { expect, test, type Page } from "@playwright/test";
import { accessible, choose, fits, listen, signIn } from "./support";

const PAGES = [
  "/cis", "/events", "/incidents", "/topology", "/import", "/words", "/relations", "/causes", "/runs", "/runs/golden", "/settings", "/components",
  "/nowhere", "/",
];
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/** Goes to a page as a link of the program does, without loading the program anew, and waits until nothing is on its way. */
async function visit(page: Page, path: string): Promise<void> {
  const before = await page.title();
  await page.evaluate((to) => {
    const link = Object.assign(document.createElement("a"), { href: to });
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
  await expect(page).not.toHaveTitle(before);
  await expect(page.locator("main").first()).toBeVisible();
  // The page of components shows what waiting looks like.
  if (path !== "/components") await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

/** No list cuts its columns: what is wider than the phone stands in a second line. */
async function listFits(page: Page): Promise<void> {
  const cut = await page.locator("main .list-page .virtual").evaluateAll((lists) => lists.filter((list) => list.scrollWidth > list.clientWidth).length);
  expect(cut).toBe(0);
}

for (const [language, theme] of [["한국어", "어둡게"], ["English", "Light"]] as const) {
  test(`every page is readable in ${language} and ${theme}, wide and narrow`, async ({ page }) => {
    test.setTimeout(180_000);
    const said = listen(page);
    await signIn(page);
    if (language === "English") await choose(page, "언어", "English");
    await choose(page, language === "English" ? "Theme" : "테마", theme);
    for (const path of PAGES) {
      await test.step(path, async () => {
        await visit(page, path);
        for (const size of [WIDE, PHONE]) {
          await page.setViewportSize(size);
          await accessible(page);
          await fits(page);
          if (size === PHONE) await listFits(page);
        }
        await page.setViewportSize(WIDE);
      });
    }
    // What the frame opens over the page.
    for (const key of ["Control+k", "?"]) {
      await page.locator("main").focus();
      await page.keyboard.press(key);
      await expect(page.getByRole("dialog")).toBeVisible();
      await accessible(page);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
    }
    expect(said).toEqual([]);
    if (language === "English") await choose(page, "Language", "한국어");
  });
}

test("everything can be reached by keyboard alone, and Tab leaves a list of any length", async ({ page }) => {
  await signIn(page);
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog");
  await expect(palette).toBeVisible();
  await page.keyboard.type("구성 항목");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/cis/);
  await expect(page.getByRole("grid")).toBeFocused();
  const inList = () => page.evaluate(() => document.activeElement?.closest("[role=grid]") !== null);
  for (let steps = 0; steps < 30 && (await inList()); steps += 1) await page.keyboard.press("Tab");
  expect(await inList()).toBe(false);
  await page.locator("body").click({ position: { x: 2, y: 2 } });
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await expect(page).toHaveURL(/\/events/);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText("단축키");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("a server that cannot be reached is said, and the page recovers when it is back", async ({ page }) => {
  await signIn(page);
  await page.emulateMedia({ reducedMotion: "reduce", forcedColors: "active" });
  await page.route("**/api/**", (route) => route.abort());
  await visit(page, "/cis");
  await expect(page.locator(".banner")).toContainText("서버에 닿지 않습니다");
  await expect(page.getByRole("alert").first()).toBeVisible();
  await accessible(page);
  await page.unroute("**/api/**");
  await page.locator(".banner").getByRole("button").click();
  await expect(page.getByRole("grid")).toBeVisible();
  await expect(page.locator(".banner")).toHaveCount(0);
  // Nothing moves for who asked for that.
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});
