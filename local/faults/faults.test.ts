import { describe, expect, test } from 'vitest';
import { createFaults } from './faults.ts';
import { FAULTS_PATH, faultsService } from './http.ts';
import { readFaultPlan } from './plan.ts';

function prepare() {
  const hooks = { functions: {}, queues: {}, mail: {}, tables: {}, bus: {}, streams: {} };
  const names = () => ({ functions: ['app-ScoringFunction'], queues: ['ScoringQueue', 'OtherQueue'] });
  const faults = createFaults({ hooks, names });
  return { faults, set: (plan: object) => faults.set(readFaultPlan(JSON.stringify(plan))) };
}

describe('a plan in force', () => {
  test('strikes functions by a part of their name; the first rule that strikes wins', () => {
    const { faults, set } = prepare();
    set({
      functions: [
        { function: 'Scoring', fault: 'kill after', ms: 5, every: 2 },
        { fault: 'delay', ms: 7, every: 1, times: 2 },
        { fault: 'lose answer', every: 1 },
      ],
    });
    const ask = (name: string) => faults.functions.beforeInvoke?.(name);

    expect(ask('app-ScoringFunction')).toEqual({ delay: 7 });
    expect(ask('app-ScoringFunction')).toEqual({ killAfter: 5 });
    expect(ask('app-RelayFunction')).toEqual({ delay: 7 });
    expect(ask('app-RelayFunction')).toBe('lose answer');
    expect(faults.counts().map(({ asked, struck }) => [asked, struck])).toEqual([
      [2, 1],
      [3, 2],
      [1, 1],
    ]);
  });

  test('strikes tables by action, the bus by call and by entry, streams and mail', () => {
    const { faults, set } = prepare();
    set({
      dynamodb: [{ actions: ['PutItem'], fault: 'conflict', every: 1 }],
      events: [
        { fault: 'refuse entry', every: 2 },
        { fault: 'throttle', every: 1 },
      ],
      streams: [{ fault: 'repeat', every: 1 }],
      mail: [{ fault: 'fail', every: 1 }],
    });

    expect([faults.tables.onCall?.('PutItem'), faults.tables.onCall?.('GetItem')]).toEqual([
      'conflict',
      undefined,
    ]);
    expect(faults.bus.onPut?.()).toBe('throttle');
    expect([faults.bus.refusesEntry?.(), faults.bus.refusesEntry?.()]).toEqual([false, true]);
    expect(faults.streams.repeats?.()).toBe(true);
    expect(faults.mail.onSend?.({ to: [], subject: null })).toBe('fail');
  });

  test('strikes the queues that it names, and leaves what it does not speak of', () => {
    const { faults, set } = prepare();
    set({ queues: [{ queue: 'Scoring', fault: 'delay', ms: 300, every: 1 }] });

    expect([faults.queues.delay?.('ScoringQueue'), faults.queues.delay?.('OtherQueue')]).toEqual([300, 0]);
    expect(faults.queues.duplicate).toBeUndefined();
    set({
      queues: [
        { fault: 'duplicate', every: 1 },
        { fault: 'reorder', every: 1 },
      ],
    });
    expect(faults.queues.duplicate?.('', 'OtherQueue')).toBe(true);
    expect(faults.queues.delay).toBeUndefined();
  });

  test('ends, with the hooks that were set by hand', () => {
    const { faults, set } = prepare();
    set({ functions: [{ fault: 'kill', every: 1 }] });
    faults.queues.reorder = true;

    faults.end();

    expect(faults.functions.beforeInvoke).toBeUndefined();
    expect(faults.queues).toEqual({});
    expect(faults.counts()).toEqual([]);
  });

  test('is refused when it names what is not there, and the one before goes on', () => {
    const { faults, set } = prepare();
    set({ functions: [{ fault: 'kill', every: 1 }] });

    expect(() => set({ functions: [{ function: 'Scorng', fault: 'kill', every: 1 }] })).toThrow(
      'No name of the functions has "Scorng" in it: app-ScoringFunction.',
    );
    expect(() => set({ queues: [{ queue: 'x', fault: 'reorder', every: 1 }] })).toThrow('OtherQueue');
    expect(faults.functions.beforeInvoke?.('any')).toBe('kill');
  });
});

describe('the faults of a running stack', () => {
  const ask = (method: string, { body = '', key = 'ADMIN', url = FAULTS_PATH } = {}) => {
    const { faults } = prepare();
    const request = { method, url, headers: {}, body: Buffer.from(body) };
    return faultsService(faults, 'ADMIN').handle(request, { accessKeyId: key, arn: key, accountId: '1' });
  };

  test('are set and shown', () => {
    expect(ask('PUT', { body: '{"mail":[{"fault":"fail","every":3}]}' })).toMatchObject({
      status: 200,
      body: expect.stringContaining('"every": 3'),
    });
    expect(ask('GET')).toMatchObject({ status: 200 });
    expect(ask('DELETE')).toMatchObject({ status: 200 });
  });

  test.each([
    ['a caller who is not the administrator', 'GET', { key: 'ROLE' }, 'ROLE is not the administrator'],
    ['another method', 'POST', {}, 'use GET, PUT or DELETE'],
    ['another path', 'GET', { url: '/_local/x' }, '/_local/x is not there'],
    ['a plan that is wrong', 'PUT', { body: '{"mial":[]}' }, 'there is no such key'],
  ])('refuse %s', (_, method, more, message) => {
    expect(() => ask(method, more)).toThrow(message);
  });
});
