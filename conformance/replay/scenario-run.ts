/**
 * Runs one scenario's steps in order; a later step can use what an earlier one was answered.
 */
import type { Answer, CapturedRequest, CapturedStep, Scenario } from "./capture.ts";
import { decode, type RawClient, readText } from "./raw-client.ts";

/** How patient a run is. */
export interface RunOptions {
  /** Recorded waits are multiplied by this: a server that reacts at once needs less than they say. */
  readonly pauseFactor: number;
  /** How long a watch is listened to after its last expected event. */
  readonly lingerMs: number;
}

const POLL_MS = 20;
const DEFAULT_WATCH_SECONDS = 5;
const DEFAULT_UNTIL_SECONDS = 20;

/** Runs a scenario; answers by the names of the steps. What stopped it early is thrown after `record` has seen the rest. */
export async function runScenario(
  client: RawClient,
  scenario: Scenario,
  options: RunOptions,
  record: (step: CapturedStep, answer: Answer) => void,
): Promise<void> {
  const run = new ScenarioRun(client, options, record);
  for (const request of scenario.setup ?? []) {
    const { status, body } = await client.call(request);
    if (status >= 300 && !(status === 409 && request.method === "POST")) {
      throw new Error(`setup ${request.method} ${request.path}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
    }
  }
  for (const step of scenario.steps) await run.step(step);
}

class ScenarioRun {
  readonly #client: RawClient;
  readonly #options: RunOptions;
  readonly #record: (step: CapturedStep, answer: Answer) => void;
  readonly #answers: Record<string, Answer> = {};

  constructor(client: RawClient, options: RunOptions, record: (step: CapturedStep, answer: Answer) => void) {
    this.#client = client;
    this.#options = options;
    this.#record = record;
  }

  async step(step: CapturedStep): Promise<void> {
    const request = this.#fill(step.request) as CapturedRequest;
    if (step.pause !== undefined) await pause(step.pause * 1000 * this.#options.pauseFactor);
    const answer = await this.#answer(step, request);
    this.#answers[step.name] = answer;
    this.#record(step, answer);
  }

  async #answer(step: CapturedStep, request: CapturedRequest): Promise<Answer> {
    if (step.watch !== undefined) return this.#watch(step, request);
    if (step.until === undefined) return this.#client.call(request);
    const end = Date.now() + (step.seconds ?? DEFAULT_UNTIL_SECONDS) * 1000;
    let answer = await this.#client.call(request);
    while (!holds(step.until, answer) && Date.now() < end) {
      await pause(POLL_MS);
      answer = await this.#client.call(request);
    }
    if (step.settle === undefined) return answer;
    await pause(step.settle * 1000 * this.#options.pauseFactor);
    return this.#client.call(request);
  }

  async #watch(step: CapturedStep, request: CapturedRequest): Promise<Answer> {
    const { seconds = DEFAULT_WATCH_SECONDS, events: wanted, initial = 0, linger, during = [] } = step.watch ?? {};
    const { status, headers, message } = await this.#client.open(request);
    if (status !== 200 || !request.path.includes("watch")) {
      const body = decode(headers, await readText(message));
      for (const inner of during) await this.step(inner);
      return { status, headers, body };
    }
    const events: unknown[] = [];
    let isOver = false;
    let rest = "";
    message.setEncoding("utf8");
    message.on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") events.push(line.startsWith("{") ? JSON.parse(line) : line);
    });
    message.once("end", () => {
      isOver = true;
    });
    message.once("error", () => {
      isOver = true;
    });
    const untilCount = async (count: number | undefined) => {
      const end = Date.now() + seconds * 1000;
      while (!isOver && Date.now() < end && (count === undefined || events.length < count)) await pause(POLL_MS);
    };
    if (initial > 0) await untilCount(initial);
    for (const inner of during) await this.step(inner);
    await untilCount(wanted);
    if (wanted !== undefined) await pause(linger === undefined ? this.#options.lingerMs : linger * 1000);
    const seen = [...events];
    const ended = isOver ? "server" : "client";
    message.destroy();
    const [only] = seen;
    const isPlainObject = typeof only === "object" && only !== null && !("type" in only);
    if (seen.length === 1 && isPlainObject) return { status, headers, body: only };
    return { status, headers, events: seen, ended };
  }

  /** Replaces `${step.body.a.b}` from earlier answers and `${repeat:x:N}`. */
  #fill(value: unknown): unknown {
    if (typeof value === "string") {
      const repeat = /^\$\{repeat:(.):(\d+)\}$/s.exec(value);
      if (repeat !== null) return (repeat[1] ?? "").repeat(Number(repeat[2]));
      const whole = /^\$\{([^}]+)\}$/.exec(value);
      if (whole !== null) return dig(this.#answers, whole[1] ?? "");
      return value.replace(/\$\{([^}]+)\}/g, (_, path: string) => String(dig(this.#answers, path)));
    }
    if (Array.isArray(value)) return value.map((item) => this.#fill(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#fill(item)]));
  }
}

function holds(until: NonNullable<CapturedStep["until"]>, answer: Answer): boolean {
  if (until.status !== undefined) return answer.status === until.status;
  let value: unknown;
  try {
    value = dig(answer, until.path ?? "");
  } catch {
    value = undefined;
  }
  if (until.count !== undefined) return Array.isArray(value) && value.length === until.count;
  return JSON.stringify(value) === JSON.stringify(until.equals);
}

function dig(value: unknown, path: string): unknown {
  let found = value;
  for (const part of path.split(".")) {
    if (typeof found !== "object" || found === null || !(part in found))
      throw new Error(`no ${path} in an earlier answer`);
    found = (found as Record<string, unknown>)[part];
  }
  return found;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
