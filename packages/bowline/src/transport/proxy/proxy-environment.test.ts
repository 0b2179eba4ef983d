import assert from "node:assert/strict";
import { test } from "node:test";
import { environmentProxy, isExempt } from "./proxy-environment.ts";

const proxy = (server: string, environment: Record<string, string>) =>
  environmentProxy(new URL(server), environment)?.href;

test("A9 HTTPS_PROXY is for https servers and HTTP_PROXY for http ones, upper case first", () => {
  const environment = { HTTPS_PROXY: "http://a:1", https_proxy: "http://b:2", http_proxy: "http://c:3" };
  assert.equal(proxy("https://k.test", environment), "http://a:1/");
  assert.equal(proxy("http://k.test", environment), "http://c:3/");
  assert.equal(proxy("https://k.test", { HTTPS_PROXY: "", https_proxy: "http://b:2" }), "http://b:2/");
  assert.equal(proxy("https://k.test", { HTTP_PROXY: "http://a:1", ALL_PROXY: "http://b:2" }), undefined);
  assert.equal(proxy("https://k.test", {}), undefined);
});

test("A9 a proxy without a scheme is an http one", () => {
  assert.equal(proxy("https://k.test", { HTTPS_PROXY: "a.test:3128" }), "http://a.test:3128/");
  assert.equal(proxy("https://k.test", { HTTPS_PROXY: "socks5://u:p@a:1080" }), "socks5://u:p@a:1080");
  assert.equal(proxy("https://k.test", { HTTPS_PROXY: "socks5h://a:1080" }), "socks5://a:1080");
});

test("A9 a proxy that cannot be used is an error that does not show it", () => {
  for (const value of ["ftp://user:secret@a", "http://", "http://user:secret@[", "://secret"]) {
    assert.throws(
      () => proxy("https://k.test", { HTTPS_PROXY: value }),
      (error: Error & { code?: string }) => error.code === "ProxyInvalid" && !error.message.includes("secret"),
      value,
    );
  }
});

test("A9 HTTP_PROXY is refused where a web client may have set it", () => {
  assert.throws(() => proxy("http://k.test", { HTTP_PROXY: "http://a:1", REQUEST_METHOD: "GET" }), {
    code: "ProxyInvalid",
  });
  assert.equal(proxy("https://k.test", { HTTPS_PROXY: "http://a:1", REQUEST_METHOD: "GET" }), "http://a:1/");
});

test("A9 localhost and loopback addresses never go through a proxy", () => {
  for (const server of [
    "https://localhost:6443",
    "https://127.0.0.1",
    "https://127.1.2.3:6443",
    "https://[::1]:6443",
  ]) {
    assert.equal(proxy(server, { HTTPS_PROXY: "http://a:1" }), undefined, server);
  }
  assert.equal(proxy("https://localhost.test", { HTTPS_PROXY: "http://a:1" }), "http://a:1/");
});

test("A9 NO_PROXY knows suffixes, wildcards, addresses, blocks and ports", () => {
  const cases: readonly (readonly [noProxy: string, host: string, port: string, isExempt: boolean])[] = [
    ["", "a.test", "443", false],
    ["*", "a.test", "443", true],
    ["a.test", "a.test", "443", true],
    ["a.test", "x.a.test", "443", true],
    ["a.test", "xa.test", "443", false],
    [".a.test", "x.a.test", "443", true],
    [".a.test", "a.test", "443", false],
    ["*.a.test", "x.a.test", "443", true],
    ["*.a.test", "a.test", "443", false],
    ["A.Test", "a.tesT", "443", true],
    ["a.test:443", "a.test", "443", true],
    ["a.test:443", "a.test", "6443", false],
    [".a.test:6443", "x.a.test", "6443", true],
    ["b.test, a.test ,", "a.test", "443", true],
    ["b.test a.test", "a.test", "443", false],
    ["10.0.0.1", "10.0.0.1", "443", true],
    ["10.0.0.1:6443", "10.0.0.1", "443", false],
    ["10.0.0.1:6443", "10.0.0.1", "6443", true],
    ["10.0.0.0/8", "10.9.9.9", "443", true],
    ["10.0.0.0/8", "11.0.0.1", "443", false],
    ["10.0.0.0/8", "10.test", "443", false],
    ["fd00::/8", "fd12::1", "443", true],
    ["[fd00::1]:443", "fd00::1", "443", true],
    ["[fd00::1]:444", "fd00::1", "443", false],
    ["fd00::1", "fd00::1", "443", true],
    ["::ffff:10.0.0.1", "10.0.0.1", "443", true],
    ["0.0.1", "10.0.0.1", "443", false],
    [":443", "a.test", "443", false],
    ["*.", "a.test", "443", false],
    ["bücher.test", "xn--bcher-kva.test", "443", true],
  ];
  for (const [noProxy, host, port, expected] of cases)
    assert.equal(isExempt(host, port, noProxy), expected, `${noProxy} for ${host}:${port}`);
});

test("A9 the server's own port counts, and the scheme's where it has none", () => {
  const environment = { HTTPS_PROXY: "http://p:1", NO_PROXY: "a.test:443,b.test:6443" };
  assert.equal(proxy("https://a.test", environment), undefined);
  assert.equal(proxy("https://a.test:6443", environment), "http://p:1/");
  assert.equal(proxy("https://b.test:6443", environment), undefined);
});
