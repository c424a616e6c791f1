/*
 * Ends with an error when it does not run on the Node release that the functions run on. Every npm script begins with
 * it. Plain JavaScript of Node 12: the version that is wrong has to understand it.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const wanted = 24;

if (Number(process.versions.node.split('.')[0]) !== wanted) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const installed = existsSync(join(root, 'node_modules', 'node', 'bin', 'node'));
  const remedy = installed
    ? `Node ${wanted} is in node_modules, and npm puts it first: run this through npm (npm start, npm test, npm run ...).`
    : existsSync(join(root, 'node_modules'))
      ? `The packages are there without Node ${wanted}: their install scripts did not run (--ignore-scripts?). Run: npm rebuild node`
      : `Node ${wanted} comes with the packages. Run: npm ci`;
  console.error(
    `Fidelia needs Node ${wanted}, and this is ${process.version} (${process.execPath}).\n${remedy}`,
  );
  process.exit(1);
}
