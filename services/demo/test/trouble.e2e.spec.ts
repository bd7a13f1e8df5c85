// What goes wrong, on one ERP. Poison messages stay in its topics, and the last suite leaves only one service running.
import './suites/crash.ts';
import './suites/standing.ts';
import './suites/reports.ts';
import './suites/sequence.ts';
import './suites/poison.ts';
import './suites/boundaries.ts';
