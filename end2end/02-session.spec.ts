import { expect, test } from "@playwright/test";
import { ADMIN, signIn } from "./support";

test("a wrong password says so and does not tell whether the name exists", async ({ page }) => {
  const texts: string[] = [];
  for (const login of [ADMIN.login, "nobody@example.org"]) {
    await page.goto("/signin");
    await page.getByLabel("아이디 또는 이메일").fill(login);
    await page.getByLabel("비밀번호", { exact: true }).fill("certainly-not-the-password");
    await page.getByRole("button", { name: "로그인" }).click();
    const alert = page.getByRole("alert").first();
    await expect(alert).toBeVisible();
    texts.push(await alert.innerText());
  }
  expect(texts[0]).toBe(texts[1]);
});

test("the session lives in cookies no script can read, and ends at once when signing out", async ({ page, context, request }) => {
  await signIn(page);
  const cookies = (await context.cookies()).filter((cookie) => /access|refresh/.test(cookie.name));
  expect(cookies.length).toBe(2);
  for (const cookie of cookies) {
    expect(cookie.httpOnly).toBe(true);
    expect(cookie.sameSite).toBe("Strict");
  }
  const held = cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join("; ");
  const list = () => request.get("/api/v1/cis", { headers: { cookie: held } });
  expect((await list()).status()).toBe(200);

  await page.getByTestId("account").click();
  await page.getByTestId("sign-out").click();
  await expect(page).toHaveURL(/\/signin/);
  await expect.poll(async () => (await list()).status()).toBe(401);
  expect((await context.cookies()).filter((cookie) => /access|refresh/.test(cookie.name) && cookie.value)).toEqual([]);
});

test("the address a person wanted is kept over signing in", async ({ page }) => {
  await page.goto("/events");
  await expect(page).toHaveURL(/\/signin/);
  await page.getByLabel("아이디 또는 이메일").fill(ADMIN.login);
  await page.getByLabel("비밀번호", { exact: true }).fill(ADMIN.password);
  await page.getByRole("button", { name: "로그인" }).click();
  await expect(page).toHaveURL(/\/events/);
});
