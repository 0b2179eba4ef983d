/**
 * Every case, once each.
 */
import type { CredentialCase } from "./case.ts";
import { fileCases } from "./families/files.ts";
import { mutationCases } from "./families/mutations.ts";
import { networkCases } from "./families/network.ts";
import { pluginCases } from "./families/plugins.ts";
import { randomCases } from "./families/random.ts";
import { selectCases } from "./families/select.ts";
import { userCases } from "./families/users.ts";

/** @throws where two cases have one name. */
export function allCases(): readonly CredentialCase[] {
  const cases = [
    ...fileCases,
    ...selectCases,
    ...userCases,
    ...pluginCases,
    ...networkCases,
    ...randomCases(0, 300),
    ...mutationCases(0, 200),
  ];
  const names = new Set<string>();
  for (const { name } of cases) {
    if (names.has(name)) throw new Error(`two cases are called ${JSON.stringify(name)}`);
    names.add(name);
  }
  return cases;
}

/** The part of a case's name before the colon. */
export function familyOf({ name }: CredentialCase): string {
  return name.slice(0, Math.max(0, name.indexOf(":")));
}
