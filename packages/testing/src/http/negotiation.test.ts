import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyFormat, errorForm, negotiateOutput, negotiateStream, patchType } from "./negotiation.ts";

const none = new URLSearchParams();

test("the first form that can be written is taken, the preferred ones first", () => {
  assert.equal(negotiateOutput("application/yaml", none).format, "yaml");
  assert.equal(negotiateOutput("application/vnd.kubernetes.protobuf,application/json", none).format, "json");
  assert.equal(negotiateOutput("text/html,*/*;q=0.1", none).format, "json");
  assert.equal(negotiateOutput("application/json;q=0.1,application/yaml", none).format, "yaml");
  assert.equal(negotiateOutput(undefined, none).as, "object");
});

test("a Table is made where it is asked for, in the version asked for", () => {
  const form = negotiateOutput("application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", none);
  assert.deepEqual([form.as, form.version], ["Table", "v1beta1"]);
});

test("an unknown transform falls back to the next clause, or is not acceptable", () => {
  assert.equal(negotiateOutput("application/json;as=Nothing;v=v1;g=meta.k8s.io,application/json", none).as, "object");
  assert.throws(() => negotiateOutput("application/json;as=Nothing;v=v1;g=meta.k8s.io", none), { code: 406 });
});

test("a watch cannot be YAML, and its error is", () => {
  assert.throws(() => negotiateStream("application/yaml", none), { code: 406 });
  assert.equal(errorForm("application/yaml").format, "yaml");
});

test("a body without a type is JSON, and of an unknown type is refused", () => {
  assert.equal(bodyFormat(undefined), "json");
  assert.equal(bodyFormat("application/json; charset=utf-8"), "json");
  assert.equal(bodyFormat("Application/vnd.kubernetes.Protobuf;stream=watch"), "protobuf");
  assert.throws(() => bodyFormat("text/plain"), { code: 415 });
});

test("custom resources have no strategic merge patch", () => {
  assert.equal(patchType("application/strategic-merge-patch+json", false), "strategic");
  assert.throws(() => patchType("application/strategic-merge-patch+json", true), { code: 415 });
});

test("a group or version asks for a transform even without a kind, an unknown stream for nothing that is there", () => {
  for (const accept of ["application/json;v=v1", "application/json;g=apps", "application/json;stream=odd"])
    assert.throws(() => negotiateOutput(accept, none), { code: 406 }, accept);
  assert.equal(negotiateOutput("application/json;as", none).as, "object");
});

test("an error is written in the first format that is asked for without a transform", () => {
  assert.equal(errorForm("application/yaml;as=Table;v=v1;g=meta.k8s.io").format, "json");
  assert.equal(errorForm("application/json;as=Table;v=v1;g=meta.k8s.io,application/yaml").format, "yaml");
});
