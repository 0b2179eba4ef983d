import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cleanUrlPath, escapedUrlPath } from "./url-path.ts";

test("K41 a path is unescaped, cleaned and escaped anew, as client-go asks for it", () => {
  for (const [path, expected] of [
    ["/", ""],
    ["/a/", "/a"],
    ["/a//b/./c/..", "/a/b"],
    ["/../a", "/a"],
    ["/a%2Fb%41", "/a/bA"],
    ["/%2e%2e/a", "/a"],
    ["/a b|é", "/a%20b%7C%C3%A9"],
    ["/(a)'b!*", "/%28a%29%27b%21%2A"],
    ["/a;b,c:d@e+f=g&h$", "/a;b,c:d@e+f=g&h$"],
    ["/a\\b#f", "/a%5Cb%23f"],
    ["/%ff", "/%FF"],
  ] as const) {
    assert.equal(cleanUrlPath(path), expected, path);
  }
});

test("a path that is escaped already is told as it is written", () => {
  for (const path of ["/a%2fb", "/(a)'b!*", "/a//b/", "/a[1]"]) assert.equal(escapedUrlPath(path), path);
  assert.equal(escapedUrlPath("/<a>&'b'/%2f"), "/%3Ca%3E&%27b%27//");
});

test("a cleaned path is clean, and URL changes nothing of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (text) => {
      const path = cleanUrlPath(`/${text.replaceAll("%", "%25")}`);
      assert.equal(cleanUrlPath(path), path);
      if (path === "") return;
      const url = new URL("https://h");
      url.pathname = path;
      assert.equal(url.pathname, path);
    }),
  );
});
