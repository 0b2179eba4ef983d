/**
 * `binding`: puts a Pod on a node.
 */
import { formatTime } from "bowline/core";
import { addLabels, topologyLabels } from "../admission/topology-labels.ts";
import { decodeBody } from "../http/body-decoder.ts";
import { bodyFormat, METADATA_TRANSFORMS } from "../http/negotiation.ts";
import { checkNamespace } from "../http/read-handlers.ts";
import { readWriteOptions } from "../http/request-options.ts";
import type { RequestScope } from "../http/scope.ts";
import { admissionOptions } from "../http/write-handlers.ts";
import { clone } from "../merge/index.ts";
import { badRequest, conflict, serverError, success } from "../registry/status-error.ts";
import type { ApiObject } from "../registry/strategy.ts";

const BINDING: { readonly group: string; readonly version: string; readonly kind: string; readonly isCustom: boolean } =
  {
    group: "",
    version: "v1",
    kind: "Binding",
    isCustom: false,
  };
const POD_BINDING = { group: "", name: "pods/binding" };

/** Binds the Pod that the path names, or with `POST /bindings` the one that the body names. */
export async function bindPod(scope: RequestScope): Promise<void> {
  const { exchange } = scope;
  const form = scope.outputForm(METADATA_TRANSFORMS);
  const format = bodyFormat(exchange.header("content-type"));
  const text = await exchange.body();
  const options = readWriteOptions(exchange.query, "CreateOptions");
  const binding = decodeBody(text, format, BINDING, {
    validation: options.fieldValidation,
    warn: (warning) => exchange.warn(warning),
  });
  checkNamespace(scope, binding);
  const name = scope.name === "" ? (binding.metadata.name ?? "") : scope.name;
  if ((binding.metadata.name ?? "") !== name) {
    throw badRequest("name in URL does not match name in Binding object");
  }
  const target = (binding["target"] ?? {}) as { readonly kind?: string; readonly name?: string };
  const problems: string[] = [];
  if (target.kind !== undefined && target.kind !== "" && target.kind !== "Node") {
    const supported = 'supported values: "Node", "<empty>"';
    problems.push(`target.kind: Unsupported value: ${JSON.stringify(target.kind)}: ${supported}`);
  }
  if (!target.name) problems.push("target.name: Required value");
  if (problems.length > 0) throw serverError(problems.length === 1 ? (problems[0] ?? "") : `[${problems.join(", ")}]`);
  // Admission knows the subresource, and not the older collection of Bindings.
  if (scope.subresource === "binding" && target.kind === "Node")
    addLabels(binding, topologyLabels(scope.server.find("v1", "Node", undefined, target.name ?? "")));
  const pods = scope.server.registry.byKind("v1", "Pod");
  if (pods === undefined) return;
  const context = scope.server.context(pods, {
    user: exchange.user,
    namespace: scope.namespace,
    subresource: "binding",
    isDryRun: options.isDryRun,
  });
  scope.server.store(pods).update({
    namespace: scope.namespace,
    name,
    context,
    options: admissionOptions("CreateOptions", options),
    transform: (live) => bound(live as ApiObject, binding, target.name ?? "", scope.server.clock.now()),
  });
  exchange.object(201, { ...success(), code: 201 }, form);
}

/**
 * What a binding says of the Pod's own metadata must hold.
 * @throws StatusError 409
 */
function checkPreconditions({ metadata }: ApiObject, binding: ApiObject): void {
  const { uid = "", resourceVersion = "" } = binding.metadata;
  const fail = (what: string, wanted: string, found: string) => {
    const key = `/registry/pods/${metadata.namespace ?? ""}/${metadata.name}`;
    const why = `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${found}`;
    const text = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
    return conflict({ group: "", name: "pods" }, metadata.name, text);
  };
  if (uid !== "" && uid !== metadata.uid) throw fail("UID", uid, metadata.uid ?? "");
  if (resourceVersion !== "" && resourceVersion !== metadata.resourceVersion)
    throw fail("ResourceVersion", resourceVersion, metadata.resourceVersion ?? "");
}

function bound(live: ApiObject, binding: ApiObject, node: string, now: Date): ApiObject {
  const pod = clone(live);
  const spec = pod["spec"] as { nodeName?: string; schedulingGates?: readonly unknown[] };
  const { name } = pod.metadata;
  checkPreconditions(live, binding);
  if (pod.metadata["deletionTimestamp"] !== undefined) {
    throw conflict(POD_BINDING, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  }
  if (spec.nodeName)
    throw conflict(POD_BINDING, name, `pod ${name} is already assigned to node ${JSON.stringify(spec.nodeName)}`);
  if ((spec.schedulingGates?.length ?? 0) > 0) {
    throw conflict(POD_BINDING, name, `pod ${name} has non-empty .spec.schedulingGates`);
  }
  spec.nodeName = node;
  const { annotations, labels } = binding.metadata;
  if (annotations !== undefined) pod.metadata.annotations = { ...pod.metadata.annotations, ...annotations };
  if (labels !== undefined) pod.metadata.labels = { ...pod.metadata.labels, ...labels };
  const status = (pod["status"] ?? {}) as { conditions?: { type: string }[] };
  const others = (status.conditions ?? []).filter(({ type }) => type !== "PodScheduled");
  const scheduled = { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: formatTime(now) };
  pod["status"] = { ...status, conditions: [...others, scheduled] };
  return pod;
}
