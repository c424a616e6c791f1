// Run in a process of its own: loads the module that it is given, and says what that took.

import { pathToFileURL } from 'node:url';

const began = performance.now();
await import(pathToFileURL(process.argv[2]).href);
const loadMilliseconds = performance.now() - began;
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ loadMilliseconds, processorMilliseconds: (user + system) / 1000 }));
// What the module has opened must not keep the process.
process.exit();
