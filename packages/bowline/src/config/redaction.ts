/**
 * Objects that hold secrets show them to those who ask for the field, and to no log, inspector or JSON.
 */
const inspectSymbols = [Symbol.for("nodejs.util.inspect.custom"), Symbol.for("Deno.customInspect")];

/** What stands in the place of a secret. */
export const redactedText = "--- REDACTED ---";

/** Makes `toJSON` and the inspectors of all runtimes show `view()` in the place of the object. */
export function redact<T extends object>(object: T, view: () => unknown): T {
  Object.defineProperty(object, "toJSON", { value: view, enumerable: false });
  for (const symbol of inspectSymbols) Object.defineProperty(object, symbol, { value: view, enumerable: false });
  return object;
}

/** A copy in which the named fields are replaced where they are set. */
export function withoutSecrets(object: object, secrets: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, secrets.has(key) && isSet(value) ? redactedText : value]),
  );
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}
