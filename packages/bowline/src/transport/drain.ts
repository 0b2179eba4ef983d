/**
 * Reads an answer that nobody wants to its end, so that its connection carries the next request.
 */
import type { TransportResponse } from "./transport.ts";

/** Beyond, a new connection is the cheaper one. */
const MAX_DRAINED_BYTES = 64 * 1024;
const MAX_DRAIN_MS = 1000;

/** Resolves when the connection is free or given up; never rejects. A large, endless or slow body is given up. */
export async function drain(response: TransportResponse): Promise<void> {
  if (Number(response.headers["content-length"] ?? 0) > MAX_DRAINED_BYTES) {
    response.discard();
    return;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const chunks = response.stream()[Symbol.asyncIterator]();
    timer = setTimeout(() => void chunks.return?.(), MAX_DRAIN_MS);
    let bytes = 0;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      bytes += next.value.length;
      if (bytes > MAX_DRAINED_BYTES) await chunks.return?.();
    }
  } catch {
    // The connection broke: the next request opens another one.
  } finally {
    clearTimeout(timer);
  }
}
