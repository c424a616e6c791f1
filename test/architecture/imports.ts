import { posix } from 'node:path';

/** A module: its path from the root of the repository, and its text. */
export interface Module {
  readonly path: string;
  readonly text: string;
}

/** An import that the house does not allow, and why. */
export interface Violation {
  readonly importer: string;
  readonly imported: string;
  readonly rule: string;
}

interface Room {
  /** Which modules live here. */
  readonly modules: RegExp;
  /** Which modules of ours they may import. */
  readonly imports: RegExp;
  /** Which packages they may import; any when absent. */
  readonly packages?: RegExp;
}

/** Imports go down only. The first room that a module lives in counts. */
const rooms: readonly Room[] = [
  { modules: /\.test\.ts$|^test\/|^vitest/, imports: /./ },
  { modules: /^domain\//, imports: /^domain\//, packages: /^(valibot|big\.js|libphonenumber-js\/min)$/ },
  { modules: /^graphql\//, imports: /^graphql\//, packages: /^@aws-appsync\/utils$/ },
  { modules: /^contracts\//, imports: /^(contracts|domain)\// },
  {
    modules: /^functions\/table\//,
    imports: /^(functions\/(table|runtime)|domain)\//,
  },
  {
    modules: /^functions\/runtime\//,
    imports: /^(functions\/runtime|domain)\//,
    packages: /^(?!electrodb|@aws-sdk\/(client|lib)-dynamodb)/,
  },
  {
    modules: /^functions\/api\//,
    imports: /^(functions\/(api|directory|table|runtime)|domain|graphql\/generated)\//,
    packages: /^(?!electrodb|@aws-sdk\/(client|lib)-dynamodb)/,
  },
  {
    modules: /^functions\/directory\//,
    imports: /^(functions\/(directory|runtime)|domain)\//,
    packages: /^(?!electrodb|@aws-sdk\/(client|lib)-dynamodb)/,
  },
  {
    // Time alone changes a score as well: the due run settles it as scoring does.
    modules: /^functions\/lifecycle\//,
    imports: /^(functions\/(lifecycle|scoring|table|runtime)|domain)\//,
    packages: /^(?!electrodb|@aws-sdk\/(client|lib)-dynamodb)/,
  },
  {
    modules: /^functions\/([^/]+)\//,
    imports: /^(functions\/(SELF|directory|table|runtime)|domain|graphql\/generated)\//,
    packages: /^(?!electrodb|@aws-sdk\/(client|lib)-dynamodb)/,
  },
  { modules: /^infra\//, imports: /^(infra\/|graphql\/manifest\.ts)/ },
  { modules: /^local\//, imports: /^local\// },
  { modules: /^tools\//, imports: /^(tools|graphql\/generated)\// },
  // Measures from outside: never a handler's source.
  {
    modules: /^bench\//,
    imports: /^(bench\/|infra\/bundle\.ts|local\/|tools\/|test\/support\/|graphql\/manifest\.ts)/,
  },
];

/** The imports of a module, types included. */
export function importsOf({ text }: Module): string[] {
  const specifiers = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([\w@./-][^'\n]*)'/g);
  return [...specifiers].map(([, specifier]) => specifier ?? '');
}

/** Every import that breaks a rule; a module that no room takes is one as well. */
export function violationsIn(modules: readonly Module[]): Violation[] {
  return modules.flatMap((module) => {
    const room = rooms.find(({ modules: lives }) => lives.test(module.path));
    if (!room) return [{ importer: module.path, imported: '', rule: 'stands in no room of the house' }];
    const self = room.modules.exec(module.path)?.[1] ?? '';
    const allowed = new RegExp(room.imports.source.replace('SELF', self));
    return importsOf(module).flatMap((imported) => {
      const own = imported.startsWith('.');
      const target = own ? posix.join(posix.dirname(module.path), imported) : imported;
      const rule = own ? allowed : (room.packages ?? /./);
      return rule.test(target)
        ? []
        : [{ importer: module.path, imported: target, rule: `allowed is ${rule}` }];
    });
  });
}
