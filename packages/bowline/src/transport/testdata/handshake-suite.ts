/**
 * What every connection layer must do about certificates, names and servers that cannot be reached.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ConnectionError } from "../connection-error.ts";
import { type Connect, deferred, failsWith, isDeno, pairOf } from "./connector-pair.ts";
import {
  anonymous,
  certificates,
  clusterAt,
  startRawServer,
  startServer,
  textOf,
  withCertificate,
} from "./fixture-server.ts";

/** Registers the tests of a connection layer. */
export function testHandshakes(connect: Connect): void {
  const pair = pairOf.bind(undefined, connect);

  test("a server with another CA, another name or an expired certificate is told apart", async (t) => {
    const ok = (name: "otherServer" | "otherName" | "expired") =>
      startServer((_, response) => response.end(), certificates[name]);
    await failsWith("CertificateUntrusted", (await pair(t, ok("otherServer"))).get("/"), {
      wasSent: false,
      message: /certificate-authority/,
    });
    await failsWith("CertificateNameMismatch", (await pair(t, ok("otherName"))).get("/"), {
      wasSent: false,
      message: /tls-server-name/,
    });
    // Deno does not say that a certificate has expired.
    if (!isDeno) await failsWith("CertificateExpired", (await pair(t, ok("expired"))).get("/"), { message: /clock/ });
    else await failsWith("CertificateUntrusted", (await pair(t, ok("expired"))).get("/"), { wasSent: false });
  });

  test("without a CA of its own a private server is not trusted", async (t) => {
    const { get } = await pair(
      t,
      startServer((_, response) => response.end()),
      { certificateAuthority: undefined },
    );
    await failsWith("CertificateUntrusted", get("/"));
  });

  test("insecure-skip-tls-verify trusts anybody", async (t) => {
    const { get } = await pair(
      t,
      startServer((_, response) => response.end("ok"), certificates.otherServer),
      {
        certificateAuthority: undefined,
        insecureSkipTlsVerify: true,
      },
    );
    assert.equal(await get("/"), "ok");
  });

  test("A11 tls-server-name is what is verified and sent, also when it is an address", async (t) => {
    const sni = (request: import("node:http").IncomingMessage) =>
      String(
        (request.socket as import("node:tls").TLSSocket & { servername?: string | false | null }).servername || "none",
      );
    const start = (certificate: "server" | "otherName") =>
      startServer((request, response) => response.end(sni(request)), certificates[certificate]);
    assert.equal(await (await pair(t, start("otherName"), { tlsServerName: "other.test" })).get("/"), "other.test");
    await failsWith(
      "CertificateNameMismatch",
      (await pair(t, start("server"), { tlsServerName: "other.test" })).get("/"),
    );
    assert.equal(await (await pair(t, start("server"), { tlsServerName: "127.0.0.1" })).get("/"), "none");
    await failsWith(
      "CertificateNameMismatch",
      (await pair(t, start("server"), { tlsServerName: "127.0.0.9" })).get("/"),
    );
  });

  test("A11 a Host header of the caller does not change which name is verified", async (t) => {
    const { get } = await pair(
      t,
      startServer((_, response) => response.end()),
      { tlsServerName: "other.test" },
    );
    await failsWith("CertificateNameMismatch", get("/", anonymous, { headers: { host: "localhost" } }));
  });

  test("a client certificate that the server rejects is told apart", async (t) => {
    const { get } = await pair(
      t,
      startServer((_, response) => response.end(), certificates.server, {
        rejectUnauthorized: true,
        maxVersion: "TLSv1.2",
      }),
    );
    await assert.rejects(get("/", withCertificate(certificates.clientOfOtherCa, 1)), (error) => {
      assert.ok(error instanceof ConnectionError, String(error));
      // Servers on older runtimes close without an alert.
      assert.match(error.code, /^(?:ClientCertificateRejected|ConnectionReset)$/, error.message);
      if (error.code === "ClientCertificateRejected") assert.equal(error.wasSent, false);
      return true;
    });
    assert.equal(await get("/", withCertificate(certificates.clientA, 2)), "");
  });

  test("a certificate that does not belong to its key, or is no PEM, is ClientCertificateInvalid", async (t) => {
    const { get } = await pair(
      t,
      startServer((_, response) => response.end()),
    );
    const mixed = { cert: certificates.clientA.cert, key: certificates.clientB.key };
    await failsWith("ClientCertificateInvalid", get("/", withCertificate(mixed, 1)), { wasSent: false });
    await failsWith("ClientCertificateInvalid", get("/", withCertificate({ cert: "x", key: "y" }, 2)), {
      wasSent: false,
    });
  });

  test("a server without TLS is NotTls, and one that does not speak HTTP is NotHttp", async (t) => {
    await failsWith(
      "NotTls",
      (
        await pair(
          t,
          startServer((_, response) => response.end(), null),
        )
      ).get("/"),
      { wasSent: false },
    );
    const banner = await startRawServer((socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n"));
    const plain = connect(clusterAt(banner.port, { server: new URL(`http://127.0.0.1:${banner.port}`) }), {
      environment: {},
    });
    t.after(async () => {
      await plain.close();
      await banner[Symbol.asyncDispose]();
    });
    await failsWith("NotHttp", plain.attempt({ method: "GET", path: "/", headers: {} }, anonymous));
  });

  test("nobody listening is ConnectionRefused, and an unknown name is HostNotFound", async () => {
    const server = await startServer(() => undefined);
    await server[Symbol.asyncDispose]();
    const send = (url: string) =>
      connect(clusterAt(0, { server: new URL(url) }), { environment: {} }).attempt(
        { method: "GET", path: "/", headers: {} },
        anonymous,
      );
    await failsWith("ConnectionRefused", send(`https://127.0.0.1:${server.port}`), { wasSent: false });
    await failsWith("HostNotFound", send("https://no-such-host.invalid"), { wasSent: false });
  });

  test("a server that accepts and never speaks is ConnectTimeout", async (t) => {
    const silent = await startRawServer(() => undefined);
    const connector = connect(clusterAt(silent.port), { environment: {}, connectTimeoutMs: 50 });
    t.after(async () => {
      await connector.close();
      await silent[Symbol.asyncDispose]();
    });
    await failsWith("ConnectTimeout", connector.attempt({ method: "GET", path: "/", headers: {} }, anonymous), {
      wasSent: false,
    });
  });

  test("A3 another CA in the file means other connections, and leaves an answer in flight alone", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "bowline-ca-"));
    const file = join(folder, "ca.crt");
    writeFileSync(file, certificates.ca.cert);
    const { promise: end, resolve: endWatch } = deferred<void>();
    const server = await startServer((request, response) => {
      response.write("begun ");
      if (request.url !== "/watch") response.end();
      else void end.then(() => response.end("ended"));
    });
    let nowMs = 0;
    const connector = connect(clusterAt(server.port, { certificateAuthority: { file } }), {
      environment: {},
      now: () => nowMs,
    });
    t.after(async () => {
      await connector.close();
      await server[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    });
    const get = (path: string) => connector.attempt({ method: "GET", path, headers: {} }, anonymous);
    const watch = await get("/watch");
    writeFileSync(file, certificates.otherCa.cert);
    assert.equal(await textOf(await get("/")), "begun ");
    nowMs += 5 * 60_000;
    await failsWith("CertificateUntrusted", get("/"), { wasSent: false });
    writeFileSync(file, `${certificates.otherCa.cert}\n${certificates.ca.cert}`);
    nowMs += 5 * 60_000;
    assert.equal(await textOf(await get("/")), "begun ");
    endWatch();
    assert.equal(await textOf(watch), "begun ended");
  });

  test("a certificate authority beside insecure-skip-tls-verify is refused", () => {
    assert.throws(() => connect(clusterAt(1, { insecureSkipTlsVerify: true })), {
      code: "InsecureWithCertificateAuthority",
    });
  });
}
