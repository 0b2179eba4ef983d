/**
 * Where two answers differ.
 */
import { isDeepStrictEqual } from "node:util";
import type { CaseAnswer } from "./case.ts";

/** The fields that differ, with both values; empty where the answers agree. */
export function differences(theirs: CaseAnswer, ours: CaseAnswer): readonly string[] {
  if (isSilentFailure(theirs) && isSilentFailure(ours)) return [];
  const fields = [
    "stage",
    "namespace",
    "timeoutMs",
    "requests",
    "seen",
    "tunnels",
    "runs",
    "tokenRequests",
    "kept",
  ] as const;
  return fields
    .filter((field) => !isDeepStrictEqual(theirs[field], ours[field]))
    .map((field) => `${field}: client-go ${JSON.stringify(theirs[field])}, ours ${JSON.stringify(ours[field])}`);
}

/**
 * Nothing was sent and nothing was run, and it was an error. Whether connecting or the first request says so is no difference to
 * anybody outside, and this library says it at the earlier time where it can.
 */
function isSilentFailure({ stage, requests, seen, tunnels, runs }: CaseAnswer): boolean {
  const isFailure = stage !== "" || (requests.length > 0 && requests.every((each) => each === "error"));
  return isFailure && seen.length === 0 && tunnels.length === 0 && runs.length === 0;
}
