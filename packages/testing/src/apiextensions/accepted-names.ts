/**
 * Which names of a CustomResourceDefinition are accepted: those that no other definition of the group has taken.
 */
import type { Definition, DefinitionCondition, DefinitionNames } from "./definition.ts";
import { conditionOf } from "./definition.ts";

/** What naming makes of a definition. */
export interface Naming {
  readonly acceptedNames: DefinitionNames;
  readonly accepted: DefinitionCondition;
  readonly established: DefinitionCondition;
}

/** Decides on the names, given all definitions. */
export function decideNames(definition: Definition, all: readonly Definition[]): Naming {
  const group = all
    .filter(({ spec }) => spec.group === definition.spec.group)
    .map(({ status }) => status?.acceptedNames);
  const resources = new Set(group.flatMap((names) => [names?.plural, names?.singular, ...(names?.shortNames ?? [])]));
  const kinds = new Set(group.flatMap((names) => [names?.kind, names?.listKind]));
  const requested = definition.spec.names;
  const present = definition.status?.acceptedNames;
  const names: Record<string, unknown> = { plural: "", kind: "", ...present };
  let conflict: { readonly reason: string; readonly message: string } | undefined;
  const take = (
    member: "plural" | "singular" | "kind" | "listKind",
    taken: ReadonlySet<string | undefined>,
    reason: string,
  ) => {
    const name = requested[member] ?? "";
    if (name !== (present?.[member] ?? "") && taken.has(name))
      conflict = { reason, message: `${JSON.stringify(name)} is already in use` };
    else names[member] = name;
  };
  take("plural", resources, "PluralConflict");
  take("singular", resources, "SingularConflict");
  const clashes = (requested.shortNames ?? []).filter(
    (name) => !(present?.shortNames?.includes(name) ?? false) && resources.has(name),
  );
  if (clashes.length > 0) {
    const texts = clashes.map((name) => `${JSON.stringify(name)} is already in use`);
    conflict = {
      reason: "ShortNamesConflict",
      message: texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(", ")}]`,
    };
  } else names["shortNames"] = requested.shortNames;
  take("kind", kinds, "KindConflict");
  take("listKind", kinds, "ListKindConflict");
  names["categories"] = requested.categories;
  const accepted: DefinitionCondition =
    conflict === undefined
      ? { type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found" }
      : { type: "NamesAccepted", status: "False", ...conflict };
  for (const member of Object.keys(names)) if (names[member] === undefined) delete names[member];
  return {
    acceptedNames: names as unknown as DefinitionNames,
    accepted,
    established: establishedAfter(definition, accepted),
  };
}

function establishedAfter(definition: Definition, accepted: DefinitionCondition): DefinitionCondition {
  const present = conditionOf(definition, "Established");
  if (present?.status === "True") return present;
  if (accepted.status === "True") {
    return {
      type: "Established",
      status: "False",
      reason: "Installing",
      message: "the initial names have been accepted",
    };
  }
  return (
    present ?? { type: "Established", status: "False", reason: "NotAccepted", message: "not all names are accepted" }
  );
}
