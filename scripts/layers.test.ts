/**
 * Imports go down the layers, or sideways inside a folder: any other edge fails here.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { globSync } from "./glob.mjs";

const packages = join(dirname(dirname(fileURLToPath(import.meta.url))), "packages");
const library = join(packages, "bowline", "src");

/** Folders of the library, lowest first. A folder imports from itself and from those of a lower rank. */
const rank: Readonly<Record<string, number>> = {
  kinds: 0,
  core: 1,
  config: 2,
  auth: 3,
  transport: 4,
  client: 5,
  runtime: 6,
  ops: 7,
};

/** Folders whose code may use `node:*` modules. */
const touchesRuntime = new Set(["config", "auth", "transport", "ops"]);

interface Edge {
  readonly from: string;
  readonly specifier: string;
}

function importsOf(file: string): Edge[] {
  const text = readFileSync(file, "utf8").replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, "");
  const found = text.matchAll(/(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)"([^"]+)"/g);
  return [...found].map((match) => ({ from: file, specifier: match[1] ?? "" }));
}

function folderOf(path: string): string {
  const parts = relative(library, path).split(sep);
  return parts.length === 1 ? "" : (parts[0] ?? "");
}

function sources(folder: string): string[] {
  return globSync([folder], /\.ts$/).filter((file) => !/\.test(?:-d)?\.ts$|[\\/](?:testdata|programs)[\\/]/.test(file));
}

test("the library's folders import downwards only", () => {
  const wrong: string[] = [];
  for (const { from, specifier } of sources(library).flatMap(importsOf)) {
    const folder = folderOf(from);
    if (folder === "") continue;
    const own = rank[folder];
    assert.notEqual(own, undefined, `the folder ${folder} has no layer`);
    if (specifier.startsWith("node:")) {
      if (!touchesRuntime.has(folder)) wrong.push(`${relative(library, from)} imports ${specifier}`);
    } else if (specifier.startsWith(".")) {
      const target = folderOf(resolve(dirname(from), specifier));
      if (target === "" || (rank[target] ?? Number.POSITIVE_INFINITY) > (own ?? -1))
        wrong.push(`${relative(library, from)} imports ${specifier}`);
    } else if (/^(?:bowline|@bowline\/)/.test(specifier)) {
      wrong.push(`${relative(library, from)} imports its own package by name`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("the test server shares only core and kinds with the library", () => {
  const wrong = sources(join(packages, "testing", "src"))
    .flatMap(importsOf)
    .filter(({ specifier }) => /^bowline(?:\/|$)/.test(specifier) && !/^bowline\/(?:core$|kinds\/)/.test(specifier))
    .map(({ from, specifier }) => `${relative(packages, from)} imports ${specifier}`);
  assert.deepEqual(wrong, []);
});

test("no package reaches into another one's files", () => {
  const wrong: string[] = [];
  for (const name of ["bowline", "testing", "cli"]) {
    const own = join(packages, name) + sep;
    for (const { from, specifier } of globSync([join(packages, name, "src")], /\.ts$/).flatMap(importsOf)) {
      if (specifier.startsWith(".") && !resolve(dirname(from), specifier).startsWith(own))
        wrong.push(`${from} imports ${specifier}`);
    }
  }
  assert.deepEqual(wrong, []);
});
