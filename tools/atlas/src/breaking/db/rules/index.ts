import type { TableRule } from '../context.ts';
import { checkConstraintAdded } from './checkConstraintAdded.ts';
import { columnBecameRequired } from './columnBecameRequired.ts';
import { columnRemoved } from './columnRemoved.ts';
import { columnRenamed } from './columnRenamed.ts';
import { columnTypeChanged } from './columnTypeChanged.ts';
import { constraintScansTable } from './constraintScansTable.ts';
import { domainNarrowed } from './domainNarrowed.ts';
import { enumLabelRemoved } from './enumLabelRemoved.ts';
import { exclusionConstraintAdded } from './exclusionConstraintAdded.ts';
import { foreignKeyAdded } from './foreignKeyAdded.ts';
import { indexLocksWrites } from './indexLocksWrites.ts';
import { migrationOutOfOrder } from './migrationOutOfOrder.ts';
import { migrationRefused } from './migrationRefused.ts';
import { releasedMigrationEdited } from './releasedMigrationEdited.ts';
import { releasedMigrationRemoved } from './releasedMigrationRemoved.ts';
import { requiredColumnAdded } from './requiredColumnAdded.ts';
import { rowSecurityChanged } from './rowSecurityChanged.ts';
import { statementRefused } from './statementRefused.ts';
import { tableRemoved } from './tableRemoved.ts';
import { tableRenamed } from './tableRenamed.ts';
import { tableRewritten } from './tableRewritten.ts';
import { triggerAdded } from './triggerAdded.ts';
import { uniqueConstraintAdded } from './uniqueConstraintAdded.ts';

/** Every rule of tables. A test requires a case folder for each. `statementRefused` reports what the others leave. */
export const tableRules: readonly TableRule[] = [
  releasedMigrationEdited,
  releasedMigrationRemoved,
  migrationOutOfOrder,
  migrationRefused,
  tableRemoved,
  tableRenamed,
  columnRemoved,
  columnRenamed,
  columnTypeChanged,
  columnBecameRequired,
  requiredColumnAdded,
  uniqueConstraintAdded,
  checkConstraintAdded,
  foreignKeyAdded,
  exclusionConstraintAdded,
  domainNarrowed,
  enumLabelRemoved,
  indexLocksWrites,
  constraintScansTable,
  tableRewritten,
  rowSecurityChanged,
  triggerAdded,
  statementRefused,
];
