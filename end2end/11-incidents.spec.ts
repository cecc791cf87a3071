import { expect, test, type Page } from "@playwright/test";
import { accessible, fits, signIn } from "./support";

test.beforeEach(async ({ page }) => signIn(page));

interface Listed {
  items: { id: string; items: string[]; explained: boolean; cause: { ci: string } | null }[];
  scan: { running: boolean; waiting: boolean; series: number };
}

async function incidents(page: Page): Promise<Listed> {
  return (await (await page.request.get("/api/v1/incidents?limit=200")).json()).data;
}

/** Waits until the search over the example company has ended; by hand nobody has to do anything for it. */
async function searched(page: Page): Promise<Listed> {
  await expect(async () => {
    const { scan } = await incidents(page);
    expect(scan.series).toBeGreaterThan(0);
    expect([scan.running, scan.waiting]).toEqual([false, false]);
  }).toPass({ timeout: 240_000, intervals: [2_000] });
  return incidents(page);
}

test("what was injected into the example company is found, with causes, and an incident leads to its rows", async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto("/incidents");
  await expect(page.getByTestId("scan")).toBeVisible();
  const { items } = await searched(page);
  expect(items.length).toBeGreaterThan(3);
  const one = items.find((incident) => incident.cause)!;
  expect(one).toBeTruthy();

  await page.goto("/incidents");
  await expect(page.getByTestId("incident").first()).toBeVisible();
  await expect(page.getByTestId("scan")).toContainText("살펴봄");
  await page.getByTestId("incident").filter({ hasText: one.id }).first().click();
  await expect(page).toHaveURL(new RegExp(`id=${one.id}`));
  await expect(page.getByTestId("incident-lead")).not.toBeEmpty();
  await expect(page.getByTestId("spread").getByRole("link").first()).toBeVisible();
  await expect(page.getByTestId("decisive").locator("canvas").first()).toBeVisible();
  const hypothesis = page.getByTestId("incident-hypothesis").first();
  await expect(hypothesis).toContainText(one.cause!.ci);
  await accessible(page);

  await hypothesis.getByRole("button", { name: /근거/ }).first().click();
  await expect(page.getByTestId("incident-evidence").locator("li").first()).toBeFocused();
  await page.getByTestId("evidence-row").first().click();
  await expect(page).toHaveURL(/\/cis\/.*tab=metrics/);
  await expect(page.getByTestId("ci-metrics").locator("canvas").first()).toBeVisible();
  await accessible(page);
});

test("the expected range is drawn in charts of an item, and switched in the legend", async ({ page }) => {
  const { items } = await searched(page);
  const code = items.find((incident) => incident.cause)!.items[0];
  await page.goto(`/cis/${code}?tab=metrics`);
  const legend = page.getByTestId("ci-metrics").getByRole("button", { name: "기대 범위" });
  await expect(legend).toHaveAttribute("aria-pressed", "true");
  await page.getByTestId("ci-metrics").getByRole("button", { name: "표로 보기" }).first().click();
  await expect(page.getByRole("columnheader", { name: /기대 하한/ }).first()).toBeVisible();
  await legend.click();
  await expect(legend).toHaveAttribute("aria-pressed", "false");
  await expect(page.getByRole("columnheader", { name: /기대 하한/ })).toHaveCount(0);
  await page.reload();
  await expect(page.getByTestId("ci-metrics").getByRole("button", { name: "기대 범위" })).toHaveAttribute("aria-pressed", "false");
  await page.getByTestId("ci-metrics").getByRole("button", { name: "기대 범위" }).click();
});

test("an incident is opened as a question", async ({ page }) => {
  await searched(page);
  await page.goto("/incidents");
  await expect(page.getByTestId("incident-lead")).toBeVisible();
  await page.getByRole("link", { name: "질문에서 열기" }).click();
  await expect(page.getByTestId("question").or(page.getByTestId("turn")).first()).toBeVisible();
});

test("what is no anomaly is said with a reason, is not told again, and can be taken back", async ({ page }) => {
  test.setTimeout(120_000);
  const { items } = await searched(page);
  const id = items[0].id;
  await page.goto(`/incidents?id=${id}`);
  const rows = page.getByTestId("deviations").locator("li");
  await expect(rows.first()).toBeVisible();
  const anomalies = async () => (await (await page.request.get("/api/v1/anomalies?limit=200")).json()).data.items.map((a: { id: string }) => a.id) as string[];
  const before = await anomalies();
  await rows.first().getByTestId("not-anomaly").click();
  const form = page.getByTestId("not-anomaly-form");
  await form.getByRole("button", { name: "이상 아님" }).click();
  await expect(form.getByRole("alert")).toContainText("왜 이상이 아닌지");
  await form.getByLabel("이유").fill("월말 정산 배치");
  await accessible(page);
  await form.getByRole("button", { name: "이상 아님" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect.poll(async () => (await anomalies()).length).toBe(before.length - 1);
  await searched(page);
  expect((await anomalies()).length).toBe(before.length - 1);

  await page.goto("/incidents");
  await page.getByTestId("open-feedback").click();
  const said = page.getByTestId("feedback").locator("li").first();
  await expect(said).toContainText("월말 정산 배치");
  await accessible(page);
  await said.getByRole("button", { name: "거두기" }).click();
  await expect(said).toContainText("거둠");
  await page.keyboard.press("Escape");
  await searched(page);
  await expect.poll(async () => (await anomalies()).length, { timeout: 30_000 }).toBe(before.length);
});

test("an incident that is not there says so; incidents fit a phone", async ({ page }) => {
  await page.goto("/incidents?id=INC-999999");
  await expect(page.getByText("INC-999999").first()).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/incidents");
  await expect(page.getByTestId("incident").first()).toBeVisible();
  await fits(page);
  await accessible(page);
  await page.getByTestId("incident").first().click();
  await expect(page.getByTestId("incident-lead")).toBeVisible();
  await page.waitForLoadState("networkidle");
  await fits(page);
  await accessible(page);
});
