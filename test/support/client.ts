import { createApi } from '../../tools/client/api.ts';
import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import type { RunningStack } from './stack.ts';

/** Sends an operation as a user of the stack; throws when it is refused. A process holds one session at a time. */
export type AskAs = <Data>(query: string, variables?: Record<string, unknown>) => Promise<Data>;

/** A client that is signed in as the user of a group. */
export async function signedIn(
  { stackFile }: Pick<RunningStack, 'stackFile'>,
  user = 'sales',
): Promise<AskAs> {
  const endpoint = readEndpoint(stackFile, user, {});
  const token = await signInAs(endpoint);
  const first = await token();
  const api = createApi({ url: endpoint.graphqlUrl, token: async () => first, attempts: 1 });
  return (query, variables = {}) => api(query, variables);
}

/** Asks until the answer is as awaited, at most for `withinMs`. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isAsAwaited: (answer: T) => boolean,
  withinMs = 10_000,
): Promise<T> {
  for (const deadline = Date.now() + withinMs; ; ) {
    const answer = await ask();
    if (isAsAwaited(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`Not within ${withinMs} ms; the last answer was ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
