import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../kinds/meta/v1.ts";
import { ApiError, apiErrorFromAnswer, parseRetryAfter } from "./api-error.ts";
import * as predicates from "./api-error-predicates.ts";
import { KubeError } from "./kube-error.ts";

const target = { apiVersion: "v1", kind: "Pod", plural: "pods", namespace: "a" };

function statusOf(fields: Partial<Status>): Status {
  return { apiVersion: "v1", kind: "Status", metadata: {}, status: "Failure", ...fields };
}

function answered(httpStatus: number, body: unknown, verb = "list", retryAfter?: string): ApiError {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return apiErrorFromAnswer({ httpStatus, body: text, verb, target, retryAfter });
}

test("the message says what failed, on what, and why", () => {
  const message = 'pods is forbidden: User "u" cannot list resource "pods"';
  const error = answered(403, statusOf({ code: 403, reason: "Forbidden", message }));
  assert.equal(error.message, `cannot list pods in namespace "a": forbidden (403): ${message}`);
  assert.equal(error.code, "Forbidden");
  assert.equal(error.httpStatus, 403);
  assert.equal(error.verb, "list");
  assert.equal(error.status.message, message);
  assert.ok(error instanceof KubeError);
});

test("the message names object and subresource", () => {
  const status = statusOf({ reason: "NotFound", message: "gone" });
  const object = { apiVersion: "apps/v1", kind: "Deployment", name: "shop", subresource: "scale" };
  const error = new ApiError({ status, httpStatus: 404, verb: "get", target: object });
  assert.equal(error.message, 'cannot get Deployment/scale "shop": not found (404): gone');
});

test("a message that only repeats the reason is not said twice, and 401 has advice", () => {
  const error = answered(401, statusOf({ reason: "Unauthorized", message: "Unauthorized" }));
  assert.match(error.message, /: unauthorized \(401\): the server does not accept these credentials, log in again$/);
});

