import './small-heap.ts';
import { randomUUID } from 'node:crypto';
import { createApi } from '../client/api.ts';
import { createAwsCall, readLocalStack } from '../client/aws.ts';
import { signInAs } from '../client/session.ts';
import { type Command, readCommand } from './args.ts';
import { customersToText } from './customer-report.ts';
import { countOutcomes, type Outcomes, outcomesToText, untilIdle } from './digest.ts';
import { help } from './help.ts';
import { importCustomerFile } from './import-customers.ts';
import { importOrders, type Surroundings } from './import-orders.ts';
import { showProgress } from './progress.ts';
import { toText } from './report.ts';
import { WrongInput } from './wrong-input.ts';

async function run(command: Command): Promise<void> {
  const { endpoint, json } = command;
  const started = performance.now();
  const measured = () => ({
    seconds: (performance.now() - started) / 1000,
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
  });
  const surroundings: Surroundings = {
    connect: async () => createApi({ url: endpoint.graphqlUrl, token: await signInAs(endpoint) }),
    progress: showProgress(process.stderr),
    run: randomUUID(),
    today: new Date().toISOString().slice(0, 10),
  };
  if (command.what === 'customers') {
    const summary = await importCustomerFile(command.options, surroundings);
    Object.assign(summary, measured());
    process.stdout.write(`${json ? JSON.stringify(summary) : customersToText(summary)}\n`);
    return;
  }
  const digest = command.waitFor ? await watch(command.waitFor) : undefined;
  const summary = await importOrders(command.options, surroundings);
  Object.assign(summary, measured());
  const outcomes = await digest?.();
  const texts = [toText(summary), ...(outcomes ? [outcomesToText(outcomes.before, outcomes.after)] : [])];
  process.stdout.write(`${json ? JSON.stringify({ ...summary, ...outcomes }) : texts.join('\n')}\n`);
}

/** Counts what there is, and gives what counts again once all is digested. */
async function watch(stackFile: string): Promise<() => Promise<{ before: Outcomes; after: Outcomes }>> {
  const stack = readLocalStack(stackFile);
  const call = createAwsCall(stack);
  const before = await countOutcomes(call, stack);
  return async () => {
    await untilIdle(call);
    return { before, after: await countOutcomes(call, stack) };
  };
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
