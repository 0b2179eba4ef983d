/**
 * The metadata of a list, read before its items are: a server sends it first.
 */
import { holds, skipSpace, skipValue, UNSURE, visitMembers } from "./json-scan.ts";

/** `metadata.continue` of a list's bytes where it stands before the items; `undefined` where it does not, or is empty. */
export function continueToken(bytes: Uint8Array): string | undefined {
  let token: string | undefined;
  visitMembers(bytes, skipSpace(bytes, 0), (keyStart, keyEnd, valueAt) => {
    if (holds(bytes, keyStart, keyEnd, "items")) return UNSURE;
    const valueEnd = skipValue(bytes, valueAt);
    if (valueEnd > 0 && holds(bytes, keyStart, keyEnd, "metadata")) {
      token = tokenOf(bytes.subarray(valueAt, valueEnd));
      return UNSURE;
    }
    return valueEnd;
  });
  return token;
}

function tokenOf(metadata: Uint8Array): string | undefined {
  try {
    const parsed = JSON.parse(new TextDecoder().decode(metadata)) as { readonly continue?: unknown } | null;
    return typeof parsed?.continue === "string" && parsed.continue !== "" ? parsed.continue : undefined;
  } catch {
    // Whoever parses the whole will say so.
    return undefined;
  }
}
