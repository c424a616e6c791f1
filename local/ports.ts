import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The state LISTEN in `/proc/net/tcp` (Linux, include/net/tcp_states.h). */
const LISTEN = '0A';

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function listeningSocket(port: number): string | undefined {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of attempt(() => readFileSync(file, 'utf8'))?.split('\n') ?? []) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (local?.endsWith(wanted) && state === LISTEN) return inode;
    }
  }
  return undefined;
}

function holdsSocket(pid: string, inode: string): boolean {
  const files = attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  return files.some((fd) => attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) === `socket:[${inode}]`);
}

/** The process that listens on a port, as `process 4711 (node server.js)`; undefined where nobody can tell. */
export function holderOf(port: number): string | undefined {
  const inode = listeningSocket(port);
  if (inode === undefined) return undefined;
  const pid = attempt(() => readdirSync('/proc'))?.find(
    (entry) => /^\d+$/.test(entry) && holdsSocket(entry, inode),
  );
  if (pid === undefined) return undefined;
  const command = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    ?.replaceAll('\u0000', ' ')
    .trim();
  return `process ${pid}${command ? ` (${command.slice(0, 80)})` : ''}`;
}

/** A port that another process listens on. */
export class PortBusyError extends Error {
  readonly port: number;

  constructor(port: number) {
    const holder = holderOf(port);
    super(
      `Port ${port} is busy${holder ? `: ${holder} listens on it` : ''}. Stop that process or give another port: npm start -- --port ${port + 10}`,
    );
    this.name = 'PortBusyError';
    this.port = port;
  }
}

/** A server as far as its port goes. */
export interface Listener {
  /** Listens on 127.0.0.1 and gives the port: the one asked for, or a free one for 0. Rejects as `net.Server` does. */
  listen(port: number): Promise<number>;
  close(): Promise<void>;
}

async function listen(listener: Listener, port: number): Promise<number> {
  try {
    return await listener.listen(port);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? new PortBusyError(port) : error;
  }
}

/**
 * Makes two servers listen on a port and the one after it; port 0 takes a free pair. Answers the first port.
 *
 * @throws PortBusyError when one of the two is taken.
 */
export async function listenOnPair(first: Listener, second: Listener, port: number): Promise<number> {
  // A free port whose neighbour is taken is rare: a few draws always find a pair.
  for (let draws = port === 0 ? 20 : 1; ; draws--) {
    const taken = await listen(first, port);
    try {
      await listen(second, taken + 1);
      return taken;
    } catch (error) {
      await first.close();
      if (draws === 1) throw error;
    }
  }
}

/** How many ports from the wanted one on are tried. */
const TRIES = 20;

/** Makes a server listen on the first free port from `port` on, or on any free one: for 0, and when there is none near. */
export async function listenOnNextFree(listener: Listener, port: number): Promise<number> {
  for (let next = port; next > 0 && next < port + TRIES && next <= 65_535; next++) {
    try {
      return await listener.listen(next);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  return listener.listen(0);
}
