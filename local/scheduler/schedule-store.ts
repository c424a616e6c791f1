import type { Store } from '../store.ts';
import type { ScheduleDefinition } from './definition.ts';
import type { Tags } from './tags.ts';

/** A schedule with what the service knows of it; times are milliseconds since 1970. */
export interface Schedule {
  readonly definition: ScheduleDefinition;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** When it is due next; undefined when it never is again. */
  readonly nextAt: number | undefined;
  /** A template made it. */
  readonly deployed: boolean;
}

/** Times are milliseconds since 1970. */
export interface ScheduleGroup extends GroupDetails {
  readonly name: string;
  readonly createdAt: number;
}

interface GroupDetails {
  readonly modifiedAt: number;
  readonly tags: Tags;
  /** Of the request that made it. */
  readonly clientToken?: string | undefined;
}

/** Schedules and their groups, durable in the store. */
export interface ScheduleStore {
  get(group: string, name: string): Schedule | undefined;
  put(schedule: Schedule): void;
  remove(group: string, name: string): void;
  /** All of a group, or of all groups, by group and name. */
  list(group?: string): Schedule[];
  /** Those that are due at `now`, the earliest first. */
  due(now: number): Schedule[];
  /** When the next one is due. */
  nextAt(): number | undefined;
  group(name: string): ScheduleGroup | undefined;
  /** Makes a group, or replaces what is known of it but when it was made. */
  putGroup(group: ScheduleGroup): void;
  removeGroup(name: string): void;
  groups(): ScheduleGroup[];
}

interface Row {
  readonly definition: string;
  readonly created_at: number;
  readonly modified_at: number;
  readonly next_at: number | null;
  readonly deployed: number;
}

const scheduleOfRow = (row: unknown): Schedule => {
  const { definition, created_at, modified_at, next_at, deployed } = row as Row;
  return {
    definition: JSON.parse(definition),
    createdAt: created_at,
    modifiedAt: modified_at,
    nextAt: next_at ?? undefined,
    deployed: deployed === 1,
  };
};

/** What groups of older versions have none of. */
const groupOfRow = (row: unknown): ScheduleGroup => {
  const { name, created_at, details } = row as { name: string; created_at: number; details: string | null };
  const known = JSON.parse(details ?? '{}') as Partial<GroupDetails>;
  return { name, createdAt: created_at, modifiedAt: created_at, tags: {}, ...known };
};

/** The table of older versions has no such column. */
function addDetails(db: Store['db']): void {
  const columns = db.prepare("SELECT name FROM pragma_table_info('scheduler_groups')").all();
  if (columns.some(({ name }) => name === 'details')) return;
  db.exec('ALTER TABLE scheduler_groups ADD COLUMN details TEXT');
}

export function openScheduleStore(store: Store, now: () => number): ScheduleStore {
  const { db } = store;
  db.exec(`CREATE TABLE IF NOT EXISTS scheduler_schedules (
      group_name TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL, created_at INTEGER NOT NULL,
      modified_at INTEGER NOT NULL, next_at INTEGER, deployed INTEGER NOT NULL, PRIMARY KEY (group_name, name));
    CREATE INDEX IF NOT EXISTS scheduler_due ON scheduler_schedules (next_at) WHERE next_at IS NOT NULL;
    CREATE TABLE IF NOT EXISTS scheduler_groups (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL, details TEXT)`);
  addDetails(db);
  const get = db.prepare('SELECT * FROM scheduler_schedules WHERE group_name = ? AND name = ?');
  const put = db.prepare('INSERT OR REPLACE INTO scheduler_schedules VALUES (?, ?, ?, ?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM scheduler_schedules WHERE group_name = ? AND name = ?');
  const all = db.prepare('SELECT * FROM scheduler_schedules ORDER BY group_name, name');
  const ofGroup = db.prepare('SELECT * FROM scheduler_schedules WHERE group_name = ? ORDER BY name');
  const due = db.prepare('SELECT * FROM scheduler_schedules WHERE next_at <= ? ORDER BY next_at');
  const earliest = db.prepare('SELECT min(next_at) AS at FROM scheduler_schedules');
  const putGroup = db.prepare(
    `INSERT INTO scheduler_groups (name, created_at, details) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET details = excluded.details`,
  );
  const removeGroup = db.prepare('DELETE FROM scheduler_groups WHERE name = ?');
  const removeAll = db.prepare('DELETE FROM scheduler_schedules WHERE group_name = ?');
  const groups = db.prepare('SELECT * FROM scheduler_groups ORDER BY name');
  const allGroups = () => groups.all().map(groupOfRow);
  const group = (name: string) => allGroups().find((one) => one.name === name);
  const keepGroup = ({ name, createdAt, ...details }: ScheduleGroup) =>
    store.write(() => void putGroup.run(name, createdAt, JSON.stringify(details)));
  if (!group('default')) keepGroup({ name: 'default', createdAt: now(), modifiedAt: now(), tags: {} });

  return {
    get(group, name) {
      const row = get.get(group, name);
      return row && scheduleOfRow(row);
    },
    put({ definition, createdAt, modifiedAt, nextAt, deployed }) {
      const { GroupName, Name } = definition;
      const text = JSON.stringify(definition);
      store.write(() =>
        put.run(GroupName, Name, text, createdAt, modifiedAt, nextAt ?? null, deployed ? 1 : 0),
      );
    },
    remove: (group, name) => store.write(() => void remove.run(group, name)),
    list: (group) => (group === undefined ? all.all() : ofGroup.all(group)).map(scheduleOfRow),
    due: (at) => due.all(at).map(scheduleOfRow),
    nextAt: () => (earliest.get() as { at: number | null }).at ?? undefined,
    group,
    putGroup: keepGroup,
    removeGroup(name) {
      store.write(() => {
        removeAll.run(name);
        removeGroup.run(name);
      });
    },
    groups: allGroups,
  };
}
