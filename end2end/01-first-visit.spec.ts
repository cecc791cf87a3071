import { expect, test } from "@playwright/test";
import { accessible, ADMIN, fits } from "./support";

test("the first visit makes the administrator with the token printed at start", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/setup/);
  await expect(page.getByRole("heading", { name: "첫 관리자 만들기" })).toBeVisible();
  await accessible(page);

  const create = page.getByRole("button", { name: "관리자 만들기" });
  await page.getByLabel("설치 토큰").fill("wrong-token-of-nobody");
  await page.getByLabel("이름", { exact: true }).fill(ADMIN.name);
  await page.getByLabel("조직").fill(ADMIN.organisation);
  await page.getByLabel("아이디 또는 이메일").fill(ADMIN.login);

  // A rule that is broken is named before anything is sent.
  await page.getByLabel("비밀번호", { exact: true }).fill("short");
  await expect(create).toBeDisabled();
  await expect(page.getByRole("status")).toContainText("규칙");

  await page.getByLabel("비밀번호", { exact: true }).fill(ADMIN.password);
  await create.click();
  await expect(page.getByRole("alert").first()).toContainText("토큰");

  await page.getByLabel("설치 토큰").fill(process.env.SETUP_TOKEN ?? "");
  await create.click();
  await expect(page.getByTestId("no-data")).toBeVisible();
});

test("the second visit is asked to sign in, and the first page is closed", async ({ page }) => {
  await page.goto("/setup");
  await expect(page).toHaveURL(/\/signin/);
  await accessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
});
