import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { holderOf, listen, listenOnPair, PortBusyError } from './ports.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function server(): Server {
  const created = createServer();
  servers.push(created);
  return created;
}

test('port 0 takes a free pair of neighbours', async () => {
  const [first, second] = [server(), server()];

  const port = await listenOnPair(first, second, 0);

  expect(first.address()).toMatchObject({ address: '127.0.0.1', port });
  expect(second.address()).toMatchObject({ address: '127.0.0.1', port: port + 1 });
});

test('a busy port is refused with its number, its holder and the remedy', async () => {
  const port = await listen(server(), 0);

  await expect(listen(server(), port)).rejects.toThrow(PortBusyError);
  await expect(listen(server(), port)).rejects.toThrow(`--port ${port + 10}`);
});

test.runIf(process.platform === 'linux')('the holder of a port is found in /proc', async () => {
  const port = await listen(server(), 0);

  expect(holderOf(port)).toContain(`process ${process.pid} (`);
  expect(holderOf(1)).toBeUndefined();
});

test('when the second port is busy, the first is given back', async () => {
  const [lower, taken, first] = [server(), server(), server()];
  const port = await listenOnPair(lower, taken, 0);
  lower.close();

  await expect(listenOnPair(first, server(), port)).rejects.toThrow(`Port ${port + 1} is busy`);

  expect(first.listening).toBe(false);
});
