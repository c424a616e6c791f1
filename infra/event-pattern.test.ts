import { describe, expect, test } from 'vitest';
import { patternOf } from './event-pattern.ts';

const source = ['fidelia'];
const contact = 'crm.interaction.logged.v1';
const order = 'crm.order.placed.v1';

describe('the pattern of wanted events', () => {
  test('names their types when every event of them is wanted', () => {
    expect(patternOf([{ on: contact }, { on: order }])).toEqual({ source, detailType: [contact, order] });
  });

  test('leaves out what no condition meets', () => {
    expect(patternOf([{ on: contact, where: { direction: ['INBOUND'] } }])).toEqual({
      source,
      detailType: [contact],
      detail: { type: [contact], data: { direction: ['INBOUND'] } },
    });
  });

  test('says of each type what is wanted of it, once', () => {
    const sale = { on: order, where: { kind: ['SALE'] } };
    const inbound = { on: contact, where: { direction: ['INBOUND'], channel: ['EMAIL', 'SMS'] } };

    expect(patternOf([sale, inbound, { on: 'crm.customer.created.v1' }, sale])).toEqual({
      source,
      detailType: [order, contact, 'crm.customer.created.v1'],
      detail: {
        $or: [
          { type: ['crm.customer.created.v1'] },
          { type: [order], data: { kind: ['SALE'] } },
          { type: [contact], data: { direction: ['INBOUND'], channel: ['EMAIL', 'SMS'] } },
        ],
      },
    });
  });

  test('takes a type whole that is wanted whole as well', () => {
    const inbound = { on: contact, where: { direction: ['INBOUND'] } };

    expect(patternOf([inbound, { on: contact }])).toEqual({ source, detailType: [contact] });
  });

  test.each([
    ['a number', order, { lineCount: ['3'] }],
    ['a list', 'crm.customer.updated.v1', { changedFields: ['name'] }],
    ['any text', contact, { storeId: ['sto_1'] }],
  ])('leaves a condition on %s to the consumer', (_, on, where) => {
    expect(patternOf([{ on, where }])).toEqual({ source, detailType: [on] });
  });

  test('says nothing of data when that would be more than a pattern may have', () => {
    const channels = ['PHONE', 'EMAIL', 'LETTER', 'SMS', 'LIVE_CHAT', 'FORUM', 'SOCIAL', 'WEB', 'MAILING'];
    const rules = channels.flatMap((one) =>
      channels.map((other) => ({ on: contact, where: { channel: [one, other] } })),
    );

    expect(patternOf(rules.slice(0, 9)).detail).toBeDefined();
    expect(patternOf(rules)).toEqual({ source, detailType: [contact] });
  });
});
