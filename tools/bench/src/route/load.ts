import { Agent, request, type RequestOptions } from 'node:http';

/** A request that is sent again and again. */
export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Which request to send, over how many connections, and for how long. */
export interface Job {
  readonly url: string;
  readonly shot: Shot;
  readonly connections: number;
  readonly milliseconds: number;
}

/**
 * Sends requests over keep-alive connections. Each connection sends the next as soon as it is answered. Gives their
 * number.
 */
export async function fireAway({ url, shot, connections, milliseconds }: Job): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(url);
  const headers = {
    ...shot.headers,
    ...(shot.body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(shot.body) }),
  };
  const options: RequestOptions = { hostname, port, method: shot.method, path: shot.path, agent, headers };
  const until = performance.now() + milliseconds;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < until) {
      await fire(options, shot.body);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  agent.destroy();
  return done;
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
