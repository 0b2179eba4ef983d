import assert from "node:assert/strict";
import { test } from "node:test";
import { redirectPath } from "./redirect.ts";

const follow = (location: string | undefined, more: { method?: string; status?: number; prefix?: string } = {}) =>
  redirectPath(
    { method: more.method ?? "GET", path: "/api/v1" },
    { status: more.status ?? 302, headers: { location } },
    "https://cluster.test:6443",
    more.prefix ?? "",
  );

test("a redirect within the server is followed for reads", () => {
  assert.equal(follow("/apis?x=1"), "/apis?x=1");
  assert.equal(follow("v1/"), "/api/v1/");
  assert.equal(follow("https://cluster.test:6443/apis"), "/apis");
  for (const status of [301, 302, 303, 307, 308]) assert.equal(follow("/a", { status }), "/a");
  assert.equal(follow("/a", { method: "HEAD" }), "/a");
});

test("a redirect to another host, port or scheme is not followed", () => {
  for (const location of [
    "https://evil.test/",
    "//evil.test/",
    "https://cluster.test/",
    "http://cluster.test:6443/",
    "https://user:pass@cluster.test:6443/",
    "https://cluster.test:6443@evil.test/",
    "http://[",
    undefined,
  ]) {
    assert.equal(follow(location), undefined, location);
  }
});

test("a redirect out of the server's path prefix is not followed", () => {
  assert.equal(follow("/clusters/c1/apis", { prefix: "/clusters/c1" }), "/apis");
  for (const location of ["/login", "/clusters/c2/apis", "/clusters/c1/../c2/x", "/clusters/c10"]) {
    assert.equal(follow(location, { prefix: "/clusters/c1" }), undefined, location);
  }
});

test("neither verbs that change something nor other answers are redirected", () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) assert.equal(follow("/a", { method }), undefined);
  for (const status of [200, 300, 304, 400]) assert.equal(follow("/a", { status }), undefined);
});
