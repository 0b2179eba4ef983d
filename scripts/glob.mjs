// Finds files below folders by the end of their names (node:fs has no glob on Node 20).
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * @param {readonly string[]} folders
 * @param {RegExp} pattern
 * @returns {string[]} sorted paths
 */
export function globSync(folders, pattern) {
  const found = [];
  for (const folder of folders.filter((name) => existsSync(name))) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === "node_modules" || entry.name === "dist") continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) found.push(...globSync([path], pattern));
      else if (pattern.test(entry.name)) found.push(path);
    }
  }
  return found.sort();
}
