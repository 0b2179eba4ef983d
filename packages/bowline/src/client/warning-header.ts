/**
 * `Warning` headers, in which a server tells of deprecations and of unknown fields.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7234#section-5.5
 */

/** A warning that the server gave with an answer. */
export interface Warning {
  /** 299 for all that a Kubernetes API server sends. */
  readonly code: number;
  readonly text: string;
}

/** Reads `299 - "text", 299 - "text"`; what is not of that form is left out. */
export function parseWarnings(header: string | readonly string[]): Warning[] {
  const warnings: Warning[] = [];
  for (const line of typeof header === "string" ? [header] : header) {
    for (const [, code, text] of line.matchAll(/(\d{3}) [^\s"]+ "((?:[^"\\]|\\.)*)"/g)) {
      warnings.push({ code: Number(code), text: (text ?? "").replace(/\\(.)/g, "$1") });
    }
  }
  return warnings;
}
