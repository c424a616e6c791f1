/** Fills a local stack that has just been started with demo data, unless it holds something already. */

import { parseArgs } from 'node:util';
import { createApi } from '../client/api.ts';
import { createAwsCall, readLocalStack } from '../client/aws.ts';
import { readEndpoint } from '../client/endpoint.ts';
import { signInAs } from '../client/session.ts';
import { fill } from './fill.ts';
import { readMarker, writeMarker } from './marker.ts';

const { values } = parseArgs({ options: { stack: { type: 'string' }, marker: { type: 'string' } } });
const { stack: stackFile, marker: markerFile } = values;

async function isEmpty(file: string): Promise<boolean> {
  const stack = readLocalStack(file);
  const { Count } = await createAwsCall(stack)<{ Count: number }>('dynamodb', 'Scan', {
    TableName: stack.tableName,
    Limit: 1,
  });
  return Count === 0;
}

async function run(file: string): Promise<void> {
  const marker = readMarker(markerFile);
  const day = marker?.day ?? new Date().toISOString().slice(0, 10);
  if (marker?.state === 'done') return;
  if (!marker && !(await isEmpty(file))) {
    writeMarker(markerFile, { day, state: 'done' });
    return;
  }
  writeMarker(markerFile, { day, state: 'begun' });
  const began = performance.now();
  const endpoint = readEndpoint(file, 'admin', {});
  const api = createApi({ url: endpoint.graphqlUrl, token: await signInAs(endpoint) });
  const { customers, orders, interactions, consents } = await fill(api, day);
  writeMarker(markerFile, { day, state: 'done' });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(
    `${readLocalStack(file).tenant} has demo data: ${customers} customers, ${orders} orders, ${interactions} contacts, ${consents} statements of consent, in ${seconds} s`,
  );
}

try {
  if (stackFile === undefined) throw new Error('--stack is missing: give the stack file of a local stack');
  await run(stackFile);
} catch (error) {
  console.error(`The demo data is not complete: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
