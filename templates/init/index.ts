import { closeFile, consumerFile, eventsFile, getFile, handlerOf, openFile, viewFile } from './app.ts';
import { decisionRecord, readme } from './documents.ts';
import { domainFile, domainSpec, samplesFile } from './domain.ts';
import type { NewService } from './newService.ts';
import { mainFile, migrateFile, migrationFile, packageFile, portsFile, storeFile } from './service.ts';
import { asyncapi, avsc, openapi } from './specs.ts';
import { intSpec } from './test.ts';

export { handlerFile, type LackingHandler } from './handler.ts';
export { KEBAB_CASE, plural, spellings, type NewService, type ReadMessage } from './newService.ts';

/** Where the files go: the specs' folder and the repository, both without a slash at the end. */
export interface Folders {
  readonly specs: string;
  readonly services: string;
  readonly decisions: string;
}

/** Every file of a new service by path, not formatted yet. They belong to the team: atlas writes them once. */
export function newServiceFiles(service: NewService, folders: Folders): ReadonlyMap<string, string> {
  const { name, one, reads } = service;
  const specs = (path: string): string => (folders.specs === '' ? path : `${folders.specs}/${path}`);
  const own = (path: string): string => `${folders.services}/${name}/${path}`;
  const { camel, Pascal, snake } = one;
  return new Map<string, string>([
    [specs(`openapi/${name}.yaml`), openapi(service).text],
    [specs(`asyncapi/${name}.yaml`), asyncapi(service).text],
    [specs(`avro/${name}/${Pascal.text}Opened.avsc`), avsc(service, 'Opened')],
    [specs(`avro/${name}/${Pascal.text}Closed.avsc`), avsc(service, 'Closed')],
    [`${folders.decisions}/${service.decision.file.text}`, decisionRecord(service).text],
    [own('README.md'), readme(service).text],
    [own('package.json'), packageFile(service)],
    [own(`migrations/0001_${snake.text}.sql`), migrationFile(service).text],
    [own('src/main.ts'), mainFile(service).text],
    [own('src/migrate.ts'), migrateFile(service).text],
    [own('src/ports.ts'), portsFile(service).text],
    [own(`src/adapters/pg${Pascal.text}Store.ts`), storeFile(service).text],
    [own(`src/app/open${Pascal.text}.ts`), openFile(service).text],
    [own(`src/app/close${Pascal.text}.ts`), closeFile(service).text],
    [own(`src/app/get${Pascal.text}.ts`), getFile(service).text],
    ...(reads
      ? [[own(`src/app/${handlerOf(reads.message.name)}.ts`), consumerFile(service, reads).text] as const]
      : []),
    [own('src/app/events.ts'), eventsFile(service).text],
    [own('src/app/view.ts'), viewFile(service).text],
    [own(`src/domain/${camel.text}.ts`), domainFile(service).text],
    [own(`src/domain/${camel.text}.spec.ts`), domainSpec(service).text],
    [own('test/samples.ts'), samplesFile(service).text],
    [own(`test/${camel.text}.int.spec.ts`), intSpec(service).text],
  ]);
}
