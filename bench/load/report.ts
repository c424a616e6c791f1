import { machine, today } from '../machine.ts';
import { table } from '../markdown.ts';
import { mostByApi, type Store } from './arguments.ts';
import type { BenchFigures, CaseFigures } from './run.ts';

/** The tables of `docs/performance.md`. */
export function toMarkdown(figures: BenchFigures): string {
  const { floor, stores } = figures;
  const { rounds } = figures.arguments;
  return [
    `Measured on ${today()} with ${machine()}. ${rounds === 1 ? 'One round.' : `${rounds} rounds; medians.`}`,
    '',
    `The SDK alone takes ${floor.overHttp.toFixed(2)} ms of processor time for a call over loopback HTTP, and ${floor.withoutNetwork.toFixed(2)} ms without the network.`,
    '',
    ...stores.flatMap(({ store, loading, memoryMiB, memoryAtRestMiB }) => [
      `### ${titleOf(figures.arguments.customers, store)}`,
      '',
      `${throughApi(figures.arguments.customers)} with 5 interactions and an order each came in through the API in ${loading.seconds.toFixed(1)} s (${loading.processorSeconds.toFixed(1)} s of processor time); what follows from them took ${loading.drainSeconds.toFixed(1)} s more (${loading.processorSecondsInAll.toFixed(1)} s of processor time in all). It then had ${memoryMiB.toFixed(0)} MiB (PSS), and ${memoryAtRestMiB.toFixed(0)} MiB a minute later, with one warm environment for each function that was called.`,
      '',
      table(
        [
          'operation',
          'connections',
          'a second',
          'p50 ms',
          'p95 ms',
          'p99 ms',
          'errors',
          'processor ms',
          '× SDK',
        ],
        figures.cases.filter((one) => one.store === store).map((one) => requestRow(one, floor.overHttp)),
      ),
      '',
      'The whole of what writes: until the bus is empty, and while the consumers work at the same time.',
      '',
      table(
        [
          'operation',
          'connections',
          'a second in all',
          'processor ms in all',
          'drain s',
          'a second meanwhile',
          'p50 ms',
          'p99 ms',
        ],
        figures.cases
          .filter((one) => one.store === store && one.inAll.processorMs !== one.requestPath.processorMs)
          .map(wholeRow),
      ),
      '',
    ]),
  ].join('\n');
}

function titleOf(customers: number, store: Store): string {
  if (store === 'memory') return 'With `--memory`';
  return customers > mostByApi
    ? `With ${customers.toLocaleString('en')} customers`
    : 'As `npm start` gives it';
}

/** Those that came in through the API, and of how many when the others are copies. */
function throughApi(customers: number): string {
  const number = Math.min(customers, mostByApi).toLocaleString('en');
  return customers > mostByApi
    ? `Of ${customers.toLocaleString('en')} customers, ${number}`
    : `${number} customers`;
}

function requestRow({ name, connections, requestPath: path }: CaseFigures, floor: number): string[] {
  return [
    name,
    String(connections),
    path.perSecond.toFixed(0),
    ...[path.p50, path.p95, path.p99].map((ms) => ms.toFixed(1)),
    String(path.errors),
    path.processorMs.toFixed(2),
    (path.processorMs / floor).toFixed(1),
  ];
}

function wholeRow({ name, connections, inAll, meanwhile }: CaseFigures): string[] {
  return [
    name,
    String(connections),
    inAll.perSecond.toFixed(0),
    inAll.processorMs.toFixed(2),
    inAll.drainSeconds.toFixed(1),
    meanwhile.perSecond.toFixed(0),
    meanwhile.p50.toFixed(1),
    meanwhile.p99.toFixed(1),
  ];
}
