/**
 * Behaviours of the test server that are broken one at a time, to see that a case notices.
 */

/** One change to one source file of the test server. */
export interface Mutation {
  /** What the server then does wrongly. */
  readonly name: string;
  /** Below `packages/testing/src`. */
  readonly file: string;
  /** Text that stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
  /** The areas in which the suite has to notice. */
  readonly noticedIn: RegExp;
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: "a selector by labels and fields heeds the fields only",
    file: "http/read-handlers.ts",
    from: "labels.matches(object.metadata.labels) && matchesFields(object)",
    to: "matchesFields(object)",
    noticedIn: /^selectors:/,
  },
  {
    name: "a merge patch stores null and does not remove",
    file: "merge/merge-patch.ts",
    from: "if (value === null) delete target[key];",
    to: "if (value === null) target[key] = null;",
    noticedIn: /^patch:/,
  },
  {
    name: "a test in a JSON patch always holds",
    file: "merge/json-patch.ts",
    from: "if (!jsonEqual(found, value)) throw",
    to: "if (found === undefined) throw",
    noticedIn: /^patch:/,
  },
  {
    name: "resourceNames of a role do not restrict",
    file: "auth/authorizer.ts",
    from: "(rule.resourceNames?.includes(name) ?? false)",
    to: "true",
    noticedIn: /^auth:/,
  },
  {
    name: "a list at resourceVersion 0 heeds the limit",
    file: "registry/listing.ts",
    from: 'listing.resourceVersion === "0" || listing.limit <= 0',
    to: "listing.limit <= 0",
    noticedIn: /^list:/,
  },
  {
    name: "an object that leaves a watch's selector is shown in its new state",
    file: "watch/watch-stream.ts",
    from: "const metadata = { ...before.metadata, resourceVersion",
    to: "const metadata = { ...after.metadata, resourceVersion",
    noticedIn: /^watch:/,
  },
  {
    name: "an update of a passed version is let through",
    file: "registry/store.ts",
    from: "if (sent !== live.metadata.resourceVersion) throw",
    to: "if (sent === undefined) throw",
    noticedIn: /^update:/,
  },
  {
    name: "a foreground deletion leaves no finalizer",
    file: "registry/deletion.ts",
    from: 'if (policy === "foreground") finalizers.push(FOREGROUND);',
    to: "",
    noticedIn: /^delete:/,
  },
  {
    name: "a quota counts one object too many",
    file: "admission/resource-quota.ts",
    from: "if (total.compare(limit) > 0) exceeded.push",
    to: "if (usedNow.compare(limit) > 0) exceeded.push",
    noticedIn: /^admission:/,
  },
  {
    name: "objects are created in a namespace that is going",
    file: "registry/namespace-lifecycle.ts",
    from: 'phase !== "Terminating") return;',
    to: 'phase !== "Terminating" || found !== undefined) return;',
    noticedIn: /^create:/,
  },
  {
    name: "the causes of an apply's conflict are of another reason",
    file: "merge/apply.ts",
    from: 'reason: "FieldManagerConflict",',
    to: 'reason: "FieldValueInvalid" as never,',
    noticedIn: /^apply:/,
  },
  {
    name: "a page begins after the key that it should begin with",
    file: "registry/listing.ts",
    from: "let index = lowerBound(keys, start);",
    to: "let index = lowerBound(keys, start) + (token === undefined ? 0 : 1);",
    noticedIn: /^list:/,
  },
  {
    name: "impersonation needs no right",
    file: "auth/impersonation.ts",
    from: "server.authorizer.isAllowed(user, right) ? undefined",
    to: 'right.verb !== "" ? undefined',
    noticedIn: /^auth:/,
  },
];
