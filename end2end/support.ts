import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** The administrator every file works as; made by the first file. */
export const ADMIN = {
  login: "moon@example.org",
  name: "문가온",
  organisation: "커머스 운영",
  password: "느린-고래가-달을-건넌다-7",
};

/** Signs in by the page and waits for the home page. */
export async function signIn(page: Page, who = ADMIN): Promise<void> {
  await page.goto("/signin");
  await page.getByLabel("아이디 또는 이메일").fill(who.login);
  await page.getByLabel("비밀번호", { exact: true }).fill(who.password);
  await page.getByRole("button", { name: "로그인" }).click();
  await expect(page.getByTestId("account")).toBeVisible();
}

/** Asks by the page and waits until the answer stands there. */
export async function ask(page: Page, question: string) {
  const turns = page.getByTestId("turn");
  const before = await turns.count();
  await page.getByTestId("question").fill(question);
  await page.getByTestId("question").press("Enter");
  await expect(turns).toHaveCount(before + 1);
  const answer = turns.last().getByTestId("answer");
  await expect(answer).toBeVisible();
  return answer;
}

/** Collects what the page says to the console; a refused request that the page words itself is no fault of the page. */
export function listen(page: Page): string[] {
  const said: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !message.text().startsWith("Failed to load resource")) said.push(message.text());
  });
  page.on("pageerror", (error) => said.push(String(error)));
  return said;
}

/** No finding of axe by WCAG 2.2 A and AA. */
export async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(" | ")}`)).toEqual([]);
}

/** The page itself does not scroll sideways. */
export async function fits(page: Page): Promise<void> {
  const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect(wide).toBeLessThanOrEqual(shown);
}

/** Chooses a theme or language as the account menu does, kept by the browser. */
export async function choose(page: Page, section: "테마" | "언어" | "Theme" | "Language", value: string): Promise<void> {
  await page.getByTestId("account").click();
  await page.getByRole("group", { name: section }).getByRole("button", { name: value }).click();
  await page.keyboard.press("Escape");
}
