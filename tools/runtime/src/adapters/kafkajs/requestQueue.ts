// A repository that checks these sources from outside sees only what they name, and an import would be loaded.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./kafkajsRequestQueue.d.ts" />
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

const schedule = Reflect.get(RequestQueue.prototype, 'scheduleCheckPendingRequests');

/**
 * kafkajs 2.2.4 sets a timer after every answer to look for requests that throttling holds back. Where nothing is held back it
 * subtracts the clock from -1, and Node prints a TimeoutNegativeWarning. There is nothing to look for then, so no timer is set.
 */
RequestQueue.prototype.scheduleCheckPendingRequests = function check(this: RequestQueue): void {
  if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
};
