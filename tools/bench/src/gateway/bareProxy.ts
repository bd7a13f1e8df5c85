import proxy from '@fastify/http-proxy';
import fastify from 'fastify';

/** A process with @fastify/http-proxy and nothing else, which adds the headers in argv to each answer. */
const [upstream = '', headers = '{}'] = process.argv.slice(2);
const own: unknown = JSON.parse(headers);
const app = fastify({ logger: false });
await app.register(proxy, {
  upstream,
  disableRequestLogging: true,
  replyOptions: { rewriteHeaders: (received) => ({ ...received, ...(typeof own === 'object' ? own : {}) }) },
});
const url = await app.listen({ port: 0, host: '127.0.0.1' });
process.send?.({ port: Number(new URL(url).port) });
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ micros: user + system });
});
process.on('disconnect', () => process.exit());
