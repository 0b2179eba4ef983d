/**
 * This library's part of a case in a process of its own, for a case with a terminal: the case's folder is named on the command line.
 */
import { readFileSync } from "node:fs";
import type { CaseFolder } from "./case-folder.ts";
import { runInside } from "./run-bowline.ts";

const [path = ""] = process.argv.slice(2);
const folder = JSON.parse(readFileSync(`${path}/folder.json`, "utf8")) as CaseFolder;
process.stdout.write(JSON.stringify(await runInside(folder)));
