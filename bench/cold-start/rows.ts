import { type DeployedFunction, sizesOf } from './deployed.ts';
import { leastProcessor, medianLoad, type Runs } from './initialisation.ts';
import type { Share } from './modules.ts';

/** What is known of the cold start of one function. */
export interface ColdStartRow {
  readonly function: string;
  /** The minified module. */
  readonly codeKiB: number;
  /** All files that Lambda has to fetch, not compressed. */
  readonly assetKiB: number;
  /** The median time that loading the module takes, by the clock. */
  readonly loadMilliseconds: number;
  /** The least time of the processor that a process takes to start and to load it. */
  readonly processorMilliseconds: number;
  /** That, as a multiple of what a process with an empty handler takes. */
  readonly timesEmpty: number;
  /** What the module adds to an empty handler, as a multiple of what the document client of DynamoDB adds. */
  readonly timesDocumentClient: number;
  /** Where most of the module comes from; empty when nobody asked. */
  readonly biggest: readonly Share[];
}

/** The names of the modules that functions are measured against. */
export interface BaselineNames {
  readonly empty: string;
  readonly documentClient: string;
}

const KiB = 1024;

/** The time of the processor that a process takes with a module, as a multiple of what it takes with an empty handler. */
export function timesEmpty(runs: Runs, name: string, empty: string): number {
  return leastProcessor(runs, name) / leastProcessor(runs, empty);
}

/** One row a function, in their order. */
export function coldStartRows(
  functions: readonly DeployedFunction[],
  runs: Runs,
  { empty, documentClient }: BaselineNames,
  biggest: (name: string) => readonly Share[] = () => [],
): ColdStartRow[] {
  const added = (name: string) => leastProcessor(runs, name) - leastProcessor(runs, empty);
  return functions.map((one) => {
    const { code, asset } = sizesOf(one);
    return {
      function: one.name,
      codeKiB: code / KiB,
      assetKiB: asset / KiB,
      loadMilliseconds: medianLoad(runs, one.name),
      processorMilliseconds: leastProcessor(runs, one.name),
      timesEmpty: timesEmpty(runs, one.name, empty),
      timesDocumentClient: added(one.name) / added(documentClient),
      biggest: biggest(one.name),
    };
  });
}

const columns: readonly (readonly [string, (row: ColdStartRow) => string])[] = [
  ['function', (row) => row.function],
  ['code, KiB', (row) => row.codeKiB.toFixed(0)],
  ['asset, KiB', (row) => row.assetKiB.toFixed(0)],
  ['load, ms', (row) => row.loadMilliseconds.toFixed(1)],
  ['processor, ms', (row) => row.processorMilliseconds.toFixed(1)],
  ['x empty', (row) => row.timesEmpty.toFixed(2)],
  ['x document client', (row) => row.timesDocumentClient.toFixed(2)],
];

/** The rows as a table in Markdown. */
export function tableOf(rows: readonly ColdStartRow[]): string {
  const cells = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
  const widths = columns.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) =>
    line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    ),
  );
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const [head = [], ...body] = lines;
  return [head, rule, ...body].map((line) => `| ${line.join(' | ')} |`).join('\n');
}
