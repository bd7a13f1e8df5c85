import { kafka } from './kafka.ts';
import type { Part } from './part.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { registry } from './registry.ts';

/**
 * The servers of a stack. None needs another one: they start together and stop together.
 *
 * The place of Keycloak is here, as one more Part (its distribution fetched by Maven and built once into the cache,
 * ready when its token endpoint answers). Until then the stack signs tokens with its own key, see ../auth/keys.ts.
 */
export const PARTS: readonly Part[] = [postgres, redis, kafka, registry];
