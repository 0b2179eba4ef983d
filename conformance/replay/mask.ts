/**
 * Masks what differs from run to run: uids, times, versions, allocated addresses. The same value gets the same mask within one
 * scenario's answers, so that a version that should have stayed and did not is still seen.
 */
import type { Answer, CapturedStep, Scenario } from "./capture.ts";

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(?:Z|[+-]\d\d:\d\d)/g;
const TOKEN = /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?/gs;
const ACCESS_VOLUME = /kube-api-access-[a-z0-9]{5}/g;
const AGE = /^(\d+(\.\d+)?(d|h|m|s))+$/;
const EVENT_NAME = /\.[0-9a-f]{15,18}$/;
const GENERATED = "[bcdfghjklmnpqrstvwxz2456789]{5}(?![a-z0-9])";
const INITIAL_END = "k8s.io/initial-events-end";

type Fields = Record<string, unknown>;

/** The masks of one run of one scenario. */
export class Mask {
  readonly #given: string;
  readonly #isLoose: boolean;
  readonly #prefixes: readonly string[];
  readonly #tokens: Map<string, string> = new Map();
  readonly #counts: Map<string, number> = new Map();
  readonly #versions: Map<string, string> = new Map();
  readonly #learned: { readonly value: string; readonly mask: string }[] = [];

  constructor(scenario: Scenario) {
    this.#given = JSON.stringify([scenario.setup ?? null, requestsOf(scenario.steps)]);
    // Controllers write in no fixed order, so versions say nothing.
    this.#isLoose = scenario.controllers === true;
    const found = [...this.#given.matchAll(/"generateName":"([^"]+)"/g)].map((match) => (match[1] ?? "").slice(0, 58));
    this.#prefixes = [...new Set(found)].sort((a, b) => b.length - a.length);
  }

  answer(step: CapturedStep, answer: Answer): unknown {
    let shown = structuredClone(answer) as unknown as Fields;
    const events = shown["events"] as unknown[] | undefined;
    if (events !== undefined) {
      shown["events"] = events.filter((event) => {
        const isBookmark = (event as { type?: unknown }).type === "BOOKMARK";
        return !isBookmark || JSON.stringify(event).includes(INITIAL_END);
      });
    }
    for (const path of step.ignore ?? []) drop(shown, path.split("."));
    for (const path of step.unordered ?? []) sortAt(shown, path.split("."));
    this.#learn(shown);
    shown = this.#walk(shown) as Fields;
    return shown;
  }

  #fresh(kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return `<${kind}-${count}>`;
  }

