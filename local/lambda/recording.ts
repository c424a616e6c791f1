import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the function `f` of a test wrote: one entry an invocation, the values of its records in order. */
export function batchesIn(dir: string): string[][] {
  const file = join(dir, 'f.out');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

/** The source of a handler that writes down what it got and then does `then`, which knows `values` and `event`. */
export const recording = (then = '') => `
  import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
  const { OUT, FLAG } = process.env;
  const valueOf = (record) => record.body ?? record.dynamodb.NewImage.v.S;
  export const handler = async (event) => {
    const values = event.Records.map(valueOf);
    appendFileSync(OUT, JSON.stringify(values) + '\\n');
    ${then}
  };`;

export const letters = (count: number) => Array.from({ length: count }, (_, index) => `r${index}`);
