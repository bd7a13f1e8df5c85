/** What must not compile. If the line below a `@ts-expect-error` compiles, that comment itself is an error. */
import type { AddReading } from '@atlas/generated-weather-desk';

export const own: AddReading.Handler = async () => ({ status: 415, problem: { code: 'unit-unknown' } });
export const sameName: AddReading.Handler = async () => ({ status: 409, problem: { code: 'busy' } });

// @ts-expect-error the plumbing refuses a compressed body before the handler
export const coding: AddReading.Handler = async () => ({ status: 415, problem: { code: 'unsupported-content-coding' } });

// @ts-expect-error a request that takes too long does not reach the handler
export const slow: AddReading.Handler = async () => ({ status: 408, problem: { code: 'request-timeout' } });

// @ts-expect-error a path that is too long does not reach the handler
export const path: AddReading.Handler = async () => ({ status: 414, problem: { code: 'path-too-long' } });
