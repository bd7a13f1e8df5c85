/** The part of kafkajs's request queue that `client.ts` fixes. kafkajs has no types for it. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    readonly pending: readonly unknown[];
    /** Milliseconds since the epoch, -1 if the broker has never asked to slow down. */
    readonly throttledUntil: number;
    scheduleCheckPendingRequests(): void;
  }
}
