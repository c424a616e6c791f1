import { readFileSync } from 'node:fs';
import { createHistogram } from 'node:perf_hooks';
import { Client } from 'undici';
import { cases, type Firm } from './operations.ts';

/** One run of a case: what the generator is given. */
export interface Run {
  readonly url: string;
  readonly token: string;
  readonly caseName: string;
  readonly connections: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Where the firm lies, as JSON. */
  readonly firmFile: string;
  /** Keeps what runs write apart. */
  readonly run: string;
}

/** What came of it, without the warm-up. */
export interface RunResult {
  readonly operations: number;
  readonly seconds: number;
  /** Answers that were no data, and the first of them. */
  readonly errors: number;
  readonly firstError: string | undefined;
  /** Milliseconds until half, 95 and 99 of 100 were answered. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Tells the parent that the measured time begins, or what came of it. */
export type GeneratorMessage = { readonly begins: true } | { readonly result: RunResult };

/** The next operation goes out on a connection when its last one is answered. */
async function generate(run: Run): Promise<RunResult> {
  const { url, token, connections, warmUpSeconds, seconds } = run;
  const { origin, pathname } = new URL(url);
  const firm: Firm = JSON.parse(readFileSync(run.firmFile, 'utf8'));
  const found = cases.find(({ name }) => name === run.caseName);
  if (!found) throw new Error(`there is no case ${run.caseName}`);
  const { operation } = found;
  const headers = { authorization: token, 'content-type': 'application/json' };
  const latencies = createHistogram();
  let next = 0;
  let operations = 0;
  let errors = 0;
  let firstError: string | undefined;
  let measuring = false;
  let ended = false;

  async function drive(index: number): Promise<void> {
    // Each connection from an address of its own: to the firewall they are as many clients.
    const client = new Client(origin, { localAddress: `127.0.0.${index + 2}`, pipelining: 1 });
    while (!ended) {
      const body = JSON.stringify(operation(firm, next++, run.run));
      const counts = measuring;
      const began = performance.now();
      const response = await client.request({ path: pathname, method: 'POST', headers, body });
      const text = await response.body.text();
      if (!counts) continue;
      operations++;
      latencies.record(Math.max(1, Math.round((performance.now() - began) * 1000)));
      if (response.statusCode !== 200 || text.includes('"errors":')) {
        errors++;
        firstError ??= `${response.statusCode} ${text.slice(0, 500)}`;
      }
    }
    await client.close();
  }

  const driven = Promise.all(Array.from({ length: connections }, (_, index) => drive(index)));
  await wait(warmUpSeconds);
  tell({ begins: true });
  measuring = true;
  const began = performance.now();
  await wait(seconds);
  ended = true;
  await driven;
  const at = (percentile: number) => latencies.percentile(percentile) / 1000;
  return {
    operations,
    seconds: (performance.now() - began) / 1000,
    errors,
    firstError,
    p50: at(50),
    p95: at(95),
    p99: at(99),
  };
}

const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const tell = (message: GeneratorMessage) => process.send?.(message);

process.once('message', (run: Run) => {
  void generate(run).then((result) => {
    tell({ result });
    process.disconnect();
  });
});
