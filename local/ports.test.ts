import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { holderOf, type Listener, listenOnNextFree, listenOnPair, PortBusyError } from './ports.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function listener(): Listener & { server: Server } {
  const server = createServer();
  servers.push(server);
  return {
    server,
    async listen(port) {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    async close() {
      server.close();
    },
  };
}

test('port 0 takes a free pair of neighbours', async () => {
  const [first, second] = [listener(), listener()];

  const port = await listenOnPair(first, second, 0);

  expect(first.server.address()).toMatchObject({ port });
  expect(second.server.address()).toMatchObject({ port: port + 1 });
});

test('a busy port is refused with its number and the remedy', async () => {
  const port = await listener().listen(0);

  const refused = listenOnPair(listener(), listener(), port);

  await expect(refused).rejects.toThrow(PortBusyError);
  await expect(refused).rejects.toThrow(`Port ${port} is busy`);
  await expect(refused).rejects.toThrow(`npm start -- --port ${port + 10}`);
});

test.runIf(process.platform === 'linux')('the holder of a port is found in /proc', async () => {
  const port = await listener().listen(0);

  expect(holderOf(port)).toContain(`process ${process.pid} (`);
  expect(holderOf(1)).toBeUndefined();
});

test('when the second port is busy, the first is given back', async () => {
  const [lower, taken, first] = [listener(), listener(), listener()];
  const port = await listenOnPair(lower, taken, 0);
  await lower.close();

  await expect(listenOnPair(first, listener(), port)).rejects.toThrow(`Port ${port + 1} is busy`);

  expect(first.server.listening).toBe(false);
});

test('the next free port is the wanted one, or one behind it, or any', async () => {
  const port = await listenOnPair(listener(), listener(), 0);

  const next = await listenOnNextFree(listener(), port);

  expect(next).toBeGreaterThan(port + 1);
  expect(next).toBeLessThan(port + 20);
  expect(await listenOnNextFree(listener(), next + 1)).toBeGreaterThan(next);
  expect(await listenOnNextFree(listener(), 0)).toBeGreaterThan(0);
  expect(await listenOnNextFree(listener(), 65_536)).toBeGreaterThan(0);
});
