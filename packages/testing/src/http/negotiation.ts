/**
 * Which form an answer takes and a body has: JSON or YAML, as the object itself, as its metadata, or as a Table.
 */
import { StatusError } from "../registry/status-error.ts";

/** The form of an answer. */
export interface OutputForm {
  readonly format: "json" | "yaml";
  /** What objects are turned into. */
  readonly as: "object" | "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList";
  /** `v1` or `v1beta1` of `meta.k8s.io`, for the latter three. */
  readonly version: string;
  readonly isPretty: boolean;
}

interface Clause {
  readonly type: string;
  readonly subtype: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/** What the server can write; protobuf it only names, since its peers would. */
const WRITABLE: readonly { readonly subtype: string; readonly format: "json" | "yaml" }[] = [
  { subtype: "json", format: "json" },
  { subtype: "yaml", format: "yaml" },
];
const MEDIA_TYPES = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
const STREAM_TYPES = "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";
const TRANSFORMS = new Set(["Table", "PartialObjectMetadata", "PartialObjectMetadataList"]);
const NO_TRANSFORMS: ReadonlySet<string> = new Set();

/** The plain form, for errors where nothing else can be agreed on. */
export const PLAIN_JSON: OutputForm = { format: "json", as: "object", version: "v1", isPretty: false };

/** The clauses of an `Accept` header, the preferred first. */
export function parseAccept(header: string): readonly Clause[] {
  const clauses = header.split(",").flatMap((part): Clause[] => {
    const [range = "", ...rest] = part.trim().split(";");
    const [type = "", subtype = ""] = range.trim().split("/");
    if (type === "") return [];
    const parameters = new Map(
      rest.flatMap((parameter): [string, string][] => {
        const [name = "", value] = parameter.split("=");
        return value === undefined ? [] : [[name.trim().toLowerCase(), value.trim()]];
      }),
    );
    const quality = Number(parameters.get("q") ?? "1");
    return [
      {
        type,
        subtype: subtype === "" && type === "*" ? "*" : subtype,
        parameters,
        quality: Number.isNaN(quality) ? 1 : quality,
      },
    ];
  });
  return clauses.sort((a, b) => b.quality - a.quality);
}

/**
 * The form of an answer to this `Accept`.
 * @throws StatusError 406
 */
export function negotiateOutput(
  accept: string | undefined,
  query: URLSearchParams,
  transforms: ReadonlySet<string> = TRANSFORMS,
): OutputForm {
  const isPretty = query.has("pretty") && query.get("pretty") !== "false" && query.get("pretty") !== "0";
  if (accept === undefined || accept === "") return { ...PLAIN_JSON, isPretty };
  const clauses = parseAccept(accept);
  for (const clause of clauses) {
    for (const { subtype, format } of WRITABLE) {
      if (!matches(clause, subtype)) continue;
      const form = formOf(clause, format, isPretty, transforms);
      if (form !== undefined) return form;
    }
  }
  throw notAcceptable(MEDIA_TYPES);
}

/**
 * Whether a built-in kind's route can answer this `Accept` at all, before its transforms count. `application/*` is not
 * understood there.
 * @throws StatusError 406
 */
export function checkRepresentation(accept: string | undefined, isList: boolean): void {
  if (accept === undefined || accept === "") return;
  const isKnown = parseAccept(accept).some((clause) => clause.subtype !== "*" || clause.type === "*");
  if (!isKnown || !parseAccept(accept).some(isAnyOfOurs)) throw noRepresentation(isList);
}

/** As {@link negotiateOutput}, for documents that are no objects: discovery. */
export function negotiateDocument(accept: string | undefined, query: URLSearchParams): OutputForm {
  try {
    return negotiateOutput(accept, query, NO_TRANSFORMS);
  } catch {
    throw notAcceptable(MEDIA_TYPES);
  }
}

/** As {@link negotiateOutput}, for a watch: YAML has no stream. */
export function negotiateStream(accept: string | undefined, query: URLSearchParams): OutputForm {
  const form = negotiateOutput(accept, query);
  if (form.format === "json") return form;
  throw notAcceptable(STREAM_TYPES);
}

/** The format that an error is written in: that of the `Accept`, without its transform. */
export function errorForm(accept: string | undefined): OutputForm {
  for (const clause of parseAccept(accept ?? "")) {
    for (const { subtype, format } of WRITABLE) {
      if (matches(clause, subtype) && formOf(clause, format, false, NO_TRANSFORMS) !== undefined)
        return { ...PLAIN_JSON, format };
    }
  }
  return PLAIN_JSON;
}

/** The transforms of an answer that is never shown as a Table. */
export const METADATA_TRANSFORMS: ReadonlySet<string> = new Set(["PartialObjectMetadata"]);

/** How a body is written. */
export type BodyFormat = "json" | "yaml" | "protobuf";

const BODY_FORMATS: Readonly<Record<string, BodyFormat>> = {
  "": "json",
  "application/json": "json",
  "application/yaml": "yaml",
  "application/vnd.kubernetes.protobuf": "protobuf",
};

/**
 * The format of a body with this `Content-Type`.
 * @throws StatusError 415
 */
export function bodyFormat(contentType: string | undefined): BodyFormat {
  const format = knownBodyFormat(contentType);
  if (format !== undefined) return format;
  const message = `the body of the request was in an unknown format - accepted media types include: ${MEDIA_TYPES}`;
  throw new StatusError(415, "UnsupportedMediaType", message);
}

/** As {@link bodyFormat}; undefined where the server reads no such bodies. */
export function knownBodyFormat(contentType: string | undefined): BodyFormat | undefined {
  return BODY_FORMATS[(contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? ""];
}

export const PATCH_TYPES = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
  "application/apply-patch+yaml": "apply",
} as const;
export type PatchType = (typeof PATCH_TYPES)[keyof typeof PATCH_TYPES];

/**
 * The kind of patch with this `Content-Type`.
 * @throws StatusError 415
 */
export function patchType(contentType: string | undefined, isCustom: boolean): PatchType {
  const types = PATCH_TYPES as Readonly<Record<string, PatchType>>;
  const known = types[(contentType ?? "").split(";")[0]?.trim() ?? ""];
  // The route takes what is one of a list, its handler does not.
  const isRouted = (contentType ?? "").split(",").some((part) => (part.split(";")[0]?.trim() ?? "") in types);
  if (!isRouted && !isCustom) throw new StatusError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
  if (known === undefined || (isCustom && known === "strategic")) {
    const accepted = Object.keys(PATCH_TYPES).filter((name) => !isCustom || types[name] !== "strategic");
    const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`;
    throw new StatusError(415, "UnsupportedMediaType", message);
  }
  return known;
}

function isAnyOfOurs(clause: Clause): boolean {
  return ["json", "yaml", "vnd.kubernetes.protobuf"].some((subtype) => matches(clause, subtype));
}

function matches(clause: Clause, subtype: string): boolean {
  if (clause.type === "*") return clause.subtype === "*";
  return clause.type === "application" && (clause.subtype === subtype || clause.subtype === "*");
}

function formOf(
  clause: Clause,
  format: "json" | "yaml",
  isPretty: boolean,
  transforms: ReadonlySet<string>,
): OutputForm | undefined {
  const { parameters } = clause;
  const pretty = isPretty || parameters.get("pretty") === "1";
  const stream = parameters.get("stream") ?? "";
  if (stream !== "" && (stream !== "watch" || format === "yaml")) return undefined;
  const as = parameters.get("as") ?? "";
  // A group or version alone names a kind too: one without a name.
  if (!["as", "g", "v"].some((name) => parameters.has(name)))
    return { format, as: "object", version: "v1", isPretty: pretty };
  const version = parameters.get("v") ?? "";
  const isKnown =
    transforms.has(as) && parameters.get("g") === "meta.k8s.io" && (version === "v1" || version === "v1beta1");
  return isKnown ? { format, as: as as OutputForm["as"], version, isPretty: pretty } : undefined;
}

function notAcceptable(types: string): StatusError {
  return new StatusError(406, "NotAcceptable", `only the following media types are accepted: ${types}`);
}

function noRepresentation(isList: boolean): StatusError {
  const types = isList ? `${MEDIA_TYPES}, ${STREAM_TYPES}` : MEDIA_TYPES;
  const message = `406: Not Acceptable\n\nAvailable representations: ${types}`;
  return new StatusError(406, "NotAcceptable", message, {});
}
