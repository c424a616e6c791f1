import './small-heap.ts';
import { randomUUID } from 'node:crypto';
import { createApi } from '../client/api.ts';
import { signInAs } from '../client/session.ts';
import { type Command, help, readCommand } from './args.ts';
import { importOrders } from './import-orders.ts';
import { showProgress } from './progress.ts';
import { toText } from './report.ts';
import { WrongInput } from './wrong-input.ts';

async function run({ options, endpoint, json }: Command): Promise<void> {
  const started = performance.now();
  const summary = await importOrders(options, {
    connect: async () => createApi({ url: endpoint.graphqlUrl, token: await signInAs(endpoint) }),
    progress: showProgress(process.stderr),
    run: randomUUID(),
  });
  summary.seconds = (performance.now() - started) / 1000;
  summary.peakMemoryMb = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`${json ? JSON.stringify(summary) : toText(summary)}\n`);
}

try {
  const command = readCommand(process.argv.slice(2), process.env);
  if (command === 'help') process.stdout.write(help);
  else await run(command);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof WrongInput) {
    process.stderr.write(`import: ${message}\n`);
    process.exitCode = 2;
  } else {
    process.stderr.write(`import: stopped: ${message}\nRun the same command again to go on.\n`);
    process.exitCode = 1;
  }
}
