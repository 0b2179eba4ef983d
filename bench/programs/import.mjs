// Imports what the command line names, and prints how long it took and what the process has in memory.
const [specifier] = process.argv.slice(2);
const started = performance.now();
if (specifier !== undefined) await import(specifier);
const ms = performance.now() - started;
process.stdout.write(JSON.stringify({ ms, bytes: process.memoryUsage.rss() }));
