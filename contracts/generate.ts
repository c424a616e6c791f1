import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { asyncApi } from './asyncapi.ts';
import { partnerEvents, partnerName, partnerSchemaOf, sampleOf } from './partner-events.ts';
import { breakingChanges, eventTypes, type JsonSchema, schemaOf } from './schemas.ts';

const fileOf = (path: string) => new URL(path, import.meta.url);
const write = (path: string, content: object) =>
  writeFileSync(fileOf(path), `${JSON.stringify(content, null, 2)}\n`);

/** Writes a schema beside this file; refuses to change a published one in a way that breaks consumers. */
function publish(path: string, name: string, schema: JsonSchema): void {
  const file = fileOf(path);
  const breaking = existsSync(file) ? breakingChanges(JSON.parse(readFileSync(file, 'utf8')), schema) : [];
  if (breaking.length === 0) {
    write(path, schema);
    return;
  }
  console.error(`${name} is published: ${breaking.join('; ')}. Leave it and add a new version of the event.`);
  process.exitCode = 1;
}

for (const type of eventTypes) publish(`events/${type}.schema.json`, type, schemaOf(type));
for (const event of partnerEvents) {
  const name = partnerName(event);
  publish(`partners/${name}.schema.json`, name, partnerSchemaOf(event));
  write(`partners/samples/${name}.json`, sampleOf(event));
}
write('asyncapi.json', asyncApi());
