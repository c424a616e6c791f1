/** `npm run bench:fan-out`: how long it takes until an interaction is wherever it has to be, on a stack of its own. */

import { writeFileSync } from 'node:fs';
import { WrongArguments } from '../arguments.ts';
import { recordPart } from '../performance-document.ts';
import { readArguments, USAGE } from './arguments.ts';
import { toMarkdown } from './report.ts';
import { runFanOut } from './run.ts';

try {
  const asked = readArguments(process.argv.slice(2));
  if (asked === 'help') console.log(USAGE);
  else {
    const figures = await runFanOut(asked, (line) => console.error(line));
    console.log(toMarkdown(figures));
    if (asked.record) recordPart('fan-out', toMarkdown(figures));
    if (asked.jsonFile) writeFileSync(asked.jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
  }
} catch (error) {
  console.error(error instanceof WrongArguments ? `bench:fan-out: ${error.message}\n\n${USAGE}` : error);
  process.exitCode = error instanceof WrongArguments ? 2 : 1;
}
