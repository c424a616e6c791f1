import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OnResolveResult, Plugin } from 'esbuild';
import { withLiteralKeys } from './literal-keys.ts';

/** What bundles have in place of a package or module; why, the substitute says itself. */
const SUBSTITUTES: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': 'credential-provider-node.ts',
  electrodb: 'electrodb.js',
  http: 'node-http.cjs',
  jsonschema: 'jsonschema.ts',
  'node:http': 'node-http.cjs',
};

/** The module of electrodb that makes calls, which functions make themselves; it requires packages of the SDK whole. */
const CLIENT_OF_ELECTRODB = /^\.\/client$/;

/** Loaded by the SDK when an operation answers with a stream of events. No function calls one. */
const EVENT_STREAMS = /^@smithy\/core\/event-streams$/;

/** What the shapes of a service's requests and answers are described in. */
const SCHEMAS = /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]\w+\.js$/;

const substitute = (file: string): OnResolveResult => ({
  path: join(import.meta.dirname, 'substitutes', file),
});

/** Leaves out of bundles what their libraries bring for other places than Lambda, or for nobody. */
export const substitutes: Plugin = {
  name: 'substitutes',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: new RegExp(`^(${Object.keys(SUBSTITUTES).join('|')})$`) }, ({ path }) =>
      substitute(SUBSTITUTES[path] ?? ''),
    );
    onResolve({ filter: CLIENT_OF_ELECTRODB }, ({ importer }) =>
      /[\\/]electrodb[\\/]src[\\/]/.test(importer) ? substitute('electrodb-client.cjs') : undefined,
    );
    onResolve({ filter: EVENT_STREAMS }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
    onLoad({ filter: SCHEMAS }, async ({ path }) => ({
      contents: withLiteralKeys(await readFile(path, 'utf8')),
    }));
  },
};
