import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A process in place of every service. It answers each request with a body of 1 KB, as a service would. */
const BODY = JSON.stringify({ text: 'a'.repeat(1_000) });
const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'content-length': String(Buffer.byteLength(BODY)),
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  etag: '"7"',
};

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  response.writeHead(200, HEADERS).end(BODY);
});
// cast: the address of a server that listens on TCP has a port
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());
