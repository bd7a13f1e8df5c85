import { Agent, request, type RequestOptions } from 'node:http';

/** One request, made again and again. */
export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

/**
 * Requests per second over keep-alive connections of this process for `milliseconds`. Client and server share the machine
 * and, for both sides alike, its two cores; so ratios understate the server's part.
 */
export async function requestsPerSecond(
  url: string,
  shot: Shot,
  connections: number,
  milliseconds: number,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(url);
  const headers =
    shot.body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(shot.body) };
  const options: RequestOptions = { hostname, port, method: shot.method, path: shot.path, agent, headers };
  const until = performance.now() + milliseconds;
  const started = performance.now();
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < until) {
      await fire(options, shot.body);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  agent.destroy();
  return (done * 1000) / (performance.now() - started);
}

function fire(options: RequestOptions, body: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${options.method ?? ''} ${options.path ?? ''} answers ${response.statusCode ?? 0}`));
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
