import { kafka } from './kafka.ts';
import type { Part } from './part.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { registry } from './registry.ts';

/**
 * The servers of a stack. None of them needs another one, so they start and stop at the same time.
 *
 * Keycloak will be one more part: fetched by Maven, built once into the cache, and ready when its token endpoint
 * answers. Until then the stack signs tokens with a key of its own, see ../auth/keys.ts.
 */
export const PARTS: readonly Part[] = [postgres, redis, kafka, registry];
