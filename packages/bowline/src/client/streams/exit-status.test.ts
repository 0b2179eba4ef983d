import assert from "node:assert/strict";
import { test } from "node:test";
import { isInternalError, isNotFound } from "../../core/api-error-predicates.ts";
import type { Status } from "../../kinds/meta/v1.ts";
import { exitCodeOf } from "./exit-status.ts";

const subject = {
  verb: "create",
  target: { apiVersion: "v1", kind: "Pod", plural: "pods", namespace: "web", name: "shop-0", subresource: "exec" },
};
const codeOf = (status: Partial<Status>): number => exitCodeOf(status as Status, subject);

test("success is 0, and a non-zero exit code is no error", () => {
  assert.equal(codeOf({ status: "Success" }), 0);
  const details = { causes: [{ reason: "ExitCode", message: "42" }] };
  const message = "command terminated with non-zero exit code: exit status 42";
  assert.equal(codeOf({ status: "Failure", reason: "NonZeroExitCode", message, details }), 42);
});

test("a command that could not be run is an error of its own, with the runtime's words", () => {
  const words = 'exec failed: unable to start container process: exec: "nope": executable file not found in $PATH';
  const message = `Internal error occurred: error executing command in container: ${words}`;
  assert.throws(
    () => codeOf({ status: "Failure", reason: "InternalError", code: 500, message }),
    (error: Error & { code?: string }) => {
      assert.equal(error.name, "StreamError");
      assert.equal(error.code, "CommandNotRun");
      assert.match(error.message, /^cannot run the command in pod.*"shop-0".*executable file not found/);
      assert.ok(isInternalError(error.cause));
      return true;
    },
  );
});

test("any other failure is an ApiError of its reason", () => {
  assert.throws(
    () => codeOf({ status: "Failure", reason: "NotFound", code: 404, message: "pod not found" }),
    isNotFound,
  );
  assert.throws(() => codeOf({ status: "Failure", reason: "InternalError", code: 500, message: "x" }), isInternalError);
  assert.throws(() => codeOf({ status: "Failure", reason: "NonZeroExitCode", message: "no cause" }), {
    name: "ApiError",
  });
});
