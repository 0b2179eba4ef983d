import assert from "node:assert/strict";
import { test } from "node:test";
import { readServerUrl, withoutUserinfo, writtenProxyUrl } from "./server-url.ts";

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

test("an address with letters that are not ASCII is read the thousandth time as the first", () => {
  for (let turn = 0; turn < 20_000; turn++) {
    assert.equal(readServerUrl("https://b\u00fccher.example:6443/a", "x").url.hostname, "xn--bcher-kva.example");
  }
});

test("a plugin is told user, password and host with no more escapes than they need", () => {
  assert.equal(
    readServerUrl("HTTPS://a%2Cb:c!:d@b\u00fccher.example/A b", "x").text,
    "https://a,b:c%21%3Ad@b%C3%BCcher.example/A%20b",
  );
  assert.equal(writtenProxyUrl("SOCKS5://u:p:q@Host:1/a|b?c d#"), "socks5://u:p%3Aq@Host:1/a%7Cb?c d");
});

test("half an escape is refused but in the query, and so is a user with spaces", () => {
  assert.equal(readServerUrl("https://h/a?%zz", "x").url.href, "https://h/a");
  for (const text of ["https://h/a#%zz", "https://h/a%zz", "https://a b@h", "https://h ", "https://h/a "]) {
    assert.throws(() => readServerUrl(text, "x"), { code: "ServerInvalid" }, text);
  }
});
