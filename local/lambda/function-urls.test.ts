import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFixture, type Fixture, removeFolder, temporaryFolder } from './fixture.ts';

const dir = temporaryFolder();
let fixture: Fixture;
let base: string;
let url: string;
const server = createServer((request, response) => void fixture.lambda.urls.handle(request, response));

/** Answers what its body says, or with the event itself. */
const source = `export const handler = async (event) => {
  if (event.rawPath === '/echo') return event;
  if (event.rawPath === '/fail') throw new Error('a secret');
  return JSON.parse(event.body);
};`;

beforeAll(async () => {
  fixture = createFixture({ dir });
  const { id } = fixture.lambda.createUrl(fixture.add('hook', source));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lambda-url/`;
  url = `${base}${id}`;
});
afterAll(async () => {
  server.close();
  await fixture.stop();
  removeFolder(dir);
});

function answering(result: unknown) {
  return fetch(`${url}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(result),
  });
}

describe('a request to a function URL', () => {
  test('reaches the function in payload format 2.0', async () => {
    const response = await fetch(`${url}/echo?a=1&a=2&b=%20x`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Cookie: 'one=1; two=2',
        'User-Agent': 'test',
        'X-Forwarded-For': '1.2.3.4',
      },
      body: '{"x":"ü"}',
    });

    const event = (await response.json()) as { headers: object };
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/echo',
      rawQueryString: 'a=1&a=2&b=%20x',
      cookies: ['one=1', 'two=2'],
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { a: '1,2', b: ' x' },
      requestContext: {
        accountId: 'anonymous',
        domainName: expect.stringMatching(/^[0-9a-f]{32}\.lambda-url\.eu-central-1\.on\.aws$/),
        http: {
          method: 'POST',
          path: '/echo',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      body: '{"x":"ü"}',
      isBase64Encoded: false,
    });
    expect(event.headers).not.toHaveProperty('cookie');
  });

  test('carries what is no text in base64, and nothing without a body', async () => {
    const form = await fetch(`${url}/echo`, { method: 'POST', body: new URLSearchParams({ a: 'b' }) });
    const none = await fetch(`${url}/echo`);

    expect(await form.json()).toMatchObject({
      body: Buffer.from('a=b').toString('base64'),
      isBase64Encoded: true,
    });
    const event = await none.json();
    expect(event).toMatchObject({ isBase64Encoded: false, rawQueryString: '' });
    expect(event).not.toHaveProperty('body');
    expect(event).not.toHaveProperty('queryStringParameters');
  });

  test('of more than 6 MB is refused', async () => {
    const body = Buffer.alloc(6 * 1024 * 1024 + 1, 'x');

    const response = await fetch(`${url}/echo`, { method: 'POST', body });

    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ Message: expect.stringContaining('6291456 bytes') });
  });

  test('to no function is not found', async () => {
    expect((await fetch(`${base}none/`)).status).toBe(404);
  });
});

describe('the answer of a function URL', () => {
  test('is the one that the function describes', async () => {
    const response = await answering({
      statusCode: 201,
      headers: { 'Content-Type': 'text/html', 'X-Count': 2, 'Content-Length': '1' },
      cookies: ['a=1; Secure', 'b=2'],
      body: Buffer.from('<p>ü</p>').toString('base64'),
      isBase64Encoded: true,
    });

    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('text/html');
    expect(response.headers.get('x-count')).toBe('2');
    expect(response.headers.getSetCookie()).toEqual(['a=1; Secure', 'b=2']);
    expect(await response.text()).toBe('<p>ü</p>');
  });

  test.each([
    ['a text', 'done', 'done'],
    ['an object', { a: 1 }, '{"a":1}'],
    ['nothing', null, 'null'],
    ['a status without more', { statusCode: 200 }, ''],
  ])('is JSON with status 200 for %s', async (_, result, body) => {
    const response = await answering(result);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe(body);
  });

  test.each([
    ['a status that is none', { statusCode: 'fine' }],
    ['a header that HTTP does not take', { statusCode: 200, headers: { A: 'b\r\nc: d' } }],
    ['headers that are none', { statusCode: 200, headers: 'A: b' }],
  ])('is 502 for %s', async (_, result) => {
    expect((await answering(result)).status).toBe(502);
  });

  test('is 502 without the text of an error, and 429 when it is throttled', async () => {
    const failed = await fetch(`${url}/fail`);
    expect(failed.status).toBe(502);
    expect(await failed.json()).toEqual({ Message: 'Internal Server Error' });

    fixture.lambda.faults.beforeInvoke = () => 'throttle';
    expect((await fetch(`${url}/echo`)).status).toBe(429);
    delete fixture.lambda.faults.beforeInvoke;
  });
});

test('a function that does not exist has no URL', () => {
  expect(() => fixture.lambda.createUrl('arn:aws:lambda:eu-central-1:000000000000:function:none')).toThrow(
    'Function not found',
  );
});
