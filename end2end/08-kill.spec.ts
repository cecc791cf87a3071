import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, chmodSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { ADMIN } from "./support";

/** A server of its own, on a data directory of its own, that may be killed. */
class Victim {
  private child?: ChildProcess;
  private bearer = "";
  token = "";

  constructor(private readonly dir: string, private readonly port: number) {}

  async start(): Promise<void> {
    const child = spawn(process.env.TOBIT_BIN!, ["serve"], {
      env: { ...process.env, TOBIT_DATA_DIR: this.dir, TOBIT_ADDR: `127.0.0.1:${this.port}`, TOBIT_LOG: "warn" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    let out = "";
    const read = (chunk: Buffer) => {
      out += chunk;
      this.token = /setup token: *(\S+)/.exec(out)?.[1] ?? this.token;
    };
    child.stdout!.on("data", read);
    child.stderr!.on("data", read);
    await expect
      .poll(
        async () => {
          if (child.exitCode !== null) throw new Error(`the server ended: ${out}`);
          return fetch(this.url("/readyz")).then((r) => r.status, () => 0);
        },
        { timeout: 60_000 },
      )
      .toBe(200);
  }

  /** kill -9, as a power cut would be. */
  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.child!.once("exit", resolve));
    this.child!.kill("SIGKILL");
    await gone;
  }

  async stop(): Promise<void> {
    if (this.child?.exitCode !== null || this.child.signalCode) return;
    const gone = new Promise((resolve) => this.child!.once("exit", resolve));
    this.child.kill("SIGTERM");
    await gone;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  async call(method: string, path: string, body?: object | FormData) {
    const form = body instanceof FormData;
    const response = await fetch(this.url(path), {
      method,
      headers: { ...(this.bearer && { authorization: `Bearer ${this.bearer}` }), ...(form || !body ? {} : { "content-type": "application/json" }) },
      body: form ? body : body && JSON.stringify(body),
    });
    // A program sends the access token itself: cookies are for browsers, which say where a request comes from.
    const access = response.headers.getSetCookie().find((cookie) => cookie.startsWith("tobit_access="));
    if (access) this.bearer = access.split(";")[0].slice("tobit_access=".length);
    const answer = await response.json();
    expect(answer.code, JSON.stringify(answer)).toBe(0);
    return answer.data;
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

const ITEMS = 40;
const MINUTES = 6_000;

function items(): string {
  const rows = Array.from({ length: ITEMS }, (_, i) => `host-${i},Host ${i},host`);
  return ["code,name,kind", ...rows].join("\n") + "\n";
}

function samples(): string {
  const begin = Date.UTC(2026, 0, 1);
  const rows: string[] = ["time,host,cpu"];
  for (let minute = 0; minute < MINUTES; minute++) {
    const at = new Date(begin + minute * 60_000).toISOString();
    for (let i = 0; i < ITEMS; i++) rows.push(`${at},host-${i},${(minute * 7 + i) % 100}`);
  }
  return rows.join("\n") + "\n";
}

const MAPPING = {
  name: "killed",
  files: [
    { file: "hosts.csv", rows: "items", code: "code", name: "name", kind: "kind" },
    { file: "cpu.csv", rows: "metrics_wide", item: { column: "host" }, at: { column: "time" }, metrics: { cpu: "cpu" } },
  ],
};

test("kill -9 in the middle of an import leaves nothing half done, and the next one completes it", async () => {
  test.setTimeout(240_000);
  const dir = mkdtempSync(join(tmpdir(), "tobit-kill-"));
  chmodSync(dir, 0o755);
  const server = new Victim(dir, await freePort());
  try {
    await server.start();
    const { login, name, organisation, password } = ADMIN;
    await server.call("POST", "/api/v1/auth/first-admin", { token: server.token, login, name, organisation, password });
    const uploads: string[] = [];
    for (const [file, text] of [["hosts.csv", items()], ["cpu.csv", samples()]] as const) {
      const form = new FormData();
      form.append("file", new Blob([text], { type: "text/csv" }), file);
      uploads.push((await server.call("POST", "/api/v1/imports/files", form)).id);
    }
    const id = await server.call("POST", "/api/v1/imports", { uploads, mapping: MAPPING });
    await expect
      .poll(async () => (await server.call("GET", `/api/v1/imports/${id}`)).progress, { timeout: 120_000, intervals: [50] })
      .toBeGreaterThan(0.1);
    expect((await server.call("GET", `/api/v1/imports/${id}`)).state).toBe("running");
    await server.kill();

    await server.start();
    await server.call("POST", "/api/v1/auth/sign-in", { login, password });
    await expect.poll(async () => (await server.call("GET", `/api/v1/imports/${id}`)).state, { timeout: 90_000 }).toBe("interrupted");
    expect((await server.call("GET", "/api/v1/cis")).all).toBe(0);
    expect((await server.call("GET", "/api/v1/estate")).series).toBe(0);

    const finish = async () => {
      const next = await server.call("POST", "/api/v1/imports", { uploads, mapping: MAPPING });
      await expect.poll(async () => (await server.call("GET", `/api/v1/imports/${next}`)).state, { timeout: 120_000 }).toBe("done");
      return (await server.call("GET", `/api/v1/imports/${next}`)).counts;
    };
    const counts = await finish();
    expect(counts.items_new).toBe(ITEMS);
    expect(counts.samples_new).toBe(ITEMS * MINUTES);
    expect((await server.call("GET", "/api/v1/cis")).all).toBe(ITEMS);
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
});
