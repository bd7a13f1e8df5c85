// Run as: node official.js <document> <output folder>. Writes the same files with @asyncapi/generator.
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { printUsage } from '../printUsage.js';

const [document, out] = process.argv.slice(2);
const Generator = createRequire(resolve('tools/atlas/package.json'))('@asyncapi/generator');
const templateParams = { service: 'tickets', document: 'specs/asyncapi.yaml', avro: join(dirname(document), 'avro') };
const options = { templateParams, forceWrite: true };
await new Generator(resolve('templates/asyncapi-template'), out, options).generateFromFile(document);
printUsage();
