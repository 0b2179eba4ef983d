/**
 * Every code of an error of configuration, credentials and connections stands in docs/credentials.md, with what to do.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

const unions: readonly (readonly [file: string, type: string])[] = [
  ["config/config-error.ts", "ConfigErrorCode"],
  ["auth/credential-error.ts", "CredentialErrorCode"],
  ["auth/plugin/plugin-error.ts", "PluginErrorCode"],
  ["transport/connection-error.ts", "ConnectionErrorCode"],
];

for (const [file, type] of unions) {
  test(`docs/credentials.md has every ${type}`, () => {
    const declaration =
      new RegExp(`export type ${type} =([^;]*);`).exec(read(`packages/bowline/src/${file}`))?.[1] ?? "";
    const codes = [...declaration.matchAll(/"(\w+)"/g)].map(([, code = ""]) => code);
    assert.ok(codes.length > 3, `${file} declares ${type}`);
    const text = read("docs/credentials.md");
    assert.deepEqual(
      codes.filter((code) => !text.includes(`\`${code}\``)),
      [],
    );
  });
}
