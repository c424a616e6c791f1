import { describe, expect, test } from 'vitest';
import type { MessageTemplate } from '../../domain/team/notification-rule.ts';
import { type TemplateError, templateWriter, type Variables } from './templates.ts';

const variables: Variables = {
  event: { customerId: 'cus_1', amount: '10.00', placedAt: '2026-06-30T22:30:00.000Z' },
  customer: { kind: 'PERSON', name: 'Ada <Byron> & Co', givenName: 'Ada', language: 'en' },
  firm: { title: 'Demo Gifts' },
};

const write = (template: Partial<MessageTemplate>, more: Partial<Variables> = {}, language = 'en') =>
  templateWriter({
    templates: { order: { [language]: { title: 'Title', text: 'Text', ...template } } },
    language,
    timeZone: 'Europe/Rome',
  })('order', undefined, { ...variables, ...more });

function fault(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect((error as TemplateError).name).toBe('TemplateError');
    return (error as Error).message;
  }
  throw new Error('It was written');
}

describe('a template', () => {
  test('speaks of the event, the customer, the firm and the colleague', () => {
    const text =
      '{{ colleague.name }}: {{ customer.givenName }} bought for {{ event.amount }} at {{ firm.title }}';

    expect(write({ text }, { colleague: { name: 'Nora' } }).text).toBe(
      'Nora: Ada bought for 10.00 at Demo Gifts',
    );
  });

  test('writes dates in the firm’s time zone and in its own language', () => {
    const text = "{{ event.placedAt | date: '%d %B %Y, %H:%M' }}";

    expect(write({ text }).text).toBe('01 July 2026, 00:30');
    expect(write({ text }, {}, 'it').text).toBe('01 luglio 2026, 00:30');
  });

  test('escapes values in HTML, and only there', () => {
    const said = write({ text: '{{ customer.name }}', html: '<b>{{ customer.name }}</b>' });

    expect(said.text).toBe('Ada <Byron> & Co');
    expect(said.html).toBe('<b>Ada &lt;Byron&gt; &amp; Co</b>');
  });

  test('says nothing for what is not known, and takes a default for it', () => {
    expect(
      write({ text: '[{{ customer.familyName }}] {{ customer.familyName | default: customer.givenName }}' })
        .text,
    ).toBe('[] Ada');
  });

  test('reaches nothing but its variables', () => {
    const text = '{{ customer.identities }}{{ customer.constructor }}{{ process }}{{ customer.__proto__ }}';

    expect(write({ text }).text).toBe('');
  });

  test('has a title of one line, so that no value adds a header', () => {
    const name = 'Ada\r\nBcc: everybody@example.com\u2028x\0';
    const { title } = write({ title: 'Dear {{ customer.name }}' }, { customer: { kind: 'PERSON', name } });

    expect(title).toBe('Dear Ada Bcc: everybody@example.com x');
  });

  test('has a title of at most 256 and an SMS of at most 480 characters, cut between whole ones', () => {
    const customer = { kind: 'PERSON', name: '😀'.repeat(300) };
    const said = write({ title: 'x{{ customer.name }}', sms: '{{ customer.name }}' }, { customer });

    expect(said.title.length).toBeLessThanOrEqual(256);
    expect(said.sms.length).toBeLessThanOrEqual(480);
    expect(said.title.endsWith('😀…') && said.title.isWellFormed()).toBe(true);
    expect(said.sms.endsWith('😀...') && said.sms.isWellFormed()).toBe(true);
  });

  test('says its title in an SMS when it has no text for one', () => {
    expect(write({ title: 'Your order' }).sms).toBe('Your order');
  });

  test.each([
    ['an unknown filter', "{{ 'a' | nofilter }}", /undefined filter: nofilter/],
    ['a tag that is not closed', '{% if customer.name %}', /not closed/],
    ['a file', "{% include 'x' %}", /RenderError at line:1, col:1/],
    ['a loop without end', '{% for i in (1..1000000000) %}a{% endfor %}', /RenderError at line:1/],
    ['more than anybody reads', '{% for i in (1..20000) %}a{% endfor %}', /has 20000 characters/],
  ])('is refused, without naming a value, for %s', (_, text, expected) => {
    const message = fault(() => write({ text }));

    expect(message).toMatch(expected);
    expect(message).toContain('order.en.text');
    expect(message).not.toContain('Ada');
  });

  test('is refused when its title comes out empty, and when there is none of the name', () => {
    expect(fault(() => write({ title: '{{ customer.familyName }}' }))).toMatch(/order\.en\.title is empty/);
    const writer = templateWriter({ templates: {}, language: 'en', timeZone: 'UTC' });
    expect(fault(() => writer('constructor', 'en', variables))).toMatch(/no template constructor/);
  });
});
