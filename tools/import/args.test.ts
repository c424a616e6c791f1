import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCommand } from './args.ts';

let folder: string;
let stack: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'args-'));
  stack = join(folder, 'stack.json');
  const users = [{ username: 'integration', password: 'secret', groups: ['integration'] }];
  const urls = { graphqlUrl: 'http://127.0.0.1:4000/graphql', cognitoUrl: 'http://127.0.0.1:4000/cognito' };
  writeFileSync(stack, JSON.stringify({ ...urls, userPoolId: 'x_y', userPoolClientId: 'c', users }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const needed = ['--source', 'shop', '--currency', 'GBP', '--timezone', 'Europe/London'];
const read = (...more: string[]) =>
  readCommand(['orders', 'in/sales.csv.gz', ...needed, '--stack', stack, ...more], {});
const optionsOf = (...more: string[]) => {
  const command = read(...more);
  if (command === 'help' || command.what !== 'orders') throw new Error('not orders');
  return command.options;
};
const customers = (...more: string[]) => {
  const args = ['customers', 'people.csv', '--source', 'shop', '--stack', stack, ...more];
  const command = readCommand(args, {});
  if (command === 'help') throw new Error('help');
  return command;
};

describe('readCommand', () => {
  it('fills in what is not said', () => {
    expect(optionsOf()).toEqual({
      file: 'in/sales.csv.gz',
      source: 'shop',
      currency: 'GBP',
      timezone: 'Europe/London',
      columns: new Map(),
      charges: new Set(['POST', 'M', 'D', 'C2']),
      consents: [],
      products: false,
      rejectedFile: 'sales.rejected.csv',
      concurrency: 4,
    });
  });

  it('reads all that may be said', () => {
    const more =
      '--map Ref=customer --map A=B=code --shift-dates-to 2024-02-29 --charges FEE,POST --concurrency 32';
    expect(optionsOf(...more.split(' '), '--rejected', 'bad.csv', '--customer-kind', 'PERSON')).toMatchObject(
      {
        columns: new Map([
          ['customer', 'Ref'],
          ['code', 'A=B'],
        ]),
        shiftDatesTo: '2024-02-29',
        charges: new Set(['FEE', 'POST']),
        rejectedFile: 'bad.csv',
        concurrency: 32,
        customerKind: 'PERSON',
      },
    );
  });

  it('reads what customers granted', () => {
    expect(
      optionsOf('--consent', 'SERVICE=CONTRACT', '--consent', 'SHARING=CONSENT', '--products'),
    ).toMatchObject({
      consents: [
        { purpose: 'SERVICE', basis: 'CONTRACT' },
        { purpose: 'SHARING', basis: 'CONSENT' },
      ],
      products: true,
    });
  });

  it.each([
    ['SERVICE', '--consent "SERVICE" is not of the form PURPOSE=BASIS'],
    ['SERVICE=CONTRACT=1', 'is not of the form PURPOSE=BASIS'],
    ['service=CONTRACT', 'there is no purpose "service"; there are MARKETING, SERVICE, ANALYTICS, SHARING'],
    ['SERVICE=WISH', 'there is no basis "WISH"; there are CONSENT, CONTRACT, LEGAL_OBLIGATION'],
  ])('refuses the consent %s', (pair, message) => {
    expect(() => optionsOf('--consent', pair)).toThrow(message);
  });

  it('refuses two bases for one purpose', () => {
    expect(() => optionsOf('--consent', 'SERVICE=CONTRACT', '--consent', 'SERVICE=CONSENT')).toThrow(
      '--consent SERVICE is given twice: one basis is enough',
    );
  });

  it('waits for the local stack only', () => {
    expect(read('--wait')).toMatchObject({ waitFor: stack });
    expect(read()).not.toHaveProperty('waitFor');
    const elsewhere = {
      FIDELIA_GRAPHQL_URL: 'https://x',
      FIDELIA_USER_POOL_ID: 'p',
      FIDELIA_USER_POOL_CLIENT_ID: 'c',
      FIDELIA_USERNAME: 'u',
      FIDELIA_PASSWORD: 'w',
    };
    expect(() => readCommand(['orders', 'a.csv', ...needed, '--wait'], elsewhere)).toThrow(
      '--wait looks into the local stack',
    );
  });

  it('reads what is to be done with customers', () => {
    expect(customers()).toMatchObject({
      what: 'customers',
      options: {
        file: 'people.csv',
        source: 'shop',
        timezone: 'UTC',
        columns: new Map(),
        consents: [],
        keep: false,
        rejectedFile: 'people.rejected.csv',
        concurrency: 4,
      },
    });
    expect(
      customers('--keep', '--map', 'Mail=email', '--stated-at', '2026-07-01', '--timezone', 'Europe/Rome'),
    ).toMatchObject({
      options: {
        keep: true,
        columns: new Map([['email', 'Mail']]),
        statedAt: '2026-06-30T22:00:00.000Z',
      },
    });
  });

  it.each([
    [['--stated-at', 'yesterday'], '--stated-at "yesterday" is not a date such as 2026-01-31'],
    [['--map', 'A=invoice'], 'there is no field "invoice"; there are id, kind, name'],
    [['--currency', 'GBP'], '--currency belongs to "import -- orders", not to customers'],
    [['--wait'], '--wait belongs to "import -- orders"'],
  ])('refuses %j for customers', (more, message) => {
    expect(() => customers(...more)).toThrow(message);
  });

  it('refuses for orders what belongs to customers', () => {
    expect(() => optionsOf('--keep')).toThrow('--keep belongs to "import -- customers", not to orders');
  });

  it('has no charges when the list is empty', () => {
    expect(optionsOf('--charges', '').charges).toEqual(new Set());
  });

  it('takes the endpoint and the user from the stack file', () => {
    expect(read('--json')).toMatchObject({
      json: true,
      endpoint: { graphqlUrl: 'http://127.0.0.1:4000/graphql', username: 'integration', password: 'secret' },
    });
  });

  it('gives help before anything else', () => {
    expect(readCommand(['--help'], {})).toBe('help');
  });

  it.each([
    ['--currency', 'POUND', '--currency "POUND" is not a currency of ISO 4217, such as GBP'],
    ['--timezone', 'London', '--timezone "London" is not a time zone such as Europe/London'],
    ['--concurrency', '0', '--concurrency "0" is not a number from 1 to 32'],
    ['--concurrency', '33', '"33" is not a number from 1 to 32'],
    ['--shift-dates-to', '2026-02-30', '--shift-dates-to "2026-02-30" is not a date such as 2026-01-31'],
    ['--shift-dates-to', '1.2.2026', 'is not a date'],
    ['--customer-kind', 'FIRM', '--customer-kind "FIRM" is not PERSON or COMPANY'],
    ['--map', 'Ref', '--map "Ref" is not of the form COLUMN=FIELD'],
    ['--map', '=customer', '--map "=customer" is not of the form COLUMN=FIELD'],
    [
      '--map',
      'Ref=client',
      'there is no field "client"; there are invoice, code, description, quantity, placedAt',
    ],
    ['--user', 'root', 'knows no user or group "root"; there are integration'],
    ['--source', '', '--source is missing'],
    ['--colour', 'red', "Unknown option '--colour'"],
  ])('refuses %s %s and names the remedy', (option, value, message) => {
    expect(() => read(option, value)).toThrow(expect.objectContaining({ name: 'WrongInput' }));
    expect(() => read(option, value)).toThrow(message);
  });

  it('refuses two columns for a field, and a further argument', () => {
    expect(() => read('--map', 'A=code', '--map', 'B=code')).toThrow('the field code is mapped twice');
    expect(() => read('--map', 'A=code', 'B=name')).toThrow(
      '"B=name" is one argument too many; repeat --map',
    );
  });

  it('refuses a stack that does not run, and says how to start it', () => {
    expect(() => read('--stack', join(folder, 'none.json'))).toThrow(
      /none.json cannot be read: start the stack with npm start/,
    );
  });

  it.each([
    [[], 'import what? nothing is not known; there are: orders, customers'],
    [['invoices', 'x.csv'], '"invoices" is not known'],
    [['orders'], 'which file?'],
    [['orders', 'x.csv'], '--source is missing: give a name of at most 64 characters'],
  ])('refuses %j', (args, message) => {
    expect(() => readCommand(args, {})).toThrow(message);
  });
});
