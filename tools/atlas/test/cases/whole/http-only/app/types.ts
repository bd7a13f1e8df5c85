/** What must not compile: each `@ts-expect-error` is an error of its own where the line below it compiles after all. */
import type { AddReading } from '@atlas/generated-weather-desk';

export const own: AddReading.Handler = async () => ({ status: 415, problem: { code: 'unit-unknown' } });
export const sameName: AddReading.Handler = async () => ({ status: 409, problem: { code: 'busy' } });

// @ts-expect-error a body that is compressed is refused before the handler
export const coding: AddReading.Handler = async () => ({ status: 415, problem: { code: 'unsupported-content-coding' } });

// @ts-expect-error a request that takes too long never reaches the handler
export const slow: AddReading.Handler = async () => ({ status: 408, problem: { code: 'request-timeout' } });

// @ts-expect-error a path that is too long never reaches the handler
export const path: AddReading.Handler = async () => ({ status: 414, problem: { code: 'path-too-long' } });
