import type { LambdaFaults } from '../lambda/options.ts';
import type { SesFaults } from '../ses/ses.ts';
import type { SqsFaults } from '../sqs/messages.ts';
import type { BusFaults } from './bus.ts';
import type { StreamFaults } from './streams.ts';
import type { TableFaults } from './tables.ts';

/** What is asked before things happen; a hook that is set may let them go wrong. */
export interface FaultHooks {
  readonly functions: LambdaFaults;
  readonly queues: SqsFaults;
  readonly mail: SesFaults;
  readonly tables: TableFaults;
  readonly bus: BusFaults;
  readonly streams: StreamFaults;
}

/** Takes every hook away: nothing goes wrong any more. */
export function unhook({ functions, queues, mail, tables, bus, streams }: FaultHooks): void {
  delete functions.beforeInvoke;
  delete queues.reorder;
  delete queues.duplicate;
  delete queues.delay;
  delete mail.onSend;
  delete tables.onCall;
  delete bus.onPut;
  delete bus.refusesEntry;
  delete streams.repeats;
}
