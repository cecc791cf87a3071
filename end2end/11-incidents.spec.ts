import { expect, test } from "@playwright/test";
import { accessible, fits, signIn } from "./support";

test.beforeEach(async ({ page }) => signIn(page));

test("an incident leads to its hypotheses, and a hypothesis to the row it rests on", async ({ page }) => {
  test.setTimeout(180_000);
  await page.goto("/incidents");
  const incident = page.getByTestId("incident");
  await expect(incident.first()).toBeVisible({ timeout: 120_000 });
  await accessible(page);
  await page.getByRole("button", { name: /원인 있음/ }).click();
  await incident.first().click();
  await expect(page.getByTestId("spread")).toBeVisible({ timeout: 60_000 });
  const hypothesis = page.getByTestId("incident-hypothesis").first();
  await expect(hypothesis).toContainText("%");
  await hypothesis.locator("button.ev").first().click();
  await expect(page.getByTestId("incident-evidence").locator("li").first()).toBeFocused();
  await accessible(page);
  await page.getByRole("link", { name: "질문에서 열기" }).click();
  await expect(page.getByTestId("answer")).toBeVisible({ timeout: 30_000 });
});

test("incidents are answered over REST as the page shows them", async ({ page }) => {
  test.setTimeout(120_000);
  const body = await (await page.request.get("/api/v1/incidents")).json();
  expect(body.code).toBe(0);
  expect(body.data.series).toBeGreaterThan(0);
  const first = body.data.items[0];
  const window = `from=${encodeURIComponent(body.data.window[0])}&to=${encodeURIComponent(body.data.window[1])}`;
  const one = await (await page.request.get(`/api/v1/incidents/${encodeURIComponent(first.id)}?${window}`)).json();
  expect(one.data.lanes.length).toBeGreaterThan(0);
});

test("incidents fit a phone: first the list, then one of them", async ({ page }) => {
  test.setTimeout(120_000);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/incidents");
  await expect(page.getByTestId("incident").first()).toBeVisible({ timeout: 100_000 });
  await fits(page);
  await page.getByTestId("incident").first().click();
  await expect(page.getByTestId("spread")).toBeVisible({ timeout: 60_000 });
  await fits(page);
  await accessible(page);
});
