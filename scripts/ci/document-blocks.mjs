// Type-checks the ```ts blocks of the Markdown documents, each as a module of its own.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { globSync } from "../glob.mjs";
import { command } from "./command.mjs";
import { root } from "./tools.mjs";

export async function checkDocumentBlocks() {
  const folder = join(root, ".cache", `document-blocks-${process.pid}`);
  await mkdir(folder, { recursive: true });
  try {
    let count = 0;
    for (const document of [join(root, "README.md"), ...globSync([join(root, "docs")], /\.md$/)]) {
      const text = await readFile(document, "utf8");
      for (const [index, match] of [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].entries()) {
        await writeFile(join(folder, `${basename(document, ".md")}-${index + 1}.ts`), `${match[1]}\nexport {};\n`);
        count++;
      }
    }
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: "../../tsconfig.base.json",
        compilerOptions: { noEmit: true, noUnusedLocals: false },
        include: ["*.ts"],
      }),
    );
    await command(join(root, "node_modules", ".bin", "tsc"), ["-p", folder]);
    return `${count} blocks`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
