import { expect, test } from "@playwright/test";
import { accessible, signIn } from "./support";

test.beforeEach(async ({ page }) => signIn(page));

/** The code of some item that runs on others, from the API. */
async function someItem(page: import("@playwright/test").Page): Promise<{ code: string; name: string; kind: string }> {
  const body = await (await page.request.get("/api/v1/cis?limit=200")).json();
  const items = body.data.items as { code: string; name: string; kind: string; relations: number }[];
  return items.reduce((most, item) => (item.relations > most.relations ? item : most));
}

test("the list is searched, filtered and opened; the address keeps the view", async ({ page }) => {
  const item = await someItem(page);
  await page.goto("/cis");
  await expect(page.getByTestId("cis-count")).toBeVisible();
  await accessible(page);
  await page.keyboard.press("/");
  await page.keyboard.type(item.code);
  await expect(page.getByRole("row").filter({ hasText: item.code }).first()).toBeVisible();
  await expect(page).toHaveURL(new RegExp(encodeURIComponent(item.code)));
  await page.reload();
  await page.getByText(item.code, { exact: true }).first().click();
  await expect(page).toHaveURL(new RegExp(`/cis/${item.code}`));
});

test("items are selected by keyboard, downloaded, and asked about", async ({ page }) => {
  await page.goto("/cis");
  await expect(page.getByRole("grid")).toBeFocused();
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  const bulk = page.getByTestId("bulk");
  await expect(bulk).toContainText("2개 선택");
  await accessible(page);
  const waiting = page.waitForEvent("download");
  await bulk.getByRole("button", { name: "CSV" }).click();
  const lines = (await (await import("node:fs/promises")).readFile(await (await waiting).path(), "utf8")).trim().split("\n");
  expect(lines.length).toBe(3);
  const codes = lines.slice(1).map((line) => line.split(",")[0]);
  // The palette acts on what is selected.
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog");
  await expect(palette.getByText("선택한 2개에 대해")).toBeVisible();
  await expect(palette.getByRole("option").first()).toContainText("질문");
  await page.keyboard.press("Escape");
  await expect(palette).toHaveCount(0);
  await bulk.getByRole("button", { name: "질문" }).click();
  await expect(page.getByTestId("question")).toHaveValue(new RegExp(codes.join(".*")));

  await page.goto("/cis");
  await expect(page.getByRole("grid")).toBeFocused();
  await page.keyboard.press("x");
  await expect(bulk).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(bulk).toHaveCount(0);
});

test("the page of an item shows attributes, relations, topology and charts", async ({ page }) => {
  const item = await someItem(page);
  await page.goto(`/cis/${item.code}`);
  await expect(page.getByRole("heading", { level: 1 }).first()).toContainText(item.code);
  await expect(page.locator("main")).toContainText(item.name);
  await expect(page.getByTestId("attributes")).toBeVisible();
  await expect(page.getByTestId("relations")).toBeVisible();
  await expect(page.getByTestId("ci-topology").locator("svg").first()).toBeVisible();
  await accessible(page);
});

test("an item that is not there says so", async ({ page }) => {
  await page.goto("/cis/no-such-item-at-all");
  await expect(page.getByText("찾을 수 없습니다").first()).toBeVisible();
});

test("events stand with their numbers and can be narrowed", async ({ page }) => {
  await page.goto("/events");
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  await accessible(page);
});

test("the topology explorer draws what an item depends on and what fails with it", async ({ page }) => {
  const item = await someItem(page);
  await page.goto(`/topology?start=${item.code}`);
  await expect(page.getByTestId("topology").first()).toBeVisible();
  await accessible(page);
});
