import { AwsError } from '../aws.ts';
import type { Store } from '../store.ts';

/** An archive as a template describes it. */
export interface ArchiveDefinition {
  readonly name: string;
  /** The bus whose events it keeps. */
  readonly busName: string;
  /** Which events it keeps; all when left out. */
  readonly eventPattern?: object | undefined;
  /** For how long it keeps them; 0, the default, is for ever. */
  readonly retentionDays?: number | undefined;
  readonly description?: string | undefined;
}

export interface Archive {
  readonly name: string;
  readonly busName: string;
  readonly pattern: string | undefined;
  /** The pattern of the rule that fills the archive: the archive's own, without replayed events. */
  readonly managedPattern: string;
  readonly retentionDays: number;
  readonly description: string | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** An event on its way into an archive. */
export interface ArchivedEvent {
  readonly archive: Archive;
  /** ISO 8601, as in the event. */
  readonly time: string;
  readonly json: string;
}

/** Events of one archive whose times lie in the same minute, kept together. */
export interface ArchivedGroup {
  readonly seq: number;
  readonly minute: number;
  /** The events, as a JSON array. */
  readonly events: string;
}

/** Where a reader of an archive stands: behind this group. */
export interface ArchivePosition {
  readonly minute: number;
  readonly seq: number;
}

/** What archives hold, durable in the store; the archives themselves live as long as the process. */
export interface Archives {
  /** Makes the archive, or replaces the one of its name. Throws `ValidationException`. */
  put(definition: ArchiveDefinition): Archive;
  byName(name: string): Archive | undefined;
  all(): Archive[];
  /** Names of those in the store that nobody has put in this process. */
  abandoned(): string[];
  /** Keeps events inside the `store.write` that delivers them: one row for an archive and minute. */
  keep(events: readonly ArchivedEvent[]): void;
  /** The next group after `after`, by the time of its events, up to and with the minute `last`. */
  next(archive: Archive, after: ArchivePosition, last: number, through: number): ArchivedGroup | undefined;
  /** The number of the newest group of all archives. */
  newest(): number;
  counts(archive: Archive): { events: number; bytes: number };
  /** Forgets what is older than the retention of its archive. */
  sweep(): void;
}

export const MINUTE = 60_000;
const DAY = 86_400_000;

export const managedRuleName = (archive: string) => `Events-Archive-${archive}`;

const schema = `
  CREATE TABLE IF NOT EXISTS events_archives (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS events_archived (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, archive TEXT NOT NULL, minute INTEGER NOT NULL,
    archived_at INTEGER NOT NULL, count INTEGER NOT NULL, bytes INTEGER NOT NULL, events TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS events_archived_minute ON events_archived (archive, minute);
  CREATE INDEX IF NOT EXISTS events_archived_at ON events_archived (archive, archived_at)`;

function check({ name, retentionDays = 0 }: ArchiveDefinition): void {
  if (!/^[\w.-]{1,48}$/.test(name)) {
    throw invalid(`Archive name '${name}' must be 1 to 48 of letters, digits, '.', '-', '_'.`);
  }
  if (!Number.isInteger(retentionDays) || retentionDays < 0) {
    throw invalid(`RetentionDays of archive ${name} is ${retentionDays}: give whole days, or 0 for ever.`);
  }
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** Opens what archives hold. `now` is in milliseconds since 1970. */
export function openArchives(store: Store, now: () => number): Archives {
  const { db } = store;
  db.exec(schema);
  const create = db.prepare('INSERT INTO events_archives VALUES (?, ?) ON CONFLICT DO NOTHING');
  const creation = db.prepare('SELECT created_at AS at FROM events_archives WHERE name = ?');
  const every = db.prepare('SELECT name FROM events_archives ORDER BY name');
  const insert = db.prepare(
    'INSERT INTO events_archived (archive, minute, archived_at, count, bytes, events) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const following = db.prepare(`SELECT seq, minute, events FROM events_archived
    WHERE archive = ? AND (minute, seq) > (?, ?) AND minute <= ? AND seq <= ? AND archived_at > ?
    ORDER BY minute, seq LIMIT 1`);
  const newest = db.prepare('SELECT coalesce(max(seq), 0) AS seq FROM events_archived');
  const sums = db.prepare(`SELECT coalesce(sum(count), 0) AS events, coalesce(sum(bytes), 0) AS bytes
    FROM events_archived WHERE archive = ? AND archived_at > ?`);
  const forget = db.prepare('DELETE FROM events_archived WHERE archive = ? AND archived_at <= ?');
  const archives = new Map<string, Archive>();

  const expiry = ({ retentionDays }: Archive) => (retentionDays === 0 ? -1 : now() - retentionDays * DAY);

  return {
    put(definition) {
      check(definition);
      const { name, busName, eventPattern, retentionDays = 0, description } = definition;
      store.write(() => create.run(name, now()));
      const archive: Archive = {
        name,
        busName,
        pattern: eventPattern && JSON.stringify(eventPattern),
        managedPattern: JSON.stringify({ ...eventPattern, 'replay-name': [{ exists: false }] }),
        retentionDays,
        description,
        createdAt: (creation.get(name) as { at: number }).at,
      };
      archives.set(name, archive);
      return archive;
    },
    byName: (name) => archives.get(name),
    all: () => [...archives.values()],
    abandoned: () =>
      every
        .all()
        .map(({ name }) => String(name))
        .filter((name) => !archives.has(name)),
    keep(events) {
      for (const [archive, minute, group] of grouped(events)) {
        const text = `[${group.join()}]`;
        insert.run(archive, minute, now(), group.length, Buffer.byteLength(text), text);
      }
    },
    next: (archive, after, last, through) =>
      following.get(archive.name, after.minute, after.seq, last, through, expiry(archive)) as
        | ArchivedGroup
        | undefined,
    newest: () => (newest.get() as { seq: number }).seq,
    counts: (archive) => sums.get(archive.name, expiry(archive)) as { events: number; bytes: number },
    sweep() {
      store.write(() => {
        for (const archive of archives.values()) forget.run(archive.name, expiry(archive));
      });
    },
  };
}

function grouped(events: readonly ArchivedEvent[]): [archive: string, minute: number, events: string[]][] {
  const groups: [string, number, string[]][] = [];
  for (const { archive, time, json } of events) {
    const minute = Math.floor(Date.parse(time) / MINUTE);
    const group = groups.find(([name, at]) => name === archive.name && at === minute);
    if (group) group[2].push(json);
    else groups.push([archive.name, minute, [json]]);
  }
  return groups;
}
