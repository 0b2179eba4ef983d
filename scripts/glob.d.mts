/** Sorted paths of the files below `folders` whose name matches `pattern`; `node_modules` and `dist` are left out. */
export declare function globSync(folders: readonly string[], pattern: RegExp): string[];
