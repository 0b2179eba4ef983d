// Splits chunks into lines, each decoded once.
export function linesOf(onLine) {
  let rest;
  return (chunk) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      onLine(bytes.toString("utf8", from, end));
      from = end + 1;
    }
    rest = from === bytes.length ? undefined : bytes.subarray(from);
  };
}
