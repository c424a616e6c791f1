/** `npm run bench`: the usual operations of a CRM against a stack of its own. */

import { writeFileSync } from 'node:fs';
import { WrongArguments } from '../arguments.ts';
import { type Part, recordPart } from '../performance-document.ts';
import { mostByApi, readArguments, type Store, USAGE } from './arguments.ts';
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
    for (const one of asked.record ? figures.stores : []) {
      recordPart(partOf(one.store, asked.customers), toMarkdown({ ...figures, stores: [one] }));
    }
  }
} catch (error) {
  console.error(error instanceof WrongArguments ? `bench: ${error.message}\n\n${USAGE}` : error);
  process.exitCode = error instanceof WrongArguments ? 2 : 1;
}

function partOf(store: Store, customers: number): Part {
  if (store === 'memory') return 'operations in memory';
  return customers > mostByApi ? 'operations at scale' : 'operations';
}
