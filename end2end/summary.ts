import type { FullResult, Reporter, TestCase, TestResult } from "@playwright/test/reporter";

/** Ends the output with one plain line for people and programs: `12 passed, 0 failed`. */
export default class Summary implements Reporter {
  private readonly outcomes = new Map<string, string>();

  onTestEnd(test: TestCase, result: TestResult): void {
    this.outcomes.set(test.id, result.status === "skipped" ? "skipped" : test.ok() ? "passed" : "failed");
  }

  onEnd(result: FullResult): void {
    const count = (outcome: string) => [...this.outcomes.values()].filter((o) => o === outcome).length;
    const skipped = count("skipped");
    const failed = Math.max(count("failed"), result.status === "passed" ? 0 : 1);
    console.log(`${count("passed")} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
  }
}
