import assert from "node:assert/strict";
import { test } from "node:test";
import { testConnector } from "../testdata/connector-suite.ts";
import { clusterAt } from "../testdata/fixture-server.ts";
import { testHandshakes } from "../testdata/handshake-suite.ts";
import { testWebSockets } from "../testdata/web-socket-suite.ts";
import { undici } from "./index.ts";

if ("Bun" in globalThis || "Deno" in globalThis) {
  test("undici is refused where it does not work", () => {
    assert.throws(() => undici(), { code: "UndiciNotSupported" });
  });
} else {
  testConnector((cluster, config) => undici(config)(cluster));
  testHandshakes((cluster, config) => undici(config)(cluster));
  testWebSockets((cluster, config) => undici(config)(cluster));
}

test("nothing is connected by making one", { skip: "Bun" in globalThis || "Deno" in globalThis }, async () => {
  const connector = undici()(clusterAt(1));
  await connector.close();
});
