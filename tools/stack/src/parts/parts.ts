import { kafka } from './kafka.ts';
import { keycloak } from './keycloak.ts';
import type { Part } from './part.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { registry } from './registry.ts';

/**
 * The servers of a stack. None of them needs another one, so they start and stop at the same time.
 *
 * Most users do not need Keycloak, because the stack also signs tokens with a key of its own, see ../auth/keys.ts.
 */
export const PARTS: readonly Part[] = [postgres, redis, kafka, registry, keycloak];
