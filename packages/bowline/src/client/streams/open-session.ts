/**
 * Opens sessions: `pods/exec` and `pods/attach` over WebSocket.
 */
import { withDeadline } from "../deadline.ts";
import type { ResourceContext } from "../resource-context.ts";
import type { Query } from "../resource-path.ts";
import { V4, V5 } from "./channels.ts";
import { ContainerSession } from "./container-session.ts";
import type { SessionOptions } from "./session.ts";

/** Which session. */
export interface SessionRequest {
  readonly subresource: "exec" | "attach";
  readonly name: string;
  /** Of exec. */
  readonly command?: readonly string[] | undefined;
}

/**
 * Resolves when the streams are there; whether the command could be run is told by `exited`.
 *
 * @throws {ApiError} `isNotFound`, `isForbidden`, `isBadRequest` (no such container), ...
 * @throws {TimedOutError}
 */
export async function openSession(
  context: ResourceContext,
  { subresource, name, command }: SessionRequest,
  options: SessionOptions,
): Promise<ContainerSession> {
  const { container, stdin = false, tty = false, signal, timeoutMs } = options;
  const query: Query = { command, container, stdin, stdout: true, stderr: !tty, tty };
  const verb = { verb: "create", method: "GET", name, subresource, query, webSocketProtocols: [V5, V4] };
  const target = { ...context.target(name), subresource };
  const socket = await withDeadline(
    { verb: "create", target },
    { signal, timeoutMs },
    async (inner) => context.session.openWebSocket(await context.request(verb, inner)),
    context.client.defaultTimeoutMs,
  );
  return new ContainerSession(socket, { subject: { verb: "create", target }, hasStdin: stdin, signal });
}
