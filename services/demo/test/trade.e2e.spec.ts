// Business on one ERP, and what it refuses. To run one suite: vitest run --project e2e trade -t 'a word of its titles'
import './suites/saga.ts';
import './suites/hold.ts';
import './suites/neverOversold.ts';
import './suites/everyRoute.ts';
import './suites/refusals.ts';
