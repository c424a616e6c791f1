import { describe, expect, it } from 'vitest';
import { FieldError } from '../errors.ts';
import { createCodeLoader, runHandler } from './code.ts';
import type { Effects } from './utils.ts';

const wrap = (body: string) => `
import { util, extensions, runtime } from '@aws-appsync/utils';
export function request(ctx) { ${body} }
export function response(ctx) { return ctx.result; }`;

function effects(): Effects & { lines: string[] } {
  const lines: string[] = [];
  return {
    typeName: 'Query',
    fieldName: 'me',
    authType: 'IAM Authorization',
    appended: [],
    invalidations: [],
    responseHeaders: {},
    log: (line) => lines.push(line),
    lines,
  };
}

function run(body: string, context: object = {}, own = effects()) {
  return runHandler(createCodeLoader()(wrap(body), 'code.js').request, context, own).value;
}

describe('resolver code', () => {
  it('reads its context and gives a value', () => {
    expect(run('return { n: ctx.args.n + 1 };', { args: { n: 1 } })).toEqual({ n: 2 });
  });

  it('is evaluated once', () => {
    const load = createCodeLoader();
    expect(load(wrap('return 1;'), 'a')).toBe(load(wrap('return 1;'), 'b'));
  });

  it.each([
    'process',
    'require("fs")',
    'setTimeout',
    'fetch',
    'Buffer',
    'Date',
    'Promise',
    'Function',
    'globalThis',
  ])('has no %s', (name) => {
    const own = effects();
    expect(() => run(`return ${name};`, {}, own)).toThrow('Runtime Error');
    expect(own.lines[0]).toMatch(/not defined/);
  });

  it.each([
    ['async', 'export async function request() {}', /an async function in line 1/],
    ['await', 'const f = async () => { await 1; };', /an async function|await/],
    ['throw', 'function f() {\n throw 1; }', /throw \(util.error is there\) in line 2/],
    ['try', 'function f() { try { f(); } finally { f(); } }', /try/],
    ['while', 'function f() { while (true) { f(); } }', /while/],
    ['do', 'function f() { do { f(); } while (true); }', /while/],
    ['for', 'function f() { for (let i = 0; i < 1; i += 1) { f(); } }', /a for loop with a counter/],
    ['class', 'class A {}', /a class/],
    ['a generator', 'function* f() {}', /a generator/],
    ['this', 'function f() { return this; }', /this/],
    ['++', 'let a = 1; a++;', /the operator \+\+/],
    ['~', 'const a = ~1;', /the operator ~/],
    ['a regular expression', 'const a = /x/;', /a regular expression/],
    ['a label', 'a: for (const b of []) { continue a; }', /a label/],
    ['new Date', 'const a = new Date();', /new Date/],
    ['another module', "import fs from 'node:fs';", /the module node:fs/],
    ['a syntax error', 'export function (', /cannot be read/],
    ['no handlers', 'export const a = 1;', /must export the functions request and response/],
    ['over 32 KB', `// ${'x'.repeat(33_000)}`, /has \d+ bytes, but AppSync takes at most 32768/],
  ])('with %s is refused', (_what, code, message) => {
    expect(() => createCodeLoader()(code, 'Query.me')).toThrow(message);
  });

  it('may use for-of, for-in, spread, templates and arrow functions', () => {
    expect(
      run(
        "const out = []; for (const a of ctx.list) { out.push(`x`.concat(a, '!')); } for (const k in { x: 1 }) { out.push(k); } return [...out].map((a) => a);",
        { list: ['a'] },
      ),
    ).toEqual(['xa!', 'x']);
  });

  it('refuses with util.error and util.unauthorized', () => {
    expect(() => run("util.error('No.', 'Type', { a: 1 }, { b: 2 });")).toThrow(
      new FieldError('No.', 'Type', { a: 1 }, { b: 2 }),
    );
    expect(() => run('util.unauthorized();')).toThrow('Not Authorized to access me on type Query');
  });

  it('returns early', () => {
    const { request } = createCodeLoader()(
      wrap("runtime.earlyReturn({ a: 1 }, { skipTo: 'END' });"),
      'code.js',
    );
    expect(runHandler(request, {}, effects())).toEqual({ value: { a: 1 }, early: 'END' });
  });

  it('writes to the log', () => {
    const own = effects();
    run("console.log('seen', { a: 1 });", {}, own);
    expect(own.lines).toEqual(['seen {"a":1}']);
  });

  it('sets filters and invalidations, at most five', () => {
    const own = effects();
    run(
      `extensions.setSubscriptionFilter({ filterGroup: [{ filters: [{ fieldName: 'a', operator: 'eq', value: 1 }] }] });
       extensions.invalidateSubscriptions({ subscriptionField: 'onA', payload: { a: 1 } });`,
      {},
      own,
    );
    expect(own.filter).toEqual({
      filterGroup: [{ filters: [{ fieldName: 'a', operator: 'eq', value: 1 }] }],
    });
    expect(own.invalidations).toEqual([{ subscriptionField: 'onA', payload: { a: 1 } }]);
    run('extensions.setSubscriptionFilter(null);', {}, own);
    expect(own.filter).toBeNull();
    const six =
      '[1,2,3,4,5,6].forEach(() => extensions.invalidateSubscriptions({ subscriptionField: "a", payload: {} }));';
    expect(() => run(six)).toThrow('at most 5 times');
  });
});

