/**
 * Every case, once each.
 */
import type { CredentialCase } from "./case.ts";
import { addressLoginCases } from "./families/address-logins.ts";
import { addressCases } from "./families/addresses.ts";
import { certificateCases } from "./families/certificate-forms.ts";
import { fieldCases } from "./families/field-values.ts";
import { fileCases } from "./families/files.ts";
import { identityProviderCases } from "./families/identity-providers.ts";
import { mutationCases } from "./families/mutations.ts";
import { networkCases } from "./families/network.ts";
import { pluginCases } from "./families/plugins.ts";
import { podPairCases } from "./families/pod-pairs.ts";
import { randomCases } from "./families/random.ts";
import { listCases } from "./families/random-lists.ts";
import { randomPluginCases } from "./families/random-plugins.ts";
import { randomSequenceCases } from "./families/random-sequences.ts";
import { selectCases } from "./families/select.ts";
import { terminalCases } from "./families/terminals.ts";
import { timeCases } from "./families/time.ts";
import { tlsProxyCases } from "./families/tls-proxies.ts";
import { userCases } from "./families/users.ts";

/** @throws where two cases have one name. */
export function allCases(): readonly CredentialCase[] {
  const cases = [
    ...fileCases,
    ...selectCases,
    ...userCases,
    ...pluginCases,
    ...networkCases,
    ...fieldCases,
    ...certificateCases,
    ...podPairCases,
    ...tlsProxyCases,
    ...addressLoginCases,
    ...terminalCases,
    ...timeCases,
    ...identityProviderCases,
    ...randomCases(0, 300),
    ...mutationCases(0, 200),
    ...addressCases(0, 100),
    ...listCases(0, 150),
    ...randomPluginCases(0, 80),
    ...randomSequenceCases(0, 60),
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

/** Random cases of every kind, those with the numbers from `start` on. */
export function moreCases(start: number, count: number): readonly CredentialCase[] {
  return [randomCases, mutationCases, addressCases, listCases, randomPluginCases, randomSequenceCases].flatMap((make) =>
    make(start, count),
  );
}
