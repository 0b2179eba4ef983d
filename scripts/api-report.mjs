// Writes the public surface of each entry point of `bowline` into packages/bowline/api, from the built declarations, so that it changes
// only on purpose. `--check` writes nothing and fails where the report differs.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const library = join(root, "packages", "bowline");
const reports = join(library, "api");
const entries = {
  bowline: "index",
  core: "core/index",
  config: "config/index",
  auth: "auth/index",
  "auth-plugin": "auth/plugin/index",
  ops: "ops/index",
  "transport-undici": "transport/undici/index",
  otel: "transport/otel/index",
};

const isCheck = process.argv.includes("--check");
const extractorFolder = process.env.API_EXTRACTOR ?? join(root, "tools", "node_modules", "@microsoft", "api-extractor");
const { Extractor, ExtractorConfig } = createRequire(import.meta.url)(extractorFolder);

const build = spawnSync(process.execPath, [join(root, "scripts", "build.mjs")], { stdio: "inherit" });
if (build.status !== 0) process.exit(build.status ?? 1);

const folder = mkdtempSync(join(tmpdir(), "bowline-api-"));
try {
  mkdirSync(reports, { recursive: true });
  const changed = Object.entries(entries).filter(([name, entry]) => !isReported(name, entry));
  if (changed.length > 0 && isCheck) {
    process.stderr.write(
      `the public surface differs from packages/bowline/api: ${changed.map(([name]) => name).join(", ")}; run npm run api\n`,
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Whether the report is as before; it is written otherwise, unless this is a check. @param {string} name @param {string} entry */
function isReported(name, entry) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: library,
      mainEntryPointFilePath: join(library, "dist", `${entry}.d.ts`),
      compiler: {
        overrideTsconfig: {
          extends: join(root, "tsconfig.base.json"),
          compilerOptions: { customConditions: [] },
          include: [join(library, "dist")],
        },
      },
      apiReport: {
        enabled: true,
        reportFolder: folder,
        reportTempFolder: join(folder, "temp"),
        reportFileName: `${name}.api.md`,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      messages: { extractorMessageReporting: { default: { logLevel: "none" } } },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(library, "package.json"),
  });
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = message.logLevel !== "error";
    },
  });
  const now = readFileSync(join(folder, `${name}.api.md`), "utf8");
  const path = join(reports, basename(`${name}.api.md`));
  if (existsSync(path) && readFileSync(path, "utf8") === now) return true;
  if (!isCheck) writeFileSync(path, now);
  return false;
}
