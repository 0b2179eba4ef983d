// Builds every package's dist, in the order of their dependence: declarations by tsc, file by file, and the code of what users
// import by esbuild, in a few files, since the loading of many small ones is what an import takes most of its time for.
// @bowline/testing finds its data beside its modules and stays as it is.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");

for (const name of ["bowline", "testing", "cli"]) {
  const folder = join(root, "packages", name);
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [tsc, "-p", join(folder, "tsconfig.build.json")], {
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
  if (name === "testing") continue;
  await build({
    absWorkingDir: folder,
    entryPoints: entryPoints(JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))),
    outdir: "dist",
    outbase: "src",
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    // What is imported when it is first needed stays apart, and entry points share what they have in common.
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.18",
    packages: "external",
    logLevel: "warning",
  });
}

/**
 * The sources of what a package exports or runs.
 *
 * @param {{ exports?: Record<string, string | { default?: string }>, bin?: Record<string, string> }} manifest
 * @returns {string[]}
 */
function entryPoints({ exports = {}, bin = {} }) {
  const exported = Object.values(exports).map((target) => (typeof target === "string" ? target : target.default));
  return [...exported, ...Object.values(bin)]
    .filter((file) => file?.endsWith(".js"))
    .map((file) => file.replace(/^(?:\.\/)?dist\//, "src/").replace(/\.js$/, ".ts"));
}
