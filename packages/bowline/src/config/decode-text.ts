/**
 * Bytes to text as YAML readers do it: UTF-8, or what a byte order mark says.
 */

/**
 * The text of a kubeconfig or of a plugin's output, without its byte order mark.
 *
 * @throws RangeError where the bytes are not valid in their encoding; the message holds none of them.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  try {
    if (first === 0xff && second === 0xfe) return decodeUtf16(bytes.subarray(2));
    if (first === 0xfe && second === 0xff) return decodeUtf16(swapBytes(bytes.subarray(2)));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new RangeError("the bytes are not valid UTF-8, nor UTF-16 with a byte order mark");
  }
}

function decodeUtf16(bytes: Uint8Array): string {
  if (bytes.length % 2 !== 0) throw new RangeError("half a code unit");
  return new TextDecoder("utf-16le", { fatal: true }).decode(bytes);
}

function swapBytes(bytes: Uint8Array): Uint8Array {
  const swapped = new Uint8Array(bytes.length);
  for (let index = 0; index < bytes.length; index++) swapped[index ^ 1] = bytes[index] ?? 0;
  return swapped;
}
