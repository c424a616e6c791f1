import type { AppSyncOptions, Invocation, LambdaDataSource } from './api.ts';
import { FieldError } from './errors.ts';

/** AppSync's limit for one batch. */
export const largestBatch = 2000;

/** Calls functions on behalf of resolvers. */
export interface LambdaSource {
  invoke(source: LambdaDataSource, payload: unknown): Promise<Invocation>;
  /**
   * Adds a payload to the batch of a resolver in this request; the batch goes out when the resolvers that are ready have
   * been asked, or when it is full. The function answers a list of the same length and order.
   */
  enqueue(
    source: LambdaDataSource,
    resolver: object,
    batches: Batches,
    payload: unknown,
    size: number,
  ): Promise<Invocation>;
}

interface Waiting {
  readonly payload: unknown;
  readonly settle: (result: Invocation) => void;
}

/** The batches of one request that have not gone out, by resolver. */
export type Batches = Map<object, Waiting[]>;

export function createLambdaSource(call: AppSyncOptions['invoke']): LambdaSource {
  const invoke: LambdaSource['invoke'] = async ({ functionArn, roleArn }, payload) => {
    try {
      return await call(functionArn, payload, roleArn);
    } catch (error) {
      return { error: { errorType: (error as Error).name, errorMessage: (error as Error).message } };
    }
  };

  async function send(source: LambdaDataSource, waiting: readonly Waiting[]): Promise<void> {
    const result = await invoke(
      source,
      waiting.map(({ payload }) => payload),
    );
    if ('error' in result) {
      for (const { settle } of waiting) settle(result);
      return;
    }
    const answers = result.payload;
    if (!Array.isArray(answers) || answers.length !== waiting.length) {
      const errorMessage = `The function was given ${waiting.length} requests and must answer a list of as many results.`;
      for (const { settle } of waiting) settle({ error: { errorType: 'Lambda:InvalidBatch', errorMessage } });
      return;
    }
    for (const [index, { settle }] of waiting.entries()) settle({ payload: answers[index] });
  }

  return {
    invoke,
    enqueue: (source, resolver, batches, payload, size) =>
      new Promise((settle) => {
        const batch = batches.get(resolver) ?? [];
        batch.push({ payload, settle });
        const goOut = () => {
          if (batches.get(resolver) !== batch) return;
          batches.delete(resolver);
          void send(source, batch);
        };
        if (batch.length >= Math.min(size, largestBatch)) {
          batches.set(resolver, batch);
          goOut();
        } else if (batch.length === 1) {
          batches.set(resolver, batch);
          setImmediate(goOut);
        }
      }),
  };
}

/** What a function answered directly; of its exception the name and the message are kept. */
export function answerOf(result: Invocation): unknown {
  if ('error' in result) throw new FieldError(result.error.errorMessage, result.error.errorType);
  return result.payload;
}

/** One answer of a direct batch: a value, or `{data, errorMessage, errorType}`. */
export function answerOfBatch(result: Invocation): unknown {
  const answer = answerOf(result);
  if (typeof answer !== 'object' || answer === null) return answer;
  const names = Object.keys(answer);
  const isEnvelope =
    names.length > 0 && names.every((name) => ['data', 'errorMessage', 'errorType'].includes(name));
  if (!isEnvelope) return answer;
  const { data = null, errorMessage, errorType } = answer as Record<string, unknown>;
  if (typeof errorMessage !== 'string') return data;
  throw new FieldError(errorMessage, typeof errorType === 'string' ? errorType : 'Lambda:Unhandled', data);
}
