import { Redis } from 'ioredis';
import type { GatewayContract } from '@atlas/runtime';
import {
  startProcess,
  systemClock,
  tokenVerifier,
  type Check,
  type Log,
  type RunningService,
} from '@atlas/runtime/gateway';
import { createGateway } from './createGateway.ts';
import type { GatewayEnv } from './env.ts';
import { Upstream } from './forward/upstream.ts';
import { Counts } from './limits/counts.ts';
import { EndedSessions } from './login/endedSessions.ts';

/** Enough for the callers of all services, because verifying a token costs as much as forwarding a request. */
const REMEMBERED_TOKENS = 10_000;

/** Starts the gateway as a process. Throws `AtlasError` if the keys cannot be read or a port is in use. */
export function startGateway(contract: GatewayContract, env: GatewayEnv, log?: Log): Promise<RunningService> {
  return startProcess({
    name: 'gateway',
    env,
    log,
    open: async ({ log, metrics, onStop, readyWhen }) => {
      const authenticator = await tokenVerifier({
        ...env.auth,
        audience: [...env.upstreams.keys()],
        toxicRoles: contract.toxicRoles ?? [],
        remembered: REMEMBERED_TOKENS,
        clock: systemClock,
        log,
        metrics,
      });
      const shared = { redis: redisOf(env.redisUrl), namespace: env.namespace, log, metrics };
      onStop(async () => shared.redis?.disconnect());
      const counts = new Counts(shared);
      onStop(async () => counts.close());
      const ended = new EndedSessions(shared);
      const upstreams = new Map([...env.upstreams].map(([service, url]) => [service, new Upstream(service, url)]));
      onStop(async () => {
        await Promise.all([...upstreams.values()].map((upstream) => upstream.close()));
      });
      metrics.gauge(
        'atlas_gateway_circuit_open',
        'Whether the last answers of a service failed, so that the gateway refuses its requests',
        ['upstream'],
        (gauge) => {
          for (const [upstream, { isOpen }] of upstreams) gauge.set(isOpen ? 1 : 0, { upstream });
        },
      );
      readyWhen(async () => [
        (await authenticator.check?.()) ?? { name: 'keys', ok: true },
        ...checksOf(upstreams, counts),
      ]);
      return createGateway({ contract, env, upstreams, authenticator, counts, ended, log, metrics });
    },
  });
}

/**
 * The gateway is ready as soon as it can verify tokens. A service that does not answer is only a note, because the
 * others still work, and its own routes answer with a problem.
 */
function checksOf(upstreams: ReadonlyMap<string, Upstream>, counts: Counts): readonly Check[] {
  return [
    ...[...upstreams].map(([service, { isOpen }]) =>
      isOpen
        ? { name: service, ok: true, note: 'its last answers failed, its routes answer 503' }
        : { name: service, ok: true },
    ),
    counts.isShared
      ? { name: 'redis', ok: true }
      : { name: 'redis', ok: true, note: 'is unavailable, rate limits and logouts apply to this process only' },
  ];
}

/** A client that fails at once while there is no connection, and connects again by itself. */
function redisOf(url: string | undefined): Redis | undefined {
  if (url === undefined) return undefined;
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: 1_000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  });
  // commands report it; without a listener the process would end
  redis.on('error', () => {});
  return redis;
}
