import { defineConfig, devices } from "@playwright/test";

// One worker and no retries: tests share one server and its data, and a test that fails sometimes is a failure.
export default defineConfig({
  testDir: "end2end",
  timeout: 60_000,
  workers: 1,
  retries: 0,
  fullyParallel: false,
  forbidOnly: true,
  reporter: [["list"], ["./end2end/summary.ts"]],
  use: {
    baseURL: process.env.BASE_URL ?? "http://127.0.0.1:3940",
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
      ],
    },
  },
  projects: [{ name: "chromium", use: { ...devices["Desktop Chrome"], viewport: { width: 1440, height: 900 } } }],
});
