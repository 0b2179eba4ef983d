import assert from "node:assert/strict";
import { test } from "node:test";
import type { Host } from "../../config/host.ts";
import { nodeHost } from "../../config/host.ts";
import { lookUpCommand } from "./resolve-command.ts";

/** A host that has the given files and nothing else; those of `plain` may not be run. */
function host(
  platform: string,
  env: Record<string, string>,
  files: readonly string[],
  plain: readonly string[] = [],
): Host {
  return {
    ...nodeHost,
    platform,
    env: () => env,
    cwd: () => (platform === "win32" ? "C:\\work" : "/work"),
    stat: (path) => {
      if (![...files, ...plain].includes(path)) throw Object.assign(new Error("missing"), { code: "ENOENT" });
      return { isFile: true, isDirectory: false, mode: 0o755, mtimeMs: 0, sizeBytes: 1 };
    },
    isExecutable: (path) => files.includes(path),
  };
}

test("E16 takes the first element of PATH that has an executable of the name", () => {
  const unix = host("linux", { PATH: "/a:/b:/c" }, ["/b/p", "/c/p"], ["/a/p"]);
  assert.deepEqual(lookUpCommand(unix, "p"), { command: "p", path: "/b/p" });
  assert.deepEqual(lookUpCommand(unix, "q"), { command: "q", failure: "notInPath" });
  assert.deepEqual(lookUpCommand(host("linux", {}, ["/b/p"]), "p"), { command: "p", failure: "notInPath" });
});

test("E16 never takes a program from the working folder, nor one that stands behind it in PATH", () => {
  assert.equal(lookUpCommand(host("linux", { PATH: ".:/b" }, ["p"]), "p").failure, "inWorkingFolder");
  assert.equal(lookUpCommand(host("linux", { PATH: "::" }, ["p"]), "p").failure, "inWorkingFolder");
  assert.equal(lookUpCommand(host("linux", { PATH: "bin:/b" }, ["bin/p", "/b/p"]), "p").failure, "inWorkingFolder");
  assert.equal(lookUpCommand(host("linux", { PATH: "bin:/b" }, ["/b/p"]), "p").path, "/b/p");
});

test("E47 says of a path whether the file is missing or may not be run", () => {
  const unix = host("linux", {}, ["/a/p"], ["/a/text"]);
  assert.equal(lookUpCommand(unix, "/a//x/../p").path, "/a/p");
  assert.equal(lookUpCommand(unix, "/a/text").failure, "notExecutable");
  assert.equal(lookUpCommand(unix, "/a/q").failure, "noSuchFile");
  assert.equal(lookUpCommand(unix, "x/p").failure, "relativePath");
  assert.equal(lookUpCommand(unix, "../p").failure, "relativePath");
});

test("E70 tries the extensions of PATHEXT in their order", () => {
  const windows = host("win32", { Path: 'C:\\a;"C:\\b c"', PATHEXT: ".COM;.EXE;.CMD" }, [
    "C:\\a\\p.cmd",
    "C:\\b c\\p.exe",
    "C:\\b c\\q.exe",
    "C:\\a\\r.ps1.exe",
  ]);
  assert.equal(lookUpCommand(windows, "p").path, "C:\\a\\p.cmd");
  assert.equal(lookUpCommand(windows, "p.exe").path, "C:\\b c\\p.exe");
  assert.equal(lookUpCommand(windows, "q").path, "C:\\b c\\q.exe");
  assert.equal(lookUpCommand(windows, "r.ps1").path, "C:\\a\\r.ps1.exe");
  assert.equal(lookUpCommand(windows, "C:/a/p").path, "C:\\a\\p.cmd");
});

test("E70 has extensions of its own where PATHEXT is not set, and no implicit working folder", () => {
  const windows = host("win32", { PATH: "C:\\a;;" }, ["C:\\a\\p.bat", "C:\\work\\q.exe", "q.exe"]);
  assert.equal(lookUpCommand(windows, "p").path, "C:\\a\\p.bat");
  assert.equal(lookUpCommand(windows, "q").failure, "notInPath");
});
