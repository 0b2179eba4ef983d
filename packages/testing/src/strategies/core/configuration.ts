/**
 * ConfigMap, Secret and ServiceAccount: plain data, and who a Pod is.
 */
import { validateConfigMapKey } from "bowline/core";
import {
  at,
  type Fields,
  fieldsAt,
  fillEmpty,
  isEmpty,
  isSemanticallyEqual,
  isTrueAt,
  itemsAt,
  keysInOrder,
  stringMapAt,
  textAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { type FieldErrors, IMMUTABLE, typedText } from "../validation/field-errors.ts";

const MAX_BYTES = 1024 * 1024;

export const configMapRules: KindRules = {
  validate: validateConfigMap,
  validateUpdate(errors, object, old): void {
    validateImmutability(errors, object, old, ["data", "binaryData"]);
    validateConfigMap(errors, object);
  },
};

function validateConfigMap(errors: FieldErrors, object: Fields): void {
  let bytes = 0;
  const binary = fieldsAt(object, "binaryData") ?? {};
  const data = stringMapAt(object, "data");
  for (const key of keysInOrder(data)) {
    const value = data[key] ?? "";
    errors.invalidEach(`data[${key}]`, key, validateConfigMapKey(key));
    if (Object.hasOwn(binary, key)) errors.invalid(`data[${key}]`, key, "duplicate of key present in binaryData");
    bytes += Buffer.byteLength(value);
  }
  const bytesOf = stringMapAt(object, "binaryData");
  for (const key of keysInOrder(bytesOf)) {
    const value = bytesOf[key] ?? "";
    errors.invalidEach(`binaryData[${key}]`, key, validateConfigMapKey(key));
    bytes += base64Bytes(value);
  }
  if (bytes > MAX_BYTES) errors.tooLong("", MAX_BYTES);
}

/** What an immutable object may not change: the mark itself and the data. */
function validateImmutability(errors: FieldErrors, object: Fields, old: Fields, members: readonly string[]): void {
  if (!isTrueAt(old, "immutable")) return;
  if (!isTrueAt(object, "immutable")) errors.forbidden("immutable", "field is immutable when `immutable` is set");
  for (const member of members) {
    if (!isSemanticallyEqual(object[member], old[member]))
      errors.forbidden(member, "field is immutable when `immutable` is set");
  }
}

export const secretRules: KindRules = {
  default(object): void {
    fillEmpty(object, "type", "Opaque");
    const plain = stringMapAt(object, "stringData");
    if (Object.keys(plain).length > 0) {
      const data: Fields = { ...fieldsAt(object, "data") };
      for (const [key, value] of Object.entries(plain)) data[key] = Buffer.from(value, "utf8").toString("base64");
      object["data"] = data;
    }
    delete object["stringData"];
  },
  prepareForUpdate(object, old): void {
    fillEmpty(object, "type", old["type"]);
  },
  validate: validateSecret,
  validateUpdate(errors, object, old): void {
    if (object["type"] !== old["type"]) errors.declared.invalid("type", typedText(object["type"]), IMMUTABLE);
    validateImmutability(errors, object, old, ["data"]);
    validateSecret(errors, object);
  },
  selectableFields: { type: (object) => textAt(object, "type") },
};

/** The keys that a Secret of a known type has to have, with texts for what is inside. */
const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

function validateSecret(errors: FieldErrors, object: Fields): void {
  const data = fieldsAt(object, "data") ?? {};
  let bytes = 0;
  const encoded = stringMapAt(object, "data");
  for (const key of keysInOrder(encoded)) {
    const value = encoded[key] ?? "";
    errors.invalidEach(`data[${key}]`, key, validateConfigMapKey(key));
    bytes += base64Bytes(value);
  }
  if (bytes > MAX_BYTES) errors.tooLong("data", MAX_BYTES);
  const type = textAt(object, "type");
  if (type === "kubernetes.io/service-account-token") {
    const name = "kubernetes.io/service-account.name";
    if (textAt(object, "metadata", "annotations", name) === "") errors.required(`metadata.annotations[${name}]`);
  }
  if (type === "kubernetes.io/basic-auth") {
    if (!Object.hasOwn(data, "username") && !Object.hasOwn(data, "password")) {
      errors.required("data[username]");
      errors.required("data[password]");
    }
  }
  for (const key of REQUIRED_KEYS[type] ?? []) {
    const value = data[key];
    const mayBeEmpty = type === "kubernetes.io/tls" || key.startsWith(".docker");
    if (typeof value !== "string" || (value === "" && !mayBeEmpty)) errors.required(`data[${key}]`);
    else if (key === ".dockercfg" || key === ".dockerconfigjson") {
      const problem = jsonProblem(Buffer.from(value, "base64").toString("utf8"));
      if (problem !== undefined) errors.invalid(`data[${key}]`, "<secret contents redacted>", problem);
    }
  }
}

/** What Go's decoder says of a text that is no JSON object. */
function jsonProblem(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || (typeof value === "object" && !Array.isArray(value))) return undefined;
    const type = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
    return `json: cannot unmarshal ${type} into Go value of type map[string]interface {}`;
  } catch {
    const first = /\S/.exec(text)?.[0];
    if (first === undefined) return "unexpected end of JSON input";
    if (!/["{[tfn\d-]/.test(first)) return `invalid character '${first}' looking for beginning of value`;
    return "unexpected end of JSON input";
  }
}

function base64Bytes(text: string): number {
  return Math.floor((text.length * 3) / 4) - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);
}

const MOUNTABLE_SECRETS = "kubernetes.io/enforce-mountable-secrets";

export const serviceAccountRules: KindRules = {
  prepareForCreate: keepSecretNamesOnly,
  prepareForUpdate: keepSecretNamesOnly,
  warnings(object, old): string[] {
    const isOld = old?.metadata.annotations?.[MOUNTABLE_SECRETS] !== undefined;
    if (isOld || object.metadata.annotations?.[MOUNTABLE_SECRETS] === undefined) return [];
    const advice = "prefer separate namespaces to isolate access to mounted secrets";
    return [`metadata.annotations[${MOUNTABLE_SECRETS}]: deprecated in v1.32+; ${advice}`];
  },
  deletion: { returnsObject: true },
};

/** Of references to Secrets only the names are kept. */
function keepSecretNamesOnly(object: Fields): void {
  if (isEmpty(object["secrets"])) return;
  object["secrets"] = itemsAt(object, "secrets").map((reference) => ({ name: at(reference, "name") ?? "" }));
}
