import { endpointVariables } from '../client/endpoint.ts';
import { fieldNames } from './columns.ts';
import { bases, purposes } from './consents.ts';
import { customerFieldNames } from './customer-columns.ts';

/** How the command is used. */
export const help = `Imports a CSV file, plain or gzipped, through the GraphQL API.

  npm run import -- orders FILE --source NAME --currency GBP --timezone Europe/London [options]
  npm run import -- customers FILE --source NAME [options]

Both
  --source NAME            the system the file comes from; invoices and customers are recognised by it and their numbers
  --consent PURPOSE=BASIS  what all customers of the file granted, and on what that rests; again for each purpose
                           purposes: ${purposes.join(', ')}
                           bases: ${bases.slice(0, 4).join(', ')},
                                  ${bases.slice(4).join(', ')}
  --map COLUMN=FIELD       which column holds a field; again for each
  --customer-kind KIND     PERSON or COMPANY (default: PERSON when the file has names, else COMPANY)
  --rejected FILE          where refused rows go (default: FILE.rejected.csv in the current folder)
  --concurrency N          requests at the same time, 1 to 32 (default 4)
  --stack FILE             what a running stack says about itself (default .local/stack.json)
  --user NAME              a user of the stack file, or a group (default integration)
  --json                   the summary as JSON
  --help                   this

Orders: a row for each line of an invoice; fields: ${fieldNames.slice(0, 7).join(', ')},
${' '.repeat(8)}${fieldNames.slice(7).join(', ')}
  --currency CODE          of all prices, ISO 4217
  --timezone ZONE          of times that say none, IANA
  --shift-dates-to DATE    moves all dates by whole days so that the latest invoice falls on DATE (2026-01-31)
  --charges CODES          codes of postage, fees and the like, with commas (default POST,M,D,C2)
  --products               records the products of the lines as well
  --wait                   waits until the stack has digested it, and counts what came of it; local stacks only

Customers: a row for each; fields: ${customerFieldNames.slice(0, 8).join(', ')},
${' '.repeat(11)}${customerFieldNames.slice(8).join(', ')}; and columns attribute:NAME and consent:PURPOSE
  --stated-at DATE         when the customers granted what they did, where no column consentedAt says so
  --timezone ZONE          of times that say none, IANA (default UTC)
  --keep                   leaves customers who are there already as they are

Another endpoint, by environment variables:
${Object.entries(endpointVariables)
  .map(([name, meaning]) => `  ${name.padEnd(28)} ${meaning}`)
  .join('\n')}

It is safe to run again, and to go on by running again after a stop: what is there already is found.
Exit code: 0 done (the summary says what was refused), 1 stopped on the way, 2 wrong usage or a malformed file.
`;
