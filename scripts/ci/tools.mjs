// Installs the tools and runtimes that the checks need, once for each state of tools/package-lock.json, under .cache.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { command } from "./command.mjs";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const lock = join(root, "tools", "package-lock.json");
const folder = join(
  root,
  ".cache",
  "tools",
  createHash("sha256")
    .update(await readFile(lock))
    .digest("hex")
    .slice(0, 16),
);
const modules = join(folder, "node_modules");

export async function installTools() {
  if (existsSync(modules)) return;
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  for (const name of ["package.json", "package-lock.json"])
    await copyFile(join(root, "tools", name), join(unfinished, name));
  await command("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: unfinished });
  await rename(unfinished, folder).catch(async (error) => {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(modules)) throw error;
  });
}

/** A tool's command. @param {string} name */
export const tool = (name) => join(modules, ".bin", name);

/** A file of an installed package. @param {string} path */
export const toolFile = (path) => join(modules, path);

/** The runtimes that the tests run on, each with the arguments that make it run test files or a program. */
export const runtimes = [
  ...["20", "22", "24"].map((major) => ({
    name: `Node ${major}`,
    program: join(modules, `node${major}`, "bin", "node"),
    test: ["--conditions=bowline-source", "--import", "tsx", "--test", "--test-timeout=300000", "--test-reporter=spec"],
    run: ["--conditions=bowline-source", "--import", "tsx"],
  })),
  {
    name: "Bun",
    program: join(modules, "@oven", "bun-linux-x64", "bin", "bun"),
    test: ["--conditions=bowline-source", "test", "--timeout=60000"],
    run: ["--conditions=bowline-source", "run"],
  },
  {
    name: "Deno",
    program: join(modules, "@deno", "linux-x64-glibc", "deno"),
    test: ["test", "-A", "--no-check", "--conditions=bowline-source"],
    run: ["run", "-A", "--no-check", "--conditions=bowline-source"],
  },
];
