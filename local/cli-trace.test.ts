import { expect, test } from 'vitest';
import { traceLine } from './cli-trace.ts';
import type { Invocation } from './lambda/pool.ts';

const at = Date.parse('2026-11-25T12:34:56.789Z');
const invocation = (event: unknown, more: Partial<Invocation> = {}): Invocation => ({
  requestId: 'req-1',
  event: JSON.stringify(event),
  outcome: { kind: 'success', text: 'null' },
  milliseconds: 12.4,
  initMilliseconds: undefined,
  ...more,
});

test('a field of the API is named, and correlated by its own request', () => {
  const event = { info: { parentTypeName: 'Mutation', fieldName: 'createCustomer' }, arguments: {} };
  expect(traceLine('customers', invocation(event, { initMilliseconds: 120 }), at)).toBe(
    '12:34:56.789  customers  12 ms  (after a start of 120 ms)  Mutation.createCustomer  [req-1]',
  );
});

test('records of a stream are correlated by the change that they carry', () => {
  const change = (id: string) => ({ M: { correlationId: { S: id } } });
  const event = {
    Records: [{ dynamodb: { NewImage: { change: change('req-1') }, OldImage: { change: change('req-0') } } }],
  };
  expect(traceLine('relay', invocation(event, { requestId: 'req-2' }), at)).toMatch(
    / {2}12 ms {2}\[req-1\]$/,
  );
});

test('messages of a queue tell the types of their events, each id once', () => {
  const body = (type: string, correlationId: string) =>
    JSON.stringify({ 'detail-type': type, detail: { correlationId } });
  const event = {
    Records: [
      { body: body('crm.order.placed.v1', 'a') },
      { body: body('crm.order.placed.v1', 'b') },
      { body: body('crm.interaction.logged.v1', 'b') },
      { body: 'no JSON' },
    ],
  };
  expect(traceLine('scoring', invocation(event), at)).toMatch(
    / {2}crm\.order\.placed\.v1, crm\.interaction\.logged\.v1 {2}\[a, b\]$/,
  );
});

test('of many ids only the first are shown', () => {
  const Records = ['a', 'b', 'c', 'd', 'e'].map((correlationId) => ({ correlationId }));
  expect(traceLine('scoring', invocation({ Records }), at)).toMatch(/\[a, b, c, and 2 more\]$/);
});

test('an error is told in red', () => {
  const outcome = { kind: 'error', error: { errorType: 'Error', errorMessage: 'no' } } as const;
  const line = traceLine('scoring', invocation({}, { outcome }), at);
  expect(line).toContain('Error: no');
  expect(line.startsWith('\u001b[31m')).toBe(true);
});
