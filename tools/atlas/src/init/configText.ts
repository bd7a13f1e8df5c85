import { isMap, parseDocument } from 'yaml';

/** The configuration with one more service at the end, its comments and format kept. */
export function withService(text: string, service: string): string {
  const document = parseDocument(text);
  const services = document.get('services', true);
  const entry = document.createNode({ openapi: `openapi/${service}.yaml`, asyncapi: `asyncapi/${service}.yaml` });
  entry.flow = true;
  if (isMap(services) && services.items.length > 0) {
    // A list in braces stays one, and a comment at the end stays there.
    services.add(document.createPair(service, entry));
  } else {
    const created = document.createNode({});
    created.flow = false;
    created.add(document.createPair(service, entry));
    document.set('services', created);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}
