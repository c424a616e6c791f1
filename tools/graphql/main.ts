import { parseArgs } from 'node:util';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { createApi } from '../client/api.ts';
import { type Endpoint, readEndpoint } from '../client/endpoint.ts';
import { signInAs, type TokenSource } from '../client/session.ts';
import { subscribe } from './subscribe.ts';

const usage = `npm run graphql -- [options] 'OPERATION'

Signs in and sends a query, a mutation or a subscription; prints the answer as JSON, each event of a subscription
on a line of its own until Ctrl-C.

  --user NAME        a user, or a group, of the stack file   (sales)
  --variables JSON   the operation's variables               ({})
  --stack FILE       what the running stack wrote            (.local/stack.json)`;

/** Wrong usage: said together with how to do it, and exit code 2. */
class UsageError extends Error {}

async function main(args: string[]): Promise<void> {
  const { operation, kind, variables, user, stack } = readArguments(args);
  const endpoint = readEndpoint(stack, user, process.env);
  const token = await signInAs(endpoint);
  if (kind === 'subscription') return follow(endpoint, token, operation, variables);
  const api = createApi({ url: endpoint.graphqlUrl, token, attempts: 1 });
  console.log(JSON.stringify(await api(operation, variables), null, 2));
}

async function follow(
  endpoint: Endpoint,
  token: TokenSource,
  query: string,
  variables: Record<string, unknown>,
) {
  const subscription = subscribe({
    graphqlUrl: endpoint.graphqlUrl,
    token: await token(),
    query,
    variables,
    onStarted: () => console.error('subscribed; Ctrl-C ends it'),
    onData: (data) => console.log(JSON.stringify(data)),
  });
  process.once('SIGINT', subscription.stop);
  process.once('SIGTERM', subscription.stop);
  await subscription.ended;
}

function readArguments(args: string[]) {
  const options = {
    user: { type: 'string', default: 'sales' },
    variables: { type: 'string', default: '{}' },
    stack: { type: 'string', default: '.local/stack.json' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = orUsage(() => parseArgs({ args, options, allowPositionals: true }));
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const [operation] = positionals;
  if (!operation || positionals.length > 1) throw new UsageError('give one operation, in quotes');
  const { definitions } = orUsage(() => parse(operation));
  const definition = definitions.find(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  );
  const variables = orUsage(() => JSON.parse(values.variables)) as Record<string, unknown>;
  return { operation, kind: definition?.operation, variables, user: values.user, stack: values.stack };
}

function orUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  if (error instanceof UsageError) console.error(`\n${usage}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
