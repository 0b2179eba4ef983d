/**
 * Commands of which the test server makes something else than the real server, each with the reason.
 */

const KNOWN: readonly { readonly command: RegExp; readonly reason: string }[] = [];

/** Why this command is known to differ; undefined where it must not. */
export function knownKubectlDifference(line: string): string | undefined {
  return KNOWN.find(({ command }) => command.test(line))?.reason;
}
