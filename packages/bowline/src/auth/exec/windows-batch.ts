/**
 * Batch files on Windows run in cmd.exe only, which reads its command line in a way of its own.
 */

/** The command line for cmd.exe, to be passed verbatim. */
export interface BatchCommand {
  readonly path: string;
  readonly args: readonly string[];
}

/**
 * Runs a `.bat` or `.cmd` with its arguments unchanged: no variable is expanded and no further command is begun.
 *
 * @throws RangeError for an argument with a line break, which cmd.exe cannot pass on.
 */
export function windowsBatchCommand(path: string, args: readonly string[], comSpec: string | undefined): BatchCommand {
  const words = [path, ...args].map(quote);
  // /d: no autorun; /e and /v: extensions on, delayed expansion off; /s: strips the outer quotes only.
  return { path: comSpec ?? "cmd.exe", args: ["/d", "/e:on", "/v:off", "/s", "/c", `"${words.join(" ")}"`] };
}

function quote(argument: string): string {
  if (/[\0\r\n]/.test(argument)) throw new RangeError("a batch file cannot be given a line break");
  const escaped = argument
    // Backslashes before a quote would escape it for the program's own reader of arguments.
    .replace(/(\\*)"/g, '$1$1""')
    .replace(/(\\+)$/, "$1$1")
    // There is no escape for a percent sign; an empty slice of a variable that always exists stands before it.
    .replaceAll("%", "%%cd:~,%");
  return `"${escaped}"`;
}
