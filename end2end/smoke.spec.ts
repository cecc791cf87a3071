import { expect, test } from "@playwright/test";

test("the page loads under its security policy and without errors", async ({ page }) => {
  const problems: string[] = [];
  // Asking who is signed in is answered with 401 to a stranger, and the browser tells of it.
  page.on("console", (message) => message.type() === "error" && !message.text().includes("401") && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  const response = await page.goto("/");
  expect(response?.status()).toBe(200);
  expect(response?.headers()["content-security-policy"]).toContain("script-src 'self' 'wasm-unsafe-eval'");
  await expect(page.locator("body :visible").first()).toBeVisible({ timeout: 30_000 });
  await page.waitForLoadState("networkidle");
  expect(problems).toEqual([]);
});

test("wasm comes with its type, and compressed as it was built", async ({ page, request }) => {
  await page.goto("/", { waitUntil: "domcontentloaded" });
  const wasm = await page.locator('link[type="application/wasm"]').getAttribute("href");
  const response = await request.head(wasm!, { headers: { "accept-encoding": "br" } });
  expect(response.headers()["content-type"]).toBe("application/wasm");
  expect(response.headers()["cache-control"]).toContain("immutable");
  // A bundle built for a quick look is not compressed.
  if (process.env.TOBIT_UI !== "dev") expect(response.headers()["content-encoding"]).toBe("br");
});

test("an unknown address of the API is an error in its envelope, never the page", async ({ request }) => {
  const response = await request.get("/api/v1/nothing", { headers: { "accept-language": "en" } });
  expect(response.status()).toBe(404);
  const body = await response.json();
  expect(body.code).toBe(40401);
  expect(body.data.kind).toBe("not_found");
});

test("a deep link is answered with the page", async ({ request }) => {
  const response = await request.get("/cis/some-code");
  expect(response.status()).toBe(200);
  expect(response.headers()["content-type"]).toContain("text/html");
});

test("another site cannot send requests with the cookies of a person", async ({ request }) => {
  const response = await request.post("/api/auth/setup", {
    headers: { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site", "content-type": "application/json" },
    data: {},
  });
  expect(response.status()).toBe(403);
});
