/**
 * Subprotocols by names that HTTP would not allow.
 *
 * A WebSocket's subprotocol is a token (RFC 6455, section 4.1), and that of Kubernetes' tunnels, `SPDY/3.1+portforward.k8s.io`,
 * has a slash. `ws` insists on tokens, so it is told another name, and the server the right one.
 */
import type { ClientRequest, IncomingMessage } from "node:http";

const HEADER = "sec-websocket-protocol";
const NO_TOKEN = /[^!#$%&'*+\-.0-9A-Z^_`|a-z~]/g;

/** The names of one request's subprotocols, on the wire and for `ws`. */
export class ProtocolNames {
  /** What `ws` is told. */
  readonly tokens: readonly string[];
  readonly #names: readonly string[];

  constructor(names: readonly string[]) {
    this.#names = names;
    this.tokens = names.map((name) => name.replace(NO_TOKEN, "-"));
  }

  /** Says the right names in a request that `ws` has made, and sends it. */
  readonly send = (request: ClientRequest): void => {
    if (this.#names.length > 0) request.setHeader(HEADER, this.#names.join(","));
    request.end();
  };

  /** Lets `ws` find the name that it knows in the server's answer. */
  translate(answer: IncomingMessage): void {
    const index = this.#names.indexOf(String(answer.headers[HEADER]));
    const token = this.tokens[index];
    if (token === undefined) return;
    answer.headers[HEADER] = token;
    // Bun's `ws` reads these.
    const { rawHeaders } = answer;
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      if (rawHeaders[at]?.toLowerCase() === HEADER) rawHeaders[at + 1] = token;
    }
  }

  /** The name that a token stands for. */
  nameOf(token: string): string {
    return this.#names[this.tokens.indexOf(token)] ?? token;
  }
}
