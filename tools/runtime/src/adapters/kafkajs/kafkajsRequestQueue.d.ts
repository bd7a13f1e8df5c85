/** The part of kafkajs's own queue of requests that `requestQueue.ts` mends; kafkajs declares no types for it. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    readonly pending: readonly unknown[];
    /** Milliseconds since the epoch; -1 as long as the broker has never asked to slow down. */
    readonly throttledUntil: number;
    scheduleCheckPendingRequests(): void;
  }
}
