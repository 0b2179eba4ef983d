/**
 * One request and its answer: reads the body, writes Status, objects and text with the headers of a kube-apiserver.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { type Status, StatusError } from "../registry/status-error.ts";
import type { UserInfo } from "../registry/strategy.ts";
import { errorForm, knownBodyFormat, type OutputForm, PLAIN_JSON } from "./negotiation.ts";
import { type RequestInfo, readRequestInfo } from "./request-info.ts";
import { toYaml } from "./yaml-writer.ts";

/** A body may have this many bytes. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;
/** Answers from this size on are compressed for those who take gzip, as in kube-apiserver. */
const COMPRESS_FROM_BYTES = 128 * 1024;

/** One request and its answer. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly info: RequestInfo;
  /** Set once the request is authenticated. */
  user: UserInfo = { username: "", groups: [] };
  readonly #warnings: string[] = [];
  #body: Promise<string> | undefined;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request;
    this.response = response;
    const [path = "/", search = ""] = splitOnce(request.url ?? "/", "?");
    this.query = readQuery(search);
    this.info = readRequestInfo(request.method ?? "GET", path, this.query);
  }

  /** A header, in lower case; of an `Accept` that is repeated only the first counts. */
  header(name: string): string | undefined {
    const { rawHeaders } = this.request;
    if (name === "accept") {
      const at = rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name);
      return at < 0 ? undefined : rawHeaders[at + 1];
    }
    const value = this.request.headers[name];
    return Array.isArray(value) ? value.join(",") : value;
  }

  /** Adds a `Warning` header; the same text once. */
  warn(text: string): void {
    if (!this.#warnings.includes(text)) this.#warnings.push(text);
  }

  /**
   * The whole body as text; a protobuf body with one character for each byte.
   * @throws StatusError 413
   */
  body(): Promise<string> {
    const isBinary = knownBodyFormat(this.header("content-type")) === "protobuf";
    this.#body ??= readBody(this.request, isBinary ? "latin1" : "utf8");
    return this.#body;
  }

  /** Writes the head of an answer, for streams. */
  open(code: number, headers: Readonly<Record<string, string>>): void {
    this.#prepare();
    this.response.writeHead(code, headers);
    this.response.flushHeaders();
  }

  /** Answers with an object in the given format. */
  object(
    code: number,
    object: unknown,
    form: OutputForm = PLAIN_JSON,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    if (form.format === "yaml") this.text(code, toYaml(object), { "content-type": "application/yaml", ...headers });
    else this.json(code, JSON.stringify(object, null, form.isPretty ? 2 : 0), headers);
  }

  /** Answers with JSON text. */
  json(code: number, text: string, headers: Readonly<Record<string, string>> = {}): void {
    this.text(code, `${text}\n`, { "content-type": "application/json", ...headers });
  }

  /** Answers with text, compressed where it is long and the client takes gzip. */
  text(code: number, text: string, headers: Readonly<Record<string, string>> = {}): void {
    this.#prepare();
    let bytes: Uint8Array = Buffer.from(text, "utf8");
    const head: Record<string, string> = { "content-type": "text/plain; charset=utf-8", ...headers };
    if (bytes.length >= COMPRESS_FROM_BYTES && /\bgzip\b/.test(this.header("accept-encoding") ?? "")) {
      bytes = gzipSync(bytes, { level: 1 });
      head["content-encoding"] = "gzip";
    }
    this.bytes(code, bytes, head);
  }

  /** Answers with bytes as they are. */
  bytes(code: number, bytes: Uint8Array, headers: Readonly<Record<string, string>>): void {
    this.#prepare();
    this.response.writeHead(code, { ...headers, "content-length": String(bytes.length) });
    this.response.end(this.request.method === "HEAD" ? undefined : bytes);
  }

  /** Answers with a Status. */
  status(status: Status, code: number = status.code ?? 200): void {
    const retryAfter = status.details?.retryAfterSeconds;
    const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
    this.object(code, status, errorForm(this.header("accept")), headers);
  }

  /** Answers with what went wrong. An error that is no Status is a fault of the server: 500. */
  fail(error: unknown): void {
    if (this.response.headersSent) {
      this.response.destroy();
      return;
    }
    if (error instanceof StatusError) {
      this.status(error.status);
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    this.status(
      new StatusError(500, "InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] }).status,
    );
  }

  #prepare(): void {
    const { response } = this;
    if (response.headersSent) return;
    response.setHeader("audit-id", crypto.randomUUID());
    if (!response.hasHeader("cache-control")) response.setHeader("cache-control", "no-cache, private");
    if (this.#warnings.length > 0) response.setHeader("warning", this.#warnings.map(warningHeader));
  }
}

function warningHeader(text: string): string {
  return `299 - "${text.replace(/[\\"]/g, "\\$&").replace(/[\r\n]+/g, " ")}"`;
}

async function readBody(request: IncomingMessage, encoding: "utf8" | "latin1"): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > MAX_BODY_BYTES) {
      throw new StatusError(413, "RequestEntityTooLarge", `Request entity too large: limit is ${MAX_BODY_BYTES}`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString(encoding);
}

function splitOnce(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}

/** The parameters of a query. As in Go, one with a broken escape or a semicolon is passed over. */
function readQuery(search: string): URLSearchParams {
  const isReadable = (pair: string): boolean => !/;|%(?![0-9a-fA-F]{2})/.test(pair);
  return new URLSearchParams(search.split("&").filter(isReadable).join("&"));
}
