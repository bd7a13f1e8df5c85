import { File } from '@asyncapi/generator-react-sdk';
import { outboxFiles } from '@atlas/templates/outbox';
import { modelOf } from '../../lib/render.js';

/** The migrations of outbox/, by the very function of `atlas generate`. */
export default function ({ asyncapi, params }) {
  const { service } = modelOf(asyncapi, params);
  return outboxFiles(service).map(({ path, text }) => <File name={path}>{text}</File>);
}