describe('the utilities', () => {
  const value = (expression: string, context: object = {}) => run(`return ${expression};`, context);

  it('make ids', () => {
    expect(value('util.autoId()')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(value('util.autoUlid()')).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(value('util.autoKsuid()')).toMatch(/^[0-9A-Za-z]{27}$/);
  });

  it('know the time', () => {
    const at = Date.parse('2026-11-22T20:30:00.500Z');
    expect(value(`util.time.epochMilliSecondsToISO8601(${at})`)).toBe('2026-11-22T20:30:00.500Z');
    expect(value(`util.time.epochMilliSecondsToSeconds(${at})`)).toBe(Math.floor(at / 1000));
    expect(value("util.time.parseISO8601ToEpochMilliSeconds('2026-11-22T21:30:00.500+01:00')")).toBe(at);
    expect(value(`util.time.epochMilliSecondsToFormatted(${at}, 'yyyy-MM-dd HH:mm', 'Europe/Rome')`)).toBe(
      '2026-11-22 21:30',
    );
    expect(Math.abs(Number(value('util.time.nowEpochMilliSeconds()')) - Date.now())).toBeLessThan(1000);
    expect(Date.parse(String(value('util.time.nowISO8601()')))).toBeGreaterThan(at);
  });

  it('encode and match', () => {
    expect(value("util.base64Decode(util.base64Encode('è'))")).toBe('è');
    expect(value("util.urlEncode('a b&c')")).toBe('a+b%26c');
    expect(value("util.urlDecode('a+b%26c')")).toBe('a b&c');
    expect(value("util.escapeJavaScript('it\\'s \"x\"')")).toBe('it\\\'s \\"x\\"');
    expect(value("util.matches('a*b', 'aaab')")).toBe(true);
    expect(value("util.matches('a*b', 'aaabc')")).toBe(false);
    expect(value("util.str.normalize('e\\u0300', 'nfc')")).toBe('è');
    expect(value('util.authType()')).toBe('IAM Authorization');
  });

  it('turn an object into a subscription filter', () => {
    expect(
      value(
        "util.transform.toSubscriptionFilter({ a: { eq: 1 }, or: [{ b: { gt: 2 } }, { c: { in: [3] } }], d: { eq: 4 } }, ['d'], { e: { ne: 5 } })",
      ),
    ).toEqual({
      filterGroup: [
        {
          filters: [
            { fieldName: 'a', operator: 'eq', value: 1 },
            { fieldName: 'b', operator: 'gt', value: 2 },
            { fieldName: 'e', operator: 'ne', value: 5 },
          ],
        },
        {
          filters: [
            { fieldName: 'a', operator: 'eq', value: 1 },
            { fieldName: 'c', operator: 'in', value: [3] },
            { fieldName: 'e', operator: 'ne', value: 5 },
          ],
        },
      ],
    });
  });
});
