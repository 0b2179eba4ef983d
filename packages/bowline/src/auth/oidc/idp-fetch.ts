/**
 * One request to an identity provider, whose certificate may be signed by an authority of its own.
 */
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

const timeoutMs = 30_000;
const maxBodyBytes = 1024 * 1024;

/** Sends a request and reads its whole answer. Follows no redirect: a refresh token stays with its issuer. */
export async function idpFetch(request: Request, certificateAuthority: string | undefined): Promise<Response> {
  const body = Buffer.from(await request.arrayBuffer());
  const url = new URL(request.url);
  const send = url.protocol === "http:" ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(
      url,
      {
        method: request.method,
        headers: { ...Object.fromEntries(request.headers), "content-length": String(body.length) },
        agent: false,
        timeout: timeoutMs,
        ...(certificateAuthority === undefined ? {} : { ca: certificateAuthority }),
      },
      (incoming) => {
        const chunks: Uint8Array[] = [];
        let sizeBytes = 0;
        incoming.on("data", (chunk: Uint8Array) => {
          sizeBytes += chunk.length;
          if (sizeBytes > maxBodyBytes) outgoing.destroy(new Error("the answer is too large"));
          else chunks.push(chunk);
        });
        incoming.on("error", reject);
        incoming.on("end", () => {
          const status = incoming.statusCode ?? 500;
          const contentType = incoming.headers["content-type"];
          const headers: Record<string, string> = contentType === undefined ? {} : { "content-type": contentType };
          resolve(new Response(status === 204 || status === 304 ? null : Buffer.concat(chunks), { status, headers }));
        });
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error("no answer in time")));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
