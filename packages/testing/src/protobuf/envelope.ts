/**
 * The envelope of a protobuf body: a magic number, then a message that says of which kind the object is and holds its bytes.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
 */
import { readSmallMessage, textOf } from "./message-reader.ts";
import { LENGTH_DELIMITED, WireError } from "./wire-reader.ts";

/** `k8s` and a zero byte. */
const MAGIC = [0x6b, 0x38, 0x73, 0x00] as const;

export interface Envelope {
  /** Empty where the sender left it to the path; so is the kind. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Uint8Array;
}

/**
 * Opens the envelope. Its content type and encoding are not looked at, as in the real server.
 * @throws WireError
 */
export function readEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length === 0) throw new WireError("empty data");
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw new WireError(`provided data does not appear to be a protobuf message, expected prefix [${MAGIC.join(" ")}]`);
  }
  if (bytes.length === MAGIC.length) throw new WireError("empty body");
  const read = readSmallMessage(bytes.subarray(MAGIC.length), "Unknown", {
    1: ["TypeMeta", LENGTH_DELIMITED],
    2: ["Raw", LENGTH_DELIMITED],
    3: ["ContentEncoding", LENGTH_DELIMITED],
    4: ["ContentType", LENGTH_DELIMITED],
  });
  const type = readSmallMessage(read.bytes(1) ?? new Uint8Array(), "TypeMeta", {
    1: ["APIVersion", LENGTH_DELIMITED],
    2: ["Kind", LENGTH_DELIMITED],
  });
  return { apiVersion: textOf(type.bytes(1)), kind: textOf(type.bytes(2)), raw: read.bytes(2) ?? new Uint8Array() };
}