  #token(kind: string, value: string): string {
    const key = `${kind} ${value}`;
    let token = this.#tokens.get(key);
    if (token === undefined) {
      token = this.#fresh(kind);
      this.#tokens.set(key, token);
    }
    return token;
  }

  /** Finds generated names and hashes, which show up in other places too. */
  #learn(value: unknown): void {
    if (Array.isArray(value)) {
      for (const item of value) this.#learn(item);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    const fields = value as Fields;
    const { generateName, name, labels } = fields;
    if (typeof generateName === "string" && generateName !== "" && typeof name === "string" && "uid" in fields) {
      const isGenerated = name.startsWith(generateName) && name.length === generateName.length + 5;
      if (isGenerated && !this.#knows(name))
        this.#learned.push({ value: name, mask: generateName + this.#fresh("rand") });
    }
    if (typeof labels === "object" && labels !== null) {
      for (const key of ["pod-template-hash", "controller-revision-hash"]) {
        const hash = (labels as Fields)[key];
        if (typeof hash !== "string" || this.#knows(hash) || this.#given.includes(hash)) continue;
        this.#learned.push({ value: hash, mask: this.#fresh("hash") });
      }
    }
    for (const key of Object.keys(fields).sort()) this.#learn(fields[key]);
  }

  #knows(value: string): boolean {
    return this.#learned.some((item) => item.value === value);
  }

  #wasGiven(value: string | number): boolean {
    const pattern = String(value).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`(?<![\\w.-])${pattern}(?![\\w.-])`).test(this.#given);
  }

  #text(text: string): string {
    let shown = text
      .replace(/\bhash=[0-9A-Za-z]{32,}/g, "hash=<hash>")
      .replace(CERTIFICATE, "<pem>")
      .replace(TOKEN, "<jwt>");
    for (const { value, mask } of this.#learned) shown = shown.replaceAll(value, mask);
    for (const prefix of this.#prefixes) {
      if (!shown.includes(prefix)) continue;
      const pattern = prefix.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      shown = shown.replace(new RegExp(pattern + GENERATED, "g"), `${prefix}<rand>`);
    }
    shown = shown.replace(UUID, (found) => (this.#given.includes(found) ? found : this.#token("uid", found)));
    shown = shown.replace(TIME, (found: string, fraction: string | undefined) => {
      if (this.#given.includes(found)) return found;
      return `<time${fraction === undefined ? "" : `.${fraction.length}`}>`;
    });
    shown = shown.replace(ACCESS_VOLUME, "kube-api-access-<rand>");
    if (/resource ?version/i.test(shown))
      shown = shown.replace(/\b\d+\b/g, (found) => (this.#wasGiven(found) ? found : "<n>"));
    return shown.replace(/\b10\.0\.0\.\d+\b/g, (found) => (this.#wasGiven(found) ? found : "<cluster-ip>"));
  }

  #walk(value: unknown): unknown {
    if (typeof value === "string") return this.#text(value);
    if (Array.isArray(value)) return value.map((item) => this.#walk(item));
    if (typeof value !== "object" || value === null) return value;
    const fields = withMaskedAges(value as Fields);
    const masked: Fields = {};
    for (const key of Object.keys(fields).sort()) masked[this.#text(key)] = this.#field(key, fields[key], fields);
    return masked;
  }

  #field(key: string, value: unknown, owner: Fields): unknown {
    switch (key) {
      case "resourceVersion":
        if (typeof value !== "string" || value === "" || value === "0") break;
        if (!("uid" in owner) && !("name" in owner)) return "<list-rv>";
        return this.#isLoose ? "<rv>" : this.#version(value);
      case "etag":
        return "<etag>";
      case "serverAddress":
        return "<host-port>";
      case "continue":
        if (typeof value === "string" && value !== "") return "<continue>";
        break;
      case "nodePort":
      case "healthCheckNodePort":
        if (typeof value === "number" && value !== 0 && !this.#wasGiven(value)) return "<node-port>";
        break;
      case "clusterIP":
        if (typeof value === "string" && value !== "" && value !== "None" && !this.#wasGiven(value))
          return "<cluster-ip>";
        break;
      case "clusterIPs":
        if (!Array.isArray(value)) break;
        return value.map((item) =>
          item === "None" || item === "" || this.#wasGiven(String(item)) ? item : "<cluster-ip>",
        );
      case "name":
        if (typeof value === "string" && EVENT_NAME.test(value) && ("uid" in owner || "kind" in owner)) {
          return this.#text(value).replace(EVENT_NAME, ".<hex>");
        }
    }
    return this.#walk(value);
  }

  #version(value: string): string {
    let mask = this.#versions.get(value);
    if (mask === undefined) {
      mask = `<rv-${this.#versions.size + 1}>`;
      this.#versions.set(value, mask);
    }
    return mask;
  }
}

function withMaskedAges(fields: Fields): Fields {
  const rows = fields["rows"];
  if (fields["kind"] !== "Table" || !Array.isArray(rows)) return fields;
  const masked = rows.map((row: Fields) => {
    const { cells } = row;
    // Cells that are not compared are text by now.
    if (!Array.isArray(cells)) return row;
    return { ...row, cells: cells.map((cell) => (typeof cell === "string" && AGE.test(cell) ? "<age>" : cell)) };
  });
  return { ...fields, rows: masked };
}

function requestsOf(steps: readonly CapturedStep[]): unknown[] {
  return steps.flatMap((step) => [step.request, ...requestsOf(step.watch?.during ?? [])]);
}

function drop(value: unknown, [part = "", ...rest]: readonly string[]): void {
  if (typeof value !== "object" || value === null) return;
  const fields = value as Fields;
  if (part === "*") for (const item of Object.values(fields)) drop(item, rest);
  else if (Object.hasOwn(fields, part)) {
    if (rest.length === 0 && !Array.isArray(value)) fields[part] = "<ignored>";
    else if (rest.length > 0) drop(fields[part], rest);
  }
}

function sortAt(value: unknown, [part = "", ...rest]: readonly string[]): void {
  if (typeof value !== "object" || value === null) return;
  const fields = value as Fields;
  if (part === "*") {
    for (const item of Object.values(fields)) sortAt(item, rest);
    return;
  }
  if (rest.length > 0) {
    sortAt(fields[part], rest);
    return;
  }
  const list = fields[part];
  if (!Array.isArray(list)) return;
  const keyed = list.map((item): [string, unknown] => [sortedJson(item).replace(/\d{2,}|[0-9a-f-]{36}/g, ""), item]);
  fields[part] = keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
