// Packs the packages as they would be published and looks at them as their users will: exports, types, size, import.
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { command } from "./command.mjs";
import { root, tool, toolFile } from "./tools.mjs";

const names = ["bowline", "testing", "cli"];
/** Of a production install of `bowline`. */
const MOST_PACKAGES = 6;
const MOST_BYTES = 6 * 1024 * 1024;

/** @param {string} folder a temporary one @returns {Promise<string>} */
export async function checkPackages(folder) {
  await command(process.execPath, [join(root, "scripts", "build.mjs")], { cwd: root });
  const tarballs = [];
  for (const name of names) {
    const packed = join(root, "packages", name);
    const output = await command("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
      cwd: packed,
    });
    tarballs.push(join(folder, packedName(JSON.parse(output))));
    await command(process.execPath, [toolFile("publint/src/cli.js"), "run", packed, "--strict", "--pack=false"]);
  }
  // The kinds are types only: nothing is there to be imported at run time.
  await command(process.execPath, [
    tool("attw"),
    tarballs[0],
    "--profile",
    "esm-only",
    "--exclude-entrypoints",
    "kinds/*",
  ]);
  await command(process.execPath, [tool("attw"), tarballs[1], "--profile", "esm-only"]);
  const installed = await installAlone(join(folder, "alone"), tarballs[0]);
  await useTogether(join(folder, "together"), tarballs);
  return installed;
}

/** npm 11 prints a list, npm 12 an object by name. @param {any} printed @returns {string} */
function packedName(printed) {
  const [first] = Array.isArray(printed) ? printed : Object.values(printed);
  return first.filename.replace("@", "").replace("/", "-");
}

/** @param {string} folder @param {string} tarball */
async function installAlone(folder, tarball) {
  await project(folder);
  await command("npm", ["install", "--omit=dev", "--omit=peer", "--no-audit", "--no-fund", tarball], { cwd: folder });
  const packages = Object.keys(JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8")).packages).filter(
    Boolean,
  );
  const files = await filesBelow(join(folder, "node_modules"));
  const kinds = files.filter(
    ({ path }) => path.includes(join("bowline", "dist", "kinds")) || path.includes(join("bowline", "src", "kinds")),
  );
  const all = total(files);
  const types = total(kinds);
  if (packages.length > MOST_PACKAGES)
    throw new Error(`a production install has ${packages.length} packages: ${packages.join(", ")}`);
  if (all - types > MOST_BYTES) throw new Error(`a production install has ${megabytes(all - types)} beside the kinds`);
  return `production install: ${packages.length} packages, ${megabytes(all - types)} and ${megabytes(types)} of kinds`;
}

/** @param {string} folder @param {readonly string[]} tarballs */
async function useTogether(folder, tarballs) {
  await project(folder);
  await command("npm", ["install", "--no-audit", "--no-fund", ...tarballs], { cwd: folder });
  await writeFile(
    join(folder, "main.mjs"),
    `import { Client, isNotFound } from "bowline";
import { startTestServer } from "@bowline/testing";
const server = await startTestServer();
const client = await Client.connect({ kubeconfig: server.kubeconfig });
try { await client.resource("v1", "Pod", { namespace: "default" }).get("none"); } catch (error) { console.log(isNotFound(error)); }
await client.close();
await server.close();
`,
  );
  const output = await command(process.execPath, ["main.mjs"], { cwd: folder });
  if (output.trim() !== "true") throw new Error(`the installed packages do not work together:\n${output}`);
  await command(join(folder, "node_modules", ".bin", "bowline"), ["--help"], { cwd: folder });
}

/** @param {string} folder */
async function project(folder) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
}

/** @param {string} folder @returns {Promise<{ path: string, bytes: number }[]>} */
async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return Promise.all(files.map(async (path) => ({ path, bytes: (await stat(path)).size })));
}

/** @param {readonly { bytes: number }[]} files */
const total = (files) => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(2)} MB`;
