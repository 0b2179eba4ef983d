/**
 * Applies and strategic patches of every built-in kind: the type of each list and map shows in what conflicts, what is merged and what
 * is refused.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import { step } from "../families.ts";
import { type Fields, readSampleObjects, type SampleObject } from "../sample-object.ts";
import { APPLY, named, patch, STRATEGIC, type TopicScenarios } from "./requests.ts";

/** What items of lists are told apart by somewhere, and what decides which other fields may be set. */
const KEYS = new Set(
  (
    "apiVersion kind name namespace type key uid ip port containerPort protocol mountPath devicePath topologyKey whenUnsatisfiable " +
    "manager resourceVersion image driver request pool device shareID conditionType resourceName path operator"
  ).split(" "),
);

/** All kinds one after the other: created by apply, contested, given up, and contested again after a plain create. */
export const everyKindApplied: TopicScenarios = {
  contested: (ns) => eachSample(ns, contested),
};

/** Patches of each list and map, none of which is stored. */
export const everyKindPatched: TopicScenarios = {
  "every-list": (ns) => eachSample(ns, listPatches),
};

interface Place {
  readonly collection: string;
  readonly one: string;
  readonly body: SampleObject["object"];
}

function eachSample(namespace: string, steps: (place: Place) => CapturedStep[]): CapturedStep[] {
  return readSampleObjects()
    .filter(({ object }) => object.kind !== "Namespace")
    .flatMap((sample) => {
      const own = sample.isNamespaced || sample.object.metadata["name"] !== "full" ? {} : { name: namespace };
      const body: SampleObject["object"] = { ...sample.object, metadata: { ...sample.object.metadata, ...own } };
      // An event must lie in the namespace of its object.
      for (const member of ["involvedObject", "regarding"])
        if (member in body) Object.assign(body, { [member]: { ...(body[member] as Fields), namespace } });
      const collection = sample.collection(namespace);
      const label = sample.label;
      return steps({ collection, one: `${collection}/${String(body.metadata["name"])}`, body }).map((item) => ({
        ...item,
        name: `${label} ${item.name}`,
      }));
    });
}

function contested({ collection, one, body }: Place): CapturedStep[] {
  const changed = { ...(changedLeaves(body) as Fields), metadata: { name: body.metadata["name"], labels: { x: "y" } } };
  const id = { apiVersion: body.apiVersion, kind: body.kind, metadata: { name: body.metadata["name"] } };
  const as = (manager: string, more = "") => `${one}?fieldManager=${manager}${more}`;
  return [
    named("apply", patch(as("one"), body, APPLY)),
    named("again", patch(as("one"), body, APPLY)),
    named("share", patch(as("two"), body, APPLY)),
    named("conflict", patch(as("three"), changed, APPLY)),
    named("force", patch(as("three", "&force=true&dryRun=All"), changed, APPLY)),
    named("give up", patch(as("one"), id, APPLY)),
    named("give up last", patch(as("two", "&dryRun=All"), id, APPLY)),
    step("delete", "DELETE", `${one}?gracePeriodSeconds=0`),
    step("create", "POST", `${collection}?fieldManager=poster`, body),
    named("conflict with create", patch(as("three"), changed, APPLY)),
    named("same as create", patch(as("three"), body, APPLY)),
    step("delete again", "DELETE", `${one}?gracePeriodSeconds=0`),
  ];
}

function listPatches({ collection, one, body }: Place): CapturedStep[] {
  const to = `${one}?dryRun=All`;
  return [
    step("create", "POST", collection, body),
    ...[...branchesOf(body)].flatMap(({ path, value }) =>
      variantsOf(path.at(-1) ?? "", value).map(([what, members]) =>
        named(`${path.join(".")} ${what}`, patch(to, within(body, path.slice(0, -1), members), STRATEGIC)),
      ),
    ),
    step("delete", "DELETE", `${one}?gracePeriodSeconds=0`),
  ];
}

/** What takes the place of a list or map in its parent, by what is tried. */
function variantsOf(key: string, value: unknown): (readonly [string, Fields])[] {
  if (!Array.isArray(value)) {
    const [member = ""] = Object.keys(value as Fields);
    return [
      ["replaced", { [key]: { $patch: "replace", ...(value as Fields) } }],
      ["deleted", { [key]: { $patch: "delete" } }],
      ["retained", { [key]: { $retainKeys: [member] } }],
      ["null", { [key]: null }],
    ];
  }
  const [first] = value as unknown[];
  if (typeof first !== "object" || first === null)
    return [
      ["added", { [key]: ["added"] }],
      ["ordered", { [`$setElementOrder/${key}`]: [...value, "added"].reverse(), [key]: ["added"] }],
      ["less", { [`$deleteFromPrimitiveList/${key}`]: [first] }],
    ];
  const keys = Object.fromEntries(Object.entries(first).filter(([name]) => KEYS.has(name)));
  return [
    ["changed", { [key]: [changedLeaves(first)] }],
    ["deleted", { [key]: [{ ...keys, $patch: "delete" }] }],
    ["replaced", { [key]: [{ $patch: "replace" }, first] }],
    ["keyless", { [key]: [{}] }],
    ["ordered", { [`$setElementOrder/${key}`]: [keys] }],
    ["text", { [key]: ["text"] }],
    ["null", { [key]: null }],
  ];
}

interface Branch {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Lists and maps, each list's items through its first. */
function* branchesOf(value: unknown, path: readonly string[] = []): Generator<Branch> {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    yield* branchesOf(value[0], [...path, "0"]);
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    if (path.length === 0 && key === "metadata") continue;
    if (typeof member !== "object" || member === null) continue;
    yield { path: [...path, key], value: member };
    yield* branchesOf(member, [...path, key]);
  }
}

/** The members at a path; an item on the way is named by what it has of the keys. */
function within(value: unknown, [key, ...rest]: readonly string[], members: Fields): Fields {
  if (key === undefined) return members;
  const next: unknown = (value as Fields)[key];
  if (!Array.isArray(next)) return { [key]: within(next, rest, members) };
  const [item] = next as unknown[];
  const keys = Object.entries(item as Fields).filter(([name, given]) => KEYS.has(name) && typeof given !== "object");
  return { [key]: [{ ...Object.fromEntries(keys), ...within(item, rest.slice(1), members) }] };
}

function changedLeaves(value: unknown): unknown {
  if (typeof value === "string") return `${value}x`;
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (Array.isArray(value)) return value.map(changedLeaves);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      KEYS.has(key) && typeof member !== "object" ? member : changedLeaves(member),
    ]),
  );
}
