/**
 * Decompression of answers, loaded when the first compressed one arrives.
 */
import type { Readable, Transform } from "node:stream";
import { constants, createGunzip, gunzip as gunzipCallback } from "node:zlib";
import { ConnectionError } from "./connection-error.ts";

/** Decompresses a whole body, off the event loop. @throws ConnectionError `BodyCut` or `BodyCorrupt`. */
export function gunzip(body: Uint8Array, server: string): Promise<Uint8Array> {
  if (body.length === 0) return Promise.resolve(body);
  return new Promise((resolve, reject) => {
    gunzipCallback(body, (error, result) =>
      error === null ? resolve(result) : reject(decompressionFailure(error, server) ?? error),
    );
  });
}

/** Decompresses a body as it arrives; what a chunk holds is passed on with it, so that no watch event waits for the next. */
export function gunzipStream(compressed: Readable): Transform {
  const inflated = createGunzip({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_FINISH });
  compressed.once("error", (error) => inflated.destroy(error));
  compressed.once("close", () => {
    if (!compressed.readableEnded) inflated.destroy();
  });
  // Reading has stopped: so must the connection.
  inflated.once("close", () => {
    if (!compressed.readableEnded) compressed.destroy();
  });
  return compressed.pipe(inflated);
}

/** The error for a body that could not be decompressed, undefined where `error` is of another sort. */
export function decompressionFailure(error: unknown, server: string): ConnectionError | undefined {
  const code = error instanceof Error ? String((error as { code?: unknown }).code) : "";
  if (!code.startsWith("Z_")) return undefined;
  return code === "Z_BUF_ERROR"
    ? new ConnectionError("BodyCut", `the compressed answer of ${server} was cut`, { server, cause: error })
    : new ConnectionError("BodyCorrupt", `the compressed answer of ${server} is corrupt`, { server, cause: error });
}
