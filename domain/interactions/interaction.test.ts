import { describe, expect, test } from 'vitest';
import { cause, now, refusalOf } from '../../test/support/domain.ts';
import { checkLogInteraction, logInteraction, longestBody } from './interaction.ts';

const input = { customerId: 'cus_1', channel: 'PHONE', direction: 'INBOUND' };
const check = (changes: object) => checkLogInteraction({ ...input, ...changes }, now);

describe('checkLogInteraction', () => {
  test('takes now for the time that is left out', () => {
    expect(check({}).occurredAt).toBe(now);
    expect(check({ occurredAt: null }).occurredAt).toBe(now);
  });

  test('normalises the time to UTC', () => {
    expect(check({ occurredAt: '2026-07-01T00:30:00+02:00' }).occurredAt).toBe('2026-06-30T22:30:00.000Z');
  });

  test.each([
    ['2026-11-23T12:00:01Z', 'more than a day ahead'],
    ['1969-07-20T20:17:00Z', 'before 1970'],
    ['noon', 'is not a time'],
  ])('refuses %s', (occurredAt, reason) => {
    const refusal = refusalOf(() => check({ occurredAt }));

    expect(refusal).toMatchObject({ code: 'INPUT.INVALID', info: { field: 'occurredAt' } });
    expect(refusal.message).toContain(reason);
  });

  test('needs the time with a clientRequestId, so that a retry means the same moment', () => {
    const refusal = refusalOf(() => check({ clientRequestId: 'call-1' }));

    expect(refusal.info.field).toBe('occurredAt');
    expect(refusal.message).toContain('is needed with a clientRequestId');
    expect(check({ clientRequestId: 'call-1', occurredAt: now }).clientRequestId).toBe('call-1');
  });

  test('counts the body in bytes, not in characters', () => {
    expect(check({ body: 'é'.repeat(longestBody / 2) }).body).toHaveLength(50_000);
    expect(refusalOf(() => check({ body: `${'é'.repeat(longestBody / 2)}.` })).message).toBe(
      'body: has 100001 bytes; at most 100000 are taken',
    );
  });

  test.each([
    [{ channel: 'FAX' }, 'channel'],
    [{ direction: 'UP' }, 'direction'],
    [{ subject: 'x'.repeat(257) }, 'subject'],
    [{ customerId: '' }, 'customerId'],
    [{ threadId: 'a b' }, 'threadId'],
    [{ threadId: 'a#b' }, 'threadId'],
    [{ threadId: '' }, 'threadId'],
    [{ threadId: 'x'.repeat(65) }, 'threadId'],
    [{ agentId: '' }, 'agentId'],
    [{ storeId: 'x'.repeat(65) }, 'storeId'],
    [{ via: 'MAGIC' }, 'via'],
  ])('refuses %j and names the field', (changes, field) => {
    expect(refusalOf(() => check(changes)).info.field).toBe(field);
  });
});

describe('logInteraction', () => {
  test('keeps the contact and stamps that it took place, without what was said', () => {
    const command = check({ subject: 'Delivery', body: 'Where is it?', occurredAt: '2026-11-20T10:00:00Z' });

    const { interaction, change } = logInteraction('int_1', command, cause);

    expect(interaction).toEqual({
      id: 'int_1',
      customerId: 'cus_1',
      channel: 'PHONE',
      direction: 'INBOUND',
      subject: 'Delivery',
      body: 'Where is it?',
      via: 'API',
      occurredAt: '2026-11-20T10:00:00.000Z',
      loggedAt: now,
      loggedBy: 'usr_ada',
      version: 1,
    });
    expect(change.events).toEqual([
      {
        type: 'crm.interaction.logged.v1',
        subject: 'int_1',
        sequence: 1,
        data: {
          interactionId: 'int_1',
          customerId: 'cus_1',
          channel: 'PHONE',
          direction: 'INBOUND',
          occurredAt: '2026-11-20T10:00:00.000Z',
        },
      },
    ]);
  });

  test('says in which thread, with whom, where, and that it was imported', () => {
    const where = { threadId: 'case-7', agentId: 'usr_eve', storeId: 'Leeds 2' };

    const { interaction, change } = logInteraction('int_1', check({ ...where, via: 'IMPORT' }), cause);

    expect(interaction).toMatchObject({ ...where, via: 'IMPORT' });
    expect(change).toMatchObject({ via: 'IMPORT', events: [{ data: where }] });
  });

  test('of nothing said has neither subject nor body', () => {
    const { interaction } = logInteraction('int_1', check({ subject: null, body: '' }), cause);

    expect(Object.keys(interaction)).not.toContain('subject');
    expect(Object.keys(interaction)).not.toContain('body');
  });
});
