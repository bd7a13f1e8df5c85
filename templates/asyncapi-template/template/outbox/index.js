import { File } from '@asyncapi/generator-react-sdk';
import { outboxFiles } from '@atlas/templates/outbox';
import { modelOf } from '../../lib/render.js';

/** The migrations of outbox/, made by the same function as in `atlas generate`. */
export default async function ({ asyncapi, params }) {
  const { service } = await modelOf(asyncapi, params);
  return outboxFiles(service).map(({ path, text }) => <File name={path}>{text}</File>);
}
