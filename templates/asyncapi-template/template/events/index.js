import { File } from '@asyncapi/generator-react-sdk';
import { eventFiles } from '@atlas/templates/events';
import { withHeader } from '@atlas/templates/package';
import { formatted, modelOf } from '../../lib/render.js';

/** The files of events/, made by the same functions as in `atlas generate`. */
export default async function ({ asyncapi, params }) {
  const { service, channelOf } = await modelOf(asyncapi, params);
  const files = await Promise.all(
    eventFiles(service, channelOf).map(({ path, source, body }) =>
      formatted({ path, text: withHeader(source, body()) }),
    ),
  );
  return files.map(({ path, text }) => <File name={path}>{text}</File>);
}
