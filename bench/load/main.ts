/** `npm run bench`: the usual operations of a CRM against a stack of its own. */

import { writeFileSync } from 'node:fs';
import { recordPart } from '../performance-document.ts';
import { readArguments, USAGE, WrongArguments } from './arguments.ts';
import { toMarkdown } from './report.ts';
import { runBench } from './run.ts';

try {
  const asked = readArguments(process.argv.slice(2));
  if (asked === 'help') console.log(USAGE);
  else {
    const figures = await runBench(asked, (line) => console.error(line));
    const markdown = toMarkdown(figures);
    console.log(markdown);
    if (asked.jsonFile) writeFileSync(asked.jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
    if (asked.record) recordPart('operations', markdown);
  }
} catch (error) {
  console.error(error instanceof WrongArguments ? `bench: ${error.message}\n\n${USAGE}` : error);
  process.exitCode = error instanceof WrongArguments ? 2 : 1;
}
