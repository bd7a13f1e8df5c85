import { sql } from 'slonik';
import { slonikOf, slonikStore, txOf } from '@atlas/runtime/slonik';
import { checkAudit } from './adapters/checkAudit.ts';

/** Verifies the audit chain. DATABASE_URL is the address of the database; the exit code is 1 if the chain is broken. */
const url = process.env['DATABASE_URL'];
if (!url) throw new Error('DATABASE_URL is not set: give the address of the database');

const store = slonikStore(url, { maxConnections: 1 });
const check = await store.transaction(async (session) => {
  const tx = txOf(session);
  // reads everything in one snapshot, because people go on deciding
  await slonikOf(tx).query(sql.unsafe`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY`);
  return checkAudit(tx);
});
await store.close();
console.log(
  check.intact
    ? `workflow: ${check.entries} entries, none was changed`
    : `workflow: entry ${check.seq}: ${check.because}`,
);
process.exitCode = check.intact ? 0 : 1;
