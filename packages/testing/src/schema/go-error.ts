/**
 * Errors of decoding, in the words of Go's decoder.
 */

/** A body that cannot be decoded into its kind. The message is what follows `cannot be handled as a Kind: `. */
export class DecodeError extends Error {
  override readonly name: string = "DecodeError";
}
