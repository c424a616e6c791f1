import { AwsError } from '../../aws.ts';
import type { Engine } from '../engine.ts';
import type { Request } from '../requests/requests.ts';
import type { Table } from '../storage/catalog.ts';

/** Any second of the last 35 days could be restored (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html). */
const PERIOD_IN_DAYS = 35;

function backedUpTableOf(engine: Engine, name: string): Table {
  const table = engine.catalog.find(name);
  if (!table) throw new AwsError('TableNotFoundException', `Table not found: ${name}`);
  return table;
}

function describe({ now }: Engine, { recoverableSince }: Table): object {
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription:
        recoverableSince === undefined
          ? { PointInTimeRecoveryStatus: 'DISABLED' }
          : {
              PointInTimeRecoveryStatus: 'ENABLED',
              RecoveryPeriodInDays: PERIOD_IN_DAYS,
              EarliestRestorableDateTime: recoverableSince,
              LatestRestorableDateTime: Math.floor(now() / 1000),
            },
    },
  };
}

export const describeContinuousBackups = (engine: Engine, { TableName }: Request): object =>
  describe(engine, backedUpTableOf(engine, TableName as string));

/** Remembers the setting, which tools read; nothing is backed up here. */
export function updateContinuousBackups(engine: Engine, request: Request): object {
  const {
    rows: _rows,
    recoverableSince,
    ...description
  } = backedUpTableOf(engine, request.TableName as string);
  const { PointInTimeRecoveryEnabled: enabled } = request.PointInTimeRecoverySpecification as {
    readonly PointInTimeRecoveryEnabled: boolean;
  };
  const since = recoverableSince ?? Math.floor(engine.now() / 1000);
  return describe(
    engine,
    engine.catalog.replace({ ...description, ...(enabled && { recoverableSince: since }) }),
  );
}