test("an answer that is no Status still gives an ApiError with a short text", () => {
  const cases: [number, string, string, RegExp][] = [
    [404, "404 page not found\n", "NotFound", /not found \(404\): 404 page not found$/],
    [
      502,
      "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>",
      "InternalError",
      /a web page, "502 Bad Gateway": check/,
    ],
    [503, "", "ServiceUnavailable", /service unavailable \(503\): the answer is empty$/],
    [403, '{"kind":"Status","apiVersion":"v1","mess', "Forbidden", /JSON that breaks off or is broken$/],
    [500, '{"error":"boom"}', "InternalError", /internal error \(500\): boom$/],
    [400, "[1,2]", "BadRequest", /JSON but no Status$/],
    [400, "null", "BadRequest", /JSON but no Status$/],
    [500, "k8s\0\x01\x02", "InternalError", /binary and no Status$/],
    [418, "x".repeat(5000), "Unknown", /unknown \(418\): x{159}…$/],
    [500, "a\u001b[31mred\r\nnext", "InternalError", /: a \[31mred next$/],
  ];
  for (const [httpStatus, body, code, message] of cases) {
    const error = answered(httpStatus, body);
    assert.equal(error.code, code, body.slice(0, 60));
    assert.match(error.message, message);
    assert.equal(error.status.kind, "Status");
    assert.equal(error.status.code, httpStatus);
    assert.equal(error.causes[0]?.reason, "UnexpectedServerResponse");
  }
});

test("an object of another kind with an error's status is no Status, and is not shown", () => {
  const error = answered(500, { apiVersion: "v1", kind: "Secret", data: { password: "c2VjcmV0" } });
  assert.equal(error.code, "InternalError");
  assert.ok(!JSON.stringify([error.message, error.status]).includes("c2VjcmV0"));
});

test("a Status with fields of wrong types does no harm", () => {
  const body = { apiVersion: "v1", kind: "Status", reason: {}, message: 1, details: null, code: "x" };
  const error = answered(404, body);
  assert.equal(error.code, "NotFound");
  assert.deepEqual(error.causes, []);
  assert.ok(
    predicates.isNotFound(answered(404, { ...body, details: { causes: [null, "a"], retryAfterSeconds: "9" } })),
  );
});

test("409 without a reason is AlreadyExists for create and Conflict for others", () => {
  assert.equal(answered(409, "", "create").code, "AlreadyExists");
  assert.equal(answered(409, "", "update").code, "Conflict");
});

test("each predicate knows its reason and its HTTP status", () => {
  const table: [keyof typeof predicates, string, number | undefined][] = [
    ["isNotFound", "NotFound", 404],
    ["isAlreadyExists", "AlreadyExists", undefined],
    ["isConflict", "Conflict", 409],
    ["isExpired", "Expired", 410],
    ["isInvalid", "Invalid", 422],
    ["isBadRequest", "BadRequest", 400],
    ["isUnauthorized", "Unauthorized", 401],
    ["isForbidden", "Forbidden", 403],
    ["isMethodNotSupported", "MethodNotAllowed", 405],
    ["isNotAcceptable", "NotAcceptable", 406],
    ["isRequestEntityTooLarge", "RequestEntityTooLarge", 413],
    ["isUnsupportedMediaType", "UnsupportedMediaType", 415],
    ["isTooManyRequests", "TooManyRequests", 429],
    ["isInternalError", "InternalError", 500],
    ["isServiceUnavailable", "ServiceUnavailable", 503],
    ["isTimeout", "Timeout", 504],
    ["isServerTimeout", "ServerTimeout", undefined],
  ];
  const known = new Map<string, (error: unknown) => boolean>(Object.entries(predicates));
  for (const [name, reason, httpStatus] of table) {
    const is = (error: unknown) => known.get(name)?.(error);
    assert.ok(is(answered(299, statusOf({ reason }))), `${name} by reason`);
    if (httpStatus !== undefined) {
      assert.ok(is(answered(httpStatus, "")), `${name} by HTTP status`);
      assert.ok(
        is(answered(httpStatus, statusOf({ reason: "OwnWord", code: httpStatus }))),
        `${name} beside an own word`,
      );
    }
    const others = table.filter(([, other]) => other !== reason);
    for (const [, other] of others) assert.ok(!is(answered(299, statusOf({ reason: other }))), `${name} for ${other}`);
    for (const value of [
      undefined,
      null,
      "NotFound",
      new Error(reason),
      new KubeError(reason, "a"),
      { code: reason },
    ]) {
      assert.ok(!is(value));
    }
  }
});

test("a reason is taken at its word against the HTTP status, except for 429 and 413", () => {
  assert.ok(!predicates.isNotFound(answered(404, statusOf({ reason: "Forbidden", code: 404 }))));
  assert.ok(predicates.isTooManyRequests(answered(429, statusOf({ reason: "Timeout", code: 429 }))));
  assert.ok(predicates.isRequestEntityTooLarge(answered(413, statusOf({ reason: "BadRequest", code: 413 }))));
});

test("both Gone and Expired are expired", () => {
  assert.ok(predicates.isExpired(answered(410, statusOf({ reason: "Gone", code: 410 }))));
  assert.ok(predicates.isExpired(answered(410, statusOf({ reason: "Expired", code: 410 }))));
});

test("errors are retryable where the server is overloaded, failed, or asks to come back", () => {
  const retryable: [number, unknown][] = [
    [429, ""],
    [500, ""],
    [502, ""],
    [503, ""],
    [504, ""],
    [500, statusOf({ reason: "ServerTimeout" })],
    [409, statusOf({ reason: "AlreadyExists", details: { retryAfterSeconds: 1 } })],
  ];
  for (const [httpStatus, body] of retryable) assert.ok(answered(httpStatus, body).retryable, String(httpStatus));
  const final = [400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 501, 505];
  for (const httpStatus of final) assert.ok(!answered(httpStatus, "").retryable, String(httpStatus));
});

test("retryAfterMs is the header's, else the Status'", () => {
  const status = statusOf({ reason: "TooManyRequests", details: { retryAfterSeconds: 7 } });
  assert.equal(answered(429, status, "list", "3").retryAfterMs, 3000);
  assert.equal(answered(429, status).retryAfterMs, 7000);
  assert.equal(answered(429, "").retryAfterMs, undefined);
});

test("Retry-After is seconds or a date", () => {
  const now = Date.UTC(2026, 0, 2, 3, 4, 5);
  assert.equal(parseRetryAfter("0", now), 0);
  assert.equal(parseRetryAfter(" 12 ", now), 12_000);
  assert.equal(parseRetryAfter("Fri, 02 Jan 2026 03:04:15 GMT", now), 10_000);
  assert.equal(parseRetryAfter("Fri, 02 Jan 2026 03:04:00 GMT", now), 0);
  for (const text of [undefined, "", "-5", "1.5", "soon", "1e3", "99999999999"]) {
    assert.equal(parseRetryAfter(text, now), undefined, text);
  }
});

test("conflicts of an apply name field and manager", () => {
  const message = 'conflict with "kubectl-client-side-apply" using apps/v1 at 2026-01-02T03:04:05Z';
  const causes = [
    { reason: "FieldManagerConflict", field: ".spec.replicas", message },
    { reason: "FieldManagerConflict", field: ".status", message: 'conflict with "a\\"b" with subresource "status"' },
    { reason: "Other", field: ".x", message: "x" },
  ];
  const error = answered(409, statusOf({ reason: "Conflict", details: { causes } }), "patch");
  assert.deepEqual(
    error.conflicts.map(({ field, manager }) => [field, manager]),
    [
      [".spec.replicas", "kubectl-client-side-apply"],
      [".status", 'a"b'],
    ],
  );
  assert.equal(error.conflicts[0]?.message, message);
});
