import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutUserinfo } from "./server-url.ts";

test("an address is shown without user, password, query and fragment", () => {
  const shown: readonly (readonly [string, string])[] = [
    ["https://10.0.0.1:6443/path", "https://10.0.0.1:6443/path"],
    ["https://u:secret@10.0.0.1:6443/a@b", "https://10.0.0.1:6443/a@b"],
    ["u:secret@host", "host"],
    ["https://host/?token=secret#secret", "https://host/"],
    ["", ""],
  ];
  for (const [text, expected] of shown) assert.equal(withoutUserinfo(text), expected);
});

test("an address that is too broken to tell its user by shows nothing before the last @", () => {
  for (const text of [
    "https:/&a *a/u:secret@10.0.0.1",
    "https://&a *a/u:secret@10.0.0.1",
    "https:/u:secret@10.0.0.1",
    "https:/: : /u:secret@10.0.0.1",
    "https://u:se\tcret/@10.0.0.1",
  ]) {
    assert.match(withoutUserinfo(text), /10\.0\.0\.1$/);
    assert.doesNotMatch(withoutUserinfo(text), /secret|cret/, text);
  }
});
