import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';
import { mutatedJson, mutatedText, type Random, seeded } from '../support/mutations.ts';
import { type Request, validRequests } from '../support/valid-requests.ts';

/** Requests that are valid but for one thing. `FUZZ_RUNS=10000 FUZZ_SEED=7` tries more, and others. */
const runs = Number(process.env.FUZZ_RUNS ?? 400);
const seed = Number(process.env.FUZZ_SEED ?? 1);
/** Nothing that is refused takes longer, in milliseconds. */
const longest = 10_000;

let cloud: CloudInProcess;
let token: string;
let valid: readonly Request[];

beforeAll(async () => {
  cloud = await startCloudInProcess();
  token = await (await signInAs(readEndpoint(cloud.stackFile, 'sales', {})))();
  valid = await validRequests(cloud.stack, token);
});
afterAll(() => cloud.stop());

/** The request with one thing wrong: what it says, how that is written, its headers, its address or its signature. */
async function spoiled(random: Random, request: Request): Promise<Request & { readonly body: string }> {
  const { body } = request;
  const kind = random.below(10);
  const changed = typeof body === 'string' || kind > 5 ? body : mutatedJson(random, body);
  const whole = typeof changed === 'string' ? changed : (JSON.stringify(changed) ?? '');
  const text = kind === 6 || (typeof body === 'string' && kind < 6) ? mutatedText(random, whole) : whole;
  const at = new URL(request.url);
  const path =
    kind === 7
      ? encodeURI(mutatedText(random, at.pathname + at.search)).replace(/^\/*/, '/')
      : at.pathname + at.search;
  const readable = printable(path);
  const sent = { ...request, url: `${at.origin}${readable}`, body: text };
  const headers = kind === 8 ? spoiledHeaders(random, request.headers) : request.headers;
  const signed = request.service ? await sign({ ...sent, headers }, request.service) : headers;
  return { ...sent, headers: kind === 9 ? spoiledHeaders(random, signed) : signed };
}

const printable = (text: string) => text.replace(/[^\x21-\x7e]/g, '');

function spoiledHeaders(random: Random, headers: Readonly<Record<string, string>>): Record<string, string> {
  const name = random.pick(Object.keys(headers).filter((one) => one !== 'host'));
  const { [name]: value = '', ...others } = headers;
  return random.below(3) === 0 ? others : { ...others, [name]: printable(mutatedText(random, value)) };
}

async function sign({ url, method, headers, body }: Request & { body: string }, service: string) {
  const { protocol, hostname, port, host, pathname, searchParams } = new URL(url);
  const signer = new SignatureV4({
    service,
    region: cloud.stack.region,
    credentials: {
      accessKeyId: cloud.stack.adminAccessKeyId,
      secretAccessKey: cloud.stack.adminSecretAccessKey,
    },
    sha256: Hash.bind(null, 'sha256'),
    uriEscapePath: service !== 's3',
  });
  const signed = await signer.sign({
    method,
    protocol,
    hostname,
    port: Number(port),
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { host, ...headers },
    body,
  });
  return signed.headers;
}

/** S3 answers this to what it does not do, on AWS too. */
const isAnswer = (status: number, service = '') => status < 500 || (service === 's3' && status === 501);

test('is answered with an error of the service, in time and without a word about its insides', async () => {
  const random = seeded(seed);
  const failures: string[] = [];
  const statuses = new Map<number, number>();
  for (let run = 0; run < runs; run++) {
    const { url, method, headers, body, service } = await spoiled(random, random.pick(valid));
    const about = () => `run ${run}: ${method} ${url} ${headers['x-amz-target'] ?? ''} ${body.slice(0, 300)}`;
    try {
      const bodied = method === 'GET' ? {} : { body };
      const signal = AbortSignal.timeout(longest);
      const response = await fetch(url, { method, headers, ...bodied, signal });
      const text = await response.text();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      if (
        !isAnswer(response.status, service) ||
        /node:internal|\.ts:\d|RangeError|TypeError|URIError|SQLITE/.test(text)
      ) {
        failures.push(`${about()} -> ${response.status} ${text.slice(0, 300)}`);
      }
    } catch (error) {
      failures.push(`${about()} -> ${String(error)} ${String((error as Error).cause ?? '')}`);
    }
  }
  expect(failures).toEqual([]);
  expect([...statuses.keys()].sort()).toEqual(expect.arrayContaining([200, 400]));
}, 3_600_000);

test('on the socket is answered or ignored, and the next frame is heard', async () => {
  const random = seeded(seed);
  const authorization = { Authorization: token, host: 'localhost' };
  const header = Buffer.from(JSON.stringify(authorization)).toString('base64url');
  const data = JSON.stringify({ query: 'subscription { onCustomerActivity(customerId: "cus_1") { id } }' });
  const frames = [
    { type: 'connection_init' },
    { type: 'start', id: 'a', payload: { data, extensions: { authorization } } },
    { type: 'stop', id: 'a' },
  ];
  const socket = new WebSocket(String(cloud.stack.realtimeUrl), ['graphql-ws', `header-${header}`]);
  const heard = new Set<string>();
  const failures: string[] = [];
  socket.on('message', (message) => {
    const text = String(message);
    heard.add((JSON.parse(text) as { id?: string }).id ?? '');
    if (/InternalFailure|node:internal|RangeError/.test(text)) failures.push(text);
  });
  await once(socket, 'open');
  for (let run = 0; run < runs / 4; run++) {
    const valid = random.pick(frames);
    const isText = random.below(3) === 0;
    socket.send(
      isText
        ? mutatedText(random, JSON.stringify(valid))
        : (JSON.stringify(mutatedJson(random, valid)) ?? ''),
    );
    const marker = `marker ${run}`;
    socket.send(JSON.stringify({ type: 'stop', id: marker }));
    await expect.poll(() => heard.has(marker), { interval: 2, timeout: longest }).toBe(true);
  }
  socket.terminate();
  expect(failures).toEqual([]);
}, 3_600_000);

describe('afterwards', () => {
  test('everything still answers', async () => {
    const answers = await Promise.all(
      valid.map(async ({ service, ...request }) => {
        const body = typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
        const headers = service ? await sign({ ...request, body }, service) : request.headers;
        return (
          await fetch(request.url, { ...request, headers, body: request.method === 'GET' ? null : body })
        ).status;
      }),
    );
    expect(answers.filter((status) => status >= 500)).toEqual([]);
    expect(answers.filter((status) => status === 200).length).toBeGreaterThan(valid.length / 2);
  });

  test('nothing listens on any other address than that of this machine', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((all = []) => all)
      .filter(({ internal }) => !internal)
      .map(({ address }) => address);
    for (const url of [cloud.stack.cognitoUrl, cloud.stack.awsEndpointUrl]) {
      for (const host of ['127.0.0.2', '::1', ...outside]) {
        const socket = connect({ host, port: Number(new URL(url).port), timeout: 2000 });
        const outcome = await Promise.race([
          once(socket, 'connect').then(
            () => `${host} is open`,
            () => 'closed',
          ),
          once(socket, 'timeout').then(
            () => 'closed',
            () => 'closed',
          ),
        ]);
        socket.destroy();
        expect(outcome).toBe('closed');
      }
    }
  });
});
