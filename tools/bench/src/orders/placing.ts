import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

/**
 * Places drafts by hand, over keep-alive connections. The client shares the machine with the measured services, and the
 * generated client takes several times as much processor time. Throws if the answer is anything but 200.
 */
export function placing(url: string, token: string) {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(url);
  return ({ orderId, etag }: { readonly orderId: string; readonly etag: string }): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID(), 'if-match': etag };
      const path = `/v1/orders/${orderId}/place`;
      const sent = request({ agent, hostname, port, method: 'POST', path, headers }, (response) => {
        const { statusCode } = response;
        let problem = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          if (statusCode !== 200) problem += text;
        });
        response.once('error', reject);
        response.once('end', () => {
          if (statusCode === 200) resolve();
          else reject(new Error(`placing an order answers ${statusCode ?? 'nothing'}: ${problem}`));
        });
      });
      sent.once('error', reject);
      sent.end();
    });
}
